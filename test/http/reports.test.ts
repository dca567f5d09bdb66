/**
 * Monthly reports over HTTP: what was published stays what it was, down to the byte, whatever is
 * learnt afterwards; and a later edition tells what differs. Entries of the ledger are synthetic.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Publication, Report, ReportFigures } from '../../src/reports/model.ts'
import { appendEntries, type LedgerEntry } from '../../src/store/ledger.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { movingClock } from '../support/gateway.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

const DAY_MS = 86_400_000
const clock = movingClock('2026-11-03T01:00:00.000Z')
const REPORTS = '/api/v1/reports'
let test: TestApp

const list = (n: number, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  ...{ lane: n, subjectId: `0b2c9f7e-0000-4000-8000-${String(n).padStart(12, '0')}` },
  ...{ scope: 'released', cause: 'state', month: '202610', direction: 'import' },
  ...{ zone: 'CQ-XY', tradeMode: '1210', count: 1 },
  dims: { merchant: '5000000001', country: '116' },
  parts: [{ currency: '142', chapter: '33', amount: '100.25' }],
  ...more,
})
const inDollars = (amount: string) => [{ currency: '502', chapter: '85', amount }]

const unplaced = list(2, { zone: '', dims: { merchant: '5000000002', country: '502' } })

const record = (entries: readonly LedgerEntry[]): Promise<void> =>
  inTransaction(test.gateway.flow.db, (trx) => appendEntries(trx, entries, clock.now()))

const rate = async (value: string): Promise<void> => {
  const loaded = await test.fetch('/api/v1/reference/exchange-rates?source=synthetic', {
    method: 'POST',
    headers: { ...bearer(test.operatorKey), 'content-type': 'text/csv' },
    body: `currency,month,rate,announcedOn\n502,2026-10,${value},2026-09-16\n`,
  })
  if (!loaded.ok) throw new Error(await loaded.text())
}

const publish = async (body: object, more = '') => {
  const response = await test.fetch(`${REPORTS}${more}`, json(test.operatorKey, body))
  return { status: response.status, body: await response.json() }
}
const published = async (): Promise<Publication> =>
  (await publish({ month: '2026-10' })).body as Publication

const draftOf = async (body: object) => (await publish(body, '?dryRun=true')).body as Report
const namesIn = ({ figures }: Report) => figures.enterprises?.rows.map(({ label }) => label.zh)

/** A key of the operator for the totals alone. */
const committeeKey = async (): Promise<string> =>
  (
    await test.gateway.accounts.createOperatorKey({
      ...{ name: 'zone committee', scopes: ['totals:read'] },
    })
  ).key

const fetched = async (path: string): Promise<Buffer> => {
  const response = await test.fetch(`${REPORTS}/${path}`, { headers: bearer(test.operatorKey) })
  if (!response.ok) throw new Error(await response.text())
  return Buffer.from(await response.arrayBuffer())
}
const files = async (id: string): Promise<readonly string[]> => {
  const all: string[] = []
  for (const ending of ['pdf', 'xlsx', 'json'])
    all.push((await fetched(`${id}.${ending}`)).toString('base64'))
  return all
}
const figuresOf = async (id: string): Promise<ReportFigures> =>
  (JSON.parse((await fetched(`${id}.json`)).toString()) as Report).figures
const monthOf = (figures: ReportFigures, scope: string) =>
  figures.measures.find((measure) => measure.scope === scope)?.month

let first: Publication
let firstFiles: readonly string[]

beforeAll(async () => {
  test = await testApp({ clock })
  await rate('7.1')
  await record([
    list(1),
    unplaced,
    list(3, { direction: 'export', tradeMode: '9710', parts: inDollars('10') }),
    list(4, { month: '202609' }),
    list(5, { scope: 'declared' }),
    list(6, { parts: [{ currency: '300', chapter: '22', amount: '5' }] }),
    list(7, { scope: 'settled', cause: 'settlement', dims: { institution: '5000000009' } }),
  ])
  clock.advance(1)
  first = await published()
  firstFiles = await files(first.id)
})
afterAll(() => test.close())

describe('the first edition', () => {
  it('is preliminary, and its fingerprint is that of its figures', async () => {
    expect(first).toMatchObject({
      ...{ number: 'YG-2026-10-01', edition: 1, status: 'preliminary', changes: [] },
      asOf: clock.now().toISOString(),
    })
    const figures = await figuresOf(first.id)
    const hash = await crypto.subtle.digest('SHA-256', Buffer.from(JSON.stringify(figures)))
    expect(Buffer.from(hash).toString('hex')).toBe(first.sha256)
  })

  it('tells each scope, and what has no rate as a gap', async () => {
    const figures = await figuresOf(first.id)
    expect(monthOf(figures, 'released')).toMatchObject({
      ...{ count: 4, amount: '271.5', previous: { count: 1, amount: '100.25' } },
      previousGrowth: '1.708229',
    })
    expect(monthOf(figures, 'policy')).toMatchObject({ count: 5, amount: '371.75' })
    expect(figures.gaps).toContainEqual({
      ...{ scope: 'released', currency: '300', month: '2026-10', count: 1, amount: '5' },
    })
    expect(figures.institutions?.rows.map(({ key }) => key)).toEqual(['5000000009'])
    expect(figures.matrix?.rows.at(-1)).toMatchObject({ key: '', label: { zh: '未归属' } })
  })

  it('is published once: nothing differs, and the same edition is told', async () => {
    const again = await publish({ month: '2026-10' })
    expect(again).toMatchObject({ status: 200, body: { id: first.id, edition: 1 } })
  })

  it('is read by the operator and by the committee he gave a key, and by nobody else', async () => {
    const { key } = test.account(test.cast.platform)
    const committee = await committeeKey()
    for (const path of ['', `/${first.id}.json`, `/${first.id}.pdf`, `/${first.id}.xlsx`]) {
      const read = async (as: string): Promise<number> => {
        const response = await test.fetch(`${REPORTS}${path}`, { headers: bearer(as) })
        await response.arrayBuffer()
        return response.status
      }
      expect([await read(key), await read(committee)]).toEqual([403, 200])
    }
    const sign = json(key, { role: '签发' })
    expect((await test.fetch(`${REPORTS}/${first.id}/sign-offs`, sign)).status).toBe(403)
    const forbidden = await test.fetch(REPORTS, json(committee, { month: '2026-10' }))
    expect(forbidden.status).toBe(403)
  })

  it('is refused for a month that has not ended in China, of which there may be a draft', async () => {
    const early = { month: '2026-11' }
    expect(await publish(early)).toMatchObject({
      status: 422,
      body: { faults: [{ code: 'REPORT-month-NOT_OVER', pointer: '/month' }] },
    })
    const draft = await publish(early, '?dryRun=true')
    expect(draft).toMatchObject({ status: 200, body: { figures: { isOver: false } } })
    const future = { month: '2026-10', asOf: '2026-12-01T00:00:00Z' }
    expect(await publish(future)).toMatchObject({
      body: { faults: [{ code: 'REPORT-asOf-IN_FUTURE' }] },
    })
  })
})

describe('a month later, after late evidence, a cancellation and another rate', () => {
  let second: Publication
  beforeAll(async () => {
    clock.advance(30 * DAY_MS)
    await record([list(8), { ...unplaced, count: -1, parts: negative('100.25') }])
    await rate('7.2')
    clock.advance(1)
    second = await published()
  })
  const negative = (amount: string) => [{ currency: '142', chapter: '33', amount: `-${amount}` }]

  it('the first edition is the same files', async () => {
    expect(await files(first.id)).toEqual(firstFiles)
  })

  it('the month as of then is the same text, made again', async () => {
    const draft = await publish({ month: '2026-10', asOf: first.asOf }, '?dryRun=true')
    const { sha256, figures } = draft.body as Report
    expect(sha256).toBe(first.sha256)
    expect(JSON.stringify(figures)).toBe(JSON.stringify(await figuresOf(first.id)))
  })

  it('the next edition tells each line that differs, old and new', async () => {
    expect(second).toMatchObject({ number: 'YG-2026-10-02', edition: 2, status: 'revised' })
    const change = (line: string) => second.changes.find((each) => each.line === line)
    expect(change('measures/released/month/amount')).toMatchObject({
      ...{ before: '271.5', now: '272.5', difference: '1' },
    })
    expect(change('measures/released/month/count')).toBeUndefined()
    expect(change('matrix/CQ-XY/count')).toMatchObject({ before: '3', now: '4' })
    expect(change('measures/declared/month/amount')).toBeUndefined()
    expect((await fetched(`${second.id}.pdf`)).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('all editions are told, the latest first, by page', async () => {
    const page = async (query: string) =>
      (await (
        await test.fetch(`${REPORTS}?month=2026-10${query}`, { headers: bearer(test.operatorKey) })
      ).json()) as { reports: { id: string; changes: number }[]; next: string | null }
    const all = await page('')
    expect(all.reports.map(({ id }) => id)).toEqual([second.id, first.id])
    expect(all.reports[0]?.changes).toBe(second.changes.length)
    const one = await page('&limit=1')
    expect((await page(`&limit=1&cursor=${one.next}`)).reports[0]?.id).toBe(first.id)
  })

  it('the last edition is signed off by its role, once; a further one may follow', async () => {
    const committee = await committeeKey()
    const sign = (id: string, role: string) =>
      test.fetch(`${REPORTS}/${id}/sign-offs`, json(committee, { role }))
    expect(await (await sign(first.id, '签发')).json()).toMatchObject({ code: 'REPORT-SUPERSEDED' })
    const signed = (await (await sign(second.id, '签发')).json()) as Publication
    expect(signed).toMatchObject({
      status: 'final',
      signOffs: [{ role: '签发', by: 'zone committee', at: clock.now().toISOString() }],
    })
    expect((await sign(second.id, '签发')).status).toBe(409)
    await record([list(9)])
    clock.advance(1)
    expect(await published()).toMatchObject({ edition: 3, status: 'revised', signOffs: [] })
  })
})

describe('published at the same moment by many', () => {
  it('a month has one edition', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => publish({ month: '2026-09' })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201])
    expect(new Set(answers.map(({ body }) => (body as Publication).id)).size).toBe(1)
  })
})

describe('made again as of a moment', () => {
  it('calls everybody what he was called then, whoever was renamed, registered or closed since', async () => {
    const { db } = test.gateway.flow
    const merchant = test.cast.platform
    await record([list(20, { dims: { merchant: merchant.customsCode } })])
    await record([list(21, { dims: { merchant: '5000000077' } })])
    clock.advance(1)
    const then = await draftOf({ month: '2026-10' })
    expect(namesIn(then)).toContain(merchant.name)
    expect(namesIn(then)).toContain('5000000077')
    await db
      .updateTable('enterprise')
      .set({ name: '合成更名商贸有限公司' })
      .where('customs_code', '=', merchant.customsCode)
      .execute()
    await db
      .insertInto('enterprise')
      .values({
        ...{ id: 'SYN77', name: '合成新登记商贸有限公司', customs_code: '5000000077' },
        ...{ roles: ['merchant'], created_at: new Date(0) },
      })
      .execute()
    await db.updateTable('zone').set({ zh: '合成更名区' }).where('code', '=', 'CQ-XY').execute()
    const again = await draftOf({ month: '2026-10', asOf: then.figures.asOf })
    expect(JSON.stringify(again)).toBe(JSON.stringify(then))
    expect(await files(first.id)).toEqual(firstFiles)
    // Triggers keep names by the database's own clock.
    clock.set(new Date(Math.max(Date.now(), clock.now().getTime()) + DAY_MS))
    const later = await draftOf({ month: '2026-10' })
    expect(namesIn(later)).toEqual(
      expect.arrayContaining(['合成更名商贸有限公司', '合成新登记商贸有限公司']),
    )
    expect(later.figures.matrix?.rows.map(({ label }) => label.zh)).toContain('合成更名区')
  })

  it('a month whose base was restated gets an edition that says so', async () => {
    await record([list(30, { month: '202610' })])
    clock.advance(1)
    const november = { month: '2026-11' }
    const before = (await publish(november)).body as Publication
    expect((await publish(november)).body).toMatchObject({ id: before.id })
    await record([list(31, { month: '202610' }), list(32, { month: '202511' })])
    clock.advance(1)
    const { status, body } = await publish(november)
    expect({ status, body }).toMatchObject({ status: 201, body: { edition: 2, status: 'revised' } })
    const lines = (body as Publication).changes.map(({ line }) => line)
    expect(lines).toEqual(
      expect.arrayContaining([
        'measures/released/month/previous/amount',
        'measures/released/month/lastYear/amount',
        'measures/released/yearToDate/amount',
      ]),
    )
    expect(lines).not.toContain('measures/released/month/amount')
  })
})
