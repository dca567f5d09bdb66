/**
 * The account engine behind its limits: tries to sign in are counted by address and by account,
 * whether or not there is such an account, everything else of it by address.
 */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { ACCOUNT_BODY_BYTES_MAX } from '../kernel/limits.ts'
import { isRecord, readJson } from './body.ts'
import { addressKey, takeQuota } from './limits.ts'
import { problemResponse } from './problems.ts'
import type { AppEnv } from './route.ts'

/** Answers `/api/auth/*`. */
export const handleAuth = async (c: Context<AppEnv>): Promise<Response> => {
  const { accounts } = c.get('deps')
  const address = addressKey(c)
  if (!isTry(c.req.path))
    return (await takeQuota(c, 'account', address, 1)) ?? accounts.handle(c.req.raw)
  const usedUp = await takeQuota(c, 'sign-in', address, 1)
  if (usedUp !== undefined) return usedUp
  const { raw } = c.req
  const read = await readJson(raw, ACCOUNT_BODY_BYTES_MAX)
  if (read.kind === 'problem') return problemResponse(c, read.code)
  const email = isRecord(read.value) ? read.value.email : undefined
  if (typeof email === 'string') {
    const tried = await takeQuota(c, 'sign-in', accountKey(email), 1)
    if (tried !== undefined) return tried
  }
  const { method, headers } = raw
  return accounts.handle(new Request(raw.url, { method, headers, body: Buffer.from(read.bytes) }))
}

/** Passwords and codes are tried; each try costs a slow hash, or might be a guess. */
const isTry = (path: string): boolean =>
  path.startsWith('/api/auth/sign-in/') || path.startsWith('/api/auth/two-factor/verify-')

/** A name to sign in with is personal, so its hash stands for it. */
const accountKey = (email: string): string =>
  `account ${createHash('sha256').update(email.trim().toLowerCase()).digest('base64')}`
