/**
 * Exact decimals of any number of places, as text: an amount times a rate has fifteen, more than the
 * wire's five of `decimal.ts`. Nothing is rounded and nothing becomes floating point.
 */

/** Sum of plain decimals of any number of places, exact. */
export const addDecimals = (texts: readonly string[]): string => {
  const places = Math.max(0, ...texts.map((text) => text.split('.')[1]?.length ?? 0))
  const sum = texts.reduce((total, text) => total + unscaled(text, places), 0n)
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0')
  const fraction = digits.slice(digits.length - places).replace(/0+$/, '')
  const whole = digits.slice(0, digits.length - places)
  return `${sum < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** A plain decimal as an integer of its last place: `12.5` with two places is 1250. */
export const unscaled = (text: string, places: number): bigint => {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  if (fraction.length > places) throw new Error(`${text} has more than ${places} places`)
  const value = BigInt(whole + fraction.padEnd(places, '0'))
  return text.startsWith('-') ? -value : value
}
