/** Bounds of bonded books, each with its reason; the others stand in `limits.ts`. */

/**
 * Rows in one request for items, movements or a count: judged together, written by one statement
 * each. A warehouse with more counts shelf by shelf.
 */
export const BONDED_ROWS_MAX = 5_000
/** Items that a report of a count names although nobody counted them. */
export const UNCOUNTED_TOLD_MAX = 1_000
/** Bodies of such requests as JSON: some 600 bytes a row at most. */
export const BONDED_BODY_BYTES_MAX = 4 * 1024 * 1024
