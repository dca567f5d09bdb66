/** What a report asks, answered by the flow: every figure is one of `totals`, as of its moment. */
import type { FiguresSource } from '../reports/figures.ts'
import { totals } from './totals.ts'
import type { FlowDeps } from './types.ts'

export const reportFigures = (deps: Pick<FlowDeps, 'db' | 'clock'>): FiguresSource => ({
  totals: (query) => totals(deps, query),
})
