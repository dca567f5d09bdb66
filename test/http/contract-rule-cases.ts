/** What the routes of rules are asked in the contract test. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'

export const ruleCases = (test: () => TestApp): readonly Case[] => {
  const route = '/api/v1/enterprises/{id}/rules'
  const path = (id?: string) => () =>
    `/api/v1/enterprises/${id ?? test().account(test().cast.platform).id}/rules`
  const read = () => ({ headers: bearer(test().operatorKey) })
  const choose = (rule: string, severity: string | null) => () =>
    json(test().operatorKey, { rules: [{ rule, severity }] })
  return [
    { route: `GET ${route}`, status: 200, path: path(), init: read },
    { route: `GET ${route}`, status: 404, path: path(UNKNOWN), init: read },
    { route: `PUT ${route}`, status: 200, path: path(), init: choose('MATCH_LINES', null) },
    {
      ...{ route: `PUT ${route}`, status: 404, path: path(UNKNOWN) },
      init: choose('MATCH_LINES', 'warn'),
    },
    { route: `PUT ${route}`, status: 422, path: path(), init: choose('MATCH_CONSIGNEE', 'hold') },
  ]
}
