/**
 * Sends envelopes by HTTP POST. The message's id travels as Idempotency-Key (IETF draft), so that
 * the far side recognises a message that is sent again. Every answer becomes one of three outcomes:
 * taken, not now, never; a redirect is a wrong address and not followed, because the token would
 * travel with it.
 */
import { ANSWER_BYTES_MAX } from '../kernel/limits.ts'
import type { SendOutcome, Transport } from './types.ts'

export interface HttpTransportOptions {
  readonly name: string
  readonly url: string
  /** Sent as bearer token; secret. */
  readonly token: string
  /** From the first byte sent to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
  readonly fetch?: typeof fetch
}

export const httpTransport = (options: HttpTransportOptions): Transport => {
  // Called as a bare function: Workers refuse a fetch that is a method of something else.
  const request = options.fetch ?? ((url: string, init: RequestInit) => fetch(url, init))
  return {
    name: options.name,
    send: async (copMsgId, envelope, givenUp) => {
      const late = AbortSignal.timeout(options.timeoutMs)
      try {
        const answer = await request(options.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/xml; charset=utf-8',
            authorization: `Bearer ${options.token}`,
            'idempotency-key': copMsgId,
          },
          body: bodyOf(envelope),
          redirect: 'manual',
          signal: givenUp === undefined ? late : AbortSignal.any([late, givenUp]),
        })
        await discard(answer)
        return outcomeOf(answer.status)
      } catch (error) {
        return { kind: 'unavailable', reason: failureName(error) }
      }
    },
  }
}

/**
 * Statuses that say nothing against the bytes: the moment was wrong (408, 425, 429), or our token or
 * address is (401, 403, 404, 405), as after a token ran out. No message may be lost to either.
 */
const LATER: ReadonlySet<number> = new Set([401, 403, 404, 405, 408, 425, 429])

const outcomeOf = (status: number): SendOutcome => {
  const reason = `HTTP ${status}`
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status >= 400 && status < 500 && !LATER.has(status)) return { kind: 'refused', reason }
  // A redirect says nothing about the bytes; the message waits until the address is put right.
  return {
    kind: 'unavailable',
    reason: status >= 300 && status < 400 ? `${reason} redirect` : reason,
  }
}

/** Reads a short answer to its end, so that the connection serves the next message too. */
const discard = async (answer: Response): Promise<void> => {
  const announced = answer.headers.get('content-length')
  const length = announced === null ? Number.POSITIVE_INFINITY : Number(announced)
  if (length <= ANSWER_BYTES_MAX) await answer.arrayBuffer()
  else await answer.body?.cancel()
}

/** `TimeoutError`, `ECONNREFUSED` …: what failed, without the address and its contents. */
export const failureName = (error: unknown): string => {
  if (!(error instanceof Error)) return 'failed'
  const { cause } = error
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error.name
}

/** The bytes in a buffer of their own kind: fetch does not take shared memory. */
export const bodyOf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> =>
  bytes.buffer instanceof ArrayBuffer
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes)
