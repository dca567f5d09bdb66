/**
 * Mandates over HTTP: for which kinds, zones and days an agent may hand in and look, what he is told
 * where he may not, who gives and ends them, who sees them, and how they announce their end.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/kernel/fault.ts'
import { movingClock } from '../support/gateway.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const clock = movingClock('2026-10-15T02:00:00.000Z')
let test: TestApp
let agent = { id: '', key: '' }
let principal = { id: '', key: '' }
let owner = ''
/** The zone of the lists below, by the office they name, and another one. */
let zone = ''
let elsewhere = ''

beforeAll(async () => {
  test = await testApp({ clock })
  const [first, second] = test.cast.declarants
  if (second === undefined) throw new Error('one declarant only')
  principal = test.account(first)
  agent = await test.register(second)
  const made = await test.fetch(
    `/api/v1/enterprises/${principal.id}/members`,
    json(test.operatorKey, { name: 'Owner', email: 'owner@yuguan.example', role: 'owner' }),
  )
  const { password } = (await made.json()) as { password: string }
  const signedIn = await test.fetch('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'owner@yuguan.example', password }),
  })
  owner = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const { db } = test.database
  const codes = await db.selectFrom('zone').select('code').orderBy('code').execute()
  const { customsCode } = nextList().InventoryHead
  const rule = await db
    .selectFrom('zone_rule')
    .select('zone')
    .where('kind', '=', 'office')
    .where('code', '=', customsCode)
    .executeTakeFirstOrThrow()
  zone = rule.zone
  elsewhere = codes.find(({ code }) => code !== zone)?.code ?? ''
})
afterAll(() => test.close())

let count = 0
const nextList = () => {
  count += 1
  return test.consignment(count).list
}

interface Answer {
  readonly results?: readonly { readonly id?: string; readonly faults?: readonly Fault[] }[]
  readonly code?: string
  readonly faults?: readonly Fault[]
}

const handIn = async (key: string, kind = 'CEB621', document: unknown = nextList()) => {
  const response = await test.fetch('/api/v1/documents', json(key, { kind, document }))
  const [result] = ((await response.json()) as Answer).results ?? []
  return { id: result?.id, faults: result?.faults ?? [] }
}

interface Mandate {
  readonly id: string
  readonly state: string
  readonly lastDay: string | null
  readonly daysLeft: number | null
  readonly warning: number | null
}

const ask = async (path: string, headers: Record<string, string>, init: RequestInit = {}) => {
  const response = await test.fetch(path, { ...init, headers: { ...init.headers, ...headers } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const asOwner = () => ({ cookie: owner })
const give = async (wanted: object, headers: Record<string, string> = asOwner()) => {
  // Ids are sorted by the millisecond of their birth.
  clock.advance(1)
  const body = JSON.stringify({
    ...{ principalId: principal.id, agentId: agent.id, kinds: ['CEB621'] },
    validFrom: '2026-10-01',
    ...wanted,
  })
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body }
  return ask('/api/v1/mandates', headers, init)
}
const end = (id: string, query = '', headers: Record<string, string> = asOwner()) =>
  ask(`/api/v1/mandates/${id}${query}`, headers, { method: 'DELETE' })
const list = async (query = '', key = agent.key) => {
  const { body } = await ask(`/api/v1/mandates${query}`, bearer(key))
  return body.mandates as readonly Mandate[]
}

/** A mandate for one test, ended after it. */
const under = async (wanted: object, work: (mandate: Mandate) => Promise<void>): Promise<void> => {
  const given = await give(wanted)
  expect(given.status, JSON.stringify(given.body)).toBe(201)
  const mandate = given.body as unknown as Mandate
  await work(mandate)
  await end(mandate.id)
}

describe('a mandate', () => {
  const FIELD = 'CEB621-agentCode'
  it.each([
    ['for the kind, every zone, today', {}, []],
    ['for the kind and its zone', { zones: () => [zone, elsewhere] }, []],
    ['for another kind', { kinds: ['CEB311'] }, [`${FIELD}-MANDATE_KIND`]],
    ['for another zone', { zones: () => [elsewhere] }, [`${FIELD}-MANDATE_ZONE`]],
    ['from tomorrow', { validFrom: '2026-10-16' }, [`${FIELD}-MANDATE_COMING`]],
    ['until yesterday', { validTo: '2026-10-14' }, [`${FIELD}-MANDATE_LAPSED`]],
    ['until today', { validTo: '2026-10-15' }, [`${FIELD}-MANDATE_LAPSING`]],
    ['until in a week', { validTo: '2026-10-22' }, [`${FIELD}-MANDATE_LAPSING`]],
    ['until in eight days', { validTo: '2026-10-23' }, []],
    [
      'for another kind and yesterday',
      { kinds: ['CEB311'], validTo: '2026-10-14' },
      [`${FIELD}-FOREIGN_ENTERPRISE`],
    ],
  ])('%s', async (what, { zones, ...wanted }: Record<string, unknown>, codes) => {
    // Mandates of rows above that are over would explain a refusal, so each row has an agent of its own.
    await test.database.db.deleteFrom('mandate').execute()
    const named = typeof zones === 'function' ? { zones: zones() } : {}
    await under({ ...wanted, ...named }, async () => {
      const { id, faults } = await handIn(agent.key)
      expect(faults.map(({ code }) => code)).toEqual(codes)
      expect(id === undefined).toBe(faults.some(({ severity }) => severity === 'error'))
      for (const { pointer, cure } of faults) {
        expect(pointer).toBe('/InventoryHead/agentCode')
        expect(cure.zh, what).not.toBe('')
      }
    })
  })

  it('that lapsed or does not begin yet is told with its day', async () => {
    await test.database.db.deleteFrom('mandate').execute()
    await give({ validFrom: '2026-09-01', validTo: '2026-09-30' })
    await give({ validFrom: '2026-08-01', validTo: '2026-08-31' })
    const lapsed = await handIn(agent.key)
    expect(lapsed.faults[0]?.text.zh).toContain('2026-09-30')
    expect(lapsed.faults[0]?.text.en).toContain('2026-09-30')
    await under({ validFrom: '2026-12-01' }, async () => {
      expect((await handIn(agent.key)).faults[0]?.text.en).toContain('2026-12-01')
    })
  })

  it('does not narrow kinds that lie in no zone', async () => {
    const { order } = test.consignment(900)
    const platform = test.account(test.cast.platform)
    await give(
      { principalId: platform.id, kinds: ['CEB311'], zones: [elsewhere] },
      bearer(test.operatorKey),
    )
    expect((await handIn(agent.key, 'CEB311', order)).id).toBeDefined()
  })

  it('of several the one that lasts longest is used, and named on the document', async () => {
    await under({ validTo: '2026-10-18' }, async () => {
      await under({}, async ({ id: longest }) => {
        const { id, faults } = await handIn(agent.key)
        expect(faults).toEqual([])
        const view = await ask(`/api/v1/documents/${id}`, bearer(agent.key))
        expect(view.body.handedIn).toMatchObject({ by: agent.id, mandate: { id: longest } })
        const own = await ask(`/api/v1/documents/${id}`, bearer(principal.key))
        expect(own.body.handedIn).toEqual(view.body.handedIn)
      })
    })
    const { id } = await handIn(principal.key)
    const view = await ask(`/api/v1/documents/${id}`, bearer(principal.key))
    expect(view.body.handedIn).toEqual({ by: principal.id, mandate: null })
  })

  it('for some zones shows the lists of these zones only', async () => {
    const { id } = await handIn(principal.key)
    const { orderNo } = nextList().InventoryHead
    await handIn(principal.key, 'CEB621', test.consignment(count).list)
    const looks = async () => [
      (await ask(`/api/v1/documents/${id}`, bearer(agent.key))).status,
      (await ask(`/api/v1/consignments/${orderNo}`, bearer(agent.key))).status,
      ((await ask('/api/v1/documents?kind=CEB621', bearer(agent.key))).body.documents as unknown[])
        .length > 0,
    ]
    expect(await looks()).toEqual([404, 404, false])
    await under({ zones: [elsewhere] }, async () => {
      expect(await looks()).toEqual([404, 404, false])
    })
    await under({ zones: [zone] }, async () => {
      expect(await looks()).toEqual([200, 200, true])
    })
    await under({}, async () => {
      expect(await looks()).toEqual([200, 200, true])
    })
  })
})

describe('giving and ending', () => {
  it('is for the principal and the operator; both sides see it, nobody else', async () => {
    const { body } = await give({ zones: [zone] })
    const id = String(body.id)
    const stranger = test.account(test.cast.carrier).key
    for (const key of [principal.key, agent.key, test.operatorKey])
      expect((await list('?limit=200', key)).map((one) => one.id)).toContain(id)
    expect((await list('?limit=200', stranger)).map((one) => one.id)).not.toContain(id)
    expect((await give({}, bearer(agent.key))).status).toBe(404)
    expect((await give({}, bearer(principal.key))).status).toBe(403)
    expect((await end(id, '', bearer(stranger))).status).toBe(404)
    expect((await end(id, '', bearer(agent.key))).status).toBe(403)
    expect((await end(id, '', bearer(principal.key))).status).toBe(403)
    expect((await end(id, '', bearer(test.operatorKey))).status).toBe(200)
    const again = await end(id)
    expect([again.status, again.body.code]).toEqual([409, 'MANDATE-OVER'])
  })

  it('at once holds from that moment; the days it was given for are kept', async () => {
    const { body } = await give({ validTo: '2027-10-01' })
    expect((await handIn(agent.key)).id).toBeDefined()
    const ended = await end(String(body.id))
    expect(ended.body).toMatchObject({
      ...{ state: 'over', validTo: '2027-10-01', lastDay: '2026-10-15' },
      ...{ endedAt: clock.now().toISOString(), daysLeft: null, warning: null },
    })
    expect((await handIn(agent.key)).faults.map(({ code }) => code)).toEqual([
      'CEB621-agentCode-MANDATE_LAPSED',
    ])
    const kept = await list('?state=over&limit=200')
    expect(kept.map((one) => one.id)).toContain(body.id)
  })

  it('after a day holds on that day and no longer; it may be brought forward, not put off', async () => {
    const { body } = await give({ validTo: '2026-12-31' })
    const id = String(body.id)
    const ended = await end(id, '?on=2026-10-20')
    expect(ended.body).toMatchObject({ state: 'in-force', lastDay: '2026-10-20', daysLeft: 5 })
    const refusals = ['2026-10-14', '2026-10-21', '2026-02-30'].map(async (day) => {
      const { status, body: said } = await end(id, `?on=${day}`)
      return [status, (said as Answer).faults?.[0]?.code]
    })
    expect(await Promise.all(refusals)).toEqual([
      [422, 'MANDATE-on-PAST'],
      [422, 'MANDATE-on-LATER'],
      [422, 'MANDATE-day-UNREAL'],
    ])
    expect((await end(id, '?on=2026-10-16')).status).toBe(200)
    clock.set(new Date('2026-10-16T15:59:59Z'))
    expect((await handIn(agent.key)).id).toBeDefined()
    clock.set(new Date('2026-10-16T16:00:00Z'))
    expect((await handIn(agent.key)).faults.map(({ code }) => code)).toEqual([
      'CEB621-agentCode-MANDATE_LAPSED',
    ])
  })

  it('refuses what makes no sense, all of it at once', async () => {
    const { status, body } = await give({
      ...{ agentId: principal.id, kinds: ['CEB621', 'CEB999'], zones: ['CQ-NONE'] },
      ...{ validFrom: '2026-10-20', validTo: '2026-10-19' },
    })
    expect(status).toBe(422)
    expect((body as Answer).faults?.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'MANDATE-agentId-SAME /agentId',
      'MANDATE-kinds-UNKNOWN /kinds/1',
      'MANDATE-zones-UNKNOWN /zones/0',
      'MANDATE-validTo-EARLIER /validTo',
    ])
    for (const wrong of [{ principalId: '\0' }, { agentId: '\0' }, { zones: ['\0'] }])
      expect((await give(wrong, bearer(test.operatorKey))).status).toBe(400)
    for (const path of ['mandates', 'stuck', 'deadlines'])
      expect(
        (await ask(`/api/v1/${path}?enterprise=%00`, bearer(test.operatorKey))).status,
        path,
      ).toBe(400)
  })
})

describe('lapsing', () => {
  it('is listed by days left, and marked a month, a week and a day before', async () => {
    await test.database.db.deleteFrom('mandate').execute()
    const today = clock.now().getTime() + 8 * 3_600_000
    const on = (days: number) => new Date(today + days * 86_400_000).toISOString().slice(0, 10)
    const days = [0, 1, 2, 7, 8, 30, 31]
    for (const left of days) await give({ validTo: on(left) })
    await give({})
    await give({ validFrom: on(1), validTo: on(2) })
    const all = await list('?limit=200')
    expect(all.slice(0, 8).map(({ daysLeft, warning }) => [daysLeft, warning])).toEqual([
      ...[
        [0, 1],
        [1, 1],
        [2, 7],
        [7, 7],
        [8, 30],
        [30, 30],
        [31, null],
        [null, null],
      ],
    ])
    for (const lapsing of [0, 7, 30]) {
      const found = await list(`?lapsing=${lapsing}`)
      expect(found.map(({ daysLeft }) => daysLeft)).toEqual(days.filter((d) => d <= lapsing))
    }
    const first = await ask('/api/v1/mandates?limit=5', bearer(agent.key))
    const rest = await list(`?limit=5&cursor=${String(first.body.next)}`)
    expect([...(first.body.mandates as Mandate[]), ...rest].map(({ id }) => id)).toEqual(
      all.map(({ id }) => id),
    )
  })
})
