/**
 * What the exchange platform answers about a delivery: evidence on every document of the message,
 * below any word of customs; refusals wait for somebody, trouble sends the same bytes again.
 */
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findDocument, listDocuments, timelineOf } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { listReplies } from '../../src/flow/reply-trouble.ts'
import { resendAll, resendDocument } from '../../src/flow/resend.ts'
import { statusOf } from '../../src/flow/status.ts'
import {
  EXCHANGE_RESEND_FIRST_MS,
  EXCHANGE_RESENDS_MAX,
  MESSAGE_ROUNDS_MAX,
} from '../../src/kernel/limits.ts'
import { RESEND_BATCH_MAX, RESEND_LOOKED_MAX } from '../../src/kernel/link-limits.ts'
import { findEvents } from '../../src/store/listing.ts'
import { customsSays } from '../support/customs-says.ts'
import { exchangeSays } from '../support/exchange-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  // An office that takes everything and never answers: every answer is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
})
afterEach(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
const platform = () => gateway.cast.platform
const owner = () => ({ enterpriseId: platform().customsCode })

/** Orders of one platform, sent in one message. */
const sentOrders = async (...ns: number[]) => {
  const documents = ns.map((n) => ({ kind: 'CEB311', document: gateway.consignment(n).order }))
  await takeDocuments(gateway.deps, owner(), documents)
  await gateway.settle()
  const { documents: found } = await listDocuments(gateway.deps, operator, { kind: 'CEB311' })
  const copMsgId = gateway.sent.at(-1)?.copMsgId
  if (copMsgId === undefined) throw new Error('nothing was sent')
  return { ids: found.map(({ id }) => id), numbers: found.map(({ number }) => number), copMsgId }
}

const say = async (bytes: Uint8Array) => {
  const { id } = await takeReply(gateway.deps, bytes)
  await gateway.settle()
  return id
}

const says = (code: string, about: string, info = '合成应答', receiver = platform().dxpId) =>
  exchangeSays(receiver, [{ code, about, info }])

const standing = async (ids: readonly string[]) =>
  Promise.all(
    ids.map(async (id) => {
      const document = await findDocument(gateway.deps, operator, id)
      const fold = statusOf(await findEvents(gateway.deps.db, id))
      expect(document?.state).toBe(fold?.state)
      return document?.state
    }),
  )

const replyState = async (id: string) =>
  gateway.deps.db
    .selectFrom('reply')
    .select(['state', 'kind', 'problem'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

describe('a refusal by the exchange platform', () => {
  it.each(['0001', '0003', '1001', '1999', '2001', '2999'])(
    '%s leaves every document of the message undelivered, and says who must act',
    async (code) => {
      const { ids, copMsgId } = await sentOrders(0, 1, 2)
      const reply = await say(says(code, copMsgId))
      expect(await standing(ids)).toEqual(['undelivered', 'undelivered', 'undelivered'])
      expect(await replyState(reply)).toEqual({ state: 'folded', kind: 'DxpRep', problem: null })
      const document = await findDocument(gateway.deps, owner(), ids[0] ?? '')
      expect(document).toMatchObject({
        group: 'action-needed',
        returnStatus: null,
        reason: { source: 'exchange', returnStatus: code, info: '合成应答' },
      })
      expect(document?.reason?.actors.map(({ name }) => name)).toContain('operator')
      const story = await timelineOf(gateway.deps, owner(), ids[0] ?? '')
      expect(story?.map(({ source }) => source)).toEqual(['gateway', 'gateway', 'exchange'])
      // Nothing went out again by itself.
      expect(gateway.sent).toHaveLength(1)
    },
  )

  it('told twice, in whatever envelope, is one event', async () => {
    const { ids, copMsgId } = await sentOrders(0)
    await say(says('1001', copMsgId))
    const before = await findEvents(gateway.deps.db, ids[0] ?? '')
    await say(says('1001', copMsgId, '再次'))
    expect(await findEvents(gateway.deps.db, ids[0] ?? '')).toEqual(before)
  })

  it('that comes after customs has answered, or before, stays below what customs said', async () => {
    const { ids, numbers, copMsgId } = await sentOrders(0, 1)
    const { ebpCode, ebcCode } = gateway.consignment(0).order.OrderHead
    const customs = (orderNo: string) =>
      customsSays({
        ...{ kind: 'CEB311', status: '2', time: '20261015100000000' },
        about: [{ ebpCode, ebcCode, orderNo }],
        receiver: platform().dxpId,
      })
    const [first = '', second = ''] = numbers
    await say(customs(first))
    await say(says('2001', copMsgId))
    expect(await standing(ids)).toEqual(['received', 'undelivered'])
    await say(customs(second))
    expect(await standing(ids)).toEqual(['received', 'received'])
    // All of it is answered: no trouble sends it again.
    await say(says('3001', copMsgId))
    gateway.clock.advance(10 * EXCHANGE_RESEND_FIRST_MS)
    await gateway.settle()
    expect(await standing(ids)).toEqual(['received', 'received'])
    expect(gateway.sent).toHaveLength(1)
  })

  it('of one message among several in the same answer touches that one alone', async () => {
    const one = await sentOrders(0)
    const all = await sentOrders(1)
    const other = all.ids.filter((id) => !one.ids.includes(id))
    const reply = await say(
      exchangeSays(platform().dxpId, [
        { code: '2001', about: one.copMsgId },
        { code: '4711', about: all.copMsgId },
        { code: '1001' },
      ]),
    )
    expect(await standing(one.ids)).toEqual(['undelivered'])
    expect(await standing(other)).toEqual(['unknown'])
    // The third names no message.
    expect(await replyState(reply)).toMatchObject({ state: 'unmatched', problem: 'NO_MESSAGE' })
  })

  it('addressed to another account changes nothing and is listed', async () => {
    const { ids, copMsgId } = await sentOrders(0)
    const reply = await say(says('2001', copMsgId, '', gateway.cast.carrier.dxpId))
    expect(await standing(ids)).toEqual(['sent'])
    const { replies } = await listReplies(gateway.deps, { state: 'unmatched' })
    expect(replies).toMatchObject([{ id: reply, kind: 'DxpRep', problem: 'NO_MESSAGE' }])
  })

  it('keeps what the platform wrote sealed', async () => {
    const { copMsgId } = await sentOrders(0)
    await say(says('2999', copMsgId, '收件人合成甲电话不存在'))
    const rows = await gateway.deps.db.selectFrom('event').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain('合成甲')
  })
})

describe('a code of the platform that nobody published', () => {
  it.each(['4000', '9999', '0000'])('%s asks a person, and may be sent again', async (code) => {
    const { ids, copMsgId } = await sentOrders(0)
    await say(says(code, copMsgId))
    expect(await standing(ids)).toEqual(['unknown'])
    const document = await findDocument(gateway.deps, operator, ids[0] ?? '')
    expect(document).toMatchObject({
      group: 'action-needed',
      reason: { known: false, source: 'exchange', cause: { name: 'exchange-unknown' } },
    })
    expect(await resendDocument(gateway.deps, owner(), ids[0] ?? '')).toMatchObject({
      kind: 'queued',
    })
    await gateway.settle()
    expect(await standing(ids)).toEqual(['sent'])
  })
})

describe('trouble inside the platform', () => {
  it('sends the same id and bytes again, after a pause that doubles', async () => {
    const { ids, copMsgId } = await sentOrders(0, 1)
    await say(says('3002', copMsgId))
    expect(await standing(ids)).toEqual(['ready', 'ready'])
    // Told once more while it waits: one sending, not two.
    await say(says('3001', copMsgId))
    expect(gateway.sent).toHaveLength(1)
    gateway.clock.advance(EXCHANGE_RESEND_FIRST_MS - 1)
    await gateway.settle()
    expect(gateway.sent).toHaveLength(1)
    gateway.clock.advance(1)
    await gateway.settle()
    expect(gateway.sent).toHaveLength(2)
    expect(gateway.sent[1]).toEqual(gateway.sent[0])
    expect(await standing(ids)).toEqual(['sent', 'sent'])
    gateway.clock.advance(1)
    await say(says('3002', copMsgId))
    gateway.clock.advance(EXCHANGE_RESEND_FIRST_MS)
    await gateway.settle()
    expect(gateway.sent).toHaveLength(2)
    gateway.clock.advance(EXCHANGE_RESEND_FIRST_MS)
    await gateway.settle()
    expect(gateway.sent).toHaveLength(3)
  })

  it('that does not end leaves the message to a person, who may send it again', async () => {
    const { ids, copMsgId } = await sentOrders(0)
    for (let round = 0; round < EXCHANGE_RESENDS_MAX; round += 1) {
      await say(says('3999', copMsgId, `第${round}次`))
      expect(await standing(ids)).toEqual(['ready'])
      gateway.clock.advance(EXCHANGE_RESEND_FIRST_MS * 2 ** round)
      await gateway.settle()
      expect(await standing(ids)).toEqual(['sent'])
      gateway.clock.advance(1)
    }
    await say(says('3999', copMsgId, '最后一次'))
    expect(await standing(ids)).toEqual(['undelivered'])
    expect(gateway.sent).toHaveLength(1 + EXCHANGE_RESENDS_MAX)
    expect(await resendDocument(gateway.deps, owner(), ids[0] ?? '')).toMatchObject({
      kind: 'queued',
      documents: 1,
    })
    await gateway.settle()
    expect(await standing(ids)).toEqual(['sent'])
  })
})

describe('sending again', () => {
  it('takes all documents of the message, and only what could not be delivered', async () => {
    const { ids, copMsgId } = await sentOrders(0, 1, 2)
    const [first = ''] = ids
    expect(await resendDocument(gateway.deps, owner(), first)).toEqual({ kind: 'not-needed' })
    await say(says('1002', copMsgId))
    const stranger = { enterpriseId: gateway.cast.carrier.customsCode }
    expect(await resendDocument(gateway.deps, stranger, first)).toEqual({ kind: 'not-found' })
    const answers = await Promise.all(
      [1, 2, 3].map(() => resendDocument(gateway.deps, owner(), first)),
    )
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['not-needed', 'not-needed', 'queued'])
    expect(await standing(ids)).toEqual(['ready', 'ready', 'ready'])
    await gateway.settle()
    expect(gateway.sent).toHaveLength(2)
    expect(gateway.sent[1]).toEqual(gateway.sent[0])
    expect(await standing(ids)).toEqual(['sent', 'sent', 'sent'])
    const story = await timelineOf(gateway.deps, owner(), first)
    expect(story?.map(({ state }) => state)).toEqual([
      ...['ready', 'sent', 'undelivered', 'ready', 'sent'],
    ])
  })

  it('takes everything that is undelivered at once, over one link or all of them', async () => {
    const one = await sentOrders(0)
    const all = await sentOrders(1)
    for (const { copMsgId } of [one, all]) await say(says('2002', copMsgId))
    const nothing = {
      ...{ messages: 0, documents: 0, left: 0 },
      ...{ more: false, next: null, remaining: 0 },
    }
    expect(await resendAll(gateway.deps, { link: 'amqp' })).toEqual(nothing)
    expect(await resendAll(gateway.deps, { link: 'simulator' })).toEqual({
      ...nothing,
      messages: 2,
      documents: 2,
    })
    expect(await resendAll(gateway.deps)).toEqual(nothing)
    await gateway.settle()
    expect(await standing(all.ids)).toEqual(['sent', 'sent'])
    expect(await resendAll(gateway.deps)).toEqual(nothing)
    expect(gateway.sent.map(({ copMsgId }) => copMsgId).sort()).toEqual(
      [one.copMsgId, all.copMsgId, one.copMsgId, all.copMsgId].sort(),
    )
  })

  it('looks at a bounded number, and the answer says how many are left and where to go on', async () => {
    const { ids, copMsgId } = await sentOrders(0)
    await say(says('2002', copMsgId))
    // Messages that were sent too often stand before the only one that may go.
    const extra = RESEND_LOOKED_MAX + RESEND_BATCH_MAX + 1
    await sql`
      insert into message (lane, id, kind, sender_id, sender_dxp_id, receiver_dxp_id, cop_msg_id,
        sealed, hash, document_ids, document_versions, created_at, problem, resent_at)
      select 0, (lpad(to_hex(i), 8, '0') || '-0000-7000-8000-000000000000')::uuid, kind, sender_id,
        sender_dxp_id, receiver_dxp_id, cop_msg_id, sealed, hash, document_ids, document_versions,
        created_at, problem, array_fill(created_at, array[${MESSAGE_ROUNDS_MAX}::integer])
      from message, generate_series(1, ${extra}) i`.execute(gateway.deps.db)
    const first = await resendAll(gateway.deps)
    expect(first).toMatchObject({ messages: 0, left: RESEND_LOOKED_MAX, more: true })
    expect(first.remaining).toBe(extra + 1 - RESEND_LOOKED_MAX)
    const second = await resendAll(gateway.deps, { after: first.next ?? '' })
    expect(second).toEqual({
      ...{ messages: 1, documents: 1, left: RESEND_BATCH_MAX + 1 },
      ...{ more: false, next: null, remaining: 0 },
    })
    expect(await standing(ids)).toEqual(['ready'])
  })

  it('of old bytes does not follow a later version that was sent', async () => {
    const { ids, copMsgId } = await sentOrders(0, 1)
    const { order } = gateway.consignment(0)
    const head = { ...order.OrderHead, appType: '2', appTime: '20261015110000' }
    await takeDocuments(gateway.deps, owner(), [
      { kind: 'CEB311', document: { ...order, OrderHead: head } },
    ])
    await gateway.settle()
    await say(says('3001', copMsgId))
    gateway.clock.advance(10 * EXCHANGE_RESEND_FIRST_MS)
    await gateway.settle()
    expect(gateway.sent).toHaveLength(2)
    const states = await standing(ids)
    expect([...states].sort()).toEqual(['sent', 'undelivered'])
    const stuck = ids[states.indexOf('undelivered')] ?? ''
    expect(await resendDocument(gateway.deps, owner(), stuck)).toEqual({ kind: 'superseded' })
    expect(await resendAll(gateway.deps)).toMatchObject({ messages: 0, left: 1, more: false })
  })
})
