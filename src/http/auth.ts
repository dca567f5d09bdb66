/**
 * The account engine: better-auth on the gateway's own database, with enterprises as organisations,
 * the operator as its administrator and two families of API keys, one that acts for an enterprise
 * and one that acts for the operator. Everything of it that would go round our own routes (making
 * organisations and keys by hand, signing up, impersonating) is switched off here.
 */
import { apiKey } from '@better-auth/api-key'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { admin, organization, twoFactor } from 'better-auth/plugins'
import { adminAc, userAc } from 'better-auth/plugins/admin/access'
import type { Log } from '../flow/types.ts'
import type { Db } from '../store/tables.ts'

export const OPERATOR_ROLE = 'operator'
/** A person of the committee of the zones: every figure, and nothing personal. */
export const COMMITTEE_ROLE = 'committee'
/** Of a user of the gateway; what he may do in an enterprise, his membership says. */
export type UserRole = typeof OPERATOR_ROLE | typeof COMMITTEE_ROLE | 'user'
/** Families of API keys; `default` is the name better-auth wants for the usual one. */
export const ENTERPRISE_KEYS = 'default'
export const OPERATOR_KEYS = 'operator'
export const KEY_PREFIX = 'ygk_'
/** Letters of a key after its prefix: 64 of 52 letters are 364 bits. */
const KEY_LENGTH = 64
const KEY_START_LENGTH = 10
const KEY_DAYS_MAX = 3_650
const PASSWORD_LENGTH_MIN = 12
const SESSION_DAYS = 7
const DAY_SECONDS = 86_400

export interface AuthSettings {
  readonly db: Db
  readonly secret: string
  /** Where users reach the gateway; undefined takes the address of each request. */
  readonly baseUrl: string | undefined
  readonly log: Log
}

export const authOptions = ({ db, secret, baseUrl, log }: AuthSettings) =>
  ({
    appName: 'Yuguan',
    secret,
    basePath: '/api/auth',
    ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
    database: { db, type: 'postgres', transaction: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
    },
    session: { expiresIn: SESSION_DAYS * DAY_SECONDS },
    telemetry: { enabled: false },
    // `sign-in.ts` limits before it, by figures that are published.
    rateLimit: { enabled: false },
    // Its tables come with our migrations; asking for them again at every start costs a Worker dear.
    advanced: { database: { validateSchema: false } },
    // Its messages may quote what a user typed, so only the fact that there was one is kept.
    logger: {
      log: (level) => {
        if (level === 'error') log.warn('account-engine')
      },
    },
    disabledPaths: [
      '/api-key/create',
      '/api-key/update',
      '/api-key/delete',
      '/organization/create',
      '/organization/update',
      '/organization/delete',
      '/admin/impersonate-user',
      '/admin/stop-impersonating',
    ],
    plugins: [
      organization({ allowUserToCreateOrganization: false, disableOrganizationDeletion: true }),
      admin({
        adminRoles: [OPERATOR_ROLE],
        defaultRole: 'user',
        roles: { [OPERATOR_ROLE]: adminAc, [COMMITTEE_ROLE]: userAc, user: userAc },
      }),
      twoFactor({ issuer: 'Yuguan' }),
      apiKey([
        { ...keyFamily, configId: ENTERPRISE_KEYS, references: 'organization' },
        { ...keyFamily, configId: OPERATOR_KEYS, references: 'user' },
      ]),
    ],
  }) satisfies BetterAuthOptions

const keyFamily = {
  defaultPrefix: KEY_PREFIX,
  defaultKeyLength: KEY_LENGTH,
  startingCharactersConfig: { charactersLength: KEY_START_LENGTH },
  keyExpiration: { maxExpiresIn: KEY_DAYS_MAX },
  // A count per request would make every batch an update of one row that all batches share.
  rateLimit: { enabled: false },
}

export const createAuth = (settings: AuthSettings) => betterAuth(authOptions(settings))

export type Auth = ReturnType<typeof createAuth>
