/** What a report says in words, in Chinese and in English, and how it writes moments and months. */
import { localDateTime } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { inWan, inYuan } from './amounts.ts'
import type { Report, ReportLang, ReportScope, ReportStatus } from './model.ts'

export const say = (text: Text, lang: ReportLang): string => text[lang]

/** `2026-11-03 09:00:00` in China time. */
const moment = (iso: string): string => localDateTime(new Date(iso)).replace('T', ' ')

/** Hexadecimal digits of the fingerprint that are printed: as good as all of them for a reader. */
const FINGERPRINT_DIGITS = 16

const fingerprint = ({ sha256 }: Report): string => sha256.slice(0, FINGERPRINT_DIGITS)

const chinese = {
  title: '重庆跨境电子商务月度统计报告',
  colon: '：',
  moment,
  monthName: (month: string) => `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`,
  shortMonth: (month: string) => `${Number(month.slice(5))}月`,
  status: { preliminary: '初报', revised: '修订', final: '定稿' } as Readonly<
    Record<ReportStatus, string>
  >,
  draft: '草稿（未发布）',
  edition: (edition: number) => `第${edition}版`,
  number: (report: Report): string => {
    const { publication, figures } = report
    return publication === null
      ? `${draftNumber(figures.month)} ${chinese.draft}`
      : `${publication.number} ${chinese.status[publication.status]} ${chinese.edition(publication.edition)}`
  },
  standing: (report: Report): string =>
    `数据截至 ${moment(report.figures.asOf)}（北京时间）  数据指纹 ${fingerprint(report)}`,
  page: (page: number, pages: number) => `第 ${page} 页 / 共 ${pages} 页`,
  facts: {
    number: '报告编号',
    asOf: '数据截至',
    published: '发布时间',
    fingerprint: '数据指纹（SHA-256）',
    issuer: '编制系统',
  },
  issuer: '渝关 Yuguan 跨境电子商务单一窗口',
  china: '（北京时间）',
  notOver: '本月在数据截止时尚未结束，以下为截至当时的数字，不是全月数。',
  parts: {
    overview: '一、总体情况',
    zones: '二、监管区域与监管方式',
    directions: '三、进出口方向',
    places: '四、国别（地区）与商品',
    enterprises: '五、主要企业',
    settlement: '六、结算',
    indicators: '七、区域运行指标',
    gaps: '八、数据缺口',
    changes: '九、与上一版的差异',
    method: '十、统计方法与签发',
  },
  scopes: {
    declared: '已申报',
    released: '已放行',
    settled: '已结算',
    policy: '交易及结算',
  } as Readonly<Record<ReportScope, string>>,
  scope: '口径',
  sideBySide: '各口径数字',
  yuan: '单位：元（人民币）',
  wan: '单位：万元（人民币）',
  month: '本月',
  toDate: '本年累计',
  count: '单数',
  amount: '金额',
  onMonth: '环比',
  onYear: '同比',
  monthBase: '环比基数',
  yearBase: '同比基数',
  share: '占比',
  rank: '序',
  total: '合计',
  previousMonth: '上月金额',
  target: '年度目标',
  targetText: (line: {
    readonly year: number
    readonly amount: string
    readonly reached: string
    readonly left: string
    readonly source: string
  }): string =>
    `${line.year}年目标 ${inWan(line.amount)} 万元；“交易及结算”口径本年累计 ${inYuan(line.reached)} 元，距目标 ${inYuan(line.left)} 元。目标来源：${line.source}。`,
  progressText: (progress: string, pace: string) => `完成 ${progress}；按时间进度应为 ${pace}`,
  noTarget: (year: number) => `${year}年没有登记年度目标，因此不计算完成率。`,
  sources: '数据来源',
  comma: '、',
  semicolon: '；',
  trend: '本年各月金额',
  byZone: '各监管区域金额（已放行）',
  matrix: '监管区域 × 监管方式（已放行，本月金额）',
  matrixCount: '监管区域 × 监管方式（已放行，本月单数）',
  zone: '监管区域',
  direction: '方向',
  directions: '进口与出口（本月）',
  countries: '主要国别（地区）（已放行，本月）',
  country: '国别（地区）',
  chapters: '主要商品（HS 章，已放行，本月）',
  chapter: 'HS 章',
  enterprises: '主要电商企业（已放行，本月）',
  enterprise: '企业',
  institutions: '按结算机构（已结算，本月）',
  institution: '机构',
  currencies: '按币种与业务类型（已结算，本月，原币）',
  currency: '币种',
  business: '业务类型',
  gross: '总额（原币）',
  costs: '轧差费用（原币）',
  net: '净额（原币）',
  inYuan: '折人民币元',
  noCurrencies: '没有分币种的结算数据。',
  currenciesText:
    '笔数、总额、轧差费用和净额按记录全额计；折人民币元只计入结算的部分，超出清单未结金额的明细在更正前不计入。',
  indicators: '区域运行指标（本月）',
  noIndicators: '没有区域运行指标数据。',
  indicatorsText:
    '单数与金额为已放行口径；活跃商家为本月有已放行清单的电商企业；通关时间从海关对该版本的首次答复起至放行，按档计数，误差不超过 5 %；退货为本月有退货的清单数；税款为本月开出且未作废的电子税单所列应征税款；退单率为本月退单数除以退单数与已申报数之和。',
  untold: (columns: readonly string[]) =>
    `数据截止时刻早于下列指标开始按知悉时刻留存的时间，无法如实回溯，因此未列：${columns.join('、')}。`,
  tax: '税款（元）',
  active: '活跃商家',
  median: '通关中位（分）',
  p95: '95 分位（分）',
  refused: '退单率',
  returns: '退货',
  noRows: '本月没有此项数据。',
  noSource: '本版没有此项数据来源。',
  others: (keys: number | null) => (keys === null ? '其他' : `其他 ${keys} 项`),
  unknown: '未填报',
  gapsText:
    '下列外币金额因缺少适用月份的海关汇率，没有折算，未计入上述人民币金额；补录汇率后重新编制即计入。',
  noGaps: '没有缺口：全部外币金额均已按适用月份的海关汇率折算。',
  moreGaps: '另有缺口未列出。',
  gaps: '缺少汇率的金额',
  rateMonth: '汇率月份',
  original: '原币金额',
  changes: '重述行',
  changesText: (count: number) => `与上一版相比，共 ${count} 行数字有变化；上一版仍可查阅。`,
  noChanges: '本版没有变化的数字行。',
  firstEdition: '本版是本月首次发布（初报），没有上一版可比。',
  draftChanges: '草稿不与已发布版次比较。',
  moreChanges: (count: number) => `其余 ${count} 行见工作簿（XLSX）与 JSON。`,
  line: '数字行',
  before: '上一版',
  now: '本版',
  difference: '差额',
  method: [
    '数字由逐笔账目累加而得；每份清单在每个口径下只计一次，按北京时间归入月份；撤销、退单的清单冲减。',
    '外币金额按计入月份适用的海关汇率折合人民币；缺少汇率的金额不估算，列入“数据缺口”。',
    '合计按未舍入数计算，显示时四舍五入到分（万元表到百元），因此显示的分项之和与合计可能有尾差。',
    '环比、同比为同口径的上月、上年同月（累计为上年同期）比较；没有基数或基数不大于零时不计算，以“–”表示。',
    '“未归属”指没有规则能确定监管区域的清单，不作推测。',
    '数据截至时刻已封存：同一月份按同一时刻重新编制，数字不变；此后的补报、撤销与汇率变动只出现在新版中。',
    '企业与监管区域的名称取数据截至时刻的登记名称，此后更名不改变已编制的报告。',
  ],
  signedOff: '签发记录',
  role: '角色',
  account: '账号',
  moment_: '时间',
  signatures: ['编制', '审核', '签发', '日期'],
}

export type Words = typeof chinese

const english: Words = {
  ...chinese,
  title: 'Chongqing cross-border e-commerce report',
  colon: ': ',
  monthName: (month) => `${MONTHS[Number(month.slice(5)) - 1] ?? month} ${month.slice(0, 4)}`,
  shortMonth: (month) => (MONTHS[Number(month.slice(5)) - 1] ?? month).slice(0, 3),
  status: { preliminary: 'preliminary', revised: 'revised', final: 'final' },
  draft: 'draft (not published)',
  edition: (edition) => `edition ${edition}`,
  number: (report) => {
    const { publication, figures } = report
    return publication === null
      ? `${draftNumber(figures.month)} ${english.draft}`
      : `${publication.number} ${english.status[publication.status]}, ${english.edition(publication.edition)}`
  },
  standing: (report) =>
    `As of ${moment(report.figures.asOf)} (China time)  fingerprint ${fingerprint(report)}`,
  page: (page, pages) => `Page ${page} of ${pages}`,
  facts: {
    number: 'Report number',
    asOf: 'As of',
    published: 'Published',
    fingerprint: 'Fingerprint (SHA-256)',
    issuer: 'Made by',
  },
  issuer: 'Yuguan 渝关, single window of cross-border e-commerce',
  china: ' (China time)',
  notOver: 'The month had not ended at this moment: these are its figures so far.',
  parts: {
    overview: '1 Overview',
    zones: '2 Zones and trade modes',
    directions: '3 Directions',
    places: '4 Countries and goods',
    enterprises: '5 Enterprises',
    settlement: '6 Settlement',
    indicators: '7 Zone indicators',
    gaps: '8 Gaps',
    changes: '9 What changed',
    method: '10 Method and sign-off',
  },
  scopes: {
    declared: 'Declared',
    released: 'Released',
    settled: 'Settled',
    policy: 'Trade and settlement',
  },
  scope: 'Scope',
  sideBySide: 'Figures by scope',
  yuan: 'in CNY',
  wan: 'in ten thousand CNY',
  month: 'month',
  toDate: 'year to date',
  count: 'Count',
  amount: 'Amount',
  onMonth: 'On month',
  onYear: 'On year',
  monthBase: 'base on month',
  yearBase: 'base on year',
  share: 'Share',
  rank: '#',
  total: 'Total',
  previousMonth: 'Month before',
  target: 'Target of the year',
  targetText: (line) =>
    `Target of ${line.year}: ${inYuan(line.amount)} CNY; trade and settlement to date ${inYuan(line.reached)} CNY, ${inYuan(line.left)} CNY are left. Source of the target: ${line.source}.`,
  progressText: (progress, pace) => `${progress} reached; an even pace would be ${pace}`,
  noTarget: (year) => `No target is entered for ${year}; no progress is given.`,
  sources: 'Made from',
  comma: ', ',
  semicolon: '; ',
  trend: 'Months of the year',
  byZone: 'Zones (released)',
  matrix: 'Zones by trade modes (released, amount of the month)',
  matrixCount: 'Zones by trade modes (released, count of the month)',
  zone: 'Zone',
  direction: 'Direction',
  directions: 'Import and export (month)',
  countries: 'Countries and regions (released, month)',
  country: 'Country or region',
  chapters: 'Goods by HS chapter (released, month)',
  chapter: 'HS chapter',
  enterprises: 'Merchants (released, month)',
  enterprise: 'Enterprise',
  institutions: 'By institution (settled, month)',
  institution: 'Institution',
  currencies: 'By currency and business (settled, month, original currency)',
  currency: 'Currency',
  business: 'Business',
  gross: 'Gross',
  costs: 'Netted costs',
  net: 'Net',
  inYuan: 'In CNY',
  noCurrencies: 'Nothing tells settlement by currency.',
  currenciesText:
    'Count, gross, netted costs and net are those of the whole records; CNY is only what counts as settled: lines beyond what is left of their list are not in it until that is mended.',
  indicators: 'Zone indicators (month)',
  noIndicators: 'Nothing tells indicators of zones.',
  indicatorsText:
    'Lists and amounts are released ones; merchants are those with released lists in the month; clearance runs from the first word of customs on the version to its release, counted in steps, at most 5 % off; returns are lists of which goods came back; taxes are those due by the bills of the month that are not void; the share of refusals is refused by refused and declared together.',
  untold: (columns) =>
    `When these were learnt was not kept yet at the as-of moment, so that they cannot be told as of it: ${columns.join('; ')}.`,
  tax: 'Taxes, CNY',
  active: 'Merchants',
  median: 'Median min',
  p95: '95th pct. min',
  refused: 'Refused',
  returns: 'Returns',
  noRows: 'Nothing was counted in this month.',
  noSource: 'Nothing tells this yet.',
  others: (keys) => (keys === null ? 'All others' : `${keys} others`),
  unknown: 'not stated',
  gapsText:
    'These amounts could not be converted for want of the customs rate of their month and are not in the figures above; enter the rate and make the report again.',
  noGaps: 'No gaps: every amount was converted at the customs rate of its month.',
  moreGaps: 'There are more gaps than are listed.',
  gaps: 'Amounts without a rate',
  rateMonth: 'Month of rate',
  original: 'In that currency',
  changes: 'Restated lines',
  changesText: (count) => `${count} lines differ from the edition before, which can still be read.`,
  noChanges: 'No line differs.',
  firstEdition: 'This is the first edition of the month; there is none before it.',
  draftChanges: 'A draft is not compared with published editions.',
  moreChanges: (count) => `${count} more lines stand in the workbook (XLSX) and in the JSON.`,
  line: 'Line',
  before: 'Before',
  now: 'Now',
  difference: 'Difference',
  method: [
    'Figures are sums of single entries; a list counts once in each scope, in its month of China time; cancelled and refused ones are taken out.',
    'Foreign currency is converted at the customs rate of the month it counts in; what has no rate is not estimated but listed under gaps.',
    'Totals are reckoned on unrounded amounts and rounded half up when shown, so that shown parts may differ from shown totals in the last digit.',
    'Growth is on the month before and the same month (or months) of last year in the same scope; where there is no base, or one of zero or less, it is “–”.',
    'Undecided are lists whose zone no rule decides; nothing is guessed.',
    'The as-of moment is sealed: made again as of it, the figures are the same; later evidence, cancellations and rates appear in a new edition only.',
    'Names of enterprises and zones are those registered at the as-of moment; whoever is renamed later stays as named here.',
  ],
  signedOff: 'Signed off',
  role: 'Role',
  account: 'Account',
  moment_: 'Moment',
  signatures: ['Prepared', 'Checked', 'Approved', 'Date'],
}

const MONTHS: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August'],
  ...['September', 'October', 'November', 'December'],
]

const draftNumber = (month: string): string => `YG-${month}`

export const words = (lang: ReportLang): Words => (lang === 'zh' ? chinese : english)
