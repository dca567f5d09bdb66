/**
 * Web hooks over sockets of Node. Every address that a name leads to is looked at when it is connected
 * to, by the very look-up that the connection uses: a name that led elsewhere a moment ago (rebinding)
 * gains nothing by it. Connections are kept for the next message of the same receiver.
 */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import {
  WEBHOOK_ANSWER_BYTES_MAX,
  WEBHOOK_TIMEOUT_MS,
  WEBHOOKS_AT_ONCE,
} from '../kernel/webhook-limits.ts'
import { isPublicAddress } from './address.ts'
import { failureName } from './http-transport.ts'
import {
  ADDRESS_NOT_PUBLIC,
  addressProblem,
  headersOf,
  readRetryAfter,
  type WebhookAnswer,
  type WebhookCalls,
  type WebhookMessage,
  type WebhookReach,
} from './webhook.ts'

/** All addresses of a name. */
export type Resolve = (
  hostname: string,
  options: LookupOptions,
  found: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void

const resolveName: Resolve = (hostname, options, found) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => found(error, addresses ?? []))
}

export const socketWebhooks = (
  reach: WebhookReach,
  resolve: Resolve = resolveName,
): WebhookCalls & { close(): void } => {
  const guarded = guardedLookup(reach, resolve)
  const options = { keepAlive: true, maxFreeSockets: WEBHOOKS_AT_ONCE, lookup: guarded }
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options) }
  return {
    reach,
    post: (url, message) => {
      if (addressProblem(url, reach) !== undefined)
        return Promise.resolve({ kind: 'failed', reason: ADDRESS_NOT_PUBLIC })
      return new URL(url).protocol === 'https:'
        ? post(httpsRequest, url, message, { agent: agents.https, lookup: guarded })
        : post(httpRequest, url, message, { agent: agents.http, lookup: guarded })
    },
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

class NotPublic extends Error {
  readonly code = ADDRESS_NOT_PUBLIC
}

type Lookup = NonNullable<RequestOptions['lookup']>

/** Names that lead to one address that is not public, among others that are, are not called at all. */
const guardedLookup =
  (reach: WebhookReach, resolve: Resolve): Lookup =>
  (hostname, options, done) => {
    resolve(hostname, options, (error, addresses) => {
      const [first] = addresses
      const isOpen = reach === 'any' || addresses.every(({ address }) => isPublicAddress(address))
      if (error !== null || first === undefined) done(error ?? new NotPublic(), '', 0)
      else if (!isOpen) done(new NotPublic(), '', 0)
      else if (options.all === true) done(null, [...addresses])
      else done(null, first.address, first.family)
    })
  }

const post = (
  request: typeof httpRequest,
  url: string,
  message: WebhookMessage,
  options: RequestOptions,
): Promise<WebhookAnswer> =>
  new Promise((resolve) => {
    const fail = (error: Error): void =>
      resolve({ kind: 'failed', reason: late.aborted ? 'TimeoutError' : reasonOf(error) })
    const late = AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)
    const body = Buffer.from(message.body)
    const headers = { ...headersOf(message), 'content-length': body.length }
    const call = request(url, { ...options, method: 'POST', headers, signal: late }, (answer) => {
      resolve({
        ...{ kind: 'answered', status: answer.statusCode ?? 0 },
        retryAfterSeconds: readRetryAfter(answer.headers['retry-after']),
      })
      // A short one is read to its end, so that the connection serves the next message too.
      let length = 0
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > WEBHOOK_ANSWER_BYTES_MAX) answer.destroy()
      })
      answer.on('error', () => undefined)
    })
    call.on('error', fail)
    // All that comes of an answer that changes the protocol (101): without this the push would never end.
    call.on('close', () => resolve({ kind: 'failed', reason: 'ECONNRESET' }))
    call.end(body)
  })

const reasonOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : failureName(error)
