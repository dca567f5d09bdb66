/**
 * A message that was handed over and got lost on its way is sent again, as the same message; one
 * that was answered is not, and nothing is sent again for ever.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { takeDocuments } from '../../src/flow/intake.ts'
import { listDocuments } from '../../src/flow/queries.ts'
import { resendUnanswered } from '../../src/flow/unanswered.ts'
import { UNANSWERED_BATCH_MAX, UNANSWERED_ROUNDS_MAX } from '../../src/kernel/limits.ts'
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
    expect(told.filter((event) => event === 'message-unanswered').length).toBe(first)
    expect(await awaited()).toBe(0)
    expect(gateway.sent.length).toBe(first * (1 + UNANSWERED_ROUNDS_MAX))
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
