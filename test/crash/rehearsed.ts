/** What tests share that break processes under load: handing in whatever happens, and looking after. */
import type { Batch } from '../../src/run/bench/load.ts'
import type { Rehearsal } from '../../src/run/rehearsal.ts'
import { connect } from '../../src/store/connect.ts'
import type { Db } from '../../src/store/tables.ts'
import { startTestEmbedded } from '../support/database.ts'

/** Mulberry32: small, seeded, and good enough to choose moments. */
export const randomOf = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Posts a batch until it is acknowledged, however often the gateway dies meanwhile. */
export const handIn = async (rehearsal: Rehearsal, batch: Batch): Promise<readonly string[]> => {
  for (;;) {
    const answer = await fetch(`${rehearsal.url}/api/v1/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${batch.key}`, 'content-type': 'application/json' },
      body: batch.body,
    }).catch(() => undefined)
    const body = await answer?.json().catch(() => undefined)
    if (answer?.status === 200) return body.results.map((result: { id: string }) => result.id)
    if (answer !== undefined && answer.status < 500)
      throw new Error(`refused: ${answer.status} ${JSON.stringify(body).slice(0, 500)}`)
    await pause(20)
  }
}

/** Until customs released so many lists, all of them count, and no reply is on its way any more. */
export const allReleased = async (
  rehearsal: Rehearsal,
  lists: number,
  msMax: number,
): Promise<void> => {
  const until = performance.now() + msMax
  for (;;) {
    const { released, replies, replyMessages } = await rehearsal.books()
    const answer = await fetch(`${rehearsal.url}/api/v1/totals?by=direction`)
    const { total } = await answer.json()
    const quiet = replies.waiting === 0 && replyMessages.waiting === 0
    if (released.count === lists && total.count === lists && quiet) return
    if (performance.now() > until)
      throw new Error(`released ${released.count}, counted ${total.count} of ${lists}`)
    await pause(100)
  }
}

/** The database of a gateway that does not run, for a test that looks into it. */
export const openDatabase = async (
  rehearsal: Rehearsal,
): Promise<{ db: Db; close: () => Promise<void> }> => {
  if (rehearsal.databaseUrl !== undefined)
    return connect({ connectionString: rehearsal.databaseUrl, max: 2 })
  const embedded = await startTestEmbedded(rehearsal.dataDir)
  const { db, close } = connect({ ...embedded.address, max: 2 })
  return {
    db,
    close: async () => {
      await close()
      await embedded.close()
    },
  }
}

/** In the order in which they came. */
export const eventsByDocument = async (db: Db) => {
  const rows = await db.selectFrom('event').selectAll().execute()
  const found = new Map<string, typeof rows>()
  for (const row of rows) found.set(row.document_id, [...(found.get(row.document_id) ?? []), row])
  return found
}
