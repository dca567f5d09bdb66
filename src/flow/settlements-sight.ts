/**
 * Whose settlement records a caller may see: institutions those they handed in, sellers those that
 * name them, agents those of whoever gave them a mandate for it, the operator all.
 */
import { settlement } from '../catalogue/settlement.ts'
import { covers } from '../store/access.ts'
import type { SettlementSight } from '../store/settlements.ts'
import { visibleSenders } from './sight.ts'
import type { Caller, FlowDeps } from './types.ts'

export const sightOf = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  caller: Caller,
): Promise<SettlementSight | null> => {
  const senders = await visibleSenders(deps, caller)
  if (senders === null) return null
  const seen = senders.filter((one) => covers(one, { kind: settlement.code, zone: null }))
  return {
    institutionIds: [...new Set(seen.map(({ id }) => id))],
    sellerCodes: [...new Set(seen.flatMap(({ codes }) => codes))],
  }
}
