/**
 * What places lists in zones. A row that is missing leaves lists undecided, and so do rows of two zones
 * for one code. Lists are placed by what stands here when they are handed in; stored ones when somebody
 * has them placed anew.
 */
import { zones } from '../zones/index.ts'
import { confidence, type ReferenceTable, source, validFrom, validTo } from './table.ts'

export const zoneRules: ReferenceTable = {
  name: 'zone-rules',
  zh: '监管区域归属规则',
  en: 'what places a list in a zone',
  table: 'zone_rule',
  columns: [
    {
      name: 'kind',
      zh: '依据（warehouse 区内企业，site 监管场所，office 关区）',
      en: 'by what: warehouse, site or customs office, in this order',
      as: 'text',
      required: true,
      values: ['warehouse', 'site', 'office'],
    },
    { name: 'code', zh: '代码', en: 'its code', as: 'text', required: true },
    {
      name: 'zone',
      zh: '监管区域',
      en: 'zone',
      as: 'text',
      required: true,
      values: zones.map(({ code }) => code),
    },
    ...[validFrom, validTo, confidence, source],
  ],
  key: ['kind', 'code', 'validFrom'],
  dating: 'row',
}
