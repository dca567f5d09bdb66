/**
 * Transaction codes of the balance of payments (国际收支交易编码, edition of 2014) that settlements of
 * cross-border e-commerce carry: seeds of the table `bop_code`, which is then loaded and edited. What
 * is not sure says so.
 */
import {
  confidence,
  note,
  type ReferenceTable,
  source,
  validFrom,
  validTo,
} from './reference/table.ts'

export interface BopCode {
  readonly code: string
  readonly validFrom: string
  readonly validTo: string | null
  readonly zh: string
  /** Whether it is given to flows of money, to gross flows that are restored, or to both. */
  readonly flow: 'actual' | 'restored' | 'both'
  readonly confidence: 'A' | 'B' | 'M' | 'I'
  readonly source: string
  readonly note: string
}

const TRADE = {
  validFrom: '2014-05-01',
  validTo: null,
  flow: 'both',
  confidence: 'A',
  source: '国际收支交易编码（2014 版）的公开摘编，两处',
  note: '起始日未见原文，按 2014 版启用月份 / its first day was not seen in the text',
} as const

const NETTED = {
  ...TRADE,
  flow: 'actual',
  confidence: 'B',
  source: '国际收支交易编码对照的公开摘编，一处',
} as const

export const bopCodes: readonly BopCode[] = [
  { ...TRADE, code: '121010', zh: '一般贸易' },
  { ...TRADE, code: '121030', zh: '海关特殊监管区域及保税监管场所进出境物流货物' },
  { ...TRADE, code: '122030', zh: '网络购物（通过第三方支付）' },
  { ...TRADE, code: '122990', zh: '其他未纳入海关统计的货物贸易' },
  { ...NETTED, code: '999998', zh: '轧差净额结算，无实际资金收付' },
  { ...NETTED, code: '999999', zh: '轧差净额结算，有实际资金收付' },
  {
    ...NETTED,
    code: '929080',
    zh: '支付机构跨境电商外汇支付引起的境内外汇划转',
    note: '由两栏对照推得 / read from two columns side by side',
  },
]

/** Codes that only netting gives; a settlement that nets costs carries one of them. */
export const nettingCodes = { without: '999998', with: '999999' } as const

export const bopCodeTable: ReferenceTable = {
  name: 'bop-codes',
  zh: '国际收支交易编码',
  en: 'transaction codes of the balance of payments',
  table: 'bop_code',
  columns: [
    {
      ...{ name: 'code', zh: '交易编码', en: 'code', as: 'text', required: true },
      form: { pattern: /^\d{6}$/, zh: '六位数字', en: '6 digits' },
    },
    validFrom,
    validTo,
    { name: 'zh', zh: '名称', en: 'name', as: 'text', required: true },
    {
      ...{ name: 'flow', zh: '适用数据', en: 'flow', as: 'text', required: true },
      values: ['actual', 'restored', 'both'],
    },
    confidence,
    source,
    note,
  ],
  key: ['code', 'validFrom'],
  dating: 'row',
}
