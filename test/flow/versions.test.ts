/**
 * Several versions of one document: only the newest goes out, never before the one it follows, as
 * something new where customs never saw another; and what customs says of an old one moves nothing.
 */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { APP_TYPE } from '../../src/catalogue/message.ts'
import { officialStatus } from '../../src/catalogue/statuses.ts'
import { readMessage } from '../../src/codec/read.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { versionMeant } from '../../src/flow/meant.ts'
import { findDocument, listDocuments, timelineOf } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import type { Single } from '../../src/flow/reply-reading.ts'
import { resendDocument } from '../../src/flow/resend.ts'
import { stages } from '../../src/flow/stages.ts'
import { type StatusEvent, statusOf } from '../../src/flow/status.ts'
import { stamp17 } from '../../src/kernel/clock.ts'
import { PRIOR_RETRY_MS } from '../../src/kernel/link-limits.ts'
import { findEvents } from '../../src/store/listing.ts'
import { readEnvelope } from '../../src/wire/envelope.ts'
import type { SendOutcome } from '../../src/wire/types.ts'
import { customsSays } from '../support/customs-says.ts'
import { exchangeSays } from '../support/exchange-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let fault: ((copMsgId: string) => SendOutcome | undefined) | undefined
beforeEach(async () => {
  fault = undefined
  gateway = await testGateway({ fault: (copMsgId) => fault?.(copMsgId) })
})
afterEach(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
const down = (): SendOutcome => ({ kind: 'unavailable', reason: 'AWAY' })
const HOUR = 3_600_000

/** Hands an order in, in the version wanted; the first is new unless it says otherwise. */
const hand = async (n: number, version: number, appType?: string) => {
  const { order } = gateway.consignment(n)
  const head = {
    ...order.OrderHead,
    guid: order.OrderHead.guid.replace(/^.{4}/, `000${version}`),
    appType: appType ?? (version === 1 ? APP_TYPE.new : APP_TYPE.change),
    appTime: `202610151${version}0000`,
    note: `版本${version}`,
  }
  const { platform } = gateway.cast
  const document = { ...order, OrderHead: head }
  const answer = await takeDocuments(gateway.deps, { enterpriseId: platform.customsCode }, [
    { kind: 'CEB311', document },
  ])
  const result = answer.kind === 'taken' ? answer.results[0] : undefined
  if (result?.id === undefined) throw new Error(JSON.stringify(answer))
  return result.id
}

const look = async (id: string) => {
  const document = await findDocument(gateway.deps, operator, id)
  if (document === undefined) throw new Error('not stored')
  expect(statusOf(await findEvents(gateway.deps.db, id))?.state).toBe(document.state)
  return document
}

/** What reached the far side: version by its note, and appType. */
const arrived = (since = 0) =>
  gateway.sent.slice(since).flatMap(({ bytes }) => {
    const envelope = readEnvelope(bytes)
    const read = envelope.kind === 'message' ? readMessage(envelope.envelope.data) : undefined
    if (read?.kind !== 'message') throw new Error('unreadable')
    return read.message.documents.map(({ document }) => {
      const head = Object(document).OrderHead
      return `${head.note} ${head.appType}`
    })
  })

describe('versions handed in before any of them went out', () => {
  it('go as one, the newest, and as new: customs never saw another', async () => {
    await hand(0, 1)
    await hand(0, 2)
    const id = await hand(0, 3)
    await gateway.settle()
    expect(arrived()).toEqual(['版本3 1'])
    const document = await look(id)
    // The office is strict: a change of what it does not know would be refused.
    expect(document).toMatchObject({ version: 3, state: 'stored', group: 'done' })
    // Stored as handed in, and the story says how it went.
    expect(document.document.OrderHead).toMatchObject({ appType: '2' })
    const story = await timelineOf(gateway.deps, operator, id)
    expect(story?.map(({ zh }) => zh)).toContain('海关未收到过此前版本，按新增（appType 1）发送')
  })

  it('that end in a deletion send nothing, and may begin anew', async () => {
    await hand(0, 1)
    const id = await hand(0, 2, APP_TYPE.delete)
    await gateway.settle()
    expect(gateway.sent).toEqual([])
    expect(await look(id)).toMatchObject({ state: 'cancelled', group: 'refused' })
    const parts = await gateway.deps.db.selectFrom('consignment_part').selectAll().execute()
    expect(parts).toEqual([])
    await hand(0, 3, APP_TYPE.new)
    await gateway.settle()
    expect(arrived()).toEqual(['版本3 1'])
    expect(await look(id)).toMatchObject({ version: 3, state: 'stored' })
  })

  it('of a first version that is a change stay one: another system may have sent what it changes', async () => {
    const id = await hand(0, 1, APP_TYPE.change)
    await gateway.settle()
    expect(arrived()).toEqual(['版本1 2'])
    expect((await look(id)).group).toBe('refused')
  })
})

describe('a version that follows another', () => {
  it('goes out as the change it is once customs has the first', async () => {
    await hand(0, 1)
    await gateway.settle()
    gateway.clock.advance(60_000)
    const id = await hand(0, 2)
    await gateway.settle()
    expect(arrived()).toEqual(['版本1 1', '版本2 2'])
    expect(await look(id)).toMatchObject({ version: 2, state: 'stored' })
  })

  it('waits for it through hours of a link that is down, and both are answered in order', async () => {
    fault = down
    await hand(0, 1)
    await gateway.step()
    const id = await hand(0, 2)
    for (let hour = 0; hour < 5; hour += 1) {
      gateway.clock.advance(HOUR)
      await gateway.step()
    }
    expect(new Set(arrived())).toEqual(new Set(['版本1 1']))
    expect(await look(id)).toMatchObject({ version: 2, state: 'ready' })
    fault = undefined
    const before = gateway.sent.length
    for (let round = 0; round < 6; round += 1) {
      gateway.clock.advance(PRIOR_RETRY_MS + 60_000)
      await gateway.settle()
    }
    expect(arrived(before)).toEqual(['版本1 1', '版本2 2'])
    expect(await look(id)).toMatchObject({ version: 2, state: 'stored' })
    const events = await findEvents(gateway.deps.db, id)
    for (const version of [1, 2])
      expect(statusOf(events.filter((event) => event.version === version))?.state).toBe('stored')
  })

  it('goes as new when the first could not be delivered, which is then sent no more', async () => {
    fault = () => ({ kind: 'refused', reason: 'NEVER' })
    const id = await hand(0, 1)
    await gateway.settle()
    expect(await look(id)).toMatchObject({ state: 'undelivered' })
    fault = undefined
    await hand(0, 2)
    await gateway.settle()
    expect(arrived(1)).toEqual(['版本2 1'])
    expect(await look(id)).toMatchObject({ version: 2, state: 'stored' })
    const owner = { enterpriseId: gateway.cast.platform.customsCode }
    expect(await resendDocument(gateway.deps, owner, id)).toEqual({ kind: 'not-needed' })
  })

  it('goes as new when the exchange platform refused the first, and waits while that is sent again', async () => {
    fault = () => ({ kind: 'sent' })
    const id = await hand(0, 1)
    await gateway.settle()
    const { dxpId } = gateway.cast.platform
    const about = gateway.sent[0]?.copMsgId ?? ''
    await takeReply(gateway.deps, exchangeSays(dxpId, [{ code: '3001', about }]))
    await gateway.step()
    await hand(0, 2)
    await gateway.step()
    // The first waits for its second sending, the second version for the first.
    expect(arrived()).toEqual(['版本1 1'])
    gateway.clock.advance(60_000)
    await gateway.step()
    gateway.clock.advance(1)
    await takeReply(gateway.deps, exchangeSays(dxpId, [{ code: '1001', about }]))
    await gateway.step()
    fault = undefined
    for (let round = 0; round < 3; round += 1) {
      gateway.clock.advance(PRIOR_RETRY_MS)
      await gateway.settle()
    }
    expect(arrived()).toEqual(['版本1 1', '版本1 1', '版本2 1'])
    expect(await look(id)).toMatchObject({ version: 2, state: 'stored' })
  })
})

describe('a reply to an old version', () => {
  const says = (status: string, time: string) => {
    const { ebpCode, ebcCode, orderNo } = gateway.consignment(0).order.OrderHead
    const about = [{ ebpCode, ebcCode, orderNo }]
    const receiver = gateway.cast.platform.dxpId
    return customsSays({ kind: 'CEB311', status, time, about, receiver })
  }

  it('given while the new one is composed and not sent yet is not taken for the new one', async () => {
    fault = () => ({ kind: 'sent' })
    const id = await hand(0, 1)
    await gateway.settle()
    gateway.clock.advance(1_000)
    await hand(0, 2)
    await stages.compose.runBatch(gateway.deps, 10)
    const { message_id } = await gateway.deps.db
      .selectFrom('document_state')
      .select('message_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(message_id).not.toBeNull()
    gateway.clock.advance(60_000)
    const said = stamp17(gateway.clock.now())
    await takeReply(gateway.deps, says('100', said))
    await stages.reply.runBatch(gateway.deps, 10)
    const document = await look(id)
    expect(document).toMatchObject({ version: 2, state: 'ready', returnStatus: null })
    // Told once more when the new one is out, it is the same fact.
    gateway.clock.advance(60_000)
    await gateway.settle()
    await takeReply(gateway.deps, Buffer.concat([says('100', said), Buffer.from('\n')]))
    await gateway.settle()
    expect(await look(id)).toMatchObject({ version: 2, state: 'sent', returnStatus: null })
    const events = await findEvents(gateway.deps.db, id)
    expect(events.filter((event) => event.returnStatus === '100')).toMatchObject([{ version: 1 }])
  })

  it('and those to the new one end the same in any order, repeated and delayed', async () => {
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ]
    const ends: unknown[] = []
    for (const order of orders) {
      const other = await testGateway({ fault: () => ({ kind: 'sent' }) })
      const held = gateway
      gateway = other
      try {
        await hand(0, 1)
        await gateway.settle()
        gateway.clock.advance(HOUR)
        const id = await hand(0, 2)
        await gateway.settle()
        const replies = [
          says('2', '20261015100500000'),
          says('100', '20261015103000000'),
          says('2', '20261015111000000'),
          says('120', '20261015111000000'),
        ]
        for (const place of [...order, ...order.slice(1)]) {
          await takeReply(gateway.deps, replies[place] ?? new Uint8Array())
          await gateway.settle()
        }
        const { state, version, returnStatus } = await look(id)
        const events = (await findEvents(gateway.deps.db, id)).filter((e) => e.returnTime !== '')
        ends.push({ state, version, returnStatus, told: events.map(({ key }) => key).sort() })
      } finally {
        await other.close()
        gateway = held
      }
    }
    expect(ends[0]).toMatchObject({ state: 'stored', version: 2, returnStatus: '120' })
    for (const end of ends) expect(end).toEqual(ends[0])
  })

  it('is told apart by its guid or its time, whenever it is folded', () => {
    const guids = ['11111111-1111-8111-8111-111111111111', '22222222-2222-8222-8222-222222222222']
    const sentAt = new Date('2026-10-15T03:00:00.000Z')
    const said = fc.record({
      of: fc.constantFrom(1, 2),
      status: fc.constantFrom('2', '120', '100', '399', '-301011'),
      seconds: fc.integer({ min: 1, max: 600 }),
      named: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 8 }), fc.nat(), (all, turn) => {
        const events = all.map(({ of, status, seconds, named }): StatusEvent => {
          const shift = (of === 1 ? -seconds : seconds) * 1_000
          const returnTime = stamp17(new Date(sentAt.getTime() + shift))
          const info = named ? `新增申报成功[${guids[of - 1]}]` : ''
          const single = { saying: { info, returnTime } } as Single
          const document = { lane: 0, id: '', version: 2, guid: guids[1] ?? '', since: sentAt }
          // Before the second version was sent, and after it.
          const times = of === 1 ? [null, sentAt] : [sentAt]
          for (const since of times) expect(versionMeant(single, { ...document, since })).toBe(of)
          return { version: of, returnTime, ...officialStatus(status) }
        })
        const cut = turn % events.length
        const mixed = [...events.slice(cut), ...events, ...events.slice(0, cut)].reverse()
        expect(statusOf(mixed)).toEqual(statusOf(events))
        const newest = Math.max(...all.map(({ of }) => of))
        expect(statusOf(mixed)?.version).toBe(newest)
      }),
    )
  })
})

describe('a list', () => {
  it('goes only when its companions are accepted, even when all drain at once after an outage', async () => {
    fault = down
    const made = [0, 1, 2, 3].map((n) => gateway.consignment(n))
    await gateway.handIn(made)
    for (let hour = 0; hour < 3; hour += 1) {
      gateway.clock.advance(HOUR)
      await gateway.step()
    }
    const kinds = (since: number) =>
      gateway.sent.slice(since).map(({ bytes }) => {
        const read = readEnvelope(bytes)
        return read.kind === 'message' ? read.envelope.messageType : ''
      })
    expect(kinds(0)).not.toContain('CEB621Message')
    fault = undefined
    const from = gateway.sent.length
    for (let round = 0; round < 12; round += 1) {
      gateway.clock.advance(60_000)
      for (let step = 0; step < 3; step += 1) {
        const before = gateway.sent.length
        await gateway.step()
        const waiting = await gateway.deps.db
          .selectFrom('consignment_part')
          .select(['order_no'])
          .where('kind', '<>', 'CEB621')
          .where('accepted', '=', false)
          .execute()
        const open = new Set(waiting.map(({ order_no }) => order_no))
        const { documents } = await listDocuments(gateway.deps, operator, { kind: 'CEB621' })
        for (const list of documents)
          if (open.has(list.orderNo ?? '')) expect(list.state).toBe('waiting')
        if (open.size === made.length) expect(kinds(before)).not.toContain('CEB621Message')
      }
    }
    expect(kinds(from)).toContain('CEB621Message')
    const { documents } = await listDocuments(gateway.deps, operator, { kind: 'CEB621' })
    expect(documents.map(({ group }) => group)).toEqual(made.map(() => 'done'))
  })
})
