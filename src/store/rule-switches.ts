/**
 * How severe each rule is: the edition in force on a day, which is reference data, and what an
 * enterprise chose instead. A rule without an edition in force says nothing, and nothing follows.
 */
import { sql } from 'kysely'
import { isRuleCode, type RuleCode, ruleCodes, rules, softer } from '../catalogue/rules/index.ts'
import type { Severity } from '../catalogue/rules/rule.ts'
import { isInForce } from './in-force.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface RuleEdition {
  readonly rule: RuleCode
  readonly severity: Severity
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: string
  readonly source: string
}

export interface RuleSwitch {
  readonly enterpriseId: string
  readonly rule: RuleCode
  readonly severity: Severity
}

/** How severe a rule is for an enterprise; undefined when it says nothing. */
export type Severities = (rule: RuleCode, enterpriseId: string) => Severity | undefined

/** For these enterprises on one China day, yyyy-MM-dd. */
export const findSeverities = async (
  db: Db,
  enterpriseIds: readonly string[],
  on: string,
): Promise<Severities> => {
  const editions = await findRuleEditions(db, on)
  return severitiesOf(editions, await findRuleSwitches(db, enterpriseIds))
}

export const severitiesOf = (
  editions: readonly RuleEdition[],
  switches: readonly RuleSwitch[],
): Severities => {
  const inForce = new Map(editions.map((row) => [row.rule, row]))
  const chosen = new Map(switches.map((row) => [keyOf(row), row.severity]))
  return (rule, enterpriseId) => {
    const edition = inForce.get(rule)
    if (edition === undefined) return undefined
    return effectiveSeverity(edition, chosen.get(keyOf({ enterpriseId, rule })))
  }
}

/**
 * What was chosen counts only while the catalogue lets it be chosen, and never makes a rule harder
 * than its edition.
 */
export const effectiveSeverity = (
  { rule, severity }: Pick<RuleEdition, 'rule' | 'severity'>,
  chosen: Severity | undefined,
): Severity =>
  chosen !== undefined && rules[rule].softer?.includes(chosen) === true
    ? softer(chosen, severity)
    : severity

/** The editions in force on one China day, each rule once. The table is small and read whole. */
export const findRuleEditions = async (db: Db, on: string): Promise<readonly RuleEdition[]> =>
  (await editionsOn(on).execute(db)).rows.filter(({ rule }) => isRuleCode(rule))

export const editionsOn = (on: string) => sql<RuleEdition>`
  select distinct on (rule) rule, severity, valid_from::text as "validFrom",
    valid_to::text as "validTo", confidence, source
  from rule_edition
  where ${isInForce(on)}
  order by rule, valid_from desc`

export const findRuleSwitches = async (
  db: Db,
  enterpriseIds: readonly string[],
): Promise<readonly RuleSwitch[]> => {
  if (enterpriseIds.length === 0) return []
  return (await switchesOf(enterpriseIds).execute(db)).rows.filter(({ rule }) => isRuleCode(rule))
}

export const switchesOf = (enterpriseIds: readonly string[]) => sql<RuleSwitch>`
  select enterprise_id as "enterpriseId", rule, severity from rule_switch
  where enterprise_id = any(${enterpriseIds}::text[])`

/** Sets what an enterprise chose; null takes its choice back. */
export const setRuleSwitches = async (
  trx: Trx,
  enterpriseId: string,
  chosen: readonly { readonly rule: RuleCode; readonly severity: Severity | null }[],
  { setBy, now }: { readonly setBy: string | null; readonly now: Date },
): Promise<void> => {
  const unset = chosen.filter(({ severity }) => severity === null).map(({ rule }) => rule)
  if (unset.length > 0)
    await sql`
      delete from rule_switch
      where enterprise_id = ${enterpriseId} and rule = any(${unset}::text[])`.execute(trx)
  const set = chosen.filter(({ severity }) => severity !== null)
  if (set.length === 0) return
  await sql`
    insert into rule_switch (enterprise_id, rule, severity, set_by, set_at)
    select ${enterpriseId}, r.rule, r.severity, ${setBy}, ${now}
    from ${rowsOf('r', { rule: 'text', severity: 'text' }, set)}
    on conflict (enterprise_id, rule) do update set severity = excluded.severity,
      set_by = excluded.set_by, set_at = excluded.set_at`.execute(trx)
}

/** Adds rules that have no edition at all: one that somebody ended or deleted must not come back. */
export const seedRuleEditions = async (db: Db): Promise<void> => {
  const columns = {
    ...{ rule: 'text', validFrom: 'date', validTo: 'date' },
    ...{ severity: 'text', confidence: 'text', source: 'text' },
  }
  const seeds = ruleCodes.map((rule) => ({ rule, ...rules[rule] }))
  await sql`
    insert into rule_edition (rule, valid_from, valid_to, severity, confidence, source)
    select r.rule, r."validFrom", r."validTo", r.severity, r.confidence, r.source
    from ${rowsOf('r', columns, seeds)}
    where not exists (select from rule_edition k where k.rule = r.rule)
    on conflict do nothing`.execute(db)
}

const keyOf = ({ enterpriseId, rule }: Pick<RuleSwitch, 'enterpriseId' | 'rule'>): string =>
  `${rule} ${enterpriseId}`
