/** Bounds of what the operator looks at, each with its reason. */

/** Operators and committee people listed at once: they are made one by one. */
export const STAFF_MAX = 500
/** Days an operator's key lasts at most; the account engine takes no more. */
export const KEY_DAYS_MAX = 3_650
/** Messages in trouble counted for a glance; beyond it "more" is enough to act on. */
export const TROUBLED_COUNTED_MAX = 1_000
/** Letters of a name or code by which enterprises are found. */
export const ENTERPRISE_Q_LENGTH_MAX = 60
/** An upload that customs asked for is called overdue after so long: the interface speaks of real time. */
export const DISCLOSURE_LATE_SECONDS = 30 * 60
/** Letters of a meaning given to a code, as the interface takes them. */
export const MEANING_LENGTH_MAX = 200
