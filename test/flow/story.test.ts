/** The whole way of a consignment, and of every fate the simulated customs office knows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importList } from '../../src/catalogue/messages/import-list.ts'
import { findConsignment } from '../../src/flow/preview.ts'
import { listDocuments, timelineOf } from '../../src/flow/queries.ts'
import { statusOf } from '../../src/flow/status.ts'
import { totals } from '../../src/flow/totals.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import { endOf, fates } from '../../src/sim/fates.ts'
import { findEvents } from '../../src/store/listing.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

const listOf = async (orderNo: string) => {
  const { documents } = await listDocuments(gateway.deps, operator, { q: orderNo, kind: 'CEB621' })
  const [list] = documents
  if (list === undefined) throw new Error(`no list of ${orderNo}`)
  return list
}

describe('a consignment', () => {
  it('goes from four documents to released, counted once', async () => {
    const consignment = gateway.consignment(1)
    const results = await gateway.handIn([consignment])
    expect(results.map((result) => result.state)).toEqual(['ready', 'ready', 'ready', 'waiting'])
    await gateway.settle()
    const list = await listOf(consignment.orderNo)
    expect(list).toMatchObject({ state: 'closed', group: 'done', returnStatus: '899' })
    const timeline = await timelineOf(gateway.deps, operator, list.id)
    expect(timeline?.map((entry) => entry.state)).toEqual([
      'waiting',
      'ready',
      'sent',
      'received',
      'stored',
      'released',
      'closed',
    ])
    const view = await findConsignment(gateway.deps, operator, consignment.orderNo)
    expect(view?.missing).toEqual([])
    expect(view?.comparisons.filter((row) => row.verdict === 'differs')).toEqual([])
    expect(view?.documents.map((document) => document.accepted)).toEqual([true, true, true, false])
  })

  it('waits for its companions in whatever order they come', async () => {
    const consignment = gateway.consignment(2)
    const { order, payment, waybill, list } = consignment
    const hand = async (kind: string, document: unknown, owner: string) =>
      (await import('../../src/flow/intake.ts')).takeDocuments(
        gateway.deps,
        { enterpriseId: owner },
        [{ kind, document }],
      )
    await hand('CEB621', list, list.InventoryHead.agentCode)
    await gateway.settle()
    expect((await listOf(consignment.orderNo)).state).toBe('waiting')
    await hand('CEB511', waybill, waybill.LogisticsHead.logisticsCode)
    await gateway.settle()
    await hand('CEB411', payment, payment.PaymentHead.payCode)
    await gateway.settle()
    expect((await listOf(consignment.orderNo)).state).toBe('waiting')
    await hand('CEB311', order, order.OrderHead.ebpCode)
    await gateway.settle()
    expect((await listOf(consignment.orderNo)).state).toBe('closed')
  })
})

describe('every fate', () => {
  it('ends where its table says, and the fold over the events agrees with the column', async () => {
    const others = fates.filter((fate) => !fate.refusesMessage)
    const marked = others.map((fate, i) => ({
      fate,
      made: gateway.consignment(100 + i, fate.mark),
    }))
    await gateway.handIn(marked.map(({ made }) => made))
    await gateway.settle()
    for (const fate of fates.filter((item) => item.refusesMessage)) {
      const made = gateway.consignment(900, fate.mark)
      marked.push({ fate, made })
      await gateway.handIn([made])
      await gateway.settle()
    }
    const ends: Record<string, string> = {}
    const wanted: Record<string, string> = {}
    for (const { fate, made } of marked) {
      const list = await listOf(made.orderNo)
      ends[fate.mark] = list.state
      wanted[fate.mark] = endOf(fate, importList)
      const status = statusOf(await findEvents(gateway.deps.db, list.id))
      expect(status?.state, fate.mark).toBe(list.state)
    }
    expect(ends).toEqual(wanted)
  })

  it('leaves totals equal to what customs released, before and after a rebuild', async () => {
    const { released } = gateway.customs.books().summary()
    for (const by of ['zone', 'mode', 'month', 'direction'] as const) {
      const kept = await totals(gateway.deps, { by, year: 2026 })
      expect(kept.total, by).toEqual({ count: released.count, amount: released.amount })
      await rebuild(gateway.deps)
      const { asOf: _, ...again } = await totals(gateway.deps, { by, year: 2026 })
      expect(again, by).toMatchObject({ rows: kept.rows, total: kept.total })
    }
  })
})
