/**
 * Figures of rules that change by announcement: seeds of the table `rule_value`, which is then
 * edited in the database. Each says where it comes from and how sure it is: A official or told by
 * two independent sources, B by one, M from general knowledge only, to be confirmed before anybody
 * relies on it, I our own choice. What is not sure warns; it never refuses.
 */
import { originalPayment } from './original-payment.ts'
import { settlement } from './settlement.ts'

export type RuleName =
  /** Days after release within which a return must be applied for. */
  | 'return-apply-days'
  /** Days after release within which the goods must be back. */
  | 'return-arrive-days'
  /** Greatest value of one parcel, CNY, that may go the simplified way. */
  | 'simplified-amount-max'
  /** First digits of the offices that lie in a comprehensive pilot zone; the simplified way needs one. */
  | 'pilot-zone-offices'
  /** Day of the following month until which the lists of a month are summarised. */
  | 'summary-day'
  /** `yes` when that day moves to the next working day. */
  | 'summary-day-moves'
  /** Greatest dutiable value of one retail import order, CNY, and of one buyer's calendar year. */
  | 'single-limit'
  | 'annual-limit'
  /** Share of consumption tax and VAT that is paid within these limits, as a fraction. */
  | 'import-tax-share'
  /** Where taxes are rounded to the fen: `line` or `list`. */
  | 'tax-rounding'
  /** What a billed tax may differ by from the estimate, CNY for each line of the list. */
  | 'tax-tolerance'
  /** How many times the usual longest (95th percentile) a stage may take before it is called stuck. */
  | 'stuck-factor'
  /** Minutes below which no stage is called stuck, and after which one without a usual time is. */
  | 'stuck-floor-minutes'
  | 'stuck-unknown-minutes'
  /** Days after release from which, and until which, the tax of a retail import is paid. */
  | 'tax-first-day'
  | 'tax-last-day'
  /** Years for which lines of the log of accesses are kept; whole, at least 1. */
  | 'access-log-years'
  /** Years for which original payment data is kept after it was handed in; whole, at least 1. */
  | 'original-payment-years'
  /**
   * Enterprises in a role that a published figure is made of at least: smaller ones are put together
   * with others. The kind is the role.
   */
  | 'open-enterprises-min'
  /** Licence under which open data is published, as its address or name; see {@link UNDECIDED}. */
  | 'open-licence'
  /** What the RMB amount of a settlement may differ by from net times rate, CNY. */
  | 'settlement-rmb-tolerance'
  /** Share of a list's value that settlements in another currency may go beyond it, or leave open. */
  | 'settlement-cross-tolerance'
  /** Share by which the rate of a settlement may differ from customs' rate of its month unremarked. */
  | 'settlement-rate-tolerance'
  /** Days since release that end the first, second and third group of open items. */
  | 'settlement-age-first'
  | 'settlement-age-second'
  | 'settlement-age-third'
  /** USD of receipts, or of payments, of a calendar year above which a seller registers; and nears it. */
  | 'registration-line-usd'
  | 'registration-near-usd'
  /** Whether that line is about amounts before costs are netted (`gross`) or after (`net`). */
  | 'registration-basis'

export interface RuleValue {
  readonly name: RuleName
  /** Code of what the rule is about: a declaration, the original payment data, or a role. */
  readonly kind: string
  readonly value: string
  /** `yyyy-MM-dd`, both days included; null: until further notice. */
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: 'A' | 'B' | 'M' | 'I'
  readonly source: string
  readonly note: string
}

const RETURNS = {
  kind: 'CEB621',
  validFrom: '2020-03-28',
  validTo: null,
  confidence: 'B',
  source: '海关总署公告2020年第45号',
  note: '天数有多处来源；起始日仅见一处 / the days have several sources, the first day one',
} as const

const IMPORTS = { kind: 'CEB621', validTo: null, confidence: 'A' } as const
const LIMITS_2016 = {
  ...{ ...IMPORTS, validFrom: '2016-04-08', validTo: '2018-12-31' },
  source: '财关税〔2016〕18号',
  note: '人民币元，含本数 / CNY, the figure itself included',
} as const
const LIMITS_2019 = {
  ...{ ...IMPORTS, validFrom: '2019-01-01' },
  source: '财关税〔2018〕49号',
  note: '人民币元，是否含本数未见原文，按含本数计 / CNY, taken to include the figure itself',
} as const

const LISTS = { kind: 'CEB603', validTo: null } as const

const TAX_DAYS = {
  kind: 'CEB621',
  validFrom: '2019-01-01',
  validTo: null,
  confidence: 'M',
  source: '海关总署公告2018年第194号',
  note: '放行后第 31 日至第 45 日缴纳，未见原文 / paid from day 31 to day 45 after release; text not seen',
} as const

/** Of rules that are about documents of every kind. */
export const EVERY_KIND = '*'

const CLOCKS = {
  kind: EVERY_KIND,
  validFrom: '2020-01-01',
  validTo: null,
  confidence: 'I',
  source: '本平台的提醒阈值',
  note: '只作提醒，不是海关时限 / a reminder of ours, no time limit of customs',
} as const

/** Value of what somebody has to decide first. */
export const UNDECIDED = 'undecided'

const OPEN = {
  name: 'open-enterprises-min',
  value: '3',
  validFrom: '2020-01-01',
  validTo: null,
  confidence: 'I',
  source: '本平台的约定',
  note: '少于此数的统计单元并入“其他” / cells of fewer are merged into “other”',
} as const

const SETTLEMENTS = {
  kind: settlement.code,
  validFrom: '2019-01-01',
  validTo: null,
  confidence: 'I',
  source: '本平台的约定',
} as const

const REGISTRATION = {
  kind: settlement.code,
  validFrom: '2021-01-01',
  validTo: null,
  confidence: 'A',
  source: '国家外汇管理局 2021 年政策问答',
  note: '小微跨境电商企业年度收汇或付汇累计，美元 / yearly receipts or payments of a small seller, USD',
} as const

export const ruleValues: readonly RuleValue[] = [
  {
    ...SETTLEMENTS,
    name: 'settlement-rmb-tolerance',
    value: '0.01',
    note: '人民币元：银行折算取整方式不一 / a fen: how banks round differs',
  },
  {
    ...SETTLEMENTS,
    name: 'settlement-cross-tolerance',
    value: '0.05',
    note: '结算币制与清单不同时，按清单放行月份的海关汇率折算后比较 / compared at customs’ rate of the month of release',
  },
  {
    ...SETTLEMENTS,
    name: 'settlement-rate-tolerance',
    value: '0.1',
    confidence: 'M',
    note: '结算汇率与起息月份海关汇率之差，超过即提示 / how far a rate may be from customs’ rate of its month before it warns',
  },
  ...(['30', '90', '180'] as const).map((value, place) => ({
    ...SETTLEMENTS,
    name: (['settlement-age-first', 'settlement-age-second', 'settlement-age-third'] as const)[
      place as 0 | 1 | 2
    ],
    value,
    note: '放行后天数，含本数 / days since release, the figure itself included',
  })),
  { ...REGISTRATION, name: 'registration-line-usd', value: '200000' },
  { ...REGISTRATION, name: 'registration-near-usd', value: '180000' },
  {
    ...REGISTRATION,
    name: 'registration-basis',
    value: 'gross',
    confidence: 'M',
    source: '未见原文；本平台的约定',
    note: 'gross 为轧差前总额，net 为实际收付 / gross is before netting, net what was moved',
  },
  { ...RETURNS, name: 'return-apply-days', value: '30' },
  { ...RETURNS, name: 'return-arrive-days', value: '45' },
  { ...LIMITS_2016, name: 'single-limit', value: '2000' },
  { ...LIMITS_2016, name: 'annual-limit', value: '20000' },
  { ...LIMITS_2019, name: 'single-limit', value: '5000' },
  { ...LIMITS_2019, name: 'annual-limit', value: '26000' },
  {
    ...IMPORTS,
    name: 'import-tax-share',
    value: '0.7',
    validFrom: '2016-04-08',
    source: '财关税〔2016〕18号',
    note: '限值以内，增值税、消费税按法定应纳税额的 70% / 70 per cent of VAT and consumption tax',
  },
  {
    ...IMPORTS,
    name: 'tax-rounding',
    value: 'line',
    validFrom: '2016-04-08',
    confidence: 'M',
    source: '未公布；本平台的约定',
    note: '每项商品每个税种四舍五入到分后相加；list 为整单相加后取整 / not published: our own convention',
  },
  {
    ...IMPORTS,
    name: 'tax-tolerance',
    value: '0.01',
    validFrom: '2016-04-08',
    confidence: 'M',
    source: '未公布；本平台的约定',
    note: '每项商品每个税种，人民币元：海关取整方式未公布 / a fen for each line and tax: how customs rounds is not published',
  },
  {
    ...LISTS,
    name: 'simplified-amount-max',
    value: '5000',
    validFrom: '2020-07-01',
    confidence: 'B',
    source: '综试区公共服务平台的操作说明；9610 仅见一家服务商的说法',
    note: '单票价值，人民币元 / value of one parcel in CNY',
  },
  {
    ...LISTS,
    name: 'pilot-zone-offices',
    value: '80',
    validFrom: '2016-01-06',
    confidence: 'A',
    source: '国务院常务会议 2016-01-06 决定设立中国（重庆）跨境电子商务综合试验区',
    note: '重庆关区代码以 80 开头 / offices of the Chongqing district begin with 80',
  },
  {
    ...LISTS,
    name: 'summary-day',
    value: '15',
    validFrom: '2016-01-01',
    confidence: 'A',
    source: '跨境电商零售出口“清单核放、汇总申报”的监管规定',
    note: '次月 15 日前 / until the 15th of the following month',
  },
  {
    ...LISTS,
    name: 'summary-day-moves',
    value: 'yes',
    validFrom: '2016-01-01',
    confidence: 'M',
    source: '业务常识，未见原文',
    note: '遇法定节假日、休息日顺延至其后第一个工作日 / a day of rest moves it to the next working day',
  },
  {
    name: 'access-log-years',
    kind: EVERY_KIND,
    value: '3',
    validFrom: '2019-01-01',
    validTo: null,
    confidence: 'I',
    source: '与支付原始数据的保存年限一致 / as long as original payment data',
    note: '访问日志保存年数 / years for which the log of accesses is kept',
  },
  {
    name: 'original-payment-years',
    kind: originalPayment.code,
    value: '3',
    validFrom: '2019-01-01',
    validTo: null,
    confidence: 'B',
    source: '海关总署公告2018年第165号、第179号的实施指引',
    note: '自提交之日起保存年数 / years kept, from the day it was handed in',
  },
  { ...OPEN, kind: 'merchant' },
  { ...OPEN, kind: 'institution' },
  ...['platform', 'declarant', 'warehouse', 'carrier'].map((kind) => ({
    ...{ ...OPEN, kind, value: '0' },
    note: '0 为不按此角色合并 / 0: cells are not merged by this role',
  })),
  {
    ...OPEN,
    ...{ name: 'open-licence', kind: EVERY_KIND, value: UNDECIDED },
    note: '数据提供方决定后填写名称或网址 / its name or address, once whoever publishes has decided',
  },
  { ...CLOCKS, name: 'stuck-factor', value: '3' },
  { ...CLOCKS, name: 'stuck-floor-minutes', value: '10' },
  { ...CLOCKS, name: 'stuck-unknown-minutes', value: '1440' },
  { ...TAX_DAYS, name: 'tax-first-day', value: '31' },
  { ...TAX_DAYS, name: 'tax-last-day', value: '45' },
]
