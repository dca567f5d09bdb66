/**
 * Exact decimals as scaled integers: the wire's N19,5 held in a bigint of 1/100000. Money and
 * quantities never become floating point.
 */
export type Decimal = bigint & { readonly __scale5: true }

const SCALE = 5
const ONE = 100_000n

/** Reads a plain decimal (no exponent, at most 5 fraction digits); undefined otherwise. */
export const readDecimal = (text: string): Decimal | undefined => {
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
