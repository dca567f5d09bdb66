/**
 * Handing messages over while the far side, the disk or the order of things is against it: a sending
 * that hangs is given up in time and goes again unchanged, what customs has answered already does not
 * go at all, and a version that was held back goes as soon as the one before is out.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { discloseBatch } from '../../src/flow/disclose.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { findDocument } from '../../src/flow/queries.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { stages } from '../../src/flow/stages.ts'
import type { FlowDeps } from '../../src/flow/types.ts'
import { stamp14, stamp17 } from '../../src/kernel/clock.ts'
import { laneOf } from '../../src/kernel/lane.ts'
import {
  BREAKER_FAILURES_MAX,
  BREAKER_RETRY_MAX_MS,
  DISPATCH_ATTEMPTS_MAX,
} from '../../src/kernel/limits.ts'
import { ANSWERED_LOOK_MS, PRIOR_RETRY_MS } from '../../src/kernel/link-limits.ts'
import { insertDisclosure } from '../../src/store/disclosures.ts'
import { findNotedStates } from '../../src/store/links.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import type { Link, SendOutcome } from '../../src/wire/types.ts'
import { customsSays } from '../support/customs-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
let own: FlowDeps
beforeAll(async () => {
  gateway = await testGateway()
  own = { ...gateway.deps }
})
afterEach(async () => {
  const { db } = gateway.deps
  await db.deleteFrom('work').execute()
  await db.deleteFrom('link_state').execute()
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
/** Sendings are given up after some hundredths of a second. */
const SHORT_LEASE_SECONDS = 0.05
const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

const order = async (n: number, head: Readonly<Record<string, string>> = {}): Promise<string> => {
  const { order: made } = gateway.consignment(first + n)
  const document = { ...made, OrderHead: { ...made.OrderHead, ...head } }
  const owner = { enterpriseId: gateway.cast.platform.customsCode }
  const answer = await takeDocuments(gateway.deps, owner, [{ kind: 'CEB311', document }])
  const id = answer.kind === 'taken' ? answer.results[0]?.id : undefined
  if (id === undefined) throw new Error(JSON.stringify(answer))
  return id
}
const later = () => {
  const appTime = stamp14(new Date(gateway.clock.now().getTime() + 3_600_000))
  return { appType: '2', appTime, note: 'changed' }
}

const stateOf = async (id: string) => (await findDocument(gateway.deps, operator, id))?.state

const messageOf = async (id: string): Promise<string> => {
  const { message_id } = await gateway.deps.db
    .selectFrom('document_state')
    .select('message_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return (message_id ?? '').toUpperCase()
}

const customsAnswers = async (n: number): Promise<void> => {
  const { ebpCode, ebcCode, orderNo } = gateway.consignment(first + n).order.OrderHead
  const reply = customsSays({
    ...{ kind: 'CEB311', status: '2', time: stamp17(gateway.clock.now()) },
    ...{ about: [{ ebpCode, ebcCode, orderNo }], receiver: gateway.cast.platform.dxpId },
  })
  await takeReply(gateway.deps, reply)
  await stages.reply.runBatch(gateway.deps, 10)
}

/** A link whose far side does with each envelope what it is told. */
const linkOf = (act: (id: string) => Promise<SendOutcome>) => {
  const sent: { readonly id: string; readonly bytes: string }[] = []
  const link: Link = {
    code: 'simulator',
    transport: {
      name: 'test',
      send: (id, bytes) => {
        sent.push({ id, bytes: Buffer.from(bytes).toString() })
        return act(id)
      },
      probe: () => act('probe'),
    },
  }
  return { sent, links: [link] }
}

const opened = (act: (id: string) => Promise<SendOutcome>, deps: Partial<FlowDeps> = {}) => {
  const { sent, links } = linkOf(act)
  Object.assign(gateway.deps, own, { links, leaseSeconds: SHORT_LEASE_SECONDS }, deps)
  first += 100
  return sent
}

/** Every test has orders of its own. */
let first = 0

const noted = async () => (await findNotedStates(gateway.deps.db, ['simulator']))[0]

const SENT = { kind: 'sent' } as const
const compose = () => stages.compose.runBatch(gateway.deps, 100)
const dispatch = () => stages.dispatch.runBatch(gateway.deps, 12)

describe('a sending that never ends', () => {
  it('is given up within its lease, and goes again with the same id and bytes', async () => {
    let isHung = true
    const sent = opened(async () => (isHung ? never() : SENT))
    const id = await order(0)
    await compose()
    expect(await dispatch()).toBe(1)
    expect(await stateOf(id)).toBe('ready')
    isHung = false
    gateway.clock.advance(BREAKER_RETRY_MAX_MS)
    await dispatch()
    expect(await stateOf(id)).toBe('sent')
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
  })

  it('takes its link down like any other failure, whose probe may hang as well', async () => {
    opened(never)
    await order(0)
    await compose()
    for (let round = 0; round < BREAKER_FAILURES_MAX; round += 1) {
      await dispatch()
      gateway.clock.advance(BREAKER_RETRY_MAX_MS)
    }
    expect(await noted()).toMatchObject({ state: 'down', problem: 'SEND_TIMEOUT' })
    await gateway.deps.db.deleteFrom('work').where('stage', '=', 'dispatch').execute()
    expect(await dispatch()).toBe(0)
  })

  it('begins no further part once it was given up', async () => {
    let go = (_: SendOutcome): void => undefined
    const sent = opened(
      () =>
        new Promise((resolve) => {
          go = resolve
        }),
      {
        transferNode: { own: '12345678', end: '87654321' },
        customsAddress: { import: ['DXPEDCCEB0000002', 'DXPEDCCEB0000003'], export: [] },
      },
    )
    await order(0)
    await compose()
    await dispatch()
    go(SENT)
    await dispatch()
    expect(sent).toHaveLength(1)
  })

  it('ends unknown and not undelivered when it hung to the last try: it may have arrived', async () => {
    let hung = ''
    const sent = opened(async (id) => (id === hung ? never() : SENT), { leaseSeconds: 0.01 })
    const id = await order(0)
    await compose()
    hung = await messageOf(id)
    for (let n = 1; n <= DISPATCH_ATTEMPTS_MAX; n += 1) {
      // The link carries others, so this one has itself to blame.
      await order(n)
      await compose()
      await dispatch()
      gateway.clock.advance(3 * 3_600_000)
    }
    expect(sent.filter((each) => each.id === hung)).toHaveLength(DISPATCH_ATTEMPTS_MAX)
    expect(await stateOf(id)).toBe('unknown')
  })
})

it('an upload of payment data that never ends is given up, and tried again', async () => {
  let uploads = 0
  const upload = () => {
    uploads += 1
    return never<never>()
  }
  opened(async () => SENT, { realTimeData: { upload } })
  const { clock, cast } = gateway
  const { db, ids } = gateway.deps
  const id = ids.next(laneOf('hangs'))
  const made = {
    ...{ id, sessionId: 'hangs', orderNo: 'X1', requestId: ids.next() },
    platformId: cast.platform.customsCode,
  }
  await inTransaction(db, (trx) => insertDisclosure(trx, made, clock.now()))
  const sealed_body = gateway.sealer.seal(Buffer.from('{}'), `disclosure-body/${id}`)
  await db.updateTable('disclosure').set({ state: 'built', sealed_body }).execute()
  expect(await discloseBatch(gateway.deps, 1)).toBe(1)
  clock.advance(60_000)
  expect(await discloseBatch(gateway.deps, 1)).toBe(1)
  expect(uploads).toBe(2)
})

describe('a message that customs has answered before its turn came, as after a restore', () => {
  it('is not sent, and lets what follows it go', async () => {
    const sent = opened(async () => SENT)
    await order(0)
    await compose()
    gateway.clock.advance(ANSWERED_LOOK_MS + 1)
    await customsAnswers(0)
    const id = await order(0, later())
    await compose()
    expect(await dispatch()).toBe(1)
    expect(sent).toEqual([])
    // Without a pause: customs has spoken.
    await compose()
    await dispatch()
    expect(sent).toHaveLength(1)
    expect(await stateOf(id)).toBe('sent')
  })

  it('is sent as long as one of its documents is not answered', async () => {
    const sent = opened(async () => SENT)
    await order(0)
    await order(1)
    await compose()
    gateway.clock.advance(ANSWERED_LOOK_MS + 1)
    await customsAnswers(0)
    await dispatch()
    expect(sent).toHaveLength(1)
  })

  it('does not keep a link that is down from being tried', async () => {
    let isAway = true
    const away = { kind: 'unavailable', reason: 'AWAY' } as const
    opened(async () => (isAway ? away : SENT))
    await order(0)
    await compose()
    for (let round = 0; round < BREAKER_FAILURES_MAX; round += 1) {
      await dispatch()
      gateway.clock.advance(BREAKER_RETRY_MAX_MS)
    }
    await customsAnswers(0)
    isAway = false
    await dispatch()
    expect(await noted()).toMatchObject({ state: 'up' })
  })
})

describe('a version that is held back', () => {
  it('is looked at less and less often while the one before waits', async () => {
    opened(async () => ({ kind: 'unavailable', reason: 'AWAY' }))
    await order(0)
    await compose()
    await order(0, later())
    let looks = 0
    const minutes = 30
    for (let second = 0; second < minutes * 60; second += PRIOR_RETRY_MS / 1000) {
      looks += await compose()
      gateway.clock.advance(PRIOR_RETRY_MS)
    }
    expect(looks).toBeGreaterThan(5)
    expect(looks).toBeLessThan(25)
  })

  it('goes soon after the one before is out, and only once', async () => {
    let isAway = true
    const away = { kind: 'unavailable', reason: 'AWAY' } as const
    const sent = opened(async () => (isAway ? away : SENT))
    await order(0)
    await compose()
    const id = await order(0, later())
    for (let hour = 0; hour < 3; hour += 1) {
      await compose()
      await dispatch()
      gateway.clock.advance(3_600_000)
    }
    await compose()
    isAway = false
    await dispatch()
    gateway.clock.advance(PRIOR_RETRY_MS)
    await compose()
    await dispatch()
    expect(await stateOf(id)).toBe('sent')
    const count = sent.length
    // What was put off before it was woken comes due and finds nothing to do.
    gateway.clock.advance(3_600_000)
    await compose()
    await dispatch()
    expect(sent).toHaveLength(count)
  })
})
