/**
 * The policy's scoreboard over HTTP: indicators count dated tags, each opens to whoever it counts, tags
 * are given one by one or loaded as a file, and nobody but operators learns of others. The enterprises
 * are synthetic.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, json, type TestApp, testApp } from './app.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp({ clock: { now: () => new Date('2026-10-15T02:00:00Z') } })
})
afterAll(() => test.close())

interface Told {
  readonly indicator: string
  readonly count: number
  readonly standing: string
  readonly missing: number | null
  readonly confidence: string
  readonly links: { readonly enterprises: string }
}

const board = async (query = ''): Promise<ReadonlyMap<string, Told>> => {
  const answer = await test.fetch(`/api/v1/scoreboard${query}`)
  expect(answer.status).toBe(200)
  const { indicators } = (await answer.json()) as { indicators: Told[] }
  return new Map(indicators.map((told) => [told.indicator, told]))
}

interface Page {
  readonly enterprises: readonly { readonly enterprise: string; readonly subject: string }[]
  readonly next: string | null
}

const open = async (path: string, key = test.operatorKey) => {
  const answer = await test.fetch(path, { headers: bearer(key) })
  return { status: answer.status, page: (await answer.json()) as Page }
}

const give = async (enterprise: string, tag: Readonly<Record<string, unknown>>) => {
  const body = { validFrom: '2026-01-01', confidence: 'I', source: 'synthetic', ...tag }
  const answer = await test.fetch(
    `/api/v1/enterprises/${enterprise}/tags`,
    json(test.operatorKey, body),
  )
  return { status: answer.status, body: await answer.json() }
}

const load = async (name: string, file: string, query = '') => {
  const answer = await test.fetch(`/api/v1/reference/${name}?source=synthetic&${query}`, {
    method: 'POST',
    headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
    body: file,
  })
  return { status: answer.status, body: await answer.json() }
}

const idOf = (who: 'platform' | 'payer' | 'carrier'): string => test.account(test.cast[who]).id

describe('the scoreboard', () => {
  it('starts with what the policy counts, unconfirmed and with nobody counted', async () => {
    const told = await board()
    expect([...told.keys()]).toEqual([
      'cross-border-leaders',
      'foreign-trade-leaders',
      'overseas-warehouses',
      'payment-institutions',
    ])
    expect(told.get('payment-institutions')).toMatchObject({
      ...{ count: 0, aim: { lowest: 3, highest: 5 }, standing: 'below', missing: 3 },
      ...{ confidence: 'M', source: '渝府发〔2019〕17号 §二(五)', due: '2022-12-31' },
    })
    expect(told.get('overseas-warehouses')).toMatchObject({ standing: 'no-figure', missing: null })
  })

  it('counts a tag from its first day to its last, and opens to whoever bears it', async () => {
    const tag = { tag: 'payment-institution' }
    const first = await give(idOf('payer'), tag)
    expect(first).toMatchObject({ status: 200, body: { ...tag, added: true, changed: false } })
    expect(await give(idOf('payer'), tag)).toMatchObject({ body: { added: false, changed: false } })
    expect((await board()).get('payment-institutions')).toMatchObject({ count: 1, missing: 2 })
    expect((await board('?on=2025-12-31')).get('payment-institutions')?.count).toBe(0)
    const ended = await give(idOf('payer'), { ...tag, validTo: '2026-10-15' })
    expect(ended.body).toMatchObject({ added: false, changed: true })
    const told = (await board()).get('payment-institutions')
    expect(told?.count).toBe(1)
    const opened = await open(told?.links.enterprises ?? '')
    expect(opened.page.enterprises).toMatchObject([
      { enterprise: idOf('payer'), name: test.cast.payer.name, validTo: '2026-10-15' },
    ])
    expect((await board('?on=2026-10-16')).get('payment-institutions')?.count).toBe(0)
    const later = await open('/api/v1/scoreboard/payment-institutions?on=2026-10-16')
    expect(later.page).toMatchObject({ count: 0, enterprises: [], next: null })
    const states = await sql<{ validTo: string | null }>`
      select valid_to::text as "validTo" from enterprise_tag_edition order by recorded_at`.execute(
      test.database.db,
    )
    expect(states.rows).toEqual([{ validTo: null }, { validTo: '2026-10-15' }])
  })

  it('counts an enterprise once, and its warehouses one by one, page by page', async () => {
    for (const subject of ['仓甲', '仓乙', '仓丙'])
      await give(idOf('carrier'), { tag: 'overseas-warehouse', subject })
    await give(idOf('carrier'), {
      tag: 'overseas-warehouse',
      subject: '仓甲',
      validFrom: '2026-05-01',
    })
    await give(idOf('platform'), { tag: 'overseas-warehouse', subject: '仓甲' })
    await give(idOf('carrier'), { tag: 'cross-border-leader' })
    await give(idOf('carrier'), { tag: 'cross-border-leader', subject: '品牌甲' })
    const told = await board()
    expect(told.get('overseas-warehouses')?.count).toBe(4)
    expect(told.get('cross-border-leaders')).toMatchObject({ count: 1, missing: 9 })
    const seen: string[] = []
    let next: string | null = ''
    while (next !== null) {
      const path = `/api/v1/scoreboard/overseas-warehouses?limit=1${next && `&cursor=${next}`}`
      const { page } = await open(path)
      seen.push(...page.enterprises.map((row) => `${row.enterprise} ${row.subject}`))
      next = page.next
    }
    expect(seen).toHaveLength(4)
    expect(new Set(seen).size).toBe(4)
    const leaders = await open('/api/v1/scoreboard/cross-border-leaders?limit=1')
    expect(leaders.page).toMatchObject({
      enterprises: [{ enterprise: idOf('carrier') }],
      next: null,
    })
  })

  it('takes tags as a file, whole or not at all, of enterprises that are there', async () => {
    const heads = 'enterprise,tag,validFrom,confidence'
    const row = (enterprise: string) => `${enterprise},foreign-trade-leader,2026-01-01,B`
    const wrong = await load(
      'enterprise-tags',
      [heads, row(idOf('payer')), row('nobody')].join('\n'),
    )
    expect(wrong).toMatchObject({
      status: 422,
      body: {
        errors: 1,
        faults: [{ code: 'REFERENCE-enterprise-UNKNOWN', pointer: '/3/enterprise', row: 3 }],
      },
    })
    expect((await board()).get('foreign-trade-leaders')?.count).toBe(0)
    const right = [heads, row(idOf('payer')), row(idOf('platform'))].join('\n')
    expect(await load('enterprise-tags', right)).toMatchObject({ body: { added: 2 } })
    expect((await board()).get('foreign-trade-leaders')?.count).toBe(2)
  })

  it('counts by the indicator of the day, which an operator may change or end', async () => {
    const heads = 'indicator,zh,en,tag,counts,lowest,highest,validFrom,validTo,confidence'
    const file = [
      heads,
      'foreign-trade-leaders,外贸龙头,Leaders,foreign-trade-leader,enterprise,1,1,2026-11-01,,I',
      'cross-border-leaders,跨境龙头,Leaders,cross-border-leader,enterprise,10,,2019-01-01,2026-10-31,I',
    ].join('\n')
    expect(await load('scoreboard', file)).toMatchObject({ body: { added: 1, changed: 1 } })
    expect((await board()).get('foreign-trade-leaders')).toMatchObject({ standing: 'below' })
    const later = await board('?on=2026-11-01')
    expect(later.get('foreign-trade-leaders')).toMatchObject({ standing: 'above', confidence: 'I' })
    expect(later.has('cross-border-leaders')).toBe(false)
    expect((await open('/api/v1/scoreboard/cross-border-leaders?on=2026-11-01')).status).toBe(404)
    const wrong = 'x-y,甲,X,x-y,enterprise,5,3,2026-01-01,,I'
    expect(await load('scoreboard', `${heads}\n${wrong}`)).toMatchObject({
      ...{ status: 422, body: { faults: [{ code: 'REFERENCE-highest-NOT_ALLOWED' }] } },
    })
  })

  it('tells an enterprise its own tags, and nothing of others', async () => {
    const payer = test.account(test.cast.payer)
    const carrier = test.account(test.cast.carrier)
    const board = '/api/v1/scoreboard/overseas-warehouses'
    expect((await open(board, payer.key)).status).toBe(403)
    expect((await open('/api/v1/reference/enterprise-tags', payer.key)).status).toBe(404)
    expect((await open('/api/v1/reference/enterprise-tags')).status).toBe(200)
    expect((await open('/api/v1/reference/targets', payer.key)).status).toBe(200)
    expect((await open(`/api/v1/enterprises/${carrier.id}/tags`, payer.key)).status).toBe(404)
    const own = await test.fetch(`/api/v1/enterprises/${carrier.id}/tags`, {
      headers: bearer(test.operatorKey),
    })
    const { tags } = (await own.json()) as { tags: { tag: string }[] }
    expect(tags.map(({ tag }) => tag)).toEqual([
      ...['cross-border-leader', 'cross-border-leader'],
      ...Array.from({ length: 4 }, () => 'overseas-warehouse'),
    ])
    const stranger = await test.fetch(
      `/api/v1/enterprises/${payer.id}/tags`,
      json(payer.key, { tag: 'x-y', validFrom: '2026-01-01', confidence: 'I', source: 'x' }),
    )
    expect(stranger.status).toBe(403)
  })

  it('refuses what is no tag, and names the place', async () => {
    for (const [wrong, pointer] of [
      [{ tag: 'No Tag' }, '/tag'],
      [{ tag: 'x-y', validTo: '2025-12-31' }, '/validTo'],
      [{ tag: 'x-y', validFrom: '2026-02-30' }, '/validFrom'],
      [{ tag: 'x-y', source: ' ' }, '/source'],
      [{ tag: 'x-y', subject: 'a\nb' }, '/subject'],
    ] as const) {
      const refused = await give(idOf('payer'), wrong)
      expect(refused).toMatchObject({ status: 400, body: { faults: [{ pointer }] } })
    }
    expect((await give('nobody', { tag: 'x-y' })).status).toBe(404)
  })
})
