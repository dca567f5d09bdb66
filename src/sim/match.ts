/**
 * The customs side of matching (四单对碰): compares a list with its companions and names every
 * difference by customs' own result text. It deliberately shares no table with the
 * gateway's match: a referee that reads the player's notes finds nothing. Fields: 202205 messages;
 * codes and texts as seen in practice.
 */
import type { AnyDocument, Declaration, FieldRecord } from '../catalogue/message.ts'
import { resultText } from '../catalogue/result-codes.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { add, type Decimal, readDecimal, subtract, ZERO } from '../kernel/decimal.ts'
import { detached } from './detached.ts'

/** What is compared of one document: small, because it is kept until the other three are there. */
export interface Compared {
  readonly head: FieldRecord
  readonly lines: readonly FieldRecord[]
}

/** By the part a document is of its consignment (catalogue `offers`). */
export type Parts = ReadonlyMap<string, Compared>

/** The compared fields of a document, as texts of their own. */
export const comparedOf = (entry: Declaration, document: AnyDocument): Compared => {
  const part = entry.offers?.part ?? ''
  const lines = comparedLines[part]
  return {
    head: detached(headOfDocument(entry, document), comparedHeads[part] ?? []),
    lines:
      lines === undefined
        ? []
        : linesOf(entry, document, lines.group).map((line) => detached(line, lines.fields)),
  }
}

/** Result texts of all differences in a row; undefined when the documents agree. */
export const differences = (parts: Parts): string | undefined => {
  const found = new Set<string>()
  for (const rule of headRules) if (differs(rule, parts)) found.add(textOf(rule))
  const order = parts.get('order')
  if (order !== undefined && !addsUp(order.head)) found.add(resultText('1332', '订单金额计算不平'))
  for (const pair of linePairs) compareLines(pair, parts, found)
  const exported = parts.get('export-list')
  if (exported !== undefined) judgeExport(exported, parts.get('export-order'), found)
  return found.size === 0 ? undefined : [...found].join('')
}

/** What a list waits for is told in its reply. */
export const missingHints: Readonly<Record<string, string>> = {
  order: '对应订单信息不存在',
  payment: '对应支付信息不存在',
  waybill: '对应物流信息不存在',
  'export-order': '对应订单信息不存在',
  'export-waybill': '对应物流信息不存在',
  receipt: '对应收款信息不存在',
}

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
  rule(OFFICER, 'export-list.ebcCode', 'export-order.ebcCode', '清单收发货人与订单不一致'),
  rule(OFFICER, 'export-list.ebcCode', 'export-waybill.ebcCode', '清单收发货人与运单不一致'),
]

/** Fields of an order line, beside those of the list line with the same number. */
type LineField = readonly [ordered: string, listed: string, as: 'text' | 'decimal']

const quantities: readonly LineField[] = [
  ['qty', 'qty', 'decimal'],
  ['unit', 'unit', 'text'],
  ['price', 'price', 'decimal'],
  ['totalPrice', 'totalPrice', 'decimal'],
]

/** A list, and the order whose lines it repeats one to one. */
interface LinePair {
  readonly list: string
  readonly order: string
  readonly fields: readonly LineField[]
}

const linePairs: readonly LinePair[] = [
  { list: 'list', order: 'order', fields: [['itemName', 'gname', 'text'], ...quantities] },
  // An export list names goods as they are classified, not as they were sold.
  {
    ...{ list: 'export-list', order: 'export-order' },
    fields: [['itemNo', 'itemNo', 'text'], ...quantities],
  },
]

/** Modes of trade by the type of the export order. */
const modesOf: Readonly<Record<string, readonly string[]>> = {
  E: ['9610', '1210', '1239'],
  B: ['9710'],
  W: ['9810'],
}
/** A list of one of these is for a single parcel of low value; dearer goods need a declaration. */
const LOW_VALUE_MODES = ['9710', '9810']
const LOW_VALUE_MAX = readDecimal('5000') ?? ZERO
const CNY = '142'

/** acturalPaid = goodsValue + freight + taxTotal − discount. */
const orderSum = ['goodsValue', 'freight', 'taxTotal', 'discount', 'acturalPaid']

const comparedHeads: Readonly<Record<string, readonly string[]>> = {
  order: [...fieldsIn('order'), ...orderSum],
  payment: fieldsIn('payment'),
  waybill: fieldsIn('waybill'),
  list: fieldsIn('list'),
  'export-order': [...fieldsIn('export-order'), 'orderType'],
  'export-waybill': fieldsIn('export-waybill'),
  'export-list': [...fieldsIn('export-list'), 'tradeMode'],
}

const comparedLines: Readonly<
  Record<string, { readonly group: string; readonly fields: readonly string[] }>
> = Object.fromEntries(
  linePairs.flatMap(({ list, order, fields }) => [
    [order, { group: 'OrderList', fields: ['gnum', ...fields.map(([ordered]) => ordered)] }],
    [
      list,
      {
        group: 'InventoryList',
        fields: ['gnum', 'currency', ...fields.map(([, listed]) => listed)],
      },
    ],
  ]),
)

function fieldsIn(part: string): readonly string[] {
  const sides = headRules.flatMap(({ one, other }) => [one, other])
  return [...new Set(sides.filter(([each]) => each === part).map(([, field]) => field))]
}

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
const differs = ({ one, other, as }: HeadRule, parts: Parts): boolean => {
  const left = parts.get(one[0])?.head[one[1]]
  const right = parts.get(other[0])?.head[other[1]]
  return left !== undefined && right !== undefined && !equal(left, right, as)
}

const equal = (left: string, right: string, as: 'text' | 'decimal'): boolean =>
  left === right || (as === 'decimal' && amount(left) === amount(right))

const addsUp = (order: FieldRecord): boolean => {
  const whole = add(amount(order.goodsValue), amount(order.freight), amount(order.taxTotal))
  return subtract(whole, amount(order.discount)) === amount(order.acturalPaid)
}

const amount = (text: string | undefined): Decimal => readDecimal(text ?? '') ?? ZERO

const compareLines = (pair: LinePair, parts: Parts, found: Set<string>): void => {
  const listed = parts.get(pair.list)?.lines
  const ordered = parts.get(pair.order)?.lines
  // Of a document that was matched before nothing is left to compare.
  if (listed === undefined || ordered === undefined) return
  if (ordered.length !== listed.length) found.add(resultText('1320'))
  else if (!listed.every((line) => agrees(line, ordered, pair.fields)))
    found.add(resultText('1322'))
}

const agrees = (
  line: FieldRecord,
  ordered: readonly FieldRecord[],
  fields: readonly LineField[],
): boolean => {
  const partner = ordered.find((each) => each.gnum === line.gnum)
  return (
    partner !== undefined &&
    fields.every(([theirs, ours, as]) => equal(partner[theirs] ?? '', line[ours] ?? '', as))
  )
}

/** No codes were seen for these; an officer would say so. */
const judgeExport = (list: Compared, order: Compared | undefined, found: Set<string>): void => {
  const { tradeMode = '' } = list.head
  const modes = modesOf[order?.head.orderType ?? '']
  if (modes !== undefined && !modes.includes(tradeMode))
    found.add(resultText(OFFICER, '订单类型与贸易方式不符'))
  const isInCny = list.lines.every(({ currency }) => currency === CNY)
  const total = add(...list.lines.map(({ totalPrice }) => amount(totalPrice)))
  if (LOW_VALUE_MODES.includes(tradeMode) && isInCny && total > LOW_VALUE_MAX)
    found.add(resultText(OFFICER, '货值超过5000元，应以报关单申报'))
}
