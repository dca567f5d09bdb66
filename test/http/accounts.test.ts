/** Accounts: the engine's tables, the first start, keys and their scopes, enterprises, mandates. */
import { getMigrations } from 'better-auth/db/migration'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authOptions } from '../../src/http/auth.ts'
import { createEnterprise } from '../../src/http/enterprises.ts'
import { KEY_CACHE_SECONDS } from '../../src/kernel/limits.ts'
import { createGateway } from '../../src/run/gateway.ts'
import { connect } from '../../src/store/connect.ts'
import { movingClock } from '../support/gateway.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

let test: TestApp
const clock = movingClock(new Date().toISOString())

beforeAll(async () => {
  test = await testApp({ clock })
})
afterAll(() => test.close())

const codeOf = async (response: Response): Promise<unknown> => {
  const body = (await response.json()) as { code?: unknown }
  return body.code
}

describe('the account tables', () => {
  it('are all that the account engine asks for', async () => {
    const { gatewayOptions: options } = test
    const plan = await getMigrations(
      authOptions({
        db: options.db,
        secret: options.authSecret,
        baseUrl: undefined,
        log: options.log,
      }),
    )
    expect(plan.toBeCreated.map(({ table }) => table)).toEqual([])
    expect(plan.toBeAdded.map(({ table, fields }) => [table, Object.keys(fields)])).toEqual([])
    expect(plan.toBeAddedIndexes.map(({ name }) => name)).toEqual([])
    expect(plan.schemaProblems).toEqual([])
  })
})

describe('the first start', () => {
  it('makes one operator and no second one', async () => {
    expect(test.operator.password).toMatch(/^[\w-]{24}$/)
    expect(await test.gateway.accounts.ensureOperator('other@yuguan.example')).toBeUndefined()
  })

  it('lets the operator sign in, look around and out again', async () => {
    const signedIn = await test.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(test.operator),
    })
    expect(signedIn.status).toBe(200)
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    expect(signedIn.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Lax/i)
    const me = await test.fetch('/api/v1/me', { headers: { cookie } })
    expect(await me.json()).toMatchObject({ via: 'session', operator: true })
    const foreign = await test.fetch('/api/v1/mandates', {
      method: 'POST',
      headers: { cookie, origin: 'https://elsewhere.example', 'content-type': 'application/json' },
      body: '{}',
    })
    expect(foreign.status).toBe(403)
    expect(await codeOf(foreign)).toBe('ORIGIN-FOREIGN')
    const out = await test.fetch('/api/auth/sign-out', {
      method: 'POST',
      headers: { cookie, origin: 'http://gateway.test', 'content-type': 'application/json' },
      body: '{}',
    })
    expect(out.status).toBe(200)
    expect((await test.fetch('/api/v1/me', { headers: { cookie } })).status).toBe(401)
  })

  it('lets nobody sign up, make keys or organisations by himself', async () => {
    for (const path of ['sign-up/email', 'api-key/create', 'organization/create']) {
      const response = await test.fetch(`/api/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          email: 'stranger@yuguan.example',
          password: 'a-long-password',
          name: 'Synthetic Stranger',
          slug: 'synthetic',
        }),
      })
      expect(response.status, path).toBeGreaterThanOrEqual(400)
    }
    const users = await sql<{ n: string }>`select count(*) as n from "user"`.execute(
      test.database.db,
    )
    expect(users.rows[0]?.n).toBe('1')
  })
})

describe('API keys', () => {
  it('are kept as a hash and told once', async () => {
    const { key } = test.account(test.cast.platform)
    const stored = await sql<{ key: string }>`select "key" from "apikey"`.execute(test.database.db)
    expect(stored.rows.map((row) => row.key)).not.toContain(key)
    const { id } = test.account(test.cast.platform)
    const listed = await test.fetch(`/api/v1/enterprises/${id}/keys`, {
      headers: bearer(test.operatorKey),
    })
    expect(JSON.stringify(await listed.json())).not.toContain(key)
  })

  it('allow what their scopes say and nothing more', async () => {
    const { id } = test.account(test.cast.payer)
    const made = await test.fetch(
      `/api/v1/enterprises/${id}/keys`,
      json(test.operatorKey, { name: 'reader', scopes: ['documents:read'] }),
    )
    expect(made.status).toBe(201)
    const { key } = (await made.json()) as { key: string }
    expect((await test.fetch('/api/v1/documents', { headers: bearer(key) })).status).toBe(200)
    const refused = await test.fetch(
      '/api/v1/documents',
      json(key, { kind: 'CEB411', document: {} }),
    )
    expect(refused.status).toBe(403)
    expect((await test.fetch('/api/v1/replies?state=new', { headers: bearer(key) })).status).toBe(
      403,
    )
    expect((await test.fetch('/api/v1/enterprises', { headers: bearer(key) })).status).toBe(403)
  })

  it('cost one look at the database in a while, however many requests come', async () => {
    const { key, id } = test.account(test.cast.carrier)
    const updates = async (): Promise<unknown> =>
      (
        await sql`select max("updatedAt") as at from "apikey" where "referenceId" = ${id}`.execute(
          test.database.db,
        )
      ).rows[0]
    clock.advance((KEY_CACHE_SECONDS + 1) * 1000)
    await test.fetch('/api/v1/documents', { headers: bearer(key) })
    const first = await updates()
    for (let i = 0; i < 20; i += 1) {
      expect((await test.fetch('/api/v1/documents', { headers: bearer(key) })).status).toBe(200)
    }
    expect(await updates()).toEqual(first)
  })

  it('die at once here and within the time told elsewhere when they are revoked', async () => {
    const { id } = test.account(test.cast.payer)
    const made = await test.fetch(
      `/api/v1/enterprises/${id}/keys`,
      json(test.operatorKey, { name: 'short', scopes: ['documents:read'] }),
    )
    const { key, id: keyId } = (await made.json()) as { key: string; id: string }
    const other = createGateway(test.gatewayOptions)
    const elsewhere = async (): Promise<number> => {
      const request = new Request('http://gateway.test/api/v1/documents', { headers: bearer(key) })
      return (await other.app.fetch(request)).status
    }
    expect(await elsewhere()).toBe(200)
    const revoked = await test.fetch(`/api/v1/enterprises/${id}/keys/${keyId}`, {
      method: 'DELETE',
      headers: bearer(test.operatorKey),
    })
    expect(revoked.status).toBe(204)
    expect((await test.fetch('/api/v1/documents', { headers: bearer(key) })).status).toBe(401)
    expect(await elsewhere()).toBe(200)
    clock.advance(KEY_CACHE_SECONDS * 1000)
    expect(await elsewhere()).toBe(401)
  })

  it('are not called invalid when the database cannot be asked', async () => {
    const away = connect({ connectionString: 'postgres://nobody@127.0.0.1:1/none' })
    const gateway = createGateway({ ...test.gatewayOptions, db: away.db })
    const { key } = test.account(test.cast.platform)
    const response = await gateway.app.fetch(
      new Request('http://gateway.test/api/v1/documents', { headers: bearer(key) }),
    )
    await away.close()
    expect(response.status).toBe(503)
    expect(await codeOf(response)).toBe('NOT-READY')
  })
})

describe('enterprises', () => {
  const wanted = { name: '合成企业', roles: ['merchant' as const] }

  it('need a code, in its form', async () => {
    const bad = await test.fetch(
      '/api/v1/enterprises',
      json(test.operatorKey, { ...wanted, customsCode: '50ab' }),
    )
    expect(bad.status).toBe(422)
    expect(await bad.json()).toMatchObject({
      code: 'ENTERPRISE-INVALID',
      faults: [{ code: 'ENTERPRISE-customsCode-FORM', pointer: '/customsCode' }],
    })
    const none = await test.fetch('/api/v1/enterprises', json(test.operatorKey, wanted))
    expect(none.status).toBe(422)
  })

  it('with a wrong check digit are refused, or warned of beside a customs code', async () => {
    // The last character of a valid code changed: form right, check digit wrong.
    const right = (test.cast.merchants[1] ?? test.cast.platform).creditCode
    const creditCode = `${right.slice(0, 17)}${right.endsWith('0') ? '1' : '0'}`
    const alone = await test.fetch(
      '/api/v1/enterprises',
      json(test.operatorKey, { ...wanted, creditCode }),
    )
    expect(alone.status).toBe(422)
    const beside = await test.fetch(
      '/api/v1/enterprises',
      json(test.operatorKey, { ...wanted, creditCode, customsCode: '5001960ZZ1' }),
    )
    expect(beside.status).toBe(201)
    expect(await beside.json()).toMatchObject({
      faults: [{ code: 'ENTERPRISE-creditCode-CHECK_DIGIT', severity: 'warning' }],
    })
  })

  it('are registered once', async () => {
    const again = await createEnterprise(
      test.gateway.flow,
      test.gateway.accounts,
      test.cast.platform,
    )
    expect(again.kind).toBe('enterprise-exists')
    const response = await test.fetch(
      '/api/v1/enterprises',
      json(test.operatorKey, { ...wanted, customsCode: test.cast.platform.customsCode }),
    )
    expect(response.status).toBe(409)
  })

  it('have users who see to their own keys and to nobody else’s', async () => {
    const made = await test.fetch(
      '/api/v1/enterprises',
      json(test.operatorKey, {
        ...wanted,
        customsCode: '5001960ZZ2',
        owner: { name: 'Synthetic Owner', email: 'owner@yuguan.example' },
      }),
    )
    expect(made.status).toBe(201)
    const { enterprise, owner } = (await made.json()) as {
      enterprise: { id: string }
      owner: { email: string; password: string }
    }
    const signedIn = await test.fetch('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(owner),
    })
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    const post = (id: string) =>
      test.fetch(`/api/v1/enterprises/${id}/keys`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', origin: 'http://gateway.test' },
        body: JSON.stringify({ name: 'own', scopes: ['documents:read'] }),
      })
    expect((await post(enterprise.id)).status).toBe(201)
    const foreign = await post(test.account(test.cast.platform).id)
    expect(foreign.status).toBe(404)
    const documents = await test.fetch('/api/v1/documents', { headers: { cookie } })
    expect(await documents.json()).toEqual({ documents: [], next: null })
    const twice = await test.fetch(
      '/api/v1/enterprises',
      json(test.operatorKey, {
        ...wanted,
        customsCode: '5001960ZZ3',
        owner: { name: 'Synthetic Owner', email: 'owner@yuguan.example' },
      }),
    )
    expect(await codeOf(twice)).toBe('USER-EXISTS')
  })
})

describe('signing keys', () => {
  it('are stored sealed and never told', async () => {
    const { id } = await test.register(test.cast.merchants[0])
    const { db } = test.database
    const stored = await db
      .selectFrom('signing_key')
      .selectAll()
      .where('enterprise_id', '=', id)
      .execute()
    expect(stored).toHaveLength(1)
    const response = await test.fetch(`/api/v1/enterprises/${id}/signing-keys`, {
      headers: bearer(test.operatorKey),
    })
    const body = await response.text()
    expect(body).not.toMatch(/private/i)
    expect(JSON.parse(body)).toMatchObject({ signingKeys: [{ algorithm: 'sm2-sm3' }] })
    expect(await test.gateway.flow.signerOf(id)).toMatchObject({ algorithm: 'sm2-sm3' })
  })

  it('are taken from outside when certificate and private key belong together', async () => {
    const { id } = test.account(test.cast.merchants[0])
    const now = clock.now()
    const pair = test.gateway.signingKeys.create('sm2-sm3', '合成证书', now)
    const other = test.gateway.signingKeys.create('sm2-sm3', '合成证书', now)
    const post = (certificate: string, privateKey: string) =>
      test.fetch(
        `/api/v1/enterprises/${id}/signing-keys`,
        json(test.operatorKey, { certificate, privateKey }),
      )
    const pem = `-----BEGIN CERTIFICATE-----\n${pair.certificate}\n-----END CERTIFICATE-----\n`
    expect((await post(pem, other.privateKey)).status).toBe(422)
    expect((await post('AAAA', pair.privateKey)).status).toBe(422)
    const taken = await post(pem, pair.privateKey)
    expect(taken.status).toBe(201)
    expect(await taken.json()).toMatchObject({ certificate: pair.certificate })
    expect((await post(pem, pair.privateKey)).status).toBe(409)
  })
})

describe('mandates', () => {
  it('name two enterprises, known kinds and days that exist', async () => {
    const principalId = test.account(test.cast.platform).id
    const agentId = test.account(test.cast.declarants[0]).id
    const good = { principalId, agentId, kinds: ['CEB311'], validFrom: '2026-01-01' }
    const bad = await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        ...good,
        agentId: principalId,
        kinds: ['CEB999'],
        validFrom: '2026-02-29',
      }),
    )
    expect(bad.status).toBe(422)
    const { faults } = (await bad.json()) as { faults: { code: string }[] }
    expect(faults.map((fault) => fault.code)).toEqual([
      'MANDATE-agentId-SAME',
      'MANDATE-kinds-UNKNOWN',
      'MANDATE-day-UNREAL',
    ])
    const made = await test.fetch('/api/v1/mandates', json(test.operatorKey, good))
    expect(made.status).toBe(201)
    for (const enterprise of [test.cast.platform, test.cast.declarants[0]]) {
      const { key } = test.account(enterprise)
      const seen = await test.fetch('/api/v1/mandates', { headers: bearer(key) })
      expect(await seen.json()).toMatchObject({ mandates: [{ principalId, agentId }] })
    }
    const { key } = test.account(test.cast.carrier)
    const unseen = await test.fetch('/api/v1/mandates', { headers: bearer(key) })
    expect(await unseen.json()).toEqual({ mandates: [], next: null })
  })

  it('are given by the principal alone', async () => {
    const principalId = test.account(test.cast.platform).id
    const agentId = test.account(test.cast.declarants[0]).id
    const body = { principalId, agentId, kinds: ['CEB311'], validFrom: '2026-01-01' }
    const { key } = test.account(test.cast.declarants[0])
    expect((await test.fetch('/api/v1/mandates', json(key, body))).status).toBe(404)
    const own = test.account(test.cast.platform).key
    expect((await test.fetch('/api/v1/mandates', json(own, body))).status).toBe(403)
  })
})
