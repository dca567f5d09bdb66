/** Texts of monthly summaries on the broker's desk. */
import type { Text } from '../../kernel/fault.ts'

export const summaryTexts = {
  title: { zh: '出口清单汇总申报', en: 'Monthly summaries of export lists' },
  note: {
    zh: '{month} 放行、待汇总的清单，须在 {date} 前（含）汇总。依据：{source}（可信度 {grade}）。',
    en: 'Lists released in {month}, to be summarised by {date}. Rests on: {source} (grade {grade}).',
  },
  noteNoRule: {
    zh: '{month} 没有生效的期限规则。',
    en: 'No rule on deadlines is in force for {month}.',
  },
  months: { zh: '放行月份', en: 'Month of release' },
  caption: { zh: '待汇总清单，按客户和关区', en: 'Lists to be summarised, by client and office' },
  none: { zh: '{month} 没有待汇总的清单', en: 'Nothing is due for {month}' },
  noneCure: {
    zh: '只有申报为汇总统计（statisticsFlag B）并已放行的出口清单需要汇总。',
    en: 'Only released export lists that asked to be summarised (statisticsFlag B) are due.',
  },
  merchant: { zh: '收发货人', en: 'Merchant' },
  office: { zh: '关区', en: 'Office' },
  agent: { zh: '申报单位', en: 'Declarant' },
  due: { zh: '待汇总', en: 'Due' },
  done: { zh: '已汇总', en: 'Summarised' },
  overdue: { zh: '已逾期', en: 'overdue' },
  act: { zh: '汇总', en: 'Summarise' },
  formTitle: { zh: '汇总 {merchant} {month}', en: 'Summarise {merchant} {month}' },
  formNote: {
    zh: '本次汇总点名该收发货人在关区 {office} 当月全部待汇总清单；先预览，再提交。',
    en: 'It names all lists of this merchant due at office {office} in the month. Preview first, then hand in.',
  },
  preview: { zh: '预览', en: 'Preview' },
  previewTitle: { zh: '请核对汇总申请', en: 'Please check the application' },
  previewLists: {
    zh: '将汇总 {lists} 份清单，分 {parts} 份申请单（CEB701）。',
    en: '{lists} lists are summarised, in {parts} applications (CEB701).',
  },
  previewLeft: {
    zh: '另有 {left} 份暂不汇总：尚无清单编号，或超过一次的上限。',
    en: '{left} are left: without a number of customs yet, or beyond what one request takes.',
  },
  previewThen: {
    zh: '提交后由海关审核；被退的申请单可更正后再报，清单仍算待汇总。',
    en: 'Customs decides after that; if it refuses, the lists stay due and the application can be corrected.',
  },
  handIn: { zh: '提交汇总申请', en: 'Hand in' },
  handedIn: {
    zh: '已提交 {parts} 份汇总申请单，共 {lists} 份清单',
    en: '{parts} applications handed in, {lists} lists',
  },
  nothing: { zh: '没有待汇总的清单，未生成申请单', en: 'Nothing is due: no application was made' },
} as const satisfies Readonly<Record<string, Text>>
