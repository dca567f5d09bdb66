/**
 * What makers of synthetic documents share: chance that repeats under a seed, numbers and guids that
 * occur once, persons who have the right form and are nobody.
 */
import { residentIdCheckDigit } from '../kernel/check-digits.ts'

/** Number of a thing and the seed: together they decide everything about it. */
export interface Drawn {
  readonly n: number
  /** 0 to 4294967295. */
  readonly seed: number
}

/** Ends the numbers of everything that belongs to one consignment or batch. */
export const serialOf = ({ seed, n }: Drawn): string =>
  `${seed.toString(36)}-${String(n).padStart(7, '0')}`.toUpperCase()

/** The same without leading zeros. */
export const shortSerialOf = ({ seed, n }: Drawn): string =>
  `${seed.toString(36)}-${n}`.toUpperCase()

/** Unique by construction: seed, kind and number stand in it. Version 8, RFC 9562. */
export const guidOf = ({ seed, n }: Drawn, kind: number): string =>
  `${seed.toString(16).padStart(8, '0')}-${String(kind).padStart(4, '0')}-8000-8000-${n
    .toString(16)
    .padStart(12, '0')}`.toUpperCase()

/** Six divisions of Chongqing, 500xxx. */
const DIVISIONS = ['500103', '500105', '500106', '500107', '500112', '500113']
const BIRTHDAYS = 40 * 12 * 28
const SEQUENCES = 1_000

export interface Buyer {
  readonly number: string
  readonly id: string
  readonly name: string
  readonly telephone: string
  readonly address: string
}

/** Nobody's number repeats before 80 million buyers of one seed. */
export const buyerOf = (seed: number, index: number): Buyer => {
  // Seeds start far apart, so that their buyers do not use up each other's yearly limit.
  const start = Math.imul(seed, 0x9e3779b1) >>> 0
  const place = (index + start) % (BIRTHDAYS * SEQUENCES * DIVISIONS.length)
  const day = place % BIRTHDAYS
  const rest = Math.floor(place / BIRTHDAYS)
  const year = 1962 + Math.floor(day / (12 * 28))
  const month = 1 + (Math.floor(day / 28) % 12)
  const division = DIVISIONS[Math.floor(rest / SEQUENCES)] ?? '500103'
  const first17 = `${division}${year}${two(month)}${two(1 + (day % 28))}${String(rest % SEQUENCES).padStart(3, '0')}`
  const number = String(index + 1).padStart(4, '0')
  return {
    number,
    id: first17 + residentIdCheckDigit(first17),
    name: `测试买家${number}`,
    // The prefix 154 is given to no operator.
    telephone: `154${String(index % 100_000_000).padStart(8, '0')}`,
    address: `重庆市合成区测试路${number}号（合成地址）`,
  }
}

export const two = (value: number): string => String(value).padStart(2, '0')

export const pick = <T>(from: readonly [T, ...T[]], n: number): T =>
  from[n % from.length] ?? from[0]

export const sum = <T>(items: readonly T[], of: (item: T) => number): number => {
  let total = 0
  for (const item of items) total += of(item)
  return total
}

/** A whole number from 0 to below the bound. */
export type Random = (bound: number) => number

/** mulberry32 on a mixture of seed and number: neighbours get unrelated baskets. */
export const randomOf = (seed: number, n: number): Random => {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n + 1, 0xc2b2ae35)) >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) * bound) / 4_294_967_296)
  }
}
