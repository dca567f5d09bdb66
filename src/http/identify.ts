/**
 * Who calls, found out at the cost of whoever he is: trying a key that was never good here uses up
 * the quota of strangers before it is looked up, and gives it back when it turns out to be good. So
 * nobody makes the database look for keys that he invents, and who works here pays nothing.
 */
import type { Context } from 'hono'
import { type Identity, readBearer } from './accounts.ts'
import { addressKey, takeQuota } from './limits.ts'
import { pageCallOf } from './page-calls.ts'
import { problemResponse } from './problems.ts'
import type { AppEnv } from './route.ts'

/** The refusal where nobody we know calls, or where too many of that address were tried. */
export const identifyCaller = async (c: Context<AppEnv>): Promise<Identity | Response> => {
  const known = pageCallOf(c)?.identity
  if (known !== undefined) return known
  if (isTry(c)) return tryKey(c)
  return (await c.get('deps').accounts.identify(c.req.raw.headers)) ?? refuseStranger(c)
}

/** The same for what anybody may see, and some see more of: undefined is anybody. */
export const whoLooks = async (c: Context<AppEnv>): Promise<Identity | undefined> => {
  const known = pageCallOf(c)?.identity
  if (known !== undefined) return known
  if (!isTry(c)) return c.get('deps').accounts.identify(c.req.raw.headers)
  const quota = c.get('quotaHeaders')
  const found = await tryKey(c)
  // What the page itself used is told.
  c.set('quotaHeaders', quota)
  return found instanceof Response ? undefined : found
}

export const refuseStranger = async (c: Context<AppEnv>): Promise<Response> =>
  (await takeQuota(c, 'stranger', addressKey(c), 1)) ?? unauthenticated(c)

/** A key that would have to be looked up. What a cookie says is signed, and costs no look-up if it is not. */
const isTry = (c: Context<AppEnv>): boolean => {
  const { headers } = c.req.raw
  return readBearer(headers) !== undefined && !c.get('deps').accounts.remembers(headers)
}

const tryKey = async (c: Context<AppEnv>): Promise<Identity | Response> => {
  const { accounts, limiter } = c.get('deps')
  const address = addressKey(c)
  const usedUp = await takeQuota(c, 'stranger', address, 1)
  if (usedUp !== undefined) return usedUp
  let isStranger = false
  try {
    const identity = await accounts.identify(c.req.raw.headers)
    isStranger = identity === undefined
    return identity ?? unauthenticated(c)
  } finally {
    if (!isStranger) {
      await limiter?.giveBack('stranger', address, 1)
      c.set('quotaHeaders', undefined)
    }
  }
}

const unauthenticated = (c: Context<AppEnv>): Response =>
  problemResponse(c, 'UNAUTHENTICATED', { headers: { 'www-authenticate': 'Bearer' } })
