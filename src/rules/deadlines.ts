/** When something falls due that is counted in days from a release. Pure; days are China dates. */
import { addDays } from '../kernel/clock.ts'

export interface DaySpan {
  readonly from: string
  readonly to: string
}

/**
 * Days of release for which the day so many days later lies between two days, both included: what
 * was released on them falls due then.
 */
export const releasesDue = (due: DaySpan, afterDays: number): DaySpan => ({
  from: addDays(due.from, -afterDays),
  to: addDays(due.to, -afterDays),
})
