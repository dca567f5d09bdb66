/**
 * A rule of sense across fields, documents or registers, as data: what must hold, what follows when
 * it does not, and what customs would say. The engine that finds out lives elsewhere; it names the
 * rule by its code and nothing else.
 */
import type { Text } from '../../kernel/fault.ts'

/**
 * What breaking a rule leads to. `refuse`: the document is not taken. `hold`: a list is not sent
 * while its consignment breaks the rule, until a corrected document comes or somebody who may sends
 * it on. `warn`: it is told and nothing more.
 */
export type Severity = 'refuse' | 'hold' | 'warn'

export interface Rule extends Text {
  readonly severity: Severity
  /** What an enterprise may choose instead; left out where nothing. */
  readonly softer?: readonly Severity[]
  /** `yyyy-MM-dd`, China days, both included; no `validTo`: until further notice. */
  readonly validFrom: string
  readonly validTo?: string
  /** Code in customs' `[Code:…]` text for a consignment that breaks it; left out where none was seen. */
  readonly customs?: string
  /**
   * A official or told by two independent sources, B by one, M from general knowledge, I our own
   * inference. What is not sure only warns, unless it speaks of what is kept here and may be softened.
   */
  readonly confidence: 'A' | 'B' | 'M' | 'I'
  readonly source: string
  /** What to do about it. */
  readonly cure: Text
}

export type Rules = Readonly<Record<string, Rule>>
