/**
 * Messages that were handed over and whose answer is awaited: noted when they are sent, and judged
 * when their time has come by what was heard of their documents until then.
 */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface Awaited {
  readonly lane: number
  readonly id: string
}

/** Notes that messages were sent; each is due at a moment of its own. */
export const awaitMessages = async (
  db: Db,
  messages: readonly (Awaited & { readonly dueAt: Date })[],
): Promise<void> => {
  if (messages.length === 0) return
  const columns = { lane: 'smallint', id: 'uuid', dueAt: 'timestamptz' }
  await sql`
    insert into awaited_message (lane, id, due_at)
    select r.lane, r.id, r."dueAt" from ${rowsOf('r', columns, messages)}
    on conflict (lane, id) do update set due_at = excluded.due_at`.execute(db)
}

/**
 * Takes those whose time has come, the longest due first, and says of which customs has told
 * something since; one document is enough, because a message arrives as a whole. What another
 * worker takes at the same moment is passed over.
 */
export const takeOverdue = async (
  trx: Trx,
  limit: number,
  now: Date,
): Promise<readonly (Awaited & { readonly isAnswered: boolean })[]> => {
  const found = await sql<Awaited & { isAnswered: boolean }>`
    with due as (
      select lane, id from awaited_message where due_at <= ${now}
      order by due_at limit ${limit} for update skip locked
    ), taken as (
      delete from awaited_message a using due d where a.lane = d.lane and a.id = d.id
      returning a.lane, a.id
    )
    select t.lane, t.id, exists (
      select 1 from unnest(m.document_ids, m.document_versions) as d(id, version)
      join document_state s on s.lane = (get_byte(uuid_send(d.id), 8) & 63) and s.id = d.id
      where s.version = d.version and s.return_time <> ''
    ) as "isAnswered"
    from taken t join message m on m.lane = t.lane and m.id = t.id`.execute(trx)
  return found.rows
}
