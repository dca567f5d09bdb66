/**
 * What an agent's clients have to do: how many of each one's documents are refused, wait for
 * somebody, or are stuck. Every count ends at a bound and reads what an index has by sender.
 */
import { type RawBuilder, sql } from 'kysely'
import { type Sender, visibleTo } from './listing.ts'
import { type StuckFigures, stuckFrom } from './stage-clocks.ts'
import type { Db } from './tables.ts'

export interface ClientCounts {
  readonly id: string
  readonly name: string
  readonly customsCode: string | null
  readonly creditCode: string | null
  readonly rejected: number
  readonly actionNeeded: number
  readonly stuck: number
}

export interface ClientQuestion {
  /** The enterprises, and what of each may be seen. */
  readonly senders: readonly Sender[]
  /** `kind/state` of what waits for somebody. */
  readonly actionNeeded: readonly string[]
  readonly figures: StuckFigures
  readonly now: Date
  /** Where counting ends. */
  readonly limit: number
}

/** In the order of their ids. */
export const countByClient = async (
  db: Db,
  { senders, actionNeeded, figures, now, limit }: ClientQuestion,
): Promise<readonly ClientCounts[]> => {
  const ids = [...new Set(senders.map(({ id }) => id))]
  const seen = sql.join(visibleTo(senders), sql` and `)
  const counted = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
    select count(*)::integer from (${rows} limit ${limit}) r)`
  const found = await sql<ClientCounts>`
    select e.id, e.name, e.customs_code as "customsCode", e.credit_code as "creditCode",
      ${counted(sql`select from rejection s where s.sender_id = e.id and ${seen}`)} as rejected,
      ${counted(sql`
        select from document_state s where s.sender_id = e.id and s.unfinished = 'action-needed' and ${seen}
          and s.kind || '/' || s.state = any(${actionNeeded}::text[])`)} as "actionNeeded",
      ${counted(sql`
        select from ${stuckFrom(figures)}
        where o.sender_id = e.id and ${seen}
          and o.since < ${now}::timestamptz - make_interval(secs => l.seconds)`)} as stuck
    from enterprise e where e.id = any(${ids}::text[]) order by e.id`.execute(db)
  return found.rows
}
