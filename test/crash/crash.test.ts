/**
 * The gateway killed with SIGKILL twelve times at random moments under load, with the simulated
 * customs office beside it in a process of its own: nothing acknowledged is lost, nothing goes out
 * with other bytes, nothing counts twice. A failure prints its seed; SEED repeats it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBatches } from '../../src/run/bench/load.ts'
import type { Rehearsal } from '../../src/run/rehearsal.ts'
import {
  allReleased,
  expectAllDone,
  expectOneMessageEach,
  expectSameBooks,
  expectSameQuotas,
  expectSameTotals,
  handIn,
  keepBooks,
  openDatabase,
  pause,
  randomOf,
  rehearse,
  SETTLED_MS_MAX,
  SHORT_LEASE,
  workLeft,
} from './rehearsed.ts'

const KILLS = 12
const LISTS = 240
const SEED = Number(process.env.SEED ?? 20261122)
/** Twelve starts of a process, each with recovery of its database, on a busy machine. */
const TEST_MS_MAX = 600_000

let rehearsal: Rehearsal

beforeAll(async () => {
  rehearsal = await rehearse({
    pace: 'demo',
    env: SHORT_LEASE,
  })
})
afterAll(() => rehearsal?.close())

describe(`killed ${KILLS} times under load (seed ${SEED})`, () => {
  const acknowledged = new Set<string>()

  it(
    'acknowledges every document and has every list released in the end',
    async () => {
      const random = randomOf(SEED)
      await keepBooks(rehearsal)
      await rehearsal.start()
      const batches = makeBatches(rehearsal, { lists: LISTS, from: 0, perBatch: 10 })
      const loading = (async () => {
        for (const batch of batches) {
          for (const id of await handIn(rehearsal, batch)) acknowledged.add(id)
          // Spread over the kills, so that each of them meets work in every stage.
          await pause(20 + random() * 60)
        }
      })()
      for (let kill = 0; kill < KILLS; kill += 1) {
        await pause(50 + random() * 700)
        await rehearsal.kill()
        await rehearsal.start()
      }
      await loading
      expect(acknowledged.size).toBe(LISTS * 4)
      await allReleased(rehearsal, LISTS, SETTLED_MS_MAX)
    },
    TEST_MS_MAX,
  )

  it('leaves every acknowledged document done, its column equal to the fold of its events', async () => {
    await rehearsal.stop()
    const { db, close } = await openDatabase(rehearsal)
    try {
      await expectAllDone(db, acknowledged)
      const replies = await db.selectFrom('reply').select('state').execute()
      expect(new Set(replies.map((row) => row.state))).toEqual(new Set(['folded']))
      expect(await workLeft(db)).toEqual([])
      await expectSameBooks(db)
      await expectSameQuotas(db)
    } finally {
      await close()
    }
  })

  it('sent every message with the same bytes, however often', async () => {
    await expectOneMessageEach(rehearsal, LISTS)
  })

  it('counts what customs released, to the fen', async () => {
    await rehearsal.start()
    await expectSameTotals(rehearsal)
  })
})
