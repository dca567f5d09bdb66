/**
 * Clients over HTTP, the clock moved by hand: merchants that documents name and whoever gave a mandate,
 * how much waits for each, and listings narrowed to one of them; what no mandate covers is neither
 * counted nor listed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepClocks } from '../../src/flow/stage-clocks.ts'
import { movingClock, START } from '../support/gateway.ts'
import { refuseOrders, takeOrders } from '../support/refused.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const DAY = 86_400_000
const clock = movingClock(START)
let test: TestApp
let agent = { id: '', key: '' }

beforeAll(async () => {
  test = await testApp({ clock })
  agent = test.account(test.cast.declarants[0])
})
afterAll(() => test.close())

// biome-ignore lint/suspicious/noExplicitAny: answers are read by name
const get = async (path: string, key = agent.key): Promise<any> => {
  const response = await test.fetch(path, { headers: bearer(key) })
  expect(response.status, path).toBe(200)
  return response.json()
}

describe('clients', () => {
  it('are merchants, the enterprise itself and whoever gave it a mandate, with what waits for each', async () => {
    const principalId = test.account(test.cast.platform).id
    const alone = await get('/api/v1/clients')
    expect(alone).toMatchObject({
      more: false,
      clients: [{ id: agent.id, own: true, mandated: false, rejected: 0 }],
    })
    expect(alone.clients).toHaveLength(1)

    const made = Array.from({ length: 5 }, (_, i) => test.consignment(i + 1))
    await takeOrders(test, made)
    await refuseOrders(test, clock, made.slice(0, 3))
    const mandate = await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        ...{ principalId, agentId: agent.id, kinds: ['CEB311'] },
        ...{ validFrom: '2020-01-01', validTo: '2026-12-31' },
      }),
    )
    expect(mandate.status).toBe(201)
    const { clients } = await get('/api/v1/clients')
    const named = (name: string) => clients.find((client: { name: string }) => client.name === name)
    // The name of a merchant that is not registered stands in its documents.
    const [first, second] = test.cast.merchants
    const rows = [first, second].map((merchant) => named(merchant?.name ?? ''))
    expect(rows.map(({ client }) => client)).toEqual([first.customsCode, second?.customsCode])
    expect(rows.map(({ rejected }) => rejected).toSorted()).toEqual([1, 2])
    expect(rows.map(({ underWay }) => underWay)).toEqual([1, 1])
    expect(clients[0].rejected).toBe(2)
    expect(named(test.cast.platform.name)).toMatchObject({
      ...{ id: principalId, own: false, mandated: true, rejected: 0, stuck: 0 },
      ...{ customsCode: test.cast.platform.customsCode, lastDay: '2026-12-31' },
    })
    expect(clients.filter(({ own }: { own: boolean }) => own)).toMatchObject([
      { id: agent.id, rejected: 0 },
    ])

    clock.advance(2 * DAY)
    await keepClocks(test.gateway.flow)
    const stuck = await get('/api/v1/stuck')
    const later = (await get('/api/v1/clients')).clients
    expect(later.slice(0, 2).map((each: { stuck: number }) => each.stuck)).toEqual([1, 1])
    expect(stuck.documents).toHaveLength(2)
  })

  it('narrow what is listed', async () => {
    const principalId = test.account(test.cast.platform).id
    expect((await get(`/api/v1/documents?sender=${principalId}`)).documents).toHaveLength(5)
    expect((await get(`/api/v1/documents?sender=${agent.id}`)).documents).toEqual([])
    const listed = async (query: string) =>
      (await get(`/api/v1/documents?${query}`)).documents.length
    expect(await listed('from=2026-10-15&to=2026-10-15')).toBe(5)
    expect(await listed('from=2026-10-16')).toBe(0)
    expect(await listed('from=1900-01-01')).toBe(5)
    expect(await listed('to=1900-01-01')).toBe(0)
    expect(await listed('to=2026-10-14')).toBe(0)
    expect(await listed('group=refused')).toBe(3)
    expect(await listed('group=under-way')).toBe(2)
    expect(await listed('group=action-needed')).toBe(0)
    expect(await listed('state=rejected')).toBe(3)
    expect((await get(`/api/v1/stuck?sender=${principalId}`)).documents).toHaveLength(2)
    expect((await get(`/api/v1/stuck?sender=${agent.id}`)).documents).toEqual([])
    const [{ client, name, rejected, underWay }] = (await get('/api/v1/clients')).clients
    const ofClient = async (path: string) => (await get(`${path}client=${client}`)).documents
    const found = await ofClient('/api/v1/documents?')
    expect(found).toHaveLength(rejected + underWay)
    expect(found.every((each: { client: string }) => each.client === client)).toBe(true)
    expect(await ofClient('/api/v1/documents?group=refused&')).toHaveLength(rejected)
    expect(await ofClient('/api/v1/documents?group=done&')).toHaveLength(0)
    expect(await ofClient('/api/v1/rejections/documents?')).toHaveLength(rejected)
    expect((await get(`/api/v1/rejections?client=${client}`)).count).toBe(rejected)
    expect(await ofClient('/api/v1/stuck?')).toHaveLength(1)
    expect((await get('/api/v1/documents?client=5001999999')).documents).toEqual([])
    expect(name).not.toBe(client)
    // Whom one does not act for has no documents.
    const stranger = test.account(test.cast.carrier).key
    expect((await get(`/api/v1/documents?sender=${principalId}`, stranger)).documents).toEqual([])
    expect((await get('/api/v1/clients', stranger)).clients).toMatchObject([{ own: true }])
  })

  it('are named without a count as well, the enterprise itself first', async () => {
    const { clients } = await get('/api/v1/clients')
    const named = await get('/api/v1/clients/names')
    expect(named.more).toBe(false)
    expect(named.clients[0]).toMatchObject({ own: true })
    const told = (list: readonly Record<string, unknown>[]) =>
      list
        .map(({ client, name, customsCode, creditCode, own }) => {
          return { client, name, customsCode, creditCode, own }
        })
        .toSorted((a, b) => String(a.client).localeCompare(String(b.client)))
    expect(told(named.clients)).toEqual(told(clients))
    const stranger = test.account(test.cast.carrier).key
    expect((await get('/api/v1/clients/names', stranger)).clients).toMatchObject([{ own: true }])
  })

  it('of another enterprise the operator asks for by its name', async () => {
    const { clients } = await get(`/api/v1/clients?enterprise=${agent.id}`, test.operatorKey)
    expect(clients).toHaveLength(4)
  })
})
