/** Clearance times out of counts by steps of the scale in `catalogue/clearance.ts`. Pure. */
import { CLEARANCE_RATIO, UNMEASURED } from '../catalogue/clearance.ts'

export interface Clearance {
  /** Lists whose time is known. */
  readonly lists: number
  /** Lists whose time is not. */
  readonly unmeasured: number
  /** Minutes; null without a list. */
  readonly medianMinutes: number | null
  readonly p95Minutes: number | null
}

/** Of counts by step, as they are stored; the same step may stand there several times. */
export const clearanceOf = (
  counts: Iterable<readonly [step: string, count: number]>,
): Clearance => {
  const steps = new Map<number, number>()
  let unmeasured = 0
  let lists = 0
  for (const [name, count] of counts) {
    if (name === UNMEASURED) {
      unmeasured += count
      continue
    }
    const step = Number(name)
    steps.set(step, (steps.get(step) ?? 0) + count)
    lists += count
  }
  const sorted = [...steps].sort(([a], [b]) => a - b)
  return {
    ...{ lists, unmeasured },
    medianMinutes: percentile(sorted, lists, 0.5),
    p95Minutes: percentile(sorted, lists, 0.95),
  }
}

/** Middle of the step in which the least time lies that so large a share of the lists did not exceed. */
const percentile = (
  sorted: readonly (readonly [step: number, count: number])[],
  lists: number,
  share: number,
): number | null => {
  if (lists <= 0) return null
  let seen = 0
  for (const [step, count] of sorted) {
    seen += count
    // A share of lists is compared in whole lists, a little rounding aside.
    if (seen >= share * lists - 1e-9) return toMinutes(CLEARANCE_RATIO ** (step + 0.5))
  }
  return null
}

/** Two decimals: a third would say more than is known. */
const toMinutes = (seconds: number): number => Math.round((seconds / 60) * 100) / 100
