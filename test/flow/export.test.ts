/**
 * Export consignments: a list goes with its order by the order's number and with its waybill by the
 * waybill's, waits for both, and for its receipt where one is asked for; whoever commits last.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportList } from '../../src/catalogue/messages/export-list.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { kindFacts } from '../../src/flow/kinds.ts'
import { matchBatch } from '../../src/flow/match.ts'
import { findConsignment } from '../../src/flow/preview.ts'
import { findDocument, listDocuments } from '../../src/flow/queries.ts'
import { totals } from '../../src/flow/totals.ts'
import { add, readDecimal, ZERO } from '../../src/kernel/decimal.ts'
import { laneOfId } from '../../src/kernel/ids.ts'
import { makeDeparture } from '../../src/sim/export-afterwards.ts'
import {
  type ExportConsignment,
  type ExportMode,
  makeExportConsignment,
} from '../../src/sim/export-consignments.ts'
import { writeEvidence } from '../../src/store/evidence.ts'
import type { Trx } from '../../src/store/transaction.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let n = 0
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

const made = (mode: ExportMode = '9610', fate = ''): ExportConsignment => {
  n += 1
  const [zone] = zones
  if (zone === undefined) throw new Error('no zones')
  return makeExportConsignment({
    ...{ n, seed: 7, zone, mode, flag: 'B', currency: 'CNY', fate },
    ...{ enterprises: gateway.cast, at: gateway.clock.now() },
  })
}

type Part = 'order' | 'waybill' | 'receipt' | 'list'

/** Its kind, and who hands it in: a foreign warehouse does not, its merchant does. */
const part = (consignment: ExportConsignment, name: Part) => {
  const { order, waybill, receipt, list } = consignment
  const { ebpCode, ebcCode } = order.OrderHead
  const parts = {
    order: { kind: 'CEB303', document: order, by: ebpCode === '无' ? ebcCode : ebpCode },
    waybill: { kind: 'CEB505', document: waybill, by: waybill.logisticsCode },
    receipt: { kind: 'CEB403', document: receipt, by: receipt.payCode ?? ebcCode },
    list: { kind: 'CEB603', document: list, by: list.InventoryHead.agentCode },
  }
  return parts[name]
}

const hand = async (consignment: ExportConsignment, name: Part) => {
  const { by, ...handed } = part(consignment, name)
  const answer = await takeDocuments(gateway.deps, { enterpriseId: by }, [handed])
  const result = answer.kind === 'taken' ? answer.results[0] : undefined
  if (result?.id === undefined) throw new Error(JSON.stringify(answer))
  return result
}

const withHead = (
  consignment: ExportConsignment,
  head: Partial<ExportConsignment['list']['InventoryHead']>,
): ExportConsignment => {
  const { list } = consignment
  return { ...consignment, list: { ...list, InventoryHead: { ...list.InventoryHead, ...head } } }
}

const listOf = async ({ list }: ExportConsignment) => {
  const { copNo } = list.InventoryHead
  const { documents } = await listDocuments(gateway.deps, operator, { q: copNo, kind: 'CEB603' })
  const [found] = documents
  if (found === undefined) throw new Error(`no list ${copNo}`)
  return found
}

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((first, i) =>
        permutations(all.filter((_, at) => at !== i)).map((rest) => [first, ...rest]),
      )

describe('an export list', () => {
  it.each(['9610', '1210', '9710', '9810'] as const)(
    'under %s waits for order and waybill, is sent, released, and closed once the goods left',
    async (mode) => {
      const consignment = made(mode)
      expect((await hand(consignment, 'list')).state).toBe('waiting')
      await hand(consignment, 'order')
      await gateway.settle()
      expect((await listOf(consignment)).state).toBe('waiting')
      await hand(consignment, 'waybill')
      await gateway.settle()
      const list = await listOf(consignment)
      expect(list).toMatchObject({ state: 'released', group: 'done' })
      const { cast, clock, deps } = gateway
      const declared = { entry: exportList, document: consignment.list, given: {} }
      const departure = makeDeparture({ n, seed: 7, enterprises: cast, at: clock.now() }, [
        declared,
      ])
      await takeDocuments(deps, gateway.caller(cast.carrier), [
        { kind: 'CEB509', document: departure },
      ])
      await gateway.settle()
      expect((await listOf(consignment)).state).toBe('closed')
    },
  )

  it.each(permutations<Part>(['order', 'waybill', 'list']))(
    'is sent whatever the order they come in: %s, %s, %s',
    async (...order) => {
      const consignment = made()
      for (const name of order) {
        expect((await hand(consignment, name)).state).toBe(name === 'list' ? 'waiting' : 'ready')
        await gateway.settle()
        if (name !== order.at(-1) && order.indexOf('list') <= order.indexOf(name))
          expect((await listOf(consignment)).state).toBe('waiting')
      }
      expect((await listOf(consignment)).state).toBe('released')
    },
  )

  it.each([
    ['20241214235959', true],
    ['20241215000000', false],
  ] as const)('handed in at %s waits for its receipt: %s', async (appTime, waits) => {
    const consignment = withHead(made(), { appTime })
    for (const name of ['order', 'waybill', 'list'] as const) await hand(consignment, name)
    await gateway.settle()
    expect((await listOf(consignment)).state).toBe(waits ? 'waiting' : 'released')
    const view = await findConsignment(gateway.deps, operator, consignment.orderNo)
    expect(view?.missing).toEqual(waits ? ['receipt'] : [])
    await hand(consignment, 'receipt')
    await gateway.settle()
    expect((await listOf(consignment)).state).toBe('released')
  })

  it('waits for a waybill of its own carrier, not for another of that number', async () => {
    const consignment = withHead(made(), { logisticsCode: gateway.cast.platform.customsCode })
    for (const name of ['order', 'waybill', 'list'] as const) await hand(consignment, name)
    await gateway.settle()
    expect((await listOf(consignment)).state).toBe('waiting')
  })

  it('that names both by one number waits for both', async () => {
    const plain = made()
    const logisticsNo = plain.orderNo
    const same = { ...withHead(plain, { logisticsNo }), waybill: { ...plain.waybill, logisticsNo } }
    await hand(same, 'list')
    await hand(same, 'order')
    await gateway.settle()
    expect((await listOf(same)).state).toBe('waiting')
    await hand(same, 'waybill')
    await gateway.settle()
    expect((await listOf(same)).state).toBe('released')
  })

  it('does not wait when its declarant switched that off, and stands in its consignment all the same', async () => {
    const consignment = made()
    const id = consignment.list.InventoryHead.agentCode
    const { db } = gateway.deps
    const switchTo = (waits_for_companions: boolean) =>
      db.updateTable('enterprise').set({ waits_for_companions }).where('id', '=', id).execute()
    await switchTo(false)
    expect((await hand(consignment, 'list')).state).toBe('ready')
    await hand(consignment, 'waybill')
    await switchTo(true)
    const view = await findConsignment(gateway.deps, operator, consignment.orderNo)
    expect(view?.documents.map(({ kind }) => kind)).toEqual(['CEB505', 'CEB603'])
    expect(view?.missing).toEqual(['export-order'])
  })

  it('changed to another waybill waits for that one and leaves the first', async () => {
    const consignment = made()
    await hand(consignment, 'list')
    const { guid, logisticsNo: number } = made().waybill
    const other = {
      ...made(),
      waybill: { ...consignment.waybill, guid, logisticsNo: number },
    }
    const later = { appTime: '20261015110000', appType: '2', guid: other.list.InventoryHead.guid }
    const { logisticsNo } = other.waybill
    const changed = withHead(consignment, { ...later, logisticsNo })
    expect((await hand(changed, 'list')).version).toBe(2)
    await hand(consignment, 'order')
    await hand(consignment, 'waybill')
    await gateway.settle()
    expect((await listOf(consignment)).state).toBe('waiting')
    const under = async (number: string) =>
      (await findConsignment(gateway.deps, operator, number))?.documents.map(({ kind }) => kind)
    expect(await under(consignment.waybill.logisticsNo)).toEqual(['CEB505'])
    expect(await under(consignment.orderNo)).toEqual(['CEB303', 'CEB603'])
    await hand(other, 'waybill')
    await matchBatch(gateway.deps, 100)
    expect((await listOf(consignment)).state).toBe('waiting')
    await gateway.settle()
    expect((await listOf(consignment)).returnStatus).not.toBeNull()
    expect(await under(logisticsNo)).toEqual(['CEB303', 'CEB505', 'CEB603'])
  })

  it('that is deleted leaves every number', async () => {
    const consignment = made()
    await hand(consignment, 'list')
    const { InventoryHead } = made().list
    const gone = { appTime: '20261015110000', appType: '3', guid: InventoryHead.guid }
    await hand(withHead(consignment, gone), 'list')
    const { orderNo, waybill } = consignment
    for (const number of [orderNo, waybill.logisticsNo])
      expect(await findConsignment(gateway.deps, operator, number)).toBeUndefined()
  })

  it('that is released is changed no more', async () => {
    const consignment = made()
    for (const name of ['order', 'waybill', 'list'] as const) await hand(consignment, name)
    await gateway.settle()
    const later = { appTime: '20271015110000', appType: '2', guid: made().list.InventoryHead.guid }
    const { by, ...handed } = part(withHead(consignment, later), 'list')
    const answer = await takeDocuments(gateway.deps, { enterpriseId: by }, [handed])
    const faults = answer.kind === 'taken' ? answer.results[0]?.faults : undefined
    expect(faults?.map(({ code }) => code)).toEqual(['CEB603-ALREADY_RELEASED'])
    expect(await listOf(consignment)).toMatchObject({ state: 'released', version: 1 })
  })

  it('counts in the totals of its direction once released, placed in its zone', async () => {
    const shown = async () => ({
      direction: await totals(gateway.deps, { by: 'direction', year: 2026 }),
      zone: await totals(gateway.deps, { by: 'zone', year: 2026 }),
    })
    const before = await shown()
    const consignment = made()
    for (const name of ['order', 'waybill', 'list'] as const) await hand(consignment, name)
    await gateway.settle()
    const after = await shown()
    const decimal = (text: string) => readDecimal(text) ?? ZERO
    const value = add(...consignment.list.InventoryList.map((line) => decimal(line.totalPrice)))
    expect(after.direction.rows.map(({ key }) => key)).toEqual(['export'])
    expect(after.direction.total.count).toBe(before.direction.total.count + 1)
    expect(decimal(after.direction.total.amount)).toBe(
      add(decimal(before.direction.total.amount), value),
    )
    expect(after.zone.total).toEqual(after.direction.total)
    expect(after.zone.rows.some(({ key }) => key !== '')).toBe(true)
  })
})

describe('an export consignment', () => {
  it('is shown whole under either number, each document to who may see it', async () => {
    const consignment = made()
    for (const name of ['order', 'waybill', 'receipt', 'list'] as const)
      await hand(consignment, name)
    await gateway.settle()
    const kinds = ['CEB303', 'CEB403', 'CEB505', 'CEB603']
    const { cast, deps } = gateway
    const { orderNo, waybill, list } = consignment
    const own = async (enterpriseId: string, number: string) => {
      const view = await findConsignment(deps, { enterpriseId }, number)
      return view?.documents.map(({ kind, id }) => [kind, id !== null])
    }
    const whole = await findConsignment(deps, operator, orderNo)
    expect(whole?.documents.map(({ kind, accepted }) => [kind, accepted])).toEqual([
      ...kinds.slice(0, 3).map((kind) => [kind, true]),
      ['CEB603', false],
    ])
    expect(whole?.comparisons.length).toBeGreaterThan(0)
    expect(whole?.comparisons.filter(({ verdict }) => verdict === 'differs')).toEqual([])
    // The receipt is asked for no longer, so it ties to nothing but the order's number.
    const visible = (kind: string) =>
      kinds.filter((each) => each !== 'CEB403').map((each) => [each, each === kind])
    expect(await own(list.InventoryHead.agentCode, orderNo)).toEqual(visible('CEB603'))
    expect(await own(cast.carrier.customsCode, waybill.logisticsNo)).toEqual(visible('CEB505'))
    expect(await own(cast.carrier.customsCode, orderNo)).toBeUndefined()
    const stranger = cast.declarants.find(
      ({ customsCode }) => customsCode !== list.InventoryHead.agentCode,
    )
    for (const number of [orderNo, waybill.logisticsNo])
      expect(await own(stranger?.customsCode ?? '', number)).toBeUndefined()
  })

  it('shows values that differ side by side', async () => {
    const plain = made()
    const consignment = {
      ...plain,
      waybill: { ...plain.waybill, packNo: '2', grossWeight: '99.5' },
    }
    for (const name of ['order', 'waybill', 'list'] as const) await hand(consignment, name)
    const view = await findConsignment(gateway.deps, operator, consignment.orderNo)
    const differing = view?.comparisons.filter(({ verdict }) => verdict === 'differs')
    expect(differing?.map(({ values }) => values)).toEqual([
      { CEB505: '2', CEB603: plain.list.InventoryHead.packNo },
      { CEB505: '99.5', CEB603: plain.list.InventoryHead.grossWeight },
    ])
  })

  it('of strangers that use the same numbers is another', async () => {
    const consignment = made()
    await hand(consignment, 'waybill')
    await hand(consignment, 'list')
    const stranger = made()
    const { logisticsNo } = consignment.waybill
    const theirs = withHead(stranger, { logisticsNo })
    await hand(theirs, 'list')
    // An order of the same platform whose number is that of the waybill.
    const { order } = made()
    const OrderHead = { ...order.OrderHead, orderNo: logisticsNo }
    await hand({ ...consignment, order: { ...order, OrderHead } }, 'order')
    const view = await findConsignment(gateway.deps, operator, consignment.orderNo)
    expect(view?.documents.map(({ kind }) => kind)).toEqual(['CEB505', 'CEB603'])
  })

  it('of two lists has for each the waybill that it waits for, under its own number', async () => {
    const { cast } = gateway
    const consignment = made()
    const { logisticsNo } = made().waybill
    // The second list waits for a waybill of somebody else under that number.
    const { copNo, guid } = made().list.InventoryHead
    const logisticsCode = cast.platform.customsCode
    await hand(consignment, 'order')
    await hand(consignment, 'list')
    await hand(withHead(consignment, { copNo, guid, logisticsNo, logisticsCode }), 'list')
    await hand({ ...consignment, waybill: { ...consignment.waybill, logisticsNo } }, 'waybill')
    const kinds = async () =>
      (await findConsignment(gateway.deps, operator, consignment.orderNo))?.documents.map(
        ({ kind }) => kind,
      )
    expect(await kinds()).toEqual(['CEB303', 'CEB603', 'CEB603'])
    await hand(consignment, 'waybill')
    expect(await kinds()).toEqual(['CEB303', 'CEB505', 'CEB603', 'CEB603'])
  })
})

describe('two acceptances at the same moment', () => {
  const accepted = (id: string, trx: Trx) =>
    writeEvidence(
      trx,
      kindFacts,
      [
        {
          ...{ lane: laneOfId(id), documentId: id, version: 1, key: 'reply:1', rank: 40 },
          ...{ state: 'stored', returnTime: '20261015120000000', returnStatus: '120' },
        },
      ],
      gateway.clock.now(),
    )

  it.each([
    ['order', 'waybill'],
    ['waybill', 'order'],
  ] as const)('of %s and then %s send the list when the last of them commits', async (...names) => {
    const consignment = made()
    const { id: list } = await hand(consignment, 'list')
    await matchBatch(gateway.deps, 100)
    const [first, second] = [await hand(consignment, names[0]), await hand(consignment, names[1])]
    const { db } = gateway.deps
    const other = async () => {
      await db.transaction().execute((trx) => accepted(second.id ?? '', trx))
      // Sees one of the two at most, and does not forget the list.
      await matchBatch(gateway.deps, 100)
    }
    const { running } = await db.transaction().execute(async (trx) => {
      await accepted(first.id ?? '', trx)
      const begun = other()
      // The embedded database does one transaction at a time: there the other only waits.
      if (!gateway.database.embedded) {
        await begun
        expect((await findDocument(gateway.deps, operator, list ?? ''))?.state).toBe('waiting')
      }
      return { running: begun }
    })
    await running
    await matchBatch(gateway.deps, 100)
    expect((await findDocument(gateway.deps, operator, list ?? ''))?.state).toBe('ready')
  })

  it('as the list comes in, send it when the last of them commits', async () => {
    const consignment = made()
    const [order, waybill] = [await hand(consignment, 'order'), await hand(consignment, 'waybill')]
    const { db } = gateway.deps
    await db.transaction().execute((trx) => accepted(order.id ?? '', trx))
    const list = async () => {
      const { id = '' } = await hand(consignment, 'list')
      await matchBatch(gateway.deps, 100)
      return id
    }
    const { running } = await db.transaction().execute(async (trx) => {
      await accepted(waybill.id ?? '', trx)
      const begun = list()
      if (!gateway.database.embedded)
        expect((await findDocument(gateway.deps, operator, await begun))?.state).toBe('waiting')
      return { running: begun }
    })
    const id = await running
    await matchBatch(gateway.deps, 100)
    expect((await findDocument(gateway.deps, operator, id))?.state).toBe('ready')
  })
})
