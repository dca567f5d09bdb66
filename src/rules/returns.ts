/**
 * Returns of a list: how much of each line is left to be returned, and until when. Pure; takes what
 * the list declared and what earlier returns of it, accepted or under way, already take.
 */

import type { FieldRecord } from '../catalogue/message.ts'
import { addDays } from '../kernel/clock.ts'
import { add, type Decimal, readDecimal, subtract, ZERO } from '../kernel/decimal.ts'

export interface ReturnWindow {
  /** Days in China, `yyyy-MM-dd`, each the last that is in time. */
  readonly releasedOn: string
  readonly applyBy: string
  readonly arriveBy: string
}

/** Day 1 is the day after release. */
export const returnWindow = (
  releasedOn: string,
  days: { readonly apply: number; readonly arrive: number },
): ReturnWindow => ({
  releasedOn,
  applyBy: addDays(releasedOn, days.apply),
  arriveBy: addDays(releasedOn, days.arrive),
})

/** Line numbers are numbers: `01` and `1` are one. */
export const lineNumber = (text: string): string => text.trim().replace(/^0+(?=\d)/, '')

/** Sum of one quantity over lines of earlier returns, by line number. */
export const takenBy = (
  lines: readonly FieldRecord[],
  names: { readonly number: string; readonly quantity: string },
): ReadonlyMap<string, Decimal> => {
  const taken = new Map<string, Decimal>()
  for (const line of lines) {
    const number = lineNumber(line[names.number] ?? '')
    const quantity = readDecimal(line[names.quantity] ?? '') ?? ZERO
    taken.set(number, add(taken.get(number) ?? ZERO, quantity))
  }
  return taken
}

/** What is left of a listed quantity; never below zero. */
export const leftOf = (listed: Decimal, taken: Decimal | undefined): Decimal => {
  const left = subtract(listed, taken ?? ZERO)
  return left < ZERO ? ZERO : left
}

/**
 * Whether a return is in time: applied for and the goods back by the last days. Then the tax is not
 * levied and the buyer's year is corrected; a late one leaves both as they are. Undefined while the
 * goods are not back and still may be.
 */
export const isReturnInTime = (
  { applyBy, arriveBy }: ReturnWindow,
  appliedOn: string,
  arrivedOn: string | undefined,
): boolean | undefined => {
  if (appliedOn > applyBy) return false
  return arrivedOn === undefined ? undefined : arrivedOn <= arriveBy
}
