/** Everything that is shown of settlements, now or as of a moment, as the operator sees it. */
import { openItems, registrationLine, settlementTotals } from '../../src/flow/settlements-totals.ts'
import { listSettlementViews } from '../../src/flow/settlements-views.ts'
import type { FlowDeps } from '../../src/flow/types.ts'

export const SHOWN_YEAR = { from: '202601', to: '202612' }

/** Legs that are told as of a moment as well. */
const OF_RECORDS = ['costs', 'lines', 'ledger']

const operator = { enterpriseId: '', operator: true } as const

/** Without what is told as of now alone, and the addresses, which name the moment. */
export const settlementsShown = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  asOf: Date | undefined,
) => {
  const asked = { ...SHOWN_YEAR, asOf }
  const { pending: _, ...sums } = await settlementTotals(deps, operator, asked, true)
  return [
    {
      ...sums,
      rows: sums.rows.map(({ links: __, ...row }) => row),
      legs: sums.legs.filter(({ leg }) => OF_RECORDS.includes(leg)),
    },
    await openItems(deps, operator, { of: 'lists', asOf }),
    await openItems(deps, operator, { of: 'lines', asOf }),
    await registrationLine(deps, operator, { asOf }),
    await listSettlementViews(deps, operator, { asOf }),
    await listSettlementViews(deps, operator, { asOf, state: 'withdrawn' }),
  ].map((answer) => ({ ...answer, untold: null }))
}
