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

const KEY = { lane: 'smallint', id: 'uuid' }

/** Notes that messages were sent; each is due at a moment of its own, after so many silent rounds. */
export const awaitMessages = async (
  db: Db,
  messages: readonly (Awaited & { readonly dueAt: Date; readonly round: number })[],
): Promise<void> => {
  if (messages.length === 0) return
  const columns = { ...KEY, dueAt: 'timestamptz', round: 'smallint' }
  await sql`
    insert into awaited_message (lane, id, due_at, round)
    select r.lane, r.id, r."dueAt", r.round from ${rowsOf('r', columns, messages)}
    on conflict (lane, id) do update set due_at = excluded.due_at, round = excluded.round`.execute(
    db,
  )
}

/** Documents of message `m` of which customs has said something, in the version that it holds. */
const ANSWERED = sql`unnest(m.document_ids, m.document_versions) as d(id, version)
  where exists (
    select 1 from event e where e.lane = (get_byte(uuid_send(d.id), 8) & 63)
      and e.document_id = d.id and e.version = d.version and e.return_time <> ''
  )`

/**
 * Takes those whose time has come, the longest due first, and says of which customs has told
 * something since; one document is enough, because a message arrives as a whole. What another
 * worker takes at the same moment is passed over.
 */
export const takeOverdue = async (
  trx: Trx,
  limit: number,
  now: Date,
): Promise<readonly (Awaited & { readonly isAnswered: boolean; readonly round: number })[]> => {
  const found = await sql<Awaited & { isAnswered: boolean; round: number }>`
    with due as (
      select lane, id from awaited_message where due_at <= ${now}
      order by due_at limit ${limit} for update skip locked
    ), taken as (
      delete from awaited_message a using due d where a.lane = d.lane and a.id = d.id
      returning a.lane, a.id, a.round
    )
    select t.lane, t.id, t.round, exists (select 1 from ${ANSWERED}) as "isAnswered"
    from taken t join message m on m.lane = t.lane and m.id = t.id`.execute(trx)
  return found.rows
}

/** Those of these messages of whose documents customs has answered every single one. */
export const findAnswered = async (
  db: Db,
  keys: readonly Awaited[],
): Promise<ReadonlySet<string>> => {
  if (keys.length === 0) return new Set()
  const found = await sql<{ id: string }>`
    select m.id from ${rowsOf('r', KEY, keys)}
    join message m on m.lane = r.lane and m.id = r.id
    where (select count(*) from ${ANSWERED}) = cardinality(m.document_ids)`.execute(db)
  return new Set(found.rows.map(({ id }) => id))
}

/** Messages that stayed silent for a whole waiting time and still do; at most `limit` are looked at. */
export const countSilent = async (db: Db, limit: number): Promise<number> => {
  const found = await sql<{ count: number }>`
    with silent as (
      select lane, id from awaited_message where round > 0 order by lane, id limit ${limit}
    )
    select count(*)::integer as count from silent a
    join message m on m.lane = a.lane and m.id = a.id
    where not exists (select 1 from ${ANSWERED})`.execute(db)
  return found.rows[0]?.count ?? 0
}
