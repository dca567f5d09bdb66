/**
 * What the taxes of goods come to, told from data that is at hand: the limits and rates of their day.
 * Used for a question (`tax.ts`) and for a stored list (`list-tax.ts`). An estimate is ours; what
 * customs bills is what is due.
 */
import { declarations } from '../catalogue/index.ts'
import type { AnyDocument, Declaration, Quota, Taxed } from '../catalogue/message.ts'
import { type Rounding, roundings } from '../catalogue/tax-rates.ts'
import { headOfDocument } from '../codec/document.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import {
  compare,
  type Fraction,
  fraction,
  halfUp,
  NOTHING,
  plus,
  readFraction,
  times,
  WHOLE,
  writeFixed,
} from '../kernel/fraction.ts'
import {
  dutiableValues,
  FEN_PLACES,
  type LineToTax,
  type NotAdmitted,
  type Quantity,
  type Rates,
  type Regime,
  regimeOf,
  sumOf,
  type Taxed as TaxedLines,
  type Taxes,
  taxesOf,
} from '../rules/tax.ts'
import { type ReadRate, rateOf, ratesFrom } from '../rules/tax-rates.ts'
import type { RuleValues } from '../store/rule-values.ts'
import { taxFault } from './tax-faults.ts'

const isTaxed = (
  entry: Declaration,
): entry is Declaration & { readonly taxed: Taxed; readonly quota: Quota } =>
  entry.taxed !== undefined && entry.quota !== undefined

/** The one kind of list that these taxes are declared on; a second one would have to be asked for. */
export const taxedList = (() => {
  const [entry, ...more] = declarations.filter(isTaxed)
  if (entry === undefined || more.length > 0) throw new Error('not one kind of list is taxed')
  return entry
})()

/** The tax that a document says was collected; null for kinds that say nothing of it. */
export const withheldOf = (entry: Declaration, document: AnyDocument): string | null => {
  const { kind, field } = taxedList.taxed.withheld
  return entry.code === kind ? (headOfDocument(entry, document)[field] ?? null) : null
}

/** Rates that somebody gives for a line instead of those of the table. */
export interface GivenRates extends Rates {
  readonly told: RatesView
}

export interface GoodsLine {
  readonly code: string
  /** In the currency of the order. */
  readonly price: Fraction
  readonly quantities: readonly Quantity[]
  /** Given rates; undefined with faults told already where they cannot be used. */
  readonly given?: GivenRates | undefined
}

export interface Goods {
  /** `yyyy-MM-dd` */
  readonly on: string
  readonly lines: readonly GoodsLine[]
  /** Freight and insurance, in the currency of the order. */
  readonly costs: Fraction
  /** CNY for one unit of that currency. */
  readonly exchange: Fraction
  /** What the buyer used of his year before, CNY. */
  readonly used: Fraction
  /** JSON Pointers of the day and of the lines. */
  readonly dayAt: string
  readonly linesAt: string
}

/** What the gateway knows on that day. */
export interface TaxBasis {
  /** Undefined where no limits are known on that day. */
  readonly limits: TaxLimits | undefined
  readonly rates: readonly ReadRate[]
}

/** CNY as decimal text with two places. Null where the goods are not admitted. */
export interface TaxAmounts {
  readonly duty: string | null
  readonly consumptionTax: string | null
  readonly vat: string | null
  readonly total: string | null
}

/** Fractions as decimal text; `duty` null where none is known. */
export interface RatesView {
  readonly duty: string | null
  readonly vat: string
  readonly consumption: {
    readonly adValorem: string
    readonly perUnit: string
    readonly unit: string | null
  }
  /** Null for rates that the caller gave. */
  readonly source: string | null
  readonly confidence: string | null
}

export interface TaxEstimate extends TaxAmounts {
  readonly date: string
  readonly admitted: boolean
  readonly reason: NotAdmitted | null
  readonly text: Text | null
  readonly regime: Regime | null
  readonly dutiableValue: string
  readonly items: readonly (TaxAmounts & {
    readonly gcode: string
    readonly dutiableValue: string
    readonly rates: RatesView | null
  })[]
  readonly limits: { readonly single: string; readonly annual: string; readonly share: string }
  readonly rounding: Rounding
}

export type Estimated =
  | {
      readonly kind: 'estimate'
      readonly estimate: TaxEstimate
      /** What a tax of the whole list may differ by before anybody should look, CNY. */
      readonly tolerance: Fraction
    }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }

/** Taxes of goods as figures, before anything of them is written out. */
export type Reckoned =
  | {
      readonly kind: 'taxed' | 'not-admitted'
      readonly limits: TaxLimits
      /** Dutiable value of all goods and of each line, CNY. */
      readonly value: Fraction
      readonly values: readonly Fraction[]
      readonly regime: Regime | NotAdmitted
      /** None where the goods are not admitted. */
      readonly rated: readonly RatedGoods[]
      readonly taxed: TaxedLines | undefined
      /** What a tax of the whole list may differ by before anybody should look, CNY. */
      readonly tolerance: Fraction
    }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }

export const reckonGoods = (goods: Goods, basis: TaxBasis): Reckoned => {
  const { limits } = basis
  if (limits === undefined)
    return { kind: 'faults', faults: [taxFault('date-NO_RULE', goods.dayAt)] }
  const { exchange, lines, used } = goods
  const prices = lines.map(({ price }) => times(price, exchange))
  const costs = times(goods.costs, exchange)
  const values = dutiableValues(prices, costs)
  const value = halfUp(plus(...prices, costs), FEN_PLACES)
  const regime = regimeOf(value, used, limits, isOneItem(lines))
  const tolerance = times(limits.tolerance, fraction(BigInt(lines.length), 1n))
  const told = { limits, value, values, regime, tolerance }
  if (regime === 'ANNUAL-LIMIT' || regime === 'ITEM-COUNT')
    return { kind: 'not-admitted', ...told, rated: [], taxed: undefined }
  const { faults, rated } = rateLines(goods, basis.rates, values, regime)
  if (faults.length > 0) return { kind: 'faults', faults }
  const taxed = taxesOf(rated, regime, limits.share, limits.rounding)
  return { kind: 'taxed', ...told, rated, taxed }
}

export const estimateGoods = (goods: Goods, basis: TaxBasis): Estimated =>
  estimateOf(goods, reckonGoods(goods, basis))

export const estimateOf = ({ on, lines }: Goods, reckoned: Reckoned): Estimated => {
  if (reckoned.kind === 'faults') return reckoned
  const { limits, value, values, regime, rated, taxed, tolerance } = reckoned
  const plain = {
    ...{ date: on, dutiableValue: money(value), rounding: limits.rounding },
    limits: limits.told,
  }
  if (regime === 'ANNUAL-LIMIT' || regime === 'ITEM-COUNT') {
    const items = lines.map(({ code: gcode }, index) => ({
      ...{ gcode, dutiableValue: money(values[index]), ...NONE, rates: null },
    }))
    const refused = { admitted: false, reason: regime, text: reasons[regime], regime: null }
    return { kind: 'estimate', estimate: { ...plain, ...refused, ...NONE, items }, tolerance }
  }
  const items = rated.map(({ code: gcode, dutiableValue, told }, index) => ({
    ...{ gcode, dutiableValue: money(dutiableValue) },
    ...amountsOf(taxed?.lines[index]),
    rates: told(),
  }))
  const admitted = { admitted: true, reason: null, text: null, regime }
  const estimate = { ...plain, ...admitted, ...amountsOf(taxed?.total), items }
  return { kind: 'estimate', estimate, tolerance }
}

const NONE: TaxAmounts = { duty: null, consumptionTax: null, vat: null, total: null }

const reasons: Readonly<Record<NotAdmitted, Text>> = {
  'ANNUAL-LIMIT': {
    zh: '超出该订购人的年度交易限值，不能以零售进口申报（以海关数据为准）',
    en: 'Above the limit of the buyer’s year: no retail import (customs’ own figures decide)',
  },
  'ITEM-COUNT': {
    zh: '超出单次交易限值，且不止一件商品，不能以零售进口申报',
    en: 'Above the limit of one order, and more than one item: no retail import',
  },
}

/** "Exactly one item" is read as one line of one piece, as the buyer's quota reads it. */
const isOneItem = (lines: readonly GoodsLine[]): boolean => {
  const traded = lines[0]?.quantities[0]
  return lines.length === 1 && traded !== undefined && compare(traded.amount, WHOLE) === 0
}

export type TaxLimits = NonNullable<ReturnType<typeof taxLimits>>

/** Limits and shares of a day, with its way of rounding unless another one is asked for. */
export const taxLimits = (values: RuleValues, asked?: Rounding) => {
  const kind = taxedList.code
  const told = {
    single: values('single-limit', kind)?.value ?? '',
    annual: values('annual-limit', kind)?.value ?? '',
    share: values('import-tax-share', kind)?.value ?? '',
  }
  const [single, annual] = [readFraction(told.single), readFraction(told.annual)]
  const share = readFraction(told.share)
  if (single === undefined || annual === undefined || share === undefined) return undefined
  const named = values('tax-rounding', kind)?.value
  const rounding = asked ?? roundings.find((one) => one === named) ?? 'line'
  const tolerance = readFraction(values('tax-tolerance', kind)?.value ?? '') ?? NOTHING
  return { single, annual, share, rounding, tolerance, told }
}

type RatedGoods = LineToTax & { readonly code: string; readonly told: () => RatesView }

const rateLines = (
  goods: Goods,
  rows: readonly ReadRate[],
  values: readonly Fraction[],
  regime: Regime,
): { readonly faults: readonly Fault[]; readonly rated: readonly RatedGoods[] } => {
  const faults: Fault[] = []
  const rated: RatedGoods[] = []
  for (const [index, line] of goods.lines.entries()) {
    const dutiableValue = values[index]
    if (dutiableValue === undefined) throw new Error('a line without a dutiable value')
    const found = ratesOfLine(rows, line, dutiableValue, goods.on)
    const faultAt = (code: Parameters<typeof taxFault>[0], field: string): number =>
      faults.push(taxFault(code, at(at(goods.linesAt, index), field)))
    if (typeof found === 'string') faultAt(found, found === 'qty1-NEEDED' ? 'qty1' : 'gcode')
    else if (regime === 'full' && found.rates.duty === undefined)
      faultAt('gcode-NO_DUTY_RATE', 'gcode')
    else rated.push({ code: line.code, dutiableValue, rates: found.rates, told: found.told })
  }
  return { faults, rated }
}

const ratesOfLine = (
  rows: readonly ReadRate[],
  { code, given, quantities }: GoodsLine,
  dutiableValue: Fraction,
  on: string,
): Pick<RatedGoods, 'rates' | 'told'> | 'gcode-NO_RATE' | 'qty1-NEEDED' => {
  if (given !== undefined) return { rates: given, told: () => given.told }
  const found = rateOf(rows, { code, dutiableValue, quantities }, on)
  if (found.kind === 'unknown') return 'gcode-NO_RATE'
  if (found.kind === 'undecided') return 'qty1-NEEDED'
  const rates = ratesFrom(found.rate, quantities)
  // Written out only where somebody sees it: at intake nobody does.
  return rates === undefined ? 'qty1-NEEDED' : { rates, told: () => viewOf(found.rate.row) }
}

const viewOf = ({
  duty,
  vat,
  adValorem,
  perUnit,
  unit,
  source,
  confidence,
}: ReadRate['row']): RatesView => ({
  ...{ duty, vat, source, confidence },
  consumption: { adValorem, perUnit, unit: unit === '' ? null : unit },
})

export const amountsOf = (taxes: Taxes | undefined): TaxAmounts =>
  taxes === undefined
    ? NONE
    : {
        duty: money(taxes.duty),
        consumptionTax: money(taxes.consumptionTax),
        vat: money(taxes.vat),
        total: money(sumOf(taxes)),
      }

export const money = (value: Fraction | undefined): string =>
  value === undefined ? '' : writeFixed(value, FEN_PLACES)
