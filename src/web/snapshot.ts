/**
 * The figures a page shows, read together and kept for a few seconds, so that neither many readers
 * nor a page that stays open costs the database more than one set of queries at a time.
 */
import type { ShownTotals, TotalsBy } from '../flow/types.ts'
import { type Clock, stamp17 } from '../kernel/clock.ts'
import { keptFor } from '../kernel/kept.ts'
import { PAGE_FIGURES_KEPT_MS } from '../kernel/limits.ts'

export interface Snapshot {
  readonly zone: ShownTotals
  readonly month: ShownTotals
  readonly mode: ShownTotals
}

export interface SnapshotDeps {
  readonly clock: Clock
  /** `GET /totals` of the year: the page shows nothing that the API does not say. */
  totals(query: { readonly by: TotalsBy; readonly year: number }): Promise<ShownTotals>
}

/** The figures of the current year (China time), at most `PAGE_FIGURES_KEPT_MS` old. */
export type ReadSnapshot = () => Promise<Snapshot>

export const createSnapshots = ({ clock, totals }: SnapshotDeps): ReadSnapshot =>
  keptFor(clock, PAGE_FIGURES_KEPT_MS, () => read(totals, Number(stamp17(clock.now()).slice(0, 4))))

const read = async (totals: SnapshotDeps['totals'], year: number): Promise<Snapshot> => {
  const [zone, month, mode] = await Promise.all([
    totals({ by: 'zone', year }),
    totals({ by: 'month', year }),
    totals({ by: 'mode', year }),
  ])
  return { zone, month, mode }
}
