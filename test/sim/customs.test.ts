/** What customs answers to documents that come as they should, and to those that do not. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { paces } from '../../src/sim/types.ts'
import { businessXml, consignment, inEnvelope, last, statuses, testOffice } from './office.ts'

const SEED = 20250618

const REPLY_KINDS = ['CEB312', 'CEB412', 'CEB512', 'CEB622'] as const

/** The document with other values in its head. */
const changed = <D extends AnyDocument>(document: D, head: string, values: object): D => {
  const held = document[head]
  if (typeof held !== 'object' || Array.isArray(held)) throw new Error(`no head ${head}`)
  return { ...document, [head]: { ...held, ...values } }
}

describe('a good consignment', () => {
  it('is stored, released and closed', async () => {
    const office = testOffice()
    await office.sendConsignment(consignment(1))
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB312')).toEqual(['2', '120'])
    expect(statuses(arrived, 'CEB412')).toEqual(['2', '120'])
    expect(statuses(arrived, 'CEB512')).toEqual(['2', '120'])
    expect(statuses(arrived, 'CEB622')).toEqual(['2', '120', '800', '899'])
  })

  it('ends so in whatever order its documents arrive, and however the clock moves', async () => {
    const parts = [
      ['CEB311', 'order'],
      ['CEB411', 'payment'],
      ['CEB511', 'waybill'],
      ['CEB621', 'list'],
    ] as const
    const order = fc.shuffledSubarray([...parts], { minLength: 4, maxLength: 4 })
    const pauses = fc.array(fc.nat(500), { minLength: 4, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(order, pauses, fc.nat(1_000), async (kinds, waits, n) => {
        const office = testOffice()
        const made = consignment(n)
        const arrived = []
        for (const [i, [kind, part]] of kinds.entries()) {
          await office.send(kind, [made[part]])
          if ((waits[i] ?? 0) % 2 === 0) arrived.push(...office.settle())
          office.clock.advance(waits[i] ?? 0)
        }
        arrived.push(...office.settle())
        for (const kind of REPLY_KINDS.slice(0, 3))
          expect(statuses(arrived, kind)).toEqual(['2', '120'])
        expect(statuses(arrived, 'CEB622')).toEqual(['2', '120', '800', '899'])
      }),
      { seed: SEED, numRuns: 60 },
    )
  })

  it('gets preNo with the first reply, invtNo from 入库 on, and both stay the same', async () => {
    const office = testOffice()
    await office.sendConsignment(consignment(3))
    const lists = office.settle().filter((each) => each.kind === 'CEB622')
    const preNos = new Set(lists.map(({ fields }) => fields.preNo))
    expect([...preNos]).toEqual([expect.stringMatching(/^B20250618\d{9}$/)])
    const invtNos = lists.map(({ fields }) => fields.invtNo)
    expect(invtNos[0]).toBeUndefined()
    expect(invtNos[1]).toMatch(/^80\d\d2025I\d{9}$/)
    expect(new Set(invtNos.slice(1)).size).toBe(1)
  })

  it('is answered with rising official times, the key of the document and guids of its own', async () => {
    const office = testOffice({ pace: paces.instant })
    const made = consignment(4)
    await office.sendConsignment(made)
    const arrived = office.settle()
    for (const kind of REPLY_KINDS) {
      const times = arrived
        .filter((each) => each.kind === kind)
        .map((each) => each.fields.returnTime)
      expect(times).toEqual([...new Set(times)].sort())
      for (const time of times) expect(time).toMatch(/^\d{17}$/)
    }
    const guids = arrived.map(({ fields }) => fields.guid)
    expect(new Set(guids).size).toBe(guids.length)
    expect(guids).not.toContain(made.list.InventoryHead.guid)
    const { copNo, agentCode, ebpCode, ebcCode, customsCode } = made.list.InventoryHead
    expect(last(arrived, 'CEB622')).toMatchObject({
      copNo,
      agentCode,
      ebpCode,
      ebcCode,
      customsCode,
    })
    expect(last(arrived, 'CEB312')).toMatchObject({ orderNo: made.orderNo, ebpCode, ebcCode })
  })

  it('is told about the companions that a list still waits for', async () => {
    const office = testOffice()
    const made = consignment(5)
    await office.send('CEB311', [made.order])
    await office.send('CEB621', [made.list])
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB622')).toEqual(['2'])
    const info = last(arrived, 'CEB622')?.returnInfo
    expect(info).toContain(`清单新增申报成功[${made.list.InventoryHead.guid}]`)
    expect(info).toContain('对应支付信息不存在')
    expect(info).toContain('对应物流信息不存在')
    expect(info).not.toContain('对应订单信息不存在')
  })

  it('keeps the pace it is given', async () => {
    const office = testOffice({ pace: paces.realistic })
    await office.sendConsignment(consignment(6))
    const start = office.clock.now().getTime()
    const arrived = office.settle()
    const at = (status: string) =>
      arrived.find((each) => each.kind === 'CEB622' && each.fields.returnStatus === status)?.fields
        .returnTime
    expect(at('2')).toBe('20250618100002000')
    // The list goes on when its companions are stored.
    expect(at('120')).toBe('20250618100026000')
    expect(at('800')).toBe('20250618100028000')
    expect(at('899')).toBe('20250618100128000')
    expect(office.clock.now().getTime() - start).toBe(88_000)
  })
})

describe('a document that comes again', () => {
  const kinds = [
    ['CEB311', 'order', 'OrderHead', '-301010', '-301014', '-301009', '-301011'],
    ['CEB411', 'payment', 'PaymentHead', '-401007', '-401012', '-401006', '-401008'],
    ['CEB511', 'waybill', 'LogisticsHead', '-504015', '-504012', '-504014', '-504016'],
    ['CEB621', 'list', 'InventoryHead', '-621004', '-621012', '-621011', '-621012'],
  ] as const
  const replyTo = (kind: string) => `${kind.slice(0, 5)}2`

  it.each(kinds)('%s as new is refused, and the first one stands', async (...row) => {
    const [kind, part, head, duplicate] = row
    const office = testOffice()
    const made = consignment(10)
    await office.sendConsignment(made)
    office.settle()
    const before = office.customs.books().summary().documents[kind]
    await office.send(kind, [changed(made[part], head, { guid: 'A'.repeat(36) })])
    expect(statuses(office.settle(), replyTo(kind))).toEqual([duplicate])
    expect(office.customs.books().summary().documents[kind]).toEqual({ ...before, refused: 1 })
  })

  it.each(kinds)('%s with an older appTime is refused as stale', async (...row) => {
    const [kind, part, head, , stale] = row
    const office = testOffice()
    const made = consignment(11)
    await office.send(kind, [made[part]])
    office.settle()
    await office.send(kind, [
      changed(made[part], head, { appType: '2', appTime: '20240101000000' }),
    ])
    expect(statuses(office.settle(), replyTo(kind))).toEqual([stale])
  })

  it.each(kinds)('%s to change or delete needs an original', async (...row) => {
    const [kind, part, head, , , noOriginal] = row
    const office = testOffice()
    for (const appType of ['2', '3']) {
      await office.send(kind, [changed(consignment(12)[part], head, { appType })])
      expect(statuses(office.settle(), replyTo(kind))).toEqual([noOriginal])
    }
  })

  it.each(kinds)('%s is not to be changed once its list was declared', async (...row) => {
    const [kind, part, head, , , , declared] = row
    const office = testOffice()
    const made = consignment(13)
    await office.sendConsignment(made)
    office.settle()
    await office.send(kind, [
      changed(made[part], head, { appType: '2', appTime: '20250701000000' }),
    ])
    expect(statuses(office.settle(), replyTo(kind))).toEqual([declared])
  })

  it('as a change before the list is declared replaces the first version', async () => {
    const office = testOffice()
    const made = consignment(14)
    const late = { appType: '2', appTime: '20250701000000', amountPaid: '1.00' }
    await office.send('CEB411', [changed(made.payment, 'PaymentHead', late)])
    office.settle()
    await office.send('CEB411', [changed(made.payment, 'PaymentHead', { amountPaid: '1.00' })])
    await office.send('CEB411', [
      changed(made.payment, 'PaymentHead', { appType: '2', appTime: '20250701000000' }),
    ])
    await office.send('CEB311', [made.order])
    await office.send('CEB511', [made.waybill])
    await office.send('CEB621', [made.list])
    expect(last(office.settle(), 'CEB622')?.returnStatus).toBe('899')
    const key = [made.payment.PaymentHead.payTransactionId, made.payment.PaymentHead.payCode]
    expect(office.customs.books().document('CEB411', key)?.versions).toBe(2)
  })

  it('is taken as new after a rejection, and keeps its preNo', async () => {
    const office = testOffice()
    const made = consignment(15)
    const wrong = changed(made.list, 'InventoryHead', { buyerTelephone: '15499999999' })
    await office.sendConsignment({ ...made, list: wrong })
    const first = last(office.settle(), 'CEB622')
    expect(first?.returnStatus).toBe('100')
    const again = { guid: 'B'.repeat(36), appTime: '20250618100100' }
    await office.send('CEB621', [changed(made.list, 'InventoryHead', again)])
    const second = last(office.settle(), 'CEB622')
    expect(second?.returnStatus).toBe('899')
    expect(second?.preNo).toBe(first?.preNo)
  })

  it('under another order number joins the consignment of that order', async () => {
    const office = testOffice()
    const [made, other] = [consignment(19), consignment(20)]
    await office.send('CEB411', [
      changed(made.payment, 'PaymentHead', { orderNo: other.orderNo, guid: 'F'.repeat(36) }),
    ])
    await office.send('CEB411', [
      changed(made.payment, 'PaymentHead', { appType: '2', appTime: '20250701000000' }),
    ])
    await office.send('CEB311', [made.order])
    await office.send('CEB511', [made.waybill])
    await office.send('CEB621', [made.list])
    expect(last(office.settle(), 'CEB622')?.returnStatus).toBe('899')
  })

  it('is taken as new after it was deleted', async () => {
    const office = testOffice()
    const made = consignment(16)
    await office.send('CEB311', [made.order])
    const later = { appType: '3', appTime: '20250701000000' }
    await office.send('CEB311', [changed(made.order, 'OrderHead', later)])
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB312')).toEqual(['2', '120', '2', '120'])
    await office.send('CEB311', [made.order])
    expect(statuses(office.settle(), 'CEB312')).toEqual(['2', '120'])
  })

  it('as a draft is only kept, until it is declared', async () => {
    const office = testOffice()
    const made = consignment(17)
    const draft = changed(made.list, 'InventoryHead', { appStatus: '1' })
    await office.sendConsignment({ ...made, list: draft })
    expect(statuses(office.settle(), 'CEB622')).toEqual(['1'])
    await office.send('CEB621', [made.list])
    expect(statuses(office.settle(), 'CEB622')).toEqual(['2', '120', '800', '899'])
  })

  it('as a second list for the same order is rejected', async () => {
    const office = testOffice()
    const made = consignment(18)
    await office.sendConsignment(made)
    office.settle()
    await office.send('CEB621', [changed(made.list, 'InventoryHead', { copNo: 'ANOTHER' })])
    expect(last(office.settle(), 'CEB622')).toMatchObject({
      returnStatus: '100',
      returnInfo: '[Code:22007;Desc:清单已放行]',
    })
  })
})

describe('the match', () => {
  const line = (made: ReturnType<typeof consignment>, values: object) => ({
    ...made.list,
    InventoryList: made.list.InventoryList.map((each, i) =>
      i === 0 ? { ...each, ...values } : each,
    ),
  })
  const cases: readonly [string, string, (made: ReturnType<typeof consignment>) => object][] = [
    [
      '1327',
      'payer of another name',
      ({ payment }) => ({ payment: changed(payment, 'PaymentHead', { payerName: '测试他人' }) }),
    ],
    [
      '1327',
      'payer of another id',
      ({ payment }) => ({
        payment: changed(payment, 'PaymentHead', { payerIdNumber: '11010519491231002X' }),
      }),
    ],
    [
      '13127',
      'buyer of another name on the list',
      ({ list }) => ({ list: changed(list, 'InventoryHead', { buyerName: '测试他人' }) }),
    ],
    [
      '13127',
      'buyer of another id on the list',
      ({ list }) => ({
        list: changed(list, 'InventoryHead', { buyerIdNumber: '11010519491231002X' }),
      }),
    ],
    [
      '130126',
      'another telephone',
      ({ list }) => ({ list: changed(list, 'InventoryHead', { buyerTelephone: '15499999999' }) }),
    ],
    [
      '1332',
      'another amount paid',
      ({ payment }) => ({ payment: changed(payment, 'PaymentHead', { amountPaid: '0.01' }) }),
    ],
    [
      '1332',
      'an order that does not add up',
      ({ order, payment }) => ({
        order: changed(order, 'OrderHead', { acturalPaid: '0.01' }),
        payment: changed(payment, 'PaymentHead', { amountPaid: '0.01' }),
      }),
    ],
    [
      '13035',
      'another payment enterprise',
      ({ order }) => ({ order: changed(order, 'OrderHead', { payCode: '500196S999' }) }),
    ],
    [
      '1320',
      'a line more',
      ({ list }) => ({
        list: { ...list, InventoryList: [...list.InventoryList, ...list.InventoryList] },
      }),
    ],
    ['1322', 'goods of another name', (made) => ({ list: line(made, { gname: '别的商品' }) })],
    ['1322', 'another quantity', (made) => ({ list: line(made, { qty: '77' }) })],
    ['1322', 'another price', (made) => ({ list: line(made, { price: '0.07' }) })],
    ['1322', 'another unit', (made) => ({ list: line(made, { unit: '999' }) })],
    ['1322', 'another line number', (made) => ({ list: line(made, { gnum: '9' }) })],
    [
      '1300',
      'another consignee',
      ({ waybill }) => ({ waybill: changed(waybill, 'LogisticsHead', { consignee: '测试他人' }) }),
    ],
    [
      '1300',
      'another consignee telephone',
      ({ waybill }) => ({
        waybill: changed(waybill, 'LogisticsHead', { consigneeTelephone: '15499999999' }),
      }),
    ],
    [
      '1300',
      'another address',
      ({ waybill }) => ({
        waybill: changed(waybill, 'LogisticsHead', { consigneeAddress: '合成地址二' }),
      }),
    ],
    [
      '1300',
      'another merchant',
      ({ list }) => ({ list: changed(list, 'InventoryHead', { ebcCode: '500196S999' }) }),
    ],
  ]

  it.each(cases)('rejects with %s %s', async (code, _, change) => {
    const office = testOffice()
    const made = consignment(20)
    await office.sendConsignment({ ...made, ...change(made) })
    const arrived = office.settle()
    expect(statuses(arrived, 'CEB622')).toEqual(['2', '100'])
    const info = last(arrived, 'CEB622')?.returnInfo ?? ''
    expect(info.match(/\[Code:(\d+);Desc:[^\]]+\]/g)).toEqual([info])
    expect(info).toContain(`[Code:${code};`)
    expect(office.customs.books().summary().released).toEqual({ count: 0, amount: '0' })
  })

  it('names every difference in one text', async () => {
    const office = testOffice()
    const made = consignment(21)
    await office.sendConsignment({
      ...made,
      payment: changed(made.payment, 'PaymentHead', { payerName: '测试他人', amountPaid: '0.01' }),
      list: changed(made.list, 'InventoryHead', { buyerTelephone: '15499999999' }),
    })
    const info = last(office.settle(), 'CEB622')?.returnInfo ?? ''
    expect([...info.matchAll(/Code:(\d+)/g)].map((found) => found[1])).toEqual([
      '1327',
      '130126',
      '1332',
    ])
  })

  it('does not mind how an amount is written', async () => {
    const office = testOffice()
    const made = consignment(22)
    const amountPaid = `0${made.payment.PaymentHead.amountPaid}000`
    await office.sendConsignment({
      ...made,
      payment: changed(made.payment, 'PaymentHead', { amountPaid }),
    })
    expect(last(office.settle(), 'CEB622')?.returnStatus).toBe('899')
  })

  it('does not take a waybill of another number for the companion', async () => {
    const office = testOffice()
    const made = consignment(23)
    await office.sendConsignment({
      ...made,
      waybill: changed(made.waybill, 'LogisticsHead', { logisticsNo: 'ANOTHER' }),
    })
    expect(statuses(office.settle(), 'CEB622')).toEqual(['2'])
  })
})

describe('the books', () => {
  it('count released lists once and sum their prices', async () => {
    const office = testOffice()
    let cents = 0
    for (let n = 30; n < 40; n += 1) {
      const made = consignment(n, n % 3 === 0 ? '-TWICE' : '')
      await office.sendConsignment(made)
      for (const { totalPrice } of made.list.InventoryList)
        cents += Math.round(Number(totalPrice) * 100)
    }
    office.settle()
    const { released, documents } = office.customs.books().summary()
    expect(released.count).toBe(10)
    expect(Math.round(Number(released.amount) * 100)).toBe(cents)
    expect(documents.CEB621).toEqual({ taken: 10, versions: 10, refused: 0 })
  })

  it('know a document by its key, with the official status it has', async () => {
    const office = testOffice()
    const made = consignment(41)
    await office.sendConsignment(made)
    office.settle()
    const { copNo = '', agentCode } = made.list.InventoryHead
    expect(office.customs.books().document('CEB621', [copNo, agentCode])).toMatchObject({
      orderNo: made.orderNo,
      status: '899',
      versions: 1,
    })
    expect([...office.customs.books().documents()]).toHaveLength(4)
  })

  it('take a message that comes again quietly and notice other bytes under its id', async () => {
    const office = testOffice()
    const made = consignment(42)
    const data = await businessXml('CEB311', [made.order], 'C'.repeat(36))
    const other = await businessXml('CEB311', [consignment(43).order], 'C'.repeat(36))
    const envelope = inEnvelope('MESSAGE-1', 'CEB311Message', data)
    expect(office.customs.receive(envelope)).toMatchObject({ kind: 'taken', repeated: false })
    expect(office.customs.receive(envelope)).toMatchObject({ kind: 'taken', repeated: true })
    office.customs.receive(inEnvelope('MESSAGE-1', 'CEB311Message', other))
    expect(office.customs.books().message('MESSAGE-1')).toMatchObject({
      seen: 3,
      differentBytes: 1,
    })
    expect(office.customs.books().summary().messages).toMatchObject({
      received: 1,
      repeated: 1,
      differentBytes: 1,
    })
    expect(statuses(office.settle(), 'CEB312')).toEqual(['2', '120'])
    expect(
      office.customs
        .books()
        .document('CEB311', [consignment(43).orderNo, made.order.OrderHead.ebpCode]),
    ).toBeUndefined()
  })

  it('forget the oldest consignments beyond what they are to remember', async () => {
    const office = testOffice({ remember: 3 })
    for (let n = 50; n < 60; n += 1) await office.sendConsignment(consignment(n))
    office.settle()
    expect([...office.customs.books().documents()]).toHaveLength(12)
    expect(office.customs.books().summary().released.count).toBe(10)
  })
})
