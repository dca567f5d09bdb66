/**
 * Published limits: what is counted for whom, what an answer tells of it, and how senders are slowed
 * down or turned away. Quotas are made so small by settings that nobody has to wait.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { csvOf, rowsOf } from '../support/sheets.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'

let test: TestApp
const paused: number[] = []
let next = 0
beforeAll(async () => {
  test = await testApp({
    env: {
      RATE_LIMITS: 'intake=4/60 read=3/60, report=2/60 sign-in=2/60 stranger=2/60 account=2/60',
    },
    pause: async (ms) => {
      paused.push(ms)
    },
  })
})
afterAll(() => test.close())

/** Somebody whose quota nobody has used yet. */
const newcomer = async () => {
  const warehouse = [...test.cast.warehouses.values()][next]
  next += 1
  if (warehouse === undefined) throw new Error('no enterprise is left')
  return test.register({ ...warehouse, roles: ['platform', 'merchant'] })
}
const order = (n: number) => ({ OrderHead: { orderNo: `NO-${n}` } })
const handIn = (key: string, count: number) =>
  test.fetch(
    '/api/v1/documents',
    json(key, { kind: 'CEB311', documents: Array.from({ length: count }, (_, n) => order(n)) }),
  )
const read = (key: string) => test.fetch('/api/v1/documents', { headers: bearer(key) })
const stranger = (address: string) =>
  test.fetch('/api/v1/documents', { headers: { ...bearer('none'), 'x-test-address': address } })

describe('a quota', () => {
  it('is told with every answer, and refuses in words when it is used up', async () => {
    const { key } = await newcomer()
    const answers = [await read(key), await read(key), await read(key), await read(key)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    for (const { headers } of answers)
      expect(headers.get('ratelimit-policy')).toBe('"read";q=3;w=60')
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual(
      [2, 1, 0, 0].map((left) => expect.stringMatching(`^"read";r=${left};t=(60|5[0-9])$`)),
    )
    const last = answers[3]
    const seconds = Number(last?.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(await last?.json()).toMatchObject({
      ...{ code: 'RATE-LIMITED', limit: 'read', retryAfterSeconds: seconds },
      cure: {
        zh: expect.stringContaining(`${seconds} 秒`),
        en: expect.stringContaining(`${seconds} s`),
      },
    })
  })

  it('of one enterprise is not used up by another', async () => {
    const [one, two] = [await newcomer(), await newcomer()]
    for (let n = 0; n < 4; n += 1) await read(one.key)
    expect((await read(one.key)).status).toBe(429)
    expect((await read(two.key)).status).toBe(200)
  })

  it('of intake counts documents; a batch larger than what is left goes through once', async () => {
    const { key } = await newcomer()
    const first = await handIn(key, 3)
    expect([first.status, first.headers.get('ratelimit')]).toEqual([
      422,
      expect.stringMatching(/^"intake";r=1;/),
    ])
    expect((await handIn(key, 100)).status).toBe(422)
    expect((await handIn(key, 1)).status).toBe(429)
    // Reading has a quota of its own.
    expect((await read(key)).status).toBe(200)
  })

  it('of strangers is counted by address, and does not touch who is known', async () => {
    const { key } = await newcomer()
    const statuses = []
    for (let n = 0; n < 3; n += 1) statuses.push((await stranger('192.0.2.1')).status)
    expect(statuses).toEqual([401, 401, 429])
    expect((await stranger('192.0.2.2')).status).toBe(401)
    const known = { ...bearer(key), 'x-test-address': '192.0.2.1' }
    // A key that was never good here is not even looked up any more: it could be invented.
    expect((await test.fetch('/api/v1/documents', { headers: known })).status).toBe(429)
    expect((await read(key)).status).toBe(200)
    expect((await test.fetch('/api/v1/documents', { headers: known })).status).toBe(200)
  })

  it('of strangers is not used up by keys that are good', async () => {
    const { id } = test.account(test.cast.carrier)
    for (let n = 0; n < 3; n += 1) {
      const { key } = await test.gateway.accounts.createEnterpriseKey(id, {
        ...{ name: `key ${n}`, scopes: ['documents:read'] },
      })
      const headers = { ...bearer(key), 'x-test-address': '192.0.2.3' }
      expect((await test.fetch('/api/v1/documents', { headers })).status).toBe(200)
    }
    expect((await stranger('192.0.2.3')).status).toBe(401)
  })

  it('of strangers bounds the keys tried where anybody may look, who then sees what anybody does', async () => {
    const look = async (path: string, key: string) => {
      const headers = { ...bearer(key), 'x-test-address': '192.0.2.4' }
      return test.fetch(path, { headers })
    }
    const { key } = test.account(test.cast.platform)
    const shown = async () =>
      (await (await look('/api/v1/status', key)).json()) as { stages: unknown }
    for (const path of ['/api/v1/status', '/status'])
      expect((await look(path, 'none')).status).toBe(200)
    expect((await shown()).stages).toBeNull()
    expect((await stranger('192.0.2.4')).status).toBe(429)
    expect((await read(key)).status).toBe(200)
    expect((await shown()).stages).not.toBeNull()
  })

  it('of accounts is one for a user, however many enterprises he names', async () => {
    const { accounts } = test.gateway
    const own = [test.cast.platform, test.cast.payer].map((each) => test.account(each).id)
    const email = 'two@yuguan.example'
    const made = await accounts.createUser('Two', email)
    if (made.kind !== 'made') throw new Error(made.kind)
    for (const id of own) await accounts.addMember(id, made.userId, 'owner')
    const headers = { 'content-type': 'application/json', origin: 'http://gateway.test' }
    const signedIn = await test.fetch('/api/auth/sign-in/email', {
      ...{ method: 'POST', headers: { ...headers, 'x-test-address': '192.0.2.5' } },
      body: JSON.stringify({ email, password: made.password }),
    })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const statuses = []
    for (const enterprise of [...own, ...own]) {
      const answer = await test.fetch(
        `/api/v1/enterprises/${own[0]}/links?enterprise=${enterprise}`,
        {
          ...{ method: 'POST', headers: { ...headers, cookie } },
          body: JSON.stringify({ direction: 'both', link: null }),
        },
      )
      statuses.push(answer.status)
    }
    expect(statuses).toEqual([200, 200, 429, 429])
  })

  it('of operators is one for each key, and never keeps anybody from the metrics', async () => {
    const { accounts } = test.gateway
    const [busy, other] = await Promise.all(
      ['busy', 'other'].map((name) =>
        accounts.createOperatorKey({ name, scopes: ['operator', 'documents:read'] }),
      ),
    )
    for (let n = 0; n < 4; n += 1) await read(busy?.key ?? '')
    expect((await read(busy?.key ?? '')).status).toBe(429)
    expect((await read(other?.key ?? '')).status).toBe(200)
    for (let n = 0; n < 5; n += 1)
      expect((await test.fetch('/metrics', { headers: bearer(busy?.key ?? '') })).status).toBe(200)
  })

  it('counts an IPv6 network as one address', async () => {
    const statuses = []
    for (const host of ['0:7::1', ':7:0:0:0:2', '0:7:aaaa:bbbb:cccc:dddd', '0:8::1'])
      statuses.push((await stranger(`2001:db8:${host}`)).status)
    expect(statuses).toEqual([401, 401, 429, 401])
  })

  it('of public figures is counted by address', async () => {
    const totals = (address: string) =>
      test.fetch('/api/v1/totals', { headers: { 'x-test-address': address } })
    const statuses = []
    for (let n = 0; n < 3; n += 1) statuses.push((await totals('192.0.2.9')).status)
    expect(statuses).toEqual([200, 200, 429])
    expect((await totals('192.0.2.10')).status).toBe(200)
  })
})

describe('signing in', () => {
  const signIn = (email: string, address: string) =>
    test.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-test-address': address },
      body: JSON.stringify({ email, password: 'a wrong one for sure' }),
    })

  it('is limited by account, from wherever it is tried and whether or not there is one', async () => {
    for (const email of [test.operator.email, 'nobody@yuguan.example']) {
      const statuses = []
      for (let n = 0; n < 3; n += 1) {
        const written = n === 1 ? email.toUpperCase() : email
        statuses.push((await signIn(written, `198.51.100.${statuses.length}-${email}`)).status)
      }
      expect(statuses).toEqual([401, 401, 429])
    }
  })

  it('is limited by address, whatever account is tried', async () => {
    const statuses = []
    for (let n = 0; n < 3; n += 1)
      statuses.push((await signIn(`user-${n}@yuguan.example`, '203.0.113.5')).status)
    expect(statuses).toEqual([401, 401, 429])
  })
})

describe('what is long under way', () => {
  it('a stream that uses up its quota is slowed down, not broken off', async () => {
    const { key } = await newcomer()
    const lines = Array.from({ length: 450 }, (_, n) => ({ kind: 'CEB311', document: order(n) }))
    paused.length = 0
    const answer = await test.fetch('/api/v1/documents', {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    })
    expect(answer.status).toBe(200)
    expect((await answer.text()).trimEnd().split('\n')).toHaveLength(450)
    expect(paused.length).toBeGreaterThan(0)
    for (const ms of paused) expect(ms).toBeLessThanOrEqual(60_000)
    // Whoever begins anew meanwhile is refused at the start.
    expect((await handIn(key, 1)).status).toBe(429)
  })

  it('sheets of one enterprise at the same time are bounded, until each is over', async () => {
    const { key } = await newcomer()
    const other = await newcomer()
    // Keys that are known here: trying one for the first time takes of the quota of strangers.
    for (const each of [key, other.key]) await read(each)
    const rows = csvOf(rowsOf(getDeclaration('CEB311'), []))
    const open: ReadableStreamDefaultController<Uint8Array>[] = []
    const upload = (as: string) =>
      test.fetch('/api/v1/sheets/CEB311', {
        method: 'POST',
        headers: { ...bearer(as), 'content-type': 'text/csv' },
        body: new ReadableStream<Uint8Array>({ start: (controller) => void open.push(controller) }),
        // Node asks for it where a body is a stream.
        ...{ duplex: 'half' },
      })
    const end = (): void => {
      const controller = open.shift()
      controller?.enqueue(new TextEncoder().encode(rows))
      controller?.close()
    }
    const held = [upload(key), upload(key)]
    const third = await upload(key)
    expect(third.status).toBe(429)
    expect(third.headers.get('retry-after')).toBe('2')
    expect(await third.json()).toMatchObject({ code: 'RATE-LIMITED', limit: 'sheet' })
    open.pop()
    const another = upload(other.key)
    for (let n = 0; n < 3; n += 1) end()
    for (const answer of await Promise.all([...held, another])) expect(answer.status).toBe(422)
  })

  it('customs is not counted by calls', async () => {
    for (let n = 0; n < 30; n += 1) {
      const answer = await test.fetch('/api/v1/customs/replies', {
        method: 'POST',
        headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
        body: `<x n="${n}"/>`,
      })
      expect(answer.status).toBe(202)
      expect(answer.headers.get('ratelimit')).toBe(null)
    }
  })
})

describe('the published limits', () => {
  it('are what is in force, with the sizes of what may be sent', async () => {
    const answer = await test.fetch('/api/v1/limits', { headers: { 'x-test-address': 'reader' } })
    const { classes, places, sizes } = (await answer.json()) as {
      classes: { name: string; points: number; seconds: number }[]
      places: { name: string; each: number }[]
      sizes: Record<string, number>
    }
    const figures = Object.fromEntries(classes.map(({ name, points }) => [name, points]))
    expect(figures).toMatchObject({ intake: 4, read: 3, report: 2, 'sign-in': 2, stranger: 2 })
    expect(figures.account).toBeGreaterThan(0)
    expect(places.map(({ name }) => name)).toEqual(['sheet', 'stream', 'export', 'report', 'reply'])
    expect(sizes).toMatchObject({ documentsPerBatch: 2000, bodyBytes: 32 * 1024 * 1024 })
  })
})
