/**
 * Calls that a page of ours makes of the interface, within the process and in its reader's name. The
 * page has found out who reads and taken its one request of his quota; both go with the call, so
 * that a page of five parts neither looks the session up five times nor counts as five requests.
 */
import type { Context } from 'hono'
import type { Identity } from './accounts.ts'

/** What the page knows of its reader. */
export interface PageCall {
  /** Undefined is anybody. */
  readonly identity: Identity | undefined
}

/** No request from outside has it: an environment is made by whoever runs the application. */
const PAGE_CALL = Symbol('page call')

/** The environment of the page's own request with what it knows; addresses are found in it as before. */
export const withPageCall = (env: unknown, call: PageCall): object => ({
  ...(typeof env === 'object' ? env : {}),
  [PAGE_CALL]: call,
})

export const pageCallOf = (c: Context): PageCall | undefined => {
  const env: unknown = c.env
  return typeof env === 'object' && env !== null && PAGE_CALL in env
    ? // Only `withPageCall` writes it.
      (env[PAGE_CALL] as PageCall)
    : undefined
}
