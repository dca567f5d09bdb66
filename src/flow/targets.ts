/**
 * How far a year is from its target: what counts so far, what is left and by how much a day it would be
 * reached, what the year is likely to come to and how sure that is, and when the target would be
 * reached or by how much it would be missed. Every figure names its scope; where no target, no history
 * or no rate is known the answer says so and shows nothing in its place.
 */
import { TARGET_SCOPE } from '../catalogue/scoreboard.ts'
import { chinaDay, DAY_MS, stamp17 } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import {
  compare,
  type Fraction,
  fraction,
  minus,
  NOTHING,
  over,
  plus,
  readAmount,
  roundDown,
  WHOLE,
  writeFixed,
  writeShort,
} from '../kernel/fraction.ts'
import { daysInMonth, monthsOfYear } from '../kernel/months.ts'
import { PACE_MONTHS, TARGET_SHARES_MAX } from '../kernel/target-limits.ts'
import { type Forecast, forecastYear, type MonthAmount, reachedAt } from '../rules/forecast.ts'
import { comparableGrowth, type Growth } from '../rules/growth.ts'
import { namedAsOf } from '../store/names.ts'
import { zoneNames } from '../store/totals.ts'
import { findTarget, findZoneTargets, type YearTarget } from '../store/year-targets.ts'
import { completeMonths, type YearFigures, yearFigures } from './target-figures.ts'
import { type ForecastText, forecastTexts, noForecastText, outcomeText } from './target-words.ts'
import { momentOf } from './totals.ts'
import type { TotalsScope } from './totals-links.ts'
import type { FlowDeps, Moment } from './types.ts'

export interface TargetsQuery {
  /** Calendar year in China; that of the moment when left out. */
  readonly year?: number | undefined
  /** Code of a zone; the whole city when left out. */
  readonly zone?: string | undefined
  /** `policy` when left out: what the published target is made of. */
  readonly scope?: TotalsScope | undefined
  /** A moment that has come; now when left out. */
  readonly asOf?: Date | undefined
}

/** Amounts are CNY as decimal text. */
export interface TargetsView extends Moment {
  readonly year: number
  readonly scope: TotalsScope
  readonly definition: Text
  /** `''` is the whole city. */
  readonly zone: Text & { readonly code: string }
  readonly target: TargetTold | null
  readonly done: {
    readonly count: number
    readonly amount: string
    /** `yyyyMM` of the first figures, of this year or before; what was earlier is not known here. */
    readonly from: string | null
  }
  /** Done as a share of the target, 8 places, rounded down; null without a target. */
  readonly progress: string | null
  /** To the target; `0` once it is reached. */
  readonly left: string | null
  /** Days of the year in China; the day of the moment is among those that are left. */
  readonly days: { readonly all: number; readonly gone: number; readonly left: number }
  readonly pace: {
    /** A day from today on, so that the target is just reached: rounded up; null when there is none. */
    readonly needed: string | null
    /** A day over the last complete months, and which ones. */
    readonly recent: string | null
    readonly months: readonly string[]
  }
  readonly forecast: ForecastTold | null
  /** Why there is no forecast. */
  readonly noForecast: (Text & { readonly code: string }) | null
  readonly outcome: Outcome
  /** Complete months of the year against the same ones of the year before. */
  readonly growth: Growth
  /** Targets of zones, of the whole city alone; `rest` is what no zone has of the city's target. */
  readonly shares: readonly (Pick<YearTarget, 'zone' | 'amount' | 'confidence' | 'source'> & {
    readonly label: Text
    readonly share: string | null
  })[]
  readonly rest: string | null
  readonly gaps: YearFigures['gaps']
  readonly sources: readonly string[]
}

export interface TargetTold extends Omit<YearTarget, 'year' | 'zone'> {
  /** What the target is made of; progress in another scope is told, and is not the policy's. */
  readonly scope: string
  readonly comparable: boolean
}

export interface ForecastTold extends ForecastText {
  readonly method: string
  readonly amount: string
  /** Null where the past is too short to tell. */
  readonly range: {
    readonly low: string
    readonly high: string
    /** Share of years that such a range holds if errors stay as they were; 2 places. */
    readonly coverage: string
    readonly errors: number
    readonly horizon: number
  } | null
  readonly basis: readonly string[]
}

export interface Outcome {
  /**
   * `reached`: it is; `expected`: the forecast reaches it; `short`: it does not; `missed`: the year is
   * over; `no-figures`: it is, and nothing of it is known here; `unknown`: there is no forecast;
   * `no-target`.
   */
  readonly kind:
    | ('reached' | 'expected' | 'short' | 'missed' | 'unknown')
    | ('no-figures' | 'no-target')
  /** `yyyyMM` in which it was reached. */
  readonly month: string | null
  /** `yyyy-MM-dd` on which the forecast reaches it, and at either end of its range. */
  readonly day: string | null
  readonly earliest: string | null
  readonly latest: string | null
  /** What is missing at the end of the year, and at either end of the range. */
  readonly shortfall: string | null
  readonly shortfallLeast: string | null
  readonly shortfallMost: string | null
  readonly text: Text
}

export type TargetsAnswer =
  | { readonly kind: 'told'; readonly view: TargetsView }
  | { readonly kind: 'zone-unknown' }

export const targetsOf = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  query: TargetsQuery,
): Promise<TargetsAnswer> => {
  const at = query.asOf ?? deps.clock.now()
  const { zone, scope = TARGET_SCOPE } = query
  const year = query.year ?? Number(stamp17(at).slice(0, 4))
  const asked = { year, on: chinaDay(at), knownAt: query.asOf }
  const [listed, figures, target, shares] = await Promise.all([
    zoneNames(deps.db),
    yearFigures(deps, { year, scope, zone, asOf: query.asOf }),
    findTarget(deps.db, { ...asked, zone: zone ?? '' }),
    zone === undefined ? findZoneTargets(deps.db, { ...asked, limit: TARGET_SHARES_MAX }) : [],
  ])
  // Figures as of a moment sealed it: what was called how by then stays.
  const names = await namedAsOf(deps.db, listed, query.asOf)
  const zones = new Map(names.map(({ code, zh, en }) => [code, { zh, en }]))
  if (zone !== undefined && !zones.has(zone)) return { kind: 'zone-unknown' }
  return {
    kind: 'told',
    view: {
      ...{ year, scope, definition: figures.definition, ...momentOf(query.asOf, at) },
      zone: { code: zone ?? '', ...(zones.get(zone ?? '') ?? CITY) },
      ...progressOf(year, at, scope, target, figures),
      ...sharesOf(target, shares, zones),
      ...{ gaps: figures.gaps, sources: figures.sources },
    },
  }
}

/** Of the whole city, in the scope of the target. */
export const cityTargets = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  query: Pick<TargetsQuery, 'year'>,
): Promise<TargetsView> => {
  const answer = await targetsOf(deps, query)
  if (answer.kind !== 'told') throw new Error('the city is no zone')
  return answer.view
}

const CITY: Text = { zh: '全市', en: 'the whole city' }

// ---- progress ------------------------------------------------------------------------------------

type Progress = Pick<
  TargetsView,
  | 'target'
  | 'done'
  | 'progress'
  | 'left'
  | 'days'
  | 'pace'
  | 'forecast'
  | 'noForecast'
  | 'outcome'
  | 'growth'
>

const progressOf = (
  year: number,
  at: Date,
  scope: TotalsScope,
  target: YearTarget | undefined,
  { total, amounts }: YearFigures,
): Progress => {
  const end = stamp17(at).slice(0, 6)
  const complete = completeMonths(amounts, end)
  const inYear = monthsOfYear(year).filter((month) => month < end)
  const done = readAmount(total.amount)
  const aim = target && readAmount(target.amount)
  const left = aim && notBelowNothing(minus(aim, done))
  const days = daysOf(year, chinaDay(at))
  const known = complete.filter(upTo(year))
  const forecast = forecastYear({ year, at, complete: known, done: total.amount })
  return {
    ...{ target: toldTarget(target, scope), days },
    done: { ...total, from: [...amounts.keys()].sort()[0] ?? null },
    progress:
      aim === undefined ? null : writeFixed(roundDown(notBelowNothing(over(done, aim)), 8), 8),
    left: left === undefined ? null : writeShort(left, AMOUNT_PLACES),
    pace: paceOf(known, left, days.left),
    forecast: forecast.kind === 'none' ? null : toldForecast(forecast, complete.length),
    noForecast: forecast.kind === 'none' ? noForecastText(forecast.why) : null,
    outcome: outcomeOf(year, at, aim, done, forecast, amounts),
    growth: comparableGrowth(withZeros(complete), inYear, MONTHS),
  }
}

const MONTHS = 12
const AMOUNT_PLACES = 5
/** Places of what is reckoned: a fen. */
const FEN = 2

const upTo =
  (year: number) =>
  ({ month }: MonthAmount): boolean =>
    month <= `${year}12`

/** A month between others in which nothing came counts as nothing; before the first nothing is known. */
const withZeros = (complete: readonly MonthAmount[]): ReadonlyMap<string, string> =>
  new Map(complete.map(({ month, amount }) => [month, amount]))

const notBelowNothing = (value: Fraction): Fraction => (value.above < 0n ? NOTHING : value)

const toldTarget = (target: YearTarget | undefined, scope: TotalsScope): TargetTold | null => {
  if (target === undefined) return null
  const { year: _year, zone: _zone, ...rest } = target
  return { ...rest, scope: TARGET_SCOPE, comparable: scope === TARGET_SCOPE }
}

const daysOf = (year: number, today: string): TargetsView['days'] => {
  const first = `${year}-01-01`
  const all = daysBetween(first, `${year + 1}-01-01`)
  const gone = Math.min(all, Math.max(0, daysBetween(first, today)))
  return { all, gone, left: all - gone }
}

const daysBetween = (from: string, to: string): number =>
  (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS

const paceOf = (
  complete: readonly MonthAmount[],
  left: Fraction | undefined,
  daysLeft: number,
): TargetsView['pace'] => {
  const last = complete.slice(-PACE_MONTHS)
  const days = last.reduce((sum, { month }) => sum + daysInMonth(month), 0)
  const sum = plus(...last.map(({ amount }) => readAmount(amount)))
  const isOpen = left !== undefined && left.above > 0n && daysLeft > 0
  return {
    needed: isOpen ? writeFixed(roundUp(over(left, whole(daysLeft)), FEN), FEN) : null,
    recent: days === 0 ? null : writeFixed(over(sum, whole(days)), FEN),
    months: last.map(({ month }) => month),
  }
}

const whole = (count: number): Fraction => fraction(BigInt(count), 1n)

/** Of a value of zero or more: rounded down, the pace would miss the target by some fen. */
const roundUp = (value: Fraction, places: number): Fraction => {
  const down = roundDown(value, places)
  return compare(down, value) === 0 ? down : plus(down, fraction(1n, 10n ** BigInt(places)))
}

// ---- forecast and outcome ------------------------------------------------------------------------

const toldForecast = (
  forecast: Extract<Forecast, { kind: 'forecast' }>,
  complete: number,
): ForecastTold => {
  const { method, basis, point, range } = forecast
  return {
    ...{ method, basis, amount: writeFixed(point, FEN) },
    range: range && {
      ...{ low: writeFixed(range.low, FEN), high: writeFixed(range.high, FEN) },
      coverage: writeFixed(roundDown(range.coverage, 2), 2),
      ...{ errors: range.errors, horizon: range.horizon },
    },
    ...forecastTexts(forecast, complete),
  }
}

const NO_OUTCOME = {
  ...{ month: null, day: null, earliest: null, latest: null },
  ...{ shortfall: null, shortfallLeast: null, shortfallMost: null },
}

const outcomeOf = (
  year: number,
  at: Date,
  aim: Fraction | undefined,
  done: Fraction,
  forecast: Forecast,
  amounts: ReadonlyMap<string, string>,
): Outcome => {
  const told = (outcome: Omit<Outcome, 'text'>): Outcome => ({
    ...outcome,
    text: outcomeText(outcome),
  })
  if (aim === undefined) return told({ kind: 'no-target', ...NO_OUTCOME })
  const missing = minus(aim, done)
  if (missing.above <= 0n)
    return told({ kind: 'reached', ...NO_OUTCOME, month: monthReached(year, aim, amounts) })
  if (forecast.kind === 'none') {
    if (forecast.why !== 'year-over') return told({ kind: 'unknown', ...NO_OUTCOME })
    // A year before the gateway was there is no year without trade.
    if (!monthsOfYear(year).some((month) => amounts.has(month)))
      return told({ kind: 'no-figures', ...NO_OUTCOME })
    return told({ kind: 'missed', ...NO_OUTCOME, shortfall: writeShort(missing, AMOUNT_PLACES) })
  }
  const { range } = forecast
  const dayAt = (factor: Fraction): string | null => {
    const moment = reachedAt(forecast, aim, factor, at)
    return moment === undefined ? null : chinaDay(moment)
  }
  const short = (amount: Fraction): string => writeFixed(notBelowNothing(minus(aim, amount)), FEN)
  const day = dayAt(WHOLE)
  return told({
    ...{ kind: day === null ? 'short' : 'expected', month: null, day },
    earliest: range && dayAt(range.highFactor),
    latest: range && dayAt(range.lowFactor),
    shortfall: day === null ? short(forecast.point) : null,
    shortfallLeast: range && short(range.high),
    shortfallMost: range && short(range.low),
  })
}

/** The first month at whose end the year stood at the target; days of the past are not kept apart. */
const monthReached = (
  year: number,
  aim: Fraction,
  amounts: ReadonlyMap<string, string>,
): string | null => {
  let sum = NOTHING
  for (const month of monthsOfYear(year)) {
    sum = plus(sum, readAmount(amounts.get(month) ?? '0'))
    if (compare(sum, aim) >= 0) return month
  }
  return null
}

// ---- shares of zones -----------------------------------------------------------------------------

const sharesOf = (
  city: YearTarget | undefined,
  shares: readonly YearTarget[],
  zones: ReadonlyMap<string, Text>,
): Pick<TargetsView, 'shares' | 'rest'> => {
  const aim = city && readAmount(city.amount)
  const given = plus(...shares.map(({ amount }) => readAmount(amount)))
  return {
    shares: shares.map(({ zone, amount, confidence, source }) => ({
      ...{ zone, label: zones.get(zone) ?? { zh: zone, en: zone }, amount, confidence, source },
      share: aim === undefined ? null : writeFixed(over(readAmount(amount), aim), 8),
    })),
    rest:
      aim === undefined || shares.length === 0
        ? null
        : writeShort(minus(aim, given), AMOUNT_PLACES),
  }
}
