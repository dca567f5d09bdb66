/**
 * Lines of the log that belong together: whatever is logged during a request bears its id, so that
 * one search finds all of it.
 */
import type { Log } from './types.ts'

/** The same log, with these facts in every line. */
export const logWith = (log: Log, always: Readonly<Record<string, unknown>>): Log => ({
  info: (event, facts) => log.info(event, { ...always, ...facts }),
  warn: (event, facts) => log.warn(event, { ...always, ...facts }),
  error: (event, facts) => log.error(event, { ...always, ...facts }),
})
