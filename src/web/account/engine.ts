/**
 * The account engine as pages use it: its own interface under `/api/auth`, within the process, so
 * that its limits for tries count the same. Cookies it sets go to the reader.
 */
import type { Context } from 'hono'
import { isRecord } from '../../http/body.ts'
import { withPageCall } from '../../http/page-calls.ts'
import type { AppEnv } from '../../http/route.ts'

export interface EngineAnswer {
  readonly ok: boolean
  readonly status: number
  /** {} where it said nothing. */
  readonly value: Readonly<Record<string, unknown>>
  /** Code of its refusal, such as `INVALID_EMAIL_OR_PASSWORD`. */
  readonly code: string | undefined
}

/** Calls `/api/auth` + path as the reader; GET without a body. */
export const callEngine = async (
  c: Context<AppEnv>,
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<EngineAnswer> => {
  const { publicUrl } = c.get('deps')
  // The form was checked to be of this site, whichever of its two addresses the browser used.
  const origin = new URL(publicUrl ?? c.req.url).origin
  const headers = new Headers({ origin, 'x-request-id': c.get('requestId') })
  for (const name of ['cookie', 'user-agent', 'x-forwarded-for']) {
    const value = c.req.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  if (body !== undefined) headers.set('content-type', 'application/json')
  const response = await c.get('fetchApp')(
    new Request(new URL(`/api/auth${path}`, c.req.url), {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
    withPageCall(c.env, { identity: c.get('identity') }),
  )
  for (const cookie of response.headers.getSetCookie())
    c.header('set-cookie', cookie, { append: true })
  const text = await response.text()
  const read: unknown = text === '' ? {} : JSON.parse(text)
  const value = isRecord(read) ? read : {}
  const { code } = value
  return {
    ok: response.ok,
    status: response.status,
    value,
    code: typeof code === 'string' ? code : undefined,
  }
}
