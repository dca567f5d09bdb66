/**
 * A fresh, migrated database for one test file. On PostgreSQL when TEST_DATABASE_URL names a server
 * (a user who may create databases), else the embedded one. Both are copied from a template that is
 * made once for each set of migrations. Closing fails the file when it leaks a connection.
 */
import { createHash } from 'node:crypto'
import { cpSync, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { EMBEDDED_POOL_MAX } from '../../src/kernel/limits.ts'
import { type Connection, type ConnectOptions, connect } from '../../src/store/connect.ts'
import { type Embedded, startEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations.gen.ts'
import type { Db } from '../../src/store/tables.ts'
import { buildEmbeddedWorker, cacheFolder } from './embedded-worker.ts'

export interface TestDatabase {
  readonly db: Db
  /** For `connect`, where a test wants connections of its own. */
  readonly connection: ConnectOptions
  readonly connectionString: string
  readonly embedded: boolean
  close(): Promise<void>
}

export const testDatabase = (): Promise<TestDatabase> => {
  const server = process.env.TEST_DATABASE_URL ?? ''
  return server === '' ? embeddedDatabase() : serverDatabase(server)
}

/** A quiet embedded database on a folder; for tests that start and kill it themselves. */
export const startTestEmbedded = async (dataDir: string, tcpPort?: number): Promise<Embedded> =>
  startEmbedded({
    dataDir,
    ...(tcpPort === undefined ? {} : { tcpPort }),
    log: { info: () => undefined },
    workerUrl: await buildEmbeddedWorker(),
  })

const schemaHash = (extra: string): string =>
  createHash('sha256').update(extra).update(JSON.stringify(migrations)).digest('hex').slice(0, 12)

const embeddedDatabase = async (): Promise<TestDatabase> => {
  const dataDir = await embeddedFolder()
  const embedded = await startTestEmbedded(dataDir)
  const connection = { ...embedded.address, max: EMBEDDED_POOL_MAX }
  const opened = connect(connection)
  return {
    db: opened.db,
    connection,
    connectionString: embedded.connectionString,
    embedded: true,
    close: async () => {
      const leaked = busyConnections(opened)
      await (leaked === 0 ? opened.close() : undefined)
      await embedded.close()
      await rm(dataDir, { recursive: true, force: true })
      refuseLeak(leaked)
    },
  }
}

/** A database is a thousand files: memory makes them ten times quicker than a disk, where it has room. */
const quickFolder = async (): Promise<string> => {
  const memory = await statfs('/dev/shm').catch(() => undefined)
  const free = memory === undefined ? 0 : memory.bavail * memory.bsize
  return free >= QUICK_FOLDER_BYTES_MIN ? '/dev/shm' : tmpdir()
}
/** Room for many test files at once; containers often give 64 MB only. */
const QUICK_FOLDER_BYTES_MIN = 2 * 1024 ** 3

/** A data folder with a migrated database in it; the caller removes it. */
export const embeddedFolder = async (): Promise<string> => {
  const template = await embeddedTemplate()
  const dataDir = await mkdtemp(join(await quickFolder(), 'yuguan-test-'))
  // Not `cp`: for these thousand small files it takes five times as long.
  cpSync(template, join(dataDir, 'db'), { recursive: true })
  return dataDir
}

const embeddedTemplate = async (): Promise<string> => {
  const template = join(cacheFolder, `database-${schemaHash('embedded')}`)
  if (existsSync(template)) return template
  await mkdir(cacheFolder, { recursive: true })
  const making = await mkdtemp(join(cacheFolder, 'making-'))
  const embedded = await startTestEmbedded(making)
  const { db, close } = connect(embedded.address)
  await migrate(db)
  await close()
  await embedded.close()
  // Another file may have been quicker; then this one is thrown away.
  await rename(join(making, 'db'), template).catch(() => undefined)
  await rm(making, { recursive: true, force: true })
  return template
}

const serverDatabase = async (server: string): Promise<TestDatabase> => {
  const admin = connect({ connectionString: server, max: 1 })
  const template = await serverTemplate(admin.db, server)
  const name = `yuguan_test_${crypto.randomUUID().replaceAll('-', '')}`
  await sql`create database ${sql.id(name)} template ${sql.id(template)}`.execute(admin.db)
  const connectionString = databaseOf(server, name)
  const opened = connect({ connectionString })
  return {
    db: opened.db,
    connection: { connectionString },
    connectionString,
    embedded: false,
    close: async () => {
      const busy = busyConnections(opened)
      await (busy === 0 ? opened.close() : undefined)
      const leaked = busy + (await otherConnections(admin.db, name))
      await sql`drop database ${sql.id(name)} with (force)`.execute(admin.db)
      await admin.close()
      refuseLeak(leaked)
    },
  }
}

const serverTemplate = async (admin: Db, server: string): Promise<string> => {
  const name = `yuguan_test_template_${schemaHash('server')}`
  // One connection, so lock and unlock meet the same session.
  await sql`select pg_advisory_lock(hashtext(${name}))`.execute(admin)
  const found = await sql`select from pg_database where datname = ${name}`.execute(admin)
  if (found.rows.length === 0) {
    const making = `${name}_new`
    await sql`drop database if exists ${sql.id(making)} with (force)`.execute(admin)
    await sql`create database ${sql.id(making)}`.execute(admin)
    const { db, close } = connect({ connectionString: databaseOf(server, making) })
    await migrate(db)
    await close()
    await sql`alter database ${sql.id(making)} rename to ${sql.id(name)}`.execute(admin)
  }
  await sql`select pg_advisory_unlock(hashtext(${name}))`.execute(admin)
  return name
}

const databaseOf = (server: string, name: string): string => {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

const busyConnections = ({ pool }: Connection): number => pool.totalCount - pool.idleCount

/** Connections that a test opened itself and did not close; the closed ones get a moment to end. */
const otherConnections = async (admin: Db, name: string): Promise<number> => {
  let count = 0
  for (let look = 0; look < 50; look += 1) {
    const { rows } = await sql<{ count: string }>`select count(*) from pg_stat_activity
      where datname = ${name} and pg_sleep(0.01) is not null`.execute(admin)
    count = Number(rows[0]?.count ?? 0)
    if (count === 0) return 0
  }
  return count
}

const refuseLeak = (leaked: number): void => {
  if (leaked > 0) throw new Error(`This test file leaked ${leaked} database connection(s).`)
}
