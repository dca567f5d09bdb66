/** What the rules of today are to a batch: read once, when somebody first asks. */
import { chinaDay } from '../kernel/clock.ts'
import type { Principal } from '../store/access.ts'
import { type DayRules, findDayRules } from '../store/day-rules.ts'
import type { FlowDeps } from './types.ts'

export type TodaysRules = () => Promise<DayRules>

/** Severities are those of the principals: nobody else's documents can be in the batch. */
export const todaysRules = (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  principals: readonly Principal[],
): TodaysRules => {
  const ids = [...new Set(principals.map(({ id }) => id))]
  let found: Promise<DayRules> | undefined
  return () => {
    found ??= findDayRules(db, chinaDay(clock.now()), ids)
    return found
  }
}
