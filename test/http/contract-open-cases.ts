/** Cases of the contract test: what figures count, as pages and as files, zones, and open data. */
import { append } from '../support/ledger-entries.ts'
import { bearer, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const ONE = '/api/v1/totals/documents'

/** Has the totals count a list, written as the stages write it. */
export const prepareCounted = (test: TestApp, list: string): Promise<void> =>
  append(test.database.db, new Date(), { subjectId: list })

export const openCases = (
  test: () => TestApp,
  listed: { readonly list: string },
): readonly Case[] => {
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const asMember = () => ({ headers: bearer(test().account(test().cast.platform).key) })
  const nobody = () => ({})
  const known = () => ({ headers: { 'if-none-match': '"none", *' } })
  const counted = [
    'GET /api/v1/totals/documents',
    'GET /api/v1/totals/export.csv',
    'GET /api/v1/totals/export.parquet',
  ].flatMap((route): readonly Case[] => {
    const path = route.replace('GET ', '')
    return [
      { route, status: 200, init: asOperator },
      { route, status: 200, path: () => `${path}?month=2026-10&zone=&chapter=33`, init: asMember },
      { route, status: 404, path: () => `${path}?as=none`, init: asMember },
    ]
  })
  const one = 'GET /api/v1/totals/documents/{id}'
  const billed = 'GET /api/v1/totals/billed'
  const inMonth = () => '/api/v1/totals/billed?month=202610&zone='
  const behind: readonly Case[] = [
    { route: one, status: 200, path: () => `${ONE}/${listed.list}`, init: asOperator },
    { route: one, status: 400, path: () => `${ONE}/${listed.list}?as=`, init: asMember },
    {
      ...{ route: one, status: 404, init: asOperator },
      path: () => `${ONE}/01a203c9-f245-7eb0-b456-cb6014f1154c`,
    },
    { route: billed, status: 200, path: inMonth, init: asOperator },
    { route: billed, status: 403, path: inMonth, init: asMember },
    { route: billed, status: 400, init: asOperator },
  ]
  const open = [
    'GET /api/v1/open/totals.json',
    'GET /api/v1/open/totals.csv',
    'GET /api/v1/open/catalog.json',
  ].flatMap((route): readonly Case[] => [
    { route, status: 200, init: nobody },
    { route, status: 304, init: known },
  ])
  const zone = 'GET /api/v1/zones/{code}'
  const zones: readonly Case[] = [
    {
      route: 'GET /api/v1/zones',
      status: 200,
      path: () => '/api/v1/zones?month=202610',
      init: asOperator,
    },
    { route: 'GET /api/v1/zones', status: 403, init: nobody },
    { route: zone, status: 403, path: () => '/api/v1/zones/CQ-XY', init: nobody },
    { route: zone, status: 200, path: () => '/api/v1/zones/CQ-XY', init: asOperator },
    { route: 'GET /api/v1/zones', status: 400, path: () => '/api/v1/zones?month=13', init: nobody },
    { route: zone, status: 400, path: () => '/api/v1/zones/CQ-XY?month=13', init: nobody },
    { route: zone, status: 404, path: () => '/api/v1/zones/none', init: asOperator },
  ]
  return [...counted, ...behind, ...open, ...zones]
}
