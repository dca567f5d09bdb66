/**
 * Chaos with real processes: the gateway and the simulated customs office killed with SIGKILL, the
 * gateway's connections ended by the database server, and a road between the two on which replies come
 * twice, late, in any order and illegibly. A failure prints its seed; SEED repeats it.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBatches } from '../../src/run/bench/load.ts'
import type { Rehearsal } from '../../src/run/rehearsal.ts'
import { randomOf } from '../../src/sim/synthetic.ts'
import { connect } from '../../src/store/connect.ts'
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
  SHORT_LEASE,
  server,
  workLeft,
} from './rehearsed.ts'

const ROUNDS = 8
const LISTS_PER_ROUND = 12
const LISTS = ROUNDS * LISTS_PER_ROUND
const SEED = Number(process.env.SEED ?? 20261128)
/** Many starts of processes on a busy machine. */
const TEST_MS_MAX = 600_000
const ANSWERS_MS_MAX = 60_000

const random = randomOf(SEED, 0)
const roadRandom = randomOf(SEED, 1)
const spoilt = new Set<string>()
let rehearsal: Rehearsal
let road: Road | undefined

/** Spoilt first, twice, late, not at all, or passed on although the answer is lost. */
const badly = async (body: Uint8Array, pass: (body: Uint8Array) => Promise<number>) => {
  const [draw, ms, at] = [roadRandom(10), roadRandom(400), roadRandom(body.length - 1)]
  if (draw === 0) {
    const half = body.subarray(0, at)
    spoilt.add(createHash('sha256').update(half).digest('hex'))
    await pass(half)
  }
  if (draw < 3) await pass(body)
  if (draw < 6) await pause(ms)
  if (draw === 6) return 503
  const status = await pass(body)
  return draw === 7 ? 503 : status
}

beforeAll(async () => {
  rehearsal = await rehearse({
    ...{ pace: 'demo', journal: true, env: SHORT_LEASE },
    repliesThrough: async (target) => {
      road = await openRoad(() => target, badly)
      return road.url
    },
  })
})
afterAll(async () => {
  await rehearsal?.close()
  await road?.close()
})

/** As when the server is restarted, or somebody pulls the cable. */
const endConnections = async (): Promise<void> => {
  const { db, close } = connect({ connectionString: rehearsal.databaseUrl ?? '', max: 1 })
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`.execute(db)
  await close()
  // It must get over that by itself.
  const until = performance.now() + ANSWERS_MS_MAX
  while (
    !(await fetch(`${rehearsal.url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (performance.now() > until) throw new Error('the gateway did not survive its connections')
    await pause(50)
  }
}

const killGateway = async () => {
  await rehearsal.kill()
  await pause(random(200))
  await rehearsal.start()
}

const killSimulator = async () => {
  const before = await rehearsal.books()
  await rehearsal.killSimulator()
  await pause(random(200))
  await rehearsal.startSimulator()
  const { documents } = await rehearsal.books()
  for (const [kind, { versions }] of Object.entries(before.documents))
    expect(documents[kind]?.versions, `${kind} is remembered`).toBeGreaterThanOrEqual(versions)
}

const blows = [killGateway, killSimulator, ...(server === undefined ? [] : [endConnections])]

describe(`blows of every kind for ${ROUNDS} rounds under load (seed ${SEED})`, () => {
  const acknowledged = new Set<string>()

  it(
    'leave nothing acknowledged undone',
    async () => {
      await rehearsal.start()
      const batches = makeBatches(rehearsal, { lists: LISTS, from: 0, perBatch: 6 })
      const loading = (async () => {
        for (const batch of batches) {
          for (const id of await handIn(rehearsal, batch)) acknowledged.add(id)
          await pause(random(120))
        }
      })()
      for (let round = 0; round < ROUNDS; round += 1) {
        await pause(100 + random(500))
        const blow = blows[round % blows.length]
        await blow?.()
      }
      await loading
      expect(acknowledged.size).toBe(LISTS * 4)
      await allReleased(rehearsal, LISTS, SETTLED_MS_MAX)
    },
    TEST_MS_MAX,
  )

  it('leave the simulator with the same books however it ends', async () => {
    const before = await rehearsal.books()
    const messages = await rehearsal.bookedMessages()
    await rehearsal.killSimulator()
    await rehearsal.startSimulator()
    expect(await rehearsal.books()).toEqual(before)
    expect(await rehearsal.bookedMessages()).toEqual(messages)
  })

  it('leave the same bytes on both sides, every document done, no work, and all replies folded', async () => {
    const { db, close } = await openWhenIdle(rehearsal)
    try {
      await expectAllDone(db, acknowledged)
      await expectSameBytes(db, rehearsal, LISTS)
      const replies = await db.selectFrom('reply').select(['state', 'hash']).execute()
      for (const { state, hash } of replies)
        expect(state).toBe(spoilt.has(Buffer.from(hash).toString('hex')) ? 'unreadable' : 'folded')
      expect(spoilt.size).toBeGreaterThan(0)
      expect(await workLeft(db)).toEqual([])
    } finally {
      await close()
    }
  })

  it('leave totals that are what customs released, to the fen', async () => {
    await rehearsal.start()
    await expectSameTotals(rehearsal)
  })
})
