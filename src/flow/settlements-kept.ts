/**
 * What is kept of settlements beside what stands: sums, which a chore keeps short, and editions. Both are held
 * against what stands: a program of before, which goes on for a while during an upgrade, keeps none. What is
 * missing is recorded now; of the time between it is not known.
 */
import { LEDGER_PAGE_ROWS } from '../kernel/ledger-limits.ts'
import { SETTLEMENT_FOLD_ROUNDS_MAX, SETTLEMENT_FOLD_ROWS } from '../kernel/settlement-limits.ts'
import { countUnkept, type Kept, keepMissing, pageOfKept } from '../store/settlements-editions.ts'
import {
  correctSettlementSums,
  countWrongSettlementSums,
  findSummedMonths,
  foldSettlementSums,
} from '../store/settlements-sums.ts'
import type { Db } from '../store/tables.ts'
import { inTransaction } from '../store/transaction.ts'
import type { FlowDeps } from './types.ts'

type Page = Awaited<ReturnType<typeof pageOfKept>>

/** Puts rows of one key together: whoever settles does not wait for it. */
export const foldSettlements = async ({ db }: Pick<FlowDeps, 'db'>): Promise<void> => {
  for (let round = 0; round < SETTLEMENT_FOLD_ROUNDS_MAX; round += 1) {
    const taken = await inTransaction(db, (trx) => foldSettlementSums(trx, SETTLEMENT_FOLD_ROWS))
    if (taken < SETTLEMENT_FOLD_ROWS) return
  }
}

/**
 * Whoever settles waits for a page of which something is missing, and for no sum; gives how many editions
 * and sums were wrong.
 */
export const rebuildSettlements = async ({
  db,
  clock,
}: Pick<FlowDeps, 'db' | 'clock'>): Promise<number> => {
  let wrong = await overKept(db, async (of, page) =>
    (await countUnkept(db, of, page)) === 0
      ? 0
      : inTransaction(db, (trx) => keepMissing(trx, of, page, clock.now())),
  )
  for (const month of await findSummedMonths(db))
    wrong += await inTransaction(db, (trx) => correctSettlementSums(trx, month))
  return wrong
}

/** The database should be one of a moment. */
export const checkSettlements = async (db: Db): Promise<number> => {
  let wrong = await overKept(db, (of, page) => countUnkept(db, of, page))
  for (const month of await findSummedMonths(db)) wrong += await countWrongSettlementSums(db, month)
  return wrong
}

const overKept = async (
  db: Db,
  each: (of: Kept, page: Page) => Promise<number>,
): Promise<number> => {
  let found = 0
  for (const of of ['lines', 'lists'] as const) {
    let after: Page[number] | undefined
    do {
      const page = await pageOfKept(db, of, after, LEDGER_PAGE_ROWS)
      found += await each(of, page)
      after = page.length < LEDGER_PAGE_ROWS ? undefined : page.at(-1)
    } while (after !== undefined)
  }
  return found
}
