/**
 * In whose name a request runs. An API key stands for its enterprise; a signed-in user for the one
 * he names, chose last, or is alone in; the operator sees all and hands in nothing. An enterprise
 * that is not the caller's does not exist for him.
 */
import type { Caller } from '../flow/types.ts'
import type { Identity } from './accounts.ts'
import type { LimitClass } from './limits.ts'
import type { ProblemCode } from './problems.ts'

export type CallerFound =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly code: ProblemCode }

/** Who hands in. */
export const writer = (identity: Identity, chosen: string | undefined): CallerFound =>
  identity.operator ? { kind: 'refused', code: 'SCOPE-MISSING' } : enterpriseOf(identity, chosen)

/** Who looks; the operator looks at everything. */
export const reader = (identity: Identity, chosen: string | undefined): CallerFound =>
  identity.operator
    ? { kind: 'caller', caller: { enterpriseId: '', operator: true } }
    : enterpriseOf(identity, chosen)

/** Who looks at what belongs to one enterprise; the operator says at whose. */
export const chosen = (identity: Identity, enterprise: string | undefined): CallerFound => {
  if (!identity.operator) return enterpriseOf(identity, enterprise)
  return enterprise === undefined
    ? { kind: 'refused', code: 'ENTERPRISE-NOT-CHOSEN' }
    : { kind: 'caller', caller: { enterpriseId: enterprise } }
}

/** Who looks at sums that name no person: whoever opens the totals looks at all of them. */
export const figuresReader = (identity: Identity, chosen: string | undefined): CallerFound =>
  identity.opensTotals
    ? { kind: 'caller', caller: { enterpriseId: '', operator: true } }
    : reader(identity, chosen)

/**
 * Whose quota a request uses: the enterprise's, of whoever acts for it; else the caller's own, as for
 * requests about accounts, which would otherwise be the more, the more enterprises a user names. Every
 * operator has one of his own, and so has each of his keys.
 */
export const quotaKeyOf = (
  identity: Identity,
  chosen: string | undefined,
  limit: LimitClass | 'none',
): string => {
  const own = `user ${identity.userId ?? identity.keyId ?? ''}`
  if (identity.operator || (limit === 'account' && identity.via === 'session')) return own
  const found = enterpriseOf(identity, chosen)
  return found.kind === 'caller' ? `enterprise ${found.caller.enterpriseId}` : own
}

const enterpriseOf = (identity: Identity, chosen: string | undefined): CallerFound => {
  const wanted =
    chosen ??
    identity.activeEnterpriseId ??
    (identity.memberships.length === 1 ? identity.memberships[0]?.enterpriseId : undefined)
  if (wanted === undefined) return { kind: 'refused', code: 'ENTERPRISE-NOT-CHOSEN' }
  return identity.memberships.some((membership) => membership.enterpriseId === wanted)
    ? { kind: 'caller', caller: { enterpriseId: wanted } }
    : { kind: 'refused', code: 'NOT-FOUND' }
}

/** What somebody may do with an enterprise's own affairs; a key looks after none. */
export const standingTo = (
  identity: Identity,
  enterpriseId: string,
): 'stranger' | 'member' | 'manager' => {
  if (identity.operator) return 'manager'
  const membership = identity.memberships.find((entry) => entry.enterpriseId === enterpriseId)
  if (membership === undefined) return 'stranger'
  return membership.role === 'owner' || membership.role === 'admin' ? 'manager' : 'member'
}

/** Enterprises whose own affairs somebody sees: his own, or all of them. */
export const seenBy = (identity: Identity): readonly string[] | 'all' =>
  identity.operator ? 'all' : identity.memberships.map(({ enterpriseId }) => enterpriseId)
