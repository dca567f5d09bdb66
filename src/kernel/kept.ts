/**
 * Something that is read at most every so often, however many ask: figures of a page, how links and
 * queues stand. Those who ask in the meantime get the same answer; a failure is told to those who
 * wait for it, and not kept.
 */
import type { Clock } from './clock.ts'

export const keptFor = <T>(
  clock: Clock,
  ms: number,
  read: () => Promise<T>,
): (() => Promise<T>) => {
  let kept: { readonly until: number; readonly answer: Promise<T> } | undefined
  return () => {
    const now = clock.now().getTime()
    if (kept !== undefined && now < kept.until) return kept.answer
    const entry = { until: now + ms, answer: read() }
    kept = entry
    entry.answer.catch(() => {
      if (kept === entry) kept = undefined
    })
    return entry.answer
  }
}
