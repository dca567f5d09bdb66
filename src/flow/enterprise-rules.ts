/**
 * The rules as one enterprise meets them: how severe each is for it today, what it may choose
 * instead, and what it chose.
 */
import { type RuleCode, rules } from '../catalogue/rules/index.ts'
import type { Severity } from '../catalogue/rules/rule.ts'
import { chinaDay } from '../kernel/clock.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import {
  effectiveSeverity,
  findRuleEditions,
  findRuleSwitches,
  setRuleSwitches,
} from '../store/rule-switches.ts'
import type { Db } from '../store/tables.ts'
import { inTransaction } from '../store/transaction.ts'
import type { FlowDeps } from './types.ts'

export interface EnterpriseRule extends Text {
  readonly rule: RuleCode
  readonly cure: Text
  /** What breaking it leads to, for this enterprise today. */
  readonly severity: Severity
  /** What it leads to unless the enterprise chose otherwise. */
  readonly usual: Severity
  /** What it may choose instead. */
  readonly choices: readonly Severity[]
  readonly chosen: Severity | null
  /** Code customs refuses with; null where none was seen. */
  readonly customs: string | null
  readonly validFrom: string
  readonly validTo: string | null
  readonly confidence: string
  readonly source: string
}

export interface RuleChoice {
  readonly rule: RuleCode
  /** null leaves it at the usual severity. */
  readonly severity: Severity | null
}

/** Rules in force today, in the order of their codes. */
export const enterpriseRules = async (
  { clock }: Pick<FlowDeps, 'clock'>,
  db: Db,
  enterpriseId: string,
): Promise<readonly EnterpriseRule[]> => {
  const editions = await findRuleEditions(db, chinaDay(clock.now()))
  const switches = new Map(
    (await findRuleSwitches(db, [enterpriseId])).map(({ rule, severity }) => [rule, severity]),
  )
  return editions.map((edition) => {
    const { rule, severity: usual, validFrom, validTo, confidence, source } = edition
    const { zh, en, cure, customs = null, softer: choices = [] } = rules[rule]
    const chosen = switches.get(rule)
    const severity = effectiveSeverity(edition, chosen)
    return {
      ...{ rule, zh, en, cure, severity, usual, choices, chosen: chosen ?? null, customs },
      ...{ validFrom, validTo, confidence, source },
    }
  })
}

export type RulesChosen =
  | { readonly kind: 'chosen'; readonly rules: readonly EnterpriseRule[] }
  | { readonly kind: 'not-offered'; readonly faults: readonly Fault[] }

/** All of the choices are kept, or none. */
export const chooseRules = async (
  deps: FlowDeps,
  enterpriseId: string,
  chosen: readonly RuleChoice[],
  setBy: string | null,
): Promise<RulesChosen> => {
  const faults = chosen.flatMap(({ rule, severity }, i) =>
    severity === null || rules[rule].softer?.includes(severity) === true
      ? []
      : [notOffered(rule, at(at('/rules', i), 'severity'))],
  )
  if (faults.length > 0) return { kind: 'not-offered', faults }
  const now = deps.clock.now()
  // Of a rule named twice the last word counts.
  const last = [...new Map(chosen.map((choice) => [choice.rule, choice])).values()]
  await inTransaction(deps.db, (trx) => setRuleSwitches(trx, enterpriseId, last, { setBy, now }))
  deps.log.info('rules-chosen', { enterprise: enterpriseId, rules: last.map(({ rule }) => rule) })
  return { kind: 'chosen', rules: await enterpriseRules(deps, deps.db, enterpriseId) }
}

const notOffered = (rule: RuleCode, pointer: string): Fault => {
  const choices = rules[rule].softer ?? []
  return {
    code: `RULES-${rule}-NOT_OFFERED`,
    pointer,
    severity: 'error',
    text: {
      zh: '该规则不能改为这一处理方式',
      en: 'This rule cannot be set to that',
    },
    cure:
      choices.length === 0
        ? { zh: '该规则不可调整，去掉此项', en: 'Leave it out: the rule cannot be changed' }
        : {
            zh: `可选：${choices.join('、')}，或 null 恢复默认`,
            en: `Choose ${choices.join(' or ')}, or null for what is usual`,
          },
  }
}
