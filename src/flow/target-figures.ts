/**
 * The figures that targets are held against: a year's months and those of the years before, all of one
 * scope and zone and as of one moment. They come from the totals, so that both always agree.
 */
import type { Text } from '../kernel/fault.ts'
import { monthAfter } from '../kernel/months.ts'
import { HISTORY_YEARS } from '../kernel/target-limits.ts'
import type { MonthAmount } from '../rules/forecast.ts'
import { monthsOfYears } from './totals.ts'
import type { TotalsScope } from './totals-links.ts'
import type { FlowDeps, Totals } from './types.ts'

export interface FiguresAsked {
  readonly year: number
  readonly scope: TotalsScope
  /** All zones, and what is in none, when undefined. */
  readonly zone: string | undefined
  /** As known now when undefined. */
  readonly asOf: Date | undefined
}

export interface YearFigures {
  readonly definition: Text
  readonly sources: readonly string[]
  /** Of the year alone. */
  readonly total: Totals['total']
  /** What could not be converted, of the year and of the years that a forecast looks at. */
  readonly gaps: Totals['gaps']
  /** CNY by month `yyyyMM`, of the year and the years before; months without figures are not there. */
  readonly amounts: ReadonlyMap<string, string>
}

export const yearFigures = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  { year, ...asked }: FiguresAsked,
): Promise<YearFigures> => {
  const years = Array.from(
    { length: HISTORY_YEARS + 1 },
    (_, index) => year - HISTORY_YEARS + index,
  )
  const found = await monthsOfYears(deps, { ...asked, years })
  const own = found.years.at(-1)
  if (own === undefined) throw new Error('a year has figures')
  return {
    ...{ definition: found.definition, sources: found.sources, total: own.total },
    gaps: found.years.flatMap(({ gaps }) => gaps),
    amounts: new Map(
      found.years.flatMap(({ rows }) => rows.map(({ key, amount }) => [key, amount])),
    ),
  }
}

/** From the first month with figures to the one before `end` (`yyyyMM`); nothing came is zero. */
export const completeMonths = (
  amounts: ReadonlyMap<string, string>,
  end: string,
): readonly MonthAmount[] => {
  const [first] = [...amounts.keys()].sort()
  const complete: MonthAmount[] = []
  for (let month = first ?? end; month < end; month = monthAfter(month, 1))
    complete.push({ month, amount: amounts.get(month) ?? '0' })
  return complete
}
