/**
 * A question before anything is declared: what taxes these goods would bear on this day, and whether
 * the retail channel takes them. Nothing is stored.
 */
import type { Rounding } from '../catalogue/tax-rates.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import { compare, fraction, NOTHING, plus, readFraction, times, WHOLE } from '../kernel/fraction.ts'
import { firstOfMonthBefore, rateDay } from '../rules/exchange-rates.ts'
import { isReturnInTime, type ReturnWindow, returnWindow } from '../rules/returns.ts'
import type { Quantity } from '../rules/tax.ts'
import { codesAbove, quantityIn, readRates } from '../rules/tax-rates.ts'
import { type ExchangeRate, findExchangeRate } from '../store/exchange-rates.ts'
import { findRestDays, findRuleValues, type RuleValues } from '../store/rule-values.ts'
import { findTaxRates } from '../store/tax-rates.ts'
import {
  estimateGoods,
  type GivenRates,
  type Goods,
  type GoodsLine,
  type TaxEstimate,
  taxedList,
  taxLimits,
} from './tax-estimate.ts'
import { exchangeFault, taxFault } from './tax-faults.ts'
import type { FlowDeps } from './types.ts'

/** Decimal texts; rates are fractions. */
export interface TaxItem {
  readonly gcode: string
  readonly qty: string
  readonly unit?: string | undefined
  readonly qty1?: string | undefined
  readonly unit1?: string | undefined
  readonly qty2?: string | undefined
  readonly unit2?: string | undefined
  readonly totalPrice: string
  readonly rates?: AskedRates | undefined
}

/** `perUnit` is CNY for one `unit`; without a unit for one of the first legal quantity. */
export interface AskedRates {
  readonly duty?: string | undefined
  readonly vat: string
  readonly consumption?:
    | {
        readonly adValorem?: string | undefined
        readonly perUnit?: string | undefined
        readonly unit?: string | undefined
      }
    | undefined
}

export interface TaxQuestion {
  /** `yyyy-MM-dd` */
  readonly date: string
  readonly tradeMode: string
  readonly currency: string
  readonly freight: string
  readonly insuredFee: string
  /** CNY that the buyer used of the calendar year before. */
  readonly buyerUsed: string
  readonly items: readonly TaxItem[]
  readonly rounding?: Rounding | undefined
  /** Days of a return, `yyyy-MM-dd`: whether it leaves the tax standing. */
  readonly returned?:
    | {
        readonly releasedOn: string
        readonly appliedOn: string
        readonly arrivedOn?: string | undefined
      }
    | undefined
}

export interface TaxAnswer extends TaxEstimate {
  /** What the amounts were converted with; null for CNY. */
  readonly exchangeRate: ExchangeRate | null
  /** Null when no return was asked about, or no rule of returns is in force. */
  readonly returned:
    | (ReturnWindow & { readonly taxStands: boolean | null; readonly text: Text })
    | null
}

export type TaxAnswered =
  | { readonly kind: 'answer'; readonly answer: TaxAnswer }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }

const YUAN = '142'

export const estimateTax = async (
  deps: Pick<FlowDeps, 'db'>,
  asked: TaxQuestion,
): Promise<TaxAnswered> => {
  const { date, currency } = asked
  const values = await findRuleValues(deps.db, date)
  const exchangeRate =
    currency === YUAN ? null : ((await findExchangeRate(deps.db, currency, date)) ?? 'missing')
  const { lines, faults } = linesOf(asked.items)
  if (!taxedList.quota.modes.includes(asked.tradeMode))
    faults.push(taxFault('tradeMode-NOT_RETAIL', '/tradeMode'))
  if (exchangeRate === 'missing') faults.push(await missingRate(deps, date))
  if (faults.length > 0 || exchangeRate === 'missing') return { kind: 'wrong', faults }
  const goods: Goods = {
    ...{ on: date, lines, dayAt: '/date', linesAt: '/items' },
    costs: plus(read(asked.freight), read(asked.insuredFee)),
    exchange: exchangeRate === null ? WHOLE : read(exchangeRate.rate),
    used: read(asked.buyerUsed),
  }
  const codes = new Set(lines.flatMap(({ code }) => codesAbove(code)))
  const rates = await findTaxRates(deps.db, [...codes])
  const estimated = estimateGoods(goods, {
    limits: taxLimits(values, asked.rounding),
    rates: readRates(rates),
  })
  if (estimated.kind === 'faults') return { kind: 'wrong', faults: estimated.faults }
  const returned = asked.returned && (await returnedOf(deps, asked.returned))
  const answer = { ...estimated.estimate, exchangeRate, returned: returned ?? null }
  return { kind: 'answer', answer }
}

const missingRate = async (deps: Pick<FlowDeps, 'db'>, date: string): Promise<Fault> => {
  const month = date.slice(0, 7)
  const restDays = await findRestDays(deps.db, firstOfMonthBefore(month), `${month}-01`)
  return exchangeFault(rateDay(month, restDays), '/currency')
}

const linesOf = (items: readonly TaxItem[]) => {
  const faults: Fault[] = []
  const lines = items.map((item, index): GoodsLine => {
    const quantities = quantitiesOf(item)
    const line = { code: item.gcode, price: read(item.totalPrice), quantities }
    if (item.rates === undefined) return line
    const place = at(at('/items', index), 'rates')
    const wrong = wrongRates(item.rates).map((path) => path.reduce(at, place))
    faults.push(...wrong.map((pointer) => taxFault('rates-NOT_FRACTION', pointer)))
    const given = wrong.length === 0 ? givenRates(item.rates, quantities) : undefined
    if (wrong.length === 0 && given === undefined)
      faults.push(taxFault('qty1-NEEDED', at(at('/items', index), 'qty1')))
    return { ...line, given }
  })
  return { lines, faults }
}

const quantitiesOf = (item: TaxItem): readonly Quantity[] => {
  const told = [
    { text: item.qty, unit: item.unit, isLegal: false },
    { text: item.qty1, unit: item.unit1, isLegal: true },
    { text: item.qty2, unit: item.unit2, isLegal: false },
  ]
  return told.flatMap(({ text, unit, isLegal }) =>
    text === undefined ? [] : [{ amount: read(text), unit, isLegal }],
  )
}

/** No duty is higher than this; whoever writes 20 for 20 per cent is told. */
const DUTY_MAX = fraction(2n, 1n)

/** Paths of what cannot be a rate. */
const wrongRates = ({ duty, vat, consumption }: AskedRates): readonly (readonly string[])[] => [
  ...(compare(read(duty), DUTY_MAX) > 0 ? [['duty']] : []),
  ...(compare(read(vat), WHOLE) >= 0 ? [['vat']] : []),
  ...(compare(read(consumption?.adValorem), WHOLE) >= 0 ? [['consumption', 'adValorem']] : []),
]

/** Undefined when a tax per unit is asked for and the line tells no quantity in that unit. */
const givenRates = (
  { duty, vat, consumption }: AskedRates,
  quantities: readonly Quantity[],
): GivenRates | undefined => {
  const { adValorem = '0', perUnit = '0', unit = '' } = consumption ?? {}
  const quantity = quantityIn(quantities, unit, unit)
  if (quantity === undefined && read(perUnit).above !== 0n) return undefined
  return {
    duty: duty === undefined ? undefined : read(duty),
    vat: read(vat),
    adValorem: read(adValorem),
    specific: times(read(perUnit), quantity ?? NOTHING),
    told: {
      ...{ duty: duty ?? null, vat, source: null, confidence: null },
      consumption: { adValorem, perUnit, unit: unit === '' ? null : unit },
    },
  }
}

/** The route has read them before: all are plain decimals. */
const read = (text: string | undefined) =>
  (text === undefined ? NOTHING : readFraction(text)) ?? NOTHING

/** The rule in force on the day of release decides, as it does when a return is handed in. */
const returnedOf = async (
  deps: Pick<FlowDeps, 'db'>,
  { releasedOn, appliedOn, arrivedOn }: NonNullable<TaxQuestion['returned']>,
): Promise<TaxAnswer['returned']> => {
  const values: RuleValues = await findRuleValues(deps.db, releasedOn)
  const apply = values('return-apply-days', taxedList.code)?.value
  const arrive = values('return-arrive-days', taxedList.code)?.value
  if (apply === undefined || arrive === undefined) return null
  const window = returnWindow(releasedOn, { apply: Number(apply), arrive: Number(arrive) })
  const inTime = isReturnInTime(window, appliedOn, arrivedOn)
  if (inTime === undefined) return { ...window, taxStands: null, text: returns.open }
  return { ...window, taxStands: !inTime, text: inTime ? returns.inTime : returns.late }
}

const returns = {
  open: {
    zh: '申请在期限内；货物在期限内退回的，税款不予征收',
    en: 'Applied for in time: no tax is levied if the goods are back in time',
  },
  inTime: {
    zh: '退货在期限内，税款不予征收，年度限值额度相应调整',
    en: 'Returned in time: no tax is levied, and the buyer’s year is corrected',
  },
  late: {
    zh: '退货逾期，税款照征，年度限值额度不恢复',
    en: 'Returned late: the tax stands, and the buyer’s year is not corrected',
  },
} as const satisfies Readonly<Record<string, Text>>
