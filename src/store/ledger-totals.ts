/**
 * Figures as they are asked for, kept in `ledger_total` by the chore that puts sums together: of a year
 * or a month, of all zones or one, by one thing, in CNY at the rates of `ledger_rate`. Whatever reads
 * them adds the sums that are not put together yet. Where a rate of a month is not the one they were
 * made at, they are not read until the month is made anew. All of it happens under the lock of folding.
 */
import { type RawBuilder, sql } from 'kysely'
import { YUAN } from '../catalogue/measures.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** Place of the figures of all zones together. */
export const EVERYWHERE = '*'

/** What the figures of everything are kept by: 'import 1210'. */
export const tradeKey = (direction: RawBuilder<unknown>, mode: RawBuilder<unknown>) =>
  sql`${direction} || ' ' || ${mode}`

const KEY = sql`dim, scope, zone, key, currency, month`

/** Rows of `cell`, columns as in `ledger_fold`, in CNY where there is a rate; what has none keeps its month. */
const VALUED = sql`
  valued as (
    select c.month as period, c.dim, c.scope, c.zone,
      case c.dim when '' then ${tradeKey(sql`c.direction`, sql`c.trade_mode`)} else c.key end as key,
      case when w.rate is null then c.currency else '' end as currency,
      case when w.rate is null then c.month else '' end as month,
      sum(c.count) as count, sum(c.amount * coalesce(w.rate, 1)) as amount
    from cell c
    left join ledger_rate r on r.month = c.month and r.currency = c.currency
    cross join lateral (select case c.currency when ${YUAN} then 1 else r.rate end as rate) w
    group by 1, 2, 3, 4, 5, 6, 7
  )`

const addTo = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into ledger_total (period, ${KEY}, count, amount)
  ${rows}
  on conflict (period, ${KEY}) do update set count = ledger_total.count + excluded.count,
    amount = ledger_total.amount + excluded.amount`

/** Common table expressions that add the rows of `cell`, new ones of `ledger_fold`. */
export const TOTALLED = sql`
  ${VALUED},
  totalled as (
    ${addTo(sql`
      select p.period, v.dim, v.scope, z.zone, v.key, v.currency, v.month, sum(v.count), sum(v.amount)
      from valued v
      cross join lateral (values (v.period), (left(v.period, 4))) p (period)
      cross join lateral (values (v.zone), (${EVERYWHERE})) z (zone)
      group by 1, 2, 3, 4, 5, 6, 7`)}
  )`

/** `place`: what the sums lie by before they lie by month; recursive, one look for each. */
export const PLACES = sql`
  place as (
    (select dim, scope, zone from ledger_fold order by dim, scope, zone limit 1)
    union all
    select n.dim, n.scope, n.zone from place p cross join lateral (
      select f.dim, f.scope, f.zone from ledger_fold f
      where (f.dim, f.scope, f.zone) > (p.dim, p.scope, p.zone)
      order by f.dim, f.scope, f.zone limit 1
    ) n
  )`

/** `cell`: rows of `ledger_fold` of a month. */
export const cellsOf = (month: string): RawBuilder<unknown> => sql`
  ${PLACES},
  cell as (
    select f.* from place p cross join lateral (
      select * from ledger_fold f
      where f.dim = p.dim and f.scope = p.scope and f.zone = p.zone and f.month = ${month} offset 0
    ) f
  )`

/** `differing`: what the figures of a month lack of what its sums come to at the rates of the figures. */
const differing = (month: string): RawBuilder<unknown> => sql`
  ${cellsOf(month)}, ${VALUED},
  differing as (
    select ${KEY}, sum(count) as count, sum(amount) as amount from (
      select v.dim, v.scope, z.zone, v.key, v.currency, v.month, v.count, v.amount
      from valued v cross join lateral (values (v.zone), (${EVERYWHERE})) z (zone)
      union all
      select ${KEY}, -count, -amount from ledger_total where period = ${month}
    ) w group by ${KEY} having sum(count) <> 0 or sum(amount) <> 0
  )`

/** How many figures of a month are not what its sums come to. */
export const countWrongTotals = async (db: Db, month: string): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with recursive ${differing(month)} select count(*) as wrong from differing`.execute(db)
  return Number(rows[0]?.wrong ?? 0)
}

/**
 * Makes the figures of a month what its sums come to, and those of its year by as much; gives how many
 * were not. The lock of folding must be held.
 */
export const correctTotals = async (trx: Trx, month: string): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with recursive ${differing(month)},
    corrected as (${addTo(sql`
      select p.period, ${KEY}, count, amount from differing
      cross join (values (${month}), (${month.slice(0, 4)})) p (period)`)})
    select count(*) as wrong from differing`.execute(trx)
  await sql`
    delete from ledger_total where period in (${month}, ${month.slice(0, 4)})
      and count = 0 and amount = 0`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}

/** `differing`: what the figures of a year lack of what those of its months come to. */
const differingYear = (year: string): RawBuilder<unknown> => sql`
  differing as (
    select ${KEY}, sum(count) as count, sum(amount) as amount from (
      select ${KEY}, count, amount from ledger_total
      where period between ${`${year}01`} and ${`${year}12`}
      union all
      select ${KEY}, -count, -amount from ledger_total where period = ${year}
    ) w group by ${KEY} having sum(count) <> 0 or sum(amount) <> 0
  )`

export const countWrongYear = async (db: Db, year: string): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with ${differingYear(year)} select count(*) as wrong from differing`.execute(db)
  return Number(rows[0]?.wrong ?? 0)
}

/** Makes the figures of a year what those of its months come to. The lock of folding must be held. */
export const correctYear = async (trx: Trx, year: string): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with ${differingYear(year)},
    corrected as (${addTo(sql`select ${year}, ${KEY}, count, amount from differing`)})
    select count(*) as wrong from differing`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}

// ---- rates -----------------------------------------------------------------------------------

/** Rates of months between two, yyyyMM, that figures are made at and are not in force, or not made at. */
export const staleRates = (from: string, to: string): RawBuilder<unknown> => {
  const dashed = (month: string): string => `${month.slice(0, 4)}-${month.slice(4)}`
  return sql`
    select month from (
      select replace(month, '-', '') as month, currency, rate from exchange_rate
      where month between ${dashed(from)} and ${dashed(to)}
    ) r full join (
      select month, currency, rate from ledger_rate where month between ${from} and ${to}
    ) k using (month, currency)
    where r.rate is distinct from k.rate`
}

const FIRST_MONTH = '000001'
const LAST_MONTH = '999912'

/** Months of which the figures are to be made anew, at most so many. */
export const findStaleMonths = async (db: Db, limit: number): Promise<readonly string[]> => {
  const { rows } = await sql<{ month: string }>`
    select distinct month from (${staleRates(FIRST_MONTH, LAST_MONTH)}) s
    order by month desc limit ${limit}`.execute(db)
  return rows.map(({ month }) => month)
}

/** From now on figures of a month are made at the rates in force; `correctTotals` brings them there. */
export const takeRates = async (trx: Trx, month: string): Promise<void> => {
  await sql`delete from ledger_rate where month = ${month}`.execute(trx)
  await sql`
    insert into ledger_rate (month, currency, rate)
    select ${month}, currency, rate from exchange_rate
    where month = ${`${month.slice(0, 4)}-${month.slice(4)}`}`.execute(trx)
}
