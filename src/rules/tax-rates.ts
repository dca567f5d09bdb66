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

/** A row with its figures read, once for however many goods of a batch it is for. */
export interface ReadRate {
  readonly row: TaxRate
  readonly tierFrom: Fraction
  readonly perUnit: Fraction
  readonly duty: Fraction | undefined
  readonly vat: Fraction
  readonly adValorem: Fraction
}

export const readRates = (rows: readonly TaxRate[]): readonly ReadRate[] =>
  rows.map((row) => ({
    row,
    ...{ tierFrom: known(row.tierFrom), perUnit: known(row.perUnit), vat: known(row.vat) },
    duty: row.duty === null ? undefined : known(row.duty),
    adValorem: known(row.adValorem),
  }))

/** Numbers of stored rows are read when they are stored; what cannot be read would be our own fault. */
const known = (text: string): Fraction => {
  const value = readFraction(text)
  if (value === undefined) throw new Error('a stored rate is no plain decimal')
  return value
}

export type RateFound =
  | { readonly kind: 'rate'; readonly rate: ReadRate }
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
export const rateOf = (rates: readonly ReadRate[], line: RatedLine, on: string): RateFound => {
  const edition = editionOf(rates, line.code, on)
  const base = edition.find(({ row }) => row.tierUnit === '')
  // Nearly all goods bear one rate, whatever they are worth.
  if (base !== undefined && edition.length === 1) return { kind: 'rate', rate: base }
  const tiers = edition.filter(({ row }) => row.tierUnit !== '')
  const valued = tiers.flatMap((rate) => {
    const quantity = quantityIn(line.quantities, rate.row.tierUnit, rate.row.unit)
    return quantity === undefined || quantity.above === 0n
      ? []
      : [{ rate, value: over(line.dutiableValue, quantity) }]
  })
  if (tiers.length > 0 && valued.length === 0)
    return { kind: 'undecided', units: tiers.map(({ row }) => row.tierUnit) }
  const [reached] = valued
    .filter(({ value, rate }) => compare(value, rate.tierFrom) >= 0)
    .sort((a, b) => compare(b.rate.tierFrom, a.rate.tierFrom))
  const rate = reached?.rate ?? base
  return rate === undefined ? { kind: 'unknown' } : { kind: 'rate', rate }
}

const editionOf = (rates: readonly ReadRate[], code: string, on: string): readonly ReadRate[] => {
  let edition: ReadRate[] = []
  for (const rate of rates) {
    const { row } = rate
    if (!code.startsWith(row.code) || row.validFrom > on) continue
    if (row.validTo !== null && on > row.validTo) continue
    const best = edition[0]?.row
    const longer = row.code.length - (best?.code.length ?? -1)
    if (best === undefined || longer > 0 || (longer === 0 && row.validFrom > best.validFrom))
      edition = [rate]
    else if (longer === 0 && row.validFrom === best.validFrom) edition.push(rate)
  }
  return edition
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
export const ratesFrom = (
  { row, perUnit, duty, vat, adValorem }: ReadRate,
  quantities: readonly Quantity[],
): Rates | undefined => {
  if (perUnit.above === 0n) return { duty, vat, adValorem, specific: NOTHING }
  const quantity = quantityIn(quantities, row.unit, row.unit)
  return quantity && { duty, vat, adValorem, specific: times(perUnit, quantity) }
}
