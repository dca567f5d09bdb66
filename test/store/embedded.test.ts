/** The embedded database behind its socket: several clients, transactions, departures, chores. */
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect } from '../../src/store/connect.ts'
import type { Embedded } from '../../src/store/embedded.ts'
import { openSharedDatabase } from '../../src/store/embedded-database.ts'
import { embeddedFolder, startTestEmbedded } from '../support/database.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'yuguan-embedded-'))
let embedded: Embedded
beforeAll(async () => {
  embedded = await startTestEmbedded(dataDir)
  const { db, close } = connect(embedded.address)
  await sql`create table counter (name text primary key, n integer not null)`.execute(db)
  await close()
})
afterAll(async () => {
  await embedded.close()
  rmSync(dataDir, { recursive: true })
})

const client = async (): Promise<pg.Client> => {
  const made = new pg.Client(embedded.address)
  await made.connect()
  return made
}

describe('several clients', () => {
  it('lets no client into another one’s transaction, and makes it wait its turn', async () => {
    const [first, second] = await Promise.all([client(), client()])
    const story: string[] = []
    await first.query('begin')
    await first.query("insert into counter values ('turn', 1)")
    const waiting = (async () => {
      await second.query('begin')
      story.push('second begins')
      const { rows } = await second.query("select n from counter where name = 'turn'")
      await second.query('commit')
      return rows
    })()
    for (let look = 0; look < 20; look += 1) {
      await first.query('update counter set n = n + 1 where name = $1', ['turn'])
      story.push('first works')
    }
    await first.query('commit')
    expect(await waiting).toEqual([{ n: 21 }])
    expect(story).toEqual([...Array<string>(20).fill('first works'), 'second begins'])
    await Promise.all([first.end(), second.end()])
  })

  it('keeps a rolled-back transaction of one out of the sight of the other', async () => {
    const [first, second] = await Promise.all([client(), client()])
    await first.query('begin')
    await first.query("insert into counter values ('gone', 1)")
    const seen = second.query("select count(*)::int as count from counter where name = 'gone'")
    await first.query('rollback')
    expect((await seen).rows).toEqual([{ count: 0 }])
    await Promise.all([first.end(), second.end()])
  })

  it('answers each statement with its own parameters, large ones crossing', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, client))
    // Longer than what a socket holds, so that messages of others come in between.
    const padding = 'x'.repeat(1_500_000)
    const wrong: string[] = []
    await Promise.all(
      clients.map(async (one, name) => {
        for (let step = 0; step < 8; step += 1) {
          // The texts differ, so that a swapped statement would show in the columns too.
          const { rows } = await one.query(`select left($1, 9) as c${name}, $2::text as pad`, [
            `${name}.${step}`,
            padding,
          ])
          if (rows[0]?.[`c${name}`] !== `${name}.${step}`) wrong.push(`${name}.${step}`)
        }
      }),
    )
    expect(wrong).toEqual([])
    await Promise.all(clients.map((one) => one.end()))
  })

  it('counts right when forty transactions of one pool read and write the same row', async () => {
    const { db, close } = connect({ ...embedded.address, max: 4 })
    await sql`insert into counter values ('shared', 0)`.execute(db)
    await Promise.all(
      Array.from({ length: 40 }, () =>
        db.transaction().execute(async (trx) => {
          const { rows } = await sql<{ n: number }>`
            select n from counter where name = 'shared'`.execute(trx)
          await sql`update counter set n = ${(rows[0]?.n ?? 0) + 1} where name = 'shared'`.execute(
            trx,
          )
        }),
      ),
    )
    const { rows } = await sql`select n from counter where name = 'shared'`.execute(db)
    expect(rows).toEqual([{ n: 40 }])
    await close()
  })

  it('goes on for one after the other’s statement failed in a transaction', async () => {
    const [first, second] = await Promise.all([client(), client()])
    await first.query('begin')
    await expect(first.query('select * from $1', ['x'])).rejects.toThrow(/syntax/)
    const waiting = second.query('select 1 as one')
    await expect(first.query('select 1')).rejects.toThrow(/aborted/)
    await first.query('rollback')
    expect((await waiting).rows).toEqual([{ one: 1 }])
    await Promise.all([first.end(), second.end()])
  })
})

describe('a client that leaves', () => {
  it('in a transaction has it rolled back, and the next is served', async () => {
    const [first, second] = await Promise.all([client(), client()])
    first.on('error', () => undefined)
    await first.query('begin')
    await first.query("insert into counter values ('left', 1)")
    const waiting = second.query("select count(*)::int as count from counter where name = 'left'")
    socketOf(first).destroy()
    expect((await waiting).rows).toEqual([{ count: 0 }])
    await second.end()
  })

  it('between Parse and Sync stops nobody', async () => {
    for (const bytes of [message('P', '\0select 1\0\0\0'), message('P', '\0nonsense\0\0\0')]) {
      const raw = await rawConnection()
      raw.write(bytes)
      await once(raw, 'data')
      raw.destroy()
      const next = await client()
      expect((await next.query('select $1::int as n', [1])).rows).toEqual([{ n: 1 }])
      await next.end()
    }
  })

  it('or speaks another protocol, or wants to copy data in, is told so and stops nobody', async () => {
    const rubbish = await rawConnection()
    rubbish.write(message('?', 'rubbish'))
    const [answer] = await once(rubbish, 'data')
    expect(String(answer)).toContain('not a message of the protocol')
    rubbish.destroy()
    const next = await client()
    await expect(next.query('copy counter (name, n) from stdin')).rejects.toThrow(/COPY/)
    expect((await next.query('select 1 as n')).rows).toEqual([{ n: 1 }])
    await next.end()
  })
})

describe('the folder', () => {
  it('is refused to a second start while it is in use', async () => {
    await expect(startTestEmbedded(dataDir)).rejects.toThrow(`process ${process.pid}`)
  })

  it('lets nobody but its owner connect', () => {
    expect(statSync(join(dataDir, '.s.PGSQL.5432')).mode & 0o077).toBe(0)
  })

  it('is served again after a close, on a loopback port too, and by its URL', async () => {
    await embedded.close()
    embedded = await startTestEmbedded(dataDir, 0)
    expect(embedded.connectionString).toMatch(/^postgres:\/\/postgres@127\.0\.0\.1:\d+\/postgres$/)
    await readBack(embedded.connectionString)
    await embedded.close()
    embedded = await startTestEmbedded(dataDir)
    await readBack(embedded.connectionString)
  })

  it('falls back to a loopback port when its path is too long for a socket', async () => {
    const folder = await embeddedFolder()
    const long = join(folder, 'a'.repeat(60), 'b'.repeat(60))
    cpSync(join(folder, 'db'), join(long, 'db'), { recursive: true })
    const other = await startTestEmbedded(long)
    expect(other.connectionString).toContain('127.0.0.1')
    await other.close()
    rmSync(folder, { recursive: true })
  })
})

describe('the engine itself', () => {
  it('brings each commit to the disk, and vacuums and checkpoints when enough was written', async () => {
    const folder = await embeddedFolder()
    const database = await openSharedDatabase(join(folder, 'db'))
    const settings = await database.query(
      'select name, setting from pg_settings where name = any($1)',
      [['fsync', 'full_page_writes', 'synchronous_commit', 'wal_sync_method']],
    )
    expect(Object.fromEntries(settings.rows.map((row) => Object.values(Object(row))))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      wal_sync_method: 'fsync',
    })
    const operations = database.Module.FS.filesystems.NODEFS.stream_ops
    const real = operations.fsync
    let syncs = 0
    operations.fsync = (stream: unknown) => {
      syncs += 1
      return real(stream)
    }
    await database.exec('create table t (id integer primary key, x text)')
    const before = syncs
    for (let id = 0; id < 10; id += 1) await database.exec(`insert into t values (${id}, 'x')`)
    expect(syncs - before).toBeGreaterThanOrEqual(10)

    await database.exec(
      "insert into t select g, repeat('x', 1000) from generate_series(10, 30000) g",
    )
    await database.exec('delete from t where id > 100')
    const redo = 'select redo_lsn::text as lsn from pg_control_checkpoint()'
    const earlier = (await database.query(redo)).rows
    // The first look finds the work; each further one does one table, the last the checkpoint.
    const tables = await database.query<{ count: number }>(
      "select count(*)::int as count from pg_tables where schemaname = 'public'",
    )
    const looks = (tables.rows[0]?.count ?? 0) + 2
    for (let look = 0; look < looks; look += 1) await database.keepHouse()
    const vacuumed = await database.query(
      "select reltuples::int as rows from pg_class where relname = 't'",
    )
    expect(vacuumed.rows).toEqual([{ rows: 101 }])
    expect((await database.query(redo)).rows).not.toEqual(earlier)
    await database.close()
    rmSync(folder, { recursive: true })
  })
})

const readBack = async (connectionString: string): Promise<void> => {
  const { db, close } = connect({ connectionString })
  const { rows } = await sql`select n from counter where name = 'shared'`.execute(db)
  expect(rows).toEqual([{ n: 40 }])
  await close()
}

const socketOf = (one: pg.Client): Socket => {
  const { stream } = Object(Reflect.get(one, 'connection'))
  return stream
}

/** A connection that has greeted and been welcomed. */
const rawConnection = async (): Promise<Socket> => {
  const raw = createConnection(join(dataDir, '.s.PGSQL.5432'))
  const greeting = Buffer.from('\0\0\0\0\0\x03\0\0user\0postgres\0database\0postgres\0\0')
  greeting.writeUInt32BE(greeting.length, 0)
  raw.write(greeting)
  await once(raw, 'data')
  return raw
}

const message = (letter: string, body: string): Buffer => {
  const bytes = Buffer.from(`${letter}\0\0\0\0${body}`, 'latin1')
  bytes.writeUInt32BE(bytes.length - 1, 1)
  return bytes
}
