/**
 * The scale by which clearance times are counted. A step ends where it began times the ratio, so that
 * whatever lies in it is at most `CLEARANCE_ERROR` away from its middle; what takes less than a second
 * is of the first step. Counts of steps add up over months, zones and writers; percentiles of the times
 * themselves would not.
 */

/** Each step ends at its begin times this. */
export const CLEARANCE_RATIO = 1.1
/** The last one begins at about five years, and has no end. */
export const CLEARANCE_STEPS = 200
/** Share of the true time that a percentile is off by at most; or a second, where that is more. */
export const CLEARANCE_ERROR = 0.05
/** Of lists that customs said nothing of before it released them: how long it took is not known. */
export const UNMEASURED = 'none'
