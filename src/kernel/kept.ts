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
  let kept: { readonly since: number; readonly answer: Promise<T> } | undefined
  return () => {
    const now = clock.now().getTime()
    // A clock that was set back (a year that is played) would keep it for long.
    if (kept !== undefined && now >= kept.since && now < kept.since + ms) return kept.answer
    const entry = { since: now, answer: read() }
    kept = entry
    entry.answer.catch(() => {
      if (kept === entry) kept = undefined
    })
    return entry.answer
  }
}
