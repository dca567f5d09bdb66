/** The loops: work announced is done soon, work not announced is found, failure stops nothing. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

  it('stop after the batch they are at, and leave no transaction open', async () => {
    const loops = createLoops({ composeLingerMs: 60_000 })
    loops.start(test.gateway.flow, test.gateway.stages)
    for (const stage of test.gateway.stages) loops.wake(stage)
    await loops.stop()
    await sql`select 1`.execute(test.database.db)
  })
})
