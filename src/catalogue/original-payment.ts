/**
 * The original payment data of announcements 2018-165 and 2018-179: what a platform keeps of every
 * payment and uploads when customs asks for an order. Fields by member of payExInfoStr; key order is
 * the order in which they are written, signed and sent. Spellings are the interface's own.
 */
import { decimal, type Field, optionalText, text } from './field.ts'
import type { Group } from './message.ts'

const ebpCode = text({
  zh: '电商平台代码',
  max: 18,
  note: 'Customs registration code (10) or unified social credit code (18) of the platform.',
})

const head = {
  initalRequest: text({
    zh: '原始请求',
    max: 8000,
    raw: true,
    sensitive: true,
    note: 'The request sent to the payment institution, unparsed; the spelling is official.',
  }),
  initalResponse: text({
    zh: '原始响应',
    max: 8000,
    raw: true,
    sensitive: true,
    note: 'The answer of the payment institution, unparsed; the spelling is official.',
  }),
  ebpCode,
  payCode: text({ zh: '支付企业代码', max: 18 }),
  payTransactionId: text({ zh: '交易流水号', max: 60, note: 'Given by the payment institution.' }),
  totalAmount: decimal({
    zh: '交易金额',
    note: 'A JSON number; it is written, signed and sent as it is spelt: 5.0 stays 5.0.',
  }),
  currency: text({ zh: '币制', max: 4, fixed: '142', note: 'Fixed 142 (CNY).' }),
  verDept: text({
    zh: '验核机构',
    length: 1,
    values: { '1': '银联', '2': '网联', '3': '其他' },
  }),
  payType: optionalText({
    zh: '支付类型',
    length: 1,
    values: { '1': 'APP', '2': 'PC', '3': '扫码', '4': '其他' },
  }),
  tradingTime: text({ zh: '交易成功时间', length: 14, moment: 14, note: 'yyyyMMddHHmmss.' }),
  note: optionalText({ zh: '备注', max: 1000 }),
} as const satisfies Readonly<Record<string, Field>>

const order = {
  orderNo: text({ zh: '订单编号', max: 60 }),
  recpAccount: text({ zh: '收款账号', max: 60, sensitive: true }),
  recpCode: optionalText({ zh: '收款企业代码', max: 18, note: 'Credit code of the receiver.' }),
  recpName: text({ zh: '收款企业名称', max: 100, sensitive: true }),
} as const satisfies Readonly<Record<string, Field>>

const goods = {
  gname: text({ zh: '商品名称', max: 250 }),
  itemLink: text({
    zh: '商品展示链接地址',
    max: 3000,
    note: 'Address of the page; several are joined with a semicolon.',
  }),
} as const satisfies Readonly<Record<string, Field>>

/** Orders under one payment, and goods of one order; the interface names no bound. */
const ORDERS_MAX = 100
const GOODS_MAX = 500

export const originalPayment = {
  /** How faults, mandates and figures of rules name it; no kind of message. */
  code: 'PAY179',
  zh: '支付原始数据',
  en: 'original payment data',
  owners: [{ role: 'platform', field: 'ebpCode' }],
  /** Kept and uploaded over HTTP; nothing of it travels by DXP, and keeping it needs no key. */
  byDxp: false,
  head: { min: 1, max: 1, zh: '支付信息', fields: head },
  orders: { min: 1, max: ORDERS_MAX, zh: '订单信息', fields: order },
  goods: { min: 1, max: GOODS_MAX, zh: '商品信息', fields: goods },
  /** The member of an order that the goods follow. */
  goodsAfter: 'orderNo',
  /** The part that says which payment it is. */
  key: ['payTransactionId', 'ebpCode'],
} as const satisfies {
  readonly head: Group
  readonly orders: Group
  readonly goods: Group
  readonly [member: string]: unknown
}

/** Written as JSON numbers; everything else is text. */
export const isNumberMember = (field: Field | undefined): boolean => field?.kind === 'decimal'

/** Names of the sensitive fields of a part. */
export const sensitiveNames = ({ fields }: Group): readonly string[] =>
  Object.entries(fields).flatMap(([name, field]) => (field.sensitive === true ? [name] : []))
