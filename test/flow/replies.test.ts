/** Replies twice, late, out of order, forged, unreadable: what is folded and what an operator sees. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { officialStatus } from '../../src/catalogue/statuses.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { listDocuments } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { stages } from '../../src/flow/stages.ts'
import { statusOf } from '../../src/flow/status.ts'
import { totals } from '../../src/flow/totals.ts'
import { findEvents } from '../../src/store/listing.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { importListReply, type ListReply } from '../support/replies.ts'

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

const reply = (fields: Omit<ListReply, 'receiver'>, receiver: string): Uint8Array =>
  importListReply({ ...fields, receiver })

const declarantOf = (code: string) => {
  const found = gateway.cast.declarants.find((item) => item.customsCode === code)
  if (found === undefined) throw new Error(`no declarant ${code}`)
  return found
}

/** A list that was sent and has no reply of its own to come. */
const silentList = async (n: number) => {
  const made = gateway.consignment(n, '-SILENT')
  await gateway.handIn([made])
  await gateway.settle()
  const { copNo = '', agentCode } = made.list.InventoryHead
  const receiver = declarantOf(agentCode).dxpId
  return { made, copNo, agentCode, receiver, list: await listOf(made.orderNo) }
}

describe('the status fold', () => {
  const steps = ['2', '3', '120', '300', '399', '500', '501', '100', '700', '800', '899', '-621005']
  const events = fc.array(
    fc
      .record({
        version: fc.integer({ min: 1, max: 3 }),
        status: fc.constantFrom(...steps),
        at: fc.integer({ min: 0, max: 5 }),
      })
      .map(({ version, status, at }) => ({
        version,
        ...officialStatus(status),
        returnTime: `2026101510000000${at}`,
      })),
    { minLength: 1, maxLength: 12 },
  )

  it('is the same in every order and however often evidence is repeated', () => {
    fc.assert(
      fc.property(events, fc.nat(), (list, turn) => {
        const cut = turn % list.length
        const mixed = [...list.slice(cut), ...list, ...list.slice(0, cut)].reverse()
        expect(statusOf(mixed)).toEqual(statusOf(list))
      }),
    )
  })
})

describe('replies of many lists', () => {
  it('shuffled and repeated end as if they had come in order, each counted once', async () => {
    const calm = await testGateway()
    const wild = await testGateway({ customs: { seed: 'test' } })
    try {
      const marks = ['', '', '', '-R1327', '-REVIEW', '-INSPECT', '-BACK', '-OPEN', '-REVIEWNO']
      const made = marks.map((mark, i) => calm.consignment(i, mark))
      for (const each of [calm, wild]) await each.handIn(made)
      await calm.settle()
      await settleWildly(wild)
      const ends = async (of: TestGateway) => {
        const rows = await of.deps.db.selectFrom('document_state').selectAll().execute()
        return rows
          .map((row) => `${row.kind} ${row.number} ${row.state} ${row.return_status}`)
          .sort()
      }
      expect(await ends(wild)).toEqual(await ends(calm))
      const figures = async (of: TestGateway) =>
        (await totals(of.deps, { by: 'zone', year: 2026 })).rows
      expect(await figures(wild)).toEqual(await figures(calm))
      for (const { id } of (await listDocuments(wild.deps, operator, {})).documents) {
        const state = await findEvents(wild.deps.db, id)
        const keys = state.map(
          (event) => `${event.returnTime} ${event.returnStatus} ${event.state}`,
        )
        expect(new Set(keys).size).toBe(keys.length)
      }
    } finally {
      await calm.close()
      await wild.close()
    }
  })
})

/** Holds every reply back, then delivers them backwards, in odd portions, and all of them again. */
const settleWildly = async (wild: TestGateway): Promise<void> => {
  const held: Uint8Array[] = []
  for (let round = 0; round < 200; round += 1) {
    const due = wild.customs.due()
    for (const delivery of due) {
      held.push(delivery.envelope)
      wild.customs.delivered(delivery.copMsgId)
    }
    if (due.length > 0) continue
    // Companions must be accepted before lists go out, so what is held is let go in bursts.
    for (const [i, envelope] of held.splice(0).reverse().entries()) {
      await takeReply(wild.deps, envelope)
      if (i % 3 === 0) await wild.step()
      await takeReply(wild.deps, envelope)
    }
    if ((await wild.step()) > 0) continue
    const next = wild.customs.nextDueAt()
    if (next === undefined && held.length === 0) return
    if (next !== undefined) wild.clock.set(next)
  }
  throw new Error('never settled')
}

describe('a single reply', () => {
  it('of an older submission does not overwrite the newer one', async () => {
    const { made, copNo, agentCode, receiver, list } = await silentList(10)
    gateway.clock.advance(3_600_000)
    const head = { ...made.list.InventoryHead, appType: '2', appTime: '20261015110000' }
    const document = { ...made.list, InventoryHead: head }
    const caller = { enterpriseId: agentCode }
    await takeDocuments(gateway.deps, caller, [{ kind: 'CEB621', document }])
    await gateway.settle()
    const early = { copNo, agentCode, status: '100', time: '20261015103000000' }
    await takeReply(gateway.deps, reply(early, receiver))
    await gateway.settle()
    const events = await findEvents(gateway.deps.db, list.id)
    expect(events.filter((event) => event.returnStatus === '100')).toMatchObject([{ version: 1 }])
    // What customs said of the change itself stands.
    const now = await listOf(made.orderNo)
    expect(now.version).toBe(2)
    expect(now.returnStatus).toBe(
      events.filter((event) => event.version === 2).at(-1)?.returnStatus,
    )
    expect(now.returnStatus).not.toBe('100')
  })

  it('of an unknown status is kept, shown, and calls for somebody', async () => {
    const { made, copNo, agentCode, receiver } = await silentList(11)
    const said = { copNo, agentCode, status: '4711', time: '20261015120000000' }
    await takeReply(gateway.deps, reply(said, receiver))
    await gateway.settle()
    const list = await listOf(made.orderNo)
    expect(list).toMatchObject({ state: 'unknown', group: 'action-needed', returnStatus: '4711' })
  })

  it('addressed to another enterprise’s account changes nothing and is listed', async () => {
    const { made, copNo, agentCode } = await silentList(12)
    const said = { copNo, agentCode, status: '800', time: '20261015120000000' }
    await takeReply(gateway.deps, reply(said, gateway.cast.carrier.dxpId))
    await gateway.settle()
    expect((await listOf(made.orderNo)).state).toBe('sent')
    const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
    expect(replies[0]).toMatchObject({ kind: 'CEB622', problem: 'NO_DOCUMENT' })
  })

  it('that fits two documents, because it leaves the declarant out, touches neither', async () => {
    const { made, copNo, receiver } = await silentList(20)
    const [one, other] = gateway.cast.declarants
    const twin = gateway.consignment(21, '-SILENT')
    const foreign = made.list.InventoryHead.agentCode === one.customsCode ? other : one
    if (foreign === undefined) throw new Error('one declarant is not enough')
    const head = { ...twin.list.InventoryHead, copNo, agentCode: foreign.customsCode }
    const { deps } = gateway
    const account = (enterprise: string, dxp_id: string) =>
      deps.db.updateTable('enterprise').set({ dxp_id }).where('id', '=', enterprise).execute()
    await account(foreign.customsCode, receiver)
    const document = { ...twin.list, InventoryHead: head }
    await takeDocuments(deps, { enterpriseId: foreign.customsCode }, [{ kind: 'CEB621', document }])
    await gateway.handIn([{ ...twin, list: { ...twin.list, InventoryHead: head } }])
    await gateway.settle()
    const said = { copNo, agentCode: '', status: '800', time: '20261015120000000' }
    await takeReply(deps, reply(said, receiver))
    await gateway.settle()
    await account(foreign.customsCode, foreign.dxpId)
    expect((await listOf(made.orderNo)).state).toBe('sent')
    expect((await listOf(twin.orderNo)).returnStatus).not.toBe('800')
    const { replies } = await listReplies(deps, { state: 'unmatched' })
    expect(replies.map(({ problem }) => problem)).toContain('AMBIGUOUS')
  })

  it('replayed byte for byte is stored once', async () => {
    const { made, copNo, agentCode, receiver } = await silentList(13)
    const bytes = reply({ copNo, agentCode, status: '800', time: '20261015120000000' }, receiver)
    const first = await takeReply(gateway.deps, bytes)
    const before = await totals(gateway.deps, { by: 'zone', year: 2026 })
    await gateway.settle()
    expect(await takeReply(gateway.deps, bytes)).toEqual({ kind: 'duplicate', id: first.id })
    await gateway.settle()
    expect((await listOf(made.orderNo)).state).toBe('released')
    const after = await totals(gateway.deps, { by: 'zone', year: 2026 })
    expect(after.total.count - before.total.count).toBe(1)
  })

  it('that takes a release back takes it out of the totals again', async () => {
    const { copNo, agentCode, receiver } = await silentList(14)
    gateway.clock.advance(20 * 86_400_000)
    // What was put aside before is looked at once more first.
    await gateway.settle()
    const before = (await totals(gateway.deps, { by: 'month', year: 2026 })).total
    const say = async (status: string, time: string) => {
      await takeReply(gateway.deps, reply({ copNo, agentCode, status, time }, receiver))
      await gateway.settle()
      return (await totals(gateway.deps, { by: 'month', year: 2026 })).total.count - before.count
    }
    expect(await say('800', '20261015120000000')).toBe(1)
    expect(await say('899', '20261101120000000')).toBe(1)
    expect(await say('700', '20261102120000000')).toBe(0)
    expect((await totals(gateway.deps, { by: 'month', year: 2026 })).total).toEqual(before)
  })

  it('told again in another envelope, at whatever time, counts once', async () => {
    const { made, copNo, agentCode, receiver, list } = await silentList(22)
    const said = { copNo, agentCode, status: '800', time: '20261015120000000' }
    await takeReply(gateway.deps, reply(said, receiver))
    await gateway.settle()
    const before = await totals(gateway.deps, { by: 'zone', year: 2026 })
    const events = await findEvents(gateway.deps.db, list.id)
    gateway.clock.advance(3_600_000)
    const again = await takeReply(gateway.deps, reply({ ...said, info: '再次' }, receiver))
    expect(again.kind).toBe('stored')
    await gateway.settle()
    expect((await totals(gateway.deps, { by: 'zone', year: 2026 })).rows).toEqual(before.rows)
    expect(await findEvents(gateway.deps.db, list.id)).toEqual(events)
    expect((await listOf(made.orderNo)).state).toBe('released')
  })

  it('about a document that was never handed in is kept under its number and listed', async () => {
    const { deps, cast } = gateway
    const receiver = cast.declarants[0].dxpId
    const said = { copNo: 'NOBODY-S', agentCode: cast.declarants[0].customsCode }
    const { id } = await takeReply(
      deps,
      reply({ ...said, status: '800', time: '20261015120000000' }, receiver),
    )
    await gateway.settle()
    const { replies } = await listReplies(deps, { state: 'unmatched' })
    expect(replies.find((each) => each.id === id)).toMatchObject({ problem: 'NO_DOCUMENT' })
    const kept = await deps.db
      .selectFrom('unmatched_reply')
      .select(['number', 'return_status'])
      .where('reply_id', '=', id)
      .execute()
    expect(kept).toEqual([{ number: 'NOBODY-S', return_status: '800' }])
  })

  it('about a document that was not sent yet waits for it, and does not keep it from being sent', async () => {
    const made = gateway.consignment(23, '-SILENT')
    await gateway.handIn([made])
    const { copNo = '', agentCode } = made.list.InventoryHead
    const early = { copNo, agentCode, status: '800', time: '20261015090000000' }
    await takeReply(gateway.deps, reply(early, declarantOf(agentCode).dxpId))
    await stages.reply.runBatch(gateway.deps, 10)
    expect((await listOf(made.orderNo)).state).toBe('waiting')
    await gateway.settle()
    const list = await listOf(made.orderNo)
    expect(list).toMatchObject({ state: 'released', returnStatus: '800' })
    const events = await findEvents(gateway.deps.db, list.id)
    expect(events.map(({ state }) => state)).toEqual(['waiting', 'ready', 'sent', 'released'])
  })

  it('unreadable is a state that an operator sees', async () => {
    for (const bytes of ['', 'not xml', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '\uFFFE'])
      await takeReply(gateway.deps, Buffer.from(bytes))
    await gateway.settle()
    const { replies } = await listReplies(gateway.deps, { state: 'unreadable' })
    expect(replies.length).toBeGreaterThanOrEqual(4)
    for (const each of replies) expect(each.problem).not.toBe('')
  })
})
