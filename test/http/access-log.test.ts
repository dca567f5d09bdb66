/**
 * The log of accesses: each deed leaves one line with who, when, what and to what, and no personal
 * value; an enterprise reads the lines about its own, a stranger none of them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { accessList } from '../../src/http/access-schemas.ts'
import type { AccessDeed } from '../../src/store/access-deeds.ts'
import { signedIn } from '../support/desk.ts'
import { movingClock } from '../support/gateway.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

type Line = z.infer<typeof accessList>['accesses'][number]

const clock = movingClock('2026-11-03T01:00:00.000Z')
let test: TestApp
let own: { readonly id: string; readonly key: string }
beforeAll(async () => {
  test = await testApp({ clock })
  own = test.account(test.cast.platform)
})
afterAll(() => test.close())

const log = async (query = '', key = test.operatorKey): Promise<readonly Line[]> => {
  const answer = await test.fetch(`/api/v1/access-log${query}`, { headers: bearer(key) })
  expect(answer.status).toBe(200)
  return ((await answer.json()) as z.infer<typeof accessList>).accesses
}

const call = async (method: string, path: string, body?: unknown, key = test.operatorKey) => {
  const init = body === undefined ? { headers: bearer(key) } : json(key, body)
  const answer = await test.fetch(`/api/v1/${path}`, { ...init, method })
  expect(answer.ok, `${method} ${path} ${answer.status}`).toBe(true)
  return answer
}
const told = async (method: string, path: string, body?: unknown, key?: string) =>
  (await (await call(method, path, body, key)).json()) as Record<string, string>

/** The lines that an act left, newest first. */
const linesOf = async (act: () => unknown): Promise<readonly Line[]> => {
  const before = new Set((await log('?limit=200')).map(({ id }) => id))
  await act()
  return (await log('?limit=200')).filter(({ id }) => !before.has(id))
}

/** An act leaves exactly this line, which says who it was and when. */
const leaves = async (
  what: AccessDeed,
  act: () => unknown,
  more: Partial<Line> = {},
): Promise<Line> => {
  clock.advance(1_000)
  const lines = await linesOf(act)
  expect(lines).toMatchObject([{ what, actor: 'operator', at: clock.now().toISOString(), ...more }])
  const [line] = lines
  if (line === undefined) throw new Error('no line')
  expect(line.userId ?? line.keyId).not.toBeNull()
  return line
}

const enterprise = () => `enterprises/${own.id}`
const isOwn = () => ({ enterpriseId: own.id })

describe('every deed leaves its line', () => {
  it('about enterprises and their users', async () => {
    const code = { customsCode: '5012960XYZ', creditCode: '91500000MA5U000003' }
    const wanted = { name: '审计合成企业', ...code, roles: ['merchant'] }
    const { enterpriseId } = await leaves('enterprise-registered', () =>
      call('POST', 'enterprises', wanted),
    )
    expect(enterpriseId).not.toBe('')
    const person = { name: '王合成', email: 'audited@yuguan.example', role: 'member' }
    const { subject } = await leaves(
      'member-added',
      () => call('POST', `${enterprise()}/members`, person),
      isOwn(),
    )
    const member = `${enterprise()}/members/${subject}`
    const ofUser = { ...isOwn(), subject }
    await leaves('member-changed', () => call('PUT', member, { role: 'admin' }), ofUser)
    await leaves('member-removed', () => call('DELETE', member), ofUser)
    await leaves('member-added', () => call('POST', `${enterprise()}/members`, person), ofUser)
    await leaves('user-reset', () => call('POST', `users/${subject}/reset`), { subject })
    const staff = { name: '李合成', email: 'staff@yuguan.example', role: 'committee' }
    await leaves('staff-added', () => call('POST', 'users', staff), { enterpriseId: '' })
    const rules = { direction: 'import', link: 'simulator' }
    const links = { ...isOwn(), subject: 'links' }
    await leaves('enterprise-changed', () => call('POST', `${enterprise()}/links`, rules), links)
    const all = JSON.stringify(await log('?limit=200'))
    for (const personal of ['王合成', '李合成', 'audited@', 'staff@'])
      expect(all).not.toContain(personal)
  })

  it('about API keys and signing keys', async () => {
    const wanted = { name: 'audited', scopes: ['documents:read'] }
    const made = await leaves(
      'key-made',
      () => call('POST', `${enterprise()}/keys`, wanted),
      isOwn(),
    )
    await leaves('key-ended', () => call('DELETE', `${enterprise()}/keys/${made.subject}`), {
      ...{ ...isOwn(), subject: made.subject },
    })
    const ours = { name: 'audited', scopes: ['totals:read'] }
    const operators = await leaves('key-made', () => call('POST', 'operator-keys', ours), {
      enterpriseId: '',
    })
    await leaves('key-ended', () => call('DELETE', `operator-keys/${operators.subject}`))
    const signing = await leaves(
      'signing-key-added',
      () => call('POST', `${enterprise()}/signing-keys`, { algorithm: 'sm2-sm3' }),
      isOwn(),
    )
    const { subject } = signing
    const path = `${enterprise()}/signing-keys/${encodeURIComponent(subject)}`
    await leaves('signing-key-ended', () => call('DELETE', path), { ...isOwn(), subject })
    expect(
      await linesOf(() =>
        test.fetch(`/api/v1/${path}`, { method: 'DELETE', headers: bearer(test.operatorKey) }),
      ),
    ).toEqual([])
  })

  it('about mandates, in the name of the principal who gives them', async () => {
    const owner = await signedIn(test, test.cast.platform)
    const wanted = {
      ...{ principalId: own.id, agentId: test.account(test.cast.carrier).id },
      ...{ kinds: ['CEB311'], validFrom: '2026-11-01' },
    }
    const asOwner = (method: string, path: string, body?: unknown) =>
      test.fetch(`/api/v1/${path}`, {
        method,
        headers: {
          ...{ cookie: owner.cookie(), origin: 'http://gateway.test' },
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const by = { ...isOwn(), actor: own.id, userId: owner.userId, keyId: null }
    const given = await leaves('mandate-given', () => asOwner('POST', 'mandates', wanted), by)
    const { subject } = given
    await leaves('mandate-ended', () => asOwner('DELETE', `mandates/${subject}`), {
      ...{ ...by, subject },
    })
    const refused = { ...wanted, kinds: ['CEB999'] }
    expect(await linesOf(() => asOwner('POST', 'mandates', refused))).toEqual([])
  })

  it('about messages, personal values and reference data', async () => {
    const { order } = test.consignment(1)
    const taken = await test.fetch(
      '/api/v1/documents',
      json(own.key, { kind: 'CEB311', documents: [order] }),
    )
    const { results } = (await taken.json()) as { results: readonly { id: string }[] }
    const id = results[0]?.id ?? ''
    for (let round = 0; round < 10; round += 1) if ((await test.runStages()) === 0) break
    const line = { ...isOwn(), subject: id }
    await leaves('message-opened', () => call('GET', `documents/${id}/message.xml`), line)
    await leaves('document-opened', () => call('GET', `documents/${id}`), line)
    expect(await linesOf(() => call('GET', `documents/${id}`, undefined, own.key))).toEqual([])
    await leaves(
      'message-opened',
      () => call('GET', `documents/${id}/message.xml`, undefined, own.key),
      { ...line, actor: own.id },
    )
    const clear = `documents/${id}/versions/1?clear=true`
    await leaves('document-opened', () => call('GET', clear), line)
    expect(await linesOf(() => call('GET', `documents/${id}/versions/1`))).toEqual([])
    const load = (query: string) =>
      test.fetch(`/api/v1/reference/exchange-rates?source=synthetic${query}`, {
        method: 'POST',
        headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
        body: 'currency,month,rate,announcedOn\n502,2026-10,7.1,2026-09-16\n',
      })
    expect(await linesOf(() => load('&dryRun=true'))).toEqual([])
    await leaves('reference-loaded', () => load(''), {
      ...{ subject: 'exchange-rates', enterpriseId: '' },
    })
  })

  it('about reports, whoever downloads them', async () => {
    const published = await leaves('report-published', () =>
      call('POST', 'reports', { month: '2026-10' }),
    )
    const { subject } = published
    await leaves('report-opened', () => call('GET', `reports/${subject}.json`), { subject })
    const { key } = await told('POST', 'operator-keys', {
      ...{ name: 'committee', scopes: ['totals:read'] },
    })
    await leaves('report-opened', () => call('GET', `reports/${subject}.xlsx`, undefined, key), {
      subject,
      actor: 'committee',
    })
  })
})

describe('reading it', () => {
  it('shows an enterprise its own lines and a stranger none of them', async () => {
    const lines = await log('?limit=200', own.key)
    expect(new Set(lines.map(({ enterpriseId }) => enterpriseId))).toEqual(new Set([own.id]))
    expect(lines.length).toBeGreaterThan(8)
    expect(await log('', test.account(test.cast.carrier).key)).toEqual([])
  })

  it('is picked by deed, by who did it and by day, page by page', async () => {
    const made = await log('?what=key-made&limit=200')
    expect(made.length).toBeGreaterThan(2)
    expect(new Set(made.map(({ what }) => what))).toEqual(new Set(['key-made']))
    const keyId = made[0]?.keyId ?? ''
    const byKey = await log(`?who=${keyId}&limit=200`)
    expect(new Set(byKey.map((line) => line.keyId))).toEqual(new Set([keyId]))
    expect(await log('?who=nobody')).toEqual([])
    expect(await log('?to=2026-11-02')).toEqual([])
    expect((await log('?from=2026-11-03&limit=200')).length).toBeGreaterThan(10)
    const first = await log('?limit=3')
    const next = await log(`?limit=3&cursor=${first.at(-1)?.id}`)
    expect([...first, ...next]).toEqual(await log('?limit=6'))
  })

  it('is a page of the operator, with the same filters', async () => {
    const operator = await signedIn(test, 'operator')
    const page = await operator.get('/operator/audit?what=mandate-given')
    expect(page.dom.querySelectorAll('tbody tr')).toHaveLength(1)
    expect(page.text).toContain('出具委托')
    const who = page.dom.querySelector('tbody a[href*="who="]')?.getAttribute('href') ?? ''
    const theirs = await operator.get(who)
    const deeds = theirs.dom.querySelectorAll('tbody tr').map(({ text }) => text)
    expect(deeds).toHaveLength(2)
    expect(deeds[0]).toContain('终止委托')
  })
})
