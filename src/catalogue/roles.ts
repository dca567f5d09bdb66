/** What the roles of an enterprise are called; one enterprise may have several. */
import type { Text } from '../kernel/fault.ts'
import type { Role } from './message.ts'

export const roleNames: Readonly<Record<Role, Text>> = {
  platform: { zh: '电商平台', en: 'platform' },
  merchant: { zh: '电商企业', en: 'merchant' },
  payer: { zh: '支付企业', en: 'payment firm' },
  carrier: { zh: '物流企业', en: 'carrier' },
  declarant: { zh: '申报企业', en: 'declarant' },
  warehouse: { zh: '区内企业', en: 'warehouse enterprise' },
  guarantor: { zh: '担保企业', en: 'guarantor' },
  bank: { zh: '银行', en: 'bank' },
  site: { zh: '监管场所经营人', en: 'operator of the supervised site' },
}
