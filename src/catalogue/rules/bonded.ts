/**
 * Rules of bonded books that are kept here: what a list draws must be there. They bind lists that name
 * such a book and its warehouse, and nobody else; how severe they are is the warehouse's to choose.
 */
import type { Rule, Rules } from './rule.ts'

const KEPT_HERE = {
  severity: 'refuse',
  softer: ['warn'],
  validFrom: '2016-04-08',
  confidence: 'I',
  source: '账册按备案料号核注核减的监管要求；库存为本系统账册口径，以海关底账为准',
} as const satisfies Partial<Rule>

export const bondedRules = {
  BONDED_STOCK: {
    ...KEPT_HERE,
    zh: '清单数量不超过账册该料号的可用库存',
    en: 'A list takes no more of an item than its bonded book has free',
    cure: {
      zh: '核对数量；确有货物的，请区内企业先补录入区或盘点调整',
      en: 'Check the quantity; if the goods are there, have the warehouse enter them or a count first',
    },
  },
  BONDED_ITEM: {
    ...KEPT_HERE,
    zh: '清单的备案料号在账册中',
    en: 'The items of a list are recorded in its bonded book',
    cure: {
      zh: '更正 itemRecordNo，或请区内企业先登记该料件',
      en: 'Correct itemRecordNo, or have the warehouse register the item first',
    },
  },
  BONDED_UNIT: {
    ...KEPT_HERE,
    zh: '清单给出了账册计量单位下的数量',
    en: 'A list gives the quantity in the unit of the bonded book',
    cure: {
      zh: '在 unit、unit1 或 unit2 之一使用账册的计量单位',
      en: 'Use the unit of the book as one of unit, unit1 and unit2',
    },
  },
} as const satisfies Rules
