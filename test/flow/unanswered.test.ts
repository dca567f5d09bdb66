/**
 * A message that was handed over and got lost on its way is sent again, as the same message; one
 * that was answered is not, and nothing is sent again for ever.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { statusView } from '../../src/flow/link-status.ts'
import { listDocuments } from '../../src/flow/queries.ts'
import { stages } from '../../src/flow/stages.ts'
import { resendUnanswered } from '../../src/flow/unanswered.ts'
import {
  STANDING_KEPT_MS,
  UNANSWERED_BATCH_MAX,
  UNANSWERED_ROUNDS_MAX,
} from '../../src/kernel/limits.ts'
import { UNANSWERED_TOLD_DAYS } from '../../src/kernel/link-limits.ts'
import type { SendOutcome } from '../../src/wire/types.ts'
import { RESEND_MS, type TestGateway, testGateway } from '../support/gateway.ts'

const operator = { enterpriseId: '', operator: true }

let gateway: TestGateway
afterEach(() => gateway.close())

/** The first `times` messages are taken on the way and reach nobody. */
const losing = async (times: number): Promise<void> => {
  let left = times
  gateway = await testGateway({
    fault: (): SendOutcome | undefined => {
      left -= 1
      return left >= 0 ? { kind: 'sent' } : undefined
    },
  })
}

const statesOf = async (orderNo: string): Promise<readonly string[]> => {
  const { documents } = await listDocuments(gateway.deps, operator, { q: orderNo })
  return documents.map(({ state }) => state).sort()
}

const awaited = async (): Promise<number> =>
  (await gateway.deps.db.selectFrom('awaited_message').selectAll().execute()).length

const waitAndLook = (ms: number): Promise<number> => {
  gateway.clock.advance(ms)
  return resendUnanswered(gateway.deps)
}

describe('a message of which nothing is heard', () => {
  it('is sent again after its time, with the same id and bytes, and the story goes on', async () => {
    await losing(3)
    const made = gateway.consignment(1)
    await gateway.handIn([made])
    await gateway.settle()
    const lost = gateway.sent.slice(0, 3)
    expect(lost.length).toBe(3)
    expect(await waitAndLook(RESEND_MS - 60_000)).toBe(0)
    expect(await waitAndLook(60_000)).toBe(3)
    await gateway.settle()
    expect(await statesOf(made.orderNo)).toEqual(['closed', 'stored', 'stored', 'stored'])
    for (const { copMsgId, bytes } of lost) {
      const times = gateway.sent.filter((message) => message.copMsgId === copMsgId)
      expect(times.map((message) => message.bytes)).toEqual([bytes, bytes])
    }
    const { messages } = gateway.customs.books().summary()
    expect(messages).toMatchObject({ repeated: 0, differentBytes: 0 })
  })

  it('is sent again after twice as long each time, and an operator is told in the end', async () => {
    await losing(Number.POSITIVE_INFINITY)
    const told: string[] = []
    const note = (event: string): void => {
      told.push(event)
    }
    const deps = { ...gateway.deps, log: { info: note, warn: note, error: note } }
    await gateway.handIn([gateway.consignment(1)])
    await gateway.settle()
    const first = gateway.sent.length
    for (let resend = 0; resend < UNANSWERED_ROUNDS_MAX; resend += 1) {
      gateway.clock.advance(RESEND_MS * 2 ** resend)
      expect(await resendUnanswered(deps), `resend ${resend + 1}`).toBe(first)
      await gateway.settle()
      expect(await waitAndLook(RESEND_MS), 'too early').toBe(0)
    }
    expect(told).not.toContain('message-unanswered')
    gateway.clock.advance(RESEND_MS * 2 ** UNANSWERED_ROUNDS_MAX)
    expect(await resendUnanswered(deps)).toBe(0)
    const unanswered = () => told.filter((event) => event === 'message-unanswered').length
    expect(unanswered()).toBe(first)
    expect(gateway.sent.length).toBe(first * (1 + UNANSWERED_ROUNDS_MAX))
    // Silent as they are they stay noted, and the operator is told again, but not for ever.
    expect((await statusView(deps, 'all')).unanswered).toMatchObject({ messages: first })
    gateway.clock.advance(RESEND_MS * 2 ** UNANSWERED_ROUNDS_MAX)
    expect(await resendUnanswered(deps)).toBe(0)
    expect(unanswered()).toBe(2 * first)
    gateway.clock.advance(UNANSWERED_TOLD_DAYS * 24 * 3_600_000)
    expect(await resendUnanswered(deps)).toBe(0)
    expect(await awaited()).toBe(0)
  })

  it('is counted on the status page once it stayed silent for its time, until it is answered', async () => {
    await losing(3)
    const look = async () => {
      gateway.clock.advance(STANDING_KEPT_MS)
      return (await statusView(gateway.deps, 'all')).unanswered
    }
    await gateway.handIn([gateway.consignment(1)])
    await gateway.step()
    expect(await look()).toEqual({ messages: 0, more: false })
    await waitAndLook(RESEND_MS)
    await stages.dispatch.runBatch(gateway.deps, 12)
    expect(await look()).toEqual({ messages: 3, more: false })
    await gateway.settle()
    expect(await look()).toEqual({ messages: 0, more: false })
    expect((await statusView(gateway.deps, undefined)).unanswered).toBeNull()
  })

  it('is left alone when a document of it was replaced: it could overtake the later version', async () => {
    await losing(1)
    const made = gateway.consignment(1)
    const caller = { enterpriseId: made.order.OrderHead.ebpCode }
    const handIn = (document: unknown) =>
      takeDocuments(gateway.deps, caller, [{ kind: 'CEB311', document }])
    await handIn(made.order)
    await gateway.settle()
    const { OrderHead, ...rest } = made.order
    const later = { ...OrderHead, appType: '2', appTime: '20261015235900', note: 'changed' }
    await handIn({ OrderHead: later, ...rest })
    await gateway.settle()
    expect(gateway.sent.length).toBe(2)
    expect(await waitAndLook(RESEND_MS)).toBe(0)
    expect(await awaited()).toBe(0)
  })
})

describe('a message that was answered', () => {
  it('counts as answered when a later version of its document waits to be answered', async () => {
    await losing(0)
    const told: string[] = []
    const error = (event: string): void => {
      told.push(event)
    }
    const made = gateway.consignment(1)
    const caller = { enterpriseId: made.order.OrderHead.ebpCode }
    const handIn = (document: unknown) =>
      takeDocuments(gateway.deps, caller, [{ kind: 'CEB311', document }])
    await handIn(made.order)
    await gateway.settle()
    const { OrderHead, ...rest } = made.order
    await handIn({
      OrderHead: { ...OrderHead, appType: '2', appTime: '20261015235900', note: 'changed' },
      ...rest,
    })
    gateway.clock.advance(RESEND_MS)
    const log = { ...gateway.deps.log, error }
    expect(await resendUnanswered({ ...gateway.deps, log })).toBe(0)
    expect(told).toEqual([])
  })

  it('is never sent again, and is forgotten when its time has come', async () => {
    await losing(0)
    await gateway.handIn([gateway.consignment(1), gateway.consignment(2)])
    await gateway.settle()
    const sent = gateway.sent.length
    expect(await awaited()).toBe(sent)
    expect(await waitAndLook(RESEND_MS)).toBe(0)
    await gateway.settle()
    expect(gateway.sent.length).toBe(sent)
    expect(await awaited()).toBe(0)
  })
})

it('looks at all that is due, however much it is', async () => {
  await losing(Number.POSITIVE_INFINITY)
  const made = gateway.consignment(1)
  await gateway.handIn([made])
  await gateway.settle()
  const { db } = gateway.deps
  const message = await db.selectFrom('message').selectAll().executeTakeFirstOrThrow()
  const copies = Array.from({ length: UNANSWERED_BATCH_MAX * 2 }, (_, i) => ({
    ...message,
    id: `${i.toString(16).padStart(8, '0')}${message.id.slice(8)}`,
  }))
  await db.insertInto('message').values(copies).execute()
  const due = copies.map(({ lane, id }) => ({ lane, id, due_at: gateway.clock.now() }))
  await db.insertInto('awaited_message').values(due).execute()
  expect(await waitAndLook(0)).toBe(copies.length)
})

it('sends nothing again where the settings say so', async () => {
  await losing(Number.POSITIVE_INFINITY)
  Object.assign(gateway.deps, { resendMs: 0 })
  await gateway.handIn([gateway.consignment(1)])
  await gateway.settle()
  expect(await awaited()).toBe(0)
  expect(await waitAndLook(RESEND_MS * 100)).toBe(0)
})
