/**
 * The loops: work announced is done soon, work not announced is found, failure stops nothing, and nobody
 * with much work keeps others waiting.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeWebhook } from '../../src/flow/webhooks.ts'
import { laneOfId } from '../../src/kernel/ids.ts'
import { WEBHOOK_EVENTS_MAX, WEBHOOKS_AT_ONCE_OF_ONE } from '../../src/kernel/webhook-limits.ts'
import { createLoops } from '../../src/run/loops.ts'
import { bearer, json, type TestApp, testApp } from '../http/app.ts'
import { pause } from '../runtime/gateways.ts'

const UNTIL_MS_MAX = 30_000
const POLL_MS = 20

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

const eventually = async (what: string, look: () => Promise<boolean> | boolean): Promise<void> => {
  const until = performance.now() + UNTIL_MS_MAX
  while (performance.now() < until) {
    if (await look()) return
    await pause(POLL_MS)
  }
  throw new Error(`${what}: not within ${UNTIL_MS_MAX} ms`)
}

const handIn = async (n: number): Promise<string> => {
  const { key } = test.account(test.cast.platform)
  const document = test.consignment(n).order
  const response = await test.fetch('/api/v1/documents', json(key, { kind: 'CEB311', document }))
  return ((await response.json()) as { results: { id: string }[] }).results[0]?.id ?? ''
}
const stateOf = async (id: string): Promise<string> => {
  const { key } = test.account(test.cast.platform)
  const response = await test.fetch(`/api/v1/documents/${id}`, { headers: bearer(key) })
  return ((await response.json()) as { state: string }).state
}

describe('the loops', () => {
  it('carry a document to the far side, also when nobody announced it', async () => {
    const loops = createLoops({ composeLingerMs: 5 })
    const id = await handIn(1)
    loops.start(test.gateway.flow, test.gateway.stages)
    await eventually('the first', async () => (await stateOf(id)) === 'sent')
    const next = await handIn(2)
    await eventually('the second', async () => (await stateOf(next)) === 'sent')
    await loops.stop()
  })

  it('go on after a stage failed, and say that it did without its message', async () => {
    const loops = createLoops({ composeLingerMs: 0 })
    let failing = true
    const secret = 'a value of somebody'
    const flow = {
      ...test.gateway.flow,
      clock: {
        now: () => {
          if (failing) throw new Error(secret)
          return test.gateway.flow.clock.now()
        },
      },
    }
    const id = await handIn(3)
    loops.start(flow, test.gateway.stages)
    await eventually('a failure in the log', () =>
      test.logged.some(({ event, facts }) => event === 'stage-failed' && facts.stage === 'compose'),
    )
    failing = false
    await eventually('the way on', async () => (await stateOf(id)) === 'sent')
    await loops.stop()
    expect(JSON.stringify(test.logged)).not.toContain(secret)
  })

  it('give each web hook its turn, however much another has waiting', async () => {
    const MESSAGES = 12
    const { id: sender } = test.account(test.cast.platform)
    let ms = test.gateway.flow.clock.now().getTime()
    const clock = { now: () => new Date(++ms) }
    const told: string[] = []
    const calls = {
      reach: 'any' as const,
      post: async (url: string) => {
        told.push(url)
        await pause(1)
        return { kind: 'answered' as const, status: 204, retryAfterSeconds: undefined }
      },
    }
    const { webhooks } = test.gateway.flow
    const flow = { ...test.gateway.flow, clock, webhooks: { ...webhooks, calls } }
    const urls = Array.from({ length: WEBHOOKS_AT_ONCE_OF_ONE + 1 }, (_, n) => `http://far/${n}`)
    for (const url of urls) await makeWebhook(flow, sender, { url })
    const id = randomUUID()
    const lane = laneOfId(id)
    await sql`
      insert into document_state (lane, id, kind, sender_id, number, owner, created_at, version,
        guid, app_time, state, return_time, rank, updated_at)
      values (${lane}, ${id}, 'CEB311', ${sender}, ${id}, '', now(), 1, ${id}, '', 'ready', '', 2,
        now())`.execute(test.database.db)
    await sql`
      insert into event (lane, document_id, key, version, state, rank, at)
      select ${lane}, ${id}, 'taken:' || n, n, 'ready', 2, ${clock.now()}
      from generate_series(1, ${MESSAGES * WEBHOOK_EVENTS_MAX}::integer) n`.execute(
      test.database.db,
    )
    const loops = createLoops({ composeLingerMs: 0 })
    loops.start(flow, ['push'])
    const timesIn = (list: readonly string[], url: string) =>
      list.filter((each) => each === url).length
    await eventually('all told', () => urls.every((url) => timesIn(told, url) >= MESSAGES))
    await loops.stop()
    for (const url of urls) {
      const before = told.slice(0, told.indexOf(url))
      for (const other of urls) expect(timesIn(before, other)).toBeLessThan(MESSAGES)
    }
  })

  it('stop after the batch they are at, and leave no transaction open', async () => {
    const loops = createLoops({ composeLingerMs: 60_000 })
    loops.start(test.gateway.flow, test.gateway.stages)
    for (const stage of test.gateway.stages) loops.wake(stage)
    await loops.stop()
    await sql`select 1`.execute(test.database.db)
  })
})
