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
import { labelsOf } from './totals-labels.ts'
import type { FlowDeps } from './types.ts'
import { shareOf } from './zone-view.ts'

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

/** By released value, undecided lists last. */
const zoneIndicators = async (
  deps: Deps,
  month: string,
  asOf: Date,
): Promise<readonly ZoneIndicators[]> => {
  const year = Number(month.slice(0, 4))
  const byZone = async (scope: 'released' | 'declared') => {
    const { rows } = await totals(deps, { scope, by: 'zone', year, month, asOf })
    return new Map(rows.map((row) => [row.key, row]))
  }
  const [released, declared] = [await byZone('released'), await byZone('declared')]
  const known = new Map((await findZonesAsOf(deps.db, month, asOf)).map((one) => [one.zone, one]))
  const keys = [...new Set([...released.keys(), ...declared.keys(), ...known.keys()])]
  const labelOf = await labelsOf(
    ...([deps.db, 'zone'] as const),
    keys.map((key) => ({ key })),
    asOf,
  )
  const last = ({ key }: { readonly key: string }) => Number(key === '')
  return keys
    .map((key) => {
      const { count: lists = 0, amount = '0' } = released.get(key) ?? {}
      const told = known.get(key)
      const { medianMinutes, p95Minutes } = clearanceOf(Object.entries(told?.steps ?? {}))
      const refused = told?.refusals ?? null
      return {
        ...{ key, label: labelOf(key), lists, amount, tax: told?.taxes ?? null },
        enterprises: told?.merchants ?? 0,
        medianMinutes: medianMinutes === null ? null : String(medianMinutes),
        p95Minutes: p95Minutes === null ? null : String(p95Minutes),
        refusedShare:
          refused === null ? null : shareOf(refused, refused + (declared.get(key)?.count ?? 0)),
        returns: told?.returns ?? 0,
      }
    })
    .sort((a, b) => last(a) - last(b) || byAmount(a.amount, b.amount) || (a.key < b.key ? -1 : 1))
}
