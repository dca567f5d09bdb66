/** Bounds of targets, their forecast and the scoreboard, each with its reason. */

/** Years before the one asked for that a forecast looks at: two of each month, and the run up to them. */
export const HISTORY_YEARS = 2
/** Last complete months whose pace counts: a quarter evens out a single peak and still follows growth. */
export const PACE_MONTHS = 3
/** Errors of the past below which no range is given: with 4 even the widest one holds 3 times in 5. */
export const RANGE_ERRORS_MIN = 5
/** Errors of the past that count, the latest ones. */
export const RANGE_ERRORS_MAX = 36
/** Of the errors of the past, one in so many is left out at either end: a range that holds 4 times in 5. */
export const RANGE_TAIL = 10
/** Zones with a share of the target that one answer shows; the city has nine. */
export const TARGET_SHARES_MAX = 200
/** Indicators of the scoreboard on one day. */
export const INDICATORS_MAX = 100
/** Rows of one page of an indicator. */
export const INDICATOR_PAGE_ROWS_MAX = 500
/** Tags of one enterprise that one answer shows. */
export const TAGS_PER_ENTERPRISE_MAX = 500
