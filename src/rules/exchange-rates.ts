/**
 * The day whose exchange rate customs uses in a month: the third Wednesday of the month before, the
 * fourth when the third is a statutory holiday. Pure.
 */
import { addDays } from '../kernel/clock.ts'

const WEDNESDAY = 3

/** `month` is `yyyy-MM`; `restDays` says which days rest or work against the weekend. */
export const rateDay = (month: string, restDays: ReadonlyMap<string, boolean>): string => {
  const first = firstOfMonthBefore(month)
  const weekday = new Date(`${first}T00:00:00Z`).getUTCDay()
  const third = addDays(first, ((WEDNESDAY - weekday + 7) % 7) + 14)
  return restDays.get(third) === true ? addDays(third, 7) : third
}

export const firstOfMonthBefore = (month: string): string =>
  `${addDays(`${month}-01`, -1).slice(0, 7)}-01`
