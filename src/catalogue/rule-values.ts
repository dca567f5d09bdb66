/**
 * Figures of rules that change by announcement: seeds of the table `rule_value`, which is then
 * edited in the database. Each says where it comes from and how sure it is: A official or told by
 * two independent sources, B by one, M from general knowledge only, to be confirmed before anybody
 * relies on it. What is not sure warns; it never refuses.
 */
import { originalPayment } from './original-payment.ts'

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
  /** Years for which original payment data is kept after it was handed in; whole, at least 1. */
  | 'original-payment-years'

export interface RuleValue {
  readonly name: RuleName
  /** Code of what the rule is about: a declaration, or the original payment data. */
  readonly kind: string
  readonly value: string
  /** `yyyy-MM-dd`, both days included; null: until further notice. */
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: 'A' | 'B' | 'M'
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

const LISTS = { kind: 'CEB603', validTo: null } as const

export const ruleValues: readonly RuleValue[] = [
  { ...RETURNS, name: 'return-apply-days', value: '30' },
  { ...RETURNS, name: 'return-arrive-days', value: '45' },
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
    name: 'original-payment-years',
    kind: originalPayment.code,
    value: '3',
    validFrom: '2019-01-01',
    validTo: null,
    confidence: 'B',
    source: '海关总署公告2018年第165号、第179号的实施指引',
    note: '自提交之日起保存年数 / years kept, from the day it was handed in',
  },
]
