/** The log of a Worker: one JSON object a line on the console, which the platform collects. */
import type { Log } from '../flow/types.ts'

export const consoleLog: Log = {
  info: (event, facts) => console.log(JSON.stringify({ level: 'info', msg: event, ...facts })),
  warn: (event, facts) => console.warn(JSON.stringify({ level: 'warn', msg: event, ...facts })),
  error: (event, facts) => console.error(JSON.stringify({ level: 'error', msg: event, ...facts })),
}
