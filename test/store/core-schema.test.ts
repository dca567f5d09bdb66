/** What the schema itself guarantees: events stay, and work goes to one claimer, in order, when due. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { consignmentOf, declarations, listOf } from '../../src/catalogue/index.ts'
import { allStates, groupOf } from '../../src/catalogue/statuses.ts'
import { seededIds } from '../../src/kernel/ids.ts'
import { LANE_COUNT } from '../../src/kernel/lane.ts'
import type { Db } from '../../src/store/tables.ts'
import { addWork, claimWork, finishWork, leaseWork, type WorkItem } from '../../src/store/work.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.db.deleteFrom('work').execute()
})

const NOW = new Date('2024-06-18T00:00:00Z')
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const subjects = (items: readonly WorkItem[]) => items.map((item) => item.subject)

const fill = (count: number, runAt = NOW) =>
  addWork(
    database.db,
    Array.from({ length: count }, (_, index) => ({
      lane: index % LANE_COUNT,
      stage: 'compose' as const,
      subject: String(index),
    })),
    runAt,
  )

it('refuses to change or delete an event', async () => {
  const { db } = database
  await db
    .insertInto('event')
    .values({
      lane: 3,
      document_id: '00000000-0000-7000-8300-000000000000',
      key: 'taken',
      version: 1,
      state: 'waiting',
      rank: 1,
      at: NOW,
      return_time: '',
      return_status: null,
      info: null,
      message_id: null,
      reply_id: null,
    })
    .execute()
  await expect(db.updateTable('event').set({ info: 'x' }).execute()).rejects.toThrow(/append-only/)
  await expect(db.deleteFrom('event').execute()).rejects.toThrow(/append-only/)
  const { rows } = await sql`select info from event`.execute(db)
  expect(rows).toEqual([{ info: null }])
})

it('marks what is not done, for each kind in each state', async () => {
  const { db } = database
  const ids = seededIds('unfinished')
  const consigned = new Set([listOf('import'), listOf('export')].flatMap(consignmentOf))
  const pairs = declarations.flatMap((entry) => allStates.map((state) => ({ entry, state })))
  await db
    .insertInto('document_state')
    .values(
      pairs.map(({ entry, state }) => ({
        ...{ lane: 7, id: ids.next(7), kind: entry.code, sender_id: 'synthetic', number: state },
        ...{ owner: '', order_no: null, zone: null, created_at: NOW, version: 1, guid: state },
        ...{ app_time: '', state: 'ready' as const, return_time: '', rank: 0, updated_at: NOW },
        ...{ return_status: null, message_id: null, prior_message_id: null },
        ...{ counted_version: null, counted_month: null },
        ...{ declared_version: null, declared_month: null },
      })),
    )
    .execute()
  await sql`update document_state set state = number`.execute(db)
  const found = await db
    .selectFrom('document_state')
    .select(['kind', 'state', 'unfinished'])
    .execute()
  const marks = new Map(found.map((row) => [`${row.kind}/${row.state}`, row.unfinished ?? 'done']))
  for (const { entry, state } of pairs) {
    const group = groupOf(entry, state)
    const mark = marks.get(`${entry.code}/${state}`)
    // What a kind that came after the column is done by may be among what is gone through.
    if (mark !== 'under-way' || consigned.has(entry)) expect(mark).toBe(group)
    else expect(['under-way', 'done']).toContain(group)
  }
})

it('gives every row to exactly one of many claimers at once', async () => {
  await fill(1000)
  const claimer = async (first: number): Promise<string[]> => {
    const mine: string[] = []
    for (;;) {
      const claimed = await database.db
        .transaction()
        .execute((trx) => claimWork(trx, { stage: 'compose', limit: 37, first, now: NOW }))
      if (claimed.length === 0) return mine
      mine.push(...subjects(claimed))
    }
  }
  const taken = (await Promise.all([0, 0, 16, 32, 48].map(claimer))).flat()
  expect(taken).toHaveLength(1000)
  expect(new Set(taken).size).toBe(1000)
})

it('puts rows back when the claimer breaks off', async () => {
  await fill(10)
  const broken = database.db.transaction().execute(async (trx) => {
    await claimWork(trx, { stage: 'compose', limit: 10, first: 0, now: NOW })
    throw new Error('broken off')
  })
  await expect(broken).rejects.toThrow('broken off')
  const again = await claimAll(database.db)
  expect(again).toHaveLength(10)
})

it('keeps the order of arrival within a lane', async () => {
  await fill(LANE_COUNT * 5)
  const claimed = await claimAll(database.db)
  for (let lane = 0; lane < LANE_COUNT; lane += 1) {
    const numbers = claimed.filter((item) => item.lane === lane).map((item) => Number(item.id))
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
  }
})

it('begins with the lane it is told and comes round to all others', async () => {
  await fill(LANE_COUNT)
  const claim = { stage: 'compose' as const, limit: LANE_COUNT, first: 60, now: NOW }
  const lanes = (await claimWork(database.db, claim)).map((item) => item.lane)
  expect(lanes).toEqual(Array.from({ length: LANE_COUNT }, (_, i) => (60 + i) % LANE_COUNT))
})

it('lets rows wait until they are due, and leaves other stages alone', async () => {
  await fill(3, later(60))
  await addWork(database.db, [{ lane: 1, stage: 'match', subject: 'other' }], NOW)
  expect(await claimAll(database.db)).toEqual([])
  expect(subjects(await claimAll(database.db, later(60)))).toEqual(['0', '1', '2'])
})

it('leases a row once until the lease ends, then again with one more attempt', async () => {
  await fill(1)
  const lease = (now: Date) =>
    leaseWork(database.db, {
      stage: 'compose',
      limit: 5,
      first: 0,
      now,
      until: new Date(now.getTime() + 30_000),
    })
  const [first] = await lease(NOW)
  expect(first?.attempts).toBe(1)
  expect(await lease(later(29))).toEqual([])
  const second = await lease(later(30))
  expect(second[0]?.attempts).toBe(2)
  await finishWork(database.db, 'compose', second)
  expect(await lease(later(600))).toEqual([])
})

const claimAll = (db: Db, now = NOW) =>
  claimWork(db, { stage: 'compose', limit: 10_000, first: 0, now })
