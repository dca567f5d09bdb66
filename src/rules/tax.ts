/**
 * Taxes of retail imports, exactly. Dutiable value P of a line is its price with its share of freight
 * and insurance; coupons and points are not deducted (税管函〔2016〕73号). With duty rate d, consumption
 * tax c of the price and S for the quantity, and VAT rate v:
 *
 *     D = P × d      C = (P + D + S) ÷ (1 − c) × c + S      V = (P + D + C) × v
 *
 * Within the limits D is nil and a share k of C and V is paid; V stands on the whole of C either way.
 * A single dearer item pays all three in full. Pure: rates and limits are handed in.
 */
import type { Rounding } from '../catalogue/tax-rates.ts'
import {
  compare,
  type Fraction,
  halfUp,
  minus,
  NOTHING,
  over,
  plus,
  roundDown,
  times,
  WHOLE,
} from '../kernel/fraction.ts'

/** Places of money: fen. */
export const FEN_PLACES = 2

export interface Quantity {
  readonly amount: Fraction
  /** Three digits; undefined where it was not told. */
  readonly unit: string | undefined
  /** The quantity in the first legal unit. */
  readonly isLegal: boolean
}

export interface Rates {
  /** Undefined: not known, which matters only when it is due. */
  readonly duty: Fraction | undefined
  readonly vat: Fraction
  /** Less than one. */
  readonly adValorem: Fraction
  /** CNY for the whole line. */
  readonly specific: Fraction
}

/** CNY, each. */
export interface Taxes {
  readonly duty: Fraction
  readonly consumptionTax: Fraction
  readonly vat: Fraction
}

export interface Limits {
  /** CNY for one order and for one person's calendar year. */
  readonly single: Fraction
  readonly annual: Fraction
}

export type Regime = 'within-limits' | 'full'
/** Above the year's limit; above the order's, and not one single item. */
export type NotAdmitted = 'ANNUAL-LIMIT' | 'ITEM-COUNT'

/**
 * Dutiable values in the order of the lines, to the fen. Freight and insurance are shared out by
 * price and rounded down, so that the rest, which the last line takes, is never less than nothing.
 */
export const dutiableValues = (
  prices: readonly Fraction[],
  costs: Fraction,
): readonly Fraction[] => {
  const goods = plus(...prices)
  let left = costs
  return prices.map((price, index) => {
    const isLast = index === prices.length - 1
    const share = isLast ? left : shareOf(costs, price, goods)
    left = minus(left, share)
    return halfUp(plus(price, share), FEN_PLACES)
  })
}

const shareOf = (costs: Fraction, price: Fraction, goods: Fraction): Fraction =>
  goods.above === 0n ? NOTHING : roundDown(over(times(costs, price), goods), FEN_PLACES)

/**
 * Asked in this order: the year, the order, the number of items. A value equal to a limit is within
 * it. `isOneItem`: one line of one piece.
 */
export const regimeOf = (
  value: Fraction,
  used: Fraction,
  limits: Limits,
  isOneItem: boolean,
): Regime | NotAdmitted => {
  if (compare(plus(used, value), limits.annual) > 0) return 'ANNUAL-LIMIT'
  if (compare(value, limits.single) <= 0) return 'within-limits'
  return isOneItem ? 'full' : 'ITEM-COUNT'
}

/** What the law asks for before any share of it is waived, unrounded. */
const statutory = (value: Fraction, rates: Rates, duty: Fraction): Taxes => {
  const { adValorem, specific, vat } = rates
  const dutyDue = times(value, duty)
  const base = plus(value, dutyDue, specific)
  const part = over(times(base, adValorem), minus(WHOLE, adValorem))
  const consumptionTax = plus(part, specific)
  const vatDue = times(plus(value, dutyDue, consumptionTax), vat)
  return { duty: dutyDue, consumptionTax, vat: vatDue }
}

export interface LineToTax {
  readonly dutiableValue: Fraction
  readonly rates: Rates
}

export interface Taxed {
  /** Each tax of each line, to the fen. */
  readonly lines: readonly Taxes[]
  readonly total: Taxes
}

/** `share` is k. A line without a duty rate pays none: whether one is needed is asked before. */
export const taxesOf = (
  lines: readonly LineToTax[],
  regime: Regime,
  share: Fraction,
  rounding: Rounding,
): Taxed => {
  const exact = lines.map(({ dutiableValue, rates }) => {
    const isFull = regime === 'full'
    const due = statutory(dutiableValue, rates, isFull ? (rates.duty ?? NOTHING) : NOTHING)
    return isFull ? due : eachTax((tax) => times(due[tax], share))
  })
  const rounded = exact.map((taxes) => eachTax((tax) => halfUp(taxes[tax], FEN_PLACES)))
  const summed = rounding === 'line' ? rounded : exact
  const total = eachTax((tax) => halfUp(plus(...summed.map((taxes) => taxes[tax])), FEN_PLACES))
  return { lines: rounded, total }
}

const eachTax = (of: (tax: keyof Taxes) => Fraction): Taxes => ({
  duty: of('duty'),
  consumptionTax: of('consumptionTax'),
  vat: of('vat'),
})

export const sumOf = ({ duty, consumptionTax, vat }: Taxes): Fraction =>
  plus(duty, consumptionTax, vat)
