/**
 * What is counted by month, zone, mode and direction as of a moment, and of how many enterprises it
 * is; and the editions of it that were published.
 */
import { type RawBuilder, sql } from 'kysely'
import { stamp17 } from '../kernel/clock.ts'
import { monthAfter, startOfMonth } from '../kernel/months.ts'
import { OPEN_CELLS_MAX, OPEN_KEPT_DAYS } from '../kernel/open-limits.ts'
import type { LedgerDim, LedgerScope } from './ledger.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface CellPlace {
  readonly scope: LedgerScope
  /** yyyyMM */
  readonly month: string
  readonly direction: string
  readonly zone: string
  readonly mode: string
}

export interface CellAmount extends CellPlace {
  readonly currency: string
  readonly count: number
  readonly amount: string
  /** CNY; null where the rate of the month was not known. */
  readonly cny: string | null
}

/** The figures of a year as they stood at a moment behind the seal, or as they stand now. */
export const findCells = async (
  db: Db,
  year: number,
  asOf: Date | undefined,
): Promise<readonly CellAmount[]> => {
  const found = await sql<CellAmount>`
    with ${standing(yearOf(year), asOf, [''])}, rate as (
      select distinct on (x.currency, x.month) x.currency, replace(x.month, '-', '') as month, x.rate
      from exchange_rate_edition x
      where x.month like ${`${year}-%`} and ${asOf === undefined ? sql`true` : sql`x.recorded_at <= ${asOf}`}
      order by x.currency, x.month, x.recorded_at desc
    )
    select s.scope, s.month, s.direction, s.zone, s.trade_mode as mode, s.currency,
      sum(s.count)::float8 as count, trim_scale(sum(s.amount))::text as amount,
      trim_scale(sum(s.amount) * case s.currency when '142' then 1 else min(r.rate) end)::text as cny
    from standing s left join rate r on r.currency = s.currency and r.month = s.month
    group by 1, 2, 3, 4, 5, 6 having sum(s.count) <> 0 or sum(s.amount) <> 0
    order by 1, 2, 3, 4, 5, 6 limit ${OPEN_CELLS_MAX}`.execute(db)
  return found.rows
}

/** Which enterprises in a role a cell is made of, where they are few. */
export interface CellEnterprises extends CellPlace {
  readonly dim: LedgerDim
  /** Null where there are as many as were asked for. */
  readonly few: readonly string[] | null
}

/** `least` says from how many on it does not matter who they are, by role. */
export const findCellEnterprises = async (
  db: Db,
  year: number,
  asOf: Date | undefined,
  least: ReadonlyMap<LedgerDim, number>,
): Promise<readonly CellEnterprises[]> => {
  const dims = [...least.keys()]
  if (dims.length === 0) return []
  const numbers = sql`unnest(${dims}::text[], ${[...least.values()]}::int[]) l(dim, least)`
  const rows =
    asOf === undefined
      ? enoughNow(yearOf(year), numbers)
      : enoughAt(standing(yearOf(year), asOf, dims), numbers)
  const found = await sql<CellEnterprises>`
    ${rows} order by 1, 2, 3, 4, 5, 6 limit ${OPEN_CELLS_MAX}`.execute(db)
  return found.rows
}

/** Looks at no more enterprises of a cell than it takes to be enough: a year has millions of sums. */
const enoughNow = (
  { from, to }: { readonly from: string; readonly to: string },
  least: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  with cell as (
    select distinct scope, month, direction, zone, trade_mode as mode
    from ledger_figure where dim = '' and month between ${from} and ${to}
  )
  select c.scope, c.month, c.direction, c.zone, c.mode, l.dim,
    case when f.enterprises < l.least then f.keys end as few
  from cell c cross join ${least} cross join lateral (
    select count(*)::int as enterprises, array_agg(k.key order by k.key) as keys from (
      select n.key from (
        select g.key from ledger_figure g
        where g.dim = l.dim and g.scope = c.scope and g.zone = c.zone and g.month = c.month
          and g.direction = c.direction and g.trade_mode = c.mode
        group by g.key, g.currency having sum(g.count) <> 0 or sum(g.amount) <> 0
      ) n group by n.key order by n.key limit l.least
    ) k
  ) f where f.enterprises > 0`

const enoughAt = (
  figures: RawBuilder<unknown>,
  least: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  with ${figures}, net as (
    select distinct scope, month, direction, zone, trade_mode as mode, dim, key from (
      select scope, month, direction, zone, trade_mode, dim, key
      from standing group by 1, 2, 3, 4, 5, 6, 7, currency
      having sum(count) <> 0 or sum(amount) <> 0
    ) n
  )
  select n.scope, n.month, n.direction, n.zone, n.mode, n.dim,
    case when count(*) < min(l.least) then array_agg(n.key order by n.key) end as few
  from net n join ${least} using (dim)
  group by 1, 2, 3, 4, 5, 6`

const yearOf = (year: number) => ({ from: `${year}01`, to: `${year}12` })

/**
 * Common table expressions, the last of them `standing`: what counts in these months (yyyyMM), now
 * or, as of a moment, by sums recorded in months before that of the moment and entries of that month
 * up to it; where `now` is told, by the sums of that month as well less the entries after the moment,
 * if those are fewer. What came back counts its lists, as in the sums.
 */
export const standing = (
  { from: first, to: last }: { readonly from: string; readonly to: string },
  asOf: Date | undefined,
  dims: readonly string[],
  now: Date | undefined = asOf,
): RawBuilder<unknown> => {
  if (asOf === undefined)
    return sql`standing as (
      select scope, dim, key, month, direction, zone, trade_mode, currency, count, amount
      from ledger_figure
      where dim = any(${dims}::text[]) and month between ${first} and ${last}
    )`
  const recorded = stamp17(asOf).slice(0, 6)
  const [from, to] = [startOfMonth(recorded), startOfMonth(monthAfter(recorded, 1))]
  // Nothing is recorded behind now.
  const isLate =
    Number(now ?? asOf) > Number(asOf) &&
    Math.min(Number(to), Number(now)) - Number(asOf) < Number(asOf) - Number(from)
  const [summed, between, sign] = isLate
    ? [sql`<= ${recorded}`, sql`e.recorded_at > ${asOf} and e.recorded_at < ${to}`, sql`-`]
    : [sql`< ${recorded}`, sql`e.recorded_at >= ${from} and e.recorded_at <= ${asOf}`, sql``]
  const months = sql`between ${first} and ${last}`
  return sql`
  fresh as (
    select e.* from ledger_entry e
    where ${between} and e.month ${months}
  ),
  standing as (
    select scope, dim, key, month, direction, zone, trade_mode, currency, count, amount
    from ledger_figure
    where dim = any(${dims}::text[]) and month ${months} and recorded ${summed}
    union all
    select e.scope, d.dim, d.key, e.month, e.direction, e.zone, e.trade_mode,
      p.value ->> 'currency', ${sign} (case when p.ordinality > 1 then 0 when d.dim = 'returned'
        then -sign((p.value ->> 'amount')::numeric)::integer else e.count end),
      ${sign} (p.value ->> 'amount')::numeric
    from fresh e cross join lateral jsonb_array_elements(e.parts) with ordinality p
    cross join lateral (
      select '' as dim, '' as key union all select x.key, x.value from jsonb_each_text(e.dims) x
    ) d where d.dim = any(${dims}::text[])
  )`
}

export interface Publication {
  readonly asOf: Date
  /** JSON text, byte for byte as it was published. */
  readonly content: string
}

/** What was published of a year with the figures of a moment. */
export const findPublication = async (
  db: Db,
  year: number,
  asOf: Date,
): Promise<Publication | undefined> => {
  const found = await sql<Publication>`
    select as_of as "asOf", content from open_publication
    where year = ${year} and as_of = ${asOf}`.execute(db)
  return found.rows[0]
}

/** Whoever publishes first wins; editions that are too old go. */
export const publish = async (trx: Trx, year: number, edition: Publication): Promise<void> => {
  await sql`
    insert into open_publication (year, as_of, content)
    values (${year}, ${edition.asOf}, ${edition.content}) on conflict do nothing`.execute(trx)
  await sql`
    delete from open_publication
    where as_of < ${edition.asOf}::timestamptz - make_interval(days => ${OPEN_KEPT_DAYS})`.execute(
    trx,
  )
}
