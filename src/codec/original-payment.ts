/**
 * Original payment data: its check, and its texts. What a platform hands in is judged field by field
 * against the table, all faults at once. Head and lists are each written once as compact JSON in the
 * order of the table, the amount by its own spelling; the same text is signed and sent, because
 * customs signs nothing but the bytes (verified on a published production upload).
 */
import type { Field } from '../catalogue/field.ts'
import type { FieldRecord, Group } from '../catalogue/message.ts'
import { isNumberMember, originalPayment as table } from '../catalogue/original-payment.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { ORIGINAL_PAYMENT_BYTES_MAX } from '../kernel/payment-limits.ts'
import { isRecord, judgeInput } from './check.ts'
import { type GroupRule, groupRuleOf } from './rule.ts'
import { groupShape } from './shape.ts'
import { faultOf } from './texts.ts'

export interface PaymentOrder {
  /** Without the goods. */
  readonly fields: FieldRecord
  readonly goods: readonly FieldRecord[]
}

/** One payment with all orders it paid for; key order of every record is that of the table. */
export interface OriginalPayment {
  readonly head: FieldRecord
  readonly orders: readonly PaymentOrder[]
}

export interface CheckedPayment {
  readonly faults: readonly Fault[]
  /** Meaningful only without faults. */
  readonly payment: OriginalPayment
}

/** The member of a payment, and of an order, that holds the lists below it. */
const ORDERS = 'orders'
const GOODS = 'goodsInfo'

const ruleOfPart = (name: string, group: Group): GroupRule =>
  groupRuleOf(table.code, groupShape(name, group), new Map(), false)

const HEAD = ruleOfPart('payment', table.head)
const ORDER = ruleOfPart(ORDERS, table.orders)
const GOODS_LINE = ruleOfPart(GOODS, table.goods)

/** All faults of one payment as handed in; never throws, whatever `input` is. */
export const checkOriginalPayment = (input: unknown): CheckedPayment => {
  const faults: Fault[] = []
  if (!isRecord(input))
    return {
      faults: [faultOf('NOT_A_RECORD', HEAD.code, '', HEAD.subject)],
      payment: { head: {}, orders: [] },
    }
  const { [ORDERS]: listed, ...rest } = input
  const head = judged(faults, HEAD, rest, '')
  const orders = linesOf(faults, ORDER, listed, at('', ORDERS)).map(({ value, pointer }) => {
    const { [GOODS]: goods, ...fields } = value
    return {
      fields: judged(faults, ORDER, fields, pointer),
      goods: linesOf(faults, GOODS_LINE, goods, at(pointer, GOODS)).map((line) =>
        judged(faults, GOODS_LINE, line.value, line.pointer),
      ),
    }
  })
  const payment = { head, orders }
  faults.push(...repeatedOrders(orders), ...textFaults(payment))
  return { faults: faults.slice(0, FAULTS_PER_DOCUMENT_MAX), payment }
}

/** `payExchangeInfoHead`: `guid` leads, the rest as handed in. */
export const headText = (guid: string, { head }: OriginalPayment): string =>
  `{"guid":${JSON.stringify(guid)},${membersText(table.head.fields, head)}}`

/** `payExchangeInfoLists`: one entry for every order of the payment. */
export const listsText = ({ orders }: OriginalPayment): string =>
  `[${orders.map(orderText).join()}]`

/**
 * The string that is signed, in UTF-8: four parts joined by two bars, the two JSON texts in one more
 * pair of quotes each, their inner quotes as they are.
 */
export const stringToSign = (parts: {
  readonly sessionId: string
  readonly head: string
  readonly lists: string
  /** Epoch milliseconds. */
  readonly serviceTime: string
}): string =>
  [
    `"sessionID":"${parts.sessionId}"`,
    `"payExchangeInfoHead":"${parts.head}"`,
    `"payExchangeInfoLists":"${parts.lists}"`,
    `"serviceTime":"${parts.serviceTime}"`,
  ].join('||')

/** A record of a part as JSON members; an optional field without a value is left out. */
const membersText = (fields: Readonly<Record<string, Field>>, record: FieldRecord): string =>
  Object.keys(fields)
    .flatMap((name) => {
      const value = record[name]
      if (value === undefined) return []
      const text = isNumberMember(fields[name]) ? value : JSON.stringify(value)
      return [`${JSON.stringify(name)}:${text}`]
    })
    .join()

const orderText = ({ fields, goods }: PaymentOrder): string => {
  const lines = goods.map((line) => `{${membersText(table.goods.fields, line)}}`)
  const { [table.goodsAfter]: first, ...others } = table.orders.fields
  const before = membersText({ [table.goodsAfter]: first }, fields)
  return `{${before},"${GOODS}":[${lines.join()}],${membersText(others, fields)}}`
}

const judged = (
  faults: Fault[],
  rule: GroupRule,
  input: Readonly<Record<string, unknown>>,
  pointer: string,
): FieldRecord => {
  const { faults: found, record } = judgeInput(rule, input, pointer)
  faults.push(...found)
  return record
}

interface Line {
  readonly value: Readonly<Record<string, unknown>>
  readonly pointer: string
}

/** Lines beyond the bound are not looked at: the payment is refused anyway. */
const linesOf = (
  faults: Fault[],
  { code, subject, shape, linesMax }: GroupRule,
  value: unknown,
  pointer: string,
): readonly Line[] => {
  if (value === undefined) faults.push(faultOf('MISSING', code, pointer, subject))
  else if (!Array.isArray(value)) faults.push(faultOf('NOT_A_LIST', code, pointer, subject))
  if (!Array.isArray(value)) return []
  if (value.length < shape.min) faults.push(faultOf('TOO_FEW_LINES', code, pointer, subject))
  if (value.length > linesMax) faults.push(faultOf('TOO_MANY_LINES', code, pointer, subject))
  return value.slice(0, linesMax).flatMap((line: unknown, index): readonly Line[] => {
    const place = at(pointer, index)
    if (isRecord(line)) return [{ value: line, pointer: place }]
    faults.push(faultOf('NOT_A_RECORD', code, place, subject))
    return []
  })
}

const repeatedOrders = (orders: readonly PaymentOrder[]): readonly Fault[] => {
  const numbers = orders.map(({ fields }) => fields[table.goodsAfter])
  return numbers.flatMap((number, index) =>
    number !== undefined && numbers.indexOf(number) < index
      ? [faultAt('orderNo-REPEATED', at(at(at('', ORDERS), index), table.goodsAfter))]
      : [],
  )
}

/** A JSON number has no leading zero; nobody pays less than nothing. */
const JSON_AMOUNT = /^(?:0|[1-9]\d*)(?:\.\d+)?$/

/** What must hold because it becomes JSON in UTF-8. */
const textFaults = (payment: OriginalPayment): readonly Fault[] => {
  const { totalAmount = '0' } = payment.head
  // What is no decimal at all was told by the check.
  const isAmount = !/^-?\d+(?:\.\d+)?$/.test(totalAmount) || JSON_AMOUNT.test(totalAmount)
  const text = JSON.stringify(payment)
  const broken = Object.entries(payment.head).filter(([, value]) => /\p{Surrogate}/u.test(value))
  return [
    ...(isAmount ? [] : [faultAt('totalAmount-NOT_AN_AMOUNT', at('', 'totalAmount'))]),
    ...broken.map(([name]) => faultAt('HALF_CHARACTER', at('', name))),
    ...(Buffer.byteLength(text) > ORIGINAL_PAYMENT_BYTES_MAX ? [faultAt('TOO_LARGE', '')] : []),
  ]
}

const faultAt = (what: keyof typeof own, pointer: string): Fault => ({
  code: `${table.code}-${what}`,
  pointer,
  severity: 'error',
  ...own[what],
})

const own = {
  'orderNo-REPEATED': {
    text: { zh: '同一支付下订单编号重复', en: 'An order number stands there twice' },
    cure: { zh: '每个订单只写一次', en: 'Name every order once' },
  },
  'totalAmount-NOT_AN_AMOUNT': {
    text: {
      zh: '交易金额不能为负,也不能有多余的前导零',
      en: 'The amount is negative or has zeros in front',
    },
    cure: { zh: '写成 0.01、5、5.0 这样的形式', en: 'Spell it like 0.01, 5 or 5.0' },
  },
  HALF_CHARACTER: {
    text: { zh: '含有不完整的字符,无法以 UTF-8 发送', en: 'It holds half of a character' },
    cure: { zh: '按原文重新取得该文本', en: 'Take the text again from where it came' },
  },
  TOO_LARGE: {
    text: { zh: '该支付数据过大', en: 'The data of this payment is too large' },
    cure: { zh: '减少商品或链接后重新提交', en: 'Give fewer goods or links' },
  },
} as const
