/**
 * Settlement records (结算记录) of payment institutions and banks: foreign exchange sold (结汇) or
 * bought (购汇), and RMB received or paid across the border, with the costs abroad that were netted
 * and the orders or lists that the money is for (汇发〔2019〕13号, 汇发〔2020〕11号, 银发〔2022〕139号).
 * They travel as JSON or in sheets and never to customs.
 */
import { decimal, type Field, optionalDecimal, optionalText, text } from './field.ts'
import { many, one, table } from './message.ts'

/** Two places: the fen, and the cent of every currency that is settled here. */
const MONEY = { digits: 19, fraction: 2 } as const
/** Lines of one record: an institution settles in aggregate; a month of one seller has some hundreds. */
export const SETTLEMENT_LINES_MAX = 1_000

const head = {
  number: text({
    zh: '结算编号',
    max: 60,
    note: 'The institution’s own number; with the institution it names the record.',
  }),
  institution: text({
    zh: '结算机构代码',
    max: 18,
    identity: 'enterprise',
    note: 'Payment institution or bank that settled: customs code (10) or credit code (18).',
  }),
  version: text({
    zh: '版本号',
    max: 6,
    note: '1 when handed in first; one more for each change of what was handed in before.',
  }),
  bank: text({ zh: '办理银行', max: 100, note: 'Bank that carried the settlement out.' }),
  nature: text({
    zh: '数据性质',
    length: 1,
    values: { '1': '实际收付', '2': '还原', '3': '退款' },
    note: 'Restored records state the gross flows behind an actual one again and count for nothing.',
  }),
  reference: optionalText({
    zh: '关联结算编号',
    max: 60,
    requiredWhen: { field: 'nature', in: ['2', '3'] },
    note: 'Number of the actual record that is refunded, or behind which this flow lies.',
  }),
  direction: text({
    zh: '业务类型',
    length: 1,
    values: { '1': '结汇', '2': '购汇', '3': '人民币收款', '4': '人民币付款' },
  }),
  seller: text({
    zh: '商户代码',
    max: 18,
    identity: 'enterprise',
    note: 'Seller the money is for or from: customs code (10) or credit code (18).',
  }),
  periodFrom: text({ zh: '结算期起日', length: 8, moment: 8, notAbove: 'periodTo' }),
  periodTo: text({ zh: '结算期止日', length: 8, moment: 8 }),
  currency: text({ zh: '币制', length: 3, list: 'currency', note: 'RMB in and out: 142.' }),
  gross: decimal({ zh: '结算总额', ...MONEY, note: 'Of the lines, before costs are netted.' }),
  storage: optionalDecimal({
    zh: '轧差仓储费',
    ...MONEY,
    note: 'Costs abroad netted; nothing when left out.',
  }),
  logistics: optionalDecimal({ zh: '轧差物流费', ...MONEY }),
  tax: optionalDecimal({ zh: '轧差税费', ...MONEY }),
  platform: optionalDecimal({ zh: '轧差平台费', ...MONEY }),
  net: decimal({ zh: '实际收付金额', ...MONEY, note: 'gross less the four costs.' }),
  rate: decimal({
    zh: '汇率',
    digits: 16,
    fraction: 8,
    note: 'CNY for one unit of the currency; 1 for RMB.',
  }),
  rmb: decimal({ zh: '人民币金额', ...MONEY, note: 'net at the rate.' }),
  valueDate: text({ zh: '起息日', length: 8, moment: 8 }),
  bopCode: text({
    zh: '交易编码',
    length: 6,
    note: 'Transaction code of the balance of payments, as the reference table bop-codes has it.',
  }),
  postscript: optionalText({ zh: '交易附言', max: 200 }),
} as const satisfies Readonly<Record<string, Field>>

const line = {
  orderNo: optionalText({ zh: '订单编号', max: 60 }),
  listNo: optionalText({
    zh: '清单编号',
    max: 60,
    note: 'Number that customs gave the list (invtNo); or the declarant’s own, with agentCode.',
  }),
  agentCode: optionalText({
    zh: '申报企业代码',
    max: 18,
    note: 'Of a list named by its own number (copNo).',
  }),
  amount: decimal({
    zh: '金额',
    ...MONEY,
    note: 'Of this order or list, in the record’s currency.',
  }),
} as const satisfies Readonly<Record<string, Field>>

export const settlement = table({
  sort: 'table',
  code: 'SETTLEMENT',
  zh: '结算记录',
  en: 'settlement record',
  direction: 'export',
  node: 'Settlement',
  nodeMax: 1,
  key: ['number', 'institution'],
  body: {
    groups: {
      SettlementHead: one('结算信息', head),
      SettlementList: many('结算明细', SETTLEMENT_LINES_MAX, line),
    },
  },
})

/** Who settles. */
export const settlers = {
  code: settlement.code,
  owners: [
    { role: 'payer', field: 'institution' },
    { role: 'bank', field: 'institution' },
  ],
  byDxp: false,
} as const

/** What the codes of `nature` and `direction` mean to whoever reckons. */
export const natures = { actual: '1', restored: '2', refund: '3' } as const
export type Nature = (typeof natures)[keyof typeof natures]

export const settlementDirections = {
  '1': { zh: '结汇', en: 'Foreign exchange in', inward: true, rmb: false },
  '2': { zh: '购汇', en: 'Foreign exchange out', inward: false, rmb: false },
  '3': { zh: '人民币收款', en: 'RMB in', inward: true, rmb: true },
  '4': { zh: '人民币付款', en: 'RMB out', inward: false, rmb: true },
} as const

export type SettlementDirection = keyof typeof settlementDirections

/** Money in is for exports, money out for imports: the side of trade it counts on. */
export const tradeOf = (direction: SettlementDirection): 'import' | 'export' =>
  settlementDirections[direction].inward ? 'export' : 'import'

/** Members with the costs abroad that are netted. */
export const settlementCosts = ['storage', 'logistics', 'tax', 'platform'] as const

/** Currencies by their digits, as far as rules name one. */
export const YUAN = '142'
export const DOLLAR = '502'

/** Lists that settlements are for: their kinds, and the name of the number customs gives them. */
export const settledLists = { kinds: ['CEB621', 'CEB603'], number: 'invtNo' } as const

/** Why a line has no list. */
export const openReasons = {
  unknown: {
    zh: '尚无该商户名下、方向相符、海关已受理的这一订单或清单',
    en: 'Customs has no list of this seller and direction with that number yet',
  },
  unreleased: {
    zh: '清单已申报、尚未放行；金额已预留，放行后对应',
    en: 'The list is declared and not released: the amount is reserved of it, and matched on release',
  },
  several: {
    zh: '同一订单有多份清单，须写明清单编号',
    en: 'Several lists have that order: the line must name one',
  },
  rate: {
    zh: '缺少清单所属月份的海关汇率，无法比较金额',
    en: 'A rate of customs for the month of the list is missing: amounts cannot be compared',
  },
  over: {
    zh: '清单未结金额不足；更正前不计入已结算',
    en: 'The list has not so much left to be settled: counts as settled only when that is mended',
  },
  original: { zh: '原结算明细尚未对应清单', en: 'The line that is refunded has no list yet' },
} as const

export type OpenReason = keyof typeof openReasons

/** What figures of settlements are compared with; each side is read from where it is kept. */
export const settlementLegs = {
  costs: { zh: '总额 = 境外费用 + 净额（记录）', en: 'Gross = costs + net, of the records' },
  lines: { zh: '明细合计 = 总额', en: 'Lines = gross' },
  lists: { zh: '各清单已对应 = 各明细已对应', en: 'Settled by list = lines matched' },
  open: {
    zh: '放行金额 − 未结金额 = 明细已对应与预留（按放行月份）',
    en: 'Released value − open = lines matched or reserved, by month of release',
  },
  ledger: {
    zh: '记录人民币金额（不计超出部分）= 总账“已结算”',
    en: 'CNY of the records, less what is over = scope “settled” of the ledger',
  },
  sums: {
    zh: '所列合计中计入已结算的金额 = 总账“已结算”（即时）',
    en: 'Counted in the rows that are told = scope “settled” of the ledger, as of now',
  },
} as const

export type SettlementLeg = keyof typeof settlementLegs

/** Reasons for which money waits for an order or a list and takes nothing of any. */
export const waitingReasons = [
  'unknown',
  'several',
  'rate',
  'original',
] as const satisfies readonly OpenReason[]
