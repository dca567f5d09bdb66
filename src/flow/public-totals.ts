/**
 * Totals for anybody: sums of the cells that open data may show, so that no question, and no two of
 * them, tell what few enterprises do. What is too small to be shown is in 其他, by the same rules. What
 * the city reached of its target is told whatever stands behind it (`docs/open-data.md`).
 */
import { TARGET_SCOPE } from '../catalogue/scoreboard.ts'
import { chinaDay, stamp17 } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { addDecimals } from '../kernel/places.ts'
import { type Cell, OTHER } from '../rules/small-cells.ts'
import { apportioned } from '../rules/yuan.ts'
import { findCells } from '../store/ledger-cells.ts'
import { findMeasure } from '../store/measures.ts'
import { safeCells } from './open-data.ts'
import {
  definitionOf,
  findTargetFor,
  momentOf,
  sealUpTo,
  sourcesOf,
  type TotalsQuery,
  targetBeside,
} from './totals.ts'
import { labelsOf } from './totals-labels.ts'
import type { FlowDeps, ShownTotals, TotalsBy } from './types.ts'

/** What anybody may split totals by. */
export const PUBLIC_BY = ['zone', 'mode', 'month', 'direction'] as const
export type PublicBy = (typeof PUBLIC_BY)[number]

/** Key of the row of what was put together: no documents open behind it. */
export const MERGED = OTHER

export interface PublicQuery
  extends Pick<TotalsQuery, 'year' | 'scope' | 'month' | 'zone' | 'mode' | 'direction' | 'asOf'> {
  readonly by: PublicBy
}

/** Undefined where even the whole year is of too few to be told. */
export const publicTotals = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  query: PublicQuery,
): Promise<ShownTotals | undefined> => {
  const { db, clock } = deps
  const at = query.asOf ?? clock.now()
  const year = query.year ?? Number(stamp17(at).slice(0, 4))
  const { scope = 'released', by, asOf } = query
  if (asOf !== undefined) await sealUpTo(deps, asOf)
  const measure = (await findMeasure(db, scope, at)) ?? undefined
  const scopes: readonly string[] = measure?.parts ?? []
  const amounts = (await findCells(db, year, asOf)).filter((cell) => scopes.includes(cell.scope))
  const safe = await safeCells(db, { year, asOf, day: chinaDay(at) }, amounts)
  if (safe.withheld.some((each) => each === SETTLED)) return undefined
  const cells = [...safe.cells, ...safe.withheldCells].filter((cell) => isIn(cell, query))
  const byKey = [...grouped(cells, (cell) => cell[by])].sort(([a], [b]) => inOrder(a, b))
  const shown = apportioned(byKey.map(([, own]) => addDecimals(own.map(({ amount }) => amount))))
  const rows = byKey.map(([key, own], i) => ({
    ...{ key, count: countOf(own), amount: shown.amounts[i] ?? '0' },
  }))
  const labels = await labelsOf(db, by, rows, asOf)
  const target = await findTargetFor(deps, year, query, at)
  return {
    ...{ scope, definition: definitionOf(measure), ...momentOf(asOf, at), year, by },
    rows: rows.map((row) => ({ ...row, label: row.key === OTHER ? OTHERS : labels(row.key) })),
    total: { count: countOf(cells), amount: shown.total },
    target: target && targetBeside(target, query, shown.total),
    sources: sourcesOf(measure),
    gaps: gapsOf(amounts, query.month),
  }
}

/**
 * What the first page shows of the target's measure; where so few settled that parts of that would tell
 * what they did, of released lists, which the answer names.
 */
export const pageTotals = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  { by, year }: { readonly by: TotalsBy; readonly year: number },
): Promise<ShownTotals> => {
  const own = PUBLIC_BY.find((name) => name === by)
  const found =
    own &&
    ((await publicTotals(deps, { by: own, year, scope: TARGET_SCOPE })) ??
      (await publicTotals(deps, { by: own, year, scope: 'released' })))
  if (found === undefined) throw new Error(`nobody may see released lists by ${by}`)
  return found
}

/** The city's own total of lists is told whatever stands behind it; of money nothing is. */
const SETTLED = 'settled'

const OTHERS: Text = { zh: '其他', en: 'Other' }

const isIn = (cell: Cell, query: PublicQuery): boolean =>
  PUBLIC_BY.every((name) => query[name] === undefined || query[name] === cell[name])

const countOf = (cells: readonly Cell[]): number => cells.reduce((sum, { count }) => sum + count, 0)

/** What was put together comes last. */
const inOrder = (a: string, b: string): number =>
  Number(a === OTHER) - Number(b === OTHER) || (a < b ? -1 : 1)

/** Which rates are missing; what for is not told, because it may be of one enterprise. */
const gapsOf = (
  amounts: Awaited<ReturnType<typeof findCells>>,
  of: string | undefined,
): ShownTotals['gaps'] => {
  const missing = amounts.filter(
    ({ cny, month }) => cny === null && (of === undefined || month === of),
  )
  const named = new Map(
    missing.map(({ currency, month }) => [`${month} ${currency}`, { currency, month }]),
  )
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, gap]) => ({ ...gap, count: null, amount: null }))
}
