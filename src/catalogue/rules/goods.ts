/**
 * Rules about goods and their tariff codes. Those that rest on a loaded table (positive list, bans
 * of sale, statutory units) say nothing while none is loaded for the day.
 */
import type { Rules } from './rule.ts'

export const goodsRules = {
  GOODS_HS_CODE: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'M',
    source: '商品编码由 6 位 HS、2 位本国子目、2 位海关附加码组成；业务常识，未见原文',
    zh: '商品编码为 10 位数字',
    en: 'A tariff code is 10 digits',
    cure: { zh: '填写 10 位数字的商品编码', en: 'Give the tariff code of 10 digits' },
  },
  GOODS_STATUTORY_UNIT: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'M',
    source: '商品编码的法定计量单位，以装载的 hs-units 为准',
    zh: '法定计量单位与商品编码一致',
    en: 'The statutory units are those of the tariff code',
    cure: {
      zh: '按商品编码的法定单位填写 unit1、unit2',
      en: 'Give unit1 and unit2 as the tariff has them for this code',
    },
  },
  GOODS_SAME_UNIT: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'I',
    source: '同一计量单位的数量应当相等；由报文结构推断',
    zh: '计量单位相同时，申报数量与法定数量相等',
    en: 'Quantities in the same unit are equal',
    cure: {
      zh: '核对数量，或更正计量单位',
      en: 'Compare the quantities, or correct the unit',
    },
  },
  POSITIVE_LIST: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'A',
    source: '跨境电子商务零售进口商品清单，以装载的版本（positive-list）为准',
    zh: '零售进口的商品在清单所列税目内',
    en: 'Goods of retail import fall under a line of the positive list',
    cure: {
      zh: '核对商品编码归类；不在清单内的商品按一般贸易申报',
      en: 'Check the classification; goods off the list go by general trade',
    },
  },
  SALE_BAN: {
    severity: 'refuse',
    validFrom: '2016-04-08',
    confidence: 'B',
    source: '以装载的禁售名单（sale-bans）为准，每项另注来源',
    zh: '商品不在禁止销售之列',
    en: 'The goods are not banned from sale',
    cure: {
      zh: '去掉该商品；认为名单有误的请联系运营者',
      en: 'Take the goods out; if the ban seems wrong, ask the operator',
    },
  },
} as const satisfies Rules
