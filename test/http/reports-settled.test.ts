/**
 * What a monthly report says of settlement by currency and business, and of zones: what the records
 * and lists come to as of its moment, and the same a month and many changes later.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Publication, Report, ReportFigures } from '../../src/reports/model.ts'
import { splitBlocks } from '../../src/reports/outline-splits.ts'
import { bearer, json } from './app.ts'
import { type Settling, settling } from './settling.ts'

const REPORTS = '/api/v1/reports'
const MONTH_MS = 31 * 86_400_000

let world: Settling
let test: Settling['test']
let first: Publication
let kept: Report
let settled = ''
let orderNo = ''

const publish = async (body: object, more = '') => {
  const answer = await test.app.fetch(`${REPORTS}${more}`, json(test.app.operatorKey, body))
  const said = await answer.json()
  expect(answer.status, JSON.stringify(said)).toBeLessThan(300)
  return said
}
const edition = async (id: string): Promise<Report> => {
  const answer = await test.app.fetch(`${REPORTS}/${id}.json`, {
    headers: bearer(test.app.operatorKey),
  })
  return (await answer.json()) as Report
}
interface Drafted {
  readonly figures: ReportFigures
}
const monthOf = (figures: ReportFigures, scope: string) =>
  figures.measures.find((measure) => measure.scope === scope)?.month

beforeAll(async () => {
  world = await settling()
  test = world.test
  await world.tellRate('2026-10', '7.1')
  const list = await world.exportList('100', { head: { customsCode: '8013' } })
  await world.exportList('60')
  ;({ orderNo } = list)
  const dollars = { direction: '1', currency: '502', rate: '7.1' }
  const netted = { logistics: '120.00', net: '880.00', bopCode: '999999' }
  const rmb = world.record([[{ orderNo }, '80.00']])
  const back = { nature: '3', reference: rmb.SettlementHead.number }
  const taken = await world.hand([
    rmb,
    world.record([[{ orderNo: 'REPORT-USD' }, '1000.00']], { ...dollars, ...netted }),
    world.record([[{ orderNo }, '30.00']], back),
  ])
  expect(taken.status).toBe(200)
  settled = taken.body.results?.[1]?.id ?? ''
  test.clock.advance(MONTH_MS)
  const november = world.record([[{ orderNo: 'REPORT-NOV' }, '7.00']], { valueDate: '20261101' })
  expect(await world.hand([november])).toMatchObject({ status: 200 })
  first = await publish({ month: '2026-10' })
  kept = await edition(first.id)
}, 120_000)
afterAll(() => test.close())

describe('the report of a month', () => {
  it('tells settlement by currency and business, and it adds up to what was settled', async () => {
    const { currencies } = kept.figures
    expect(currencies).toMatchObject([
      {
        ...{ currency: '142', direction: '3', directionName: { zh: '人民币收款' }, count: 1 },
        ...{ gross: '50', costs: '0', net: '50', amount: '50' },
      },
      {
        ...{ currency: '502', label: { zh: '美元' }, direction: '1', count: 1, gross: '1000' },
        ...{ costs: '120', net: '880', amount: '6248' },
      },
    ])
    expect(monthOf(kept.figures, 'settled')).toMatchObject({ count: 2, amount: '6298' })
  })

  it('counts CNY without what is over, the rest of the whole records, and says so', async () => {
    const lists = world.record([[{ orderNo: 'REPORT-OVER' }, '40.00']])
    const [record = ''] = ((await world.hand([lists])).body.results ?? []).map(({ id }) => id)
    const draft = async () => {
      test.clock.advance(1_000)
      return (await publish({ month: '2026-10' }, '?dryRun=true')) as Drafted
    }
    const of = ({ figures }: Drafted) => figures.currencies?.find((row) => row.currency === '142')
    expect(of(await draft())).toMatchObject({ count: 2, gross: '90', net: '90', amount: '90' })
    // Customs comes to have a list of less.
    await (await world.exportList('30', { release: false, head: { orderNo: 'REPORT-OVER' } })).says(
      '120',
    )
    await world.follow()
    expect(await world.reasonOf(record)).toBe('over')
    const over = await draft()
    expect(of(over)).toMatchObject({ count: 2, gross: '90', net: '90', amount: '50' })
    const text = (lang: 'zh' | 'en') => JSON.stringify(splitBlocks(over.figures, lang))
    expect(text('zh')).toContain('折人民币元只计入结算的部分')
    expect(text('en')).toContain('CNY is only what counts as settled')
    await world.withdraw(record)
  })

  it('tells how zones ran, as the zones themselves do', async () => {
    const { zones } = await test.get('/api/v1/zones?month=202610', test.app.operatorKey)
    const told = kept.figures.zones ?? []
    expect(told.map(({ lists }) => lists)).toEqual([1, 1])
    expect(told.at(-1)).toMatchObject({ key: '', label: { zh: '未归属' }, amount: '60' })
    for (const { key, ...row } of told) {
      const own = (zones as { code: string; clearance: object; released: object }[]).find(
        ({ code }) => code === key,
      )
      expect(own).toMatchObject({ released: { count: row.lists, amount: row.amount } })
      const minutes = row.medianMinutes === null ? null : Number(row.medianMinutes)
      expect(own?.clearance).toMatchObject({ medianMinutes: minutes })
      expect(row).toMatchObject({ enterprises: 1, returns: 0 })
      expect(own).toMatchObject({
        taxes: { total: row.tax },
        refusals: { rate: row.refusedShare },
      })
    }
  })

  it('is the same text a month later, whatever was changed since', async () => {
    await world.withdraw(settled)
    await world.hand([world.record([[{ orderNo }, '20.00']])])
    await world.exportList('10', { head: { customsCode: '8013' } })
    test.clock.advance(MONTH_MS)
    await world.hand([world.record([[{ orderNo: 'LATER' }, '3.00']])])
    const again = await publish({ month: '2026-10', asOf: first.asOf }, '?dryRun=true')
    expect(JSON.stringify(again.figures)).toBe(JSON.stringify(kept.figures))
    expect(again.sha256).toBe(first.sha256)
    expect(JSON.stringify(await edition(first.id))).toBe(JSON.stringify(kept))
  })

  it('says in its next edition what of it was restated', async () => {
    const { changes } = (await publish({ month: '2026-10' })) as Publication
    const of = (line: string) => changes.find((change) => change.line === line)
    expect(of('currencies/502/1/amount')).toMatchObject({ before: '1000', now: '0' })
    expect(of('currencies/142/3/amount')).toMatchObject({ before: '50', now: '73' })
  })
})
