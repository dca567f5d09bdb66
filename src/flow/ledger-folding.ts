/** Keeps the sums of the ledger short, beside the flow: nobody waits for it, and nobody has to. */
import {
  LEDGER_FOLD_ROUNDS_MAX,
  LEDGER_FOLD_ROWS,
  LEDGER_REMADE_MONTHS_MAX,
} from '../kernel/fold-limits.ts'
import { foldSums, remakeMonth } from '../store/ledger-folds.ts'
import { findStaleMonths } from '../store/ledger-totals.ts'
import { inTransaction } from '../store/transaction.ts'
import type { FlowDeps } from './types.ts'

/** Gives how many rows were put together. */
export const foldLedger = async (
  { db }: Pick<FlowDeps, 'db'>,
  rounds = LEDGER_FOLD_ROUNDS_MAX,
): Promise<number> => {
  let all = 0
  for (let round = 0; round < rounds; round += 1) {
    const taken = await inTransaction(db, (trx) => foldSums(trx, LEDGER_FOLD_ROWS))
    all += taken
    if (taken < LEDGER_FOLD_ROWS) break
  }
  await remakeMonths({ db })
  return all
}

/** Figures of months whose rates are not those that they were made at, the newest months first. */
const remakeMonths = async ({ db }: Pick<FlowDeps, 'db'>): Promise<void> => {
  for (const month of await findStaleMonths(db, LEDGER_REMADE_MONTHS_MAX))
    if (!(await inTransaction(db, (trx) => remakeMonth(trx, month)))) return
}
