// Made by scripts/generate-code-lists.ts from transport.csv; change that and run it again.
import type { CodeListFacts } from './list.ts'

export const transport: CodeListFacts = {
  id: 'transport',
  zh: '运输方式代码',
  en: 'modes of transport',
  asOf: '2018-04',
  confidence: 'code: one public dump of 2018; G, L and T from secondary pages',
  sources: [
    'github:bellmit/CESP_WEB@96d37e8 src/main/resources/sql/base_table_values (dump of 2018-04)',
    'https://hs.likelic.com/tools/transf.html',
  ],
  complete: false,
  reason: { zh: '代码表取自 2018 年的公开数据，可能不全或已有变动；确认海关使用该代码后可照常提交', en: 'The list is public data of 2018 and may lack codes; one that customs uses can be sent as it is' },
  note: 'A (all modes) serves queries only and is left out. Y is what leaves a comprehensive bonded zone, W a logistics centre.',
  count: 18,
  rows: [
    { code: '0', zh: '非保税区' },
    { code: '1', zh: '监管仓库' },
    { code: '2', zh: '水路运输', aliases: ['水运', '海运', '船运', 'sea'] },
    { code: '3', zh: '铁路运输', aliases: ['铁路'] },
    { code: '4', zh: '公路运输', aliases: ['公路', '汽运', '陆运', 'road'] },
    { code: '5', zh: '航空运输', aliases: ['空运', '航空', 'air'] },
    { code: '6', zh: '邮件运输', aliases: ['邮运', '邮件', '邮政', '邮寄'] },
    { code: '7', zh: '保税区' },
    { code: '8', zh: '保税仓库' },
    { code: '9', zh: '其它运输', aliases: ['其他运输', '其他', '其它'] },
    { code: 'G', zh: '固定设施运输', note: 'hs.likelic.com; not in the dump' },
    { code: 'H', zh: '边境特殊海关作业区' },
    { code: 'L', zh: '旅客携带', note: 'the code from hs.likelic.com, its name unconfirmed; not in the dump' },
    { code: 'T', zh: '综合实验区', note: 'hs.likelic.com; not in the dump' },
    { code: 'W', zh: '物流中心', aliases: ['保税物流中心'] },
    { code: 'X', zh: '物流园区', aliases: ['保税物流园区'] },
    { code: 'Y', zh: '保税港区', aliases: ['综合保税区', '综保区'] },
    { code: 'Z', zh: '出口加工区' },
  ],
}
