/**
 * Exact arithmetic on decimal texts, and how figures are written in a report. Sums and growth are
 * reckoned on what was counted; rounding is the last step, half away from zero.
 */
import {
  compare,
  type Fraction,
  fraction,
  minus,
  over,
  plus,
  readAmount,
  roundDown,
  writeFixed,
  writeShort,
} from '../kernel/fraction.ts'

/** Places of what is read: sums of such texts have no more. */
const PLACES = 12

export const sumOf = (amounts: readonly string[]): string =>
  writeShort(plus(...amounts.map(readAmount)), PLACES)

export const differenceOf = (now: string, before: string): string =>
  writeShort(minus(readAmount(now), readAmount(before)), PLACES)

export const isNegative = (amount: string): boolean => readAmount(amount).above < 0n

/** Orders texts as numbers, the greatest first. */
export const byAmount = (a: string, b: string): number => compare(readAmount(b), readAmount(a))

const RATIO_PLACES = 6

/** a ÷ b with six places; null where b is zero or less, so that no meaningless share is shown. */
export const ratioOf = (a: string, b: string): string | null => {
  const whole = readAmount(b)
  return whole.above <= 0n ? null : writeFixed(over(readAmount(a), whole), RATIO_PLACES)
}

const THOUSANDS = /\B(?=(?:\d{3})+(?!\d))/g

const grouped = (text: string): string => {
  const [whole = '', rest] = text.split('.')
  const units = whole.replace(THOUSANDS, ',')
  return rest === undefined ? units : `${units}.${rest}`
}

/** `1,234,567.80`: CNY to the fen. */
export const inYuan = (amount: string): string => grouped(writeFixed(readAmount(amount), 2))

/** `123.46`: ten thousands of CNY with two places. */
export const inWan = (amount: string): string => grouped(wanOf(amount))

/** The same without separators. */
export const wanOf = (amount: string): string => writeFixed(wan(amount), 2)

/** With all its places, as a sheet holds it. */
export const wanText = (amount: string): string => writeShort(wan(amount), PLACES)

const wan = (amount: string): Fraction => over(readAmount(amount), fraction(10_000n, 1n))

export const inCount = (count: string | number): string => grouped(String(count))

/** `12.3%`, `-4.0%` of a decimal fraction. */
export const inPercent = (ratio: string): string =>
  `${grouped(writeFixed(fraction(readAmount(ratio).above * 100n, readAmount(ratio).below), 1))}%`

/**
 * `12.34%`, `0.0004%`: cut off and never rounded up, so that progress is not overstated; with more
 * places where two would show nothing.
 */
export const inProgress = (ratio: string): string => {
  const value = readAmount(ratio)
  const percent = fraction(value.above * 100n, value.below)
  const places = compare(percent, fraction(1n, 100n)) < 0 ? 4 : 2
  return `${grouped(writeFixed(roundDown(percent, places), places))}%`
}

/** `+12.3%`: a growth shows its sign. */
export const inGrowth = (ratio: string): string => {
  const text = inPercent(ratio)
  return /^-|^0\.0%$/.test(text) ? text : `+${text}`
}
