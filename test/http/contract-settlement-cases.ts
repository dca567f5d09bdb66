/** Cases of the contract test: settlement records. */
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const PATH = '/api/v1/settlements'

export interface PreparedSettlements {
  /** A record that has a refund, one that is withdrawn, and one that is neither. */
  settlements: { readonly refunded: string; readonly withdrawn: string; readonly plain: string }
}

export const prepareSettlements = async (test: TestApp): Promise<PreparedSettlements> => {
  const { key } = test.account(test.cast.payer)
  const taken = async (...records: readonly unknown[]): Promise<readonly string[]> => {
    const response = await test.fetch(PATH, json(key, { settlements: records }))
    const { results } = (await response.json()) as { results: { id: string }[] }
    return results.map(({ id }) => id)
  }
  const [refunded = '', withdrawn = '', plain = ''] = await taken(
    ...['P-1', 'P-2', 'P-3'].map((number) => record(test, number)),
  )
  await taken(record(test, 'P-4', { nature: '3', reference: 'P-1' }))
  await test.fetch(`${PATH}/${withdrawn}/withdraw`, json(key, { reason: '合成原因' }))
  return { settlements: { refunded, withdrawn, plain } }
}

const record = (test: TestApp, number: string, head: Readonly<Record<string, string>> = {}) => ({
  SettlementHead: {
    ...{ number, institution: test.cast.payer.customsCode, version: '1', bank: '合成银行' },
    ...{ nature: '1', direction: '3', seller: test.cast.merchants[0].customsCode },
    ...{ periodFrom: '20261001', periodTo: '20261031', currency: '142', gross: '1', net: '1' },
    ...{ rate: '1', rmb: '1', valueDate: '20261010', bopCode: '122030', ...head },
  },
  SettlementList: [{ orderNo: 'CONTRACT-S', amount: '1' }],
})

export const settlementCases = (
  test: () => TestApp,
  known: PreparedSettlements,
): readonly Case[] => {
  const key = () => test().account(test().cast.payer).key
  const read = () => ({ headers: bearer(key()) })
  const hand = (...records: readonly unknown[]) => json(key(), { settlements: records })
  const reason = () => json(key(), { reason: '合成原因' })
  const route = `POST ${PATH}`
  const one = `GET ${PATH}/{id}`
  const out = `POST ${PATH}/{id}/withdraw`
  const at = (id: () => string, rest = '') => ({ path: () => `${PATH}/${id()}${rest}` })
  return [
    { route, status: 200, init: () => hand(record(test(), 'C-1')) },
    { route, status: 207, init: () => hand(record(test(), 'C-2'), {}) },
    { route, status: 422, init: () => hand({}) },
    { route, status: 413, init: () => hand(...Array.from({ length: 501 }, () => ({}))) },
    {
      ...{ route, status: 404, path: () => `${PATH}?enterprise=${UNKNOWN}` },
      init: () => hand(record(test(), 'C-3')),
    },
    ...['', '/totals', '/open', '/registration-line'].flatMap((rest): readonly Case[] => [
      { route: `GET ${PATH}${rest}`, status: 200, init: read },
      {
        ...{ route: `GET ${PATH}${rest}`, status: 404, init: read },
        path: () => `${PATH}${rest}?enterprise=${UNKNOWN}`,
      },
    ]),
    { route: one, status: 200, init: read, ...at(() => known.settlements.plain) },
    { route: one, status: 404, init: read, ...at(() => UNKNOWN) },
    ...(
      [
        [200, () => known.settlements.plain],
        [404, () => UNKNOWN],
        [409, () => known.settlements.withdrawn],
        [422, () => known.settlements.refunded],
      ] as const
    ).map(([status, id]): Case => {
      return { route: out, status, init: reason, ...at(id, '/withdraw') }
    }),
  ]
}
