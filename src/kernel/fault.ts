/**
 * A fault is something wrong with what somebody handed in, told so that he can mend it: a stable
 * code, where it is, what is wrong and what to do, in Chinese and in English. Faults are data; they
 * are collected, never thrown. Their texts never repeat the offending value, which may be personal.
 */
export interface Text {
  readonly zh: string
  readonly en: string
}

export interface Fault {
  /** Stable: `<kind>-<field>-<what>`, e.g. `CEB311-acturalPaid-MISSING`. Retired, never reused. */
  readonly code: string
  /** RFC 6901 JSON Pointer into the document as handed in, e.g. `/OrderList/0/qty`. */
  readonly pointer: string
  /** A warning is told and stored with the answer, but does not refuse the document. */
  readonly severity: 'error' | 'warning'
  readonly text: Text
  readonly cure: Text
  /**
   * What two documents say, by kind, where the fault is that they differ; or the terms of a sum. Personal values are masked;
   * those of a document that the reader may not see are left out.
   */
  readonly values?: Readonly<Record<string, string>>
}

/** True when at least one fault refuses the document. */
export const refuses = (faults: readonly Fault[]): boolean =>
  faults.some((fault) => fault.severity === 'error')

/** The same faults, those that refuse before the warnings: for every list that is cut somewhere. */
export const errorsFirst = (faults: readonly Fault[]): readonly Fault[] => [
  ...faults.filter(({ severity }) => severity === 'error'),
  ...faults.filter(({ severity }) => severity === 'warning'),
]

/** Appends one reference token to a JSON Pointer, escaped by RFC 6901 §3. */
export const at = (pointer: string, token: string | number): string =>
  `${pointer}/${String(token).replaceAll('~', '~0').replaceAll('/', '~1')}`
