/** Cases of the contract test: cancelling, returning and summarising lists. */
import { exchangeSays } from '../support/exchange-says.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const MONTH = '2026-10'
const OFFICE = '8012'
const MERCHANT = '5001960099'

export interface PreparedList {
  /** An import list that customs has not answered yet. */
  list: string
}

/**
 * A list that waits for its companions; and two lists of different declarants that are due in a
 * summary, written as rows: to have them released takes more than this test is about.
 */
export const prepareLists = async (test: TestApp): Promise<string> => {
  const { key } = test.account(test.cast.declarants[0])
  const { list } = test.consignment(3)
  const taken = await test.fetch('/api/v1/documents', json(key, { kind: 'CEB621', document: list }))
  const { results } = (await taken.json()) as { results: { id: string }[] }
  await test.database.db
    .insertInto('summary_item')
    .values(
      ['5001960001', '5001960002'].map((agent, lane) => ({
        ...{ lane, document_id: UNKNOWN, kind: 'CEB603', agent, merchant: MERCHANT },
        sender_id: test.account(test.cast.platform).id,
        ...{ month: MONTH.replace('-', ''), office: OFFICE, summary_id: null },
      })),
    )
    .execute()
  return results[0]?.id ?? ''
}

/** An order whose message the exchange platform refused. */
export const prepareUndelivered = async (test: TestApp): Promise<string> => {
  const { platform } = test.cast
  const body = { kind: 'CEB311', document: test.consignment(40).order }
  const taken = await test.fetch('/api/v1/documents', json(test.account(platform).key, body))
  const { results } = (await taken.json()) as { results: { id: string }[] }
  const id = results[0]?.id ?? ''
  await settle(test)
  const { db } = test.database
  const { message_id } = await db
    .selectFrom('document_state')
    .select('message_id')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const about = message_id?.toUpperCase() ?? ''
  await comesIn(test, exchangeSays(platform.dxpId, [{ code: '2001', about }]))
  return id
}

/** A reply that cannot be read. */
export const prepareUnreadable = (test: TestApp): Promise<string> =>
  comesIn(test, Buffer.from('<nothing/>'))

const comesIn = async (test: TestApp, bytes: Uint8Array): Promise<string> => {
  const taken = await test.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(bytes),
  })
  await settle(test)
  return ((await taken.json()) as { id: string }).id
}

const settle = async (test: TestApp): Promise<void> => {
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) return
}

export const actionCases = (test: () => TestApp, known: PreparedList): readonly Case[] => {
  const platform = () => test().account(test().cast.platform).key
  const declarant = () => test().account(test().cast.declarants[0]).key
  const forced = { reason: '合成原因', force: true, fields: { invtNo: '80122026I000000009' } }
  const summary = { month: MONTH, customsCode: OFFICE, ebcCode: MERCHANT }
  return [
    ...['cancel', 'return'].flatMap((verb): readonly Case[] => {
      const route = `POST /api/v1/documents/{id}/${verb}`
      const path = () => `/api/v1/documents/${known.list}/${verb}`
      const body = { reason: '合成原因' }
      return [
        { route, status: 422, init: () => json(platform(), body) },
        {
          ...{ route, status: 404, path: () => `/api/v1/documents/${UNKNOWN}/${verb}` },
          init: () => json(platform(), body),
        },
        { route, status: 409, path, init: () => json(declarant(), body) },
        { route, status: 200, path, init: () => json(declarant(), forced) },
      ]
    }),
    {
      ...{ route: 'GET /api/v1/summaries/due', status: 200 },
      path: () => `/api/v1/summaries/due?month=${MONTH}`,
      init: () => ({ headers: bearer(platform()) }),
    },
    {
      ...{ route: 'GET /api/v1/summaries/due', status: 404 },
      path: () => `/api/v1/summaries/due?month=${MONTH}&enterprise=${UNKNOWN}`,
      init: () => ({ headers: bearer(platform()) }),
    },
    {
      ...{ route: 'POST /api/v1/summaries', status: 200 },
      init: () => json(platform(), { ...summary, month: '2026-01' }),
    },
    {
      ...{ route: 'POST /api/v1/summaries', status: 422 },
      init: () => json(platform(), summary),
    },
    {
      ...{ route: 'POST /api/v1/summaries', status: 404 },
      path: () => `/api/v1/summaries?enterprise=${UNKNOWN}`,
      init: () => json(platform(), summary),
    },
  ]
}
