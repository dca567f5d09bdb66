/** Unknown codes are counted exactly and boundedly; texts kept by an older program lose their words. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { UNKNOWN_CODES_MAX } from '../../src/kernel/limits.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations.gen.ts'
import { countUnknown, findUnknown } from '../../src/store/unknown-codes.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.db.deleteFrom('unknown_code').execute()
})

const NOW = new Date('2026-10-15T02:00:00Z')
const LATER = new Date('2026-10-16T02:00:00Z')
const REPLY = '00000000-0000-7000-8300-000000000001'
const OTHER = '00000000-0000-7000-8300-000000000002'

const seen = (code: string, replyId = REPLY) => ({
  kind: 'CEB621',
  sort: 'result' as const,
  code,
  replyId,
})

it('counts each sight, and remembers the first and the last', async () => {
  const { db } = database
  await countUnknown(db, [seen('2'), seen('1'), seen('2')], NOW)
  await countUnknown(db, [seen('2', OTHER)], LATER)
  await countUnknown(db, [], LATER)
  const one = { kind: 'CEB621', sort: 'result' }
  expect(await findUnknown(db)).toEqual([
    { ...one, code: '2', count: 3, firstSeen: NOW, lastSeen: LATER, replyId: OTHER },
    { ...one, code: '1', count: 1, firstSeen: NOW, lastSeen: NOW, replyId: REPLY },
  ])
})

it('counts beyond the bound together and goes on counting the known ones', async () => {
  const { db } = database
  const many = Array.from({ length: UNKNOWN_CODES_MAX + 20 }, (_, i) => seen(String(1000 + i)))
  await countUnknown(db, many, NOW)
  await countUnknown(db, [seen('999999'), seen('1000')], LATER)
  const rows = await findUnknown(db)
  expect(rows).toHaveLength(UNKNOWN_CODES_MAX + 1)
  const count = (code: string) => rows.find((row) => row.code === code)?.count
  expect([count('1000'), count('1001'), count('*'), count('999999')]).toEqual([2, 1, 21, undefined])
})

it('counts all that many writers see at once', async () => {
  const { db } = database
  const batch = ['3', '1', '2'].map((code) => seen(code))
  await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      countUnknown(db, i % 2 === 0 ? batch : [...batch].reverse(), NOW),
    ),
  )
  expect((await findUnknown(db)).map((row) => [row.code, row.count])).toEqual([
    ['1', 8],
    ['2', 8],
    ['3', 8],
  ])
})

it('what an older program kept in clear keeps its codes and loses its words', async () => {
  const { db } = database
  await sql`drop schema public cascade; create schema public`.execute(db)
  const texts = migrations.findIndex((each) => each.name === 'reply_texts')
  await migrate(db, migrations.slice(0, texts))
  const event = (key: string, status: string | null, info: string) =>
    sql`
    insert into event (lane, document_id, key, version, state, rank, at, return_status, info)
    values (3, ${REPLY}, ${key}, 1, 'x', 1, ${NOW}, ${status}, ${info})`.execute(db)
  await event('a', '100', '[Code:1300;Desc:收件人某某][Code:1320;Desc:某某]')
  await event('b', '800', '[Code:2600;Desc:放行]')
  await event('c', '100', '收件人某某')
  await event('d', null, 'refused')
  await sql`insert into unmatched_reply (lane, reply_id, position, kind, number, owner,
      return_status, return_time, info, created_at)
    values (3, ${REPLY}, 0, 'CEB621', 'N', '', '100', '', '[Code:1300;Desc:某某]', ${NOW})`.execute(
    db,
  )
  await sql`insert into reply (lane, id, hash, sealed, received_at, state, problem)
    values (3, ${REPLY}, '\\x00', '\\x00', ${NOW}, 'unmatched', 'DXP 1001 某某; 3002 2001 某某')`.execute(
    db,
  )
  await migrate(db)
  const kept = await sql<{ info: string | null; codes: string[] | null }>`
    select info, result_codes as codes from event order by key`.execute(db)
  expect(kept.rows).toEqual([
    { info: null, codes: ['1300', '1320'] },
    { info: '[Code:2600;Desc:放行]', codes: ['2600'] },
    { info: null, codes: null },
    { info: 'refused', codes: null },
  ])
  const unmatched = await sql`select info, result_codes as codes from unmatched_reply`.execute(db)
  expect(unmatched.rows).toEqual([{ info: null, codes: ['1300'] }])
  const replies = await sql`select problem from reply`.execute(db)
  expect(replies.rows).toEqual([{ problem: 'DXP 1001 3002' }])
  await expect(sql`update event set info = ''`.execute(db)).rejects.toThrow(/append-only/)
})
