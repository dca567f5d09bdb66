/** Documents about others: what customs grants, what it refuses and how, and what follows. */
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument, FieldRecord } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { keyOf } from '../../src/codec/document.ts'
import type { Declared } from '../../src/sim/afterwards.ts'
import type { Consignment } from '../../src/sim/consignments.ts'
import * as exporting from '../../src/sim/export-afterwards.ts'
import {
  type ExportConsignment,
  type ExportSettings,
  makeExportConsignment,
} from '../../src/sim/export-consignments.ts'
import * as importing from '../../src/sim/import-afterwards.ts'
import type { CustomsOptions } from '../../src/sim/types.ts'
import { type Arrived, consignment, enterprises, last, statuses, testOffice } from './office.ts'

const [zone] = zones
if (zone === undefined) throw new Error('no zone')
const AT = new Date('2025-06-18T02:00:00.000Z')

const exportConsignment = (n: number, settings: Partial<ExportSettings> = {}): ExportConsignment =>
  makeExportConsignment({
    ...{ n, seed: 1, zone, mode: '9610', flag: 'B', currency: 'CNY', enterprises, at: AT },
    ...settings,
  })

const desk = (options: Partial<CustomsOptions> = {}) => {
  const office = testOffice({ verify: 'none', ...options })
  const declared = (kind: string, document: AnyDocument): Declared => {
    const entry = getDeclaration(kind)
    const { given = {} } = office.customs.books().document(kind, keyOf(entry, document)) ?? {}
    return { entry, document, given }
  }
  const send = async (kind: string, document: AnyDocument): Promise<Arrived[]> => {
    await office.send(kind, [document])
    return office.settle()
  }
  return {
    ...office,
    declared,
    /** Sends it and tells how it ended. */
    ask: async (kind: string, document: AnyDocument): Promise<FieldRecord> => {
      const arrived = await send(kind, document)
      return last(arrived, getDeclaration(kind).reply) ?? {}
    },
    sendAll: send,
    imported: async (made: Consignment): Promise<Declared> => {
      await office.sendConsignment(made)
      office.settle()
      return declared('CEB621', made.list)
    },
    exported: async (made: ExportConsignment): Promise<Declared> => {
      await office.send('CEB303', [made.order])
      await office.send('CEB505', [made.waybill])
      await office.send('CEB603', [made.list])
      office.settle()
      return declared('CEB603', made.list)
    },
    book: ({ entry, document }: Declared) =>
      office.customs.books().document(entry.code, keyOf(entry, document)),
  }
}

let count = 0
/** Every document about others gets a number of its own. */
const own = () => {
  count += 1
  return { n: count, seed: 7, enterprises, at: AT }
}

const changed = (document: AnyDocument, values: FieldRecord, group?: string): AnyDocument => {
  if (group === undefined) return { ...document, ...values }
  const held = document[group]
  if (Array.isArray(held))
    return { ...document, [group]: held.map((line) => ({ ...line, ...values })) }
  return { ...document, [group]: { ...(held as FieldRecord), ...values } }
}

describe('an export consignment', () => {
  it('is matched by order number and waybill number, in whatever order it comes', async () => {
    const office = desk()
    const made = exportConsignment(1)
    const first = await office.sendAll('CEB603', made.list)
    expect(statuses(first, 'CEB604')).toEqual(['2'])
    const info = last(first, 'CEB604')?.returnInfo
    expect(info).toContain('对应订单信息不存在')
    expect(info).toContain('对应物流信息不存在')
    expect(statuses(await office.sendAll('CEB303', made.order), 'CEB604')).toEqual([])
    const arrived = await office.sendAll('CEB505', made.waybill)
    expect(statuses(arrived, 'CEB604')).toEqual(['120', '399', '800'])
    expect(statuses(arrived, 'CEB506')).toEqual(['2', '399'])
    expect(last(arrived, 'CEB604')?.invtNo).toMatch(/^80\d\d2025E\d{9}$/)
  })

  it('of before 2024-12-15 waits for its receipt', async () => {
    const office = desk()
    const early = exportConsignment(2, { at: new Date('2024-12-14T15:59:59Z') })
    await office.exported(early)
    expect(office.book(office.declared('CEB603', early.list))?.status).toBe('2')
    const arrived = await office.sendAll('CEB403', early.receipt)
    expect(statuses(arrived, 'CEB604')).toEqual(['120', '399', '800'])
    const later = exportConsignment(3, { at: new Date('2024-12-14T16:00:00Z') })
    expect(office.book(await office.exported(later))?.status).toBe('800')
  })

  const differences: readonly [string, (made: ExportConsignment) => ExportConsignment][] = [
    [
      '[Code:1320;',
      (made) => ({
        ...made,
        list: {
          ...made.list,
          InventoryList: [...made.list.InventoryList, ...made.list.InventoryList],
        },
      }),
    ],
    [
      '[Code:1322;',
      (made) => ({
        ...made,
        list: {
          ...made.list,
          InventoryList: made.list.InventoryList.map((line) => ({ ...line, qty: '99' })),
        },
      }),
    ],
    [
      '清单收发货人与订单不一致',
      (made) => ({
        ...made,
        list: {
          ...made.list,
          InventoryHead: { ...made.list.InventoryHead, ebcCode: '500196S999' },
        },
      }),
    ],
    [
      '订单类型与贸易方式不符',
      (made) => ({
        ...made,
        list: { ...made.list, InventoryHead: { ...made.list.InventoryHead, tradeMode: '9710' } },
      }),
    ],
  ]

  it.each(differences)('that differs is rejected: %s', async (text, change) => {
    const office = desk()
    const made = change(exportConsignment(4))
    await office.send('CEB303', [made.order])
    await office.send('CEB505', [made.waybill])
    const answer = await office.ask('CEB603', made.list)
    expect(answer.returnStatus).toBe('100')
    expect(answer.returnInfo).toContain(text)
  })

  it.each(['9710', '9810'] as const)('by %s is for parcels of low value', async (mode) => {
    const office = desk()
    expect(office.book(await office.exported(exportConsignment(5, { mode })))?.status).toBe('800')
    const { order, list, ...rest } = exportConsignment(6, { mode })
    const dear = { price: '6000.00', totalPrice: '6000.00', qty: '1' }
    const made = {
      ...rest,
      order: { ...order, OrderList: order.OrderList.map((line) => ({ ...line, ...dear })) },
      list: { ...list, InventoryList: list.InventoryList.map((line) => ({ ...line, ...dear })) },
    }
    const declared = await office.exported(made)
    expect(office.book(declared)?.status).toBe('100')
  })
})

describe('a cancellation', () => {
  it('of an import list takes it out of the books; its companions serve another list', async () => {
    const office = desk()
    const made = consignment(1, '-PENDING')
    const list = await office.imported(made)
    const granted = await office.ask('CEB623', importing.makeImportCancellation(own(), list))
    expect(granted).toMatchObject({ returnStatus: '399', returnInfo: '撤单申请审核通过' })
    expect(office.book(list)).toMatchObject({ status: '120', made: 'cancelled' })
    expect(office.customs.books().summary().released.count).toBe(0)
    const again = changed(made.list, { copNo: 'AGAIN' }, 'InventoryHead')
    expect((await office.ask('CEB621', again)).returnStatus).toBe('120')
  })

  it('is refused when the list is released, unknown, cancelled before or of another declarant', async () => {
    const office = desk()
    const released = await office.imported(consignment(2))
    const cancel = (list: Declared) => importing.makeImportCancellation(own(), list)
    expect(await office.ask('CEB623', cancel(released))).toMatchObject({
      ...{ returnStatus: '100', returnInfo: '[Code:22007;Desc:清单已放行]' },
    })
    const unknown = changed(cancel(released), { invtNo: '80002025I000000000' })
    expect(await office.ask('CEB623', unknown)).toMatchObject({ returnStatus: '-623003' })
    const pending = await office.imported(consignment(3, '-PENDING'))
    const foreign = changed(cancel(pending), { agentCode: '500196S999' })
    expect((await office.ask('CEB623', foreign)).returnInfo).toContain('不一致')
    expect((await office.ask('CEB623', cancel(pending))).returnStatus).toBe('399')
    expect((await office.ask('CEB623', cancel(pending))).returnStatus).toBe('-623003')
    const exported = await office.exported(exportConsignment(1))
    const late = await office.ask('CEB605', exporting.makeExportCancellation(own(), exported))
    expect(late).toMatchObject({ returnStatus: '100', returnInfo: '清单已放行，不能撤销' })
  })

  it('that comes while the list is on its way leaves it without further replies', async () => {
    const office = desk({ pace: { ...SLOW, released: 3_600_000 } })
    const made = exportConsignment(2)
    for (const [kind, document] of [
      ['CEB303', made.order],
      ['CEB505', made.waybill],
      ['CEB603', made.list],
    ] as const)
      await office.send(kind, [document])
    // Up to 120; the release is an hour away.
    office.clock.advance(1_000)
    for (const message of office.customs.due()) office.customs.delivered(message.copMsgId)
    const list = office.declared('CEB603', made.list)
    const arrived = await office.sendAll('CEB605', exporting.makeExportCancellation(own(), list))
    expect(last(arrived, 'CEB606')?.returnStatus).toBe('399')
    expect(statuses(arrived, 'CEB604')).not.toContain('800')
    expect(office.book(list)?.made).toBe('cancelled')
  })
})

const SLOW = { received: 0, stored: 50, released: 100, closed: 100, notice: 100, late: 1_000 }

describe('a return', () => {
  it('is granted once the list is released, and never for more than was listed', async () => {
    const office = desk()
    const list = await office.imported(consignment(4))
    const asked = importing.makeImportReturn(own(), list)
    expect((await office.ask('CEB625', asked)).returnStatus).toBe('399')
    const again = await office.ask('CEB625', importing.makeImportReturn(own(), list))
    expect(again.returnStatus).toBe('100')
    expect(again.returnInfo).toContain('退货数量超过清单数量：1')
    const pending = await office.imported(consignment(5, '-PENDING'))
    const early = await office.ask('CEB625', importing.makeImportReturn(own(), pending))
    expect(early.returnInfo).toContain('清单未放行')
  })

  it('of a part leaves the rest to be returned', async () => {
    const office = desk()
    const made = consignment(6)
    const [line] = made.list.InventoryList
    const list = await office.imported(made)
    const part = (qty: string) =>
      changed(importing.makeImportReturn(own(), list), { qty }, 'InvtRefundList')
    const all = Number(line?.qty)
    expect((await office.ask('CEB625', part('0.5'))).returnStatus).toBe('399')
    expect((await office.ask('CEB625', part(String(all - 0.4)))).returnStatus).toBe('100')
    expect((await office.ask('CEB625', part(String(all - 0.5)))).returnStatus).toBe('399')
  })

  it('of goods that are not on the list is refused', async () => {
    const office = desk()
    const list = await office.imported(consignment(7))
    const strange = changed(
      importing.makeImportReturn(own(), list),
      { gnum: '9' },
      'InvtRefundList',
    )
    expect((await office.ask('CEB625', strange)).returnStatus).toBe('-625209')
    const unknown = changed(
      importing.makeImportReturn(own(), list),
      { invtNo: '80002025I000000000' },
      'InvtRefundHead',
    )
    expect((await office.ask('CEB625', unknown)).returnStatus).toBe('-625204')
  })

  it('of an export is tallied only when customs knows it', async () => {
    const office = desk()
    const list = await office.exported(exportConsignment(7))
    const document = exporting.makeExportReturn(own(), list)
    const returned: Declared = { entry: getDeclaration('CEB213'), document, given: {} }
    const tally = () => exporting.makeReturnTally(own(), returned)
    const early = await office.ask('CEB215', tally())
    expect(early).toMatchObject({ returnStatus: '100' })
    expect(early.returnInfo).toContain('退货申请单不存在')
    expect((await office.ask('CEB213', document)).returnStatus).toBe('800')
    const later = changed(tally(), { guid: 'F'.repeat(36) })
    expect((await office.ask('CEB215', later)).returnStatus).toBe('399')
  })
})

describe('the journey of exports', () => {
  it('ends with the departure: its lists are closed then, each once', async () => {
    const office = desk()
    const lists = [
      await office.exported(exportConsignment(10)),
      await office.exported(exportConsignment(12)),
    ]
    for (const [kind, make] of [
      ['CEB507', exporting.makeArrival],
      ['CEB607', exporting.makeMasterNote],
    ] as const) {
      const { done, reply } = getDeclaration(kind)
      const arrived = await office.sendAll(kind, make(own(), lists))
      expect(['399', '120']).toContain(last(arrived, reply)?.returnStatus)
      expect(done.length).toBeGreaterThan(0)
      expect(statuses(arrived, 'CEB604')).toEqual([])
    }
    const left = await office.sendAll('CEB509', exporting.makeDeparture(own(), lists))
    expect(statuses(left, 'CEB510')).toEqual(['2', '399'])
    expect(statuses(left, 'CEB604')).toEqual(['899', '899'])
    const approvedAt = last(left, 'CEB510')?.returnTime ?? ''
    for (const { fields } of left.filter(({ kind }) => kind === 'CEB604'))
      expect((fields.returnTime ?? '') > approvedAt).toBe(true)
    const again = await office.sendAll('CEB509', exporting.makeDeparture(own(), lists))
    expect(statuses(again, 'CEB604')).toEqual([])
    expect(office.book(lists[0] as Declared)?.status).toBe('899')
  })

  it.each([
    ['CEB507', exporting.makeArrival, 'ArrivalList'],
    ['CEB607', exporting.makeMasterNote, 'WayBillList'],
    ['CEB509', exporting.makeDeparture, 'DepartureList'],
  ] as const)('%s is refused for a parcel without a list', async (kind, make, group) => {
    const office = desk()
    const list = await office.exported(exportConsignment(13))
    const strange = changed(make(own(), [list]), { logisticsNo: 'NOBODY' }, group)
    const answer = await office.ask(kind, strange)
    expect(answer).toMatchObject({ returnStatus: '100', returnInfo: '清单不存在：NOBODY' })
  })

  it('does not begin before release', async () => {
    const office = desk()
    const pending = await office.exported(exportConsignment(14, { fate: '-PENDING' }))
    const answer = await office.ask('CEB509', exporting.makeDeparture(own(), [pending]))
    expect(answer.returnInfo).toContain('清单未放行：WE1-0000014')
  })
})

describe('the journey of imports', () => {
  it('is noted: entry into the site with a number, delivery to the buyer', async () => {
    const office = desk()
    const list = await office.imported(consignment(8))
    const entered = await office.ask('CEB711', importing.makeSiteEntry(own(), [list]))
    expect(entered).toMatchObject({ returnStatus: '120' })
    expect(entered.rkdNo).toMatch(/^.{18}$/)
    const signed = await office.ask('CEB513', importing.makeWaybillStatus(own(), list))
    expect(signed.returnStatus).toBe('120')
    const strange = changed(importing.makeWaybillStatus(own(), list), { logisticsNo: 'NOBODY' })
    expect((await office.ask('CEB513', strange)).returnInfo).toBe('清单不存在：NOBODY')
    const foreign = changed(
      importing.makeSiteEntry(own(), [list]),
      { logisticsCode: '500196S999' },
      'DeliveryHead',
    )
    expect((await office.ask('CEB711', foreign)).returnInfo).toContain('不一致')
  })
})
