/**
 * The 179 interface on the wire: both directions post one form field that holds JSON and get a small
 * JSON answer at once. The far side's code is told as it came; what it means is not decided here.
 * Whatever is no such answer says nothing about the data: the same bytes go again later.
 */
import { bodyOf, failureName } from './http-transport.ts'
import { shortText } from './short-answer.ts'

export type FormAnswer =
  | {
      readonly kind: 'answered'
      readonly code: string
      readonly message: string
      readonly serviceTime: string
    }
  /** No answer, or none of the interface's form. */
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Uploads original payment data to customs. */
export interface RealTimeData {
  /** `body` is the JSON text of payExInfoStr; never throws for a far-side failure. */
  upload(body: string): Promise<FormAnswer>
}

/** Calls a platform for the data of an order: what customs does. */
export interface PlatformCalls {
  /** `request` is the JSON text of openReq. */
  open(url: string, request: string): Promise<FormAnswer>
}

export interface FormOptions {
  /** From the first byte sent to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
  readonly fetch?: typeof fetch
}

export const httpRealTimeData = (
  options: FormOptions & { readonly url: string },
): RealTimeData => ({
  upload: (body) => postForm(options, options.url, 'payExInfoStr', body),
})

export const httpPlatformCalls = (options: FormOptions): PlatformCalls => ({
  open: (url, request) => postForm(options, url, 'openReq', request),
})

export const FORM_TYPE = 'application/x-www-form-urlencoded'

/** One field of a form in UTF-8. */
export const formOf = (name: string, value: string): string =>
  `${name}=${encodeURIComponent(value)}`

const postForm = async (
  options: FormOptions,
  url: string,
  name: string,
  value: string,
): Promise<FormAnswer> => {
  // Called as a bare function: Workers refuse a fetch that is a method of something else.
  const request = options.fetch ?? ((to: string, init: RequestInit) => fetch(to, init))
  try {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': `${FORM_TYPE}; charset=utf-8` },
      body: bodyOf(Buffer.from(formOf(name, value))),
      // Personal data must not follow to wherever somebody points.
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeoutMs),
    })
    const text = await shortText(answer)
    if (answer.status !== 200) return { kind: 'unavailable', reason: `HTTP ${answer.status}` }
    return readAnswer(text ?? '')
  } catch (error) {
    return { kind: 'unavailable', reason: failureName(error) }
  }
}

/** Codes come as text, and from some as numbers. */
export const readAnswer = (text: string): FormAnswer => {
  const unreadable: FormAnswer = { kind: 'unavailable', reason: 'ANSWER-UNREADABLE' }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('code' in value)) return unreadable
    const code = scalar(value.code)
    if (!/^\d{1,10}$/.test(code)) return unreadable
    return {
      ...{ kind: 'answered', code },
      message: 'message' in value ? scalar(value.message) : '',
      serviceTime: 'serviceTime' in value ? scalar(value.serviceTime) : '',
    }
  } catch {
    return unreadable
  }
}

const scalar = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''
