/** Bounds of web hooks, each with its reason. Those marked so are the recommendations of Standard Webhooks 1.0. */

/** Web hooks of one enterprise: one for each of its systems. */
export const WEBHOOKS_MAX = 20
export const WEBHOOK_URL_LENGTH_MAX = 500
export const WEBHOOK_DESCRIPTION_LENGTH_MAX = 100
/** Events of one message: below the 20 KB that Standard Webhooks recommends, at some 700 bytes each. */
export const WEBHOOK_EVENTS_MAX = 24
/** Stretches of the feed read for one message, where nothing in them is wanted. */
export const WEBHOOK_READS_MAX = 20
/** From the first byte sent to the answer; a receiver stores and answers, and works afterwards. */
export const WEBHOOK_TIMEOUT_MS = 10_000
/** What is read of an answer, which has nothing to say. */
export const WEBHOOK_ANSWER_BYTES_MAX = 4 * 1024
/** How long a claim holds: longer than a try takes. */
export const WEBHOOK_LEASE_MS = 60_000
/** Those found due by one look, to choose from. */
export const WEBHOOKS_DUE_MAX = 1_000
/** Receivers served side by side by one run; a slow one holds up itself alone. */
export const WEBHOOKS_AT_ONCE = 64
/** Of these, those of one enterprise: however many it has and however slow they are, others have the rest. */
export const WEBHOOKS_AT_ONCE_OF_ONE = 4
/** Messages of one turn, some 200 events; then whoever has waited longest is served before it goes on. */
export const WEBHOOK_TURN_MESSAGES = 8
/** Pauses after the first, second … failure in a row, in seconds, as Standard Webhooks has them; then the last. */
export const WEBHOOK_PAUSES_SECONDS = [
  ...[5, 5 * 60, 30 * 60],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 3_600),
] as const
/** A pause is up to so much longer, so that what failed together does not return together. */
export const WEBHOOK_PAUSE_SPREAD = 0.2
/** What a receiver may ask for by Retry-After, in seconds. */
export const WEBHOOK_RETRY_AFTER_SECONDS_MAX = 24 * 3_600
/** Failing for so many days without one success: disabled, until somebody resumes it. */
export const WEBHOOK_FAILING_DAYS_MAX = 5
/** The secret; Standard Webhooks asks for 24 to 64 bytes. */
export const WEBHOOK_SECRET_BYTES = 32
/** How long the secret before signs too, in hours: time to change it in the receiver. */
export const WEBHOOK_OLD_SECRET_HOURS = 24
/** Those in trouble that the status tells one by one, the longest first; the others are counted. */
export const WEBHOOKS_TROUBLED_MAX = 100
/** Tries kept of each. */
export const WEBHOOK_TRIES_KEPT = 50
