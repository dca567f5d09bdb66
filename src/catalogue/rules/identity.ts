/**
 * Rules about the numbers that name persons and enterprises. They tell a slip of the hand; that
 * somebody exists, or is who he says, no check digit can tell. Codes of enterprises only warn: some
 * credit codes of the first years fail their check digit, and customs knows their owners all the same.
 */
import type { Rules } from './rule.ts'

export const identityRules = {
  IDENTITY_RESIDENT_ID: {
    severity: 'refuse',
    softer: ['warn'],
    validFrom: '2016-04-08',
    confidence: 'A',
    source: 'GB 11643-1999《公民身份号码》',
    zh: '证件类型为身份证时，号码的格式、出生日期、校验位正确',
    en: 'A resident id has the right form, a day of birth that exists, and its check digit',
    cure: {
      zh: '请持证人核对身份证上的 18 位号码后重新填写',
      en: 'Ask the holder for the 18 characters on the card and give them again',
    },
  },
  IDENTITY_CREDIT_CODE: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'A',
    source: 'GB 32100-2015《法人和其他组织统一社会信用代码编码规则》',
    zh: '18 位统一社会信用代码的字符与校验位正确',
    en: 'A credit code of 18 characters has the right characters and its check digit',
    cure: {
      zh: '与营业执照核对；海关已备案的早期代码可照常提交',
      en: 'Compare it with the business licence; an early code that customs has registered can be sent as it is',
    },
  },
  IDENTITY_ORGANISATION_CODE: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'M',
    source: 'GB 11714《全国组织机构代码编制规则》，业务常识，未见原文',
    zh: '信用代码第 9–17 位的组织机构代码校验位正确',
    en: 'The organisation code inside a credit code (characters 9 to 17) has its check digit',
    cure: {
      zh: '与营业执照核对；一致时可照常提交',
      en: 'Compare it with the business licence; if it is the same it can be sent as it is',
    },
  },
  IDENTITY_CUSTOMS_CODE: {
    severity: 'warn',
    validFrom: '2016-04-08',
    confidence: 'A',
    source: '海关注册编码编制规则（多处资料一致）',
    zh: '企业代码为 10 位海关注册编码（4 位行政区划、经济区划、企业性质、4 位顺序号）或 18 位信用代码',
    en: 'An enterprise is named by a customs code of 10 characters (division, kind of area, kind of firm, serial) or a credit code of 18',
    cure: {
      zh: '与海关备案登记核对；一致时可照常提交',
      en: 'Compare it with the registration at customs; if it is the same it can be sent as it is',
    },
  },
} as const satisfies Rules
