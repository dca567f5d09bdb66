/**
 * Totals held against documents and events: an operator's commands, and what a database of before the
 * ledger needs once. A rebuild writes what differs as corrections recorded now and adds everything up
 * again; figures as of an earlier moment stay what they were. Writers wait for a page at a time.
 */
import { getDeclaration } from '../catalogue/index.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { LEDGER_PAGE_ROWS } from '../kernel/ledger-limits.ts'
import { countsOf } from '../rules/counts.ts'
import { addUpAgain, countWrongSums, lockLedger } from '../store/ledger.ts'
import {
  correctLists,
  countWrongLists,
  pageOfLists,
  type SubjectKey,
} from '../store/ledger-corrections.ts'
import { findUncounted, writeCounts } from '../store/ledger-uncounted.ts'
import type { Db } from '../store/tables.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { recountReturns } from './counted-returns.ts'
import { countedKinds } from './kinds.ts'
import type { FlowDeps } from './types.ts'
import { rebuildZoneFolds } from './zones-rebuild.ts'

export interface Rebuilt {
  /** Lists that were looked at. */
  readonly lists: number
  /** Entries that were missing or wrong. */
  readonly corrected: number
  /** Sums that were not what their entries, replies and bills add up to. */
  readonly sums: number
}

/** The ledger, and the sums beside it that zones are measured by. */
export const rebuildAll = async (
  deps: Pick<FlowDeps, 'db' | 'clock' | 'sealer'>,
): Promise<Rebuilt> => {
  const { sums, ...ledger } = await rebuild(deps)
  const zones = await rebuildZoneFolds(deps)
  return { ...ledger, sums: sums + zones.refusals + zones.taxes }
}

export const rebuild = async ({ db, clock }: Pick<FlowDeps, 'db' | 'clock'>): Promise<Rebuilt> => {
  const { lists, found } = await overLists(db, (keys) =>
    inTransaction(db, async (trx) => {
      await lockLedger(trx)
      const now = clock.now()
      await fillCounts(trx, keys)
      const lists = await correctLists(trx, countedKinds, keys, now)
      return lists + (await recountReturns(trx, keys, now))
    }),
  )
  const sums = await inTransaction(db, async (trx) => {
    await lockLedger(trx)
    const wrong = await countWrongSums(trx)
    if (wrong > 0) await addUpAgain(trx)
    return wrong
  })
  return { lists, corrected: found, sums }
}

/** What a rebuild would find, without writing anything; nobody waits for it. */
export const checkTotals = ({ db }: Pick<FlowDeps, 'db'>): Promise<Rebuilt> =>
  db
    .transaction()
    // One moment for all of it: what is written meanwhile is in none of the pages.
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (trx) => {
      const { lists, found } = await overLists(trx, async (keys) => {
        const wrong = await countWrongLists(trx, countedKinds, keys)
        const uncounted = await findUncounted(trx, keys)
        return wrong + uncounted.length + (await recountReturns(trx, keys, null))
      })
      return { lists, corrected: found, sums: await countWrongSums(trx) }
    })

/** For lists stored before it was kept what they count by. */
const fillCounts = async (trx: Trx, keys: readonly SubjectKey[]): Promise<void> => {
  const found = await findUncounted(trx, keys)
  const rows = found.flatMap(({ kind, payload, ...version }) => {
    const entry = getDeclaration(kind)
    if (entry.trade === undefined) return []
    const head = headOfDocument(entry, payload)
    const lines = linesOf(entry, payload, entry.trade.lines.group)
    const counts = JSON.stringify(countsOf(entry.trade, head, lines))
    return [{ ...version, tradeMode: head[entry.trade.mode] ?? null, counts }]
  })
  await writeCounts(trx, rows)
}

const overLists = async (
  db: Db,
  each: (keys: readonly SubjectKey[]) => Promise<number>,
): Promise<{ readonly lists: number; readonly found: number }> => {
  const kinds = countedKinds.map(({ kind }) => kind)
  let after: SubjectKey | undefined
  let lists = 0
  let found = 0
  for (;;) {
    const keys = await pageOfLists(db, kinds, after, LEDGER_PAGE_ROWS)
    if (keys.length > 0) found += await each(keys)
    lists += keys.length
    after = keys.at(-1)
    if (keys.length < LEDGER_PAGE_ROWS) return { lists, found }
  }
}
