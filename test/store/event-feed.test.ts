/**
 * The feed behind its writers: an event is never told before one with a smaller number that is still to
 * be committed, and in the end everything is told once and in order.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { followEvents, latestEvent } from '../../src/flow/events.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { laneOfId } from '../../src/kernel/ids.ts'
import { connect } from '../../src/store/connect.ts'
import { findEntries, findFedEvents, findFeedEnds, pageEvents } from '../../src/store/event-feed.ts'
import type { Db } from '../../src/store/tables.ts'
import { insertWebhook } from '../../src/store/webhooks.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const SENDER = 'synthetic'
const WRITERS = 6
const WRITES = 40
const READS = 200

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db
    .insertInto('enterprise')
    .values({
      id: SENDER,
      name: '合成企业',
      customs_code: '5000000001',
      credit_code: null,
      roles: [],
      dxp_id: null,
    })
    .execute()
})
afterAll(() => database.close())

const newDocument = async (db: Db): Promise<string> => {
  const id = randomUUID()
  await sql`
    insert into document_state (lane, id, kind, sender_id, number, owner, created_at, version, guid,
      app_time, state, return_time, rank, updated_at)
    values (${laneOfId(id)}, ${id}, 'CEB311', ${SENDER}, ${id}, '', now(), 1, ${id}, '', 'ready', '', 2,
      now())`.execute(db)
  return id
}

const write = (db: Db, id: string, version: number, at = new Date()) =>
  sql`
    insert into event (lane, document_id, key, version, state, rank, at)
    values (${laneOfId(id)}, ${id}, ${`taken:${version}`}, ${version}, 'ready', 2, ${at})`.execute(
    db,
  )

/** Numbers of what can be read behind a cursor, and the cursor behind it. */
const read = async (db: Db, after: string) => {
  await followEvents({ db, clock: systemClock })
  const { paged } = await findFeedEnds(db)
  const { entries, end } = await findEntries(db, [SENDER], { after, upto: paged }, 1_000)
  const ids = [...new Set(entries.map(({ id }) => id))]
  const events = await findFedEvents(db, ids, { after, upto: end, kinds: null })
  return { seqs: events.map(({ seq }) => Number(seq)), next: end }
}

describe('the feed', () => {
  it('waits for an event that was given its number and is not committed yet', async (context) => {
    context.skip(database.embedded, 'one transaction at a time: there is nothing to wait for')
    const { db, close } = connect({ ...database.connection, max: 4 })
    try {
      const [slow, quick] = [await newDocument(db), await newDocument(db)]
      const { next } = await read(db, '0')
      const trx = await db.startTransaction().execute()
      await write(trx, slow, 1)
      await write(db, quick, 1)
      for (let look = 0; look < 3; look += 1)
        expect(await read(db, next)).toEqual({ seqs: [], next })
      await trx.commit().execute()
      const first = await read(db, next)
      const second = await read(db, first.next)
      const told = [...first.seqs, ...second.seqs]
      expect(told).toHaveLength(2)
      expect(told).toEqual([...told].sort((a, b) => a - b))
    } finally {
      await close()
    }
  })

  it('has what is being written behind its latest cursor, and behind a new web hook', async (context) => {
    context.skip(database.embedded, 'one transaction at a time: there is nothing to wait for')
    const { db, close } = connect({ ...database.connection, max: 4 })
    try {
      const [slow, quick] = [await newDocument(db), await newDocument(db)]
      const trx = await db.startTransaction().execute()
      await write(trx, slow, 1)
      await write(db, quick, 1)
      const deps = { db, clock: systemClock }
      const latest = await latestEvent(deps)
      const id = randomUUID()
      const made = { id, enterpriseId: SENDER, url: 'https://far.example/', description: '' }
      const wanted = { ...made, kinds: null, groups: null, sealedSecret: new Uint8Array(1) }
      await db.transaction().execute((each) => insertWebhook(each, wanted, 1, new Date()))
      await trx.commit().execute()
      const hook = await sql<{ taken: string }>`
        delete from webhook where id = ${id}::uuid returning taken`.execute(db)
      for (const cursor of [latest, hook.rows[0]?.taken ?? '']) {
        const first = await read(db, cursor)
        const second = await read(db, first.next)
        expect([...first.seqs, ...second.seqs]).toHaveLength(2)
      }
    } finally {
      await close()
    }
  })

  it('passes over what is too old where much is waiting', async () => {
    const { db } = database
    const { next } = await read(db, '0')
    const [old, fresh] = [await newDocument(db), await newDocument(db)]
    for (let version = 1; version <= 40; version += 1)
      await write(db, old, version, new Date('2020-01-01'))
    for (let version = 1; version <= 8; version += 1) await write(db, fresh, version)
    const page = () => db.transaction().execute((trx) => pageEvents(trx, 8, new Date('2021-01-01')))
    const left = await page()
    expect(left).toBeGreaterThanOrEqual(8)
    expect(left).toBeLessThanOrEqual(16)
    const ends = await findFeedEnds(db)
    expect(Number(ends.forgotten)).toBeGreaterThanOrEqual(Number(next) + 32)
    const { seqs } = await read(db, ends.forgotten)
    expect(seqs.slice(-8)).toHaveLength(8)
    expect(seqs.length).toBeLessThanOrEqual(16)
    // Nothing is passed over that is not too old.
    for (let version = 9; version <= 40; version += 1) await write(db, fresh, version)
    expect(await page()).toBe(32)
    expect((await findFeedEnds(db)).forgotten).toBe(ends.forgotten)
    expect((await read(db, seqs.at(-1)?.toString() ?? '')).seqs).toHaveLength(32)
  })

  it('leaves nothing out and tells nothing twice while many write', async () => {
    const { db, close } = connect({
      ...database.connection,
      max: database.embedded ? 1 : WRITERS + 2,
    })
    try {
      const start = (await read(db, '0')).next
      let isWriting = true
      const keepWriting = async () => {
        for (let n = 0; n < WRITES; n += 1) {
          const [a, b] = [await newDocument(db), await newDocument(db)]
          await db.transaction().execute(async (trx) => {
            await write(trx, a, 1)
            await write(trx, b, 1)
            // Some are given numbers and never come.
            if (n % 7 === 6) await sql`select nextval('event_seq_seq')`.execute(trx)
          })
        }
      }
      const told: number[] = []
      const follow = async () => {
        let next = start
        for (let n = 0; n < READS || isWriting; n += 1) {
          const page = await read(db, next)
          told.push(...page.seqs)
          next = page.next
        }
        for (let n = 0; n < 3; n += 1) {
          const page = await read(db, next)
          told.push(...page.seqs)
          next = page.next
        }
      }
      const writers = Promise.all(Array.from({ length: WRITERS }, keepWriting)).then(() => {
        isWriting = false
      })
      await Promise.all([writers, follow()])
      expect(told).toHaveLength(WRITERS * WRITES * 2)
      expect(told).toEqual([...told].sort((a, b) => a - b))
      expect(new Set(told).size).toBe(told.length)
    } finally {
      await close()
    }
  })
})
