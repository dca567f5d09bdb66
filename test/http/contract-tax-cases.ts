/** Cases of the contract test: import taxes. */
import { bearer, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'

const question = {
  ...{ date: '2026-10-15', tradeMode: '1210', currency: '142', freight: '0', insuredFee: '0' },
  items: [{ gcode: '1901101010', qty: '1', unit: '122', totalPrice: '198' }],
}

/** What anybody may ask, without a key. */
export const openQuestion = (asked: unknown = question): RequestInit => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(asked),
})

export const taxCases = (test: () => TestApp): readonly Case[] => {
  const key = () => test().account(test().cast.platform).key
  const above = { ...question, buyerUsed: '26000' }
  const returned = { releasedOn: '2026-03-01', appliedOn: '2026-04-01' }
  const route = 'POST /api/v1/tax/estimate'
  return [
    { route, status: 200, init: () => openQuestion() },
    { route, status: 200, init: () => openQuestion(above) },
    { route, status: 200, init: () => openQuestion({ ...question, returned }) },
    {
      ...{ route: 'GET /api/v1/tax/variances', status: 200 },
      path: () => '/api/v1/tax/variances?verdict=beyond&limit=2',
      init: () => ({ headers: bearer(key()) }),
    },
    {
      ...{ route: 'GET /api/v1/tax/variances', status: 404 },
      path: () => `/api/v1/tax/variances?enterprise=${UNKNOWN}`,
      init: () => ({ headers: bearer(key()) }),
    },
    { route, status: 422, init: () => openQuestion({ ...question, tradeMode: '0110' }) },
  ]
}
