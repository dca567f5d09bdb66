/**
 * The clients of an agent: the merchants whose documents it hands in or sees, itself, and every
 * enterprise whose mandate it holds, each with what has to be done: refused, waiting for somebody,
 * under way, stuck. Numbers end at a bound, so that no answer waits for a count.
 */
import { MERCHANT_FIELD } from '../catalogue/match-fields.ts'
import { CLIENT_COUNT_MAX, CLIENT_PAIRS_MAX, CLIENTS_MAX } from '../kernel/client-limits.ts'
import { chinaDay } from '../kernel/clock.ts'
import { grouped } from '../kernel/grouped.ts'
import { findPrincipals, type Principal } from '../store/access.ts'
import {
  type ClientCounts,
  type ClientName,
  type ClientOfSender,
  countByClient,
  findClientNames,
  findNamed,
  findNamesIn,
} from '../store/clients.ts'
import { findRuleValues } from '../store/rule-values.ts'
import { stuckRules } from './stage-clocks.ts'
import type { FlowDeps } from './types.ts'

export interface Client extends ClientCounts {
  /** Code by which its documents are asked for. */
  readonly client: string
  /** Null where it is not registered here. */
  readonly id: string | null
  readonly name: string
  readonly customsCode: string | null
  readonly creditCode: string | null
  /** The agent itself. */
  readonly own: boolean
  /** It gave the agent a mandate that is in force. */
  readonly mandated: boolean
  /** Last day of the mandate that lasts longest, yyyy-MM-dd; null for no end and for none. */
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

export const clientsOf = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  enterpriseId: string,
): Promise<Clients> => {
  const now = deps.clock.now()
  const today = chinaDay(now)
  const principals = await findPrincipals(deps.db, enterpriseId, today, now)
  const ids = [...new Set(principals.map(({ id }) => id))]
  const told = new Set(ids.slice(0, CLIENTS_MAX))
  const senders = principals.filter(({ id }) => told.has(id))
  const pairs = await countByClient(deps.db, {
    ...{ senders, now, limit: CLIENT_COUNT_MAX },
    figures: stuckRules(await findRuleValues(deps.db, today)),
  })
  const own = new Set(senders.filter(({ kinds }) => kinds === null).map(({ id }) => id))
  // Of whoever shows a part of his documents, a client is known by what is seen of it.
  const seen = pairs.filter((pair) => own.has(pair.senderId) || needOf(pair) + pair.underWay > 0)
  const byClient = grouped(
    // An earlier release wrote none: such documents are their sender's.
    seen.map((pair) => (pair.client === '' ? { ...pair, enterpriseId: pair.senderId } : pair)),
    ({ enterpriseId: id, client }) => id ?? client,
  )
  const keys = [...new Set([...told, ...byClient.keys()])]
  const sums = keys.map((key) => ({ key, ...sumOf(byClient.get(key) ?? []) })).toSorted(byNeed)
  const shown = sums.slice(0, CLIENTS_MAX)
  const clients = await named(deps, shown, byClient, { enterpriseId, senders })
  return {
    ...{ asOf: now.toISOString(), countedTo: CLIENT_COUNT_MAX, clients },
    more: ids.length > told.size || sums.length > shown.length || pairs.length >= CLIENT_PAIRS_MAX,
  }
}

export interface ClientNames {
  /** The agent's own enterprise first. */
  readonly clients: readonly ClientName[]
  /** There are more clients than are told. */
  readonly more: boolean
}

/** The same clients by name alone, for whoever names documents or chooses among them: nothing is counted. */
export const clientNamesOf = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  enterpriseId: string,
): Promise<ClientNames> => {
  const now = clock.now()
  const senders = await findPrincipals(db, enterpriseId, chinaDay(now), now)
  const agent = { id: enterpriseId, senders }
  const found = await findClientNames(db, agent, MERCHANT_NAME, CLIENTS_MAX + 1)
  return { clients: found.slice(0, CLIENTS_MAX), more: found.length > CLIENTS_MAX }
}

const MERCHANT_NAME = MERCHANT_FIELD.replace(/Code$/, 'Name')

interface ClientSum extends ClientCounts {
  /** Id of the enterprise; the code of one that is not registered. */
  readonly key: string
}

const sumOf = (pairs: readonly ClientOfSender[]): ClientCounts => {
  const sum = (of: keyof ClientCounts) => pairs.reduce((all, pair) => all + pair[of], 0)
  return {
    ...{ rejected: sum('rejected'), actionNeeded: sum('actionNeeded') },
    ...{ underWay: sum('underWay'), stuck: sum('stuck') },
  }
}

const needOf = ({ rejected, actionNeeded: waiting, stuck }: ClientCounts): number =>
  rejected + waiting + stuck

const byNeed = (a: ClientSum, b: ClientSum): number =>
  needOf(b) - needOf(a) || b.underWay - a.underWay || (a.key < b.key ? -1 : 1)

const named = async (
  { db }: Pick<FlowDeps, 'db'>,
  sums: readonly ClientSum[],
  byClient: ReadonlyMap<string, readonly ClientOfSender[]>,
  agent: { readonly enterpriseId: string; readonly senders: readonly Principal[] },
): Promise<readonly Client[]> => {
  const keys = sums.map(({ key }) => key)
  const registered = new Map((await findNamed(db, keys)).map((row) => [row.id, row]))
  const unknown = keys.flatMap((key) =>
    registered.has(key) ? [] : (byClient.get(key)?.slice(0, 1) ?? []),
  )
  const names = await findNamesIn(db, unknown, MERCHANT_NAME)
  // Of several mandates of one the longest stands first.
  const lastDays = new Map(agent.senders.toReversed().map(({ id, lastDay }) => [id, lastDay]))
  return sums.map(({ key, ...counts }): Client => {
    const found = registered.get(key)
    const { customsCode = null, creditCode = null } = found ?? {}
    return {
      client: customsCode ?? creditCode ?? key,
      ...{ id: found?.id ?? null, name: found?.name ?? names.get(key) ?? key },
      ...{ customsCode, creditCode, ...counts },
      own: key === agent.enterpriseId,
      mandated: key !== agent.enterpriseId && lastDays.has(key),
      lastDay: lastDays.get(key) ?? null,
    }
  })
}
