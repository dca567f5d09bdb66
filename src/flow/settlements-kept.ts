/**
 * Editions of settlements held against what stands: a program of before, which goes on for a while during
 * an upgrade, keeps none. What is missing is recorded now; of the time between it is not known.
 */
import { LEDGER_PAGE_ROWS } from '../kernel/ledger-limits.ts'
import { countUnkept, type Kept, keepMissing, pageOfKept } from '../store/settlements-editions.ts'
import type { Db } from '../store/tables.ts'
import { inTransaction } from '../store/transaction.ts'
import type { FlowDeps } from './types.ts'

type Page = Awaited<ReturnType<typeof pageOfKept>>

/** Whoever settles waits for a page of which something is missing; gives how many editions were. */
export const rebuildEditions = ({ db, clock }: Pick<FlowDeps, 'db' | 'clock'>): Promise<number> =>
  overKept(db, async (of, page) =>
    (await countUnkept(db, of, page)) === 0
      ? 0
      : inTransaction(db, (trx) => keepMissing(trx, of, page, clock.now())),
  )

/** The database should be one of a moment. */
export const checkEditions = (db: Db): Promise<number> =>
  overKept(db, (of, page) => countUnkept(db, of, page))

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
