/**
 * How figures are written for people. Amounts come as decimal text and stay exact: they are
 * rounded on digits, never on floating point. Shared by the server and the browser.
 */
import { localDateTime, readStamp } from '../kernel/clock.ts'
import { type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { readAmount, writeFixed } from '../kernel/fraction.ts'
import type { Lang } from './texts.ts'

/** 1/100000 of a yuan, the scale of the kernel's decimals. */
const SCALE = 5
const YUAN = 100_000n

/** `1,234,567.80`: yuan to the fen, rounded half up. */
export const exactAmount = (amount: string): string => grouped(rounded(decimal(amount), 2), 2)

/** `1,234`. */
export const wholeCount = (count: number): string => count.toString().replace(THOUSANDS, ',')

interface Unit {
  readonly zh: string
  readonly en: string
  /** One of it, in scaled yuan. */
  readonly size: bigint
}

const UNITS: Readonly<Record<Lang, readonly Unit[]>> = {
  zh: [
    { zh: '亿元', en: '', size: 100_000_000n * YUAN },
    { zh: '万元', en: '', size: 10_000n * YUAN },
    { zh: '元', en: '', size: YUAN },
  ],
  en: [
    { zh: '', en: 'bn CNY', size: 1_000_000_000n * YUAN },
    { zh: '', en: 'm CNY', size: 1_000_000n * YUAN },
    { zh: '', en: 'thousand CNY', size: 1_000n * YUAN },
    { zh: '', en: 'CNY', size: YUAN },
  ],
}

export interface ShortAmount {
  readonly value: string
  readonly unit: string
}

/** `12.35 万元`, `500 亿元`, `1.20 m CNY`, `416.14 thousand CNY`: the greatest unit that leaves one digit before the point. */
export const shortAmount = (amount: string, lang: Lang): ShortAmount => {
  const value = decimal(amount)
  const unit = unitFor(value, lang)
  const hundredths = (value * 100n + unit.size / 2n) / unit.size
  return { value: grouped(hundredths, 2).replace(/\.00$/, ''), unit: unit[lang] }
}

/** The unit that suits the greatest of several amounts, with the divisor to draw them in it. */
export const chartUnit = (
  amounts: readonly string[],
  lang: Lang,
): { readonly unit: string; draw(amount: string): number } => {
  let greatest: bigint = ZERO
  for (const amount of amounts.map(decimal)) if (amount > greatest) greatest = amount
  const { size, ...names } = unitFor(greatest, lang)
  // Five significant decimals are more than a pixel shows; exact figures stand in the table.
  return {
    unit: names[lang],
    draw: (amount) => Number((decimal(amount) * 100_000n) / size) / 100_000,
  }
}

/**
 * A fraction such as `0.00000312` as per cent: two digits after the point, or as many as show two
 * digits that count (`0.00031 %`), cut off and never rounded up, so that progress is not overstated.
 */
export const percent = (fraction: string): string => {
  const [whole = '0', digits = ''] = fraction.split('.')
  const shifted = `${digits}00`
  const integer = `${whole}${shifted.slice(0, 2)}`.replace(/^0+(?=\d)/, '')
  const rest = shifted.slice(2).replace(/0+$/, '')
  if (integer !== '0') return `${integer}.${rest.padEnd(2, '0').slice(0, 2)}${PERCENT}`
  const zeros = /^0*/.exec(rest)?.[0].length ?? 0
  return `${rest === '' ? '0' : `0.${rest.slice(0, Math.max(2, zeros + 2)).padEnd(2, '0')}`}${PERCENT}`
}

/** A growth such as `0.178000` as `+17.8 %`: it shows its sign. */
export const growthPercent = (fraction: string): string => {
  const tenths = rounded(decimal(fraction) * 100n, 1)
  return `${tenths > 0n ? '+' : ''}${grouped(tenths, 1)}${PERCENT}`
}

/** Part of a whole as per cent with one digit; `–` of nothing. */
export const share = (part: string, whole: string): string => {
  const total = decimal(whole)
  if (total === 0n) return '–'
  return `${grouped((decimal(part) * 1_000n + total / 2n) / total, 1)}${PERCENT}`
}

/** a / b as a number between 0 and 1, for widths only. */
export const ratio = (a: string, b: string): number => {
  const whole = decimal(b)
  if (whole <= 0n) return 0
  return Math.min(1, Number((decimal(a) * 1_000_000n) / whole) / 1_000_000)
}

/** What an even pace would have reached, at the elapsed part of the year (0 to 1). */
export const evenPace = (target: string, elapsed: number): string =>
  grouped(
    (rounded(decimal(target), 2) * BigInt(Math.round(elapsed * 1_000_000))) / 1_000_000n,
    2,
  ).replaceAll(',', '')

/** `2026-11-22 14:33:55` in China time, of an ISO moment. */
export const chinaTime = (iso: string): string => localDateTime(new Date(iso)).replace('T', ' ')

/** Part of the calendar year (China time) that is over at an ISO moment, 0 to 1. */
export const elapsedOfYear = (year: number, iso: string): number => {
  const start = readStamp(`${year}0101`)?.getTime() ?? 0
  const end = readStamp(`${year + 1}0101`)?.getTime() ?? 1
  return Math.min(1, Math.max(0, (Date.parse(iso) - start) / (end - start)))
}

/** The sign never stands alone at the start of a line. */
const PERCENT = '\u00a0%'
const THOUSANDS = /\B(?=(?:\d{3})+$)/g

/** Sums that were converted have more places than a decimal holds: the fifth is rounded, half away from zero. */
const decimal = (text: string): Decimal =>
  readDecimal(text) ??
  (LONG.test(text) ? readDecimal(writeFixed(readAmount(text), SCALE)) : undefined) ??
  ZERO

const LONG = /^-?\d{1,19}\.\d{6,30}$/

const unitFor = (value: bigint, lang: Lang): Unit => {
  const units = UNITS[lang]
  const fitting = units.find((unit) => value >= unit.size)
  return fitting ?? units[units.length - 1] ?? { zh: '元', en: 'CNY', size: YUAN }
}

/** Scaled yuan to so many places, half up. */
const rounded = (value: bigint, places: number): bigint => {
  const step = 10n ** BigInt(SCALE - places)
  return value < 0n ? -((-value + step / 2n) / step) : (value + step / 2n) / step
}

const grouped = (units: bigint, places: number): string => {
  const sign = units < 0n ? '-' : ''
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  return `${sign}${digits.slice(0, -places).replace(THOUSANDS, ',')}.${digits.slice(-places)}`
}
