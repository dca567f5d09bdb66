/**
 * What the 5th and 6th character of a 10-character customs registration code mean. Characters 1 to 4
 * are the division (50xx in Chongqing, and not the customs office), 7 to 10 a serial that may hold
 * letters. Sources: several public explanations of the code agree; a character outside these tables
 * is worth a look and nothing more.
 */
import type { Text } from '../kernel/fault.ts'

/** Kind of economic area. */
export const areaKinds: Readonly<Record<string, Text>> = {
  '1': { zh: '经济特区', en: 'special economic zone' },
  '2': { zh: '经济技术开发区', en: 'economic and technological development zone' },
  '3': { zh: '高新技术产业开发区', en: 'high-tech zone' },
  '4': { zh: '保税区', en: 'bonded zone' },
  '5': { zh: '出口加工区', en: 'export processing zone' },
  '6': { zh: '保税港区、综合保税区', en: 'comprehensive bonded zone' },
  '7': { zh: '保税物流园区', en: 'bonded logistics park' },
  '9': { zh: '其他', en: 'other' },
  W: { zh: '保税物流中心', en: 'bonded logistics centre' },
}

/** Kind of firm. */
export const firmKinds: Readonly<Record<string, Text>> = {
  '1': { zh: '国有企业', en: 'state-owned' },
  '2': { zh: '中外合作企业', en: 'co-operative joint venture' },
  '3': { zh: '中外合资企业', en: 'equity joint venture' },
  '4': { zh: '外商独资企业', en: 'wholly foreign-owned' },
  '5': { zh: '集体企业', en: 'collective' },
  '6': { zh: '私营企业', en: 'private' },
  '7': { zh: '个体工商户', en: 'individual' },
  '8': { zh: '有报关权而无进出口经营权的企业', en: 'declares, without a right to trade' },
  '9': { zh: '其他', en: 'other' },
}
