/**
 * What suites that kill processes share: handing in until it is acknowledged, waiting until all is
 * settled, and what must hold then of the database, the books of the simulator and the totals.
 */
import { expect } from 'vitest'
import { kindFacts } from '../../src/flow/kinds.ts'
import { statusOf } from '../../src/flow/status.ts'
import type { Batch } from '../../src/run/bench/load.ts'
import type { Rehearsal } from '../../src/run/rehearsal.ts'
import { connect } from '../../src/store/connect.ts'
import type { Db } from '../../src/store/tables.ts'
import { hasWork } from '../../src/store/work.ts'
import { startTestEmbedded } from './database.ts'

export const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** Posts a batch until it is acknowledged, however often the gateway dies meanwhile; its ids. */
export const handIn = async (url: () => string, batch: Batch): Promise<readonly string[]> => {
  for (;;) {
    const answer = await fetch(`${url()}/api/v1/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${batch.key}`, 'content-type': 'application/json' },
      body: batch.body,
    }).catch(() => undefined)
    const body = await answer?.json().catch(() => undefined)
    if (answer?.status === 200) return body.results.map((result: { id: string }) => result.id)
    // 429 asks for patience: others hand in too.
    if (answer !== undefined && answer.status < 500 && answer.status !== 429)
      throw new Error(`refused: ${answer.status} ${JSON.stringify(body).slice(0, 500)}`)
    await pause(20)
  }
}

const SETTLED_MS_MAX = 120_000

/** Resolves when so many lists are released, counted, and nothing waits at the simulator. */
export const settled = async (rehearsal: Rehearsal, lists: number): Promise<void> => {
  const until = performance.now() + SETTLED_MS_MAX
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

/** The database of gateways that are stopped, or of a server. */
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

const IDLE_TRIES_MAX = 20

/** The same once the gateway has done all its work; it is stopped then. */
export const openWhenIdle = async (rehearsal: Rehearsal): ReturnType<typeof openDatabase> => {
  for (let tries = 1; ; tries += 1) {
    await rehearsal.stop()
    const opened = await openDatabase(rehearsal)
    if (tries === IDLE_TRIES_MAX || !(await hasWork(opened.db))) return opened
    await opened.close()
    await rehearsal.start()
    await pause(1_000)
  }
}

const eventsByDocument = async (db: Db) => {
  const rows = await db.selectFrom('event').selectAll().execute()
  const found = new Map<string, typeof rows>()
  for (const row of rows) found.set(row.document_id, [...(found.get(row.document_id) ?? []), row])
  return found
}

/** Every acknowledged document is there and done, its column equal to the fold of its events. */
export const expectAllDone = async (db: Db, acknowledged: ReadonlySet<string>): Promise<void> => {
  const states = await db.selectFrom('document_state').selectAll().execute()
  expect(new Set(states.map((row) => row.id))).toEqual(acknowledged)
  const events = await eventsByDocument(db)
  for (const row of states) {
    const own = events.get(row.id) ?? []
    const status = statusOf(own.map((event) => ({ ...event, returnTime: event.return_time })))
    expect(status?.state, row.id).toBe(row.state)
    const facts = kindFacts.find((item) => item.kind === row.kind)
    expect(facts?.done, row.kind).toContain(row.state)
    const told = own.filter((event) => event.return_status !== null)
    const once = new Set(told.map((event) => `${event.return_time} ${event.return_status}`))
    expect(once.size, 'a reply counts once').toBe(told.length)
  }
}

/** What the simulator saw under each id is what is kept, and no document came in two messages. */
export const expectSameBytes = async (db: Db, rehearsal: Rehearsal, lists: number) => {
  const books = await rehearsal.books()
  expect(books.messages).toMatchObject({ differentBytes: 0, invalidSignatures: 0, refused: 0 })
  for (const { taken, refused, versions } of Object.values(books.documents)) {
    expect(taken).toBe(lists)
    expect(versions, 'no document reaches customs in two messages').toBe(lists)
    expect(refused).toBe(0)
  }
  const kept = await db.selectFrom('message').select(['cop_msg_id', 'hash']).execute()
  const hashes = new Map(
    kept.map((row) => [row.cop_msg_id, Buffer.from(row.hash ?? []).toString('hex')]),
  )
  const seen = await rehearsal.bookedMessages()
  expect(seen.length).toBe(hashes.size)
  for (const { copMsgId, sha256 } of seen) expect(hashes.get(copMsgId), copMsgId).toBe(sha256)
}

/** What the gateway counts is what customs released, to the fen. */
export const expectSameTotals = async (rehearsal: Rehearsal, url = rehearsal.url) => {
  const { released } = await rehearsal.books()
  const answer = await fetch(`${url}/api/v1/totals?by=zone`)
  expect((await answer.json()).total).toEqual({ count: released.count, amount: released.amount })
}
