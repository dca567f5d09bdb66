/** How much work waits where: counted by stage and queue, bounded, with the birth of the oldest. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { LANE_COUNT } from '../../src/kernel/lane.ts'
import { QUEUE_COUNT_MAX } from '../../src/kernel/limits.ts'
import { insertMessages } from '../../src/store/messages.ts'
import { queueDepths } from '../../src/store/queues.ts'
import { addWork, leaseWork } from '../../src/store/work.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const NOW = new Date('2026-10-15T02:00:00.000Z')
const before = (seconds: number): Date => new Date(NOW.getTime() - seconds * 1000)
const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000)

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await sql`truncate work`.execute(database.db)
})

it('counts each stage and queue over all lanes, and what of it is due', async () => {
  const { db } = database
  expect(await queueDepths(db, NOW)).toEqual([])
  const match = [3, 9, 63].map((lane) => ({ lane, stage: 'match' as const, subject: `NO-${lane}` }))
  await addWork(db, match, before(5))
  await addWork(db, [{ lane: 0, stage: 'match', subject: 'NO-0' }], after(60))
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()]
  await addWork(db, [{ lane: 7, stage: 'dispatch', queue: 'http', subject: one }], before(1))
  await addWork(db, [{ lane: 8, stage: 'dispatch', queue: 'amqp', subject: two }], after(1))
  expect(await queueDepths(db, NOW)).toEqual([
    { stage: 'dispatch', queue: 'amqp', depth: 1, due: 0, isBounded: false, since: after(1) },
    { stage: 'dispatch', queue: 'http', depth: 1, due: 1, isBounded: false, since: before(1) },
    { stage: 'match', queue: '', depth: 4, due: 3, isBounded: false, since: before(5) },
  ])
})

it('tells since when the oldest message waits, however often its sending was put off', async () => {
  const { db } = database
  const message = {
    ...{ lane: 5, id: crypto.randomUUID(), kind: 'CEB621', senderId: 'E1', copMsgId: 'M-1' },
    ...{ senderDxpId: 'DXP-A', receiverDxpIds: ['DXP-B'], documents: [] },
    ...{ sealed: new Uint8Array(1), hash: new Uint8Array(32) },
  }
  await insertMessages(db, [message], before(900))
  const work = { lane: 5, stage: 'dispatch' as const, queue: 'http', subject: message.id }
  await addWork(db, [work], before(900))
  const claim = { stage: 'dispatch' as const, queue: 'http', limit: 1, first: 0, now: NOW }
  expect(await leaseWork(db, { ...claim, until: after(30) })).toHaveLength(1)
  expect(await queueDepths(db, NOW)).toEqual([
    { stage: 'dispatch', queue: 'http', depth: 1, due: 0, isBounded: false, since: before(900) },
  ])
})

it('stops counting a queue at its bound and says so', async () => {
  const { db } = database
  await sql`insert into work (lane, stage, subject, run_at)
    select n % ${LANE_COUNT}, 'match', 'NO-' || n, ${before(1)}
    from generate_series(0, ${QUEUE_COUNT_MAX + 5_000}) n`.execute(db)
  const [match] = await queueDepths(db, NOW)
  expect(match).toMatchObject({ depth: QUEUE_COUNT_MAX, due: QUEUE_COUNT_MAX, isBounded: true })
})
