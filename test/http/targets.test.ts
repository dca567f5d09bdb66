/**
 * Targets over HTTP: progress, pace, forecast and outcome of a year, of the city and of a zone, as of a
 * moment; and targets as they are loaded, changed and taken away. The figures stand in the ledger as the
 * flow writes them; targets and amounts are synthetic.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { daysInMonth, monthAfter } from '../../src/kernel/months.ts'
import { appendEntries, type LedgerEntry } from '../../src/store/ledger.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { movingClock } from '../support/gateway.ts'
import { bearer, type TestApp, testApp } from './app.ts'

/** 10:00 on a day in China. */
const clock = movingClock('2026-09-01T02:00:00Z')
let test: TestApp
beforeAll(async () => {
  test = await testApp({ register: 'none', clock })
})
afterAll(() => test.close())

let subjects = 0

/** What counts in a month from now on, in CNY. */
const entryOf = (
  month: string,
  amount: string,
  more: Partial<LedgerEntry> & { readonly currency?: string } = {},
): LedgerEntry => {
  const { currency = '142', ...rest } = more
  subjects += 1
  return {
    ...{ lane: 0, subjectId: `0b2c9f7e-0000-4000-8000-${String(subjects).padStart(12, '0')}` },
    ...{ scope: 'released', cause: 'state', month, direction: 'import', zone: 'CQ-XY' },
    ...{ tradeMode: '1210', count: 1, dims: {}, parts: [{ currency, chapter: '33', amount }] },
    ...rest,
  }
}

const count = (entries: readonly LedgerEntry[]) =>
  inTransaction(test.database.db, (trx) => appendEntries(trx, entries, clock.now()))

const load = async (rows: readonly string[], query = '') => {
  const heads = 'year,zone,amount,validFrom,validTo,confidence,source'
  const answer = await test.fetch(`/api/v1/reference/targets?${query}`, {
    method: 'POST',
    headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
    body: [heads, ...rows].join('\n'),
  })
  return { status: answer.status, body: await answer.json() }
}

interface View {
  readonly target: { readonly amount: string; readonly comparable: boolean } | null
  readonly done: { readonly count: number; readonly amount: string; readonly from: string | null }
  readonly progress: string | null
  readonly left: string | null
  readonly days: { readonly all: number; readonly gone: number; readonly left: number }
  readonly pace: { readonly needed: string | null; readonly recent: string | null }
  readonly forecast: {
    readonly amount: string
    readonly method: string
    readonly range: {
      readonly low: string
      readonly high: string
      readonly coverage: string
    } | null
    readonly rangeText: { readonly zh: string }
  } | null
  readonly noForecast: { readonly code: string } | null
  readonly outcome: { readonly kind: string; readonly day: string | null }
  readonly growth: { readonly months: readonly string[]; readonly growth: string | null }
  readonly shares: readonly { readonly zone: string }[]
  readonly gaps: readonly unknown[]
}

const ask = async (query = ''): Promise<View> => {
  const answer = await test.fetch(`/api/v1/targets${query}`, { headers: bearer(test.operatorKey) })
  expect(answer.status).toBe(200)
  return (await answer.json()) as View
}

/** Every day of the first eight months brings 1,000: 243,000 in all. */
const even = Array.from({ length: 8 }, (_, index) => monthAfter('202601', index)).map((month) =>
  entryOf(month, `${daysInMonth(month)}000.00`),
)

describe('a year', () => {
  it('without a target and without figures says so, and shows nothing in their place', async () => {
    const view = await ask()
    expect(view).toMatchObject({
      ...{ target: null, progress: null, left: null, forecast: null, shares: [], rest: null },
      ...{ done: { count: 0, amount: '0', from: null }, outcome: { kind: 'no-target' } },
      ...{ pace: { needed: null, recent: null }, noForecast: { code: 'no-complete-month' } },
    })
    // The one published target, of a year that this gateway knows nothing of.
    expect(await ask('?year=2022')).toMatchObject({
      target: { amount: '50000000000', confidence: 'B', source: '渝府发〔2019〕17号' },
      ...{ outcome: { kind: 'no-figures' }, noForecast: { code: 'year-over' } },
    })
  })

  it('is held against its target, and foretold by the day', async () => {
    await count(even)
    await load(['2026,,400000,2026-01-01,,I,synthetic'])
    expect(await ask()).toMatchObject({
      ...{ scope: 'policy', zone: { code: '' }, target: { amount: '400000', comparable: true } },
      ...{ done: { count: 8, amount: '243000', from: '202601' }, progress: '0.60750000' },
      ...{ left: '157000', days: { all: 365, gone: 243, left: 122 } },
      // 157,000 over 122 days, up to the fen.
      pace: { needed: '1286.89', recent: '1000.00', months: ['202606', '202607', '202608'] },
      forecast: {
        method: 'run-rate',
        // Ten hours of 1 September are gone: 121 days and 14 hours are left.
        amount: '364583.33',
        range: { low: '364583.33', high: '364583.33', coverage: '0.66', errors: 5, horizon: 1 },
      },
      outcome: { kind: 'short', shortfall: '35416.67', day: null },
      growth: { months: [], growth: null },
    })
  })

  it('reaches a lower target on a day that follows from the pace', async () => {
    await load(['2026,,300000,2026-08-01,,I,synthetic'])
    const view = await ask()
    // 57,000 at 1,000 a day from ten in the morning of 1 September.
    expect(view.outcome).toMatchObject({
      ...{ kind: 'expected', day: '2026-10-28', earliest: '2026-10-28', latest: '2026-10-28' },
      ...{
        shortfall: null,
        text: { zh: '按推算 2026-10-28 完成 (最早 2026-10-28; 最晚 2026-10-28)' },
      },
    })
    await load(['2026,,200000,2026-08-15,,I,synthetic'])
    expect(await ask()).toMatchObject({
      ...{ progress: '1.21500000', left: '0', pace: { needed: null } },
      outcome: { kind: 'reached', month: '202607', text: { zh: '目标已于 2026-07 完成' } },
    })
  })

  it('says which figures are of another scope than its target', async () => {
    await count([entryOf('202608', '57000', { scope: 'settled', cause: 'settlement' })])
    expect((await ask()).done).toMatchObject({ count: 9, amount: '300000' })
    const released = await ask('?scope=released')
    expect(released.done).toMatchObject({ count: 8, amount: '243000' })
    expect(released.target).toMatchObject({ comparable: false, scope: 'policy' })
  })

  it('shows what has no rate as a gap, and in no amount', async () => {
    await count([entryOf('202608', '10', { currency: '502' })])
    const view = await ask()
    expect(view.done).toMatchObject({ count: 10, amount: '300000' })
    expect(view.gaps).toEqual([{ currency: '502', month: '202608', count: 1, amount: '10' }])
  })
})

describe('targets of zones', () => {
  it('are shares that somebody decided, each with its own progress', async () => {
    const shares = [
      '2026,CQ-XY,150000,2026-01-01,,I,synthetic',
      '2026,CQ-FL,20000,2026-01-01,,I,synthetic',
    ]
    await load(shares)
    expect(await ask()).toMatchObject({
      shares: [
        { zone: 'CQ-FL', amount: '20000', share: '0.10000000' },
        {
          zone: 'CQ-XY',
          amount: '150000',
          share: '0.75000000',
          label: { zh: '重庆西永综合保税区' },
        },
      ],
      rest: '30000',
    })
    const fuling = await ask('?zone=CQ-FL')
    expect(fuling).toMatchObject({
      ...{ target: { amount: '20000' }, done: { count: 0, amount: '0' }, progress: '0.00000000' },
      ...{ outcome: { kind: 'unknown' }, noForecast: { code: 'no-complete-month' }, shares: [] },
    })
    expect((await ask('?zone=CQ-XY')).done.amount).toBe('300000')
    const beside = async (query: string) => {
      const answer = await test.fetch(`/api/v1/totals?year=2026${query}`, {
        headers: bearer(test.operatorKey),
      })
      return ((await answer.json()) as { target?: unknown }).target
    }
    const city = { zone: '', amount: '200000' }
    expect(await beside('&scope=policy')).toMatchObject({ ...city, comparable: true })
    const share = { zone: 'CQ-XY', amount: '150000', comparable: true, progress: '2.00000000' }
    expect(await beside('&scope=policy&zone=CQ-XY')).toMatchObject(share)
    expect(await beside('&scope=policy&zone=CQ-WZ')).toBeUndefined()
    expect(await beside('&scope=policy&zone=')).toBeUndefined()
    const apart = { comparable: false, progress: null }
    for (const query of ['', '&scope=policy&direction=import', '&scope=policy&month=202610'])
      expect(await beside(query), query).toMatchObject({ ...city, ...apart })
    expect((await ask('?zone=CQ-WZ')).target).toBeNull()
    const unknown = await test.fetch('/api/v1/targets?zone=nowhere', {
      headers: bearer(test.operatorKey),
    })
    expect(unknown.status).toBe(404)
    // Anybody sees the city; of a zone, and of money alone, few enterprises may be behind.
    for (const query of ['?zone=CQ-XY', '?scope=settled'])
      expect((await test.fetch(`/api/v1/targets${query}`)).status).toBe(403)
    expect((await test.fetch('/api/v1/targets')).status).toBe(200)
  })

  it('refuses a zone that is not there, and a target of nothing', async () => {
    const refused = await load([
      '2026,CQ-NO,5,2026-01-01,,I,x',
      '2026,,0,2026-02-01,,I,x',
      '26,,1.001,2026-01-01,,I,x',
    ])
    expect(refused).toMatchObject({
      status: 422,
      body: {
        faults: [
          { code: 'REFERENCE-zone-NOT_ALLOWED', row: 2, column: 'B' },
          { code: 'REFERENCE-amount-NOT_ALLOWED', row: 3, column: 'C' },
          { code: 'REFERENCE-year-WRONG_FORM', row: 4, column: 'A' },
          { code: 'REFERENCE-amount-WRONG_FORM', row: 4, column: 'C' },
        ],
      },
    })
  })
})

describe('as of a moment', () => {
  it('target and figures are those known then, whatever is loaded and counted later', async () => {
    const then = clock.now().toISOString()
    const query = `?year=2026&asOf=${encodeURIComponent(then)}`
    const before = await ask(query)
    clock.advance(3_600_000)
    await count([entryOf('202608', '1000000'), entryOf('202609', '7')])
    await load(['2026,,222222,2026-08-15,,I,synthetic'])
    expect((await ask()).target?.amount).toBe('222222')
    expect(await ask(query)).toEqual(before)
    clock.advance(3_600_000)
    // The row of 15 August and that of 1 August go with their editions.
    await load(['2026,CQ-FL,20000,2026-08-15,,I,synthetic'], 'replace=true')
    expect((await ask()).target?.amount).toBe('300000')
    expect(await ask(query)).toEqual(before)
    const future = await test.fetch('/api/v1/targets?asOf=2999-01-01T00:00:00%2B08:00')
    expect(await future.json()).toMatchObject({ faults: [{ code: 'QUERY-asOf-FUTURE' }] })
  })

  it('days are those of China, and a year that is over is held to what it came to', async () => {
    clock.set(new Date('2026-12-31T15:59:59Z'))
    expect((await ask('?year=2026')).days).toEqual({ all: 365, gone: 364, left: 1 })
    expect((await ask()).days.left).toBe(1)
    clock.set(new Date('2026-12-31T16:00:00Z'))
    expect((await ask()).days).toEqual({ all: 365, gone: 0, left: 365 })
    await load(['2026,,9000000,2026-12-01,,I,synthetic'])
    const over = await ask('?year=2026')
    expect(over).toMatchObject({
      ...{ days: { gone: 365, left: 0 }, forecast: null, noForecast: { code: 'year-over' } },
      ...{ pace: { needed: null }, outcome: { kind: 'missed', shortfall: '7699993' } },
    })
    expect((await ask('?year=2028')).noForecast?.code).toBe('not-begun')
    expect((await ask('?year=2028')).days.all).toBe(366)
  })

  it('takes the season of last year once it has one, and grows on the same months alone', async () => {
    await count(
      ['202701', '202702', '202703'].map((month) => entryOf(month, `${daysInMonth(month)}500`)),
    )
    clock.set(new Date('2027-03-31T16:00:00Z'))
    const view = await ask()
    expect(view.forecast).toMatchObject({ method: 'seasonal', range: null })
    expect(view.forecast?.rangeText.zh).toContain('现有 15 个完整月')
    expect(view.growth).toMatchObject({
      ...{ months: ['202701', '202702', '202703'], base: '90000', amount: '91500' },
      growth: '0.016667',
    })
  })
})

// Last, since it changes what the others ask for.
describe('a definition', () => {
  it('is told as it was known at the moment that is asked for', async () => {
    const totals = async (query = '') =>
      (
        await test.fetch(`/api/v1/totals?scope=policy&year=2026${query}`, {
          headers: bearer(test.operatorKey),
        })
      ).json()
    const asOf = `&asOf=${encodeURIComponent(clock.now().toISOString())}`
    const before = await totals(asOf)
    clock.advance(3_600_000)
    const answer = await test.fetch('/api/v1/reference/measures', {
      method: 'POST',
      headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
      body: [
        'scope,parts,zh,en,validFrom,validTo,confidence,source',
        'policy,declared,合成定义,synthetic definition,2026-01-01,,I,synthetic',
      ].join('\n'),
    })
    expect(answer.status).toBe(200)
    const declared = await (
      await test.fetch('/api/v1/totals?scope=declared&year=2026', {
        headers: bearer(test.operatorKey),
      })
    ).json()
    expect(await totals()).toMatchObject({
      ...{ definition: { zh: expect.stringContaining('合成定义') }, total: declared.total },
    })
    expect(await totals(asOf)).toEqual(before)
    const wrong = await test.fetch('/api/v1/reference/measures', {
      method: 'POST',
      headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
      body: 'scope,parts,zh,en,validFrom,confidence,source\npolicy,all,a,b,2026-02-01,I,synthetic',
    })
    expect(await wrong.json()).toMatchObject({
      faults: [{ code: 'REFERENCE-parts-WRONG_FORM', row: 2 }],
    })
  })
})
