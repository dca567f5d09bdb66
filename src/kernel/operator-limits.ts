/** Bounds of what the operator looks at, each with its reason. */

/** Operators and committee people listed at once: they are made one by one. */
export const STAFF_MAX = 500
/** Users that a look-up tells; whoever gets more has typed too little of a name. */
export const PEOPLE_FOUND_MAX = 50
/** Enterprises told beside each of them. */
export const PERSON_ENTERPRISES_MAX = 10
/** Letters of a name or an e-mail address that are looked for. */
export const PERSON_Q_LENGTH_MAX = 200
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
/** Loads of reference tables shown beside the tables. */
export const LOADS_SHOWN = 20
/** Rows of a reference table on one page. */
export const REFERENCE_PAGE_ROWS = 100
/**
 * A file up to so many bytes goes along in the page of its preview, so that it need not be chosen
 * again; a page stays small.
 */
export const PREVIEW_KEPT_BYTES_MAX = 200 * 1024
/** Fields of the form beside its file, and the lines around its parts. */
export const UPLOAD_FORM_BYTES = 16 * 1024
