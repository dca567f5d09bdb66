/** Bounds of the feed of events, each with its reason. */

/**
 * Events that one step enters in the pages: some 50 ms, in which the sealing is nobody else's. A
 * gateway at its peak writes as many in half a second.
 */
export const EVENT_STEP_EVENTS = 10_000
/** Steps of one turn; what is left is for the next, which follows at once. */
export const EVENT_STEPS_MAX = 20
/** Numbers that one page spans. */
export const EVENT_PAGE_EVENTS = 500
/** Pages of one sender opened for one answer: in quiet hours a page holds an event or two. */
export const EVENT_PAGES_READ_MAX = 50
/** Pages are made as long as somebody pulled within so many days, or a web hook is told. */
export const EVENT_FOLLOWED_DAYS = 30
/** How long pages are kept, in days: a receiver that was away longer reads the documents themselves. */
export const EVENT_DAYS_KEPT = 30
/** Pages forgotten by one statement, and statements of one round of housekeeping. */
export const EVENT_PAGES_FORGOTTEN = 5_000
export const EVENT_FORGET_ROUNDS_MAX = 100
