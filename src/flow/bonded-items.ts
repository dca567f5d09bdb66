/**
 * Items of a bonded book: registered and changed all together or not at all. What has moved keeps its
 * unit, in which all its movements are written.
 */
import { bondedItems } from '../catalogue/bonded-book.ts'
import { type BookRow, putItems } from '../store/bonded-books.ts'
import { inTransaction } from '../store/transaction.ts'
import { bookFault } from './bonded-faults.ts'
import { type HandedRow, judgeRows, type RowFault } from './bonded-rows.ts'
import type { FlowDeps } from './types.ts'

export type ItemsPut =
  | { readonly kind: 'put'; readonly items: number }
  | { readonly kind: 'wrong'; readonly faults: readonly RowFault[] }

/** Thrown inside the transaction, so that none of the items is kept. */
class UnitsInUse extends Error {
  readonly items: ReadonlySet<string>
  constructor(items: ReadonlySet<string>) {
    super('items that have moved would change their unit')
    this.items = items
  }
}

export const putBookItems = async (
  { db }: Pick<FlowDeps, 'db'>,
  book: BookRow,
  rows: readonly HandedRow[],
): Promise<ItemsPut> => {
  const { records, faults } = judgeRows(bondedItems, rows)
  const seen = new Set<string>()
  const repeated = records.flatMap(({ itemRecordNo = '' }, index): readonly RowFault[] => {
    if (itemRecordNo === '' || !seen.has(itemRecordNo)) {
      seen.add(itemRecordNo)
      return []
    }
    return [{ index, fault: bookFault(bondedItems.code, 'itemRecordNo-REPEATED') }]
  })
  const found = [...faults, ...repeated]
  if (found.some(({ fault }) => fault.severity === 'error')) return { kind: 'wrong', faults: found }
  const items = records.map(({ itemRecordNo = '', gname = '', unit = '', gcode = null }) => {
    return { itemRecordNo, gname, unit, gcode }
  })
  try {
    await inTransaction(db, async (trx) => {
      const kept = await putItems(trx, book, items)
      if (kept.size > 0) throw new UnitsInUse(kept)
    })
  } catch (problem) {
    if (!(problem instanceof UnitsInUse)) throw problem
    return {
      kind: 'wrong',
      faults: items.flatMap(({ itemRecordNo }, index) =>
        problem.items.has(itemRecordNo)
          ? [{ index, fault: bookFault(bondedItems.code, 'unit-IN_USE') }]
          : [],
      ),
    }
  }
  return { kind: 'put', items: items.length }
}
