/**
 * The scoreboard of 渝府发〔2019〕17号 §二(五): which indicators a start seeds, and what the year's target
 * is by the same document. Pure data, edited in the database afterwards. The figures were told to us; the
 * document's own text is not at hand, and the confidence of each row says so.
 */
import type { Text } from '../kernel/fault.ts'

/** Whether an indicator counts enterprises, or what they name in their tags. */
export const indicatorCounts = ['enterprise', 'subject'] as const
export type IndicatorCounts = (typeof indicatorCounts)[number]

/** Tags that the seeded indicators count; an operator may use others. */
export const tags = [
  'payment-institution',
  'foreign-trade-leader',
  'cross-border-leader',
  'overseas-warehouse',
] as const

export interface Indicator extends Text {
  readonly indicator: string
  readonly tag: (typeof tags)[number]
  readonly counts: IndicatorCounts
  /** Decimal text; null where no figure is known. */
  readonly lowest: string | null
  readonly highest: string | null
  /** `yyyy-MM-dd` */
  readonly due: string | null
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: 'A' | 'B' | 'M' | 'I'
  readonly source: string
  readonly note: string
}

const POLICY = '渝府发〔2019〕17号'
/** The day of issue is not at hand: the year of its number. */
const POLICY_FROM = '2019-01-01'
const UNCONFIRMED =
  '条文原文未核实，发文日期未核实 / neither the wording nor the day of issue is confirmed'

const policy = {
  ...{ due: '2022-12-31', validFrom: POLICY_FROM, validTo: null, confidence: 'M' as const },
  ...{ source: `${POLICY} §二(五)`, note: UNCONFIRMED },
}

export const indicators: readonly Indicator[] = [
  {
    ...{ indicator: 'payment-institutions', tag: 'payment-institution', counts: 'enterprise' },
    zh: '在渝开展跨境电商结算的支付机构和银行',
    en: 'Payment institutions and banks that settle cross-border e-commerce in Chongqing',
    ...{ lowest: '3', highest: '5', ...policy },
  },
  {
    ...{ indicator: 'foreign-trade-leaders', tag: 'foreign-trade-leader', counts: 'enterprise' },
    zh: '开展电商的外贸龙头企业',
    en: 'Leading foreign-trade enterprises that do e-commerce',
    ...{ lowest: '10', highest: null, ...policy },
  },
  {
    ...{ indicator: 'cross-border-leaders', tag: 'cross-border-leader', counts: 'enterprise' },
    zh: '跨境电商龙头企业',
    en: 'Leading enterprises of cross-border e-commerce',
    ...{ lowest: '10', highest: null, ...policy },
  },
  {
    ...{ indicator: 'overseas-warehouses', tag: 'overseas-warehouse', counts: 'subject' },
    zh: '海外仓',
    en: 'Overseas warehouses',
    ...{ lowest: null, highest: null, ...policy, due: null },
    note: `${UNCONFIRMED}；目标数量未知 / the number aimed at is not known`,
  },
]

/** What the figures of a target are made of: 交易及结算, released trade and settlement together. */
export const TARGET_SCOPE = 'policy'

/** The one target that was published: 500亿 of trade and settlement in 2022. */
export const seededTarget = {
  ...{ year: '2022', zone: '', amount: '50000000000', validFrom: POLICY_FROM, validTo: null },
  confidence: 'B',
  source: POLICY,
  note: UNCONFIRMED,
} as const
