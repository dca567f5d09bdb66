/** Bounds of the news that desks are told. */

/** From one reading to the next, for all pages of a process together. */
export const NEWS_TICK_MS = 2_000
/**
 * Readings that a transaction may be late by: an event's number is given out before it is committed,
 * so what a reading did not see yet is looked for again in the next five (10 s).
 */
export const NEWS_OVERLAP_TICKS = 5
/** Events of one reading; of more than that only the latest are told, and pages are asked to reload. */
export const NEWS_EVENTS_MAX = 20_000
/** Documents of one reading. */
export const NEWS_ROWS_MAX = 2_000
/** Documents told to one page at once; of more it is told that there is more. */
export const NEWS_TOLD_MAX = 100
/** Documents whose last word is remembered, so that none is told twice; about 100 bytes each. */
export const NEWS_REMEMBERED_MAX = 20_000
/** What a page that has just come is told of what came before it: between its making and its listening. */
export const NEWS_RECENT_MAX = 500
/** Events looked back on when somebody watches again after nobody did. */
export const NEWS_LOOKBACK_EVENTS = 500
/** A stream ends after so long and its page comes back: session, mandates and roles are asked anew. */
export const NEWS_STREAM_TICKS = 300
/** A sign of life, in ticks, for proxies that end silent connections. */
export const NEWS_HEARTBEAT_TICKS = 8
