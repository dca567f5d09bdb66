/**
 * The clients of an agent: itself and every enterprise whose mandate it holds, each with what has to
 * be done: refused, waiting for somebody, stuck. Numbers end at a bound, so that no answer waits for
 * a count.
 */
import { declarations } from '../catalogue/index.ts'
import { allStates, groupOf } from '../catalogue/statuses.ts'
import { CLIENT_COUNT_MAX, CLIENTS_MAX } from '../kernel/client-limits.ts'
import { chinaDay } from '../kernel/clock.ts'
import { findPrincipals } from '../store/access.ts'
import { type ClientCounts, countByClient } from '../store/clients.ts'
import { findRuleValues } from '../store/rule-values.ts'
import { stuckRules } from './stage-clocks.ts'
import type { FlowDeps } from './types.ts'

export interface Client extends ClientCounts {
  /** The agent itself. */
  readonly own: boolean
  /** Last day of the mandate that lasts longest, yyyy-MM-dd; null for no end and for itself. */
  readonly lastDay: string | null
}

export interface Clients {
  readonly asOf: string
  /** Where counting ends: a number like this one means so many or more. */
  readonly countedTo: number
  /** Those with the most to do first. */
  readonly clients: readonly Client[]
  /** There are more clients than are told. */
  readonly more: boolean
}

const actionNeeded = declarations.flatMap((entry) =>
  allStates
    .filter((state) => groupOf(entry, state) === 'action-needed')
    .map((state) => `${entry.code}/${state}`),
)

export const clientsOf = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  enterpriseId: string,
): Promise<Clients> => {
  const now = deps.clock.now()
  const today = chinaDay(now)
  const principals = await findPrincipals(deps.db, enterpriseId, today, now)
  const ids = [...new Set(principals.map(({ id }) => id))]
  const told = new Set(ids.slice(0, CLIENTS_MAX))
  const counts = await countByClient(deps.db, {
    senders: principals.filter(({ id }) => told.has(id)),
    ...{ actionNeeded, now, limit: CLIENT_COUNT_MAX },
    figures: stuckRules(await findRuleValues(deps.db, today)),
  })
  // Of several mandates of one the longest stands first.
  const lastDays = new Map(principals.toReversed().map(({ id, lastDay }) => [id, lastDay]))
  const clients = counts.map((each) => ({
    ...each,
    own: each.id === enterpriseId,
    lastDay: lastDays.get(each.id) ?? null,
  }))
  return {
    ...{ asOf: now.toISOString(), countedTo: CLIENT_COUNT_MAX },
    clients: clients.toSorted(byNeed),
    more: ids.length > told.size,
  }
}

const needOf = ({ rejected, actionNeeded: waiting, stuck }: ClientCounts): number =>
  rejected + waiting + stuck

const byNeed = (a: Client, b: Client): number =>
  needOf(b) - needOf(a) || Number(b.own) - Number(a.own) || (a.id < b.id ? -1 : 1)
