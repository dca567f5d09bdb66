/** Migrations: many starters at once, half-done ones, and a database newer than the program. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { generateMigrations } from '../../scripts/generate-migrations.ts'
import { connect } from '../../src/store/connect.ts'
import { migrate } from '../../src/store/migrate.ts'
import { type Migration, migrations } from '../../src/store/migrations.gen.ts'
import type { Db } from '../../src/store/tables.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const server = process.env.TEST_DATABASE_URL ?? ''
if (server === '')
  process.stdout.write(
    'Skipped: waiting for a table; the embedded database does one thing at a time\n',
  )

const step = (version: number, text: string, breaking = false): Migration => ({
  version,
  name: `step_${version}`,
  breaking,
  sql: text,
})

const waitsForLock = async (db: Db): Promise<boolean> => {
  const { rows } = await sql`select from pg_locks
    where not granted and relation = to_regclass('a')`.execute(db)
  return rows.length > 0
}

describe('migrate', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.close())
  beforeEach(async () => {
    await sql`drop schema public cascade; create schema public`.execute(database.db)
  })

  it('applies each migration exactly once when twenty starters begin together', async () => {
    const starters = Array.from({ length: 20 }, () => connect({ ...database.connection, max: 1 }))
    const answers = await Promise.all(starters.map((starter) => migrate(starter.db)))
    await Promise.all(starters.map((starter) => starter.close()))
    expect(answers.flatMap((answer) => answer.applied).sort()).toEqual(
      migrations.map((one) => `${String(one.version).padStart(6, '0')}_${one.name}`),
    )
    expect(await versions(database.db)).toEqual(migrations.map((one) => one.version))
    expect(await migrate(database.db)).toEqual({ applied: [] })
  })

  it('begins the feed of events behind what was written before there was one', async () => {
    const events = migrations.find(({ name }) => name === 'events')?.version ?? 0
    await migrate(
      database.db,
      migrations.filter(({ version }) => version < events),
    )
    await sql`select nextval('event_seq_seq') from generate_series(1, 3)`.execute(database.db)
    await migrate(database.db)
    const { rows } = await sql`
      select sealed::int, given::int, paged::int, forgotten::int from event_feed`.execute(
      database.db,
    )
    expect(rows).toEqual([{ sealed: 3, given: 3, paged: 3, forgotten: 3 }])
  })

  it('runs texts of many statements with function bodies', async () => {
    const body = `create table a (n integer);
      create function twice(n integer) returns integer language plpgsql as $$
        begin n := n * 2; return n; end $$;
      insert into a values (twice(21));`
    await migrate(database.db, [step(1, body)])
    const { rows } = await sql<{ n: number }>`select n from a`.execute(database.db)
    expect(rows).toEqual([{ n: 42 }])
  })

  it('is not ended by the time limit of statements', async () => {
    const hasty = connect({ ...database.connection, max: 1, statementTimeoutMs: 500 })
    const long = 'create table a (n integer); select pg_sleep(0.8)'
    const applied = await migrate(hasty.db, [step(1, long)])
    // The embedded database ends no statement.
    if (!database.embedded)
      await expect(sql`select pg_sleep(0.8)`.execute(hasty.db)).rejects.toThrow(/timeout/)
    await hasty.close()
    expect(applied).toEqual({ applied: ['000001_step_1'] })
  })

  it.skipIf(server === '')('lets whoever reads a table pass while it waits for it', async () => {
    await migrate(database.db, [step(1, 'create table a (n integer)')])
    const readers = [1, 2].map(() => connect({ ...database.connection, max: 1 }))
    const [slow, late] = readers
    if (slow === undefined || late === undefined) throw new Error('no readers')
    let waiting: Promise<unknown> = Promise.resolve()
    await slow.db.transaction().execute(async (trx) => {
      await sql`select * from a`.execute(trx)
      const steps = [step(1, ''), step(2, 'alter table a add column m integer')]
      waiting = migrate(database.db, steps)
      await expect.poll(() => waitsForLock(database.db)).toBe(true)
      // Would wait for the migration, and so for `slow`, if that did not stand back.
      await sql`select * from a`.execute(late.db)
    })
    expect(await waiting).toEqual({ applied: ['000002_step_2'] })
    await Promise.all(readers.map((reader) => reader.close()))
  })

  it('leaves nothing of a migration that fails, and goes on from there once it is mended', async () => {
    const first = step(1, 'create table a (n integer)')
    const broken = step(2, 'create table b (n integer); insert into nowhere values (1)')
    await expect(migrate(database.db, [first, broken])).rejects.toThrow(/nowhere/)
    expect(await versions(database.db)).toEqual([1])
    const mended = step(2, 'create table b (n integer)')
    expect(await migrate(database.db, [first, mended])).toEqual({ applied: ['000002_step_2'] })
  })

  it('refuses a database with a breaking migration it does not know, and names it', async () => {
    const known = [step(1, 'create table a (n integer)')]
    await migrate(database.db, [...known, step(2, 'alter table a rename n to m', true)])
    await expect(migrate(database.db, known)).rejects.toThrow(/000002_step_2/)
  })

  it('runs beside a newer program whose migrations only add', async () => {
    const known = [step(1, 'create table a (n integer)')]
    await migrate(database.db, [...known, step(2, 'create table b (n integer)')])
    expect(await migrate(database.db, known)).toEqual({ applied: [] })
  })
})

describe('the compiled module', () => {
  const generate = async (files: Record<string, string>) => {
    const folder = mkdtempSync(join(tmpdir(), 'yuguan-migrations-'))
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      return (await generateMigrations(folder)).get('src/store/migrations.gen.ts') ?? ''
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  it('refuses a gap, a number taken twice, a wrong name and an early end', async () => {
    const ok = { '000001_a.sql': 'select 1;' }
    await expect(generate({ ...ok, '000003_c.sql': 'select 1;' })).rejects.toThrow(/number 2/)
    await expect(generate({ ...ok, '000001_b.sql': 'select 1;' })).rejects.toThrow(/twice/)
    await expect(generate({ ...ok, '2_b.sql': 'select 1;' })).rejects.toThrow(/named/)
    await expect(generate({ '000001_a.sql': 'select 1;\nCOMMIT;' })).rejects.toThrow(/transaction/)
    await expect(generate({ '000001_a.sql': '\n' })).rejects.toThrow(/empty/)
  })

  it('keeps every character of the text and reads the mark of a breaking one', async () => {
    const text = "-- breaking: renames\nselect E'\\n`${'"
    const module = await generate({ '000001_a.sql': text })
    expect(module).toContain('breaking: true')
    expect(module).toContain("-- breaking: renames\nselect E'\\\\n\\`\\${'")
  })
})

const versions = async (db: Db): Promise<number[]> => {
  const { rows } = await sql<{ version: number }>`
    select version from schema_version order by version`.execute(db)
  return rows.map((row) => row.version)
}
