/** Whose documents a caller may see. What he may not see does not exist for him. */
import { chinaDay } from '../kernel/clock.ts'
import { covers, findPrincipals, type Placed, type Principal } from '../store/access.ts'
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

/** A mandate shows the kinds and zones it covers, no others. */
export const sees = (senders: Senders, row: Placed & { readonly senderId: string }): boolean =>
  senders === null || senders.some((sender) => sender.id === row.senderId && covers(sender, row))
