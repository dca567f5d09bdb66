/**
 * What reference data says on one day, in one statement: a batch of lists asks for nearly all of it,
 * and on the embedded database each statement waits for a turn of its own.
 */
import { type RawBuilder, sql } from 'kysely'
import type { RuleValue } from '../catalogue/rule-values.ts'
import { type ZoneRule, zoneRules } from './reference.ts'
import {
  editionsOn,
  type RuleEdition,
  type RuleSwitch,
  type Severities,
  severitiesOf,
  switchesOf,
} from './rule-switches.ts'
import { type RuleValues, ruleValuesOf, valuesOn } from './rule-values.ts'
import type { Db } from './tables.ts'

export interface DayRules {
  /** China day, yyyy-MM-dd. */
  readonly day: string
  readonly zones: readonly ZoneRule[]
  readonly values: RuleValues
  /** Of the enterprises asked for. */
  readonly severities: Severities
  /** Whether anybody keeps a bonded book here. */
  readonly hasBooks: boolean
}

export const findDayRules = async (
  db: Db,
  day: string,
  enterpriseIds: readonly string[],
): Promise<DayRules> => {
  const rowsOf = (query: RawBuilder<unknown>) =>
    sql`coalesce((select json_agg(q) from (${query}) q), '[]')`
  const found = await sql<{
    zones: readonly ZoneRule[]
    values: readonly RuleValue[]
    editions: readonly RuleEdition[]
    switches: readonly RuleSwitch[]
    hasBooks: boolean
  }>`
    select ${rowsOf(zoneRules)} as zones, ${rowsOf(valuesOn(day))} as values,
      ${rowsOf(editionsOn(day))} as editions, ${rowsOf(switchesOf(enterpriseIds))} as switches,
      exists (select from bonded_book) as "hasBooks"`.execute(db)
  const {
    zones = [],
    values = [],
    editions = [],
    switches = [],
    hasBooks = true,
  } = found.rows[0] ?? {}
  return {
    ...{ day, zones, values: ruleValuesOf(values) },
    severities: severitiesOf(editions, switches),
    hasBooks,
  }
}
