/** Synthetic entries of the ledger, written as the stages write them. */
import { laneOfId } from '../../src/kernel/ids.ts'
import { appendEntries, type LedgerEntry } from '../../src/store/ledger.ts'
import type { Db } from '../../src/store/tables.ts'
import { inTransaction } from '../../src/store/transaction.ts'

export type Counted = Partial<Omit<LedgerEntry, 'lane'>> & Pick<LedgerEntry, 'subjectId'>

/** One released import list of 10 CNY in October 2026 unless told. */
export const entryOf = (counted: Counted): LedgerEntry => ({
  ...{ scope: 'released', cause: 'state', month: '202610', direction: 'import' },
  ...{ zone: 'CQ-XY', tradeMode: '1210', count: 1 },
  dims: { merchant: '5000000001', country: '116' },
  parts: [{ currency: '142', chapter: '33', amount: '10' }],
  ...counted,
  lane: laneOfId(counted.subjectId),
})

export const append = (db: Db, now: Date, ...counted: readonly Counted[]): Promise<void> =>
  inTransaction(db, (trx) => appendEntries(trx, counted.map(entryOf), now))

/** Rates as they become known at a moment, CNY for one unit. */
export const tellRate = async (
  db: Db,
  at: Date,
  told: { readonly currency: string; readonly month: string; readonly rate: string },
): Promise<void> => {
  await db
    .insertInto('exchange_rate_edition')
    .values({ ...told, recorded_at: at, source: 'synthetic' })
    .execute()
  await db
    .insertInto('exchange_rate')
    .values({ ...told, announced_on: `${told.month}-01`, source: 'synthetic' })
    .execute()
}
