/**
 * Every text of the pages, once, in Chinese and English. A page asks with `say(texts.key, lang)`;
 * a text that exists in one language only cannot be written down. No sentence stands anywhere else.
 */
import type { Text } from '../kernel/fault.ts'

export type Lang = 'zh' | 'en'

export const isLang = (value: string | undefined): value is Lang => value === 'zh' || value === 'en'

export const say = (text: Text, lang: Lang): string => text[lang]

/** Names one after the other: `甲、乙`, `A, B`. */
export const listed = (names: readonly string[], lang: Lang): string =>
  names.join(lang === 'zh' ? '、' : ', ')

/** What follows a name in brackets, as its language writes them. */
export const inBrackets = (text: string, lang: Lang): string =>
  lang === 'zh' ? `（${text}）` : ` (${text})`

/** Fills `{name}` marks of a text. */
export const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (mark, name: string) => values[name] ?? mark)

export const texts = {
  name: { zh: '渝关', en: 'Yuguan' },
  subtitle: { zh: '重庆跨境电商单一窗口', en: 'Chongqing cross-border e-commerce single window' },
  pageTitle: {
    zh: '渝关 · 重庆跨境电商单一窗口',
    en: 'Yuguan · Chongqing cross-border e-commerce single window',
  },
  description: {
    zh: '重庆跨境电商交易及结算的目标进度、各监管区域与各月业务量，以及单证流转的实时情况。',
    en: 'Cross-border e-commerce of Chongqing: trade and settlement against the target, volumes by zone and month, and the flow of documents as it happens.',
  },
  skip: { zh: '跳到主要内容', en: 'Skip to content' },
  otherLanguage: { zh: 'English', en: '中文' },
  switchLanguage: { zh: 'Switch to English', en: '切换到中文' },

  asOf: { zh: '截至 {time}（北京时间）', en: 'as of {time} (China time)' },
  liveOn: { zh: '实时更新', en: 'Live' },
  liveOff: {
    zh: '未连接，数字停在上述时间',
    en: 'Not connected; figures stand as of the time above',
  },
  liveStatic: { zh: '静态页面，刷新可更新', en: 'Static page; reload to update' },

  progressHeading: {
    zh: '{year}年目标进度 · {scope}',
    en: 'Progress to the {year} target · {scope}',
  },
  yearHeading: { zh: '{year}年{scope}', en: '{scope} in {year}' },
  target: { zh: '目标 {amount}', en: 'Target {amount}' },
  noTarget: { zh: '本年度未设目标', en: 'No target is set for this year' },
  remaining: { zh: '距目标', en: 'To go' },
  pace: { zh: '按日均进度应达', en: 'Even pace by now' },
  counted: { zh: '笔数', en: 'Counted' },
  forecast: { zh: '全年推算', en: 'Forecast of the year' },
  forecastNone: { zh: '暂不推算', en: 'No forecast' },
  outcome: { zh: '结论', en: 'Outcome' },
  scope: { zh: '统计口径', en: 'Scope' },
  sources: { zh: '数据来源', en: 'Sources' },
  gaps: {
    zh: '数据缺口：缺少海关汇率（{gaps}），这部分外币金额未计入以上各数',
    en: 'Gap: no customs rate is known for {gaps}; these amounts are in no figure above',
  },
  targetSource: { zh: '目标依据', en: 'Target from' },
  progressLabel: {
    zh: '目标完成 {percent}，本年已过 {elapsed}',
    en: '{percent} of the target reached, {elapsed} of the year gone',
  },
  elapsed: { zh: '本年已过 {percent}', en: '{percent} of the year gone' },

  flowHeading: { zh: '单证流转', en: 'Documents under way' },
  flowNote: {
    zh: '本机自启动以来的累计数与每秒速率，不作统计依据',
    en: 'Counts of this process since its start and rates per second; not a statistic',
  },
  flowNone: {
    zh: '此运行方式下没有逐秒计数',
    en: 'There is no second-by-second count in this way of running',
  },
  perSecond: { zh: '每秒', en: '/s' },
  taken: { zh: '单证接收', en: 'Documents in' },
  composed: { zh: '组报签名', en: 'Composed' },
  sent: { zh: '报文发送', en: 'Sent' },
  replied: { zh: '海关回执', en: 'Replies' },
  released: { zh: '清单放行', en: 'Released' },
  takenUnit: { zh: '份单证', en: 'documents' },
  composedUnit: { zh: '份单证', en: 'documents' },
  sentUnit: { zh: '份单证', en: 'documents' },
  repliedUnit: { zh: '条回执', en: 'replies' },
  releasedUnit: { zh: '份清单', en: 'lists' },

  zoneHeading: { zh: '各监管区域', en: 'By zone' },
  monthHeading: { zh: '各月', en: 'By month' },
  modeHeading: { zh: '贸易方式', en: 'By trade mode' },
  zoneCaption: {
    zh: '{year}年各监管区域金额与笔数（{scope}）',
    en: '{scope} in {year} by zone: amount and count',
  },
  monthCaption: {
    zh: '{year}年各月金额与笔数（{scope}）',
    en: '{scope} in {year} by month: amount and count',
  },
  partsReleased: {
    zh: '结算涉及的企业过少，分项不公开；以下分项为已放行',
    en: 'Too few enterprises settled for parts of it to be shown; the parts below are of released lists',
  },
  zone: { zh: '监管区域', en: 'Zone' },
  month: { zh: '月份', en: 'Month' },
  amount: { zh: '金额（元）', en: 'Amount (CNY)' },
  count: { zh: '笔数', en: 'Count' },
  share: { zh: '占比', en: 'Share' },
  total: { zh: '合计', en: 'Total' },
  nothingYet: { zh: '本年度还没有数据', en: 'Nothing counts in this year yet' },
  chartUnit: { zh: '{scope}，{unit}', en: '{scope}, {unit}' },
  mode1210: { zh: '1210 保税电商', en: '1210 bonded' },
  mode9610: { zh: '9610 直购进口', en: '9610 direct purchase' },

  desk: { zh: '工作台', en: 'Desk' },
  wall: { zh: '大屏', en: 'Wall' },
  status: { zh: '运行状况', en: 'Status' },
  api: { zh: '接口文档', en: 'API' },
  footer: {
    zh: '本页不含个人信息；所有数字与接口 /api/v1/targets 和 /api/v1/totals 一致。',
    en: 'This page holds no personal data; every figure equals that of /api/v1/targets and /api/v1/totals.',
  },
} as const satisfies Readonly<Record<string, Text>>
