/**
 * The contract: every route gives every status it is described with, each answer in the shape the
 * OpenAPI document tells, each refusal as a problem of the table. A route or a status without a
 * case fails, so that a new one is covered by being listed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { declarations } from '../../src/catalogue/index.ts'
import { createApp, routes } from '../../src/http/app.ts'
import { problems } from '../../src/http/problems.ts'
import { isLimited, problemsOf, type Route } from '../../src/http/route.ts'
import { problem } from '../../src/http/schemas.ts'
import { createGateway } from '../../src/run/gateway.ts'
import { createLimiter } from '../../src/run/limiter.ts'
import { connect, forAllPools } from '../../src/store/connect.ts'
import { bearer, CUSTOMS_TOKEN, json, type TestApp, testApp } from './app.ts'
import { prepareLists, prepareUndelivered, prepareUnreadable } from './contract-action-cases.ts'
import { prepareBook } from './contract-bonded-cases.ts'
import { contractCases } from './contract-cases.ts'
import { prepareCounted } from './contract-open-cases.ts'
import { openReqOf, preparePayments } from './contract-payment-cases.ts'
import { prepareCorrections } from './contract-rejection-cases.ts'
import { prepareReport } from './contract-report-cases.ts'
import { prepareBlocked } from './contract-rule-cases.ts'
import { prepareSettlements } from './contract-settlement-cases.ts'
import { openQuestion } from './contract-tax-cases.ts'
import { prepareUsers } from './contract-user-cases.ts'
import { prepareWebhooks, webhookCases } from './contract-webhook-cases.ts'

let test: TestApp
let cookie = ''

beforeAll(async () => {
  test = await testApp()
  const { order } = test.consignment(1)
  const { key } = test.account(test.cast.platform)
  const taken = await test.fetch(
    '/api/v1/documents',
    json(key, { kind: 'CEB311', document: order }),
  )
  const answer = (await taken.json()) as { results: { id: string }[] }
  known.document = answer.results[0]?.id ?? ''
  known.waiting = known.document
  for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
  known.undelivered = await prepareUndelivered(test)
  known.unreadable = await prepareUnreadable(test)
  Object.assign(known, await prepareCorrections(test, known.undelivered))
  const fresh = await test.fetch(
    '/api/v1/documents',
    json(key, { kind: 'CEB311', document: test.consignment(2).order }),
  )
  if (!fresh.ok) throw new Error(JSON.stringify(test.logged.slice(-3)) + (await fresh.text()))
  known.waiting = ((await fresh.json()) as typeof answer).results[0]?.id ?? ''
  known.list = await prepareLists(test)
  await prepareCounted(test, known.list)
  known.mandate = await prepareMandate()
  known.blocked = await prepareBlocked(test)
  Object.assign(known, await preparePayments(test), await prepareBook(test))
  Object.assign(known, await prepareReport(test))
  Object.assign(known, await prepareSettlements(test), await prepareUsers(test))
  Object.assign(known, await prepareWebhooks(test))
  const signedIn = await test.fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(test.operator),
  })
  cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
})
afterAll(() => test.close())

const prepareMandate = async (): Promise<string> => {
  const wanted = {
    ...{ principalId: platform().id, agentId: test.account(test.cast.payer).id },
    ...{ kinds: ['CEB311'], validFrom: '2026-01-01' },
  }
  const given = await test.fetch('/api/v1/mandates', json(test.operatorKey, wanted))
  return ((await given.json()) as { id: string }).id
}

const nameOf = ({ spec }: Route): string => `${spec.method.toUpperCase()} ${spec.path}`
const seen = new Set<string>()
/** Asks nobody who calls: only with a right body does it come to the database. */
const OPEN_QUESTION = 'POST /api/v1/tax/estimate'
const ASKS_NOBODY = ['GET /healthz', 'GET /api/v1/limits', 'GET /api/v1/sheets/{kind}.xlsx']

const platform = () => test.account(test.cast.platform)
const asPlatform = () => ({ headers: bearer(platform().key) })
const asOperator = () => ({ headers: bearer(test.operatorKey) })
const known = {
  ...{
    mandate: '',
    warehouse: '',
    document: '',
    waiting: '',
    owner: '',
    member: '',
    list: '',
    undelivered: '',
    blocked: '',
    upload: '',
    unreadable: '',
  },
  ...{ correction: '', expired: '', report: '' },
  ...{ settlements: { refunded: '', withdrawn: '', plain: '' } },
  ...{ webhooks: { kept: '', removed: '' } },
}
const cases = [...contractCases(() => test, known), ...webhookCases(() => test, known)]

/** A path of the route with something in every place. */
const somePath = ({ spec }: Route): string =>
  spec.path
    .replace('{id}', spec.path.includes('enterprises') ? platform().id : known.document)
    .replace('{keyId}', 'none')
    .replace('{orderNo}', 'none')
    .replace('{emsNo}', 'none')
    .replace('{kind}', 'CEB311')
    .replace('{name}', 'rest-days')
    .replace('{indicator}', 'overseas-warehouses')
    .replace('{sort}', 'status')
    .replace('{code}', '778')
    .replace('{n}', '1')
    .replace('{platform}', test.cast.platform.customsCode)

const withMethod = (route: Route, init: RequestInit): RequestInit => ({
  ...init,
  method: route.spec.method.toUpperCase(),
  ...(takesBody(route) && init.body === undefined ? { body: '{}' } : {}),
})
const takesBody = ({ spec }: Route): boolean =>
  spec.json !== undefined || spec.raw !== undefined || speaksCustoms({ spec })
/** Answers a far side that knows no problems, in the far side's form. */
const speaksCustoms = ({ spec }: Pick<Route, 'spec'>): boolean => spec.form !== undefined

const rightful = ({ spec }: Route): Record<string, string> => {
  if (spec.access === 'public') return {}
  if (spec.access === 'customs') return bearer(CUSTOMS_TOKEN)
  if (spec.access === 'documents:read' || spec.access === 'documents:write') {
    return bearer(platform().key)
  }
  return bearer(test.operatorKey)
}

const check = async (route: Route, response: Response, status: number): Promise<void> => {
  const text = await response.text()
  expect(response.status, `${nameOf(route)}: ${text.slice(0, 500)}`).toBe(status)
  seen.add(`${nameOf(route)} ${status}`)
  const answer = route.spec.answers[status]
  if (answer === undefined || response.headers.get('content-type')?.includes('problem')) {
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const body = problem.parse(JSON.parse(text))
    expect(body.status).toBe(status)
    expect(problemsOf(route.spec)).toContain(body.code)
    expect(body.requestId).toBe(response.headers.get('x-request-id'))
  } else if (answer.schema !== undefined) {
    answer.schema.parse(JSON.parse(text))
  } else {
    expect(response.headers.get('content-type') ?? '').toContain(answer.mediaType ?? '')
  }
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
}

describe('every route', () => {
  it.each(cases.map((item) => [`${item.route} ${item.status}`, item] as const))(
    '%s',
    async (_name, item) => {
      const found = routes.find((candidate) => nameOf(candidate) === item.route)
      if (found === undefined) throw new Error(`no route ${item.route}`)
      const path = item.path?.() ?? somePath(found)
      await check(found, await test.fetch(path, withMethod(found, item.init())), item.status)
    },
  )

  it('revokes a key once', async () => {
    const route = routes.find(
      ({ spec }) => spec.method === 'delete' && spec.path.endsWith('{keyId}'),
    )
    if (route === undefined) throw new Error('no such route')
    const key = await test.fetch(
      `/api/v1/enterprises/${platform().id}/keys`,
      json(test.operatorKey, { name: 'gone', scopes: ['documents:read'] }),
    )
    const { id } = (await key.json()) as { id: string }
    const revoke = () =>
      test.fetch(`/api/v1/enterprises/${platform().id}/keys/${id}`, {
        method: 'DELETE',
        ...asOperator(),
      })
    await check(route, await revoke(), 204)
    await check(route, await revoke(), 404)
  })

  it('revokes a key of the operator once', async () => {
    const route = routes.find((each) => nameOf(each) === 'DELETE /api/v1/operator-keys/{keyId}')
    if (route === undefined) throw new Error('no such route')
    const wanted = { name: 'once', scopes: ['totals:read'] }
    const made = await test.fetch('/api/v1/operator-keys', json(test.operatorKey, wanted))
    const { id } = (await made.json()) as { id: string }
    const init = { method: 'DELETE', ...asOperator() }
    await check(route, await test.fetch(`/api/v1/operator-keys/${id}`, init), 204)
  })

  it('finds a rehearsal that was begun, and stops it', async () => {
    const listed = await test.fetch('/api/v1/rehearsals', asOperator())
    const { rehearsals } = (await listed.json()) as { rehearsals: { id: string }[] }
    const path = `/api/v1/rehearsals/${rehearsals[0]?.id}`
    for (const [method, end] of [
      ['GET', ''],
      ['POST', '/stop'],
    ] as const) {
      const named = `${method} /api/v1/rehearsals/{id}${end}`
      const route = routes.find((each) => nameOf(each) === named)
      if (route === undefined) throw new Error('no such route')
      await check(route, await test.fetch(`${path}${end}`, { method, ...asOperator() }), 200)
    }
  })

  it('refuses strangers, unless anybody may call it', async () => {
    for (const route of routes) {
      if (route.spec.access === 'public') continue
      for (const headers of [
        {},
        bearer('ygk_none'),
        { authorization: 'Basic eDp5' },
        { cookie: 'x=y' },
      ]) {
        const response = await test.fetch(somePath(route), withMethod(route, { headers }))
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        await check(route, response, 401)
      }
    }
  })

  it('refuses a caller without the scope', async () => {
    const { key } = await test.gateway.accounts.createEnterpriseKey(platform().id, {
      name: 'narrow',
      scopes: ['totals:read'],
    })
    const { key: reader } = await test.gateway.accounts.createEnterpriseKey(platform().id, {
      name: 'reader',
      scopes: ['documents:read'],
    })
    for (const route of routes) {
      const { access } = route.spec
      if (['public', 'customs', 'signed-in'].includes(access)) continue
      const response = await test.fetch(
        somePath(route),
        withMethod(route, { headers: bearer(access === 'totals:read' ? reader : key) }),
      )
      await check(route, response, 403)
    }
  })

  it('hides another enterprise from whoever manages his own', async () => {
    const { key } = test.account(test.cast.carrier)
    for (const route of routes.filter(({ spec }) => spec.access === 'enterprise-admin')) {
      const response = await test.fetch(
        somePath(route),
        withMethod(route, { headers: bearer(key) }),
      )
      await check(route, response, 404)
    }
  })

  it('does not act for another site on the strength of a cookie', async () => {
    for (const route of routes) {
      const { access, method } = route.spec
      if (method === 'get' || access === 'public' || access === 'customs') continue
      const headers = { cookie: cookie, origin: 'https://elsewhere.example' }
      await check(route, await test.fetch(somePath(route), withMethod(route, { headers })), 403)
    }
  })

  it('refuses bodies that are too large, of another type, or not what it takes', async () => {
    for (const route of routes.filter((each) => takesBody(each) && !speaksCustoms(each))) {
      const type = { 'content-type': route.spec.raw?.mediaTypes[0] ?? 'application/json' }
      const headers = { ...rightful(route), ...type }
      const long = { ...headers, 'content-length': String(1024 ** 3) }
      await check(
        route,
        await test.fetch(somePath(route), withMethod(route, { headers: long })),
        413,
      )
      if (route.spec.access !== 'customs') {
        const plain = { ...rightful(route), 'content-type': 'text/plain' }
        const response = await test.fetch(somePath(route), withMethod(route, { headers: plain }))
        await check(route, response, 415)
      }
      if (type['content-type'] === 'application/json') {
        for (const body of ['{', new Uint8Array([0x22, 0xff, 0x22]), '[1]']) {
          const response = await test.fetch(somePath(route), withMethod(route, { headers, body }))
          await check(route, response, 400)
        }
      }
    }
  })

  it('answers customs in its own form, whatever it sends', async () => {
    for (const route of routes.filter(speaksCustoms)) {
      const long = { 'content-length': String(1024 ** 3) }
      const compressed = { 'content-encoding': 'br' }
      for (const init of [
        { headers: long },
        { headers: compressed },
        { body: '{' },
        { body: '' },
      ]) {
        const response = await test.fetch(somePath(route), withMethod(route, init))
        expect(await response.clone().json()).toMatchObject({ code: '20000' })
        await check(route, response, 200)
      }
    }
  })

  it('refuses query parameters it cannot read', async () => {
    const wrong: Readonly<Record<string, string>> = {
      dryRun: 'maybe',
      limit: '0',
      cursor: 'x',
      from: '2026-02-30',
      year: 'soon',
      state: 'nowhere',
      enterprise: 'x'.repeat(65),
      clear: 'perhaps',
      lapsing: 'soon',
      within: 'soon',
      include: 'nothing',
      on: 'some-day',
      lang: 'xx',
    }
    for (const route of routes) {
      for (const name of Object.keys(route.spec.query?.shape ?? {})) {
        const value = wrong[name]
        if (value === undefined) continue
        const response = await test.fetch(
          `${somePath(route)}?${name}=${value}`,
          withMethod(route, { headers: rightful(route) }),
        )
        await check(route, response, 400)
      }
    }
  })

  it('refuses whoever used up what he may ask for, and says when to come back', async () => {
    const none = { points: 0, seconds: 10 }
    const nothing = { each: 0, all: 0 }
    const classes = { intake: none, read: none, report: none, account: none }
    const limiter = createLimiter({
      figures: { ...classes, 'sign-in': none, stranger: none },
      places: {
        ...{ sheet: nothing, stream: nothing, reply: nothing },
        ...{ export: nothing, report: nothing },
      },
    })
    const gateway = createGateway({ ...test.gatewayOptions, limiter })
    for (const route of routes.filter(({ spec }) => isLimited(spec))) {
      const init = withMethod(route, { headers: rightful(route) })
      const response = await gateway.app.fetch(
        new Request(`http://gateway.test${somePath(route)}`, init),
      )
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      await check(route, response, 429)
    }
  })

  it('has no metrics where nothing is remembered between requests', async () => {
    const { metrics: _, ...without } = test.gatewayOptions
    const route = routes.find(({ spec }) => spec.path === '/metrics')
    if (route === undefined) throw new Error('no such route')
    const request = new Request('http://gateway.test/metrics', asOperator())
    await check(route, await createGateway(without).app.fetch(request), 404)
  })

  it('makes no report on paper where there is no room for the font', async () => {
    const { reportPdf: _, ...without } = test.gatewayOptions
    const route = routes.find(({ spec }) => spec.path.endsWith('.pdf'))
    if (route === undefined) throw new Error('no such route')
    const url = `http://gateway.test/api/v1/reports/${known.report}.pdf`
    const request = new Request(url, asOperator())
    await check(route, await createGateway(without).app.fetch(request), 501)
  })

  it('says 503 when the database is away and 500 for an error of our own, and nothing inside', async () => {
    const { flow, accounts } = test.gateway
    const appWith = (db: typeof flow.db, identify: typeof accounts.identify) =>
      createApp({
        flow: { ...flow, db },
        pools: forAllPools(db),
        accounts: { ...accounts, identify },
        customsToken: CUSTOMS_TOKEN,
        signingKeys: test.gateway.signingKeys,
        version: 'test',
        publicUrl: undefined,
      })
    const away = connect({ connectionString: 'postgres://nobody@127.0.0.1:1/none' })
    const secret = 'a secret inside'
    const broken = new Proxy(flow.db, {
      get: () => {
        throw new Error(secret)
      },
    })
    const failing = {
      503: appWith(away.db, async () => {
        throw Object.assign(new Error(secret), { code: 'ECONNREFUSED' })
      }),
      500: appWith(broken, async () => {
        throw new Error(secret)
      }),
    }
    for (const route of routes.filter((each) => !speaksCustoms(each))) {
      for (const [status, app] of Object.entries(failing)) {
        // Health and templates ask nobody, and readiness has only one way to say no.
        if (ASKS_NOBODY.includes(nameOf(route))) continue
        if (route.spec.path === '/readyz' && status === '500') continue
        const asks = nameOf(route) === OPEN_QUESTION ? openQuestion() : { headers: rightful(route) }
        const init = withMethod(route, asks)
        const response = await app.fetch(new Request(`http://gateway.test${somePath(route)}`, init))
        const copy = response.clone()
        await check(route, response, Number(status))
        expect(await copy.text()).not.toContain(secret)
      }
    }
    for (const route of routes.filter(speaksCustoms)) {
      for (const app of Object.values(failing)) {
        const body = new URLSearchParams({ openReq: openReqOf('any') })
        const init = withMethod(route, { body })
        const response = await app.fetch(new Request(`http://gateway.test${somePath(route)}`, init))
        expect(await response.clone().json()).toMatchObject({ code: '20000' })
        await check(route, response, 200)
      }
    }
    await away.close()
    expect(JSON.stringify(test.logged)).not.toContain(secret)
  })

  it('has shown every status it is described with', () => {
    const never = new Set([
      'GET /readyz 500',
      ...ASKS_NOBODY.flatMap((name) => [`${name} 500`, `${name} 503`]),
    ])
    const told = routes.flatMap((route) => [
      ...Object.keys(route.spec.answers).map((status) => `${nameOf(route)} ${status}`),
      ...problemsOf(route.spec).map((code) => `${nameOf(route)} ${problems[code].status}`),
    ])
    const missing = [...new Set(told)].filter((name) => !seen.has(name) && !never.has(name))
    expect(missing).toEqual([])
  })
})

describe('around the routes', () => {
  it('an unknown address is a problem, a known one under another method says which it takes', async () => {
    const unknown = await test.fetch('/api/v1/nothing')
    expect(await unknown.json()).toMatchObject({ code: 'NOT-FOUND', status: 404 })
    const wrong = await test.fetch('/api/v1/documents', { method: 'PUT' })
    expect(wrong.status).toBe(405)
    expect(wrong.headers.get('allow')).toBe('POST, GET')
  })

  it('every problem has a page under its type', async () => {
    for (const code of Object.keys(problems)) {
      const page = await test.fetch(`/problems/${code}`)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain(code)
    }
    expect((await test.fetch('/problems/NOTHING')).status).toBe(404)
  })

  it('the interface page names every route and loads nothing from elsewhere', async () => {
    const page = await (await test.fetch('/docs')).text()
    for (const { spec } of routes) expect(page).toContain(spec.path)
    expect(page).not.toMatch(/(?:src|href)="https?:/)
  })

  it('the OpenAPI document names every route, status and kind', async () => {
    const document = (await (await test.fetch('/openapi.json')).json()) as {
      openapi: string
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
      components: { schemas: Record<string, unknown> }
    }
    expect(document.openapi).toBe('3.1.0')
    for (const { spec } of routes) {
      const statuses = Object.keys(document.paths[spec.path]?.[spec.method]?.responses ?? {})
      expect(statuses).toEqual(expect.arrayContaining(Object.keys(spec.answers)))
    }
    for (const { code } of declarations) expect(document.components.schemas).toHaveProperty(code)
  })

  it('the log has a line for each request, with the route’s pattern and not what was asked', async () => {
    const orderNo = test.consignment(1).orderNo
    await test.fetch(`/api/v1/consignments/${orderNo}`, asPlatform())
    const line = test.logged.at(-1)
    expect(line).toMatchObject({
      event: 'request',
      facts: { route: '/api/v1/consignments/:orderNo', method: 'GET', status: 200 },
    })
    expect(JSON.stringify(line)).not.toContain(orderNo)
  })
})
