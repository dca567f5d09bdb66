/** How each measure is defined on a day, and which scopes it adds up: dated rows that are edited. */
import { sql } from 'kysely'
import type { LedgerScope } from './ledger.ts'
import type { Db } from './tables.ts'

export interface Measure {
  /** declared, released, settled or policy */
  readonly scope: string
  readonly parts: readonly LedgerScope[]
  readonly zh: string
  readonly en: string
  readonly confidence: string
  readonly source: string
  /** yyyy-MM-dd */
  readonly validFrom: string
}

/** Those in force on a China date, `yyyy-MM-dd`. */
export const findMeasures = async (db: Db, on: string): Promise<readonly Measure[]> => {
  const found = await sql<Measure>`
    select distinct on (scope) scope, parts, zh, en, confidence, source,
      valid_from::text as "validFrom"
    from measure where valid_from <= ${on}::date order by scope, valid_from desc`.execute(db)
  return found.rows
}
