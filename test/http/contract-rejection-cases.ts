/** Cases of the contract test: folding and correcting rejections, meanings, versions. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const LONG_AGO = new Date('2026-01-01T00:00:00Z')

export interface PreparedCorrections {
  /** Tokens of a preview that may be applied, and of one that is too old. */
  correction: string
  expired: string
}

/** Two previews for a document that is refused, and a code that nobody published. */
export const prepareCorrections = async (
  test: TestApp,
  refused: string,
): Promise<PreparedCorrections> => {
  const { db } = test.database
  const preview = async (change?: object): Promise<string> => {
    const answer = await test.fetch(
      '/api/v1/rejections/corrections',
      json(test.account(test.cast.platform).key, {
        ...{ select: { ids: [refused] }, preview: true },
        ...(change === undefined ? {} : { change }),
      }),
    )
    return ((await answer.json()) as { token: string }).token
  }
  const correction = await preview()
  const expired = await preview({ field: 'note', value: '合成备注' })
  await db
    .updateTable('correction')
    .set({ created_at: LONG_AGO })
    .where('id', '=', expired)
    .execute()
  const seen = { first_seen: LONG_AGO, last_seen: LONG_AGO, count: '1', last_reply: UNKNOWN }
  await db
    .insertInto('unknown_code')
    .values({ kind: 'CEB311', sort: 'status', code: '778', ...seen })
    .execute()
  return { correction, expired }
}

export const rejectionCases = (
  test: () => TestApp,
  known: PreparedCorrections & { readonly document: string },
): readonly Case[] => {
  const platform = () => test().account(test().cast.platform).key
  const asPlatform = () => ({ headers: bearer(platform()) })
  const corrections = { route: 'POST /api/v1/rejections/corrections' }
  const meaning = { route: 'PUT /api/v1/codes/unknown/{kind}/{sort}/{code}' }
  const told = { cause: 'data', zh: '合成含义', en: 'A synthetic meaning' }
  const keyed = { 'idempotency-key': 'correction-once' }
  const tell = () => ({ ...json(test().operatorKey, told), method: 'PUT' })
  const lists = [
    'GET /api/v1/rejections',
    'GET /api/v1/rejections/documents',
    'GET /api/v1/rejections/corrections',
    'GET /api/v1/clients',
    'GET /api/v1/clients/names',
  ]
  const versions = ['versions', 'versions/{n}', 'differences']
  return [
    ...lists.flatMap((route): readonly Case[] => {
      const path = route.slice('GET '.length)
      return [
        { route, status: 200, init: asPlatform },
        { route, status: 404, path: () => `${path}?enterprise=${UNKNOWN}`, init: asPlatform },
      ]
    }),
    ...versions.flatMap((rest) =>
      ([200, 404] as const).map((status): Case => {
        const id = () => (status === 200 ? known.document : UNKNOWN)
        return {
          ...{ route: `GET /api/v1/documents/{id}/${rest}`, status, init: asPlatform },
          path: () => `/api/v1/documents/${id()}/${rest.replace('{n}', '1')}`,
        }
      }),
    ),
    ...([200, 404] as const).map((status): Case => {
      const token = () => (status === 200 ? known.correction : UNKNOWN)
      return {
        ...{ route: 'GET /api/v1/rejections/corrections/{token}', status, init: asPlatform },
        path: () => `/api/v1/rejections/corrections/${token()}`,
      }
    }),
    ...['GET /api/v1/clients', 'GET /api/v1/clients/names'].map(
      (route): Case => ({
        ...{ route, status: 400 },
        init: () => ({ headers: bearer(test().operatorKey) }),
      }),
    ),
    {
      ...{ ...corrections, status: 200 },
      init: () => json(platform(), { select: { kind: 'CEB311' }, preview: true }),
    },
    {
      ...{ ...corrections, status: 200 },
      init: () => json(platform(), { token: known.correction }, keyed),
    },
    {
      ...{ ...corrections, status: 422 },
      init: () => json(platform(), { token: known.expired }, keyed),
    },
    { ...{ ...corrections, status: 409 }, init: () => json(platform(), { token: known.expired }) },
    { ...{ ...corrections, status: 404 }, init: () => json(platform(), { token: UNKNOWN }) },
    ...(
      [
        ['CEB311/status/778', 200],
        ['CEB311/status/100', 409],
        ['CEB311/status/779', 404],
        ['CEB311/mood/778', 404],
      ] as const
    ).map(
      ([path, status]): Case => ({
        ...{ ...meaning, status, init: tell },
        path: () => `/api/v1/codes/unknown/${path}`,
      }),
    ),
  ]
}
