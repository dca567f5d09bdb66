/** Bounds of settlements, each with its reason. */

/**
 * Records in one request: judged together and written by one statement each. With the lines of all of
 * them bounded as well, a request stays a matter of seconds.
 */
export const SETTLEMENTS_PER_REQUEST_MAX = 500
/** Lines of all records of one request. */
export const SETTLEMENT_LINES_PER_REQUEST_MAX = 20_000
/** Bodies as JSON: some 200 bytes a line at most, and the heads. */
export const SETTLEMENT_BODY_BYTES_MAX = 6 * 1024 * 1024
/**
 * How often the chore follows releases, in milliseconds: a line waits so much longer at most. Each run
 * seals the ledger, for which its writers wait a moment: a peak is not to be stopped every half minute.
 */
export const SETTLEMENTS_FOLLOW_MS = 300_000
/** Ledger entries that one step of the chore follows, and lists that one step looks at. */
export const SETTLEMENTS_FOLLOW_ROWS = 2_000
/** Steps of one run: what is left waits for the next one. */
export const SETTLEMENTS_FOLLOW_STEPS_MAX = 50
/** Records that one look at lists judges again in one transaction. */
export const SETTLEMENTS_LOOK_RECORDS_MAX = 1_000
/** Such transactions for one list: nobody settles one order in a hundred thousand records. */
export const SETTLEMENTS_LOOK_PAGES_MAX = 100
/**
 * How long a rate is in force before the lists that were compared at another one are looked at again, in
 * milliseconds: whoever read the old one has written by then what came of it.
 */
export const SETTLEMENTS_RATE_LAG_MS = 300_000
/** Versions of a record that are shown, the latest: nobody changes one so often. */
export const SETTLEMENT_VERSIONS_SHOWN_MAX = 100
/** Versions of one record. */
export const SETTLEMENT_VERSIONS_MAX = 10_000
/** Lists with no more than these are asked of one order: more would be of other sellers. */
export const SETTLEMENT_TARGETS_MAX = 16
/** Sellers that the list of the registration line names, the greatest first. */
export const REGISTRATION_SELLERS_MAX = 1_000
/** Rows of the totals: months, currencies and institutions of a year. */
export const SETTLEMENT_TOTALS_ROWS_MAX = 20_000
/**
 * Lists released in the months asked for, and lines of their records, up to which the three-way check of an
 * enterprise's own is made at once; each list costs some 10 µs.
 */
export const SETTLEMENT_TIES_LISTS_MAX = 10_000
/** The same of everybody's, of which a chore makes the check that is told where there are more. */
export const SETTLEMENT_TIES_ALL_MAX = 2_000
/** How often the chore compares months, in milliseconds. */
export const SETTLEMENT_TIES_MS = 600_000
/** Months compared in one turn: half a million lists of a month take ten seconds of one core. */
export const SETTLEMENT_TIES_MONTHS_MAX = 3
/** A month is compared again after so many milliseconds although nothing changed: damage tells nobody. */
export const SETTLEMENT_TIES_KEPT_MS = 86_400_000
/** One statement of the comparison of a month, in milliseconds: far longer than any took. */
export const SETTLEMENT_TIES_STATEMENT_MS_MAX = 600_000
/** How often rows of the sums are put together, in milliseconds: readers add up what came meanwhile. */
export const SETTLEMENT_FOLD_MS = 60_000
/** Rows of one sum that one statement puts together: half a second of work. */
export const SETTLEMENT_FOLD_ROWS = 20_000
/** Statements of one turn; what is left waits for the next. */
export const SETTLEMENT_FOLD_ROUNDS_MAX = 50
