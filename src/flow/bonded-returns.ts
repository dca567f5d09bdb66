/**
 * What granted returns of lists bring back into bonded books. The goods are there again whenever the
 * return was granted, in time for its tax or not; worked out afresh from the list and all of its
 * returns, like the quota, so the order of replies makes no difference.
 */
import type { Declaration } from '../catalogue/message.ts'
import { linesOf } from '../codec/document.ts'
import { returnedQuantity } from '../rules/bonded-draw.ts'
import { findAccountItems } from '../store/bonded-books.ts'
import { type HoldFacts, restoreHolds } from '../store/holds.ts'
import { findHolding, type GrantedDocument } from '../store/returned.ts'
import type { Trx } from '../store/transaction.ts'

export interface ReturnedLists {
  readonly list: Declaration
  /** What asks for a return of it. */
  readonly back: Declaration
  readonly facts: HoldFacts
  readonly keys: readonly { readonly lane: number; readonly id: string }[]
  /** All returns of these lists that are granted. */
  readonly granted: readonly GrantedDocument[]
}

export const restoreStock = async (
  trx: Trx,
  { list, back, facts, keys, granted }: ReturnedLists,
): Promise<void> => {
  const { draws } = list
  const names = back.acts?.making?.lines
  if (draws === undefined || names === undefined) return
  const holding = await findHolding(trx, facts, 'stock', keys)
  const items = await findAccountItems(
    trx,
    holding.map(({ accountId }) => accountId),
  )
  await restoreHolds(
    trx,
    holding.flatMap(({ lane, id, accountId, payload }) => {
      const item = items.get(accountId)
      if (item === undefined) return []
      const listed = linesOf(list, payload, draws.lines.group)
      const returned = granted
        .filter(({ listId }) => listId === id)
        .flatMap((one) => linesOf(back, one.payload, names.group))
      const amount = returnedQuantity(draws, item, listed, returned, names)
      return [{ lane, documentId: id, accountId, amount }]
    }),
  )
}
