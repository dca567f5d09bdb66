/** How long a step that talks to the far side may take, and when it is tried again. */
import { BACKOFF_FIRST_MS } from '../kernel/limits.ts'
import { SENDING_SHARE } from '../kernel/link-limits.ts'
import type { WorkItem } from '../store/work.ts'
import type { FlowDeps } from './types.ts'

/** In milliseconds; less than the lease lasts, so that nobody else begins what is still under way. */
export const sendingMs = ({ leaseSeconds }: Pick<FlowDeps, 'leaseSeconds'>): number =>
  leaseSeconds * 1000 * SENDING_SHARE

/** The reason of what took longer and was given up. */
export const TOO_LATE = 'SEND_TIMEOUT'

/** Exponential, spread by a quarter so that what failed together does not return together. */
export const nextTry = (
  now: Date,
  work: Pick<WorkItem, 'attempts' | 'subject'>,
  longestMs: number,
): Date => {
  const full = Math.min(longestMs, BACKOFF_FIRST_MS * 2 ** Math.min(work.attempts - 1, 30))
  const spread = (Number.parseInt(work.subject.slice(0, 4), 16) / 0xffff) * 0.25
  return new Date(now.getTime() + full * (1 - spread))
}
