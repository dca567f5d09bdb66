/**
 * Rules of what one person may buy: so much an order, so much a calendar year. What a person has used
 * is known here only as far as lists go through this gateway; customs holds the truth. The figures
 * are rule values (`single-limit`, `annual-limit`).
 */
import type { Rule, Rules } from './rule.ts'

const LIMIT = {
  severity: 'refuse',
  softer: ['warn'],
  validFrom: '2016-04-08',
  confidence: 'A',
  source: '财关税〔2016〕18号、财关税〔2018〕49号；已用额度为本系统口径，以海关为准',
} as const satisfies Partial<Rule>

export const quotaRules = {
  QUOTA_YEAR: {
    ...LIMIT,
    customs: '1313',
    zh: '订购人当年累计不超过个人年度交易限值',
    en: 'What a buyer orders in a calendar year stays within the limit of a person',
    cure: {
      zh: '请订购人向海关核对年度额度（ceb2pub.chinaport.gov.cn）；减少商品，或按一般贸易办理',
      en: 'Have the buyer check the year with customs (ceb2pub.chinaport.gov.cn); order less, or import as general trade',
    },
  },
  QUOTA_ORDER: {
    ...LIMIT,
    zh: '完税价格超过单次交易限值的清单只含一件商品',
    en: 'A list above the limit of one transaction holds a single item',
    cure: {
      zh: '拆分为限值以内的订单，或每单只含一件不可分割的商品',
      en: 'Split it into orders within the limit, or order the one item alone',
    },
  },
  QUOTA_FULL_TAX: {
    ...LIMIT,
    severity: 'warn',
    softer: [],
    zh: '完税价格超过单次交易限值的单件商品全额征税',
    en: 'A single item above the limit of one transaction is taxed in full',
    cure: {
      zh: '请按全额关税、增值税、消费税计算税款；无需更改清单',
      en: 'Work out duty, VAT and consumption tax in full; the list need not change',
    },
  },
} as const satisfies Rules
