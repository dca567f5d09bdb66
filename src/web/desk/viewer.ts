/** Who reads a desk, and in whose name: told by the session and by `GET /api/v1/me`. */
import type { z } from 'zod'
import type { Identity } from '../../http/accounts.ts'
import type { meAnswer } from '../../http/schemas.ts'

export type Me = z.infer<typeof meAnswer>
export type ViewerEnterprise = Me['enterprises'][number]

export interface Viewer {
  readonly kind: 'operator' | 'committee' | 'enterprise'
  readonly name: string
  readonly enterprises: readonly ViewerEnterprise[]
  /** The one he acts for; undefined for operator and committee, and while none is chosen. */
  readonly enterprise: ViewerEnterprise | undefined
}

export const viewerOf = (identity: Identity, me: Me): Viewer => {
  const { enterprises } = me
  const chosen = enterprises.find(({ id }) => id === identity.activeEnterpriseId)
  const only = enterprises.length === 1 ? enterprises[0] : undefined
  return {
    kind: identity.operator ? 'operator' : identity.opensTotals ? 'committee' : 'enterprise',
    name: me.name ?? '',
    enterprises,
    enterprise: chosen ?? only,
  }
}

/** Whether the enterprise he acts for has one of the roles. */
export const hasRole = (viewer: Viewer, ...roles: readonly string[]): boolean =>
  viewer.enterprise?.roles.some((role) => roles.includes(role)) === true

/** Owner or admin of the enterprise he acts for. */
export const managesEnterprise = ({ enterprise }: Viewer): boolean =>
  enterprise?.role === 'owner' || enterprise?.role === 'admin'
