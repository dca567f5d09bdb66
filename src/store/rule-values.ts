/**
 * Figures of rules and days of rest: reference data, seeded once from the catalogue's literals and
 * then edited in the database. A rule without a row in force says nothing, and nothing follows.
 */

import { sql } from 'kysely'
import { type RuleName, type RuleValue, ruleValues } from '../catalogue/rule-values.ts'
import { isInForce } from './in-force.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

/** The figures in force on one day, by name and kind. */
export type RuleValues = (name: RuleName, kind: string) => RuleValue | undefined

export const noRuleValues: RuleValues = () => undefined

/** `on` is a China date, yyyy-MM-dd. The table has a row for each rule and edition: it is read whole. */
export const findRuleValues = async (db: Db, on: string): Promise<RuleValues> =>
  ruleValuesOf((await valuesOn(on).execute(db)).rows)

export const ruleValuesOf = (rows: readonly RuleValue[]): RuleValues => {
  const held = new Map(rows.map((row) => [`${row.name} ${row.kind}`, row]))
  return (name, kind) => held.get(`${name} ${kind}`)
}

const VALUE = sql`name, kind, value, valid_from::text as "validFrom", valid_to::text as "validTo",
  confidence, source, note`

export const valuesOn = (on: string) => sql<RuleValue>`
  select distinct on (name, kind) ${VALUE} from rule_value where ${isInForce(on)}
  order by name, kind, valid_from desc`

/** One figure as it was in force on each of these China dates; a day on which none was is left out. */
export const findRuleValueOn = async (
  db: Db,
  name: RuleName,
  kind: string,
  days: readonly string[],
): Promise<ReadonlyMap<string, RuleValue>> => {
  const found = await sql<RuleValue & { day: string }>`
    select d.day, v.* from unnest(${days}::text[]) d (day) cross join lateral (
      select ${VALUE} from rule_value
      where name = ${name} and kind = ${kind} and ${isInForce(sql`d.day`)}
      order by valid_from desc limit 1
    ) v`.execute(db)
  return new Map(found.rows.map(({ day, ...value }) => [day, value]))
}

/** True for a day that rests, false for one that works, both against the weekend; inclusive bounds. */
export const findRestDays = async (
  db: Db,
  from: string,
  to: string,
): Promise<ReadonlyMap<string, boolean>> => {
  const found = await sql<{ day: string; rests: boolean }>`
    select day::text as day, rests from rest_day
    where day between ${from}::date and ${to}::date`.execute(db)
  return new Map(found.rows.map(({ day, rests }) => [day, rests]))
}

const COLUMNS = {
  name: 'text',
  kind: 'text',
  validFrom: 'date',
  validTo: 'date',
  value: 'text',
  confidence: 'text',
  source: 'text',
  note: 'text',
}

/** Adds rules that have no row at all: an edition that somebody ended or deleted must not come back. */
export const seedRuleValues = async (db: Db): Promise<void> => {
  await sql`
    insert into rule_value (name, kind, valid_from, valid_to, value, confidence, source, note)
    select r.name, r.kind, r."validFrom", r."validTo", r.value, r.confidence, r.source, r.note
    from ${rowsOf('r', COLUMNS, ruleValues)}
    where not exists (select from rule_value k where k.name = r.name and k.kind = r.kind)
    on conflict do nothing`.execute(db)
}
