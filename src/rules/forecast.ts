/**
 * What a year is likely to come to, from months that are complete. Two plain methods, both by the day,
 * so that long and short months and leap years count as what they are: the pace of the last months
 * goes on (`run-rate`); or the same months of last year come again, grown as the last months did
 * (`seasonal`). How far off the method was before is the range. Exact fractions, and no chance in it:
 * the same figures always give the same answer.
 */
import {
  compare,
  type Fraction,
  fraction,
  minus,
  NOTHING,
  over,
  plus,
  readAmount,
  times,
  WHOLE,
} from '../kernel/fraction.ts'
import { daysInMonth, monthAfter, monthsOfYear, startOfMonth } from '../kernel/months.ts'
import {
  PACE_MONTHS,
  RANGE_ERRORS_MAX,
  RANGE_ERRORS_MIN,
  RANGE_TAIL,
} from '../kernel/target-limits.ts'

export interface MonthAmount {
  /** `yyyyMM` */
  readonly month: string
  /** Decimal text. */
  readonly amount: string
}

export interface ForecastInput {
  readonly year: number
  /** The moment as of which all figures are. */
  readonly at: Date
  /** Months that were complete at that moment, in order and without a hole; of any years. */
  readonly complete: readonly MonthAmount[]
  /** What the year came to by then, the running month included; decimal text. */
  readonly done: string
}

export type Method = 'run-rate' | 'seasonal'

export type NoForecast = 'year-over' | 'not-begun' | 'no-complete-month'

export type Forecast =
  | { readonly kind: 'none'; readonly why: NoForecast }
  | {
      readonly kind: 'forecast'
      readonly method: Method
      /** Complete months whose pace counts. */
      readonly basis: readonly string[]
      readonly done: Fraction
      /** What is left of the year, month by month; the first one from the moment on. */
      readonly rest: readonly RestMonth[]
      /** The whole year. */
      readonly point: Fraction
      /** Null where too few errors of the past are known. */
      readonly range: ForecastRange | null
    }

export interface RestMonth {
  readonly month: string
  /** A fraction of a day where the moment is within one. */
  readonly days: Fraction
  readonly amount: Fraction
}

export interface ForecastRange {
  /** The whole year; never above and below the point. */
  readonly low: Fraction
  readonly high: Fraction
  /** By what the rest is multiplied at either end. */
  readonly lowFactor: Fraction
  readonly highFactor: Fraction
  /** How often such a range holds if the future errs like the past, as a share. */
  readonly coverage: Fraction
  /** Errors of the past it rests on, and over how many months each was measured. */
  readonly errors: number
  readonly horizon: number
}

const DAY_MS = 86_400_000n

export const forecastYear = ({ year, at, complete, done }: ForecastInput): Forecast => {
  const left = monthsLeft(year, at)
  if (left.length === 0) return { kind: 'none', why: 'year-over' }
  if (at < startOfMonth(`${year}01`)) return { kind: 'none', why: 'not-begun' }
  const known = complete.map(({ month, amount }) => ({ month, amount: readAmount(amount) }))
  const wanted = left.map(({ month }) => month)
  const method: Method = seasonalRates(known, wanted) === undefined ? 'run-rate' : 'seasonal'
  const rates = RATES[method](known, wanted)
  if (rates === undefined) return { kind: 'none', why: 'no-complete-month' }
  const rest = left.map((part, index) => ({
    ...part,
    amount: times(rates[index] ?? NOTHING, part.days),
  }))
  const sofar = readAmount(done)
  const ahead = plus(...rest.map(({ amount }) => amount))
  return {
    ...{ kind: 'forecast', method, done: sofar, rest, point: plus(sofar, ahead) },
    basis: known.slice(-PACE_MONTHS).map(({ month }) => month),
    range: rangeOf(RATES[method], known, wanted.length, sofar, ahead),
  }
}

/** The months of the year that are not over, each with its days from the moment on. */
const monthsLeft = (year: number, at: Date): readonly Omit<RestMonth, 'amount'>[] =>
  monthsOfYear(year)
    .map((month) => ({ month, days: daysFrom(month, at) }))
    .filter(({ days }) => days.above > 0n)

const daysFrom = (month: string, at: Date): Fraction => {
  const from = Math.max(startOfMonth(month).getTime(), at.getTime())
  return fraction(BigInt(startOfMonth(monthAfter(month, 1)).getTime() - from), DAY_MS)
}

// ---- the two methods -----------------------------------------------------------------------------

interface Known {
  readonly month: string
  readonly amount: Fraction
}

/** For each wanted month what one of its days brings; undefined where the method cannot be used. */
type Rates = (known: readonly Known[], wanted: readonly string[]) => readonly Fraction[] | undefined

const runRates: Rates = (known, wanted) => {
  const last = known.slice(-PACE_MONTHS)
  if (last.length === 0) return undefined
  const rate = notBelowNothing(perDay(last))
  return wanted.map(() => rate)
}

const seasonalRates: Rates = (known, wanted) => {
  const byMonth = new Map(known.map((entry) => [entry.month, entry]))
  const last = known.slice(-PACE_MONTHS)
  const before = last.map(({ month }) => byMonth.get(monthAfter(month, -12)))
  const again = wanted.map((month) => byMonth.get(monthAfter(month, -12)))
  const base = before.filter((entry) => entry !== undefined)
  if (base.length < PACE_MONTHS || again.includes(undefined)) return undefined
  const pace = perDay(base)
  if (pace.above <= 0n) return undefined
  const growth = notBelowNothing(over(perDay(last), pace))
  return again.map((entry) =>
    entry === undefined ? NOTHING : times(notBelowNothing(perDay([entry])), growth),
  )
}

const RATES: Readonly<Record<Method, Rates>> = { 'run-rate': runRates, seasonal: seasonalRates }

const perDay = (months: readonly Known[]): Fraction =>
  over(
    plus(...months.map(({ amount }) => amount)),
    fraction(BigInt(months.reduce((days, { month }) => days + daysInMonth(month), 0)), 1n),
  )

/** Returns may outweigh what a month brings; that goes on into no future. */
const notBelowNothing = (value: Fraction): Fraction => (value.above < 0n ? NOTHING : value)

// ---- how far off the method was ------------------------------------------------------------------

/**
 * Forecasts the past from each month at which the method could have been used, over as many months as
 * are wanted now, or the most that leave enough errors; a longer way ahead widens them in proportion.
 * Of the factors actual / forecast the lowest and the highest tenth are left out.
 */
const rangeOf = (
  rates: Rates,
  known: readonly Known[],
  ahead: number,
  done: Fraction,
  rest: Fraction,
): ForecastRange | null => {
  const { factors, horizon } = pastFactors(rates, known, ahead)
  const count = factors.length
  if (count < RANGE_ERRORS_MIN) return null
  const tail = Math.max(1, Math.floor((count + 1) / RANGE_TAIL))
  const wider = fraction(BigInt(ahead), BigInt(horizon))
  const away = (factor: Fraction): Fraction =>
    notBelowNothing(plus(WHOLE, times(minus(factor, WHOLE), wider)))
  const lowFactor = least(WHOLE, away(factors[tail - 1] ?? WHOLE))
  const highFactor = greatest(WHOLE, away(factors[count - tail] ?? WHOLE))
  return {
    ...{ lowFactor, highFactor, errors: count, horizon },
    low: plus(done, times(rest, lowFactor)),
    high: plus(done, times(rest, highFactor)),
    coverage: fraction(BigInt(count + 1 - 2 * tail), BigInt(count + 1)),
  }
}

const pastFactors = (
  rates: Rates,
  known: readonly Known[],
  ahead: number,
): { readonly factors: readonly Fraction[]; readonly horizon: number } => {
  for (let horizon = Math.min(ahead, known.length - 1); horizon >= 1; horizon -= 1) {
    const factors = factorsOver(rates, known, horizon)
    if (factors.length >= RANGE_ERRORS_MIN) return { factors, horizon }
  }
  return { factors: [], horizon: 0 }
}

/** Actual / forecast from every month at which as many were known as the pace takes, in order of size. */
const factorsOver = (
  rates: Rates,
  known: readonly Known[],
  horizon: number,
): readonly Fraction[] => {
  const factors: Fraction[] = []
  const first = Math.max(PACE_MONTHS, known.length - horizon - RANGE_ERRORS_MAX + 1)
  for (let origin = first; origin + horizon <= known.length; origin += 1) {
    const came = known.slice(origin, origin + horizon)
    const told = rates(
      known.slice(0, origin),
      came.map(({ month }) => month),
    )
    if (told === undefined) continue
    const days = came.map(({ month }) => fraction(BigInt(daysInMonth(month)), 1n))
    const foretold = plus(...told.map((rate, index) => times(rate, days[index] ?? NOTHING)))
    // Where nothing was foretold no factor leads to what came.
    if (foretold.above > 0n) factors.push(over(plus(...came.map(({ amount }) => amount)), foretold))
  }
  return factors.sort(compare)
}

const least = (a: Fraction, b: Fraction): Fraction => (compare(a, b) <= 0 ? a : b)
const greatest = (a: Fraction, b: Fraction): Fraction => (compare(a, b) >= 0 ? a : b)

// ---- when a target is reached --------------------------------------------------------------------

/**
 * The moment at which the year reaches an amount if its rest comes as foretold times a factor, each
 * month evenly; undefined when it does not.
 */
export const reachedAt = (
  { done, rest }: Pick<Extract<Forecast, { kind: 'forecast' }>, 'done' | 'rest'>,
  target: Fraction,
  factor: Fraction,
  at: Date,
): Date | undefined => {
  let sum = done
  let days = NOTHING
  if (compare(sum, target) >= 0) return at
  for (const part of rest) {
    const amount = times(part.amount, factor)
    const next = plus(sum, amount)
    if (compare(next, target) >= 0) {
      const within = plus(days, times(part.days, over(minus(target, sum), amount)))
      // What is reached at midnight was reached on the day that ends.
      const ms = (within.above * DAY_MS - 1n) / within.below
      return new Date(at.getTime() + Number(ms))
    }
    sum = next
    days = plus(days, part.days)
  }
  return undefined
}
