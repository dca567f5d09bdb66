/**
 * Tenants: what one enterprise handed in does not exist for another, route by route, whatever it
 * knows of it; and what is personal leaves neither in a listing, nor a fault, nor the log.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, json, type TestApp, testApp } from './app.ts'

let test: TestApp
let orderNo = ''
let documentId = ''
beforeAll(async () => {
  test = await testApp()
  const consignment = test.consignment(1)
  orderNo = consignment.orderNo
  const { key } = test.account(test.cast.platform)
  const taken = await test.fetch(
    '/api/v1/documents',
    json(key, { kind: 'CEB311', document: consignment.order }),
  )
  documentId = ((await taken.json()) as { results: { id: string }[] }).results[0]?.id ?? ''
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
})
afterAll(() => test.close())

const get = (path: string, key: string) => test.fetch(path, { headers: bearer(key) })

describe('another enterprise’s document', () => {
  it.each([
    ['itself', () => `/api/v1/documents/${documentId}`],
    ['its story', () => `/api/v1/documents/${documentId}/timeline`],
    ['its bytes', () => `/api/v1/documents/${documentId}/message.xml`],
    ['its versions', () => `/api/v1/documents/${documentId}/versions`],
    ['one of its versions', () => `/api/v1/documents/${documentId}/versions/1?clear=true`],
    ['what its versions differ in', () => `/api/v1/documents/${documentId}/differences`],
    ['its consignment', () => `/api/v1/consignments/${orderNo}`],
  ])('is not there: %s', async (_what, path) => {
    const owner = test.account(test.cast.platform).key
    expect((await get(path(), owner)).status).toBe(200)
    expect((await get(path(), test.operatorKey)).status).toBe(200)
    const stranger = await get(path(), test.account(test.cast.carrier).key)
    expect(stranger.status).toBe(404)
    // The same answer as for what never was.
    const nothing = await get(
      path().replace(documentId, '01a203c9-f245-7eb0-b456-cb6014f1154c').replace(orderNo, 'none'),
      test.account(test.cast.carrier).key,
    )
    const strip = async (response: Response) => ({ ...(await response.json()), requestId: '' })
    expect(await strip(stranger)).toEqual(await strip(nothing))
  })

  it.each(['resend', 'send-anyway'])(
    'is not sent by a stranger, who learns nothing of it: %s',
    async (verb) => {
      const resend = (id: string, key: string) =>
        test.fetch(`/api/v1/documents/${id}/${verb}`, { method: 'POST', headers: bearer(key) })
      const stranger = test.account(test.cast.carrier).key
      const strip = async (response: Response) => ({ ...(await response.json()), requestId: '' })
      const nothing = await resend('01a203c9-f245-7eb0-b456-cb6014f1154c', stranger)
      expect(nothing.status).toBe(404)
      expect(await strip(await resend(documentId, stranger))).toEqual(await strip(nothing))
      expect((await resend(documentId, test.account(test.cast.platform).key)).status).toBe(409)
    },
  )

  it('is in no listing, by whatever it is looked for', async () => {
    const stranger = test.account(test.cast.carrier).key
    for (const query of ['', `?q=${orderNo}`, '?kind=CEB311', '?group=under-way']) {
      const listed = await get(`/api/v1/documents${query}`, stranger)
      expect(await listed.json()).toEqual({ documents: [], next: null })
    }
    const own = await get(`/api/v1/documents?q=${orderNo}`, test.account(test.cast.platform).key)
    expect(await own.json()).toMatchObject({ documents: [{ id: documentId }] })
  })

  it('is in nobody else’s queue, and its enterprise’s queue is nobody else’s to see', async () => {
    const owner = test.account(test.cast.platform)
    await test.fetch(
      '/api/v1/documents',
      json(owner.key, { kind: 'CEB311', document: test.consignment(9).order }),
    )
    const own = await get('/api/v1/queue', owner.key)
    expect(await own.json()).toMatchObject({ entries: [{ kind: 'CEB311', documents: 1 }] })
    const stranger = test.account(test.cast.carrier).key
    expect(await (await get('/api/v1/queue', stranger)).json()).toMatchObject({ entries: [] })
    const named = await get(`/api/v1/queue?enterprise=${owner.id}`, stranger)
    expect(named.status).toBe(404)
  })

  it('cannot be reached by naming its enterprise', async () => {
    const { id } = test.account(test.cast.platform)
    const stranger = test.account(test.cast.carrier).key
    for (const path of [
      ...['/api/v1/documents', `/api/v1/documents/${documentId}`],
      ...['/api/v1/stuck', '/api/v1/deadlines', '/api/v1/mandates'],
    ]) {
      expect((await get(`${path}?enterprise=${id}`, stranger)).status).toBe(404)
    }
    const { order } = test.consignment(2)
    const handed = await test.fetch(
      `/api/v1/documents?enterprise=${id}`,
      json(stranger, { kind: 'CEB311', document: order }),
    )
    expect(handed.status).toBe(404)
  })

  it('may be handed in by whoever holds the mandate, for its kinds only', async () => {
    const principalId = test.account(test.cast.platform).id
    const agent = test.account(test.cast.declarants[0])
    await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        principalId,
        agentId: agent.id,
        kinds: ['CEB311'],
        validFrom: '2020-01-01',
      }),
    )
    const { order } = test.consignment(3)
    const handed = await test.fetch(
      '/api/v1/documents',
      json(agent.key, { kind: 'CEB311', document: order }),
    )
    expect(handed.status).toBe(200)
    const { payment } = test.consignment(3)
    const foreign = await test.fetch(
      '/api/v1/documents',
      json(agent.key, { kind: 'CEB411', document: payment }),
    )
    expect(foreign.status).toBe(422)
  })
})

describe('another enterprise’s mandates', () => {
  it('are neither seen, given nor ended by a stranger, who learns nothing of them', async () => {
    const principalId = test.account(test.cast.platform).id
    const wanted = {
      ...{ principalId, agentId: test.account(test.cast.payer).id },
      ...{ kinds: ['CEB311'], validFrom: '2020-01-01' },
    }
    const given = await test.fetch('/api/v1/mandates', json(test.operatorKey, wanted))
    const { id } = (await given.json()) as { id: string }
    const stranger = test.account(test.cast.carrier).key
    const end = (which: string) =>
      test.fetch(`/api/v1/mandates/${which}`, { method: 'DELETE', headers: bearer(stranger) })
    const strip = async (response: Response) => ({ ...(await response.json()), requestId: '' })
    const nothing = await strip(await end('01a203c9-f245-7eb0-b456-cb6014f1154c'))
    expect(nothing).toMatchObject({ status: 404 })
    expect(await strip(await end(id))).toEqual(nothing)
    expect((await test.fetch('/api/v1/mandates', json(stranger, wanted))).status).toBe(404)
    expect(await (await get('/api/v1/mandates', stranger)).json()).toEqual({
      ...{ mandates: [], next: null },
    })
    const named = await get(`/api/v1/mandates?enterprise=${principalId}`, stranger)
    expect(named.status).toBe(404)
  })
})

describe('another enterprise’s links', () => {
  it('are neither shown nor chosen by whoever manages his own', async () => {
    const path = `/api/v1/enterprises/${test.account(test.cast.platform).id}/links`
    const stranger = test.account(test.cast.carrier).key
    expect((await get(path, stranger)).status).toBe(404)
    const choice = { direction: 'both', link: null, moveQueue: true }
    expect((await test.fetch(path, json(stranger, choice))).status).toBe(404)
    expect((await get('/api/v1/links', stranger)).status).toBe(403)
    expect((await test.fetch(path, json(test.operatorKey, choice))).status).toBe(200)
  })
})

describe('another enterprise’s rules', () => {
  it('are neither shown nor chosen by whoever manages his own', async () => {
    const path = `/api/v1/enterprises/${test.account(test.cast.platform).id}/rules`
    const stranger = test.account(test.cast.carrier).key
    expect((await get(path, stranger)).status).toBe(404)
    const choice = { rules: [{ rule: 'MATCH_PAYER', severity: 'warn' }] }
    const choose = { ...json(stranger, choice), method: 'PUT' }
    expect((await test.fetch(path, choose)).status).toBe(404)
    const told = (await (await get(path, test.operatorKey)).json()) as {
      rules: { chosen: string | null }[]
    }
    expect(told.rules.every(({ chosen }) => chosen === null)).toBe(true)
  })
})

describe('what is personal', () => {
  it('is not in listings, faults or the log', async () => {
    const { order } = test.consignment(4)
    const { buyerName, buyerIdNumber, buyerTelephone } = order.OrderHead
    const personal = [buyerName, buyerIdNumber, buyerTelephone].filter(
      (value) => value !== undefined && value.length > 1,
    )
    expect(personal.length).toBeGreaterThan(1)
    const { key } = test.account(test.cast.platform)
    const bad = { ...order, OrderHead: { ...order.OrderHead, currency: 'XXX', guid: 'short' } }
    const refused = await (
      await test.fetch('/api/v1/documents', json(key, { kind: 'CEB311', document: bad }))
    ).text()
    await test.fetch('/api/v1/documents', json(key, { kind: 'CEB311', document: order }))
    const listed = await (await get('/api/v1/documents', key)).text()
    const log = JSON.stringify(test.logged)
    for (const value of personal) {
      for (const text of [refused, listed, log]) expect(text).not.toContain(value)
    }
  })
})
