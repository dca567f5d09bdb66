/**
 * Clients over HTTP, the clock moved by hand: whom an agent acts for, how much waits for each, and
 * listings narrowed to one of them; what no mandate covers is neither counted nor listed.
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
  it('are the enterprise itself, and whoever gave it a mandate, with what waits for each', async () => {
    const principalId = test.account(test.cast.platform).id
    const alone = await get('/api/v1/clients')
    expect(alone).toMatchObject({
      more: false,
      clients: [{ id: agent.id, own: true, rejected: 0 }],
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
    const [client, own] = (await get('/api/v1/clients')).clients
    expect(client).toMatchObject({
      ...{ id: principalId, name: test.cast.platform.name, own: false, rejected: 3, stuck: 0 },
      ...{ customsCode: test.cast.platform.customsCode, lastDay: '2026-12-31' },
    })
    expect(own).toMatchObject({ id: agent.id, own: true, rejected: 0 })

    clock.advance(2 * DAY)
    await keepClocks(test.gateway.flow)
    const stuck = await get('/api/v1/stuck')
    const [later] = (await get('/api/v1/clients')).clients
    expect(later).toMatchObject({ id: principalId, rejected: 3, stuck: 2 })
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
    // Whom one does not act for has no documents.
    const stranger = test.account(test.cast.carrier).key
    expect((await get(`/api/v1/documents?sender=${principalId}`, stranger)).documents).toEqual([])
    expect((await get('/api/v1/clients', stranger)).clients).toMatchObject([{ own: true }])
  })

  it('of another enterprise the operator asks for by its name', async () => {
    const { clients } = await get(`/api/v1/clients?enterprise=${agent.id}`, test.operatorKey)
    expect(clients).toHaveLength(2)
  })
})
