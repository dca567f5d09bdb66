/** What the routes of rules are asked in the contract test. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'

/** A list that stands blocked, written so: to have its companions accepted takes more than this. */
export const prepareBlocked = async (test: TestApp): Promise<string> => {
  const { key } = test.account(test.cast.declarants[0])
  const { list } = test.consignment(41)
  const taken = await test.fetch('/api/v1/documents', json(key, { kind: 'CEB621', document: list }))
  const { results } = (await taken.json()) as { results: { id: string }[] }
  const id = results[0]?.id ?? ''
  const { db } = test.database
  await db.updateTable('document_state').set({ state: 'blocked' }).where('id', '=', id).execute()
  return id
}

export const ruleCases = (
  test: () => TestApp,
  known: { readonly list: string; readonly blocked: string },
): readonly Case[] => {
  const route = '/api/v1/enterprises/{id}/rules'
  const path = (id?: string) => () =>
    `/api/v1/enterprises/${id ?? test().account(test().cast.platform).id}/rules`
  const read = () => ({ headers: bearer(test().operatorKey) })
  const choose = (rule: string, severity: string | null) => () =>
    json(test().operatorKey, { rules: [{ rule, severity }] })
  const anyway = 'POST /api/v1/documents/{id}/send-anyway'
  const anywayPath = (id: string) => `/api/v1/documents/${id}/send-anyway`
  const asDeclarant = () => json(test().account(test().cast.declarants[0]).key, {})
  return [
    {
      ...{ route: anyway, status: 200, path: () => anywayPath(known.blocked) },
      init: asDeclarant,
    },
    { route: anyway, status: 404, path: () => anywayPath(UNKNOWN), init: asDeclarant },
    { route: anyway, status: 409, path: () => anywayPath(known.list), init: asDeclarant },
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
