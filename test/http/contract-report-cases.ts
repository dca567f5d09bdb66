/** Cases of the contract test: monthly reports. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const REPORTS = '/api/v1/reports'

export interface PreparedReport {
  /** An edition that nobody signed. */
  report: string
}

/** Months of years ago, of which nothing is told. */
export const prepareReport = async (test: TestApp): Promise<PreparedReport> => {
  const published = await test.fetch(REPORTS, json(test.operatorKey, { month: '2020-02' }))
  return { report: ((await published.json()) as { id: string }).id }
}

export const reportCases = (test: () => TestApp, known: PreparedReport): readonly Case[] => {
  const publish = (body: unknown) => () => json(test().operatorKey, body)
  const read = () => ({ headers: bearer(test().operatorKey) })
  const path = (id: string, rest: string) => () => `${REPORTS}/${id}${rest}`
  const files = ['.pdf', '.xlsx', '.json'].flatMap((ending) => {
    const route = `GET ${REPORTS}/{id}${ending}`
    return [
      { route, status: 200, path: () => `${REPORTS}/${known.report}${ending}`, init: read },
      { route, status: 404, path: path(UNKNOWN, ending), init: read },
      { route, status: 404, path: path('none', ending), init: read },
    ]
  })
  const sign = `POST ${REPORTS}/{id}/sign-offs`
  const own = () => `${REPORTS}/${known.report}/sign-offs`
  const role = publish({ role: '签发' })
  return [
    { route: `POST ${REPORTS}`, status: 201, init: publish({ month: '2020-01' }) },
    { route: `POST ${REPORTS}`, status: 200, init: publish({ month: '2020-01' }) },
    {
      ...{ route: `POST ${REPORTS}`, status: 200, path: () => `${REPORTS}?dryRun=true` },
      init: publish({ month: '2020-03' }),
    },
    { route: `POST ${REPORTS}`, status: 422, init: publish({ month: '2999-01' }) },
    { route: `GET ${REPORTS}`, status: 200, init: read },
    ...files,
    { route: sign, status: 201, path: own, init: role },
    { route: sign, status: 409, path: own, init: role },
    { route: sign, status: 404, path: path(UNKNOWN, '/sign-offs'), init: role },
  ]
}
