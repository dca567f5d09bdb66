/**
 * Growth on a comparable base: the same months on both sides, and no figure where there is nothing to
 * compare with. Exact until the one rounding at the end. Published series change their calibre now and
 * then; months that only one side has are therefore left out on both.
 */
import { minus, over, plus, readAmount, writeFixed, writeShort } from '../kernel/fraction.ts'
import { monthAfter } from '../kernel/months.ts'

/** A month, `yyyyMM`, and what counts in it: decimal text, negative where more was taken back. */
export type MonthAmounts = ReadonlyMap<string, string>

export interface Growth {
  /** Months compared, of the later side, in order; empty where nothing can be compared. */
  readonly months: readonly string[]
  /** What the later and the earlier side come to over these months, decimal text. */
  readonly amount: string
  readonly base: string
  /** As a share, 6 places: `0.178000` is +17.8 %; null without a base above zero. */
  readonly growth: string | null
}

/** Places of a growth. */
const PLACES = 6

/** Of two amounts in decimal text; null where the base is missing, zero or below. */
export const growthOf = (amount: string, base: string | undefined): string | null => {
  if (base === undefined) return null
  const [now, before] = [readAmount(amount), readAmount(base)]
  if (before.above <= 0n) return null
  return writeFixed(over(minus(now, before), before), PLACES)
}

/**
 * Compares these months with the same ones `back` months earlier: 12 for 同比, 1 for 环比. A month
 * counts only where both sides know it: one that is missing is unknown and no zero.
 */
export const comparableGrowth = (
  amounts: MonthAmounts,
  months: readonly string[],
  back: number,
): Growth => {
  const both = months.filter((month) => amounts.has(month) && amounts.has(monthAfter(month, -back)))
  const amount = sumOf(both.map((month) => amounts.get(month)))
  const base = sumOf(both.map((month) => amounts.get(monthAfter(month, -back))))
  return {
    ...{ months: [...both].sort(), amount, base },
    growth: both.length === 0 ? null : growthOf(amount, base),
  }
}

/** Five places are all that an amount in CNY is given with. */
const AMOUNT_PLACES = 5

const sumOf = (amounts: readonly (string | undefined)[]): string =>
  writeShort(plus(...amounts.map((amount) => readAmount(amount ?? '0'))), AMOUNT_PLACES)
