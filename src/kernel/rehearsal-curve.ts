/** The shape of a day of sales pressed into a rehearsal: a steep rise, a short top, a long fall. */
import { REHEARSAL_PEAK } from './rehearsal-limits.ts'

/** Parts of the top, each for a twelfth of the time. */
const CURVE = [0.1, 0.3, 0.6, 1, 1, 0.9, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1] as const

export interface RehearsalPlan {
  /** The top of the curve, in `REHEARSAL_PEAK` lists a second. */
  readonly times: number
  readonly seconds: number
}

/** Lists handed in by the end of each second, the first after one second. */
export const plannedLists = ({ times, seconds }: RehearsalPlan): readonly number[] => {
  let sum = 0
  return Array.from({ length: seconds }, (_, second) => {
    const part = CURVE[Math.floor((second / seconds) * CURVE.length)] ?? 0
    sum += part * times * REHEARSAL_PEAK
    return Math.round(sum)
  })
}

/** Lists of the whole plan. */
export const plannedTotal = (plan: RehearsalPlan): number => plannedLists(plan).at(-1) ?? 0

export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** Percentiles by the nearest rank; all 0 of no values. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number): number => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) }
}
