/** Rules about taxes. Rates are a table that may be wrong, and customs assesses by itself: they warn. */
import type { Rules } from './rule.ts'

export const taxRules = {
  TAX_TOTAL: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'I',
    source: '由代扣税款的含义推断：应等于清单应缴税额；税率以装载的 tax-rates 为准',
    zh: '订单代扣税款等于清单的试算税额',
    en: 'The tax that the order says was collected is what the list is estimated to bear',
    cure: {
      zh: '核对订单 taxTotal 与清单的商品编码、总价、运费、保费；试算见 POST /api/v1/tax/estimate',
      en: 'Compare taxTotal of the order with codes, prices, freight and insurance of the list; POST /api/v1/tax/estimate tells the tax',
    },
  },
} as const satisfies Rules
