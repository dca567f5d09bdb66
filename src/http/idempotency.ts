/** The Idempotency-Key of a request: its form, and the hash that tells the same request again. */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { IntakeOptions } from '../flow/types.ts'
import { IDEMPOTENCY_KEY_LENGTH_MAX } from '../kernel/limits.ts'
import type { AppEnv } from './route.ts'

export const idempotencyHeader = {
  'Idempotency-Key': {
    zh: '同一请求重复提交时返回同一结果,保存 24 小时',
    en: 'the same request again gets the same answer, for 24 hours',
  },
}

/** Added to an answer that was given before. */
export const replayedHeader = { 'idempotency-replayed': 'true' }

/** How intake shall take the request; undefined when its key is not usable. */
export const intakeOptions = (
  c: Context<AppEnv>,
  body: Uint8Array,
  dryRun: boolean,
): IntakeOptions | undefined => {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return { dryRun }
  if (!isIdempotencyKey(key)) return undefined
  return { dryRun, idempotency: { key, requestHash: requestHash(c, body) } }
}

const isIdempotencyKey = (key: string): boolean =>
  key.length <= IDEMPOTENCY_KEY_LENGTH_MAX && /^[\x21-\x7e]+$/.test(key)

const requestHash = (c: Context<AppEnv>, bytes: Uint8Array): Uint8Array => {
  const { search } = new URL(c.req.url)
  return createHash('sha256')
    .update(`${c.req.method} ${c.req.path}${search}\n`)
    .update(bytes)
    .digest()
}
