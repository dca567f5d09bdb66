/**
 * Two gateways as processes of their own on one database, with one simulated customs office: they
 * share the work, nothing goes out twice, and a link that is down is tried by one of them at a time.
 * Only on a database server: the embedded database belongs to one process.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBatches } from '../../src/run/bench/load.ts'
import type { Rehearsal } from '../../src/run/rehearsal.ts'
import { openRoad, type Road } from '../support/bad-road.ts'
import {
  allReleased,
  expectAllDone,
  expectSameBytes,
  expectSameTotals,
  handIn,
  openWhenIdle,
  pause,
  rehearse,
  SETTLED_MS_MAX,
  server,
  workLeft,
} from './rehearsed.ts'

const LISTS = 300
const LATE_LISTS = 24
if (server === undefined)
  console.warn('two gateways: TEST_DATABASE_URL is not set, the embedded database has one process')

let rehearsal: Rehearsal
const roads: Road[] = []
/** Messages each gateway handed over, and what is under way at this moment. */
const sent = [0, 0]
let isDown = false
let underWay = 0
let mostAtOnce = 0
let pilots = 0

describe.skipIf(server === undefined)('two gateways on one database', () => {
  const acknowledged = new Set<string>()

  beforeAll(async () => {
    rehearsal = await rehearse({
      ...{ pace: 'instant', gateways: 2 },
      messagesThrough: async (target, index) => {
        const road = await openRoad(
          () => target,
          async (body, pass) => {
            if (!isDown) {
              sent[index] = (sent[index] ?? 0) + 1
              return pass(body)
            }
            pilots += 1
            underWay += 1
            mostAtOnce = Math.max(mostAtOnce, underWay)
            await pause(150)
            underWay -= 1
            return 503
          },
        )
        roads.push(road)
        return `${road.url}dxp`
      },
    })
    await Promise.all([rehearsal.start(0), rehearsal.start(1)])
  })
  afterAll(async () => {
    await rehearsal?.close()
    for (const road of roads) await road.close()
  })

  /** Half of the batches to each, as a balancer would. */
  const load = async (lists: number, from: number) => {
    const batches = makeBatches(rehearsal, { lists, from, perBatch: 5 })
    await Promise.all(
      [0, 1].map(async (half) => {
        const url = rehearsal.urls[half] ?? ''
        for (const [i, batch] of batches.entries())
          if (i % 2 === half) for (const id of await handIn({ url }, batch)) acknowledged.add(id)
      }),
    )
  }

  it('share the work: everything is released, both have sent, and nothing went out twice', async () => {
    await load(LISTS, 0)
    await allReleased(rehearsal, LISTS, SETTLED_MS_MAX)
    const { messages } = await rehearsal.books()
    expect(messages).toMatchObject({ repeated: 0, differentBytes: 0 })
    expect((sent[0] ?? 0) + (sent[1] ?? 0)).toBe(messages.received)
    expect(Math.min(...sent), 'both of them').toBeGreaterThan(0)
  })

  it('try a link that is down by one message at a time, and send all once it is back', async () => {
    isDown = true
    await load(LATE_LISTS, LISTS)
    // What was on its way when it went down may go together: until the breaker has opened.
    const until = performance.now() + 60_000
    while (pilots < 6 && performance.now() < until) await pause(50)
    while (underWay > 0) await pause(10)
    mostAtOnce = 0
    const before = pilots
    while (pilots < before + 2 && performance.now() < until) await pause(50)
    while (underWay > 0) await pause(10)
    expect(pilots, 'somebody tries').toBeGreaterThan(before)
    expect(mostAtOnce, 'pilots at a time').toBe(1)
    isDown = false
    await allReleased(rehearsal, LISTS + LATE_LISTS, SETTLED_MS_MAX)
    expect((await rehearsal.books()).messages).toMatchObject({ repeated: 0, differentBytes: 0 })
  })

  it('leave every document done, the same bytes on both sides, and one total', async () => {
    for (const url of rehearsal.urls) await expectSameTotals(rehearsal, url)
    const { db, close } = await openWhenIdle(rehearsal)
    try {
      await expectAllDone(db, acknowledged)
      await expectSameBytes(db, rehearsal, LISTS + LATE_LISTS)
      expect(await workLeft(db)).toEqual([])
    } finally {
      await close()
    }
  })
})
