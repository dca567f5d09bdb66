/** Who may read a page of a desk: a session, its quota, and the enterprise that is acted for. */
import type { Context } from 'hono'
import { readBearer } from '../../http/accounts.ts'
import { quotaKeyOf } from '../../http/callers.ts'
import { addressKey, takeQuota } from '../../http/limits.ts'
import { type AppEnv, isForeignOrigin } from '../../http/route.ts'
import type { Answered, ApiProblem, Problem } from './api.ts'
import { apiOf } from './api.ts'
import { type Me, type Viewer, viewerOf } from './viewer.ts'

export type Guarded =
  | { readonly kind: 'viewer'; readonly viewer: Viewer }
  | { readonly kind: 'answer'; readonly response: Response }
  | ApiProblem

/** Path and query of the request, as links and `next` write them. */
export const hereOf = (c: Context): string => {
  const { pathname, search } = new URL(c.req.url)
  return `${pathname}${search}`
}

/** 303, so that a browser asks for the page and does not send a form again. */
export const goTo = (c: Context, path: string): Response => {
  c.header('cache-control', 'no-store')
  return c.redirect(path, 303)
}

/**
 * The signed-in reader. One view costs him one request of his quota. Nobody signed in is led to sign
 * in, and from there back; after a form he comes back to the first page, for the form is lost.
 */
export const guardPage = async (c: Context<AppEnv>): Promise<Guarded> => {
  // Keys are for programs; trying one here would go round the limits for strangers.
  const isKey = readBearer(c.req.raw.headers) !== undefined
  const identity = isKey ? undefined : await c.get('deps').accounts.identify(c.req.raw.headers)
  if (identity === undefined) {
    const next = c.req.method === 'GET' ? `?next=${encodeURIComponent(hereOf(c))}` : ''
    return { kind: 'answer', response: goTo(c, `/sign-in${next}`) }
  }
  c.set('identity', identity)
  const usedUp = await takeQuota(c, 'read', quotaKeyOf(identity, undefined, 'read'), 1)
  if (usedUp !== undefined) return refusalOf(usedUp)
  const me: Answered<Me> = await apiOf(c).get<Me>('/api/v1/me')
  return me.kind === 'ok' ? { kind: 'viewer', viewer: viewerOf(identity, me.value) } : me
}

/** For pages that anybody sees: counts by address. */
export const guardOpenPage = async (c: Context<AppEnv>): Promise<ApiProblem | undefined> => {
  const usedUp = await takeQuota(c, 'stranger', addressKey(c), 1)
  return usedUp === undefined ? undefined : refusalOf(usedUp)
}

/**
 * Whether a form may act: it was sent from a page of ours. Browsers say where a form comes from;
 * whoever does not say is no browser, and has the interface.
 */
export const isOwnForm = (c: Context<AppEnv>): boolean => {
  const isTold =
    c.req.header('origin') !== undefined || c.req.header('sec-fetch-site') === 'same-origin'
  return isTold && !isForeignOrigin(c)
}

const refusalOf = async (response: Response): Promise<ApiProblem> => ({
  kind: 'problem',
  status: response.status,
  // The body of every problem of ours.
  problem: (await response.json()) as Problem,
})
