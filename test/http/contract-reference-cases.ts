/** Cases of the contract test: reference tables. */
import { bearer, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

export const referenceCases = (test: () => TestApp): readonly Case[] => {
  const get = 'GET /api/v1/reference/{name}'
  const post = 'POST /api/v1/reference/{name}'
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const file = (text: string) => ({
    headers: { ...bearer(test().operatorKey), 'content-type': 'text/csv' },
    body: text,
  })
  return [
    { route: get, status: 200, init: asOperator },
    { route: get, status: 404, path: () => '/api/v1/reference/nothing', init: asOperator },
    { route: post, status: 200, init: () => file('day,rests,source\n2027-02-08,yes,sample\n') },
    { route: post, status: 422, init: () => file('day,rests\n') },
    { route: post, status: 404, path: () => '/api/v1/reference/x', init: () => file('day\n') },
  ]
}
