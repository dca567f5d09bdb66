/**
 * Loadable reference tables: writing what a file holds, and reading what holds on a day. The SQL is
 * made from the catalogue's entry, so that every table is written and read the same way. Who loaded
 * what is kept in `reference_load`.
 */
import { type RawBuilder, sql } from 'kysely'
import type { ReferenceColumn, ReferenceRow, ReferenceTable } from '../catalogue/reference/index.ts'
import { REFERENCE_CHUNK_ROWS } from '../kernel/reference-limits.ts'
import { shareOfLedger } from './ledger.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import { inTransaction, type Trx } from './transaction.ts'

export interface LoadCounts {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
  /** Rows of the same editions that the file does not have. */
  readonly removed: number
}

export interface LoadOptions {
  /** Rows with the same `validFrom` as one of the file's that the file does not have go. */
  readonly replace: boolean
  /** Counts what would happen, and nothing stays. */
  readonly dryRun: boolean
  /** Who loads: a user, a key, or the command line. */
  readonly by: string
  readonly id: string
  readonly at: Date
}

/** The same rows a second time change nothing, and are not written down as a load. */
export const loadReferenceRows = async (
  db: Db,
  table: ReferenceTable,
  rows: readonly ReferenceRow[],
  options: LoadOptions,
): Promise<LoadCounts> => {
  try {
    return await inTransaction(db, async (trx) => {
      // Two loads of one table wait for each other, so that their counts are true.
      await sql`select pg_advisory_xact_lock(hashtext(${`reference ${table.name}`})),
        ${table.history === undefined ? sql`null` : shareOfLedger}`.execute(trx)
      const counts = await writeRows(trx, table, rows, options)
      if (options.dryRun) throw new DryRun(counts)
      if (counts.added + counts.changed + counts.removed > 0)
        await trx
          .insertInto('reference_load')
          .values({
            ...{ id: options.id, name: table.name, loaded_at: options.at, loaded_by: options.by },
            ...{ rows: rows.length, added: counts.added, changed: counts.changed },
            removed: counts.removed,
          })
          .execute()
      return counts
    })
  } catch (problem) {
    if (problem instanceof DryRun) return problem.counts
    throw problem
  }
}

/** Takes everything back, and carries what was counted out of the transaction. */
class DryRun extends Error {
  readonly counts: LoadCounts
  constructor(counts: LoadCounts) {
    super('nothing of a dry run stays')
    this.counts = counts
  }
}

const SQL_TYPES: Readonly<Record<ReferenceColumn['as'], string>> = {
  text: 'text',
  date: 'date',
  decimal: 'numeric',
  flag: 'boolean',
}

const sqlName = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const typesOf = (columns: readonly ReferenceColumn[]): Readonly<Record<string, string>> =>
  Object.fromEntries(columns.map(({ name, as }) => [name, SQL_TYPES[as]]))

const columnsOf = ({ columns }: ReferenceTable, names: readonly string[]) =>
  columns.filter(({ name }) => names.includes(name))

const list = (alias: string, names: readonly string[]): RawBuilder<unknown> =>
  sql.join(names.map((name) => sql.ref(alias === '' ? name : `${alias}.${name}`)))

const writeRows = async (
  trx: Trx,
  table: ReferenceTable,
  rows: readonly ReferenceRow[],
  { replace, at }: Pick<LoadOptions, 'replace' | 'at'>,
): Promise<LoadCounts> => {
  const names = table.columns.map(({ name }) => name)
  const others = names.filter((name) => !table.key.includes(name)).map(sqlName)
  const target = sql.ref(table.table)
  let added = 0
  let changed = 0
  for (let start = 0; start < rows.length; start += REFERENCE_CHUNK_ROWS) {
    const chunk = rows.slice(start, start + REFERENCE_CHUNK_ROWS)
    const set = others.map((name) => sql`${sql.ref(name)} = ${sql.ref(`excluded.${name}`)}`)
    const written = await sql<{ isNew: boolean }>`
      with written as (
        insert into ${target} (${list('', names.map(sqlName))})
        select ${list('r', names)} from ${rowsOf('r', typesOf(table.columns), chunk)}
        on conflict (${list('', table.key.map(sqlName))}) do update set ${sql.join(set)}
        where (${list(table.table, others)}) is distinct from (${list('excluded', others)})
        returning (xmax = 0) as "isNew", ${list(table.table, names.map(sqlName))}
      )${kept(table, 'written', names, at)}
      select "isNew" from written`.execute(trx)
    const fresh = written.rows.filter(({ isNew }) => isNew).length
    added += fresh
    changed += written.rows.length - fresh
  }
  const removed = replace ? await removeOthers(trx, table, rows, at) : 0
  return { added, changed, unchanged: rows.length - added - changed, removed }
}

/**
 * Writes what a common table expression holds of these columns down as a state of the rows, later than
 * any before, so that two changes in one moment keep their order, and behind the seal of the ledger:
 * figures as of a moment are told beside what was known then.
 */
const kept = (
  { history, key }: ReferenceTable,
  from: string,
  names: readonly string[],
  at: Date,
): RawBuilder<unknown> => {
  if (history === undefined) return sql``
  const same = key.map(
    (name) => sql`${sql.ref(`h.${sqlName(name)}`)} = ${sql.ref(`k.${sqlName(name)}`)}`,
  )
  const columns = names.map(sqlName)
  return sql`, kept as (
    insert into ${sql.ref(history)} (recorded_at, ${list('', columns)})
    select greatest(${at}::timestamptz, (
      select max(h.recorded_at) + interval '1 microsecond' from ${sql.ref(history)} h
      where ${sql.join(same, sql` and `)}
    ), (select s.at + interval '1 microsecond' from ledger_seal s)), ${list('k', columns)}
    from ${sql.ref(from)} k
  )`
}

/** Of an undated table only what it says belongs together: its rows are of no edition. */
const removeOthers = async (
  trx: Trx,
  table: ReferenceTable,
  rows: readonly ReferenceRow[],
  at: Date,
): Promise<number> => {
  const by = table.dating === 'none' ? table.replaces : 'validFrom'
  if (by === undefined) return 0
  const same = table.key.map(
    (name) => sql`${sql.ref(`t.${sqlName(name)}`)} = ${sql.ref(`r.${name}`)}`,
  )
  const gone = await sql<{ count: number }>`
    with r as materialized (
      select * from ${rowsOf('r', typesOf(columnsOf(table, table.key)), rows)}
    ),
    gone as (
      delete from ${sql.ref(table.table)} t
      where ${sql.ref(`t.${sqlName(by)}`)} in (select ${sql.ref(`r.${by}`)} from r)
        and not exists (select from r where ${sql.join(same, sql` and `)})
      returning ${list('t', table.key.map(sqlName))}
    )${kept(table, 'gone', table.key, at)}
    select count(*)::integer as count from gone`.execute(trx)
  return gone.rows[0]?.count ?? 0
}

/** Which of these texts the table that a column refers to does not have. */
export const findUnknownNames = async (
  db: Db,
  { table, key }: NonNullable<ReferenceTable['known']>,
  names: readonly string[],
): Promise<ReadonlySet<string>> => {
  const found = await sql<{ name: string }>`
    select r.name from ${rowsOf(
      'r',
      { name: 'text' },
      names.map((name) => ({ name })),
    )}
    where not exists (
      select from ${sql.ref(table)} t where ${sql.ref(`t.${key}`)} = r.name
    )`.execute(db)
  return new Set(found.rows.map(({ name }) => name))
}

export interface ReferenceFilter {
  /** Rows that hold on this day, `yyyy-MM-dd`; every row when undefined. */
  readonly on?: string | undefined
  /** Rows whose code begins this one; takes a table with `hs`. */
  readonly hs?: string | undefined
  /** Key of the last row of the page before. */
  readonly after?: readonly (string | null)[] | undefined
  readonly limit: number
}

/** In the order of the key. */
export const findReferenceRows = async (
  db: Db,
  table: ReferenceTable,
  { on, hs, after, limit }: ReferenceFilter,
): Promise<readonly ReferenceRow[]> => {
  const where = [sql`true`]
  if (on !== undefined && table.dating !== 'none') where.push(holds(table, on))
  if (hs !== undefined && table.hs !== undefined)
    where.push(sql`starts_with(${hs}, ${sql.ref(`t.${sqlName(table.hs)}`)})`)
  const key = list('t', table.key.map(sqlName))
  if (after !== undefined) {
    const types = typesOf(table.columns)
    const values = table.key.map((name, i) => sql`${after[i]}::${sql.raw(types[name] ?? 'text')}`)
    where.push(sql`(${key}) > (${sql.join(values)})`)
  }
  const found = await sql<ReferenceRow>`
    select ${sql.join(table.columns.map(shown))} from ${sql.ref(table.table)} t
    where ${sql.join(where, sql` and `)} order by ${key} limit ${limit}`.execute(db)
  return found.rows
}

/** Days and numbers as texts. */
const shown = ({ name, as }: ReferenceColumn): RawBuilder<unknown> => {
  const column = sql.ref(`t.${sqlName(name)}`)
  return as === 'flag'
    ? sql`${column} as ${sql.ref(name)}`
    : sql`${column}::text as ${sql.ref(name)}`
}

/** Of an undated table every row holds. */
const holds = ({ table, key, dating }: ReferenceTable, on: string): RawBuilder<boolean> => {
  if (dating === 'edition')
    return sql`t.valid_from = (
      select max(e.valid_from) from ${sql.ref(table)} e where e.valid_from <= ${on}::date)`
  const subject = key.filter((name) => name !== 'validFrom').map(sqlName)
  const same = subject.map((name) => sql`${sql.ref(`e.${name}`)} = ${sql.ref(`t.${name}`)}`)
  return sql`t.valid_from = (
    select max(e.valid_from) from ${sql.ref(table)} e
    where ${sql.join(same, sql` and `)} and e.valid_from <= ${on}::date
      and (e.valid_to is null or e.valid_to >= ${on}::date))`
}

export interface TableState {
  /** Rows in all. */
  readonly rows: number
  /** First day of the edition in force, of a table of editions; null when none is. */
  readonly edition: string | null
  /** When rows were loaded last, and by whom; null for what was only seeded. */
  readonly loadedAt: Date | null
  readonly loadedBy: string | null
}

export const findTableState = async (
  db: Db,
  table: ReferenceTable,
  on: string,
): Promise<TableState> => {
  const edition =
    table.dating === 'edition'
      ? sql`(select max(valid_from)::text from ${sql.ref(table.table)} where valid_from <= ${on}::date)`
      : sql`null`
  const found = await sql<TableState>`
    select (select count(*)::integer from ${sql.ref(table.table)}) as rows, ${edition} as edition,
      l.loaded_at as "loadedAt", l.loaded_by as "loadedBy"
    from (select 1) one left join lateral (
      select loaded_at, loaded_by from reference_load where name = ${table.name}
      order by loaded_at desc, id desc limit 1
    ) l on true`.execute(db)
  const [state] = found.rows
  return state ?? { rows: 0, edition: null, loadedAt: null, loadedBy: null }
}
