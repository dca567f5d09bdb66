/**
 * Web hooks on the wire, by Standard Webhooks 1.0: a POST with `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`, taken when the answer is 2xx. A redirect is not followed. The address was chosen
 * by an enterprise, so nothing is called that does not lie in the open Internet, unless the operator's
 * settings let it.
 */
import { createHmac } from 'node:crypto'
import { WEBHOOK_RETRY_AFTER_SECONDS_MAX, WEBHOOK_TIMEOUT_MS } from '../kernel/webhook-limits.ts'
import { isPublicAddress } from './address.ts'
import { failureName } from './http-transport.ts'

export interface WebhookMessage {
  /** The same, however often the same bytes are sent. */
  readonly id: string
  /** JSON. */
  readonly body: string
  /** Of this try. */
  readonly at: Date
  /** Each signs; the newest first. */
  readonly secrets: readonly Uint8Array[]
}

export type WebhookAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly retryAfterSeconds?: number | undefined
    }
  /** No answer: what failed, without the address and its contents. */
  | { readonly kind: 'failed'; readonly reason: string }

/** What may be called: the open Internet by https, or any address by http too. */
export type WebhookReach = 'public' | 'any'

export interface WebhookCalls {
  readonly reach: WebhookReach
  /** Never throws for a far-side failure. */
  post(url: string, message: WebhookMessage): Promise<WebhookAnswer>
}

/** The reason of what was not called, because its name led to an address that is not public. */
export const ADDRESS_NOT_PUBLIC = 'ADDRESS_NOT_PUBLIC'

const SECRET_PREFIX = 'whsec_'

/** The secret as its receiver is told it. */
export const tellSecret = (secret: Uint8Array): string =>
  `${SECRET_PREFIX}${Buffer.from(secret).toString('base64')}`

export const headersOf = ({ id, body, at, secrets }: WebhookMessage): Record<string, string> => {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signatures = secrets.map(
    (secret) =>
      `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  )
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Yuguan-Webhooks',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}

/**
 * What is wrong with an address as it is written: no URL, with a name and password in it, not by https,
 * or one that names a place that is not public. What its name leads to is looked at when it is called.
 */
export const addressProblem = (
  text: string,
  reach: WebhookReach,
): 'form' | 'credentials' | 'scheme' | 'private' | undefined => {
  if (!URL.canParse(text)) return 'form'
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') return 'credentials'
  if (url.protocol !== 'https:' && !(reach === 'any' && url.protocol === 'http:')) return 'scheme'
  return reach === 'any' || isPublicHost(url.hostname) ? undefined : 'private'
}

/** Of an address in figures all is known; of a name only that some are never public. */
export const isPublicHost = (hostname: string): boolean =>
  /^\[|^[\d.]+$/.test(hostname)
    ? isPublicAddress(hostname.replace(/^\[|\]$/g, ''))
    : hostname.includes('.') &&
      !/(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i.test(hostname)

/** Seconds of a Retry-After, bounded; undefined for none, or for a date. */
export const readRetryAfter = (text: string | null | undefined): number | undefined =>
  /^\d{1,9}$/.test(text ?? '') ? Math.min(Number(text), WEBHOOK_RETRY_AFTER_SECONDS_MAX) : undefined

/**
 * By the platform's fetch, for Workers: there is no look at what a name leads to, and no network of ours
 * behind it either; the platform refuses private addresses by itself.
 */
export const fetchWebhooks = (reach: WebhookReach): WebhookCalls => ({
  reach,
  post: async (url, message) => {
    if (addressProblem(url, reach) !== undefined)
      return { kind: 'failed', reason: ADDRESS_NOT_PUBLIC }
    try {
      const answer = await fetch(url, {
        ...{ method: 'POST', headers: headersOf(message), body: message.body },
        ...{ redirect: 'manual', signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS) },
      })
      await answer.body?.cancel()
      const retryAfterSeconds = readRetryAfter(answer.headers.get('retry-after'))
      return { kind: 'answered', status: answer.status, retryAfterSeconds }
    } catch (error) {
      return { kind: 'failed', reason: failureName(error) }
    }
  },
})
