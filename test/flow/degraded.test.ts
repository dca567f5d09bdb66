/**
 * When the far side is away: documents are taken, checked, signed and queued as ever; every sender
 * sees place and age of his own; nothing is promised that nobody knows; and when the link is back
 * everything goes out once, with the ids and bytes it had.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { statusView } from '../../src/flow/link-status.ts'
import { enterpriseQueue } from '../../src/flow/places.ts'
import { findDocument } from '../../src/flow/queries.ts'
import { stages } from '../../src/flow/stages.ts'
import { totals } from '../../src/flow/totals.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import type { DocumentResult } from '../../src/flow/types.ts'
import {
  BREAKER_FAILURES_MAX,
  BREAKER_RETRY_MAX_MS,
  PACE_MINUTES,
  STANDING_KEPT_MS,
} from '../../src/kernel/limits.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let isAway = false
beforeAll(async () => {
  gateway = await testGateway({
    fault: () =>
      isAway
        ? { kind: 'unavailable', reason: 'https://user:secret@customs.example/dxp?x' }
        : undefined,
  })
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }

const status = async (isKnown = true) => {
  gateway.clock.advance(STANDING_KEPT_MS)
  return statusView(gateway.deps, isKnown ? 'all' : undefined)
}

const place = async (id: string | undefined) => {
  gateway.clock.advance(STANDING_KEPT_MS)
  const view = await findDocument(gateway.deps, operator, id ?? '')
  if (view === undefined) throw new Error(`${id} is not there`)
  return view.queue
}

const idsOf = (results: readonly DocumentResult[], kind: string): readonly string[] =>
  results.flatMap((result) => (result.kind === kind ? (result.id ?? []) : []))

const messages = () =>
  gateway.database.db
    .selectFrom('message')
    .select(['id', 'cop_msg_id as copMsgId', 'sealed', 'sent_at as sentAt'])
    .orderBy('id')
    .execute()

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Runs whatever is due, and lets so much time pass each time that a pilot may go. */
const rounds = async (count: number): Promise<void> => {
  for (let round = 0; round < count; round += 1) {
    await gateway.step()
    gateway.clock.advance(BREAKER_RETRY_MAX_MS)
  }
}

const HELD = [2, 3, 4, 5]
let results: readonly DocumentResult[] = []
let kept: Awaited<ReturnType<typeof messages>> = []
let sentBefore = 0

describe('a gateway whose only link goes down', () => {
  it('says so in one word, and nothing waits while all is well', async () => {
    await gateway.handIn([gateway.consignment(1)])
    await gateway.settle()
    expect(await status()).toMatchObject({
      state: 'normal',
      links: [
        { code: 'simulator', state: 'up', queue: { depth: 0, ageSeconds: null }, drainSeconds: 0 },
      ],
    })
  })

  it('still takes, checks, signs and queues, and its answer says ready, not sent', async () => {
    isAway = true
    sentBefore = gateway.sent.length
    results = await gateway.handIn(HELD.map((n) => gateway.consignment(n)))
    expect(results).toHaveLength(16)
    for (const { kind, state, faults } of results) {
      expect(faults ?? []).toEqual([])
      expect(state).toBe(kind === 'CEB621' ? 'waiting' : 'ready')
    }
    await rounds(4)
    const held = await findDocument(gateway.deps, operator, idsOf(results, 'CEB311')[0] ?? '')
    expect(held).toMatchObject({ state: 'ready', messageId: expect.any(String) })
    const platform = gateway.caller(gateway.cast.platform)
    const wrong = await takeDocuments(gateway.deps, platform, [{ kind: 'CEB311', document: {} }])
    expect(wrong).toMatchObject({ results: [{ faults: expect.any(Array) }] })
    kept = (await messages()).filter(({ sentAt }) => sentAt === null)
    expect(kept.length).toBeGreaterThan(0)
  })

  it('tells since when, what waits and how long, promises nothing, and names no address', async () => {
    const known = await status()
    expect(known).toMatchObject({
      state: 'down',
      links: [
        {
          state: 'down',
          queue: { depth: kept.length, more: false },
          drainSeconds: null,
          detail: { problem: 'OTHER', failures: expect.any(Number), retryAt: expect.any(String) },
        },
      ],
    })
    const [link] = known.links
    expect(link?.detail?.failures).toBeGreaterThanOrEqual(BREAKER_FAILURES_MAX)
    expect(link?.queue.ageSeconds).toBeGreaterThanOrEqual((3 * BREAKER_RETRY_MAX_MS) / 1000)
    expect(JSON.stringify(known)).not.toMatch(/secret|customs\.example/)
    const anybody = await status(false)
    expect(anybody).toMatchObject({
      state: 'down',
      stages: null,
      signers: null,
      links: [{ detail: null }],
    })
  })

  it('shows every sender the place and age of his own', async () => {
    const order = await place(idsOf(results, 'CEB311')[0])
    expect(order).toMatchObject({
      stage: 'dispatch',
      link: 'simulator',
      linkState: 'down',
      ahead: 0,
      estimateSeconds: null,
    })
    expect(order?.ageSeconds).toBeGreaterThan(0)
    const more = await gateway.handIn([gateway.consignment(6)])
    await stages.compose.runBatch(gateway.deps, 100)
    expect(await place(idsOf(more, 'CEB311')[0])).toMatchObject({
      stage: 'dispatch',
      ahead: HELD.length,
      aheadMore: false,
    })
    // Other people's documents are not before his.
    expect(await place(idsOf(more, 'CEB411')[0])).toMatchObject({ ahead: HELD.length })
    const list = await place(idsOf(results, 'CEB621')[0])
    expect(list).toMatchObject({ stage: 'match', link: null, estimateSeconds: null })
    expect(list?.waitsFor.map(({ kind, there }) => [kind, there]).sort()).toEqual([
      ['CEB311', true],
      ['CEB411', true],
      ['CEB511', true],
    ])
    const own = await enterpriseQueue(gateway.deps, gateway.cast.platform.customsCode)
    expect(own).toMatchObject({
      documents: HELD.length + 1,
      entries: [
        { stage: 'dispatch', kind: 'CEB311', documents: HELD.length + 1, link: 'simulator' },
      ],
    })
    kept = (await messages()).filter(({ sentAt }) => sentAt === null)
  })

  it('drains when the link is back: every id and byte as it was, each taken once', async () => {
    isAway = false
    gateway.clock.advance(BREAKER_RETRY_MAX_MS)
    await gateway.step()
    const back = await status()
    expect(['draining', 'up']).toContain(back.links[0]?.state)
    await rounds(3)
    await gateway.settle()
    expect(await status()).toMatchObject({
      state: 'normal',
      links: [{ state: 'up', queue: { depth: 0 }, drainSeconds: 0, detail: { failures: 0 } }],
    })
    const after = new Map((await messages()).map((message) => [message.id, message]))
    for (const before of kept) expect(after.get(before.id)?.sealed).toEqual(before.sealed)
    const tries = gateway.sent.slice(sentBefore)
    for (const copMsgId of kept.map((message) => message.copMsgId)) {
      const own = tries.filter((sent) => sent.copMsgId === copMsgId)
      expect(new Set(own.map(({ bytes }) => hex(bytes))).size).toBe(1)
    }
    for (const { id } of results)
      expect(await findDocument(gateway.deps, operator, id ?? '')).toMatchObject({
        group: 'done',
        queue: null,
      })
    expect(gateway.customs.books().summary().messages).toMatchObject({
      repeated: 0,
      differentBytes: 0,
    })
    const shown = await totals(gateway.deps, { by: 'month' })
    await rebuild(gateway.deps)
    expect(await totals(gateway.deps, { by: 'month' })).toMatchObject({ total: shown.total })
  })

  it('tells how long the queue needs from what was really sent', async () => {
    await gateway.handIn([gateway.consignment(7)])
    await stages.compose.runBatch(gateway.deps, 100)
    const [link] = (await status()).links
    expect(link?.queue.depth).toBe(3)
    expect(link?.detail?.messagesPerMinute).toBeGreaterThan(0)
    const perMinute = link?.detail?.messagesPerMinute ?? 0
    expect(Math.abs((link?.drainSeconds ?? 0) - (3 * 60) / perMinute)).toBeLessThan(3)
    gateway.clock.advance((PACE_MINUTES + 1) * 60_000)
    // Nothing went lately, so nobody knows.
    expect((await status()).links[0]?.drainSeconds).toBeNull()
    await gateway.settle()
  })
})

describe('a sender without a key in force', () => {
  it('is told that his documents wait to be signed', async () => {
    const made = await gateway.handIn([gateway.consignment(8)])
    await gateway.database.db
      .updateTable('signing_key')
      .set({ not_after: gateway.clock.now() })
      .where('enterprise_id', '=', gateway.cast.platform.customsCode)
      .execute()
    expect(await place(idsOf(made, 'CEB311')[0])).toMatchObject({ stage: 'sign', link: null })
    expect(await place(idsOf(made, 'CEB411')[0])).toMatchObject({ stage: 'compose', ahead: 0 })
    const own = await enterpriseQueue(gateway.deps, gateway.cast.platform.customsCode)
    expect(own.entries).toMatchObject([{ stage: 'sign', kind: 'CEB311', documents: 1 }])
  })
})

describe('many who ask at once', () => {
  it('cost one reading', async () => {
    gateway.clock.advance(STANDING_KEPT_MS)
    const all = await Promise.all(Array.from({ length: 1_000 }, () => gateway.deps.standing()))
    expect(new Set(all).size).toBe(1)
  })
})
