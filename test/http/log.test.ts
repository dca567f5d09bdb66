/** The log of requests: whatever is logged while one is served bears its id, which the caller may give. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

const GIVEN = '01a203c9-f245-7eb0-b456-cb6014f1154c'
const linesOf = (requestId: string | null) =>
  test.logged.filter(({ facts }) => facts.requestId === requestId)

it('a request’s id is the caller’s own where it is one, told back, and in each of its lines', async () => {
  const { key } = test.account(test.cast.platform)
  const before = test.logged.length
  const documents = [test.consignment(1).order, {}]
  const answer = await test.fetch(
    '/api/v1/documents',
    json(key, { kind: 'CEB311', documents }, { 'x-request-id': GIVEN }),
  )
  expect(answer.headers.get('x-request-id')).toBe(GIVEN)
  expect(test.logged.slice(before).map(({ facts }) => facts.requestId)).toEqual([GIVEN, GIVEN])
  expect(linesOf(GIVEN).map(({ event }) => event)).toEqual(['intake', 'request'])
  const { id } = test.account(test.cast.platform)
  expect(linesOf(GIVEN)[0]?.facts).toMatchObject({ enterprise: id, documents: 2, refused: 1 })
})

it('one that is no id is replaced', async () => {
  const { key } = test.account(test.cast.platform)
  for (const given of ['', 'me', `${GIVEN} `.repeat(3), '测试'.normalize().length.toString()]) {
    const headers = { ...bearer(key), 'x-request-id': given }
    const answer = await test.fetch('/api/v1/documents', { headers })
    const told = answer.headers.get('x-request-id')
    expect(told).not.toBe(given)
    expect(linesOf(told).map(({ event }) => event)).toEqual(['request'])
  }
})

it('a stream has a line for each part of it, under one id', async () => {
  const { key } = test.account(test.cast.platform)
  const line = JSON.stringify({ kind: 'CEB311', document: test.consignment(2).order })
  const answer = await test.fetch('/api/v1/documents', {
    method: 'POST',
    headers: { ...bearer(key), 'content-type': 'application/x-ndjson' },
    body: `${line}\n`,
  })
  await answer.text()
  const events = linesOf(answer.headers.get('x-request-id')).map(({ event }) => event)
  expect(events.sort()).toEqual(['intake', 'request'])
})

it('a reply of customs is found by its id from the request that brought it', async () => {
  const answer = await test.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: '<unknown/>',
  })
  const { id } = (await answer.json()) as { id: string }
  const [received] = linesOf(answer.headers.get('x-request-id'))
  expect(received).toMatchObject({ event: 'reply.received', facts: { reply: id, state: 'stored' } })
  await test.runStages()
  const folded = test.logged.find(({ event }) => event === 'reply.folded')
  expect(folded?.facts).toMatchObject({ reply: id, state: 'unreadable' })
})
