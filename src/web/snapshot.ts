/**
 * The figures a page shows, read together and kept for a few seconds, so that neither many readers
 * nor a page that stays open costs the database more than one set of queries at a time.
 */
import type { TargetsView } from '../flow/targets.ts'
import type { ShownTotals, TotalsBy } from '../flow/types.ts'
import { type Clock, stamp17 } from '../kernel/clock.ts'
import { keptFor } from '../kernel/kept.ts'
import { PAGE_FIGURES_KEPT_MS } from '../kernel/limits.ts'

export interface Snapshot {
  /** How far the year is from its target, in the scope that the target is of. */
  readonly year: TargetsView
  /** Its parts, in that scope too; of released lists where parts of it may not be told. */
  readonly zone: ShownTotals
  readonly month: ShownTotals
  readonly mode: ShownTotals
}

export interface SnapshotDeps {
  readonly clock: Clock
  /** `GET /targets` of the year and `GET /totals`: the page shows nothing that the API does not say. */
  targets(query: { readonly year: number }): Promise<TargetsView>
  totals(query: { readonly by: TotalsBy; readonly year: number }): Promise<ShownTotals>
}

/** The figures of the current year (China time), at most `PAGE_FIGURES_KEPT_MS` old. */
export type ReadSnapshot = () => Promise<Snapshot>

export const createSnapshots = ({ clock, targets, totals }: SnapshotDeps): ReadSnapshot =>
  keptFor(clock, PAGE_FIGURES_KEPT_MS, () =>
    read({ targets, totals }, Number(stamp17(clock.now()).slice(0, 4))),
  )

const read = async (
  { targets, totals }: Pick<SnapshotDeps, 'targets' | 'totals'>,
  askedYear: number,
): Promise<Snapshot> => {
  const [year, zone, month, mode] = await Promise.all([
    targets({ year: askedYear }),
    totals({ by: 'zone', year: askedYear }),
    totals({ by: 'month', year: askedYear }),
    totals({ by: 'mode', year: askedYear }),
  ])
  return { year, zone, month, mode }
}
