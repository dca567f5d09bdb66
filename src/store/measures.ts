/** What totals measure, dated: seeded once from the catalogue's literals, then edited in the database. */
import { sql } from 'kysely'
import { measures } from '../catalogue/measures.ts'
import type { LedgerScope } from './ledger.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface Measure {
  readonly scope: string
  /** `yyyy-MM-dd` */
  readonly validFrom: string
  /** Scopes that are added up. */
  readonly parts: readonly LedgerScope[]
  readonly zh: string
  readonly en: string
  readonly confidence: string
  readonly source: string
}

/** All that are in force on a China date, `yyyy-MM-dd`. */
export const findMeasures = async (db: Db, on: string): Promise<readonly Measure[]> => {
  const found = await sql<Measure>`
    select distinct on (scope) scope, parts, zh, en, confidence, source,
      valid_from::text as "validFrom"
    from measure where valid_from <= ${on}::date order by scope, valid_from desc`.execute(db)
  return found.rows
}

/** The definition of a measure in force on a day, `yyyy-MM-dd`; undefined when there is none. */
export const findMeasure = async (
  db: Db,
  scope: string,
  on: string,
): Promise<Measure | undefined> => {
  const found = await sql<Measure>`
    select scope, valid_from::text as "validFrom", parts, zh, en, confidence, source
    from measure where scope = ${scope} and valid_from <= ${on}::date
    order by valid_from desc limit 1`.execute(db)
  return found.rows[0]
}

const COLUMNS = {
  ...{ scope: 'text', validFrom: 'date', parts: 'text', zh: 'text', en: 'text' },
  ...{ confidence: 'text', source: 'text' },
}

/** Adds measures that have no row at all: an edition that somebody deleted must not come back. */
export const seedMeasures = async (db: Db): Promise<void> => {
  const rows = measures.map((each) => ({ ...each, parts: each.parts.join(' ') }))
  await sql`
    insert into measure (scope, valid_from, parts, zh, en, confidence, source)
    select r.scope, r."validFrom", string_to_array(r.parts, ' '), r.zh, r.en, r.confidence, r.source
    from ${rowsOf('r', COLUMNS, rows)}
    where not exists (select from measure m where m.scope = r.scope)
    on conflict do nothing`.execute(db)
}
