/**
 * What granted returns take off the totals. The goods did not stay, whenever the return was granted,
 * in time for its tax or not; worked out afresh from the list and all of its returns, like the quota, so
 * the order of replies makes no difference.
 */
import { declarations, findAct } from '../catalogue/index.ts'
import type { Declaration } from '../catalogue/message.ts'
import { linesOf } from '../codec/document.ts'
import { takenOff } from '../rules/returned-value.ts'
import type { LedgerEntry } from '../store/ledger.ts'
import { correctEntries, countWrongEntries, type SubjectKey } from '../store/ledger-corrections.ts'
import { findCountedLists, findNamedByReturn } from '../store/ledger-returns.ts'
import { findGranted, type GrantedDocument } from '../store/returned.ts'
import type { Trx } from '../store/transaction.ts'
import { actFactsOf } from './kinds.ts'

interface CountedReturns {
  readonly list: Declaration
  /** What asks for a return of it. */
  readonly back: Declaration
  readonly keys: readonly SubjectKey[]
  /** All returns of these lists that are granted. */
  readonly granted: readonly GrantedDocument[]
}

const OF_RETURNS = { cause: 'return', scope: 'released' } as const

/** The ledger must be shared by then. */
export const settleCounts = async (trx: Trx, lists: CountedReturns, now: Date): Promise<number> => {
  const found = await entriesOf(trx, lists)
  return found === undefined ? 0 : correctEntries(trx, OF_RETURNS, found.keys, found.wanted, now)
}

/**
 * Settles all returns of these lists, or counts what would be written where no moment is given; most
 * lists have none.
 */
export const recountReturns = async (
  trx: Trx,
  keys: readonly SubjectKey[],
  now: Date | null,
): Promise<number> => {
  let found = 0
  for (const { list, back, acts } of countedReturns) {
    const named = await findNamedByReturn(trx, acts, keys)
    if (named.length === 0) continue
    const granted = await findGranted(trx, acts, named)
    const lists = { list, back, keys: named, granted }
    if (now !== null) found += await settleCounts(trx, lists, now)
    else {
      const entries = await entriesOf(trx, lists)
      if (entries) found += await countWrongEntries(trx, OF_RETURNS, entries.keys, entries.wanted)
    }
  }
  return found
}

/** Kinds of lists that count and may be returned, each with what asks for it. */
const countedReturns = declarations.flatMap((list) => {
  const back = list.trade && findAct(list.code, 'return')
  const acts = back && actFactsOf(back)
  return back === undefined || acts === undefined ? [] : [{ list, back, acts }]
})

const entriesOf = async (
  trx: Trx,
  { list, back, keys, granted }: CountedReturns,
): Promise<
  | {
      readonly keys: readonly SubjectKey[]
      readonly wanted: readonly Omit<LedgerEntry, 'cause' | 'scope'>[]
    }
  | undefined
> => {
  const { trade, direction } = list
  const names = back.acts?.making?.lines
  if (trade === undefined || names === undefined || direction === 'both') return undefined
  const lists = await findCountedLists(trx, list.code, keys)
  return {
    keys: lists,
    wanted: lists.flatMap(({ lane, id, counted }) => {
      if (counted === null) return []
      const { zone, tradeMode, dims, payload } = counted
      const returns = granted
        .filter(({ listId }) => listId === id)
        .map((one) => ({ ...one, lines: linesOf(back, one.payload, names.group) }))
      const listed = linesOf(list, payload, trade.lines.group)
      return takenOff(trade, listed, returns, names).map(({ month, parts }) => ({
        ...{ lane, subjectId: id, month, direction, zone, tradeMode, count: 0 as const },
        ...{ dims: { ...dims, returned: 'granted' }, parts },
      }))
    }),
  }
}
