/**
 * What falls due because of documents: returns whose goods have to be back, and days on which lists
 * were released. Documents are found by their birth, within bounds, and nothing is kept for it.
 */
import { type RawBuilder, sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { DEADLINE_DOCUMENTS_SHOWN } from '../kernel/deadline-limits.ts'
import { firstIdAt } from '../kernel/ids.ts'
import { type Sender, visibleTo } from './listing.ts'
import type { Db } from './tables.ts'

/** China date (yyyy-MM-dd) of the earliest evidence of release of the list under this alias. */
const releasedOn = (alias: string, done: readonly State[]): RawBuilder<unknown> => sql`(
  select to_char(to_date(left(min(e.return_time), 8), 'YYYYMMDD'), 'YYYY-MM-DD') from event e
  where e.lane = ${sql.ref(`${alias}.lane`)} and e.document_id = ${sql.ref(`${alias}.id`)}
    and e.version = ${sql.ref(`${alias}.version`)}
    and e.state = any(${done}::text[]) and e.return_time <> '')`

export interface OpenReturn {
  readonly id: string
  readonly state: State
  readonly senderName: string
  readonly listId: string
  readonly listNumber: string
  readonly releasedOn: string | null
}

export interface ReturnFacts {
  /** Kind of the returns, and of the lists they are of. */
  readonly kind: string
  readonly on: string
  /** Name of the number they name a list by. */
  readonly by: string
  /** States in which a list is released, and in which a return was made in vain. */
  readonly released: readonly State[]
  readonly refused: readonly State[]
}

/** Returns born since a moment that were not refused, with the list they are of, oldest first. */
export const findOpenReturns = async (
  db: Db,
  facts: ReturnFacts,
  filter: { readonly senders: readonly Sender[]; readonly since: Date; readonly limit: number },
): Promise<readonly OpenReturn[]> => {
  const found = await sql<OpenReturn>`
    with own as materialized (
      -- Few of all, and only of these are the lists looked up.
      select s.id, s.state, s.sender_id, t.lane, t.number
      from act_target t
      join document_state s on s.lane = (get_byte(uuid_send(t.document_id), 8) & 63)
        and s.id = t.document_id and s.version = t.version
      where t.kind = ${facts.kind} and t.document_id >= ${firstIdAt(filter.since)}::uuid
        and s.state <> all(${facts.refused}::text[])
        and ${sql.join(visibleTo(filter.senders), sql` and `)}
    )
    select o.id, o.state, x.name as "senderName", l.id as "listId", o.number as "listNumber",
      ${releasedOn('l', facts.released)} as "releasedOn"
    from own o
    join enterprise x on x.id = o.sender_id
    join customs_number c on c.lane = o.lane and c.number = o.number and c.name = ${facts.by}
    join document_state l on l.lane = (get_byte(uuid_send(c.document_id), 8) & 63)
      and l.id = c.document_id and l.kind = ${facts.on} and l.sender_id = o.sender_id
    order by o.id limit ${filter.limit}`.execute(db)
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
  /** Births that are looked through. */
  readonly born: { readonly from: Date; readonly to: Date }
  readonly limit: number
}

/**
 * Released lists by day and sender, the oldest of each sender, none of whom takes another's share;
 * `more` when there are lists that were not looked at.
 */
export const findReleaseDays = async (
  db: Db,
  filter: ReleaseFilter,
): Promise<{ readonly days: readonly ReleaseDay[]; readonly more: boolean }> => {
  const { senders, kind, born } = filter
  const ids = [...new Set(senders.map(({ id }) => id))]
  const share = Math.ceil(filter.limit / Math.max(1, ids.length))
  const found = await sql<ReleaseDay & { more: boolean }>`
    with born as materialized (
      -- Sender by sender, each along the index of his documents, apart from what is picked on the way
      -- (\`newestAmong\`). What customs said nothing of since the first day was released before it, and
      -- its events need not be read.
      select s.lane, s.id, s.version, s.sender_id
      from unnest(${ids}::text[]) x(id)
      cross join lateral (
        select s.* from (
          select * from document_state d
          where d.sender_id = x.id
            and d.id >= ${firstIdAt(born.from)}::uuid and d.id < ${firstIdAt(born.to)}::uuid
          order by d.id offset 0
        ) s
        where s.kind = ${kind} and s.state = any(${filter.released}::text[])
          and (s.return_time = '' or s.return_time >= ${filter.from.replaceAll('-', '')})
          and ${sql.join(visibleTo(senders), sql` and `)}
        limit ${share + 1}
      ) s
    ), told as materialized (
      select born.id, born.sender_id, ${releasedOn('born', filter.released)} as day from born
    ), counted as (
      select day, sender_id, count(*)::integer as lists,
        (array_agg(id order by id))[1:${sql.lit(DEADLINE_DOCUMENTS_SHOWN)}] as ids
      from told where day between ${filter.from} and ${filter.to} group by day, sender_id
    )
    select c.day as "releasedOn", e.name as "senderName", c.lists, c.ids, n.more
    from (
      select exists (select from born group by sender_id having count(*) > ${share}) as more
    ) n
    left join counted c on true left join enterprise e on e.id = c.sender_id
    order by c.day, c.sender_id`.execute(db)
  return {
    days: found.rows.filter(({ lists }) => lists !== null),
    more: found.rows[0]?.more === true,
  }
}
