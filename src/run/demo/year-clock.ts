/**
 * A clock that can play the year up to now: set back to the first month, it runs on behind the real
 * one and is set forward month by month, so that a demonstration has a year of trade to show. In
 * the end it is the real one again. It is never ahead.
 */
import type { Clock } from '../../kernel/clock.ts'

export interface YearClock extends Clock {
  /** Goes on from this moment, or from the real time when that is earlier. */
  goTo(at: Date): void
  /** From here on the real time. */
  catchUp(): void
}

export const createYearClock = (real: Clock): YearClock => {
  let behindMs = 0
  return {
    now: () => new Date(real.now().getTime() - behindMs),
    goTo: (at) => {
      behindMs = Math.max(0, real.now().getTime() - at.getTime())
    },
    catchUp: () => {
      behindMs = 0
    },
  }
}
