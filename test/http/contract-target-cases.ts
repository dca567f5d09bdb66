/** Cases of the contract test: targets, the scoreboard and tags. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

export const targetCases = (test: () => TestApp): readonly Case[] => {
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const board = 'GET /api/v1/scoreboard/{indicator}'
  const give = 'POST /api/v1/enterprises/{id}/tags'
  const tag = () =>
    json(test().operatorKey, {
      ...{ tag: 'overseas-warehouse', subject: 'sample', validFrom: '2026-01-01' },
      ...{ confidence: 'I', source: 'sample' },
    })
  return [
    { route: 'GET /api/v1/targets', status: 200, init: () => ({}) },
    {
      ...{ route: 'GET /api/v1/targets', status: 404, init: asOperator },
      path: () => '/api/v1/targets?zone=NOWHERE',
    },
    {
      ...{ route: 'GET /api/v1/targets', status: 403, init: () => ({}) },
      path: () => '/api/v1/targets?zone=CQ-XY',
    },
    {
      ...{ route: 'GET /api/v1/targets', status: 400, init: () => ({}) },
      path: () => '/api/v1/targets?asOf=2999-01-01T00:00:00Z',
    },
    { route: give, status: 200, init: tag },
    { route: give, status: 404, path: () => '/api/v1/enterprises/none/tags', init: tag },
    { route: 'GET /api/v1/enterprises/{id}/tags', status: 200, init: asOperator },
    {
      ...{ route: 'GET /api/v1/enterprises/{id}/tags', status: 404, init: asOperator },
      path: () => '/api/v1/enterprises/none/tags',
    },
    { route: 'GET /api/v1/scoreboard', status: 200, init: () => ({}) },
    { route: board, status: 200, init: asOperator },
    { route: board, status: 404, path: () => '/api/v1/scoreboard/nothing', init: asOperator },
  ]
}
