/** When a step that talks to the far side is tried again. */
import { BACKOFF_FIRST_MS } from '../kernel/limits.ts'
import type { WorkItem } from '../store/work.ts'

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
