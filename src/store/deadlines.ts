/**
 * What falls due because of documents: returns whose goods have to be back, and days on which lists
 * were released. Returns are found by their birth, within bounds, and lists by the day that stands with
 * their state.
 */
import { type RawBuilder, sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { DEADLINE_DOCUMENTS_SHOWN } from '../kernel/deadline-limits.ts'
import { firstIdAt } from '../kernel/ids.ts'
import { type ActFacts, reaches } from './acts.ts'
import { CLIENT, type Sender, visibleTo } from './listing.ts'
import type { Db } from './tables.ts'

/** yyyy-MM-dd of a column of eight digits, and the other way about. */
const dated = (day: RawBuilder<unknown>): RawBuilder<string> =>
  sql`left(${day}, 4) || '-' || substr(${day}, 5, 2) || '-' || substr(${day}, 7, 2)`
const packed = (day: string): string => day.replaceAll('-', '')

const idsOf = (senders: readonly Sender[]): readonly string[] => [
  ...new Set(senders.map(({ id }) => id)),
]

export interface OpenReturn {
  readonly id: string
  readonly state: State
  readonly senderName: string
  readonly client: string
  readonly clientName: string | null
  /** Null where the list is not for who asks: another agent of the merchant filed it. */
  readonly listId: string | null
  readonly listNumber: string
  readonly releasedOn: string | null
}

export interface ReturnFacts extends ActFacts {
  /** States in which a return was made in vain. */
  readonly refused: readonly State[]
}

/**
 * Returns born since a moment that were not refused, with the list they are of, oldest first: a list that
 * they reach once they are granted (`acts.ts`), whoever filed it.
 */
export const findOpenReturns = async (
  db: Db,
  facts: ReturnFacts,
  filter: { readonly senders: readonly Sender[]; readonly since: Date; readonly limit: number },
): Promise<readonly OpenReturn[]> => {
  const ids = idsOf(filter.senders)
  const isVisible = sql.join(visibleTo(filter.senders), sql` and `)
  const found = await sql<OpenReturn>`
    with own as materialized (
      select s.id, s.version, s.state, s.sender_id, s.client, t.lane, t.number
      from unnest(${ids}::text[]) x(id)
      cross join lateral (
        select * from document_state d
        where d.sender_id = x.id and d.kind = ${facts.kind}
          and d.id >= ${firstIdAt(filter.since)}::uuid offset 0
      ) s
      join act_target t on t.kind = ${facts.kind} and t.document_id = s.id and t.version = s.version
      where s.state <> all(${facts.refused}::text[]) and ${isVisible}
    ), reaching as materialized (
      select o.id, o.state, o.sender_id, o.client, o.number, s.released_on,
        case when ${isVisible} then s.id end as list_id
      -- In their order, so that no more of them are looked at than are shown.
      from (select * from own order by id offset 0) o
      cross join lateral (
        select l.* from customs_number c
        join document_state l on l.lane = (get_byte(uuid_send(c.document_id), 8) & 63)
          and l.id = c.document_id and l.kind = ${facts.on}
        where c.lane = o.lane and c.number = o.number and c.name = ${facts.by} offset 0
      ) s
      -- Opened only where the list is another's.
      cross join lateral (
        select o.sender_id, (
          select p.payload from document p
          where p.lane = (get_byte(uuid_send(o.id), 8) & 63) and p.id = o.id and p.version = o.version
        ) as payload
      ) d
      where ${reaches(facts)}
      order by o.id limit ${filter.limit}
    )
    select s.id, s.state, x.name as "senderName", ${CLIENT}, s.list_id as "listId",
      s.number as "listNumber", ${dated(sql`s.released_on`)} as "releasedOn"
    from reaching s join enterprise x on x.id = s.sender_id order by s.id`.execute(db)
  return found.rows
}

export interface ReleaseDay {
  readonly releasedOn: string
  readonly senderName: string
  readonly lists: number
  /** Some of them, the oldest. */
  readonly ids: readonly string[]
}

export interface ReleaseFilter {
  readonly senders: readonly Sender[]
  readonly kind: string
  readonly released: readonly State[]
  /** First and last day of release, yyyy-MM-dd. */
  readonly from: string
  readonly to: string
  readonly limit: number
}

/**
 * Released lists by day and sender, the earliest of each sender, none of whom takes another's share;
 * `more` when there are lists that were not looked at.
 */
export const findReleaseDays = async (
  db: Db,
  { senders, kind, released, from, to, limit }: ReleaseFilter,
): Promise<{ readonly days: readonly ReleaseDay[]; readonly more: boolean }> => {
  const ids = idsOf(senders)
  const share = Math.ceil(limit / Math.max(1, ids.length))
  const found = await sql<ReleaseDay & { more: boolean }>`
    with told as materialized (
      -- Sender by sender along the index of his days, apart from what is picked on the way
      -- (\`newestAmong\`).
      select s.id, s.sender_id, s.released_on
      from unnest(${ids}::text[]) x(id)
      cross join lateral (
        select s.* from (
          select d.id, d.sender_id, d.kind, d.state, d.zone, d.released_on from document_state d
          where d.sender_id = x.id and d.kind = ${kind}
            and d.released_on between ${packed(from)} and ${packed(to)}
          order by d.released_on, d.id offset 0
        ) s
        where s.state = any(${released}::text[]) and ${sql.join(visibleTo(senders), sql` and `)}
        limit ${share + 1}
      ) s
    ), counted as (
      select ${dated(sql`released_on`)} as day, sender_id, count(*)::integer as lists,
        (array_agg(id order by id))[1:${sql.lit(DEADLINE_DOCUMENTS_SHOWN)}] as ids
      from told group by released_on, sender_id
    )
    select c.day as "releasedOn", e.name as "senderName", c.lists, c.ids, n.more
    from (
      select exists (select from told group by sender_id having count(*) > ${share}) as more
    ) n
    left join counted c on true left join enterprise e on e.id = c.sender_id
    order by c.day, c.sender_id`.execute(db)
  return {
    days: found.rows.filter(({ lists }) => lists !== null),
    more: found.rows[0]?.more === true,
  }
}
