/**
 * What is asked for by zone and month and at most one thing more, as it is known now, read from the
 * figures that are kept of it and from the sums that are not put together yet. Other questions, and
 * those of a year of which a rate was changed a moment ago, are answered from the sums.
 */
import { type RawBuilder, sql } from 'kysely'
import { YUAN } from '../catalogue/measures.ts'
import { monthsOfYear } from '../kernel/months.ts'
import { EVERYWHERE, staleRates, tradeKey } from './ledger-totals.ts'
import {
  dimsAsked,
  type Facts,
  isColumn,
  monthsAsked,
  type TotalsAsked,
  type TotalsColumn,
} from './totals-asked.ts'

/** Undefined for what is not kept. */
export const keptFacts = (asked: TotalsAsked): Facts | undefined => {
  const { by, where, asOf } = asked
  const [dim, ...more] = dimsAsked(asked)
  const [first, last] = monthsAsked(asked)
  if (asOf !== undefined || more.length > 0) return undefined
  if (where.month !== undefined && (where.month < first || where.month > last)) return undefined
  // Direction and mode are those of everything, not of one thing's.
  const isOfTrade = [by, ...Object.keys(where)].some((name) => name in OF_TRADE)
  if (dim !== undefined && isOfTrade) return undefined
  const [from, to] = [where.month ?? first, where.month ?? last]
  return {
    rows: factsOf(asked, dim),
    rates: sql`select currency, month, rate from ledger_rate where month between ${from} and ${to}`,
    stale: staleRates(from, to),
  }
}

/** Place in the key of everything. */
const OF_TRADE = { direction: 1, trade_mode: 2 } as const
const isOfTrade = (column: string): column is keyof typeof OF_TRADE => column in OF_TRADE

const factsOf = (asked: TotalsAsked, dim: string | undefined): RawBuilder<unknown> => {
  const { by, of } = asked
  if (dim === undefined) return figures(asked, '', columnOf(by as TotalsColumn), sql`true`)
  const chosen = of[dim as keyof typeof of]
  const isChosen = sql`key = ${chosen}`
  if (chosen !== undefined)
    return figures(asked, dim, isColumn(by) ? columnOf(by) : sql`key`, isChosen)
  return sql`
    ${figures(asked, dim, sql`key`, sql`true`, true)}
    union all
    ${figures(asked, '', sql`''`, sql`true`)}`
}

/** A column of what is read, which both tables have by these names. */
const columnOf = (column: TotalsColumn): RawBuilder<unknown> =>
  isOfTrade(column) ? sql`split_part(key, ' ', ${OF_TRADE[column]})` : sql.ref(column)

const figures = (
  asked: TotalsAsked,
  dim: string,
  key: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
  isNamed = false,
): RawBuilder<unknown> => {
  const { scopes, by, where } = asked
  const [first, last] = monthsAsked(asked)
  const months =
    where.month === undefined ? sql`between ${first} and ${last}` : sql`= ${where.month}`
  const filters = Object.entries(where)
    .filter(([column]) => isOfTrade(column))
    .map(([column, value]) => sql`${columnOf(column as TotalsColumn)} = ${value}`)
  const chosen = sql.join([condition, ...filters], sql` and `)
  const flag = sql.lit(isNamed)
  return sql`
    select ${key} as key, gap_month as month, currency, count, amount, ${flag} as is_named from (
      select t.period as month, t.zone, t.key, t.month as gap_month,
        case t.currency when '' then ${YUAN} else t.currency end as currency, t.count, t.amount
      from ledger_total t
      where t.period = any(${periodsOf(asked)}::text[]) and t.dim = ${dim}
        and t.scope = any(${scopes}::text[]) and ${zonesOf(by, where.zone)}
    ) k where ${chosen}
    union all
    select ${key}, month, currency, count, amount, ${flag} from (
      select s.month, s.zone, s.currency, s.count, s.amount,
        ${dim === '' ? tradeKey(sql`s.direction`, sql`s.trade_mode`) : sql`s.key`} as key
      from ledger_sum s
      where s.dim = ${dim} and s.scope = any(${scopes}::text[]) and s.month ${months}
        and ${where.zone === undefined ? sql`true` : sql`s.zone = ${where.zone}`}
    ) k where ${chosen}`
}

/** A year is kept as one period and as its months. */
const periodsOf = ({ by, year, since = year, where }: TotalsAsked): readonly string[] => {
  if (where.month !== undefined) return [where.month]
  const years = Array.from({ length: year - since + 1 }, (_, n) => since + n)
  return by === 'month' ? years.flatMap(monthsOfYear) : years.map(String)
}

/** Named, so that nothing is searched for among all zones. */
const zonesOf = (by: TotalsAsked['by'], zone: string | undefined): RawBuilder<unknown> => {
  if (zone !== undefined) return sql`t.zone = ${zone}`
  return by === 'zone' ? sql`t.zone <> ${EVERYWHERE}` : sql`t.zone = ${EVERYWHERE}`
}
