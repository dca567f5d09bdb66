/**
 * What rules find in one document, and what follows: how severe a rule is depends on the day and on
 * whoever sends the document, and is asked for only when something was found.
 */
import { type RuleCode, rules } from '../catalogue/rules/index.ts'
import type { Fault, Text } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import type { TodaysRules } from './todays-rules.ts'

export interface Finding {
  readonly rule: RuleCode
  /** Field, or group, that is told in the fault's code. */
  readonly field: string
  readonly pointer: string
  readonly text: Text
  /** Instead of the rule's own. */
  readonly cure?: Text
  /** What it rests on, see `Fault`. */
  readonly values?: Readonly<Record<string, string>>
  /** Never refuses, whatever the rule's severity: it is a matter of form alone. */
  readonly mild?: true
}

export interface Found {
  readonly kind: string
  readonly senderId: string
  readonly findings: readonly Finding[]
}

/** The faults of each document, in the order given; nothing is read where nothing was found. */
export const settleFindings = async (
  rules: TodaysRules,
  found: readonly Found[],
): Promise<readonly (readonly Fault[])[]> => {
  const concerned = found.filter(({ findings }) => findings.length > 0)
  if (concerned.length === 0) return found.map(() => [])
  const { severities: severityOf } = await rules()
  return found.map(({ kind, senderId, findings }) =>
    findings
      .flatMap((finding): Fault[] => {
        const severity = severityOf(finding.rule, senderId)
        if (severity === undefined) return []
        const refuses = severity === 'refuse' && finding.mild !== true
        return [faultOf(kind, finding, refuses ? 'error' : 'warning')]
      })
      .slice(0, FAULTS_PER_DOCUMENT_MAX),
  )
}

/** A rule's fault, as severe as told. */
export const faultOf = (
  kind: string,
  { rule, field, pointer, text, cure, values }: Omit<Finding, 'mild'>,
  severity: Fault['severity'],
): Fault => ({
  code: `${kind}-${field}-${rule}`,
  ...{ pointer, severity, text, cure: cure ?? rules[rule].cure },
  ...(values === undefined ? {} : { values }),
})
