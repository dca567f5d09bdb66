/**
 * Gateway and simulated customs as processes with nothing between them but a pair of folders, each
 * killed with SIGKILL under load: nothing acknowledged is lost, nothing goes out with other bytes,
 * and no file stays behind, read or half written.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeBatches, postBatches } from '../../src/run/bench/load.ts'
import type { Rehearsal } from '../../src/run/rehearsal.ts'
import { pause, rehearse, SHORT_LEASE } from './rehearsed.ts'

const LISTS = 40
/** Files of a reader that was killed go back after a minute. */
const TEST_MS_MAX = 400_000

let rehearsal: Rehearsal
beforeAll(async () => {
  rehearsal = await rehearse({
    ...{ pace: 'instant', folders: true, journal: true, env: SHORT_LEASE },
  })
})
afterAll(() => rehearsal?.close())

const envelopesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(rehearsal.dataDir, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.xml'))
    .map(({ name }) => name)

describe('processes over folders', () => {
  it(
    'have every list released in the end, though both sides are killed',
    async () => {
      await rehearsal.start()
      const batches = makeBatches(rehearsal, { lists: LISTS, from: 0, perBatch: 5 })
      await postBatches(rehearsal.url, batches, 2)
      for (let kill = 0; kill < 2; kill += 1) {
        await pause(1_500)
        await rehearsal.kill()
        await rehearsal.killSimulator()
        await rehearsal.startSimulator()
        await rehearsal.start()
      }
      for (;;) {
        const { released } = await rehearsal.books()
        const answer = await fetch(`${rehearsal.url}/api/v1/totals?by=direction`)
        const { total } = await answer.json()
        const left = [...(await envelopesIn('to-customs')), ...(await envelopesIn('from-customs'))]
        if (released.count === LISTS && total.count === LISTS && left.length === 0) break
        await pause(200)
      }
      const { messages, documents } = await rehearsal.books()
      expect(messages).toMatchObject({ differentBytes: 0, invalidSignatures: 0, refused: 0 })
      for (const { taken, refused } of Object.values(documents))
        expect({ taken, refused }).toEqual({ taken: LISTS, refused: 0 })
    },
    TEST_MS_MAX,
  )
})
