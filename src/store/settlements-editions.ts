/**
 * What settlement lines were matched to and what of lists was open, as it was recorded: rows that are only
 * added, in the transaction of whatever changes, behind the seal of the ledger. They follow what stands:
 * what differs from the last row is kept as one more. With them go the sums (`settlements-sums.ts`).
 */
import { type RawBuilder, sql } from 'kysely'
import { behindSeal, shareLedger } from './ledger.ts'
import { rowsOf } from './rows.ts'
import { addOpenLists, countUncounted, keepCounted } from './settlements-sums.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

interface Key {
  readonly lane: number
  readonly id: string
}

const KEY = { lane: 'smallint', id: 'uuid' }

/** Lines `i` of these records, whose version is that of `s`, that stand otherwise than they are kept. */
const unkeptLines = (records: readonly Key[]): RawBuilder<unknown> => sql`
  from (select distinct r.lane, r.id from ${rowsOf('r', KEY, records)}) r
  join settlement s on s.lane = r.lane and s.id = r.id
  join settlement_line i on i.lane = r.lane and i.settlement_id = r.id
  left join lateral (
    select e.seq, e.list_id, e.reserved_id, e.reason from settlement_line_edition e
    where e.lane = i.lane and e.settlement_id = i.settlement_id and e.version = s.version
      and e.position = i.position
    order by e.seq desc limit 1
  ) e on true
  where e.seq is null
    or (i.list_id, i.reserved_id, i.reason) is distinct from (e.list_id, e.reserved_id, e.reason)`

/**
 * Keeps how the lines of these records are matched, which are locked, and counts the records as they stand
 * with them; gives how many it wrote.
 */
export const keepLines = async (trx: Trx, records: readonly Key[], now: Date): Promise<number> => {
  if (records.length === 0) return 0
  await shareLedger(trx)
  const { numAffectedRows = 0n } = await sql`
    insert into settlement_line_edition (lane, settlement_id, version, position, recorded_at, list_id,
      reserved_id, reason)
    select i.lane, i.settlement_id, s.version, i.position, ${behindSeal(now)}, i.list_id,
      i.reserved_id, i.reason
    ${unkeptLines(records)} order by i.lane, i.settlement_id, i.position`.execute(trx)
  return Number(numAffectedRows) + (await keepCounted(trx, records))
}

/** Of these lists `l`, with what is kept of them last as `e`: of one that never was open nothing is. */
const unkeptLists = (lists: readonly Key[]): RawBuilder<unknown> => sql`
  from ${rowsOf('r', KEY, lists)}
  join settled_list l on l.lane = r.lane and l.list_id = r.id
  left join lateral (
    select e.* from settled_list_edition e where e.lane = l.lane and e.list_id = l.list_id
    order by e.seq desc limit 1
  ) e on true
  where (l.is_open or e.is_open)
    and (l.is_open, l.merchant, l.direction, l.zone, l.released_on, l.currency, l.open_amount)
      is distinct from
      (e.is_open, e.merchant, e.direction, e.zone, e.released_on, e.currency, e.open_amount)`

/**
 * Keeps what of these lists is open, which are locked; gives how many editions it wrote. Editions of one
 * list follow each other in time, whatever the clocks say: each says since when that was open whose
 * place it takes. What the last edition says is what the sums have of the list: it is taken off.
 */
export const keepLists = async (trx: Trx, lists: readonly Key[], now: Date): Promise<number> =>
  lists.length === 0
    ? 0
    : writeLists(trx, lists, now, sql`, added as (${addOpenLists(sql`change`)})`)

const writeLists = async (
  trx: Trx,
  lists: readonly Key[],
  now: Date,
  summing: RawBuilder<unknown>,
): Promise<number> => {
  await shareLedger(trx)
  const { rows } = await sql<{ changed: number }>`
    with changed as materialized (
      select l.lane, l.list_id, greatest(${behindSeal(now)}, e.recorded_at) as recorded_at, l.merchant,
        l.direction, l.zone, l.released_on, l.currency, l.open_amount, l.is_open,
        case when e.is_open then e.recorded_at end as open_since, e.direction as was_direction,
        e.released_on as was_released_on, e.currency as was_currency, e.open_amount as was_open_amount
      ${unkeptLists(lists)}
    ),
    kept as (
      insert into settled_list_edition (lane, list_id, recorded_at, merchant, direction, zone,
        released_on, currency, open_amount, is_open, open_since)
      select lane, list_id, recorded_at, merchant, direction, zone, released_on, currency, open_amount,
        is_open, open_since
      from changed order by lane, list_id
    ),
    change as (
      select is_open, released_on, direction, currency, open_amount, 1 as sign from changed
      union all
      select open_since is not null, was_released_on, was_direction, was_currency, was_open_amount, -1
      from changed
    )${summing}
    select count(*)::integer as changed from changed`.execute(trx)
  return rows[0]?.changed ?? 0
}

// ---- held against what stands --------------------------------------------------------------------

/** What is kept, with where it stands and by which key it is walked. */
const TABLES = { lines: ['settlement', 'id'], lists: ['settled_list', 'list_id'] } as const
export type Kept = keyof typeof TABLES

/** Records or lists, in the order of their keys, so many after one. */
export const pageOfKept = async (
  db: Db,
  of: Kept,
  after: Key | undefined,
  limit: number,
): Promise<readonly Key[]> => {
  const { lane, id } = after ?? { lane: -1, id: '00000000-0000-0000-0000-000000000000' }
  const [table, key] = TABLES[of]
  const { rows } = await sql<Key>`
    select lane, ${sql.ref(key)} as id from ${sql.table(table)}
    where (lane, ${sql.ref(key)}) > (${lane}, ${id}::uuid)
    order by lane, ${sql.ref(key)} limit ${limit}`.execute(db)
  return rows
}

/**
 * How many editions are missing of lines of these records, or of these lists; and how many of the records
 * are not counted as they stand.
 */
export const countUnkept = async (db: Db, of: Kept, keys: readonly Key[]): Promise<number> => {
  if (keys.length === 0) return 0
  const unkept = of === 'lines' ? unkeptLines(keys) : unkeptLists(keys)
  const { rows } = await sql<{ missing: number }>`
    select count(*)::integer as missing ${unkept}`.execute(db)
  const uncounted = of === 'lines' ? await countUncounted(db, keys) : 0
  return (rows[0]?.missing ?? 0) + uncounted
}

/**
 * Locks these records or lists as whoever changes them does, and keeps what stands of them. Whether the
 * sums have a list nobody knows without its edition: they are held against open lists after this.
 */
export const keepMissing = async (
  trx: Trx,
  of: Kept,
  keys: readonly Key[],
  now: Date,
): Promise<number> => {
  const [table, key] = TABLES[of]
  await sql`
    select from ${sql.table(table)} k join ${rowsOf('r', KEY, keys)}
      on k.lane = r.lane and k.${sql.ref(key)} = r.id
    order by k.lane, k.${sql.ref(key)} for update of k`.execute(trx)
  return of === 'lines' ? keepLines(trx, keys, now) : writeLists(trx, keys, now, sql``)
}

/** Since when both are kept: of an earlier moment they are not known. */
export const findEditionStart = async (db: Db): Promise<Date> => {
  const found = await sql<{ at: Date }>`select at from settlement_edition_start`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new Error('it is kept since when lines and lists are')
  return row.at
}
