/**
 * Rules about what is registered and what is over. Our register is not customs': an enterprise that
 * is unknown here may well be known there, so this only warns.
 */
import type { Rules } from './rule.ts'

export const registerRules = {
  REGISTER_ENTERPRISE: {
    severity: 'warn',
    validFrom: '2016-04-08',
    customs: '22001',
    confidence: 'B',
    source: '海关退单回执所见代码；本系统登记不等于海关备案',
    zh: '单证所写企业已备案该项业务',
    en: 'Every enterprise a document names is registered for its part in it',
    cure: {
      zh: '核对企业代码；未备案的先向海关备案，再在本系统登记该角色',
      en: 'Check the code; register with customs first if need be, then here with that role',
    },
  },
  LIST_RELEASED: {
    severity: 'refuse',
    softer: ['warn'],
    validFrom: '2016-04-08',
    customs: '22007',
    confidence: 'A',
    source: '海关退单回执“清单已放行”；放行后按海关总署公告2020年第45号办理退货',
    zh: '撤销的清单尚未放行',
    en: 'A list that is to be cancelled is not released yet',
    cure: {
      zh: '改为申请退货',
      en: 'Ask for a return instead',
    },
  },
} as const satisfies Rules
