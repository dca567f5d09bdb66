/**
 * The customs side of matching (四单对碰): compares a list with its order, payment and waybill and
 * names every difference by customs' own result text. It deliberately shares no table with the
 * gateway's match: a referee that reads the player's notes finds nothing. Fields: 202205 messages;
 * codes and texts as seen in practice.
 */
import { getDeclaration } from '../catalogue/index.ts'
import type { AnyDocument, FieldRecord } from '../catalogue/message.ts'
import { resultText } from '../catalogue/result-codes.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { add, type Decimal, readDecimal, subtract, ZERO } from '../kernel/decimal.ts'

/** The four documents, by the part they are of the consignment (catalogue `offers`). */
export type Parts = ReadonlyMap<string, AnyDocument>

/** Result texts of all differences in a row; undefined when the four documents agree. */
export const differences = (parts: Parts): string | undefined => {
  const heads = new Map<string, FieldRecord>()
  for (const [part, kind] of KINDS) {
    const document = parts.get(part)
    if (document !== undefined) heads.set(part, headOfDocument(getDeclaration(kind), document))
  }
  const found = new Set<string>()
  for (const rule of headRules) if (differs(rule, heads)) found.add(textOf(rule))
  const order = heads.get('order')
  if (order !== undefined && !addsUp(order)) found.add(resultText('1332', '订单金额计算不平'))
  compareLines(parts, found)
  return found.size === 0 ? undefined : [...found].join('')
}

/** What a list waits for is told in its reply. */
export const missingHints: Readonly<Record<string, string>> = {
  order: '对应订单信息不存在',
  payment: '对应支付信息不存在',
  waybill: '对应物流信息不存在',
}

const KINDS = [
  ['order', 'CEB311'],
  ['payment', 'CEB411'],
  ['waybill', 'CEB511'],
  ['list', 'CEB621'],
] as const

interface HeadRule {
  readonly code: string
  /** Reason, where the code alone does not say it. */
  readonly reason?: string
  /** Part and field. */
  readonly one: readonly [string, string]
  readonly other: readonly [string, string]
  readonly as: 'text' | 'decimal'
}

const OFFICER = '1300'

const headRules: readonly HeadRule[] = [
  rule('1327', 'order.buyerName', 'payment.payerName'),
  rule('1327', 'order.buyerIdNumber', 'payment.payerIdNumber'),
  rule('13127', 'list.buyerName', 'order.buyerName'),
  rule('13127', 'list.buyerIdNumber', 'order.buyerIdNumber'),
  rule('130126', 'list.buyerTelephone', 'order.buyerTelephone'),
  { ...rule('1332', 'order.acturalPaid', 'payment.amountPaid'), as: 'decimal' },
  rule('13035', 'order.payCode', 'payment.payCode'),
  rule(OFFICER, 'waybill.consignee', 'order.consignee', '运单收货人与订单不一致'),
  rule(
    OFFICER,
    'waybill.consigneeTelephone',
    'order.consigneeTelephone',
    '运单收货电话与订单不一致',
  ),
  rule(OFFICER, 'waybill.consigneeAddress', 'order.consigneeAddress', '运单收货地址与订单不一致'),
  rule(OFFICER, 'list.ebcCode', 'order.ebcCode', '清单电商企业与订单不一致'),
]

/** Fields of an order line, beside those of the list line with the same number. */
const lineFields = [
  ['itemName', 'gname', 'text'],
  ['qty', 'qty', 'decimal'],
  ['unit', 'unit', 'text'],
  ['price', 'price', 'decimal'],
  ['totalPrice', 'totalPrice', 'decimal'],
] as const

function rule(code: string, one: string, other: string, reason?: string): HeadRule {
  const split = (path: string) => {
    const [part = '', field = ''] = path.split('.')
    return [part, field] as const
  }
  const as = 'text'
  return { code, one: split(one), other: split(other), as, ...(reason ? { reason } : {}) }
}

const textOf = ({ code, reason }: HeadRule): string =>
  reason === undefined ? resultText(code) : resultText(code, reason)

/** A field that either side leaves out is not compared: all compared fields but one are required. */
const differs = ({ one, other, as }: HeadRule, heads: ReadonlyMap<string, FieldRecord>) => {
  const left = heads.get(one[0])?.[one[1]]
  const right = heads.get(other[0])?.[other[1]]
  return left !== undefined && right !== undefined && !equal(left, right, as)
}

const equal = (left: string, right: string, as: 'text' | 'decimal'): boolean =>
  left === right || (as === 'decimal' && amount(left) === amount(right))

/** acturalPaid = goodsValue + freight + taxTotal − discount. */
const addsUp = (order: FieldRecord): boolean => {
  const whole = add(amount(order.goodsValue), amount(order.freight), amount(order.taxTotal))
  return subtract(whole, amount(order.discount)) === amount(order.acturalPaid)
}

const amount = (text: string | undefined): Decimal => readDecimal(text ?? '') ?? ZERO

const compareLines = (parts: Parts, found: Set<string>): void => {
  const [order, list] = [parts.get('order'), parts.get('list')]
  if (order === undefined || list === undefined) return
  const ordered = linesOf(getDeclaration('CEB311'), order, 'OrderList')
  const listed = linesOf(getDeclaration('CEB621'), list, 'InventoryList')
  if (ordered.length !== listed.length) found.add(resultText('1320'))
  else if (!listed.every((line) => agrees(line, ordered))) found.add(resultText('1322'))
}

const agrees = (line: FieldRecord, ordered: readonly FieldRecord[]): boolean => {
  const partner = ordered.find((each) => each.gnum === line.gnum)
  return (
    partner !== undefined &&
    lineFields.every(([theirs, ours, as]) => equal(partner[theirs] ?? '', line[ours] ?? '', as))
  )
}
