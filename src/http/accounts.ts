/**
 * Who is calling and what he may do. An API key or a session cookie becomes an `Identity`; a checked
 * key is believed for some seconds, so that batches do not each cost a look-up and an update. Also
 * the operator's own acts on accounts: users, keys, the account of the first start.
 */
import { createHash } from 'node:crypto'
import { defaultKeyHasher } from '@better-auth/api-key'
import type { Log } from '../flow/types.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Ids } from '../kernel/ids.ts'
import { BEARER_LENGTH_MAX, KEY_CACHE_ENTRIES_MAX, KEY_CACHE_SECONDS } from '../kernel/limits.ts'
import {
  deleteApiKey,
  findMemberships,
  findOwner,
  findUserWithRole,
  insertMember,
  isKeyInForce,
  type Membership,
} from '../store/accounts.ts'
import type { Db } from '../store/tables.ts'
import { dropSecondFactor } from '../store/users.ts'
import {
  type Auth,
  COMMITTEE_ROLE,
  createAuth,
  ENTERPRISE_KEYS,
  OPERATOR_KEYS,
  OPERATOR_ROLE,
  type UserRole,
} from './auth.ts'
import { isScope, type Scope, scopes } from './scopes.ts'

export interface Identity {
  readonly via: 'key' | 'session'
  readonly operator: boolean
  /** Every figure opens to him, without anything personal: the operator, the committee, and keys he gave for that. */
  readonly opensTotals: boolean
  readonly scopes: ReadonlySet<Scope>
  readonly memberships: readonly Membership[]
  /** The enterprise a signed-in user chose last. */
  readonly activeEnterpriseId: string | undefined
  readonly userId: string | undefined
  /** Of the API key, where it is one. */
  readonly keyId: string | undefined
  readonly name: string | undefined
}

export interface AccountsSettings {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly secret: string
  readonly baseUrl: string | undefined
  /** A password or the like that nobody can guess. */
  readonly randomSecret: () => string
}

export interface MadeKey {
  readonly id: string
  /** Told this once. */
  readonly key: string
}

export type MadeUser =
  | { readonly kind: 'made'; readonly userId: string; readonly password: string }
  | { readonly kind: 'exists' }

export interface Accounts {
  /** Answers `/api/auth/*`: signing in and out, passwords, members. */
  handle(request: Request): Promise<Response>
  /** undefined when nobody, or nobody we know, is calling. */
  identify(headers: Headers): Promise<Identity | undefined>
  /** Whether the key was good when it was last looked up; says nothing of whether it still is. */
  remembers(headers: Headers): boolean
  /** Makes the operator's account once; undefined when there is one. */
  ensureOperator(email: string): Promise<{ email: string; password: string } | undefined>
  /** A user of an enterprise unless another role of the gateway is named. */
  createUser(name: string, email: string, role?: UserRole): Promise<MadeUser>
  /** A new password, told this once; the second factor is gone and every session over. */
  resetUser(userId: string): Promise<string>
  addMember(enterpriseId: string, userId: string, role: string): Promise<void>
  /** A key that acts for the enterprise. Throws when the enterprise has no owner. */
  createEnterpriseKey(enterpriseId: string, wanted: WantedKey): Promise<MadeKey>
  createOperatorKey(wanted: WantedKey): Promise<MadeKey>
  /** False when the enterprise has no such key. */
  revokeEnterpriseKey(enterpriseId: string, keyId: string): Promise<boolean>
  /** False when the operator has no such key. */
  revokeOperatorKey(keyId: string): Promise<boolean>
}

export interface WantedKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly days?: number | undefined
}

const DAY_SECONDS = 86_400

export const createAccounts = (settings: AccountsSettings): Accounts => {
  const { db, clock, ids } = settings
  let auth: Auth | undefined
  // Made when first needed: most requests of a Worker carry a key or nothing, and live alone.
  const engine = (): Auth => {
    auth ??= createAuth(settings)
    return auth
  }
  const known = keyMemory(clock)

  const identifyKey = (key: string): Promise<Identity | undefined> =>
    known.recall(key, async () => {
      const { valid, key: found } = await engine().api.verifyApiKey({ body: { key } })
      if (!valid || found === null) {
        // The engine calls a key invalid also when it could not ask the database.
        if (await isKeyInForce(db, await defaultKeyHasher(key), clock.now()))
          throw new KeyUnsettled()
        return undefined
      }
      const granted = grantedScopes(found.permissions)
      const operator = found.configId === OPERATOR_KEYS && granted.has('operator')
      return {
        via: 'key',
        operator,
        opensTotals: found.configId === OPERATOR_KEYS && granted.has('totals:read'),
        scopes: granted,
        memberships: operator ? [] : [{ enterpriseId: found.referenceId, role: 'key' }],
        activeEnterpriseId: undefined,
        userId: undefined,
        keyId: found.id,
        name: found.name ?? undefined,
      }
    })

  const identifySession = async (headers: Headers): Promise<Identity | undefined> => {
    const session = await engine().api.getSession({ headers })
    if (session === null) return undefined
    const operator = session.user.role === OPERATOR_ROLE
    const committee = session.user.role === COMMITTEE_ROLE
    return {
      via: 'session',
      operator,
      opensTotals: operator || committee,
      scopes: operator ? everyScope : committee ? committeeScopes : memberScopes,
      memberships: operator || committee ? [] : await findMemberships(db, session.user.id),
      activeEnterpriseId: session.session.activeOrganizationId ?? undefined,
      userId: session.user.id,
      keyId: undefined,
      name: session.user.name,
    }
  }

  const makeUser = async (name: string, email: string, role: UserRole): Promise<MadeUser> => {
    const { internalAdapter } = await engine().$context
    if ((await internalAdapter.findUserByEmail(email.toLowerCase())) !== null) {
      return { kind: 'exists' }
    }
    const password = settings.randomSecret()
    const { user } = await engine().api.createUser({
      body: { name, email, password, data: { role } },
    })
    return { kind: 'made', userId: user.id, password }
  }

  const makeKey = async (
    family: { readonly configId: string; readonly organizationId?: string },
    userId: string,
    wanted: WantedKey,
  ): Promise<MadeKey> => {
    const made = await engine().api.createApiKey({
      body: {
        ...family,
        userId,
        name: wanted.name,
        permissions: permissionsOf(wanted.scopes),
        ...(wanted.days === undefined ? {} : { expiresIn: wanted.days * DAY_SECONDS }),
      },
    })
    return { id: made.id, key: made.key }
  }

  return {
    handle: (request) => engine().handler(request),
    identify: async (headers) => {
      const bearer = readBearer(headers)
      if (bearer !== undefined) return identifyKey(bearer)
      return headers.has('cookie') ? identifySession(headers) : undefined
    },
    remembers: (headers) => known.has(readBearer(headers) ?? ''),
    ensureOperator: async (email) => {
      if ((await findUserWithRole(db, OPERATOR_ROLE)) !== undefined) return undefined
      const made = await makeUser('Operator', email, OPERATOR_ROLE)
      return made.kind === 'made' ? { email, password: made.password } : undefined
    },
    createUser: (name, email, role = 'user') => makeUser(name, email, role),
    resetUser: async (userId) => {
      const { internalAdapter, password } = await engine().$context
      const fresh = settings.randomSecret()
      await internalAdapter.updatePassword(userId, await password.hash(fresh))
      await dropSecondFactor(db, userId)
      await internalAdapter.deleteUserSessions(userId)
      return fresh
    },
    addMember: (enterpriseId, userId, role) =>
      insertMember(db, { id: ids.next(), enterpriseId, userId, role }, clock.now()),
    createEnterpriseKey: async (enterpriseId, wanted) => {
      const owner = await findOwner(db, enterpriseId)
      if (owner === undefined) throw new Error(`enterprise ${enterpriseId} has no owner`)
      return makeKey({ configId: ENTERPRISE_KEYS, organizationId: enterpriseId }, owner, wanted)
    },
    createOperatorKey: async (wanted) => {
      const operator = await findUserWithRole(db, OPERATOR_ROLE)
      if (operator === undefined) throw new Error('there is no operator yet')
      return makeKey({ configId: OPERATOR_KEYS }, operator, wanted)
    },
    revokeEnterpriseKey: async (enterpriseId, keyId) => {
      const deleted = await deleteApiKey(db, enterpriseId, keyId)
      known.forgetAll()
      return deleted
    },
    revokeOperatorKey: async (keyId) => {
      const operator = await findUserWithRole(db, OPERATOR_ROLE)
      const deleted = operator !== undefined && (await deleteApiKey(db, operator, keyId))
      known.forgetAll()
      return deleted
    },
  }
}

/** The token of `Authorization: Bearer …`, or of `X-Api-Key`. */
export const readBearer = (headers: Headers): string | undefined => {
  const authorization = headers.get('authorization')
  const token =
    authorization === null
      ? headers.get('x-api-key')
      : (/^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '')
  if (token === null) return undefined
  return token.length > BEARER_LENGTH_MAX ? '' : token
}

/** A key that is good was called invalid: the database failed meanwhile. */
class KeyUnsettled extends Error {
  override readonly name = 'KeyUnsettled'
  readonly code = '08000'
}

const everyScope: ReadonlySet<Scope> = new Set(scopes)
/** The committee of the zones reads figures, and nothing that is somebody's. */
const committeeScopes: ReadonlySet<Scope> = new Set<Scope>(['totals:read'])
const memberScopes: ReadonlySet<Scope> = new Set(scopes.filter((scope) => scope !== 'operator'))

/** `documents:write` is kept as `{ documents: ['write'] }`, the form of better-auth's permissions. */
const permissionsOf = (wanted: readonly Scope[]): Record<string, string[]> => {
  const permissions: Record<string, string[]> = {}
  for (const scope of wanted) {
    const [subject = '', act = 'all'] = scope.split(':')
    permissions[subject] = [...(permissions[subject] ?? []), act]
  }
  return permissions
}

/** Scopes of stored permissions; what is not a scope of ours is left out. */
export const grantedScopes = (
  permissions: Readonly<Record<string, readonly string[]>> | null | undefined,
): ReadonlySet<Scope> =>
  new Set(
    Object.entries(permissions ?? {})
      .flatMap(([subject, acts]) =>
        acts.map((act) => (act === 'all' ? subject : `${subject}:${act}`)),
      )
      .filter(isScope),
  )

/**
 * Remembers checked keys under their hash. Askers of the same key at the same moment share one
 * check; a key that is not good is not remembered, or strangers could push good ones out.
 */
const keyMemory = (clock: Clock) => {
  const entries = new Map<
    string,
    { readonly until: number; readonly found: Promise<Identity | undefined> }
  >()
  const nameOf = (key: string): string => createHash('sha256').update(key).digest('base64')
  return {
    /** Also while it is being checked: then nobody is asked for it a second time. */
    has: (key: string): boolean => entries.has(nameOf(key)),
    recall: (key: string, check: () => Promise<Identity | undefined>) => {
      const name = nameOf(key)
      const now = clock.now().getTime()
      const entry = entries.get(name)
      if (entry !== undefined && entry.until > now) return entry.found
      entries.delete(name)
      const [oldest] = entries.keys()
      if (entries.size >= KEY_CACHE_ENTRIES_MAX && oldest !== undefined) entries.delete(oldest)
      const found = check()
      entries.set(name, { until: now + KEY_CACHE_SECONDS * 1000, found })
      const forget = (identity?: Identity): void => {
        if (identity === undefined && entries.get(name)?.found === found) entries.delete(name)
      }
      found.then(forget, () => forget())
      return found
    },
    forgetAll: () => entries.clear(),
  }
}
