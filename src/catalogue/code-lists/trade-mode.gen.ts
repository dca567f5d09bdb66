// Made by scripts/generate-code-lists.ts from trade-mode.csv; change that and run it again.
import type { CodeListFacts } from './list.ts'

export const tradeMode: CodeListFacts = {
  id: 'tradeMode',
  zh: '监管方式代码',
  en: 'modes of trade',
  asOf: '2022-05',
  confidence: 'spec: field tables and notes of the 202205 edition',
  sources: [
    'field tables and schema notes of the 202205 edition',
    'announcements of the General Administration of Customs named in the rows',
  ],
  complete: false,
  reason: { zh: '监管方式由海关公告增设（如 2020 年的 9710、9810）；确认海关使用该代码后可照常提交', en: 'Customs adds modes by announcement (9710 and 9810 in 2020); one that customs uses can be sent as it is' },
  note: 'Modes of cross-border e-commerce alone: those of ordinary declarations (0110 一般贸易 …) do not occur in these messages.',
  count: 7,
  rows: [
    { code: '1210', zh: '保税跨境贸易电子商务', aliases: ['网购保税进口', '网购保税', '保税备货', '特殊区域出口'], note: '公告2014年第57号' },
    { code: '1239', zh: '保税跨境贸易电子商务A', note: '公告2016年第75号; the 202205 text of CEB621 names 9610 and 1210 alone' },
    { code: '1261', zh: '跨境电商特殊区域出口退货', aliases: ['特殊区域出口退货'], direction: 'export', note: '202205 text of CEB213' },
    { code: '9610', zh: '跨境贸易电子商务', aliases: ['直购进口', '一般出口', '跨境电商'], note: '公告2014年第12号' },
    { code: '9661', zh: '跨境电商一般出口退货', aliases: ['一般出口退货'], direction: 'export', note: '202205 text of CEB213' },
    { code: '9710', zh: '跨境电子商务企业对企业直接出口', aliases: ['B2B直接出口', 'B2B'], validFrom: '20200701', direction: 'export', note: '公告2020年第75号' },
    { code: '9810', zh: '跨境电子商务出口海外仓', aliases: ['海外仓', '出口海外仓'], validFrom: '20200701', direction: 'export', note: '公告2020年第75号' },
  ],
}
