/** What the store's statements need to know of the catalogue, derived from it once. */
import { declarations, findAct, getDeclaration, headOf } from '../catalogue/index.ts'
import type { Declaration, HeadField } from '../catalogue/message.ts'
import { DELETED_STATES } from '../catalogue/statuses.ts'
import type { ActFacts } from '../store/acts.ts'
import type { KindFacts } from '../store/evidence.ts'
import type { HoldFacts } from '../store/holds.ts'
import type { CountedKind } from '../store/ledger-lists.ts'
import { refusedStates, summarisedFacts } from './summarised.ts'

const awaitedParts = new Set(
  declarations.flatMap((entry) => (entry.needs ?? []).map((need) => need.part)),
)

const holdFactsOf = ({ code, done, quota }: Declaration): HoldFacts | undefined => {
  if (quota === undefined) return undefined
  const back = findAct(code, 'return')
  return {
    ...{ kind: code, done, refused: refusedStates, deleted: DELETED_STATES },
    returned: back?.acts && { kind: back.code, by: back.acts.by },
  }
}

const countedKindOf = ({ code, direction, done, trade }: Declaration): CountedKind | undefined => {
  if (trade === undefined) return undefined
  const back = findAct(code, 'return')
  return {
    kind: code,
    direction,
    done,
    returned: back?.acts && { kind: back.code, by: back.acts.by },
  }
}

export const kindFacts: readonly KindFacts[] = declarations.map((entry) => ({
  kind: entry.code,
  done: entry.done,
  awaited: entry.offers !== undefined && awaitedParts.has(entry.offers.part),
  counted: countedKindOf(entry),
  summarised: summarisedFacts.find((facts) => facts.kind === entry.code),
  holds: holdFactsOf(entry),
}))

/** Kinds of lists that count in the totals of trade. */
export const countedKinds: readonly CountedKind[] = kindFacts.flatMap(
  ({ counted }) => counted ?? [],
)

/** Kinds whose documents hold something. */
export const holdFacts: readonly HoldFacts[] = kindFacts.flatMap(({ holds }) => holds ?? [])

/** What a kind does to lists once customs grants it; undefined where that is nothing. */
export const actFactsOf = (entry: Declaration): ActFacts | undefined => {
  const { code: kind, acts, done } = entry
  if (acts?.merchant === undefined) return undefined
  const { on, by, merchant } = acts
  const list = getDeclaration(on)
  const listed = pathTo(list, list.trade?.parties.merchant ?? '')
  return { kind, on, by, done, merchant: { own: pathTo(entry, merchant), listed } }
}

/** Where a head field stands in a payload. */
const pathTo = (entry: Declaration, field: HeadField): readonly string[] => {
  const { group } = headOf(entry)
  return group === undefined ? [field] : [group, field]
}

/** All kinds that act on lists once customs grants them. */
export const actFacts: readonly ActFacts[] = declarations.flatMap(
  (entry) => actFactsOf(entry) ?? [],
)
