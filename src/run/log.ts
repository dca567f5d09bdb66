/**
 * The log: one JSON object a line, through pino on Node and through the console on Workers. Events
 * have names and facts; a text written by somebody else never goes in.
 */
import { pino } from 'pino'
import type { Log } from '../flow/types.ts'
import type { LogLevel } from './config.ts'

/** To standard output; `stream` is for programs that need that for their own answer. */
export const nodeLog = (level: LogLevel, stream: 1 | 2 = 1): Log => {
  const logger = pino({ level, base: null }, pino.destination({ fd: stream, sync: true }))
  return {
    info: (event, facts) => logger.info({ ...facts }, event),
    warn: (event, facts) => logger.warn({ ...facts }, event),
    error: (event, facts) => logger.error({ ...facts }, event),
  }
}

export const silentLog: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
