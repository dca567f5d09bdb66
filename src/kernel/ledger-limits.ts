/** Limits of what is counted: rows of an answer, and how much a chore or a rebuild does at a time. */

/** Enterprises, countries or chapters told one by one, the greatest first; the others as one row. */
export const TOTALS_ROWS_MAX = 500
/** Currencies and months without a rate that one answer tells. */
export const TOTALS_GAPS_MAX = 1_000
/** Entries that a check adds up in one statement: some four seconds, where thirty are the limit. */
export const LEDGER_SLICE_ENTRIES = 100_000
/** Lists that a rebuild, a check or a placing looks at in one statement; writers wait for one of them. */
export const LEDGER_PAGE_ROWS = 1_000
/** Months of which one run places stored lists anew. */
export const PLACED_MONTHS_MAX = 24
