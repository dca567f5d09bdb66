/**
 * What customs compares across the documents of a consignment (四单对碰), as far as practice shows:
 * no complete official list is published. Each comparison is between two kinds and names its rule;
 * the order is what the others are held against, so that what agrees with it agrees with each other.
 */
import type { Text } from '../kernel/fault.ts'
import type { RuleCode } from './rules/index.ts'

export type ComparedAs = 'text' | 'decimal'

/** Kind and field. */
export type Side = readonly [kind: string, field: string]

/** Head fields of two kinds. */
export interface MatchField extends Text {
  readonly rule: RuleCode
  readonly sides: readonly [Side, Side]
  readonly as: ComparedAs
}

/** Lines of two kinds that stand one to one under the same number. */
export interface MatchLines {
  /** About how many there are, and about what they say. */
  readonly counts: RuleCode
  readonly rule: RuleCode
  /** Kind and group. */
  readonly sides: readonly [Side, Side]
  readonly number: string
  readonly fields: readonly (Text & {
    /** Field of the first side's line and of the second's. */
    readonly names: readonly [string, string]
    readonly as: ComparedAs
  })[]
}

/** A head field that is the sum of others of the same head. */
export interface MatchSum extends Text {
  readonly rule: RuleCode
  readonly kind: string
  readonly total: string
  readonly plus: readonly string[]
  readonly minus: readonly string[]
}

const compared = (
  rule: RuleCode,
  [zh, en]: readonly [string, string],
  one: string,
  other: string,
  as: ComparedAs = 'text',
): MatchField => ({ rule, zh, en, sides: [sideOf(one), sideOf(other)], as })

function sideOf(path: string): Side {
  const [kind = '', field = ''] = path.split('.')
  return [kind, field]
}

const CONSIGNOR = ['电商企业（收发货人）', 'Merchant (consignor)'] as const
const BUYER_NAME = ['订购人姓名', 'Name of the buyer'] as const
const BUYER_ID = ['订购人证件号码', 'Id number of the buyer'] as const
const ADDRESS = ['收货地址', 'Address of the consignee'] as const

// biome-ignore format: a table is read by columns
export const matchFields: readonly MatchField[] = [
  compared('MATCH_PAID_AMOUNT', ['实付金额', 'Amount paid'], 'CEB311.acturalPaid', 'CEB411.amountPaid', 'decimal'),
  compared('MATCH_PAYER', ['订购人与支付人姓名', 'Name of buyer and payer'], 'CEB311.buyerName', 'CEB411.payerName'),
  compared('MATCH_PAYER', ['订购人与支付人证件号码', 'Id number of buyer and payer'], 'CEB311.buyerIdNumber', 'CEB411.payerIdNumber'),
  compared('MATCH_PAYMENT_FIRM', ['支付企业', 'Payment enterprise'], 'CEB311.payCode', 'CEB411.payCode'),
  compared('MATCH_PAYMENT_NUMBER', ['支付交易编号', 'Payment transaction number'], 'CEB311.payTransactionId', 'CEB411.payTransactionId'),
  compared('MATCH_BUYER', BUYER_NAME, 'CEB311.buyerName', 'CEB621.buyerName'),
  compared('MATCH_BUYER', BUYER_ID, 'CEB311.buyerIdNumber', 'CEB621.buyerIdNumber'),
  compared('MATCH_BUYER_PHONE', ['订购人电话', 'Telephone of the buyer'], 'CEB311.buyerTelephone', 'CEB621.buyerTelephone'),
  compared('MATCH_MERCHANT', ['电商企业', 'Merchant'], 'CEB311.ebcCode', 'CEB621.ebcCode'),
  compared('MATCH_ADDRESS', ADDRESS, 'CEB311.consigneeAddress', 'CEB621.consigneeAddress'),
  compared('MATCH_CONSIGNEE', ['收货人', 'Consignee'], 'CEB311.consignee', 'CEB511.consignee'),
  compared('MATCH_CONSIGNEE_PHONE', ['收货人电话', 'Telephone of the consignee'], 'CEB311.consigneeTelephone', 'CEB511.consigneeTelephone'),
  compared('MATCH_ADDRESS', ADDRESS, 'CEB311.consigneeAddress', 'CEB511.consigneeAddress'),
  compared('MATCH_FREIGHT', ['运费', 'Freight'], 'CEB511.freight', 'CEB621.freight', 'decimal'),
  compared('MATCH_INSURANCE', ['保费', 'Insurance fee'], 'CEB511.insuredFee', 'CEB621.insuredFee', 'decimal'),
  // Export: order, receipt, waybill and list, as far as fields that mean the same go.
  compared('MATCH_CONSIGNOR', CONSIGNOR, 'CEB303.ebcCode', 'CEB603.ebcCode'),
  compared('MATCH_CONSIGNOR', CONSIGNOR, 'CEB403.ebcCode', 'CEB603.ebcCode'),
  compared('MATCH_CONSIGNOR', CONSIGNOR, 'CEB505.ebcCode', 'CEB603.ebcCode'),
  compared('MATCH_CONSIGNOR_NAME', ['电商企业（收发货人）名称', 'Name of the merchant (consignor)'], 'CEB303.ebcName', 'CEB603.ebcName'),
  compared('MATCH_PARCELS', ['件数', 'Parcels'], 'CEB505.packNo', 'CEB603.packNo', 'decimal'),
  compared('MATCH_GROSS_WEIGHT', ['毛重（公斤）', 'Gross weight in kg'], 'CEB505.grossWeight', 'CEB603.grossWeight', 'decimal'),
]

/** Head fields that say the same of one consignment, though nobody is known to compare them. */
export const sameFacts: readonly (readonly [Side, Side])[] = [
  [sideOf('CEB311.buyerTelephone'), sideOf('CEB411.telephone')],
  [sideOf('CEB511.weight'), sideOf('CEB621.grossWeight')],
]

const traded: MatchLines['fields'] = [
  { zh: '数量', en: 'Quantity', names: ['qty', 'qty'], as: 'decimal' },
  { zh: '单位', en: 'Unit', names: ['unit', 'unit'], as: 'text' },
  { zh: '单价', en: 'Price', names: ['price', 'price'], as: 'decimal' },
  { zh: '总价', en: 'Total price', names: ['totalPrice', 'totalPrice'], as: 'decimal' },
]

export const matchLines: readonly MatchLines[] = [
  {
    counts: 'MATCH_LINE_COUNT',
    rule: 'MATCH_LINES',
    sides: [
      ['CEB311', 'OrderList'],
      ['CEB621', 'InventoryList'],
    ],
    number: 'gnum',
    fields: [
      { zh: '商品名称', en: 'Name of the goods', names: ['itemName', 'gname'], as: 'text' },
      ...traded,
    ],
  },
  {
    counts: 'MATCH_EXPORT_LINE_COUNT',
    rule: 'MATCH_EXPORT_LINES',
    sides: [
      ['CEB303', 'OrderList'],
      ['CEB603', 'InventoryList'],
    ],
    number: 'gnum',
    // An export list names goods as they are classified, not as they were sold.
    fields: [
      { zh: '企业商品货号', en: 'Item number', names: ['itemNo', 'itemNo'], as: 'text' },
      ...traded,
    ],
  },
]

export const matchSums: readonly MatchSum[] = [
  {
    rule: 'MATCH_ORDER_SUM',
    zh: '实付金额的计算',
    en: 'Arithmetic of the amount paid',
    kind: 'CEB311',
    total: 'acturalPaid',
    plus: ['goodsValue', 'freight', 'taxTotal'],
    minus: ['discount'],
  },
]

/** Roles in which enterprises are named by head fields, whatever the kind. */
export const namedRoles = {
  ebpCode: 'platform',
  ebcCode: 'merchant',
  payCode: 'payer',
  logisticsCode: 'carrier',
  agentCode: 'declarant',
  assureCode: 'guarantor',
  areaCode: 'warehouse',
} as const

/** Head field with the code of the merchant, of the kinds that name one. */
export const MERCHANT_FIELD: keyof typeof namedRoles = 'ebcCode'
