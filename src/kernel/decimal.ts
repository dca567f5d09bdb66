/**
 * Exact decimals as scaled integers: the wire's N19,5 held in a bigint of 1/100000. Money and
 * quantities never become floating point.
 */
export type Decimal = bigint & { readonly __scale5: true }

const SCALE = 5
const ONE = 100_000n

/** So many digits a number holds exactly in 1/100000; nearly all amounts are shorter. */
const SHORT_LENGTH_MAX = 10

/** In 1/100000; undefined for what is anything but digits with digits behind a point, or longer. */
const readShort = (text: string): number | undefined => {
  if (text.length === 0 || text.length > SHORT_LENGTH_MAX) return undefined
  let value = 0
  let places = -1
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit
      if (places >= 0) places += 1
    } else if (digit === -2 && i > 0 && places < 0) places = 0
    else return undefined
  }
  return places > SCALE ? undefined : value * (POWERS[SCALE - Math.max(places, 0)] ?? 1)
}

const POWERS = [1, 10, 100, 1_000, 10_000, 100_000]

/** Reads a plain decimal (no exponent, at most 5 fraction digits); undefined otherwise. */
export const readDecimal = (text: string): Decimal | undefined => {
  const short = readShort(text)
  if (short !== undefined) return BigInt(short) as Decimal
  const match = /^([+-]?)(\d{1,19})(?:\.(\d{0,5}))?$/.exec(text)
  if (match === null) return undefined
  const value = BigInt(match[2] ?? '0') * ONE + BigInt((match[3] ?? '').padEnd(SCALE, '0'))
  return (match[1] === '-' ? -value : value) as Decimal
}

/** Shortest plain text: `12`, `12.5`, `-0.00001`. */
export const writeDecimal = (value: Decimal): string => {
  const sign = value < 0n ? '-' : ''
  const digits = (value < 0n ? -value : value).toString().padStart(SCALE + 1, '0')
  const fraction = digits.slice(-SCALE).replace(/0+$/, '')
  return `${sign}${digits.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`
}

export const ZERO = 0n as Decimal
export const add = (...values: readonly Decimal[]): Decimal =>
  values.reduce((sum, value) => sum + value, 0n) as Decimal
export const subtract = (a: Decimal, b: Decimal): Decimal => (a - b) as Decimal

/** `value × part / whole`; undefined when five places cannot hold it exactly, or `whole` is zero. */
export const proportion = (value: Decimal, part: Decimal, whole: Decimal): Decimal | undefined => {
  const product = value * part
  return whole === 0n || product % whole !== 0n ? undefined : ((product / whole) as Decimal)
}
