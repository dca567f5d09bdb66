/**
 * Exact fractions, for formulas that divide: a tax rate of one part in seven has no last decimal.
 * Nothing is rounded until somebody says to how many places and which way. No floating point.
 */
export interface Fraction {
  readonly above: bigint
  /** Greater than zero. One value may be written in several ways: ask `compare`. */
  readonly below: bigint
}

/**
 * Looking for a common divisor costs ten times what a sum costs, so that it is looked for only where
 * the numbers have grown: sums of unlike parts would otherwise never stop growing.
 */
const PLAIN_BELOW_MAX = 10n ** 40n

export const fraction = (above: bigint, below: bigint): Fraction => {
  if (below === 0n) throw new Error('a fraction of no parts')
  if (below < 0n) return fraction(-above, -below)
  if (below <= PLAIN_BELOW_MAX) return { above, below }
  const common = divisor(above < 0n ? -above : above, below)
  return { above: above / common, below: below / common }
}

/** Nearly all are asked for again and again. */
const POWERS = Array.from({ length: 20 }, (_, places) => 10n ** BigInt(places))
const powerOfTen = (places: number): bigint => POWERS[places] ?? 10n ** BigInt(places)

const divisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : divisor(b, a % b))

export const NOTHING = fraction(0n, 1n)
export const WHOLE = fraction(1n, 1n)

/** Digits of one number that is read, before and after the point: no field of the standard has more. */
const DIGITS = { before: 19, after: 12 } as const
const PLAIN = new RegExp(`^(\\d{1,${DIGITS.before}})(?:\\.(\\d{1,${DIGITS.after}}))?$`)

/** Reads a plain decimal without sign or exponent; undefined otherwise. */
export const readFraction = (text: string): Fraction | undefined => {
  const match = PLAIN.exec(text)
  if (match === null) return undefined
  const after = match[2] ?? ''
  return fraction(BigInt(`${match[1]}${after}`), powerOfTen(after.length))
}

/** Figures of our own, with a sign: sums that were converted have more places than any field. */
const AMOUNT = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?$/

/** Reads an amount that this gateway reckoned; throws for any other text. */
export const readAmount = (text: string): Fraction => {
  const match = AMOUNT.exec(text)
  if (match === null) throw new Error('no amount')
  const after = match[3] ?? ''
  const value = BigInt(`${match[2]}${after}`)
  return fraction(match[1] === '-' ? -value : value, powerOfTen(after.length))
}

/**
 * Halves first: a sum of many unlike parts ends with one great number, and going from part to part
 * would carry it along.
 */
export const plus = (...parts: readonly Fraction[]): Fraction => {
  const [a = NOTHING, b] = parts
  if (b === undefined) return a
  if (parts.length === 2) return sum(a, b)
  const half = parts.length >> 1
  return sum(plus(...parts.slice(0, half)), plus(...parts.slice(half)))
}

const sum = (a: Fraction, b: Fraction): Fraction => {
  if (a.above === 0n) return b
  if (b.above === 0n) return a
  return a.below === b.below
    ? fraction(a.above + b.above, a.below)
    : fraction(a.above * b.below + b.above * a.below, a.below * b.below)
}

export const minus = (a: Fraction, b: Fraction): Fraction =>
  a.below === b.below
    ? fraction(a.above - b.above, a.below)
    : fraction(a.above * b.below - b.above * a.below, a.below * b.below)
export const times = (a: Fraction, b: Fraction): Fraction =>
  a.above === 0n || b.above === 0n ? NOTHING : fraction(a.above * b.above, a.below * b.below)
/** Throws when `b` is nothing. */
export const over = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.above * b.below, a.below * b.above)
/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`. */
export const compare = (a: Fraction, b: Fraction): number => {
  const difference = a.above * b.below - b.above * a.below
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The nearest number of so many places; a half goes away from zero. */
export const halfUp = (value: Fraction, places: number): Fraction => {
  if (value.above === 0n) return NOTHING
  const scale = powerOfTen(places)
  const sign = value.above < 0n ? -1n : 1n
  const twice = 2n * sign * value.above * scale
  return fraction(sign * ((twice + value.below) / (2n * value.below)), scale)
}

/** The greatest number of so many places that is not above a value of zero or more. */
export const roundDown = (value: Fraction, places: number): Fraction => {
  const scale = powerOfTen(places)
  return fraction((value.above * scale) / value.below, scale)
}

/** Plain text with exactly so many places, rounded half up where there are more: `98.00`, `-0.01`. */
export const writeFixed = (value: Fraction, places: number): string => {
  const scale = powerOfTen(places)
  const rounded = halfUp(value, places)
  const units = (rounded.above * scale) / rounded.below
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  const whole = digits.slice(0, digits.length - places)
  const rest = places === 0 ? '' : `.${digits.slice(-places)}`
  return `${units < 0n ? '-' : ''}${whole}${rest}`
}

/** The same without the zeros at its end: `98`, `-0.01`. */
export const writeShort = (value: Fraction, places: number): string => {
  const text = writeFixed(value, places)
  return places === 0 ? text : text.replace(/\.?0+$/, '')
}
