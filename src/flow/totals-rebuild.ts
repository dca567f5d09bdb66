/**
 * Totals held against documents and events: an operator's commands, and what a database of before the
 * ledger needs once. A rebuild writes what differs as corrections recorded now; figures as of an earlier
 * moment stay what they were. Everything goes in slices, each a statement of a few seconds at most: lists
 * lane by lane, sums month by month. Both may be broken off and told from which lane to go on.
 */
import { getDeclaration } from '../catalogue/index.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import { LEDGER_PAGE_ROWS } from '../kernel/ledger-limits.ts'
import { countsOf } from '../rules/counts.ts'
import { lockLedger } from '../store/ledger.ts'
import {
  correctAlone,
  correctSums,
  countWrongAlone,
  countWrongSums,
  findLedgerMonths,
} from '../store/ledger-checks.ts'
import {
  correctLists,
  countWrongLists,
  pageOfLists,
  type SubjectKey,
} from '../store/ledger-corrections.ts'
import { lockFolding } from '../store/ledger-folds.ts'
import {
  correctTotals,
  correctYear,
  countWrongTotals,
  countWrongYear,
} from '../store/ledger-totals.ts'
import { findUncounted, writeCounts } from '../store/ledger-uncounted.ts'
import type { Db } from '../store/tables.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { correctZoneEntries, findWrongZoneEntries } from '../store/zone-entries.ts'
import { recountReturns } from './counted-returns.ts'
import { countedKinds } from './kinds.ts'
import type { RebuildStep } from './rebuild-step.ts'
import { checkSettlements, rebuildSettlements } from './settlements-kept.ts'
import type { FlowDeps } from './types.ts'
import { checkZoneFolds, rebuildZoneFolds } from './zones-rebuild.ts'

export interface Rebuilt {
  /** Lists that were looked at. */
  readonly lists: number
  /** Entries that were missing or wrong. */
  readonly corrected: number
  /**
   * Sums that were not what their entries, replies, bills and settlements add up to, and editions that
   * were missing.
   */
  readonly sums: number
}

export interface RebuildOptions {
  /** Lists of earlier lanes were looked at before. */
  readonly fromLane?: number | undefined
  readonly onStep?: ((step: RebuildStep) => void) | undefined
}

/** The ledger, the sums beside it that zones are measured by, and what is kept of settlements. */
export const rebuildAll = async (
  deps: Pick<FlowDeps, 'db' | 'clock' | 'sealer'>,
  options: RebuildOptions = {},
): Promise<Rebuilt> => {
  const { sums, ...ledger } = await rebuild(deps, options)
  const zones = await rebuildZoneFolds(deps, options.onStep)
  const entries = await rebuildZoneEntries(deps)
  const settled = await rebuildSettlements(deps)
  return { ...ledger, sums: sums + zones.refusals + zones.taxes + entries + settled }
}

/** Nobody waits for the look at all entries, and writers for the months alone of which something is wrong. */
const rebuildZoneEntries = async ({
  db,
  clock,
}: Pick<FlowDeps, 'db' | 'clock'>): Promise<number> => {
  let corrected = 0
  for (const { month } of await findWrongZoneEntries(db))
    corrected += await inTransaction(db, async (trx) => {
      await lockLedger(trx)
      return correctZoneEntries(trx, month, clock.now())
    })
  return corrected
}

/** What a rebuild of all would find, without writing anything; nobody waits for it. */
export const checkAll = (
  deps: Pick<FlowDeps, 'db' | 'sealer'>,
  options: RebuildOptions = {},
): Promise<Rebuilt> =>
  atOneMoment(deps.db, async (trx) => {
    const { sums, ...ledger } = await checkLedger(trx, options)
    const zones = await checkZoneFolds({ ...deps, db: trx }, options.onStep)
    const astray = zones.refusals + zones.taxes
    // Entries are held against the sums, which must be right for that.
    const wrong = astray === 0 ? await findWrongZoneEntries(trx) : []
    const entries = wrong.reduce((sum, month) => sum + month.wrong, 0)
    return { ...ledger, sums: sums + astray + entries + (await checkSettlements(trx)) }
  })

/** Writers wait for a page of lists of which something differs, and for nothing else. */
export const rebuild = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  options: RebuildOptions = {},
): Promise<Rebuilt> => {
  const { lists, found } = await overLists(db, options, async (keys) => {
    const wrong = await atOneMoment(db, (trx) => countWrong(trx, keys))
    if (wrong === 0) return 0
    return inTransaction(db, async (trx) => {
      await lockLedger(trx)
      const now = clock.now()
      await fillCounts(trx, keys)
      const lists = await correctLists(trx, countedKinds, keys, now)
      return lists + (await recountReturns(trx, keys, now))
    })
  })
  const sums = await overMonths(db, options, {
    month: async (month) => {
      const told = await atOneMoment(db, (trx) => correctSums(trx, month))
      return told + (await folded(db, (trx) => correctAlone(trx, month)))
    },
    total: (month) => folded(db, (trx) => correctTotals(trx, month)),
    year: (year) => folded(db, (trx) => correctYear(trx, year)),
  })
  return { lists, corrected: found, sums }
}

/** The ledger alone, without the sums beside it. */
export const checkTotals = (
  { db }: Pick<FlowDeps, 'db'>,
  options: RebuildOptions = {},
): Promise<Rebuilt> => atOneMoment(db, (trx) => checkLedger(trx, options))

const checkLedger = async (trx: Trx, options: RebuildOptions): Promise<Rebuilt> => {
  const { lists, found } = await overLists(trx, options, (keys) => countWrong(trx, keys))
  const sums = await overMonths(trx, options, {
    month: async (month) =>
      (await countWrongSums(trx, month)) + (await countWrongAlone(trx, month)),
    total: (month) => countWrongTotals(trx, month),
    year: (year) => countWrongYear(trx, year),
  })
  return { lists, corrected: found, sums }
}

/** What is written meanwhile is in none of the slices. */
const atOneMoment = <T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> =>
  db.transaction().setIsolationLevel('repeatable read').execute(work)

const folded = (db: Db, work: (trx: Trx) => Promise<number>): Promise<number> =>
  inTransaction(db, async (trx) => {
    await lockFolding(trx)
    return work(trx)
  })

const countWrong = async (trx: Trx, keys: readonly SubjectKey[]): Promise<number> => {
  const wrong = await countWrongLists(trx, countedKinds, keys)
  const uncounted = await findUncounted(trx, keys)
  return wrong + uncounted.length + (await recountReturns(trx, keys, null))
}

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

/** Lists page by page, lane by lane; gives how many there were, and what `each` found in all. */
export const overLists = async (
  db: Db,
  { fromLane = 0, onStep }: RebuildOptions,
  each: (keys: readonly SubjectKey[]) => Promise<number>,
): Promise<{ readonly lists: number; readonly found: number }> => {
  const kinds = countedKinds.map(({ kind }) => kind)
  let lists = 0
  let found = 0
  for (let lane = fromLane; lane < LANE_COUNT; lane += 1) {
    onStep?.({ what: 'lists', done: lane, of: LANE_COUNT })
    let after: string | undefined
    do {
      const keys = await pageOfLists(db, kinds, lane, after, LEDGER_PAGE_ROWS)
      if (keys.length > 0) found += await each(keys)
      lists += keys.length
      after = keys.length < LEDGER_PAGE_ROWS ? undefined : keys.at(-1)?.id
    } while (after !== undefined)
  }
  onStep?.({ what: 'lists', done: LANE_COUNT, of: LANE_COUNT })
  return { lists, found }
}

interface MonthWork {
  readonly month: (month: string) => Promise<number>
  readonly total: (month: string) => Promise<number>
  readonly year: (year: string) => Promise<number>
}

/** A month's figures are held against its sums, a year's against those of its months. */
const overMonths = async (
  db: Db,
  { onStep }: RebuildOptions,
  { month, total, year }: MonthWork,
): Promise<number> => {
  const months = await findLedgerMonths(db)
  let wrong = 0
  for (const [done, one] of months.entries()) {
    onStep?.({ what: 'sums', done, of: months.length })
    wrong += (await month(one)) + (await total(one))
  }
  for (const one of new Set(months.map((each) => each.slice(0, 4)))) wrong += await year(one)
  onStep?.({ what: 'sums', done: months.length, of: months.length })
  return wrong
}
