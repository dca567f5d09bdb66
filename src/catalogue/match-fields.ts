/**
 * What customs compares across the documents of a consignment (四单对碰), as far as practice shows:
 * no complete official list is published. Each comparison names its field in every kind that has
 * it, and the code customs refuses a difference with, where one was seen.
 */
import type { Text } from '../kernel/fault.ts'

export interface MatchField extends Text {
  /** Head field by code of the declaration. */
  readonly fields: Readonly<Record<string, string>>
  /** Code in `[Code:…]` texts; undefined where none was seen. */
  readonly code?: string
  readonly as: 'text' | 'decimal'
}

export const matchFields: readonly MatchField[] = [
  {
    zh: '实付金额',
    en: 'Amount paid',
    fields: { CEB311: 'acturalPaid', CEB411: 'amountPaid' },
    code: '1332',
    as: 'decimal',
  },
  {
    zh: '订购人与支付人姓名',
    en: 'Name of buyer and payer',
    fields: { CEB311: 'buyerName', CEB411: 'payerName', CEB621: 'buyerName' },
    code: '1327',
    as: 'text',
  },
  {
    zh: '订购人与支付人证件号码',
    en: 'Id number of buyer and payer',
    fields: { CEB311: 'buyerIdNumber', CEB411: 'payerIdNumber', CEB621: 'buyerIdNumber' },
    code: '1327',
    as: 'text',
  },
  {
    zh: '订购人电话',
    en: 'Telephone of the buyer',
    fields: { CEB311: 'buyerTelephone', CEB621: 'buyerTelephone' },
    code: '130126',
    as: 'text',
  },
  {
    zh: '支付企业',
    en: 'Payment enterprise',
    fields: { CEB311: 'payCode', CEB411: 'payCode' },
    code: '13035',
    as: 'text',
  },
  {
    zh: '支付交易编号',
    en: 'Payment transaction number',
    fields: { CEB311: 'payTransactionId', CEB411: 'payTransactionId' },
    as: 'text',
  },
  {
    zh: '收货人',
    en: 'Consignee',
    fields: { CEB311: 'consignee', CEB511: 'consignee' },
    as: 'text',
  },
  {
    zh: '收货人电话',
    en: 'Telephone of the consignee',
    fields: { CEB311: 'consigneeTelephone', CEB511: 'consigneeTelephone' },
    as: 'text',
  },
  {
    zh: '收货地址',
    en: 'Address of the consignee',
    fields: {
      CEB311: 'consigneeAddress',
      CEB511: 'consigneeAddress',
      CEB621: 'consigneeAddress',
    },
    as: 'text',
  },
  {
    zh: '电商企业',
    en: 'Merchant',
    fields: { CEB311: 'ebcCode', CEB621: 'ebcCode' },
    as: 'text',
  },
  // Export: order, receipt, waybill and list, as far as fields that mean the same go.
  {
    zh: '电商企业（收发货人）',
    en: 'Merchant (consignor)',
    fields: { CEB303: 'ebcCode', CEB403: 'ebcCode', CEB505: 'ebcCode', CEB603: 'ebcCode' },
    as: 'text',
  },
  {
    zh: '电商企业（收发货人）名称',
    en: 'Name of the merchant (consignor)',
    fields: { CEB303: 'ebcName', CEB603: 'ebcName' },
    as: 'text',
  },
  {
    zh: '件数',
    en: 'Parcels',
    fields: { CEB505: 'packNo', CEB603: 'packNo' },
    as: 'decimal',
  },
  {
    zh: '毛重（公斤）',
    en: 'Gross weight in kg',
    fields: { CEB505: 'grossWeight', CEB603: 'grossWeight' },
    as: 'decimal',
  },
]
