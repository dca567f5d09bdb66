/**
 * Which rules hold a list back: its consignment is opened and compared, and of the rules it breaks
 * those count that hold for the list's sender today. Asked only of lists whose marks differ. What
 * else may hold lists back is one more judge below.
 */
import { getDeclaration } from '../catalogue/index.ts'
import { isRuleCode, type RuleCode, ruleCodes } from '../catalogue/rules/index.ts'
import { brokenRules, compareConsignment } from '../rules/consignment.ts'
import {
  type ConsignmentDocument,
  findParts,
  type ReadyDocument,
  type Watched,
} from '../store/consignments.ts'
import { findDocuments } from '../store/listing.ts'
import type { RuleEdition, Severities } from '../store/rule-switches.ts'
import type { Db } from '../store/tables.ts'
import { comparedOf } from './compared.ts'
import { whole } from './compose.ts'
import { placesOf } from './marks.ts'
import type { FlowDeps } from './types.ts'

export type Judged = Pick<ReadyDocument, 'id' | 'senderId' | 'orderNo'>

/** A list with the documents of its consignment. */
interface Together {
  readonly id: string
  readonly parts: readonly ConsignmentDocument[]
}

/** Rules that each list's consignment breaks, by the list's id; nothing for one that breaks none. */
type Judge = (
  deps: Pick<FlowDeps, 'sealer'>,
  db: Db,
  lists: readonly Together[],
) => Promise<ReadonlyMap<string, readonly RuleCode[]>>

/** Rules that hold these lists back, by the list's id; lists that may go are left out. */
export const heldBack = async (
  deps: Pick<FlowDeps, 'sealer'>,
  db: Db,
  lists: readonly Judged[],
  severityOf: Severities,
): Promise<ReadonlyMap<string, readonly RuleCode[]>> => {
  const together = await findTogether(db, lists)
  const senders = new Map(lists.map(({ id, senderId }) => [id, senderId]))
  const held = new Map<string, readonly RuleCode[]>()
  for (const judge of judges)
    for (const [id, broken] of await judge(deps, db, together)) {
      const holding = broken.filter((rule) => isHeld(severityOf(rule, senders.get(id) ?? '')))
      if (holding.length > 0) held.set(id, [...new Set([...(held.get(id) ?? []), ...holding])])
    }
  return held
}

const isHeld = (severity: ReturnType<Severities>): boolean =>
  severity === 'hold' || severity === 'refuse'

/** What the match must look for at all: rules that hold somebody's lists back on that day. */
export const watchedOf = (editions: readonly RuleEdition[]): Watched => {
  const holding = new Set(
    editions.filter(({ severity }) => severity !== 'warn').map(({ rule }) => rule),
  )
  return { places: placesOf(holding), rules: [...holding] }
}

const findTogether = async (db: Db, lists: readonly Judged[]): Promise<readonly Together[]> => {
  const orderNos = [...new Set(lists.flatMap(({ orderNo }) => orderNo ?? []))]
  const named = await findParts(db, orderNos)
  const wanted = new Set(lists.map(({ id }) => id))
  const also = named.filter(({ id }) => wanted.has(id)).flatMap((part) => part.also ?? [])
  const parts = [...named, ...(await findParts(db, [...new Set(also)]))]
  const byThread = groupedBy(parts, ({ thread }) => thread)
  const byId = groupedBy(parts, ({ id }) => id)
  return lists.map(({ id }) => {
    const own = byId.get(id) ?? []
    return { id, parts: [...own, ...companionsOf(own, byThread)] }
  })
}

/** What a list waited for, as customs accepted it: of several the one handed in last comes last. */
const companionsOf = (
  own: readonly ConsignmentDocument[],
  byThread: ReadonlyMap<string, readonly ConsignmentDocument[]>,
): readonly ConsignmentDocument[] =>
  own
    .flatMap(({ thread, needs }) =>
      (byThread.get(thread) ?? []).filter(
        (part) => part.accepted && needs?.includes(part.offer) === true,
      ),
    )
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))

/** Its documents against each other. */
const judgeConsignments: Judge = async (deps, db, lists) => {
  const ids = lists.flatMap(({ parts }) => parts.map(({ id }) => id))
  const rows = await findDocuments(db, [...new Set(ids)])
  const documents = new Map(
    rows.map((row) => [row.id, comparedOf(getDeclaration(row.kind), whole(deps, row))]),
  )
  return new Map(
    lists.map(({ id, parts }) => {
      const there = parts.flatMap((part) => {
        const compared = documents.get(part.id)
        return compared === undefined ? [] : [[part.kind, compared] as const]
      })
      return [id, brokenRules(compareConsignment(new Map(there)))]
    }),
  )
}

/** What each of them broke by itself when it was handed in. */
const judgeDoubts: Judge = async (_deps, _db, lists) =>
  new Map(
    lists.map(({ id, parts }) => [
      id,
      parts.flatMap((part) => part.doubts ?? []).filter(isRuleCode),
    ]),
  )

const judges: readonly Judge[] = [judgeConsignments, judgeDoubts]

const groupedBy = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

// ---- how it is kept --------------------------------------------------------------------------

/** Key of the event that tells of it; the same rules are the same fact. */
export const blockedKey = (version: number, held: readonly RuleCode[]): string =>
  `blocked:${version}:${inOrder(held).join()}`

/** Key of the event that tells that somebody sent it on. */
export const anywayKey = (version: number, held: readonly RuleCode[]): string =>
  `anyway:${version}:${inOrder(held).join()}`

const KEY = /^(?:blocked|anyway):\d+:(.*)$/

/** Rules that such an event names; undefined for any other event. */
export const rulesInKey = (key: string): readonly RuleCode[] | undefined =>
  KEY.exec(key)?.[1]?.split(',').filter(isRuleCode)

const inOrder = (held: readonly RuleCode[]): readonly RuleCode[] =>
  ruleCodes.filter((rule) => held.includes(rule))
