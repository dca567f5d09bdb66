/**
 * Open data over HTTP: an edition a day that everybody gets the same of, without a key; no figure of
 * few enterprises, and nothing lost by it.
 */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDecimals } from '../../src/kernel/places.ts'
import { movingClock } from '../support/gateway.ts'
import { append, type Counted, tellRate } from '../support/ledger-entries.ts'
import { bearer, type TestApp, testApp } from './app.ts'

// 23:59 in China, before the day on which it is published.
const clock = movingClock('2026-11-02T15:59:00.000Z')
let test: TestApp
let n = 0

/** An entry of a merchant for a document of its own. */
const of = (merchant: number, more: Partial<Counted> = {}): Counted => {
  n += 1
  const subjectId = `0b2c9f7e-0000-4000-8000-${String(n).padStart(12, '0')}`
  return { subjectId, dims: { merchant: `500000000${merchant}` }, ...more }
}
const cny = (amount: string) => [{ currency: '142', chapter: '33', amount }]

beforeAll(async () => {
  test = await testApp({ clock, register: 'none' })
  const { db } = test.database
  const now = clock.now()
  await tellRate(db, now, { currency: '502', month: '2026-10', rate: '7.1' })
  const usd = (currency: string) => [{ currency, chapter: '85', amount: '2' }]
  const small = { zone: 'CQ-LLGY', parts: cny('1000.01') }
  const november = { month: '202611' }
  await append(
    db,
    now,
    // Enough in one zone, one merchant alone in each of two others: together two, still too few.
    ...[of(1), of(2), of(3), of(3, { parts: usd('502') }), of(4, { parts: usd('300') })],
    ...[of(5, small), of(6, { ...small, zone: '', tradeMode: '9610' })],
    // Enough of them, but only together.
    ...[of(1, { ...november, zone: 'CQ-XY' }), of(2, { ...november, zone: 'CQ-LLGY' })],
    ...[of(3, { ...november, zone: 'CQ-JJ' })],
    // An institution alone.
    ...[1, 2, 3].map((merchant) => ({
      ...of(merchant, { scope: 'settled', cause: 'settlement', direction: 'export' }),
      dims: { merchant: `500000000${merchant}`, institution: '5000000099' },
    })),
  )
  clock.advance(120_000)
})
afterAll(() => test.close())

interface Edition {
  readonly asOf: string
  readonly licence: string | null
  readonly rows: readonly (Readonly<Record<string, string>> & { count: number })[]
  readonly totals: readonly { readonly scope: string; readonly count: number; amount: string }[]
  readonly months: unknown
  readonly missingRates: unknown
  readonly withheld: readonly string[]
  readonly leastEnterprises: unknown
}

interface Shown {
  readonly rows: readonly { readonly key: string; readonly count: number; links: unknown }[]
  readonly total: { readonly count: number }
  readonly gaps: readonly unknown[]
}

const get = (path: string, headers: Record<string, string> = {}) => test.fetch(path, { headers })
const edition = async (query = ''): Promise<Edition> => {
  const answer = await get(`/api/v1/open/totals.json${query}`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Edition
}

describe('an edition', () => {
  it('shows no figure of fewer enterprises than the rule asks for, and loses none', async () => {
    const { rows, totals, withheld, leastEnterprises } = await edition()
    expect(rows).toMatchObject([
      // The two that are too few go with the smallest that is not.
      ...[{ scope: 'released', month: '202610', zone: 'other', mode: 'other', count: 7 }],
      ...[{ scope: 'released', month: '202611', zone: 'other', direction: 'import', count: 3 }],
    ])
    const amount = addDecimals(rows.map((row) => row.amount ?? ''))
    expect(totals).toEqual([{ scope: 'released', count: 10, amount }])
    // 3 × 10 + 2 × 7.1 + 2 × 1000.01 + 3 × 10; the currency without a rate is in no amount.
    expect(amount).toBe('2074.22')
    expect(withheld).toEqual(['settled'])
    expect(leastEnterprises).toMatchObject([
      { role: 'merchant', value: '3', confidence: 'I' },
      { role: 'institution', value: '3' },
    ])
  })

  it('says what is not known: rates, the licence, months under way', async () => {
    const { missingRates, licence, months, asOf } = await edition()
    expect(missingRates).toEqual([{ scope: 'released', currency: '300', month: '202610' }])
    expect(licence).toBeNull()
    expect(months).toMatchObject([
      { month: '202610', state: 'ended' },
      { month: '202611', state: 'running' },
    ])
    expect(asOf).toBe('2026-11-02T16:00:00.000Z')
  })

  it('is the same all day, and the next one is of the next day', async () => {
    const before = await edition()
    await append(test.database.db, clock.now(), of(7), of(8), of(9))
    clock.advance(3_600_000)
    expect(await edition()).toEqual(before)
    clock.advance(86_400_000)
    const [today, past] = [await edition(), await edition('?year=2025')]
    expect(today.totals).toMatchObject([{ scope: 'released', count: 13 }])
    expect(past).toMatchObject({ rows: [], totals: [], withheld: [] })
  })

  it('is kept by caches: unchanged, it costs nothing again', async () => {
    for (const what of ['totals.json', 'totals.csv', 'catalog.json']) {
      const path = `/api/v1/open/${what}`
      const first = await get(path)
      expect(first.headers.get('cache-control')).toBe('public, max-age=3600')
      expect(first.headers.get('ratelimit')).toContain('report')
      const again = await get(path, { 'if-none-match': `W/${first.headers.get('etag')}` })
      expect([again.status, await again.text()]).toEqual([304, ''])
      expect((await get(path, { 'if-none-match': '"other"' })).status).toBe(200)
    }
  })

  it('is a CSV with the same rows, and an entry of a catalogue that leads to both', async () => {
    const { rows } = await edition()
    const catalog = await (await get('/api/v1/open/catalog.json')).json()
    const [{ 'dcat:distribution': found }] = catalog['dcat:dataset']
    const [json, csv] = found.map((entry: Record<string, string>) => entry['dcat:downloadURL'])
    expect(await (await get(json)).json()).toMatchObject({ rows })
    const bytes = new Uint8Array(await (await get(csv)).arrayBuffer())
    const lines: Record<string, string>[] = parse(bytes, { bom: true, columns: true })
    expect(lines.map(({ zone, amount_cny, count }) => [zone, amount_cny, Number(count)])).toEqual(
      rows.map(({ zone, amount, count }) => [zone, amount, count]),
    )
  })

  it('is not got round by the totals: anybody sees the same cells there', async () => {
    const { rows } = await edition()
    const asked = async (query: string, headers: Record<string, string> = {}) => {
      const answer = await get(`/api/v1/totals?year=2026&${query}`, headers)
      return { status: answer.status, body: (await answer.json()) as Shown }
    }
    for (const by of ['zone', 'mode', 'month', 'direction'] as const) {
      const { body } = await asked(`by=${by}`)
      const wanted = new Map<string, number>()
      for (const row of rows)
        wanted.set(String(row[by]), (wanted.get(String(row[by])) ?? 0) + row.count)
      expect(body.rows.map(({ key, count }) => [key, count]).sort()).toEqual([...wanted].sort())
      for (const { key, links } of body.rows) if (key === 'other') expect(links).toEqual({})
    }
    // The zone of one merchant is not there, by itself, in its month or by a difference.
    for (const query of ['zone=CQ-LLGY', 'zone=CQ-LLGY&month=202610', 'zone=CQ-LLGY&by=mode'])
      expect((await asked(query)).body).toMatchObject({ rows: [], total: { count: 0 } })
    const gap = { currency: '300', month: '202610', count: null, amount: null }
    expect((await asked('by=zone')).body.gaps).toEqual([gap])
    // Who may see all sees it, and nobody sees what one institution settled.
    const headers = bearer(test.operatorKey)
    expect((await asked('zone=CQ-LLGY&month=202610', headers)).body.total.count).toBe(1)
    for (const query of [
      ...['by=enterprise', 'by=institution', 'by=country', 'chapter=33', 'country=116'],
      ...['scope=settled', 'scope=policy', 'enterprise=5000000001', 'institution=5000000099'],
    ])
      expect([query, (await asked(query)).status]).toEqual([query, 403])
  })

  it('follows the rule of the day', async () => {
    const rows = 'name,kind,validFrom,value,confidence,source\n'
    const rule = 'open-enterprises-min,merchant,2026-11-01,1,I,synthetic\n'
    const licence = 'open-licence,*,2026-11-01,synthetic licence,I,synthetic\n'
    const loaded = await test.fetch('/api/v1/reference/rule-values', {
      method: 'POST',
      headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
      body: rows + rule + licence,
    })
    expect(loaded.status, await loaded.text()).toBe(200)
    clock.advance(86_400_000)
    const { rows: shown, licence: told } = await edition()
    expect(shown.filter(({ zone }) => zone === 'other')).toEqual([])
    expect(told).toBe('synthetic licence')
  })
})
