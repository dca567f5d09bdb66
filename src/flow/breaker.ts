/**
 * The breaker of one link: after some failures in a row nothing is sent but one pilot message now
 * and then; once a pilot is taken the queue drains at a pace that doubles, and then runs free. Pure:
 * it takes how the link stands and what a batch met, and gives how it stands then. The state lies in
 * the database, so all gateways keep to it and a restart forgets nothing.
 */
import {
  BREAKER_FAILURES_MAX,
  BREAKER_RETRY_FIRST_MS,
  BREAKER_RETRY_MAX_MS,
  DRAIN_PAUSE_MS,
  LINK_SENT_NOTED_MS,
} from '../kernel/limits.ts'
import type { LinkState } from '../store/links.ts'

/** What became of the messages of one batch. */
export interface BatchTally {
  /** The far side answered: it took the message, or said that it never will. */
  readonly answered: number
  /** Of these, how many it took. */
  readonly sent: number
  /** The far side could not be reached or did not want any. */
  readonly failed: number
  /** Of the last failure; '' without one. */
  readonly problem: string
}

/** How many messages may go now, of `limit` that could. */
export const allowance = (link: LinkState, limit: number, now: Date): number => {
  if (link.state === 'up') return limit
  if (link.retryAt > now) return 0
  return link.state === 'down' ? 1 : Math.min(limit, link.pace)
}

/** The link while a pilot or a paced batch is under way: nobody else sends one meanwhile. */
export const whileTrying = (link: LinkState, until: Date): LinkState => ({
  ...link,
  retryAt: until,
})

/**
 * `full` is the batch at which a draining link runs free; `spread`, 0 to 1, keeps gateways that
 * failed together from returning together.
 */
export const afterBatch = (
  link: LinkState,
  batch: BatchTally,
  { now, full, spread }: { readonly now: Date; readonly full: number; readonly spread: number },
): LinkState => {
  const held = batch.sent > 0 ? { ...link, sentAt: now } : link
  if (batch.answered === 0 && batch.failed === 0) return held
  if (batch.answered === 0) return failing(held, batch, now, spread)
  if (held.state === 'up')
    return held.failures === 0 ? held : { ...held, failures: 0, problem: null }
  const pace =
    held.state === 'down' ? 1 : batch.failed > 0 ? Math.max(1, held.pace >> 1) : held.pace * 2
  if (pace > full) return { ...held, state: 'up', since: now, failures: 0, pace: 0, problem: null }
  const since = held.state === 'down' ? now : held.since
  const retryAt = new Date(now.getTime() + DRAIN_PAUSE_MS)
  return { ...held, state: 'draining', since, failures: 0, pace, retryAt }
}

/** Whether it is worth a write: an untroubled link is noted now and then only. */
export const isNews = (before: LinkState, after: LinkState): boolean =>
  before.state !== after.state ||
  before.failures !== after.failures ||
  before.pace !== after.pace ||
  before.retryAt.getTime() !== after.retryAt.getTime() ||
  (after.sentAt?.getTime() ?? 0) - (before.sentAt?.getTime() ?? 0) >= LINK_SENT_NOTED_MS

/**
 * What opens it counts as so many failures however many fell at once, and each pilot as one more: a
 * moment's trouble under load must not look like an hour's.
 */
const failing = (link: LinkState, batch: BatchTally, now: Date, spread: number): LinkState => {
  const { problem } = batch
  const isUp = link.state === 'up'
  // It set out before the link went down, and says nothing of how it is now.
  if (link.state === 'down' && batch.failed > 1) return link
  const failures = isUp
    ? Math.min(BREAKER_FAILURES_MAX, link.failures + batch.failed)
    : link.failures + 1
  if (isUp && failures < BREAKER_FAILURES_MAX) return { ...link, failures, problem }
  const tries = Math.max(0, failures - BREAKER_FAILURES_MAX)
  const full = Math.min(BREAKER_RETRY_MAX_MS, BREAKER_RETRY_FIRST_MS * 2 ** Math.min(tries, 20))
  const retryAt = new Date(now.getTime() + full * (1 - spread / 4))
  const since = link.state === 'down' ? link.since : now
  return { ...link, state: 'down', since, failures, retryAt, pace: 0, problem }
}
