/** Limits of the view of zones, and of the sums beside the ledger that it reads. */

/** Rows of one month from which on a chore puts those of one key together. */
export const ZONE_FOLD_ROWS_MIN = 500
/** Refusals that a rebuild reads in one statement. */
export const ZONE_REFUSALS_PAGE = 1_000
/** Lists whose bills a rebuild counts in one transaction. */
export const ZONE_BILLS_PAGE = 500
/** Documents looked at to count what is on its way now; beyond it the answer says `more`. */
export const ZONE_QUEUE_LOOK_MAX = 20_000
/** Causes told one by one, the most frequent first; the others as one row. */
export const ZONE_CAUSES_MAX = 30
/** Units in which the stock of a zone is told. */
export const ZONE_UNITS_MAX = 50
/** Zones in one answer; a city has a dozen. */
export const ZONES_MAX = 200
