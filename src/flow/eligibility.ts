/**
 * Whether an export list may go the simplified way, which needs no monthly summary, as far as the
 * list tells: for its view, and as a warning where a list that asks for it has a reason against it.
 */

import { headOf } from '../catalogue/index.ts'
import type { AnyDocument, Declaration } from '../catalogue/message.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { add, type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { judgeSimplified, type Reason, type Simplified } from '../rules/summary.ts'
import type { RuleValues } from '../store/rule-values.ts'

export interface Eligibility {
  /** What the list asks for. */
  readonly flag: string
  readonly simplified: boolean | 'unknown'
  readonly reasons: readonly (Reason & {
    /** What the reason rests on, where it is a figure that may change; null otherwise. */
    readonly source: string | null
    readonly confidence: string | null
  })[]
}

/** Undefined for kinds that no summary names. */
export const eligibilityOf = (
  entry: Declaration,
  document: AnyDocument,
  values: RuleValues,
): Eligibility | undefined => {
  const { summarised } = entry
  if (summarised === undefined) return undefined
  const { simplified, reasons } = judge(entry, document, values)
  const basis = { amount: 'simplified-amount-max', zone: 'pilot-zone-offices' } as const
  return {
    flag: headOfDocument(entry, document)[summarised.flag] ?? '',
    simplified,
    reasons: reasons.map((reason) => {
      const rule =
        reason.fact === 'amount' || reason.fact === 'zone'
          ? values(basis[reason.fact], entry.code)
          : undefined
      return { ...reason, source: rule?.source ?? null, confidence: rule?.confidence ?? null }
    }),
  }
}

/** A warning for each reason against the simplified way that a list asks for. */
export const eligibilityWarnings = (
  entry: Declaration,
  document: AnyDocument,
  values: RuleValues,
): readonly Fault[] => {
  const { summarised } = entry
  if (summarised === undefined) return []
  const flag = headOfDocument(entry, document)[summarised.flag]
  if (flag !== summarised.simplified) return []
  return judge(entry, document, values)
    .reasons.filter(({ verdict }) => verdict === 'against')
    .map(({ fact, text }) => ({
      code: `${entry.code}-${summarised.flag}-NOT_SIMPLIFIED_${fact.toUpperCase()}`,
      pointer: at(at('', headOf(entry).group ?? ''), summarised.flag),
      severity: 'warning',
      text,
      cure: {
        zh: `确认适用简化申报；否则请改为汇总申报（${summarised.flag} 填 ${summarised.consolidated}）`,
        en: `See whether the simplified way is open; otherwise declare ${summarised.flag} ${summarised.consolidated}, to be summarised`,
      },
    }))
}

const judge = (entry: Declaration, document: AnyDocument, values: RuleValues): Simplified => {
  const { summarised } = entry
  if (summarised === undefined) throw new Error(`${entry.code} is not summarised`)
  const head = headOfDocument(entry, document)
  const offices = values('pilot-zone-offices', entry.code)?.value
  const office = head[summarised.office] ?? ''
  const limit = values('simplified-amount-max', entry.code)?.value
  return judgeSimplified({
    // Offices elsewhere may lie in other pilot zones, of which nothing is kept here.
    inPilotZone: offices !== undefined && office.startsWith(offices) ? true : undefined,
    amount: amountOf(entry, document),
    amountMax: limit === undefined ? undefined : readDecimal(limit),
    hasLicence: (head[summarised.licence] ?? '') !== '',
  })
}

/** Sum of the lines in CNY; undefined when one stands in another currency. */
const amountOf = (entry: Declaration, document: AnyDocument): Decimal | undefined => {
  const { summarised } = entry
  if (summarised === undefined) return undefined
  const { group, amount, currency, yuan } = summarised.lines
  const lines = linesOf(entry, document, group)
  if (lines.some((line) => line[currency] !== yuan)) return undefined
  return add(...lines.map((line) => readDecimal(line[amount] ?? '') ?? ZERO))
}
