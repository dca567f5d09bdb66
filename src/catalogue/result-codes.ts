/**
 * Result texts of customs: `[Code:1320;Desc:…]` in `returnInfo`, one or several in a row, beside
 * the official status. No public table of them exists; these are the ones seen in practice.
 */
import type { Text } from '../kernel/fault.ts'
import type { CauseName } from './causes/index.ts'

export interface ResultCode extends Text {
  /** The official status it comes with. */
  readonly status: string
  readonly cause: CauseName
}

const result = (status: string, cause: CauseName, zh: string, en: string): ResultCode => ({
  status,
  cause,
  zh,
  en,
})

// biome-ignore format: a table is read by columns
/** By code, digits only. */
export const resultCodes: Readonly<Record<string, ResultCode>> = {
  '1200': result('300', 'under-review', '待人工审核', 'Waits for manual review'),
  '1300': result('100', 'rejected-by-officer', '人工退单', 'Rejected by an officer'),
  '1313': result('100', 'yearly-limit', '订购人超过年度交易限值', 'Buyer above the yearly limit'),
  '1320': result('100', 'line-count-differs', '清单与订单商品项数不一致', 'Number of lines differs between list and order'),
  '1322': result('100', 'lines-differ', '清单与订单商品信息不一致', 'Goods lines differ between list and order'),
  '1327': result('100', 'buyer-is-not-payer', '订购人与支付人信息不一致', 'Buyer and payer differ in name or identity number'),
  '1332': result('100', 'amount-differs', '订单实际支付金额与支付金额不一致', 'Amount paid differs between order and payment'),
  '1800': result('120', 'check-passed', '逻辑校验通过', 'Logical check passed'),
  '2300': result('399', 'check-passed', '审核通过', 'Review passed'),
  '2600': result('800', 'check-passed', '放行', 'Released'),
  '13035': result('100', 'payment-firm-differs', '支付企业不一致', 'Payment enterprise differs'),
  '13127': result('100', 'buyer-differs-on-list', '清单订购人与订单订购人不一致', 'Buyer differs between list and order'),
  '22001': result('100', 'not-registered', '企业未备案该项业务', 'Enterprise is not registered for this business'),
  '22007': result('100', 'list-released', '清单已放行', 'The related list is already released'),
  '130126': result('100', 'buyer-phone-differs', '订购人电话不一致', 'Telephone of the buyer differs'),
}

/** The text customs writes; an unknown code gets the description handed in. */
export const resultText = (code: string, description = resultCodes[code]?.zh ?? ''): string =>
  `[Code:${code};Desc:${description}]`
