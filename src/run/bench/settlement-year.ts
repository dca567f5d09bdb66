/**
 * A year of released lists and of records that settle them, made set-wise and seeded, for the bench of
 * settlement: rows as the flow leaves them, the ledger, editions and sums by its own statements. Each
 * record is of a hundred lists of one seller, released on one day; of every tenth the lines name orders
 * that customs does not have, and its lists stay open. There are no documents behind the lists.
 * Enterprises, rates and numbers are synthetic.
 */
import { type RawBuilder, sql } from 'kysely'
import { natures, YUAN } from '../../catalogue/settlement.ts'
import { addDays } from '../../kernel/clock.ts'
import { entriesFrom, shareLedger } from '../../store/ledger.ts'
import type { SettlementId } from '../../store/settlements.ts'
import { keepLines, keepLists } from '../../store/settlements-editions.ts'
import type { Db } from '../../store/tables.ts'
import { inTransaction, type Trx } from '../../store/transaction.ts'
import { idAt } from './year.ts'
import { drawn, drawnLow, named, oneOf, ZONES } from './year-draws.ts'
import { seedYear } from './year-reference.ts'

const SEED = 7
const LINES = 100
/** Records written in one transaction. */
const RECORDS_AT_ONCE = 200
const DAYS = 365
/** Days from release to the value date. */
const SETTLED_AFTER = 10
const DOLLAR_RATE = '7.1'

export interface SettledYear {
  readonly lists: number
  readonly year: number
}

/** Gives how many records there are. */
export const makeSettledYear = async (db: Db, { lists, year }: SettledYear): Promise<number> => {
  await seedYear(db, year)
  const records = Math.ceil(lists / LINES)
  for (let first = 0; first < records; first += RECORDS_AT_ONCE)
    await inTransaction(db, (trx) =>
      writeRecords(trx, {
        ...{ first, next: Math.min(records, first + RECORDS_AT_ONCE), records },
        firstDay: `${year}-01-01`,
      }),
    )
  return records
}

interface Slice {
  /** Numbers of records from `first`, before `next`, of `records` in all. */
  readonly first: number
  readonly next: number
  readonly records: number
  readonly firstDay: string
}

const writeRecords = async (trx: Trx, slice: Slice): Promise<void> => {
  await sql`set local synchronous_commit = off`.execute(trx)
  await sql`set local work_mem = '64MB'`.execute(trx)
  await drawRecords(trx, slice)
  const released = new Date(`${dayOf(slice)}T23:00:00+08:00`)
  const settled = new Date(`${addDays(dayOf(slice), SETTLED_AFTER)}T23:00:00+08:00`)
  await shareLedger(trx)
  // Each list is open first, and settled days later.
  const lists = await insertLists(trx)
  await keepLists(trx, lists, released)
  const records = await insertRecords(trx, settled)
  await sql`
    update settled_list l set is_open = false, open_amount = 0 from made_line m
    where m.lane = l.lane and m.list_id = l.list_id and not m.waits`.execute(trx)
  await keepLists(trx, lists, settled)
  await keepLines(trx, records, settled)
  await sql`with ${entriesFrom(ENTRIES, settled)} select`.execute(trx)
  await sql`drop table made_record, made_line`.execute(trx)
}

/** Of the last record: what is released earlier is recorded by then. */
const dayOf = ({ next, records, firstDay }: Slice): string =>
  addDays(firstDay, Math.floor(((next - 1) * DAYS) / records))

const RATE = sql`(case r.currency when ${YUAN} then 1 else ${sql.lit(DOLLAR_RATE)}::numeric end)`

/** Records `made_record` and their lists `made_line`, for this transaction. */
const drawRecords = async (trx: Trx, { first, next, records, firstDay }: Slice): Promise<void> => {
  const born: RawBuilder<Date> = sql`(k.day::timestamp at time zone 'Asia/Shanghai')`
  const lane: RawBuilder<number> = sql`(k.i % 64)`
  await sql`
    create temp table made_record on commit drop as
    select k.i as record, k.day, (k.i % 64)::smallint as lane, ${idAt(SEED, 1, born, lane)} as id,
      k.i % 10 = 0 as waits, k.is_export, ${drawn(SEED, 2, 10)} < 7 as in_dollars,
      ${named('500196M', drawnLow(SEED, 3, 300))} as merchant,
      ${named('500196B', drawnLow(SEED, 4, 8))} as institution,
      ${oneOf(ZONES, drawn(SEED, 5, 100))} as zone
    from (
      select i, (${firstDay}::date + floor(i::numeric * ${DAYS}::integer / ${records}::integer)::integer) as day,
        ${drawn(SEED, 6, 10)} < 6 as is_export
      from generate_series(${first}::integer, ${next - 1}::integer) i
    ) k`.execute(trx)
  await sql`
    create temp table made_line on commit drop as
    select r.lane, r.id, k.position::smallint as position, r.waits, r.day, r.merchant, r.zone,
      case when r.is_export then 'export' else 'import' end as direction,
      case when r.in_dollars then '502' else ${YUAN} end as currency,
      ((${drawnLow(SEED, 7, 60_000)} + 900) / 100.0)::numeric(20, 2) as amount,
      'EO' || lpad(k.i::text, 10, '0') as order_no,
      ${idAt(SEED, 8, sql`(k.day::timestamp at time zone 'Asia/Shanghai')`, sql`r.lane`)} as list_id
    from made_record r cross join generate_series(0, ${LINES - 1}::integer) position
    cross join lateral (select r.record * ${LINES}::integer + position as i, position, r.day) k`.execute(
    trx,
  )
}

const insertLists = async (trx: Trx): Promise<readonly SettlementId[]> => {
  const made = await sql<SettlementId>`
    insert into settled_list (lane, list_id, released, declared, merchant, direction, zone, trade_mode,
      month, released_on, parts, currency, open_amount, is_open)
    select m.lane, m.list_id, true, true, m.merchant, m.direction, coalesce(m.zone, ''), '9610',
      to_char(m.day, 'YYYYMM'), m.day, jsonb_build_array(jsonb_build_object('currency', m.currency,
        'amount', trim_scale(m.amount)::text)), m.currency, m.amount, true
    from made_line m order by m.lane, m.list_id
    returning lane, list_id as id`.execute(trx)
  return made.rows
}

/** A tenth of the gross amount is netted as costs. */
const insertRecords = async (trx: Trx, at: Date): Promise<readonly SettlementId[]> => {
  const made = await sql<SettlementId>`
    insert into settlement (lane, id, institution_id, number, version, state, nature, seller, direction,
      currency, month, value_date, bop_code, gross, costs, net, rmb, created_at, updated_at)
    select r.lane, r.id, r.institution, 'JS' || lpad(r.record::text, 10, '0'), 1, 'in-force',
      ${natures.actual}, r.merchant,
      case when r.is_export then case when r.in_dollars then '1' else '3' end
        when r.in_dollars then '2' else '4' end,
      a.currency, to_char(v.day, 'YYYYMM'), v.day, '999999', a.gross, a.costs, a.gross - a.costs,
      round((a.gross - a.costs) * case when r.in_dollars then ${sql.lit(DOLLAR_RATE)}::numeric else 1 end, 2),
      ${at}, ${at}
    from made_record r
    cross join lateral (
      select min(m.currency) as currency, sum(m.amount) as gross, round(sum(m.amount) / 10, 2) as costs
      from made_line m where m.id = r.id
    ) a
    cross join lateral (select r.day + ${SETTLED_AFTER}::integer as day) v
    order by r.lane, r.id returning lane, id`.execute(trx)
  await sql`
    insert into settlement_line (lane, settlement_id, position, order_no, amount, list_id, reason)
    select m.lane, m.id, m.position, m.order_no, m.amount, case when not m.waits then m.list_id end,
      case when m.waits then 'unknown' end
    from made_line m order by m.lane, m.id, m.position`.execute(trx)
  await sql`
    insert into settlement_version (lane, settlement_id, version, verb, record, submitted_by, at)
    select r.lane, r.id, 1, 'given', jsonb_build_object('SettlementHead', jsonb_build_object(
      'number', r.number, 'institution', r.institution_id, 'version', '1', 'nature', r.nature,
      'direction', r.direction, 'seller', r.seller, 'currency', r.currency, 'gross', r.gross::text,
      'logistics', r.costs::text, 'net', r.net::text, 'rate', ${RATE}::text, 'rmb', r.rmb::text,
      'valueDate', to_char(r.value_date, 'YYYYMMDD'), 'bopCode', r.bop_code), 'SettlementList', (
        select jsonb_agg(jsonb_build_object('orderNo', m.order_no, 'amount', m.amount::text)
          order by m.position)
        from made_line m where m.id = r.id)), r.institution_id, ${at}
    from made_record k join settlement r on r.lane = k.lane and r.id = k.id
    order by r.lane, r.id`.execute(trx)
  return made.rows
}

/** What is matched to nothing counts without a zone. */
const ENTRIES = sql`
  select r.lane, r.id as "subjectId", 'settled' as scope, 'settlement' as cause, r.month,
    case when k.is_export then 'export' else 'import' end as direction,
    case when k.waits then '' else coalesce(k.zone, '') end as zone,
    case when k.waits then '' else '9610' end as "tradeMode", 1::smallint as count,
    jsonb_build_object('institution', r.institution_id, 'merchant', r.seller) as dims,
    jsonb_build_array(jsonb_build_object('currency', ${YUAN}::text, 'chapter', '', 'amount',
      trim_scale(r.rmb)::text)) as parts
  from made_record k join settlement r on r.lane = k.lane and r.id = k.id`
