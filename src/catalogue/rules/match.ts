/**
 * Rules of the four documents against each other (四单对碰). No complete official list of them is
 * published: those that customs was seen to refuse with a code of its own hold a list back, all
 * others only warn. Which fields a rule compares is told in `match-fields.ts`.
 */
import type { Rule, Rules } from './rule.ts'

/** Refusals with these codes were seen in replies since the retail lists of 2016. */
const SEEN = {
  severity: 'hold',
  softer: ['warn'],
  validFrom: '2016-04-08',
  confidence: 'A',
  source: '海关退单回执所见代码；支付与平台方申报接口说明',
} as const satisfies Partial<Rule>

const LIKELY = {
  severity: 'warn',
  validFrom: '2016-04-08',
  confidence: 'B',
  source: '单方资料所述的比对项；未见对应退单代码',
} as const satisfies Partial<Rule>

const INFERRED = {
  severity: 'warn',
  validFrom: '2016-04-08',
  confidence: 'I',
  source: '由报文结构推断的比对项；未见公布',
} as const satisfies Partial<Rule>

export const matchRules = {
  MATCH_PAID_AMOUNT: {
    ...SEEN,
    customs: '1332',
    zh: '订单实付金额与支付金额一致',
    en: 'The amount the order says was paid is the amount of the payment',
    cure: {
      zh: '核对订单 acturalPaid 与支付单 amountPaid，更正有误的一份后重新提交',
      en: 'Compare acturalPaid of the order with amountPaid of the payment; correct the wrong one and hand it in again',
    },
  },
  MATCH_ORDER_SUM: {
    ...SEEN,
    customs: '1332',
    confidence: 'B',
    source: '报文规范字段说明：实付金额 = 商品价格 + 运杂费 + 代扣税款 − 非现金抵扣',
    zh: '订单实付金额 = 商品价格 + 运杂费 + 代扣税款 − 非现金抵扣',
    en: 'An order adds up: acturalPaid = goodsValue + freight + taxTotal − discount',
    cure: {
      zh: '重新计算订单的 acturalPaid，或更正 goodsValue、freight、taxTotal、discount',
      en: 'Work out acturalPaid again, or correct goodsValue, freight, taxTotal or discount',
    },
  },
  MATCH_PAYER: {
    ...SEEN,
    customs: '1327',
    zh: '订购人与支付人姓名、证件号码一致',
    en: 'Buyer and payer are one person: same name, same id number',
    cure: {
      zh: '核对订单与支付单的姓名和证件号码；请订购人以本人账户支付',
      en: 'Compare name and id number of order and payment; the buyer must pay from an account of his own',
    },
  },
  MATCH_BUYER: {
    ...SEEN,
    customs: '13127',
    zh: '清单订购人与订单订购人一致',
    en: 'The buyer on the list is the buyer of the order',
    cure: {
      zh: '按订单更正清单的订购人姓名和证件号码',
      en: 'Copy name and id number of the buyer from the order to the list',
    },
  },
  MATCH_BUYER_PHONE: {
    ...SEEN,
    customs: '130126',
    zh: '清单订购人电话与订单一致',
    en: 'The buyer’s telephone is the same on list and order',
    cure: {
      zh: '按订单更正清单的 buyerTelephone',
      en: 'Copy buyerTelephone from the order to the list',
    },
  },
  MATCH_PAYMENT_FIRM: {
    ...SEEN,
    customs: '13035',
    zh: '订单所写支付企业与支付单一致',
    en: 'The payment enterprise named in the order is that of the payment',
    cure: {
      zh: '更正订单的 payCode，或请实际支付企业提交支付单',
      en: 'Correct payCode of the order, or have the firm that was paid through hand the payment in',
    },
  },
  MATCH_LINE_COUNT: {
    ...SEEN,
    customs: '1320',
    zh: '清单与订单商品项数一致',
    en: 'List and order have the same number of lines',
    cure: {
      zh: '按订单逐项填写清单表体，每项一行',
      en: 'Give the list one line for each line of the order',
    },
  },
  MATCH_LINES: {
    ...SEEN,
    customs: '1322',
    zh: '清单与订单同序号商品的名称、数量、单位、单价、总价一致',
    en: 'Lines of list and order with the same number agree in name, quantity, unit, price and total',
    cure: {
      zh: '按 gnum 逐项核对，更正清单或订单中有误的字段',
      en: 'Compare line by line by gnum and correct the list or the order',
    },
  },
  MATCH_PAYMENT_NUMBER: {
    ...LIKELY,
    zh: '订单所写支付交易编号与支付单一致',
    en: 'The transaction number named in the order is that of the payment',
    cure: {
      zh: '更正订单的 payTransactionId，或提交所写交易的支付单',
      en: 'Correct payTransactionId of the order, or hand in the payment it names',
    },
  },
  MATCH_CONSIGNEE: {
    ...LIKELY,
    zh: '运单收货人与订单一致',
    en: 'The consignee is the same on waybill and order',
    cure: { zh: '按订单更正运单收货人', en: 'Copy the consignee from the order to the waybill' },
  },
  MATCH_CONSIGNEE_PHONE: {
    ...LIKELY,
    zh: '运单收货人电话与订单一致',
    en: 'The consignee’s telephone is the same on waybill and order',
    cure: {
      zh: '按订单更正运单收货人电话',
      en: 'Copy the consignee’s telephone from the order to the waybill',
    },
  },
  MATCH_ADDRESS: {
    ...LIKELY,
    zh: '收货地址在订单、运单、清单上一致',
    en: 'The address of delivery is the same on order, waybill and list',
    cure: {
      zh: '按订单更正运单或清单的收货地址',
      en: 'Copy the address from the order to waybill and list',
    },
  },
  MATCH_MERCHANT: {
    ...LIKELY,
    zh: '清单电商企业与订单一致',
    en: 'The merchant is the same on list and order',
    cure: { zh: '按订单更正清单的 ebcCode', en: 'Copy ebcCode from the order to the list' },
  },
  MATCH_FREIGHT: {
    ...INFERRED,
    zh: '清单运费与运单一致',
    en: 'Freight is the same on list and waybill',
    cure: { zh: '核对清单与运单的 freight', en: 'Compare freight of list and waybill' },
  },
  MATCH_INSURANCE: {
    ...INFERRED,
    zh: '清单保费与运单一致',
    en: 'The insurance fee is the same on list and waybill',
    cure: { zh: '核对清单与运单的 insuredFee', en: 'Compare insuredFee of list and waybill' },
  },
  MATCH_CONSIGNOR: {
    ...LIKELY,
    zh: '出口清单收发货人与订单、收款单、运单一致',
    en: 'The consignor of an export list is that of its order, receipt and waybill',
    cure: { zh: '核对各单证的 ebcCode', en: 'Compare ebcCode of the documents' },
  },
  MATCH_CONSIGNOR_NAME: {
    ...INFERRED,
    zh: '出口清单收发货人名称与订单一致',
    en: 'The consignor’s name is the same on export list and order',
    cure: { zh: '核对清单与订单的 ebcName', en: 'Compare ebcName of list and order' },
  },
  MATCH_PARCELS: {
    ...INFERRED,
    zh: '出口清单件数与运单一致',
    en: 'The number of parcels is the same on export list and waybill',
    cure: { zh: '核对清单与运单的 packNo', en: 'Compare packNo of list and waybill' },
  },
  MATCH_GROSS_WEIGHT: {
    ...INFERRED,
    zh: '出口清单毛重与运单一致',
    en: 'The gross weight is the same on export list and waybill',
    cure: { zh: '核对清单与运单的 grossWeight', en: 'Compare grossWeight of list and waybill' },
  },
  MATCH_EXPORT_LINE_COUNT: {
    ...INFERRED,
    customs: '1320',
    zh: '出口清单与订单商品项数一致',
    en: 'Export list and order have the same number of lines',
    cure: {
      zh: '按订单逐项填写清单表体，每项一行',
      en: 'Give the list one line for each line of the order',
    },
  },
  MATCH_EXPORT_LINES: {
    ...INFERRED,
    customs: '1322',
    zh: '出口清单与订单同序号商品的货号、数量、单位、单价、总价一致',
    en: 'Lines of export list and order with the same number agree in item number, quantity, unit, price and total',
    cure: {
      zh: '按 gnum 逐项核对，更正清单或订单中有误的字段',
      en: 'Compare line by line by gnum and correct the list or the order',
    },
  },
} as const satisfies Rules
