/**
 * What settlement lines were matched to and what of lists was open, as it was recorded: rows that are only
 * added, in the transaction of whatever changes, behind the seal of the ledger. They follow what stands:
 * what differs from the last row is kept as one more.
 */
import { sql } from 'kysely'
import { behindSeal, shareLedger } from './ledger.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

interface Key {
  readonly lane: number
  readonly id: string
}

const KEY = { lane: 'smallint', id: 'uuid' }

/** Keeps how the lines of these records are matched. */
export const keepLines = async (trx: Trx, records: readonly Key[], now: Date): Promise<void> => {
  if (records.length === 0) return
  await shareLedger(trx)
  await sql`
    insert into settlement_line_edition (lane, settlement_id, version, position, recorded_at, list_id,
      reserved_id, reason)
    select i.lane, i.settlement_id, s.version, i.position, ${behindSeal(now)}, i.list_id,
      i.reserved_id, i.reason
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
      or (i.list_id, i.reserved_id, i.reason) is distinct from (e.list_id, e.reserved_id, e.reason)
    order by i.lane, i.settlement_id, i.position`.execute(trx)
}

/**
 * Keeps what of these lists is open; of one that never was nothing is to be kept. Editions of one list follow
 * each other in time, whatever the clocks say: each says since when that was open whose place it takes.
 */
export const keepLists = async (trx: Trx, lists: readonly Key[], now: Date): Promise<void> => {
  if (lists.length === 0) return
  await shareLedger(trx)
  await sql`
    insert into settled_list_edition (lane, list_id, recorded_at, merchant, direction, zone, released_on,
      currency, open_amount, is_open, open_since)
    select l.lane, l.list_id, greatest(${behindSeal(now)}, e.recorded_at), l.merchant, l.direction,
      l.zone, l.released_on, l.currency, l.open_amount, l.is_open,
      case when e.is_open then e.recorded_at end
    from ${rowsOf('r', KEY, lists)}
    join settled_list l on l.lane = r.lane and l.list_id = r.id
    left join lateral (
      select e.* from settled_list_edition e where e.lane = l.lane and e.list_id = l.list_id
      order by e.seq desc limit 1
    ) e on true
    where (l.is_open or e.is_open)
      and (l.is_open, l.merchant, l.direction, l.zone, l.released_on, l.currency, l.open_amount)
        is distinct from
        (e.is_open, e.merchant, e.direction, e.zone, e.released_on, e.currency, e.open_amount)
    order by l.lane, l.list_id`.execute(trx)
}

/** Since when both are kept: of an earlier moment they are not known. */
export const findEditionStart = async (db: Db): Promise<Date> => {
  const found = await sql<{ at: Date }>`select at from settlement_edition_start`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new Error('it is kept since when lines and lists are')
  return row.at
}
