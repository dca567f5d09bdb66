/** Whose documents a caller may see. What he may not see does not exist for him. */
import { chinaDay } from '../kernel/clock.ts'
import { findPrincipals, type Principal } from '../store/access.ts'
import type { Caller, FlowDeps } from './types.ts'

/** Enterprises whose documents the caller may see: his own and his principals'; null is all. */
export type Senders = readonly Principal[] | null

export const visibleSenders = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  caller: Caller,
): Promise<Senders> => {
  if (caller.operator === true) return null
  const now = deps.clock.now()
  return findPrincipals(deps.db, caller.enterpriseId, chinaDay(now), now)
}

/** A mandate shows the kinds it covers, no others. */
export const sees = (
  senders: Senders,
  { senderId, kind }: { readonly senderId: string; readonly kind: string },
): boolean =>
  senders === null ||
  senders.some(({ id, kinds }) => id === senderId && (kinds === null || kinds.includes(kind)))
