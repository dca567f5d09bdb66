/** Cases of the contract test: original payment data, calls of customs for it, and uploads. */
import { originalPayment } from '../support/payments.ts'
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const ORDER = 'CONTRACT-179'

export interface PreparedUpload {
  /** An upload that ended. */
  upload: string
}

export const openReqOf = (orderNo: string, sessionID = UNKNOWN): string =>
  JSON.stringify({ orderNo, sessionID, serviceTime: 1544519952469 })

const callOf = (orderNo: string, sessionID?: string): RequestInit => ({
  body: new URLSearchParams({ openReq: openReqOf(orderNo, sessionID) }),
})

/** A payment that is there, and an upload written as ended: how it comes to that is told elsewhere. */
export const preparePayments = async (test: TestApp): Promise<PreparedUpload> => {
  const { key } = test.account(test.cast.platform)
  await test.fetch('/api/v1/original-payments', json(key, { payments: [originalPayment(ORDER)] }))
  await test.fetch('/customs/179/platDataOpen', { method: 'POST', ...callOf(ORDER) })
  const ended = await test.database.db
    .updateTable('disclosure')
    .set({ state: 'ended', problem: 'UNREACHABLE' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { upload: ended.id }
}

export const paymentCases = (test: () => TestApp, known: PreparedUpload): readonly Case[] => {
  const key = () => test().account(test().cast.platform).key
  const handIn = (payments: readonly unknown[]) => json(key(), { payments })
  const asPlatform = () => ({ headers: bearer(key()) })
  const route = 'POST /api/v1/original-payments'
  return [
    { route, status: 200, init: () => handIn([originalPayment('C1')]) },
    { route, status: 207, init: () => handIn([originalPayment('C2'), {}]) },
    { route, status: 422, init: () => handIn([{}]) },
    { route, status: 413, init: () => handIn(Array.from({ length: 501 }, () => ({}))) },
    {
      ...{ route, status: 404, path: () => `/api/v1/original-payments?enterprise=${UNKNOWN}` },
      init: () => handIn([originalPayment('C3')]),
    },
    ...['', '?clear=true'].map((query) => ({
      ...{ route: 'GET /api/v1/original-payments/{orderNo}', status: 200, init: asPlatform },
      path: () => `/api/v1/original-payments/${ORDER}${query}`,
    })),
    {
      ...{ route: 'GET /api/v1/original-payments/{orderNo}', status: 404, init: asPlatform },
      path: () => '/api/v1/original-payments/nothing',
    },
    ...['access-log', 'disclosures'].flatMap((list): readonly Case[] => [
      { route: `GET /api/v1/${list}`, status: 200, init: asPlatform },
      {
        ...{ route: `GET /api/v1/${list}`, status: 404, init: asPlatform },
        path: () => `/api/v1/${list}?enterprise=${UNKNOWN}`,
      },
    ]),
    ...['platDataOpen', '{platform}/platDataOpen'].flatMap((path, n): readonly Case[] => [
      {
        ...{ route: `POST /customs/179/${path}`, status: 200 },
        init: () => callOf(ORDER, `SESSION-${n}`),
      },
      { route: `POST /customs/179/${path}`, status: 200, init: () => callOf('nothing') },
    ]),
    ...(
      [
        [404, () => UNKNOWN],
        [202, () => known.upload],
        [409, () => known.upload],
      ] as const
    ).map(
      ([status, id]): Case => ({
        ...{ route: 'POST /api/v1/disclosures/{id}/retry', status, init: asPlatform },
        path: () => `/api/v1/disclosures/${id()}/retry`,
      }),
    ),
  ]
}
