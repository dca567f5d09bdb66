/**
 * A route told once: its address, who may call it, what it takes, what it answers and with which
 * problems it refuses. The same telling mounts it, checks its query and body, guards it, and makes
 * its part of the OpenAPI document; the contract test walks over the same list.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import { logWith } from '../flow/log.ts'
import type { FlowDeps } from '../flow/types.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import { ACCOUNT_BODY_BYTES_MAX } from '../kernel/limits.ts'
import type { RehearsalPlan } from '../kernel/rehearsal-curve.ts'
import type { ReportWriter } from '../reports/model.ts'
import type { PoolName } from '../store/connect.ts'
import type { CalledOutKey, StoredSigningKey } from '../store/signers.ts'
import type { Db } from '../store/tables.ts'
import { type Accounts, type Identity, readBearer } from './accounts.ts'
import { type Deed, writeDeed } from './audit.ts'
import { isEncoded, mediaTypeOf, readJson } from './body.ts'
import { quotaKeyOf } from './callers.ts'
import { identifyCaller, refuseStranger } from './identify.ts'
import {
  addressKey,
  awaitQuota,
  inPlace,
  type LimitClass,
  type Limiter,
  type Place,
  takeQuota,
} from './limits.ts'
import type { Metrics } from './metrics.ts'
import { pageCallOf } from './page-calls.ts'
import { type ProblemCode, problemResponse } from './problems.ts'
import type { Scope } from './scopes.ts'

export interface AppDeps {
  readonly flow: FlowDeps
  /** A database each for what must not wait for another; a route gets the one of its purpose. */
  readonly pools: Readonly<Record<PoolName, Db>>
  readonly accounts: Accounts
  /** Asked of whoever posts replies; without it nobody may. */
  readonly customsToken: string | undefined
  readonly signingKeys: SigningKeys
  /** Makes reports on paper; left out where the platform has no room for the font. */
  readonly reportPdf?: ReportWriter | undefined
  readonly version: string
  /** Where users reach the gateway, when that is settled. */
  readonly publicUrl: string | undefined
  /** Pages beside the interface, mounted at `/`. */
  readonly pages?: Hono
  /** Left out where no process can be started. */
  readonly rehearsals?: Rehearsals | undefined
  /** Left out where the platform limits. */
  readonly limiter?: Limiter | undefined
  /** Left out where nothing is remembered from request to request. */
  readonly metrics?: Metrics | undefined
  /** Where a request comes from, as far as it is known. */
  readonly addressOf?: ((c: Context) => string | undefined) | undefined
}

/** The part of the signing room that accounts need; handed in by the composition root. */
export interface SigningKeys {
  create(algorithm: StoredSigningKey['algorithm'], subject: string, now: Date): StoredSigningKey
  /** undefined when certificate and private key are not a usable pair, or the passphrase is wrong. */
  read(material: {
    readonly certificate: string
    readonly privateKey: string
    readonly passphrase?: string | undefined
  }): StoredSigningKey | undefined
  /** Asks the far side for the certificate of a key and has it sign once. */
  find(
    wanted: KeyElsewhere,
  ): Promise<
    | { readonly kind: 'found'; readonly key: CalledOutKey }
    | { readonly kind: 'failed'; readonly reason: string }
  >
}

/** Replays peaks in processes of their own; what becomes of one stands in its row. */
export interface Rehearsals {
  /** Why none may begin here; undefined when one may. */
  readonly hindrance: (Text & { readonly cure: Text }) | undefined
  run(id: string, plan: RehearsalPlan): void
  /** Ends its processes, where they are this gateway's. */
  stop(id: string): void
}

/** Where a key lies that is not handed in. */
export type KeyElsewhere = Pick<CalledOutKey, 'kind' | 'driver' | 'label' | 'secret'>

export interface AppEnv {
  Variables: {
    requestId: string
    deps: AppDeps
    identity: Identity | undefined
    /** Whose quota is used. */
    quotaKey: string | undefined
    quotaHeaders: Readonly<Record<string, string>> | undefined
    /** The application itself: pages are clients of the interface in its own process. */
    fetchApp: (request: Request, env: unknown) => Promise<Response>
  }
}

/**
 * `customs` is the far side with its token; `signed-in` anyone we know; a scope is what it says;
 * `enterprise-admin` the operator, or an owner or admin of the enterprise `{id}` in the path.
 */
export type Access = 'public' | 'customs' | 'signed-in' | 'enterprise-admin' | Scope

export interface Answer {
  readonly description: Text
  /** JSON of this shape; left out for another media type. */
  readonly schema?: z.ZodType
  readonly mediaType?: string
  /** Media type that may be asked for instead of JSON. */
  readonly or?: string
}

export interface RawBody {
  readonly mediaTypes: readonly string[]
  readonly description: Text
  /** What stands in it, for the examples of the interface page. */
  readonly holds?: 'documents' | 'replies'
  /** Of its JSON, where that is not a batch of documents. */
  readonly schema?: z.ZodType
}

export interface FormBody {
  readonly description: Text
  readonly schema: z.ZodType
}

export interface RouteSpec<Q, B> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With `{name}` for parameters. */
  readonly path: string
  readonly summary: Text
  readonly access: Access
  /** The quota it uses, where that does not follow from access and method ({@link limitOf}). */
  readonly limit?: LimitClass | 'none'
  /** Whose connections it uses, where that does not follow from its limit ({@link poolOf}). */
  readonly pool?: PoolName
  /** What of it may be under way at the same time is bounded. */
  readonly place?: Place
  readonly query?: z.ZodType<Q> & { readonly shape: Readonly<Record<string, z.ZodType>> }
  /** A small JSON body, checked before the handler runs. */
  readonly json?: z.ZodType<B>
  /** A body the handler reads itself, within its own bounds. */
  readonly raw?: RawBody
  /**
   * A form of the far side, which knows no problems: the handler reads it within its own bounds, and
   * whatever goes wrong is one of the answers.
   */
  readonly form?: FormBody
  readonly headers?: Readonly<Record<string, Text>>
  readonly answers: Readonly<Record<number, Answer>>
  /** Beside those that follow from access, query and body. */
  readonly problems?: readonly ProblemCode[]
}

export interface RouteInput<Q, B> {
  readonly c: Context<AppEnv>
  readonly deps: AppDeps
  readonly query: Q
  readonly body: B
  /** Value of a path parameter. */
  readonly param: (name: string) => string
  /** Who calls; throws on routes that anybody may call. */
  readonly identity: () => Identity
  readonly refuse: (code: ProblemCode, faults?: readonly Fault[]) => Response
  /** Writes down what the caller did, in the transaction that did it where there is one. */
  readonly audit: (db: Db, deed: Deed) => Promise<void>
  /** What the request takes of the quota in all, once it is known; the refusal when used up. */
  readonly charge: (points: number) => Promise<Response | undefined>
  /** The same for a part of what is still coming: waits instead of refusing. */
  readonly slowDown: (points: number) => Promise<void>
  /** Does the rest in one of the bounded places; the refusal when all are taken. */
  readonly inPlace: (place: Place, work: () => Promise<Response> | Response) => Promise<Response>
}

export interface Route {
  readonly spec: RouteSpec<unknown, unknown>
  readonly handle: (c: Context<AppEnv>) => Promise<Response>
}

export const route = <Q, B>(
  spec: RouteSpec<Q, B>,
  handler: (input: RouteInput<Q, B>) => Promise<Response> | Response,
): Route => ({
  spec,
  handle: async (c) => {
    const limit = limitOf(spec)
    const refused = await guard(c, spec.access, limit)
    if (refused !== undefined) return refused
    const key = c.get('quotaKey') ?? spec.access
    const work = async (): Promise<Response> => {
      const query = readQuery(c, spec.query)
      if (query.kind === 'faults')
        return problemResponse(c, 'QUERY-WRONG', { faults: query.faults })
      const body = await readBody(c, spec.json)
      if (body.kind === 'refused') return body.response
      return handler({
        c,
        deps: depsFor(c.get('deps'), poolOf(spec), c.get('requestId')),
        query: query.value,
        body: body.value,
        param: (name) => c.req.param(name) ?? '',
        identity: () => {
          const identity = c.get('identity')
          if (identity === undefined) throw new Error(`${spec.path} has no identity`)
          return identity
        },
        refuse: (code, faults = []) => problemResponse(c, code, { faults }),
        audit: (db, deed) => writeDeed(c, db, deed),
        charge: async (points) =>
          limit === 'none' ? undefined : takeQuota(c, limit, key, points - 1, 1),
        slowDown: async (points) =>
          limit === 'none' ? undefined : awaitQuota(c, limit, key, points),
        inPlace: (place, rest) => inPlace(c, place, key, rest),
      })
    }
    return spec.place === undefined ? work() : inPlace(c, spec.place, key, work)
  },
})

/**
 * The quota that calls of a route use. Customs is never limited by how often it calls, only by how
 * much of it is under way: a reply that is turned away comes late.
 */
export const limitOf = (
  spec: Pick<RouteSpec<unknown, unknown>, 'access' | 'method' | 'limit'>,
): LimitClass | 'none' => {
  if (spec.limit !== undefined) return spec.limit
  if (spec.access === 'customs') return 'none'
  if (spec.access === 'documents:write') return 'intake'
  return spec.method === 'get' ? 'read' : 'account'
}

/** Whose connections calls of a route use: a long report must not keep a document from coming in. */
export const poolOf = (
  spec: Pick<RouteSpec<unknown, unknown>, 'access' | 'method' | 'limit' | 'pool'>,
): PoolName => {
  if (spec.pool !== undefined) return spec.pool
  if (spec.access === 'customs') return 'link'
  const limit = limitOf(spec)
  return limit === 'intake' || limit === 'report' || limit === 'account' ? limit : 'query'
}

const depsFor = (deps: AppDeps, pool: PoolName, requestId: string): AppDeps => ({
  ...deps,
  flow: { ...deps.flow, db: deps.pools[pool], log: logWith(deps.flow.log, { requestId }) },
})

/** Every problem a route may answer with: its own and those that follow from what it is. */
export const problemsOf = (spec: RouteSpec<unknown, unknown>): readonly ProblemCode[] => {
  const codes: ProblemCode[] = [...(spec.problems ?? [])]
  if (spec.form !== undefined) return codes
  if (spec.access !== 'public') codes.push('UNAUTHENTICATED')
  if (spec.access !== 'public' && spec.access !== 'customs') {
    if (spec.access !== 'signed-in') codes.push('SCOPE-MISSING')
    if (spec.access === 'enterprise-admin') codes.push('NOT-FOUND')
    if (spec.method !== 'get') codes.push('ORIGIN-FOREIGN')
  }
  if (spec.query !== undefined) codes.push('QUERY-WRONG')
  if (spec.json !== undefined || spec.raw !== undefined) {
    codes.push('CONTENT-TYPE-WRONG', 'BODY-TOO-LARGE')
  }
  if (isLimited(spec)) codes.push('RATE-LIMITED')
  if (spec.json !== undefined) codes.push('BODY-NOT-UTF8', 'BODY-NOT-JSON', 'BODY-WRONG-SHAPE')
  codes.push('INTERNAL', 'NOT-READY')
  return [...new Set(codes)]
}

/** Whether it may answer 429: by a quota, by a bounded place, or to strangers who try keys. */
export const isLimited = (spec: RouteSpec<unknown, unknown>): boolean =>
  limitOf(spec) !== 'none' || spec.place !== undefined || spec.access !== 'public'

/** `/documents/{id}` as the router writes it; in `{kind}.xlsx` the parameter has its ending. */
export const routerPath = (path: string): string =>
  path.replaceAll(/\{(\w+)\}\.(\w+)/g, ':$1{[^/]+\\.$2}').replaceAll(/\{(\w+)\}/g, ':$1')

/** Constant in time for whatever comes, also in the length of the right one. */
export const isSameSecret = (given: string, right: string): boolean =>
  timingSafeEqual(sha256(given), sha256(right))

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * undefined when the caller may go on; then `identity` is set on routes that ask for one. Who is
 * known uses his own quota; requests that nobody known signs use that of their address.
 */
const guard = async (
  c: Context<AppEnv>,
  access: Access,
  limit: LimitClass | 'none',
): Promise<Response | undefined> => {
  const { customsToken } = c.get('deps')
  // The view of a page is one request of its reader, however much of the interface it reads.
  const isPaid = limit === 'read' && pageCallOf(c) !== undefined
  const take = async (key: string): Promise<Response | undefined> => {
    c.set('quotaKey', key)
    return limit === 'none' || isPaid ? undefined : takeQuota(c, limit, key, 1)
  }
  if (access === 'public') return limit === 'none' ? undefined : take(addressKey(c))
  if (access === 'customs') {
    const given = readBearer(c.req.raw.headers) ?? ''
    const isCustoms = customsToken !== undefined && isSameSecret(given, customsToken)
    return isCustoms ? undefined : refuseStranger(c)
  }
  const identity = await identifyCaller(c)
  if (identity instanceof Response) return identity
  c.set('identity', identity)
  const usedUp = await take(quotaKeyOf(identity, c.req.query('enterprise'), limit))
  if (usedUp !== undefined) return usedUp
  if (identity.via === 'session' && isForeignOrigin(c)) return problemResponse(c, 'ORIGIN-FOREIGN')
  if (access === 'signed-in') return undefined
  if (access === 'enterprise-admin') return guardEnterprise(c, identity)
  return identity.scopes.has(access) ? undefined : problemResponse(c, 'SCOPE-MISSING')
}

/** Another enterprise does not exist for whoever does not belong to it. */
const guardEnterprise = (c: Context<AppEnv>, identity: Identity): Response | undefined => {
  if (identity.operator) return undefined
  const id = c.req.param('id')
  const membership = identity.memberships.find((entry) => entry.enterpriseId === id)
  if (membership === undefined) return problemResponse(c, 'NOT-FOUND')
  const mayManage = membership.role === 'owner' || membership.role === 'admin'
  return mayManage ? undefined : problemResponse(c, 'SCOPE-MISSING')
}

/** A browser says where a request starts; a cookie alone must not act for another site. */
export const isForeignOrigin = (c: Context<AppEnv>): boolean => {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return false
  const origin = c.req.header('origin')
  if (origin === undefined) return c.req.header('sec-fetch-site') === 'cross-site'
  const { publicUrl } = c.get('deps')
  return origin !== new URL(c.req.url).origin && origin !== originOf(publicUrl)
}

const originOf = (url: string | undefined): string | undefined =>
  url === undefined ? undefined : new URL(url).origin

type Checked<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'faults'; readonly faults: readonly Fault[] }

const readQuery = <Q>(c: Context<AppEnv>, schema: z.ZodType<Q> | undefined): Checked<Q> => {
  // A route without a query has `unknown` for Q: nothing is read of it.
  if (schema === undefined) return { kind: 'value', value: undefined as Q }
  return checkShape(schema, c.req.query(), 'QUERY')
}

const readBody = async <B>(
  c: Context<AppEnv>,
  schema: z.ZodType<B> | undefined,
): Promise<
  | { readonly kind: 'value'; readonly value: B }
  | { readonly kind: 'refused'; readonly response: Response }
> => {
  // As with the query: B is `unknown` here.
  if (schema === undefined) return { kind: 'value', value: undefined as B }
  const refuse = (code: ProblemCode, faults: readonly Fault[] = []) => ({
    kind: 'refused' as const,
    response: problemResponse(c, code, { faults }),
  })
  if (mediaTypeOf(c.req.raw) !== 'application/json' || isEncoded(c.req.raw)) {
    return refuse('CONTENT-TYPE-WRONG')
  }
  const read = await readJson(c.req.raw, ACCOUNT_BODY_BYTES_MAX)
  if (read.kind === 'problem') return refuse(read.code)
  const checked = checkShape(schema, read.value, 'BODY')
  return checked.kind === 'value' ? checked : refuse('BODY-WRONG-SHAPE', checked.faults)
}

/** The schema library's own words are English and never quote the value. */
export const checkShape = <T>(
  schema: z.ZodType<T>,
  value: unknown,
  where: 'QUERY' | 'BODY',
): Checked<T> => {
  const result = schema.safeParse(value)
  if (result.success) return { kind: 'value', value: result.data }
  const faults = result.error.issues.map((issue): Fault => {
    const path = issue.path.map(String)
    return {
      code: `${where}-${path.at(-1) ?? 'ROOT'}-WRONG`,
      pointer: path.reduce(at, ''),
      severity: 'error',
      text: { zh: '取值不符合要求', en: issue.message },
      cure: { zh: '按接口文档填写', en: 'See the interface page for what is taken' },
    }
  })
  return { kind: 'faults', faults }
}
