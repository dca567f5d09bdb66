/**
 * All rules by code. A subject is one file here and one line below; its rules then have a severity
 * by day and enterprise, switches, an entry in `GET /enterprises/{id}/rules` and a line in
 * `docs/rules.md`. Codes are a contract: retired, never reused; a group shares its first word.
 */
import { bondedRules } from './bonded.ts'
import { goodsRules } from './goods.ts'
import { identityRules } from './identity.ts'
import { matchRules } from './match.ts'
import { quotaRules } from './quota.ts'
import { registerRules } from './register.ts'
import type { Rule, Rules, Severity } from './rule.ts'
import { taxRules } from './taxes.ts'

const all = {
  ...bondedRules,
  ...matchRules,
  ...quotaRules,
  ...registerRules,
  ...taxRules,
  ...identityRules,
  ...goodsRules,
} as const satisfies Rules

export type RuleCode = keyof typeof all

export const rules: Readonly<Record<RuleCode, Rule>> = all

export const ruleCodes: readonly RuleCode[] = Object.keys(all).filter((code): code is RuleCode =>
  isRuleCode(code),
)

export function isRuleCode(code: string): code is RuleCode {
  return Object.hasOwn(all, code)
}

/** Softest first. */
const order: readonly Severity[] = ['warn', 'hold', 'refuse']

/** The softer of the two. */
export const softer = (a: Severity, b: Severity): Severity =>
  order.indexOf(a) < order.indexOf(b) ? a : b
