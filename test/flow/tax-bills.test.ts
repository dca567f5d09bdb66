/** The simulated office assesses by itself, from tables of its own: its bills are our estimates. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { taxVariances } from '../../src/flow/list-tax.ts'
import { findDocument } from '../../src/flow/queries.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway({ customs: { taxBills: 'all' } })
})
afterAll(() => gateway.close())

const operator = { enterpriseId: '', operator: true }
const COUNT = 40

it('every list that the office bills is billed what we estimated', async () => {
  await gateway.handIn(Array.from({ length: COUNT }, (_, n) => gateway.consignment(n)))
  await gateway.settle()
  const { variances } = await taxVariances(gateway.deps, operator, { limit: COUNT })
  expect(variances).toHaveLength(COUNT)
  for (const one of variances) {
    const view = await findDocument(gateway.deps, operator, one.documentId)
    expect(one, JSON.stringify(view?.document)).toMatchObject({
      ...{ bills: 1, verdict: 'within' },
      difference: { duty: '0.00', consumptionTax: '0.00', vat: '0.00', total: '0.00' },
    })
    expect(view?.tax?.variance).toMatchObject({ billed: one.billed })
  }
  // Some of the baskets bear consumption tax.
  expect(variances.some(({ billed }) => billed.consumptionTax !== '0.00')).toBe(true)
})
