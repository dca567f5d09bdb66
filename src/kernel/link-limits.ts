/**
 * Bounds of the link to customs, each with its reason: how long a sending may take, how much of what
 * is stuck goes again at a time. The others stand in `limits.ts`, which has no room for more.
 */

/**
 * How long a claim of dispatch holds before another worker may send again, in seconds. Longer than a
 * sending may take and the writing down of it; after a crash messages wait so long at most.
 */
export const DISPATCH_LEASE_SECONDS = 120
/**
 * Of a lease, the part in which a message must be handed over with all its parts; then it is given up
 * and goes again. Of 120 seconds these are 72: RabbitMQ may take 55 of them (a connection, the queue,
 * a confirm), five parts over HTTP at five seconds each 25. What is left covers the wait for a
 * connection to the database and the longest statement, so that nobody sends what is still under way.
 */
export const SENDING_SHARE = 0.6
/** A message that is so old when its turn comes may be answered already: then it is not sent. */
export const ANSWERED_LOOK_MS = 60_000
/**
 * A version that follows one which is still on its way out is looked at again after so long, later
 * each time, and at most after so long. The one before wakes it when it is out: this is for the case
 * that nobody did.
 */
export const PRIOR_RETRY_MS = 2_000
export const PRIOR_RETRY_MAX_MS = 5 * 60_000
/** Messages sent again by one request, and messages looked at for it: the answer says how many are left. */
export const RESEND_MESSAGES_MAX = 1_000
export const RESEND_LOOKED_MAX = 5_000
/** Of them in one transaction: their documents are ten thousand events at most. */
export const RESEND_BATCH_MAX = 100
/** Messages in trouble counted for the answer: more are as bad. */
export const RESEND_COUNTED_MAX = 10_000
/** Unanswered messages of which it is looked whether they were answered since, for the status page. */
export const UNANSWERED_COUNT_MAX = 200
/** A message that was given up is looked at, and an operator told of it, for so many days. */
export const UNANSWERED_TOLD_DAYS = 30
/** How long a stopped process waits for what hangs and cannot be called back, before it ends itself. */
export const SHUTDOWN_LINGER_MS = 5_000
/**
 * How long a reply queue is listened to while others wait: there may be more accounts than messages
 * that may be handed over at a time. With 2,000 of them each has its turn within about a minute.
 */
export const AMQP_TURN_MS = 2_000
