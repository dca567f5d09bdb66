/**
 * Original payment data: every fault of the table is told where it is, and what is signed is the very
 * text that is sent, amount by its spelling, quotes, bars, Chinese and emoji as they are.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  checkOriginalPayment,
  headText,
  listsText,
  stringToSign,
} from '../../src/codec/original-payment.ts'
import { originalPayment, paymentOrder } from '../support/payments.ts'

const codesOf = (input: unknown): readonly string[] =>
  checkOriginalPayment(input).faults.map(({ code, pointer }) => `${code} ${pointer}`)

const GUID = '0190A1B2-0000-8000-8000-00000000000A'

const signedOf = (input: unknown) => {
  const { faults, payment } = checkOriginalPayment(input)
  expect(faults).toEqual([])
  const head = headText(GUID, payment)
  const lists = listsText(payment)
  const sessionId = 'FE2374C8-FNEJ-F975-8916-0123456789AB'
  return {
    head,
    lists,
    signed: stringToSign({ sessionId, head, lists, serviceTime: '1544519952469' }),
  }
}

describe('the check', () => {
  it('takes a payment of the table, and the optional fields left out', () => {
    expect(codesOf(originalPayment('A1'))).toEqual([])
    const { payType: _, note: __, ...least } = originalPayment('A1')
    expect(codesOf(least)).toEqual([])
  })

  it.each([
    ['initalRequest', 'x'.repeat(8001), 'TOO_LONG'],
    ['initalResponse', '', 'EMPTY'],
    ['initalResponse', 5, 'WRONG_TYPE'],
    ['ebpCode', '1'.repeat(19), 'TOO_LONG'],
    ['payCode', undefined, 'MISSING'],
    ['payTransactionId', 'x'.repeat(61), 'TOO_LONG'],
    ['totalAmount', '1e3', 'NOT_DECIMAL'],
    ['totalAmount', '1.000001', 'TOO_MANY_DIGITS'],
    ['totalAmount', '12345678901234567890', 'TOO_MANY_DIGITS'],
    ['totalAmount', '-1', 'NOT_AN_AMOUNT'],
    ['totalAmount', '007.5', 'NOT_AN_AMOUNT'],
    ['currency', '502', 'NOT_ALLOWED'],
    ['verDept', '4', 'NOT_ALLOWED'],
    ['payType', '5', 'NOT_ALLOWED'],
    ['tradingTime', '20260230000000', 'NOT_A_TIME'],
    ['tradingTime', '20261014', 'WRONG_LENGTH'],
    ['note', 'x'.repeat(1001), 'TOO_LONG'],
    ['payTransactionID', 'x', 'UNKNOWN'],
  ])('tells of %s %#', (name, value, what) => {
    const found = codesOf(originalPayment('A1', { [name]: value }))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(new RegExp(`^PAY179-\\w+-${what} /${name}$`))
  })

  it('counts characters, not bytes: 8,000 Chinese ones and 8,000 emoji fit', () => {
    expect(codesOf(originalPayment('A1', { initalRequest: '原'.repeat(8000) }))).toEqual([])
    expect(codesOf(originalPayment('A1', { initalRequest: '😀'.repeat(8000) }))).toEqual([])
  })

  it('tells of orders and goods at their place, all at once', () => {
    const orders = [
      { ...paymentOrder('A1', []), recpName: '' },
      { ...paymentOrder('A1'), recpAccount: undefined },
      { ...paymentOrder('A2', [{ gname: 'x'.repeat(251), itemLink: '' }, 'x']) },
      7,
    ]
    expect(codesOf(originalPayment('A1', { orders })).toSorted()).toEqual(
      [
        'PAY179-recpName-EMPTY /orders/0/recpName',
        'PAY179-goodsInfo-TOO_FEW_LINES /orders/0/goodsInfo',
        'PAY179-recpAccount-MISSING /orders/1/recpAccount',
        'PAY179-orderNo-REPEATED /orders/1/orderNo',
        'PAY179-gname-TOO_LONG /orders/2/goodsInfo/0/gname',
        'PAY179-itemLink-EMPTY /orders/2/goodsInfo/0/itemLink',
        'PAY179-goodsInfo-NOT_A_RECORD /orders/2/goodsInfo/1',
        'PAY179-orders-NOT_A_RECORD /orders/3',
      ].toSorted(),
    )
  })

  it.each([
    [null, 'PAY179-payment-NOT_A_RECORD '],
    [originalPayment('A1', { orders: [] }), 'PAY179-orders-TOO_FEW_LINES /orders'],
    [originalPayment('A1', { orders: {} }), 'PAY179-orders-NOT_A_LIST /orders'],
    [originalPayment('A1', { orders: undefined }), 'PAY179-orders-MISSING /orders'],
    [
      originalPayment('A1', { initalRequest: 'half \ud83d' }),
      'PAY179-HALF_CHARACTER /initalRequest',
    ],
  ])('refuses what is no payment %#', (input, fault) => {
    expect(codesOf(input)).toEqual([fault])
  })

  it('refuses one that is too large to be sent as one form field', () => {
    const goods = Array.from({ length: 400 }, () => ({ gname: 'x', itemLink: 'x'.repeat(3000) }))
    expect(codesOf(originalPayment('A1', { orders: [paymentOrder('A1', goods)] }))).toEqual([
      'PAY179-TOO_LARGE ',
    ])
  })
})

describe('the texts', () => {
  it('stand in the order of the table, however they were handed in, guid first', () => {
    const { orders, ...head } = originalPayment('A1')
    const turned = Object.fromEntries([['orders', orders], ...Object.entries(head).toReversed()])
    expect(signedOf(turned)).toEqual(signedOf(originalPayment('A1')))
    const names = Object.keys(JSON.parse(signedOf(turned).head) as object)
    expect(names.slice(0, 3)).toEqual(['guid', 'initalRequest', 'initalResponse'])
    const [list] = JSON.parse(signedOf(turned).lists) as object[]
    expect(Object.keys(list ?? {})).toEqual([
      'orderNo',
      'goodsInfo',
      'recpAccount',
      'recpCode',
      'recpName',
    ])
  })

  it.each(['0.01', '5', '5.0', '12.30', '0.10000', '12345678901234.56789'])(
    'spell an amount as it was handed in: %s',
    (totalAmount) => {
      const { head, signed } = signedOf(originalPayment('A1', { totalAmount }))
      expect(head).toContain(`"totalAmount":${totalAmount},`)
      expect(signed).toContain(head)
    },
  )

  const folder = join(import.meta.dirname, '../payment-golden')
  const cases: Readonly<Record<string, unknown>> = {
    plain: originalPayment('A1'),
    'chinese-quotes-and-bars': originalPayment('A2', {
      initalRequest: '{"a":"b\\"c"}||"d"\\n\n',
      orders: [
        paymentOrder('A2', [
          { gname: '奶粉"特级"||\\1\\ ‖ 段', itemLink: 'https://a/;https://b/' },
        ]),
      ],
    }),
    emoji: originalPayment('A3', { note: '👶🍼 two', totalAmount: '5.0' }),
    'two-orders': originalPayment('A4', {
      totalAmount: '0.01',
      orders: [paymentOrder('A4'), paymentOrder('A5', [{ gname: 'a', itemLink: 'b' }])],
    }),
    'longest-request': originalPayment('A6', { initalRequest: `${'请求 '.repeat(2666)}终终` }),
  }
  it.each(Object.entries(cases))('%s: the string that is signed is this one', (name, input) => {
    const path = join(folder, `${name}.txt`)
    const { signed } = signedOf(input)
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, signed)
    expect(signed).toBe(readFileSync(path, 'utf8'))
  })

  it('have no golden file without a case', () => {
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(cases)
        .map((name) => `${name}.txt`)
        .sort(),
    )
  })

  it('are wrapped in one more pair of quotes, their own quotes as they are', () => {
    const { head, lists, signed } = signedOf(cases['chinese-quotes-and-bars'])
    expect(signed).toBe(
      `"sessionID":"FE2374C8-FNEJ-F975-8916-0123456789AB"||"payExchangeInfoHead":"${head}"||` +
        `"payExchangeInfoLists":"${lists}"||"serviceTime":"1544519952469"`,
    )
  })
})
