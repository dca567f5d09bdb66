/** What the routes of events and web hooks are asked in the contract test. */
import { sql } from 'kysely'
import { bearer, json, type TestApp } from './app.ts'
import type { Case } from './contract-cases.ts'

const UNKNOWN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const URL = 'https://hooks.example.com/yuguan'

export interface PreparedWebhooks {
  webhooks: { kept: string; removed: string }
}

/** Two of the platform; and a feed whose beginning is forgotten. */
export const prepareWebhooks = async (test: TestApp): Promise<PreparedWebhooks> => {
  const make = async (): Promise<string> => {
    const answer = await test.fetch(
      `/api/v1/webhooks?enterprise=${test.account(test.cast.platform).id}`,
      json(test.operatorKey, { url: URL }),
    )
    return ((await answer.json()) as { id: string }).id
  }
  const webhooks = { kept: await make(), removed: await make() }
  await sql`update event_feed set forgotten = 1`.execute(test.database.db)
  return { webhooks }
}

export const webhookCases = (test: () => TestApp, known: PreparedWebhooks): readonly Case[] => {
  const platform = () => test().account(test().cast.platform)
  const asPlatform = () => ({ headers: bearer(platform().key) })
  const asOperator = () => ({ headers: bearer(test().operatorKey) })
  const events = (query: string) => () => `/api/v1/events${query}`
  const all = (id?: string) => () => `/api/v1/webhooks?enterprise=${id ?? platform().id}`
  const one =
    (end = '', id?: string) =>
    () =>
      `/api/v1/webhooks/${id ?? known.webhooks.kept}${end}`
  const sent = (body: unknown) => () => json(test().operatorKey, body)
  const ownKey = (body: unknown) => () => json(platform().key, body)
  /** What a route about one answers to its operator, to a key, and about none. */
  const three = (method: string, end = '', body?: unknown, status = 200): readonly Case[] => {
    const route = `${method} /api/v1/webhooks/{id}${end}`
    const asked = body === undefined ? asOperator : sent(body)
    return [
      {
        ...{ route, status, init: asked },
        path: () => one(end, status === 204 ? known.webhooks.removed : undefined)(),
      },
      { route, status: 403, path: one(end), init: body === undefined ? asPlatform : ownKey(body) },
      { route, status: 404, path: one(end, UNKNOWN), init: asked },
    ]
  }
  return [
    { route: 'GET /api/v1/events', status: 200, init: asPlatform },
    { route: 'GET /api/v1/events', status: 400, init: asOperator },
    { route: 'GET /api/v1/events', status: 410, path: events('?after=0'), init: asPlatform },
    {
      ...{ route: 'GET /api/v1/events', status: 404, init: asPlatform },
      path: events(`?enterprise=${UNKNOWN}`),
    },
    { route: 'POST /api/v1/webhooks', status: 201, path: all(), init: sent({ url: URL }) },
    { route: 'POST /api/v1/webhooks', status: 403, init: ownKey({ url: URL }) },
    { route: 'POST /api/v1/webhooks', status: 404, path: all(UNKNOWN), init: sent({ url: URL }) },
    {
      ...{ route: 'POST /api/v1/webhooks', status: 422, path: all() },
      init: sent({ url: 'https://127.0.0.1/' }),
    },
    { route: 'GET /api/v1/webhooks', status: 200, path: all(), init: asOperator },
    { route: 'GET /api/v1/webhooks', status: 403, init: asPlatform },
    { route: 'GET /api/v1/webhooks', status: 404, path: all(UNKNOWN), init: asOperator },
    ...three('GET'),
    ...three('PATCH', '', { state: 'paused' }),
    {
      ...{ route: 'PATCH /api/v1/webhooks/{id}', status: 422, path: one() },
      init: sent({ url: 'http://hooks.example.com/' }),
    },
    ...three('POST', '/rotate-secret'),
    ...three('POST', '/test'),
    ...three('POST', '/resend', { after: '1' }),
    {
      ...{ route: 'POST /api/v1/webhooks/{id}/resend', status: 410, path: one('/resend') },
      init: sent({ after: '0' }),
    },
    ...three('DELETE', '', undefined, 204),
  ]
}
