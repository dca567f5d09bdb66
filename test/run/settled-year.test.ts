/** The year that the bench of settlement makes: what is kept of it is what the flow would have kept. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openItems, settlementTotals } from '../../src/flow/settlements-totals.ts'
import { checkAll } from '../../src/flow/totals-rebuild.ts'
import { makeSettledYear } from '../../src/run/bench/settlement-year.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

const [LISTS, RECORDS, YEAR] = [2_000, 20, 2025]
const OPERATOR = { enterpriseId: '', operator: true }
const countOf = (groups: readonly { readonly count: number }[] | null) =>
  (groups ?? []).reduce((sum, { count }) => sum + count, 0)

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
  await makeSettledYear(gateway.deps.db, { lists: LISTS, year: YEAR })
})
afterAll(() => gateway?.close())

it('ties, and a check finds nothing', async () => {
  const { deps } = gateway
  const asked = { from: `${YEAR}01`, to: `${YEAR}12` }
  const { ties, legs, rows } = await settlementTotals(deps, OPERATOR, asked, true)
  expect({ ties, off: legs.filter(({ difference }) => difference !== '0') }).toEqual({
    ...{ ties: true, off: [] },
  })
  const { rows: late } = await sql<{ count: number }>`
    select count(*)::integer as count from settlement where month > ${asked.to}`.execute(deps.db)
  expect(countOf(rows) + (late[0]?.count ?? 0)).toBe(RECORDS)
  expect(await checkAll(deps)).toMatchObject({ corrected: 0, sums: 0 })
})

it('leaves a tenth open', async () => {
  const { lists, lines } = await openItems(gateway.deps, OPERATOR, { of: 'lists' })
  expect([countOf(lists), countOf(lines)]).toEqual([LISTS / 10, LISTS / 10])
})
