/** What totals measure, dated: seeded once from the catalogue's literals, then edited in the database. */
import { type RawBuilder, sql } from 'kysely'
import { measures } from '../catalogue/measures.ts'
import { chinaDay } from '../kernel/clock.ts'
import { isInForce } from './in-force.ts'
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

/** All that are in force at a moment, as they were known then. */
export const findMeasures = async (db: Db, at: Date): Promise<readonly Measure[]> =>
  (await inForce(at, sql`true`).execute(db)).rows

/** The definition of a measure in force at a moment, as it was known then; undefined when there is none. */
export const findMeasure = async (db: Db, scope: string, at: Date): Promise<Measure | undefined> =>
  (await inForce(at, sql`scope = ${scope}`).execute(db)).rows[0]

const inForce = (at: Date, which: RawBuilder<unknown>): RawBuilder<Measure> => sql`
  select distinct on (scope) scope, valid_from::text as "validFrom", string_to_array(parts, ' ') as parts,
    zh, en, confidence, source
  from (
    select distinct on (scope, valid_from) * from measure_edition
    where ${which} and recorded_at <= ${at} order by scope, valid_from, recorded_at desc
  ) state
  where parts is not null and ${isInForce(chinaDay(at))}
  order by scope, valid_from desc`

const COLUMNS = {
  ...{ scope: 'text', validFrom: 'date', parts: 'text', zh: 'text', en: 'text' },
  ...{ confidence: 'text', source: 'text' },
}

/**
 * Adds measures that were never told; known from the beginning of time. One that somebody ended or took
 * away does not come back.
 */
export const seedMeasures = async (db: Db): Promise<void> => {
  const rows = measures.map((each) => ({ ...each, parts: each.parts.join(' ') }))
  await sql`
    with added as (
      insert into measure (scope, valid_from, parts, zh, en, confidence, source)
      select r.scope, r."validFrom", r.parts, r.zh, r.en, r.confidence, r.source
      from ${rowsOf('r', COLUMNS, rows)}
      where not exists (select from measure_edition m where m.scope = r.scope)
      on conflict do nothing returning *
    )
    insert into measure_edition (scope, valid_from, valid_to, parts, zh, en, confidence, source, note,
      recorded_at)
    select scope, valid_from, valid_to, parts, zh, en, confidence, source, note, 'epoch'
    from added on conflict do nothing`.execute(db)
}
