/**
 * Result texts of customs: `[Code:1320;Desc:…]` in `returnInfo`, one or several in a row, beside
 * the official status. No public table of them exists; these are the ones seen in practice.
 */
import type { Text } from '../kernel/fault.ts'

export interface ResultCode extends Text {
  /** The official status it comes with. */
  readonly status: string
}

/** By code, digits only. */
export const resultCodes: Readonly<Record<string, ResultCode>> = {
  '1200': { status: '300', zh: '待人工审核', en: 'Waits for manual review' },
  '1300': { status: '100', zh: '人工退单', en: 'Rejected by an officer' },
  '1313': { status: '100', zh: '订购人超过年度交易限值', en: 'Buyer above the yearly limit' },
  '1320': {
    status: '100',
    zh: '清单与订单商品项数不一致',
    en: 'Number of lines differs between list and order',
  },
  '1322': {
    status: '100',
    zh: '清单与订单商品信息不一致',
    en: 'Goods lines differ between list and order',
  },
  '1327': {
    status: '100',
    zh: '订购人与支付人信息不一致',
    en: 'Buyer and payer differ in name or identity number',
  },
  '1332': {
    status: '100',
    zh: '订单实际支付金额与支付金额不一致',
    en: 'Amount paid differs between order and payment',
  },
  '1800': { status: '120', zh: '逻辑校验通过', en: 'Logical check passed' },
  '2300': { status: '399', zh: '审核通过', en: 'Review passed' },
  '2600': { status: '800', zh: '放行', en: 'Released' },
  '13035': { status: '100', zh: '支付企业不一致', en: 'Payment enterprise differs' },
  '13127': {
    status: '100',
    zh: '清单订购人与订单订购人不一致',
    en: 'Buyer differs between list and order',
  },
  '22001': {
    status: '100',
    zh: '企业未备案该项业务',
    en: 'Enterprise is not registered for this business',
  },
  '22007': { status: '100', zh: '清单已放行', en: 'The related list is already released' },
  '130126': { status: '100', zh: '订购人电话不一致', en: 'Telephone of the buyer differs' },
}

/** The text customs writes; an unknown code gets the description handed in. */
export const resultText = (code: string, description = resultCodes[code]?.zh ?? ''): string =>
  `[Code:${code};Desc:${description}]`
