/**
 * The whole story over RabbitMQ, gateway and simulated customs office as processes: while load is
 * offered the broker is killed, stopped and killed again, a connection is cut while confirms are
 * awaited, and queues are deleted, one with messages in it. In the end every acknowledged document is
 * sent, answered and released, and none came to customs in two messages.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kindFacts } from '../../src/flow/kinds.ts'
import { type Batch, makeBatches } from '../../src/run/bench/load.ts'
import type { Rehearsal } from '../../src/run/rehearsal.ts'
import {
  brokerMissing,
  type CuttingProxy,
  onChannel,
  startBroker,
  startCuttingProxy,
  type TestBroker,
} from '../support/rabbitmq.ts'
import {
  allReleased,
  eventsByDocument,
  handIn,
  openDatabase,
  pause,
  rehearse,
  SETTLED_MS_MAX,
  server,
} from './rehearsed.ts'

if (brokerMissing !== undefined) console.warn(`skipped: ${brokerMissing}`)

/** Each failure meets a wave of load: 200 lists a second, of which the embedded database takes fewer. */
const WAVES = 6
const LISTS_PER_WAVE = server === undefined ? 120 : 400
const WAVE_MS = 2_000
const LISTS = WAVES * LISTS_PER_WAVE
const LISTS_PER_BATCH = 20
const POSTERS = 4
/** The broker brings the declaration of a queue to disk within two seconds. */
const DECLARED_MS = 3_000
/** Seconds without an answer after which a message goes again: what a deleted queue took with it. */
const RESEND_SECONDS = 5
const TEST_MS_MAX = 300_000

describe.skipIf(brokerMissing !== undefined)('over a broker that fails in every way', () => {
  let broker: TestBroker
  let gatewayProxy: CuttingProxy
  let customsProxy: CuttingProxy
  let rehearsal: Rehearsal
  const acknowledged = new Set<string>()
  const lost = { messages: 0 }

  beforeAll(async () => {
    broker = await startBroker()
    gatewayProxy = await startCuttingProxy(broker.port)
    customsProxy = await startCuttingProxy(broker.port)
    rehearsal = await rehearse({
      ...{ pace: 'instant', amqpUrl: customsProxy.url },
      env: {
        AMQP_URL: gatewayProxy.url,
        LEASE_SECONDS: '20',
        UNANSWERED_RESEND_SECONDS: String(RESEND_SECONDS),
      },
    })
  }, TEST_MS_MAX)
  afterAll(async () => {
    await rehearsal?.close()
    await customsProxy?.close()
    await gatewayProxy?.close()
    await broker?.close()
  })

  /** Posts the batches of one wave, each not before its moment. */
  const offer = async (wave: number): Promise<void> => {
    const batches: readonly Batch[] = makeBatches(rehearsal, {
      ...{ lists: LISTS_PER_WAVE, from: wave * LISTS_PER_WAVE, perBatch: LISTS_PER_BATCH },
    })
    const start = performance.now()
    let next = 0
    const post = async (): Promise<void> => {
      for (;;) {
        const index = next
        next += 1
        const batch = batches[index]
        if (batch === undefined) return
        const at = start + (index / batches.length) * WAVE_MS
        await pause(Math.max(0, at - performance.now()))
        for (const id of await handIn(rehearsal, batch)) acknowledged.add(id)
      }
    }
    await Promise.all(Array.from({ length: POSTERS }, post))
  }

  const received = async (): Promise<number> => (await rehearsal.books()).messages.received

  /** Until messages arrive at customs again. */
  const flowing = async (): Promise<void> => {
    const before = await received()
    while ((await received()) <= before) await pause(50)
  }

  const restart = async (end: () => Promise<void>): Promise<void> => {
    await end()
    await broker.start()
  }

  /** What the broker says is swallowed for a while, so that messages arrive and no confirm does. */
  const cutUnconfirmed = async (): Promise<void> => {
    gatewayProxy.swallow()
    await pause(1_000)
    gatewayProxy.cut()
  }

  /** Messages get lost: customs is away, they pile up in the queue, and somebody deletes it. */
  const deleteFullQueue = async (): Promise<void> => {
    customsProxy.refuse()
    const messages = await onChannel(broker.url, async (channel) => {
      for (;;) {
        const { messageCount } = await channel.checkQueue('dxp.out')
        if (messageCount > 0) return (await channel.deleteQueue('dxp.out')).messageCount
        await pause(20)
      }
    })
    customsProxy.admit()
    lost.messages += messages
  }

  /** Under its consumer, at a moment when no reply is in it. */
  const deleteReplyQueue = async (queue: string): Promise<void> => {
    for (;;) {
      const isGone = await onChannel(broker.url, (channel) =>
        channel.deleteQueue(queue, { ifEmpty: true }).then(
          () => true,
          () => false,
        ),
      )
      if (isGone) return
      await pause(20)
    }
  }

  it(
    'acknowledges every document and has every list released in the end',
    async () => {
      await rehearsal.start()
      await pause(DECLARED_MS)
      const failures = [
        () => restart(broker.kill),
        cutUnconfirmed,
        deleteFullQueue,
        () => restart(broker.stop),
        () => restart(broker.kill),
        () => deleteReplyQueue(`dxp.in.${rehearsal.cast.platform.dxpId}`),
      ]
      expect(failures.length).toBe(WAVES)
      const waves: Promise<void>[] = []
      for (const [wave, fail] of failures.entries()) {
        waves.push(offer(wave))
        await flowing()
        await fail()
      }
      await Promise.all(waves)
      expect(acknowledged.size).toBe(LISTS * 4)
      await allReleased(rehearsal, LISTS, SETTLED_MS_MAX)
    },
    TEST_MS_MAX,
  )

  it('did lose messages on the way, and did send some that had arrived', async () => {
    const { messages } = await rehearsal.books()
    expect(lost.messages).toBeGreaterThan(0)
    expect(messages.repeated).toBeGreaterThan(0)
  })

  it('sent every document in one message with the same bytes, however often', async () => {
    const { messages, documents } = await rehearsal.books()
    expect(messages).toMatchObject({ differentBytes: 0, invalidSignatures: 0, refused: 0 })
    expect(Object.keys(documents).length).toBe(4)
    for (const { taken, refused, versions } of Object.values(documents))
      expect({ taken, versions, refused }).toEqual({ taken: LISTS, versions: LISTS, refused: 0 })
  })

  it('leaves every document sent and done, every reply folded, and nothing to do', async () => {
    await rehearsal.stop()
    const { db, close } = await openDatabase(rehearsal)
    try {
      const states = await db.selectFrom('document_state').selectAll().execute()
      expect(new Set(states.map((row) => row.id))).toEqual(acknowledged)
      const events = await eventsByDocument(db)
      for (const row of states) {
        const facts = kindFacts.find((item) => item.kind === row.kind)
        expect(facts?.done, row.kind).toContain(row.state)
        const told = (events.get(row.id) ?? []).filter((event) => event.return_status !== null)
        const once = new Set(told.map((event) => `${event.return_time} ${event.return_status}`))
        expect(once.size, 'a reply counts once').toBe(told.length)
      }
      const unsent = await db
        .selectFrom('message')
        .select('id')
        .where((is) => is.or([is('sent_at', 'is', null), is('problem', 'is not', null)]))
        .execute()
      expect(unsent).toEqual([])
      const replies = await db.selectFrom('reply').select('state').execute()
      expect(new Set(replies.map((row) => row.state))).toEqual(new Set(['folded']))
      expect(await db.selectFrom('work').selectAll().execute()).toEqual([])
    } finally {
      await close()
    }
  })

  it('counts what customs released, to the fen', async () => {
    await rehearsal.start()
    const { released } = await rehearsal.books()
    const answer = await fetch(`${rehearsal.url}/api/v1/totals?by=zone`)
    expect((await answer.json()).total).toEqual({ count: released.count, amount: released.amount })
  })
})
