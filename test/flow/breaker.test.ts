/**
 * The breaker of a link: alone, as a function of how the link stands and what a batch met; and with
 * dispatch through outages, on a clock that the test moves.
 */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import {
  afterBatch,
  allowance,
  type BatchTally,
  isNews,
  whileTrying,
} from '../../src/flow/breaker.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { listDocuments } from '../../src/flow/queries.ts'
import { stages } from '../../src/flow/stages.ts'
import {
  BACKOFF_MAX_MS,
  BREAKER_FAILURES_MAX,
  BREAKER_RETRY_FIRST_MS,
  BREAKER_RETRY_MAX_MS,
  DISPATCH_ATTEMPTS_MAX,
  DISPATCH_BATCH_MAX,
  DRAIN_PAUSE_MS,
} from '../../src/kernel/limits.ts'
import { findLinkStates, type LinkState } from '../../src/store/links.ts'
import type { SendOutcome } from '../../src/wire/types.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

const START = new Date('2026-10-15T02:00:00Z')
const fresh: LinkState = {
  ...{ code: 'http', state: 'up', since: START, failures: 0, retryAt: START, pace: 0 },
  ...{ sentAt: null, problem: null },
}
const sent = (count: number): BatchTally => ({
  ...{ answered: count, sent: count, failed: 0, problem: '' },
})
const failed = (count: number): BatchTally => ({
  ...{ answered: 0, sent: 0, failed: count, problem: 'ECONNREFUSED' },
})
const later = (ms: number): Date => new Date(START.getTime() + ms)
const about = { now: START, full: DISPATCH_BATCH_MAX, spread: 0 }

/** Any history: what a batch met, and how long after the one before. */
const history = fc.array(
  fc.record({
    sent: fc.nat(DISPATCH_BATCH_MAX),
    refused: fc.nat(1),
    failed: fc.nat(DISPATCH_BATCH_MAX),
    afterMs: fc.nat(2 * BREAKER_RETRY_MAX_MS),
    spread: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 60 },
)
type Step = (typeof history extends fc.Arbitrary<infer T> ? T : never)[number]

const play = (
  steps: readonly Step[],
  look: (before: LinkState, after: LinkState, now: Date) => void = () => undefined,
): { readonly link: LinkState; readonly now: Date } => {
  let link = fresh
  let now = START
  for (const step of steps) {
    now = new Date(now.getTime() + step.afterMs)
    const batch: BatchTally = {
      ...{ sent: step.sent, answered: step.sent + step.refused, failed: step.failed },
      problem: step.failed > 0 ? 'ECONNREFUSED' : '',
    }
    const next = afterBatch(link, batch, { ...about, now, spread: step.spread })
    look(link, next, now)
    link = next
  }
  return { link, now }
}

describe('a breaker', () => {
  it('opens with the third failure in a row, whether they fall one by one or at once', () => {
    const one = afterBatch(fresh, failed(1), about)
    const two = afterBatch(one, failed(1), about)
    expect([one.state, two.state]).toEqual(['up', 'up'])
    const three = afterBatch(two, failed(1), about)
    expect(three).toMatchObject({ state: 'down', failures: BREAKER_FAILURES_MAX })
    expect(afterBatch(fresh, failed(3), about)).toEqual(three)
    expect(afterBatch(fresh, failed(6), about)).toEqual(three)
  })

  it('stays closed as long as the far side answers in between, also with a refusal', () => {
    for (const answer of [sent(1), { ...sent(1), sent: 0 }]) {
      let link = fresh
      for (let n = 0; n < 50; n += 1)
        link = afterBatch(afterBatch(link, failed(2), about), answer, about)
      expect(link).toMatchObject({ state: 'up', failures: 0 })
    }
  })

  it('lets one pilot through at a time, and none before its moment', () => {
    const down = afterBatch(fresh, failed(3), about)
    const due = later(BREAKER_RETRY_FIRST_MS)
    expect(down.retryAt).toEqual(due)
    expect(allowance(down, 100, later(BREAKER_RETRY_FIRST_MS - 1))).toBe(0)
    expect(allowance(down, 100, due)).toBe(1)
    expect(allowance(whileTrying(down, later(30_000)), 100, due)).toBe(0)
  })

  it('waits twice as long after each pilot that fails, up to its bound', () => {
    let link = afterBatch(fresh, failed(3), about)
    const pauses: number[] = []
    for (let n = 0; n < 12; n += 1) {
      pauses.push(link.retryAt.getTime() - START.getTime())
      link = afterBatch(link, failed(1), about)
    }
    const doubled = pauses.map((_, n) => Math.min(BREAKER_RETRY_MAX_MS, 1_000 * 2 ** n))
    expect(pauses).toEqual(doubled)
  })

  it('is not kept open longer by what set out before it opened', () => {
    const down = afterBatch(fresh, failed(3), about)
    expect(afterBatch(down, failed(6), { ...about, now: later(900) })).toEqual(down)
  })

  it('drains at a pace that doubles, halves with trouble, and then runs free', () => {
    let link = afterBatch(fresh, failed(3), about)
    const paces: number[] = []
    while (link.state !== 'up') {
      const now = new Date(link.retryAt)
      link = afterBatch(link, sent(allowance(link, 100, now)), { ...about, full: 20, now })
      if (link.state === 'draining')
        expect(link.retryAt.getTime() - now.getTime()).toBe(DRAIN_PAUSE_MS)
      paces.push(link.pace)
    }
    expect(paces).toEqual([1, 2, 4, 8, 16, 0])
    const draining: LinkState = { ...link, state: 'draining', pace: 8 }
    expect(afterBatch(draining, { ...sent(4), failed: 4 }, about).pace).toBe(4)
    expect(afterBatch(draining, failed(8), about)).toMatchObject({ state: 'down', pace: 0 })
  })

  it('never lets more through than its state allows, whatever happened', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 100 }), (steps, limit) => {
        const { link, now } = play(steps)
        for (const ms of [0, 1, DRAIN_PAUSE_MS, BREAKER_RETRY_MAX_MS]) {
          const at = new Date(now.getTime() + ms)
          const allowed = allowance(link, limit, at)
          if (link.state === 'up') expect(allowed).toBe(limit)
          else if (link.retryAt > at) expect(allowed).toBe(0)
          else expect(allowed).toBe(link.state === 'down' ? 1 : Math.min(link.pace, limit))
        }
      }),
      { seed: 20261101, numRuns: 300 },
    )
  })

  it('keeps its figures in their bounds, and tells of every change', () => {
    fc.assert(
      fc.property(history, (steps) => {
        play(steps, (before, after, now) => {
          const waitMs = after.retryAt.getTime() - now.getTime()
          if (after.state === 'up') expect(after.failures).toBeLessThan(BREAKER_FAILURES_MAX)
          if (after.state === 'draining') {
            expect(after.pace).toBeGreaterThanOrEqual(1)
            expect(after.pace).toBeLessThanOrEqual(DISPATCH_BATCH_MAX)
            expect(waitMs).toBeLessThanOrEqual(DRAIN_PAUSE_MS)
          }
          if (after.state === 'down') expect(waitMs).toBeLessThanOrEqual(BREAKER_RETRY_MAX_MS)
          if (after.state === 'down' && before.state !== 'down')
            expect(waitMs).toBeGreaterThanOrEqual((BREAKER_RETRY_FIRST_MS * 3) / 4)
          expect(after.since).toEqual(before.state === after.state ? before.since : now)
          const { sentAt: _a, problem: _b, ...was } = before
          const { sentAt: _c, problem: _d, ...is } = after
          if (!isNews(before, after)) expect(is).toEqual(was)
        })
      }),
      { seed: 20261102, numRuns: 300 },
    )
  })

  it('closes after a few batches that are taken, whatever happened before', () => {
    fc.assert(
      fc.property(history, (steps) => {
        let { link, now } = play(steps)
        // One pilot, then 1, 2, 4 and so on, until the pace is above the batch.
        const most = 2 + Math.ceil(Math.log2(DISPATCH_BATCH_MAX + 1))
        for (let n = 0; n < most && link.state !== 'up'; n += 1) {
          now = new Date(Math.max(now.getTime(), link.retryAt.getTime()))
          const batch = sent(allowance(link, DISPATCH_BATCH_MAX, now))
          link = afterBatch(link, batch, { ...about, now })
        }
        expect(link.state).toBe('up')
      }),
      { seed: 20261103, numRuns: 300 },
    )
  })
})

let gateway: TestGateway
let outcome: (copMsgId: string) => SendOutcome | undefined = () => undefined
const away: SendOutcome = { kind: 'unavailable', reason: 'ECONNREFUSED' }
const open = async (): Promise<void> => {
  outcome = () => undefined
  gateway = await testGateway({ fault: (id) => outcome(id) })
}

/** Not a round one: which lane is looked at first follows the clock. */
const MINUTE_MS = 61_007
const numbers: string[] = []
/** So many orders, each in a message of its own that is ready to be sent. */
const compose = async (count: number): Promise<readonly string[]> => {
  const made: string[] = []
  for (let n = 0; n < count; n += 1) {
    const { order, orderNo } = gateway.consignment(numbers.length + 1, '-SILENT')
    numbers.push(orderNo)
    made.push(orderNo)
    const by = gateway.caller(gateway.cast.platform)
    await takeDocuments(gateway.deps, by, [{ kind: 'CEB311', document: order }])
    await stages.compose.runBatch(gateway.deps, 100)
  }
  return made
}
const dispatch = (deps = gateway.deps): Promise<number> =>
  stages.dispatch.runBatch(deps, DISPATCH_BATCH_MAX)
const tick = async (ms: number, count = 1): Promise<void> => {
  for (let n = 0; n < count; n += 1) {
    gateway.clock.advance(ms)
    await dispatch()
  }
}
const linkNow = async (): Promise<LinkState> => {
  const [link] = await findLinkStates(gateway.deps.db, ['simulator'], gateway.clock.now())
  if (link === undefined) throw new Error('no link')
  return link
}
const stateOf = async (orderNo: string): Promise<string | undefined> => {
  const asked = { enterpriseId: '', operator: true }
  const { documents } = await listDocuments(gateway.deps, asked, { q: orderNo })
  return documents[0]?.state
}
/** Message of an order. */
const messageOf = async (orderNo: string): Promise<string> => {
  const asked = { enterpriseId: '', operator: true }
  const { documents } = await listDocuments(gateway.deps, asked, { q: orderNo })
  const { id } = await gateway.database.db
    .selectFrom('document_state')
    .select('message_id as id')
    .where('id', '=', documents[0]?.id ?? '')
    .executeTakeFirstOrThrow()
  return (id ?? '').toUpperCase()
}
const tried = (): number => gateway.sent.length

describe('dispatch through an outage', () => {
  afterEach(() => gateway.close())

  it('opens the breaker, sends one pilot at a time by two gateways, and drains what waits', async () => {
    await open()
    const orders = await compose(2 * DISPATCH_BATCH_MAX)
    outcome = () => away
    await dispatch()
    expect(await linkNow()).toMatchObject({ state: 'down', failures: BREAKER_FAILURES_MAX })
    expect(tried()).toBe(DISPATCH_BATCH_MAX)
    // Nothing before its moment, then one, whoever asks.
    expect(await dispatch()).toBe(0)
    for (let pilot = 1; pilot <= 5; pilot += 1) {
      gateway.clock.set((await linkNow()).retryAt)
      const other = { ...gateway.deps }
      const done = await Promise.all([dispatch(), dispatch(other), dispatch(), dispatch(other)])
      expect(done.reduce((a, b) => a + b, 0)).toBe(1)
      expect(tried()).toBe(DISPATCH_BATCH_MAX + pilot)
    }
    outcome = () => undefined
    const batches: number[] = []
    gateway.clock.advance(BREAKER_RETRY_MAX_MS)
    while ((await linkNow()).state !== 'up') {
      gateway.clock.set((await linkNow()).retryAt)
      batches.push(await dispatch())
    }
    expect(batches).toEqual([1, 1, 2, 4, 8])
    expect(await dispatch()).toBe(8)
    for (const orderNo of orders) expect(await stateOf(orderNo)).toBe('sent')
  })

  it('keeps every message through ten hours, with all its attempts and the same bytes', async () => {
    await open()
    await compose(1)
    await dispatch()
    const orders = await compose(3)
    outcome = () => away
    await tick(3 * MINUTE_MS, 10 * 20)
    expect(tried()).toBeGreaterThan(3 * DISPATCH_ATTEMPTS_MAX)
    for (const orderNo of orders) expect(await stateOf(orderNo)).toBe('ready')
    // Back again, but for the one that was the pilot most often: it gets its tries like any other.
    const unlucky = await messageOf(orders[0] ?? '')
    let stumbles = DISPATCH_ATTEMPTS_MAX / 2
    outcome = (id) => {
      if (id !== unlucky || stumbles === 0) return undefined
      stumbles -= 1
      return away
    }
    await tick(MINUTE_MS, 10)
    expect(await stateOf(orders[1] ?? '')).toBe('sent')
    expect(await stateOf(orders[0] ?? '')).toBe('ready')
    outcome = () => undefined
    await tick(BACKOFF_MAX_MS, 2)
    for (const orderNo of orders) expect(await stateOf(orderNo)).toBe('sent')
    const bytes = new Map<string, Set<string>>()
    for (const each of gateway.sent) {
      const seen = bytes.get(each.copMsgId) ?? new Set()
      bytes.set(each.copMsgId, seen.add(Buffer.from(each.bytes).toString('hex')))
    }
    expect([...bytes.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1])
  })

  it('ends a message that fails for itself as undelivered after its attempts; others go on', async () => {
    await open()
    const [poison = ''] = await compose(1)
    const poisoned = await messageOf(poison)
    outcome = (id) => (id === poisoned ? away : undefined)
    const others: string[] = []
    const attempts = () => gateway.sent.filter(({ copMsgId }) => copMsgId === poisoned).length
    for (let round = 0; round < 4 * DISPATCH_ATTEMPTS_MAX; round += 1) {
      if ((await stateOf(poison)) !== 'ready') break
      others.push(...(await compose(1)))
      await dispatch()
      await tick(MINUTE_MS)
      // The pause grows; nothing happens in it but that other messages come and go.
      gateway.clock.advance(BACKOFF_MAX_MS)
    }
    expect(await stateOf(poison)).toBe('undelivered')
    expect(attempts()).toBeGreaterThanOrEqual(DISPATCH_ATTEMPTS_MAX)
    expect((await linkNow()).state).not.toBe('down')
    await tick(BACKOFF_MAX_MS, 2)
    const states = await Promise.all(others.map(stateOf))
    expect(new Set(states)).toEqual(new Set(['sent']))
  })

  it('leaves a refused message undelivered at once, and the link as it is', async () => {
    await open()
    const [first = '', second = ''] = await compose(2)
    const refused = await messageOf(first)
    outcome = (id) => (id === refused ? { kind: 'refused', reason: 'HTTP 422' } : undefined)
    await dispatch()
    expect(await stateOf(first)).toBe('undelivered')
    expect(await stateOf(second)).toBe('sent')
    expect((await linkNow()).state).toBe('up')
    await tick(BACKOFF_MAX_MS, 3)
    expect(tried()).toBe(2)
  })
})
