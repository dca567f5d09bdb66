/**
 * What a report asks, answered by the flow: figures are those of `totals`, and what totals do not
 * tell, settlement by currency and indicators of zones, is read as of the same moment.
 */
import { codeOf, findCodeList } from '../catalogue/code-lists/index.ts'
import { settlementDirections } from '../catalogue/settlement.ts'
import type { Text } from '../kernel/fault.ts'
import { byAmount } from '../reports/amounts.ts'
import type { FiguresSource } from '../reports/figures.ts'
import type { SettledCurrency, ZoneIndicators } from '../reports/model.ts'
import { clearanceOf } from '../rules/clearance.ts'
import { findSettledSums } from '../store/settlements-as-of.ts'
import { findZonesAsOf } from '../store/zones-as-of.ts'
import { totals } from './totals.ts'
import type { FlowDeps } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

export const reportFigures = (deps: Deps): FiguresSource => ({
  totals: (query) => totals(deps, query),
  currencies: async (month, asOf) =>
    (await findSettledSums(deps.db, month, asOf)).map(
      ({ currency, direction, rmb, ...sums }): SettledCurrency => ({
        ...{ currency, label: currencyName(currency), direction },
        directionName: directionName(direction),
        ...{ ...sums, amount: rmb },
      }),
    ),
  zones: (month, asOf) => zoneIndicators(deps, month, asOf),
})

const currencyName = (code: string): Text => {
  const list = findCodeList('currency')
  const row = list && codeOf(list, code)
  return row === undefined ? { zh: code, en: code } : { zh: row.zh, en: row.en ?? row.zh }
}

const directionName = (code: keyof typeof settlementDirections): Text => {
  const { zh, en } = settlementDirections[code]
  return { zh, en }
}

/**
 * By released value, undecided lists last. Taxes and refusals are kept in sums that do not say when
 * they were learnt, so that nothing tells them as of a moment.
 */
const zoneIndicators = async (
  deps: Deps,
  month: string,
  asOf: Date,
): Promise<readonly ZoneIndicators[]> => {
  const year = Number(month.slice(0, 4))
  const { rows } = await totals(deps, { scope: 'released', by: 'zone', year, month, asOf })
  const found = new Map((await findZonesAsOf(deps.db, month, asOf)).map((one) => [one.zone, one]))
  const last = ({ key }: { readonly key: string }) => Number(key === '')
  return rows
    .toSorted((a, b) => last(a) - last(b) || byAmount(a.amount, b.amount))
    .map(({ key, label, count, amount }) => {
      const { merchants = 0, returns = 0, steps = {} } = found.get(key) ?? {}
      const { medianMinutes, p95Minutes } = clearanceOf(Object.entries(steps))
      return {
        ...{ key, label, lists: count, amount, tax: null, enterprises: merchants },
        medianMinutes: medianMinutes === null ? null : String(medianMinutes),
        p95Minutes: p95Minutes === null ? null : String(p95Minutes),
        ...{ refusedShare: null, returns },
      }
    })
}
