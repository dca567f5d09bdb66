/**
 * Brings a database to the schema this program was built with. Each migration runs in a transaction
 * of its own whose first statement inserts the version row: of two starters the second waits on that
 * row, finds it taken and goes on. Nothing is held between transactions (no session state, no
 * advisory lock), so it works through a pooler too.
 */
import { sql } from 'kysely'
import { type Migration, migrations } from './migrations.gen.ts'
import type { Db } from './tables.ts'

/**
 * Applies what is missing and names it (`000001_core`). Throws when the database has a breaking
 * migration that this program does not know: it would read and write a schema it misunderstands.
 * Unknown migrations that are not marked `-- breaking` are left alone, so that the old and the new
 * program may run side by side while one replaces the other.
 */
export const migrate = async (
  db: Db,
  known: readonly Migration[] = migrations,
): Promise<{ applied: string[] }> => {
  await createVersionTable(db)
  const present = await readVersions(db)
  refuseNewer(present, known)
  const applied: string[] = []
  for (const migration of known) {
    if (present.some((row) => row.version === migration.version)) continue
    const isApplied = await again(LOCK_ATTEMPTS_MAX, LOCK_NOT_AVAILABLE, () => apply(db, migration))
    if (isApplied) applied.push(label(migration))
  }
  return { applied }
}

interface VersionRow {
  readonly version: number
  readonly name: string
  readonly breaking: boolean
}

/** `create table if not exists` of two starters at once may still collide in the catalogue. */
const LOST_RACE = new Set(['23505', '42P07', '42710', 'XX000'])
/** After one lost race the table is there; more attempts mean that something else is wrong. */
const CREATE_ATTEMPTS_MAX = 5

const createVersionTable = (db: Db): Promise<unknown> =>
  again(CREATE_ATTEMPTS_MAX, LOST_RACE, () =>
    sql`create table if not exists schema_version (
      version integer primary key,
      name text not null,
      breaking boolean not null,
      applied_at timestamptz not null default now()
    )`.execute(db),
  )

/** Does it again while it fails with one of these SQL states, so many times at most. */
const again = async <T>(
  attempts: number,
  states: ReadonlySet<string>,
  work: () => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attempts || !states.has(sqlState(error))) throw error
    }
  }
}

const readVersions = async (db: Db): Promise<readonly VersionRow[]> =>
  (await sql<VersionRow>`select version, name, breaking from schema_version`.execute(db)).rows

const refuseNewer = (present: readonly VersionRow[], known: readonly Migration[]): void => {
  const newest = known.length
  const unknown = present.filter((row) => row.version > newest && row.breaking)
  if (unknown.length === 0) return
  const names = unknown.map(label).join(', ')
  throw new Error(
    `数据库结构比本程序新(${names}),请使用更新的版本。 ` +
      `The database is newer than this program, which knows ${newest} migrations; ` +
      `it also has ${names}. Start a newer release.`,
  )
}

/**
 * While a migration waits for somebody who reads a table, all who come to that table after it wait as
 * well: so it lets them pass now and then. In milliseconds, and how often it comes back.
 */
const LOCK_WAIT_MS = 2_000
const LOCK_ATTEMPTS_MAX = 300
const LOCK_NOT_AVAILABLE = new Set(['55P03'])

/** False when another starter applied it meanwhile. */
const apply = (db: Db, migration: Migration): Promise<boolean> =>
  db.transaction().execute(async (trx) => {
    // Going through a large table takes what it takes, and so does waiting for another starter.
    await sql`set local statement_timeout = 0`.execute(trx)
    const claimed = await sql`insert into schema_version (version, name, breaking)
      values (${migration.version}, ${migration.name}, ${migration.breaking})
      on conflict do nothing returning version`.execute(trx)
    if (claimed.rows.length === 0) return false
    await sql`set local lock_timeout = ${sql.lit(LOCK_WAIT_MS)}`.execute(trx)
    // No parameters: pg then uses the simple protocol, which takes many statements in one text.
    await sql.raw(migration.sql).execute(trx)
    return true
  })

const label = (migration: { readonly version: number; readonly name: string }): string =>
  `${String(migration.version).padStart(6, '0')}_${migration.name}`

const sqlState = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''
