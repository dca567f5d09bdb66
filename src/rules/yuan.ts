/**
 * Rows of exact amounts made readable without losing that they add up. An amount times a rate has up to
 * fifteen decimals; shown are the wire's five. The total is rounded half up, and what rounding the
 * rows down leaves of it goes to the rows that lost most. Pure, without floating point.
 */

const EXACT = 15
const SHOWN = 5
const UNIT = 10n ** BigInt(EXACT - SHOWN)

/** `12`, `-12.5`: any number of decimals, of which fifteen are read. */
const readExact = (text: string): bigint => {
  const [, sign, whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  const value = BigInt(whole + part.slice(0, EXACT).padEnd(EXACT, '0'))
  return sign === '-' ? -value : value
}

const write = (value: bigint): string => {
  const digits = (value < 0n ? -value : value).toString().padStart(SHOWN + 1, '0')
  const part = digits.slice(-SHOWN).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -SHOWN)}${part === '' ? '' : `.${part}`}`
}

const floor = (value: bigint): bigint => {
  const down = value / UNIT
  return value < 0n && value % UNIT !== 0n ? down - 1n : down
}

/** Decimal texts with at most five places, and their sum. */
export const apportioned = (
  amounts: readonly string[],
): { readonly amounts: readonly string[]; readonly total: string } => {
  const exact = amounts.map(readExact)
  const total = floor(exact.reduce((sum, value) => sum + value, 0n) + UNIT / 2n)
  const shown = exact.map(floor)
  const left = Number(total - shown.reduce((sum, value) => sum + value, 0n))
  const byLoss = exact
    .map((value, i) => ({ i, loss: value - (shown[i] ?? 0n) * UNIT }))
    .sort((a, b) => (a.loss === b.loss ? a.i - b.i : a.loss > b.loss ? -1 : 1))
  // Fewer than there are rows: each of them lost less than one.
  const raised = new Set(byLoss.slice(0, left).map(({ i }) => i))
  return {
    amounts: shown.map((value, i) => write(raised.has(i) ? value + 1n : value)),
    total: write(total),
  }
}
