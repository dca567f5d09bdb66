/**
 * The interface as a page calls it: the application's own routes, in the process, in the name of
 * whoever reads the page. So access, isolation, checks and audit of pages are those of the interface,
 * and a page can show nothing that the interface does not say.
 */
import type { Context } from 'hono'
import type { z } from 'zod'
import { withPageCall } from '../../http/page-calls.ts'
import type { AppEnv } from '../../http/route.ts'
import type { problem } from '../../http/schemas.ts'

/** RFC 9457 body as every refusal of ours has it; more members where the route says so. */
export type Problem = z.infer<typeof problem>

export interface ApiProblem {
  readonly kind: 'problem'
  readonly status: number
  readonly problem: Problem
}

export type Answered<T> =
  | { readonly kind: 'ok'; readonly value: T; readonly status: number }
  | ApiProblem

/** Parameters of an address; what is undefined or '' is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Api {
  /** JSON of the shape that the route tells; `T` is the `z.infer` of its schema. */
  get<T>(path: string, query?: Query): Promise<Answered<T>>
  /** The body as JSON; `value` is undefined where the route answers with nothing. */
  post<T>(
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered<T>>
  put<T>(path: string, body?: unknown): Promise<Answered<T>>
  patch<T>(path: string, body?: unknown): Promise<Answered<T>>
  delete<T>(path: string, query?: Query): Promise<Answered<T>>
  /** Bytes or a text as the body of a POST, such as CSV. */
  send<T>(
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    mediaType: string,
    query?: Query,
  ): Promise<Answered<T>>
  /** A file as the interface gives it (PDF, XML, CSV), streamed through; its own refusals as problems. */
  file(path: string, query?: Query): Promise<Response | ApiProblem>
  /** The body of the page's own request handed on unread: uploads. */
  pass<T>(path: string, query?: Query): Promise<Answered<T>>
}

/** Headers of the reader's request that the interface may look at. */
const FORWARDED = ['cookie', 'origin', 'sec-fetch-site', 'user-agent', 'x-forwarded-for'] as const

export const apiOf = (c: Context<AppEnv>): Api => {
  const call = (method: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    for (const name of FORWARDED) {
      const value = c.req.header(name)
      if (value !== undefined) headers.set(name, value)
    }
    headers.set('x-request-id', c.get('requestId'))
    const url = new URL(path, c.req.url)
    return c.get('fetchApp')(
      new Request(url, { ...init, method, headers }),
      withPageCall(c.env, { identity: c.get('identity') }),
    )
  }
  const json = (body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit =>
    body === undefined
      ? { headers }
      : {
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }
  return {
    get: async (path, query) => answered(await call('GET', address(path, query))),
    post: async (path, body, headers) => answered(await call('POST', path, json(body, headers))),
    put: async (path, body) => answered(await call('PUT', path, json(body))),
    patch: async (path, body) => answered(await call('PATCH', path, json(body))),
    delete: async (path, query) => answered(await call('DELETE', address(path, query))),
    send: async (path, body, mediaType, query) =>
      answered(
        await call('POST', address(path, query), {
          headers: { 'content-type': mediaType },
          body,
        }),
      ),
    file: async (path, query) => {
      const response = await call('GET', address(path, query))
      return response.ok ? fileOf(response) : problemOf(response)
    },
    pass: async (path, query) => {
      const { body, headers } = c.req.raw
      const type = headers.get('content-type')
      const length = headers.get('content-length')
      const init: RequestInit & { duplex: 'half' } = {
        body,
        duplex: 'half',
        headers: {
          ...(type === null ? {} : { 'content-type': type }),
          ...(length === null ? {} : { 'content-length': length }),
        },
      }
      return answered(await call('POST', address(path, query), init))
    },
  }
}

/** Calls that a page needs together: all their values, or the first refusal. */
export const together = async <T extends readonly unknown[]>(
  ...calls: { readonly [K in keyof T]: Promise<Answered<T[K]>> }
): Promise<{ readonly kind: 'ok'; readonly values: T } | ApiProblem> => {
  const values: unknown[] = []
  for (const answer of await Promise.all(calls)) {
    if (answer.kind === 'problem') return answer
    values.push(answer.value)
  }
  // One value for each call, in their order.
  return { kind: 'ok', values: values as unknown as T }
}

/** `path?name=value…`; names without a value are left out. */
export const address = (path: string, query: Query = {}): string => {
  const pairs = Object.entries(query).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined && pair[1] !== '',
  )
  if (pairs.length === 0) return path
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))
  return `${path}${path.includes('?') ? '&' : '?'}${search}`
}

const answered = async <T>(response: Response): Promise<Answered<T>> => {
  if (!response.ok) return problemOf(response)
  const text = await response.text()
  // The route's own shape; its schema is held by the tests of the interface.
  const value = (text === '' ? undefined : JSON.parse(text)) as T
  return { kind: 'ok', value, status: response.status }
}

const problemOf = async (response: Response): Promise<ApiProblem> => ({
  kind: 'problem',
  status: response.status,
  // Every refusal of the interface has this body.
  problem: (await response.json()) as Problem,
})

/** Only what a file is told by: quota and security headers are the page's own. */
const fileOf = (response: Response): Response => {
  const headers = new Headers({ 'cache-control': 'private, no-store' })
  for (const name of ['content-type', 'content-disposition', 'content-length', 'etag']) {
    const value = response.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(response.body, { status: response.status, headers })
}
