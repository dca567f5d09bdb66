/**
 * Which rate holds for a line of goods on a day: of the rows that fit its commodity code the longest
 * code, of that code the newest edition, of that edition the highest value that the goods reach. Pure.
 */
import type { TaxRate } from '../catalogue/tax-rates.ts'
import { unitScale } from '../catalogue/unit-scales.ts'
import {
  compare,
  type Fraction,
  fraction,
  NOTHING,
  over,
  readFraction,
  times,
} from '../kernel/fraction.ts'
import type { Quantity, Rates } from './tax.ts'

export type RateFound =
  | { readonly kind: 'rate'; readonly row: TaxRate }
  | { readonly kind: 'unknown' }
  /** The rate depends on the value of one of these units, of which the line tells no quantity. */
  | { readonly kind: 'undecided'; readonly units: readonly string[] }

/** Parts of a commodity code that rates may stand under, the shortest first. */
export const codesAbove = (code: string): readonly string[] =>
  [2, 4, 6, 8, 10].filter((length) => length <= code.length).map((length) => code.slice(0, length))

export interface RatedLine {
  readonly code: string
  /** CNY. */
  readonly dutiableValue: Fraction
  readonly quantities: readonly Quantity[]
}

/** `on` is `yyyy-MM-dd`. */
export const rateOf = (rows: readonly TaxRate[], line: RatedLine, on: string): RateFound => {
  const edition = editionOf(rows, line.code, on)
  const base = edition.find((row) => row.tierUnit === '')
  const tiers = edition.filter((row) => row.tierUnit !== '')
  const valued = tiers.flatMap((row) => {
    const quantity = quantityIn(line.quantities, row.tierUnit, row.unit)
    return quantity === undefined || quantity.above === 0n
      ? []
      : [{ row, value: over(line.dutiableValue, quantity), from: figuresOf(row).tierFrom }]
  })
  if (tiers.length > 0 && valued.length === 0)
    return { kind: 'undecided', units: tiers.map((row) => row.tierUnit) }
  const [reached] = valued
    .filter(({ value, from }) => compare(value, from) >= 0)
    .sort((a, b) => compare(b.from, a.from))
  const row = reached?.row ?? base
  return row === undefined ? { kind: 'unknown' } : { kind: 'rate', row }
}

const editionOf = (rows: readonly TaxRate[], code: string, on: string): readonly TaxRate[] => {
  let edition: TaxRate[] = []
  for (const row of rows) {
    if (!code.startsWith(row.code) || row.validFrom > on) continue
    if (row.validTo !== null && on > row.validTo) continue
    const [best] = edition
    const longer = row.code.length - (best?.code.length ?? -1)
    if (best === undefined || longer > 0 || (longer === 0 && row.validFrom > best.validFrom))
      edition = [row]
    else if (longer === 0 && row.validFrom === best.validFrom) edition.push(row)
  }
  return edition
}

/** Numbers of stored rows are read when they are stored; what cannot be read would be our own fault. */
const known = (text: string): Fraction => {
  const value = readFraction(text)
  if (value === undefined) throw new Error('a stored rate is no plain decimal')
  return value
}

interface Figures {
  readonly tierFrom: Fraction
  readonly perUnit: Fraction
  readonly duty: Fraction | undefined
  readonly vat: Fraction
  readonly adValorem: Fraction
}

/** Read once for a row, however many goods of a batch it is for. */
const figures = new WeakMap<TaxRate, Figures>()

const figuresOf = (row: TaxRate): Figures => {
  const read = figures.get(row) ?? {
    ...{ tierFrom: known(row.tierFrom), perUnit: known(row.perUnit), vat: known(row.vat) },
    duty: row.duty === null ? undefined : known(row.duty),
    adValorem: known(row.adValorem),
  }
  figures.set(row, read)
  return read
}

/**
 * The quantity in a unit, from whichever quantity of the line converts into it. The first legal
 * quantity without a unit is in `legalUnit`, which the tariff fixes. `''` asks for the legal quantity.
 */
export const quantityIn = (
  quantities: readonly Quantity[],
  unit: string,
  legalUnit: string,
): Fraction | undefined => {
  for (const quantity of quantities) {
    if (unit === '' && quantity.isLegal) return quantity.amount
    const scale = unitScale(quantity.unit ?? (quantity.isLegal ? legalUnit : ''), unit)
    if (scale !== undefined && unit !== '') return times(quantity.amount, fraction(...scale))
  }
  return undefined
}

/** The row as the formulas take it; undefined when it asks for a quantity that the line does not tell. */
export const ratesFrom = (row: TaxRate, quantities: readonly Quantity[]): Rates | undefined => {
  const { perUnit, duty, vat, adValorem } = figuresOf(row)
  if (perUnit.above === 0n) return { duty, vat, adValorem, specific: NOTHING }
  const quantity = quantityIn(quantities, row.unit, row.unit)
  return quantity && { duty, vat, adValorem, specific: times(perUnit, quantity) }
}
