/**
 * Bounds of the 179 interface, each with its reason; the others stand in `limits.ts`, which has no room
 * for more.
 */

/** Original payments in one request: raw texts of 16,000 characters each, sealed one by one. */
export const ORIGINAL_PAYMENTS_PER_REQUEST_MAX = 500
/**
 * One original payment as JSON, in bytes: the raw texts have at most 64 KB, a hundred orders of ten
 * goods some 500. It is held whole, signed, and sent as one form field.
 */
export const ORIGINAL_PAYMENT_BYTES_MAX = 1024 * 1024
/** Payments of one order that are shown, the newest: an order has one, seldom a few. */
export const ORIGINAL_PAYMENTS_SHOWN_MAX = 20
/** A call of customs for an order: three short members in a form; public, so that it is small. */
export const OPEN_REQUEST_BYTES_MAX = 8 * 1024
/**
 * Calls stored for one order within so many hours: each is an upload; customs repeats a few times at
 * most. Whoever invents calls for an order keeps customs from it no longer than that.
 */
export const DISCLOSURES_PER_ORDER_MAX = 50
export const DISCLOSURES_WINDOW_HOURS = 24
/** Uploads of one platform that may be under way: beyond it calls are refused until some are done. */
export const DISCLOSURES_OPEN_MAX = 10_000
/** Uploads sent at the same time by one run; each has at most some 3 MB on the wire. */
export const DISCLOSE_BATCH_MAX = 6
/** Tries at one upload; with the back-off below about a day. Then somebody must look and retry. */
export const DISCLOSE_ATTEMPTS_MAX = 150
/** Longest pause between two tries: customs wants the data within minutes of asking. */
export const DISCLOSE_BACKOFF_MAX_MS = 10 * 60_000
/** Payments and uploads forgotten by one statement, and statements of one round of housekeeping. */
export const FORGET_ROWS_MAX = 2_000
export const FORGET_ROUNDS_MAX = 20
/** What the simulated customs keeps of uploads: sessions asked for and used, at about 200 bytes. */
export const SIM_SESSIONS_MAX = 50_000
