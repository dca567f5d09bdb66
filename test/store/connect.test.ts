/** What comes out of the database for each type, and what goes in. */
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../src/store/connect.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

it('keeps as text what floating point or a time zone would spoil', async () => {
  const { rows } = await sql`select
    9007199254740993::int8 as big, array[9007199254740993, null]::int8[] as bigs,
    '123456789012345678.12345'::numeric as money,
    array['0.10000', null]::numeric[] as moneys, array[]::numeric[] as none,
    '2024-02-29'::date as day, array['2024-02-29']::date[] as days,
    1.5::float8 as lat, 7::int2 as lane`.execute(database.db)
  expect(rows[0]).toEqual({
    big: '9007199254740993',
    bigs: ['9007199254740993', null],
    money: '123456789012345678.12345',
    moneys: ['0.10000', null],
    none: [],
    day: '2024-02-29',
    days: ['2024-02-29'],
    lat: 1.5,
    lane: 7,
  })
})

it('gives moments as dates, bytes as bytes and JSON as values', async () => {
  const at = new Date('2024-06-18T00:00:00.123Z')
  const bytes = Uint8Array.from([0, 255, 92])
  const { rows } = await sql`select ${at}::timestamptz as at, ${bytes}::bytea as bytes,
    ${[bytes]}::bytea[] as many, ${JSON.stringify([{ a: '0012' }])}::jsonb as json
  `.execute(database.db)
  expect(rows[0]).toEqual({
    at,
    bytes: Buffer.from(bytes),
    many: [Buffer.from(bytes)],
    json: [{ a: '0012' }],
  })
})

it('leaves the parsers of the driver as they were', () => {
  expect(pg.types.getTypeParser(1082)('2024-02-29')).toBeInstanceOf(Date)
})

it('fails the statement and not the process when nobody answers', async () => {
  const nobody = connect({ connectionString: 'postgres://postgres@127.0.0.1:1/none' })
  await expect(sql`select 1`.execute(nobody.db)).rejects.toThrow(/ECONNREFUSED/)
  await nobody.close()
})
