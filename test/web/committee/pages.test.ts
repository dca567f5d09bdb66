/**
 * The committee's other pages over HTTP: figures that open level by level down to documents, zones,
 * scoreboard, settlement, reports made, signed and downloaded; each by role, and with texts that try
 * to break out. Enterprises and figures are synthetic.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldLedger } from '../../../src/flow/ledger-folding.ts'
import { compareSettlements } from '../../../src/flow/settlements-ties.ts'
import { chinaTime, exactAmount } from '../../../src/web/figures.ts'
import { bearer, json } from '../../http/app.ts'
import type { DeskPage } from '../../support/desk.ts'
import { append } from '../../support/ledger-entries.ts'
import { plantManyLists } from '../../support/settled-lists.ts'
import { LISTS, openScene, type Scene } from './scene.ts'

const MONTH_MS = 32 * 86_400_000
const MARKUP = '<b onclick="x()">&"注入</b>'
let scene: Scene
beforeAll(async () => {
  scene = await openScene()
})
afterAll(() => scene.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
const ask = async (path: string): Promise<any> => {
  const { app } = scene.test
  return (await app.fetch(path, { headers: bearer(app.operatorKey) })).json()
}
const hrefOf = (page: DeskPage, selector: string): string =>
  (page.dom.querySelector(selector)?.getAttribute('href') ?? '').replaceAll('&amp;', '&')
const ROW = '.data tbody tr:first-child'

describe('a figure of the totals', () => {
  it('opens to its parts, and from there to the documents that it counts', async () => {
    const { committee } = scene
    const top = await committee.get('/committee/totals?scope=released')
    const told = await ask('/api/v1/totals?scope=released')
    expect(top.dom.querySelector('.totals-head .figure')?.text).toBe(exactAmount(told.total.amount))
    expect(top.text).toContain(told.definition.zh)
    const deeper = await committee.get(hrefOf(top, `${ROW} .row-link`))
    expect(deeper.dom.querySelector('.tabs [aria-current=page]')?.text).toBe('监管方式')
    expect(deeper.dom.querySelector('.chips')?.text).toContain('监管区域')
    const documents = await committee.get(hrefOf(deeper, `${ROW} [data-kind=number] a`))
    expect(documents.status).toBe(200)
    expect(documents.dom.querySelectorAll('.data tbody tr')).toHaveLength(LISTS - 1)
    expect(documents.text).toContain(exactAmount(told.total.amount))
    const opened = await committee.get(hrefOf(documents, '.data a.row-link'))
    expect(opened.status).toBe(200)
    const { buyerName = '', buyerIdNumber = '' } = scene.test.app.consignment(2).list.InventoryHead
    expect(opened.text).toContain('订购人')
    for (const secret of [buyerName, buyerIdNumber].filter((each) => each !== ''))
      expect(opened.html).not.toContain(secret)
    expect(opened.dom.querySelectorAll('main form, main [href*="/message"]')).toEqual([])
  })

  it('is split by whatever is asked, and what it says stays when its moment is kept', async () => {
    const { committee } = scene
    for (const by of [
      'mode',
      'month',
      'direction',
      'country',
      'chapter',
      'enterprise',
      'institution',
    ]) {
      const page = await committee.get(`/committee/totals?by=${by}&scope=policy`)
      expect(page.status, by).toBe(200)
      expect(page.dom.querySelectorAll('.data tfoot tr'), by).toHaveLength(1)
    }
    const page = await committee.get('/committee/totals')
    const kept = await committee.get(hrefOf(page, '.as-of a'))
    expect(kept.text).toContain('已固定在此时刻')
  })

  it('shows a hundred rows at once, and the others where they are asked for', async () => {
    const { committee, test } = scene
    const { flow } = test.app.gateway
    const merchants = Array.from({ length: 103 }, (_, n) => `50010${String(n).padStart(5, '0')}`)
    await append(
      flow.db,
      flow.clock.now(),
      ...merchants.map((merchant) => ({
        ...{ subjectId: flow.ids.next(3), month: '202403', dims: { merchant } },
      })),
    )
    await foldLedger(flow, Number.POSITIVE_INFINITY)
    const page = await committee.get('/committee/totals?by=enterprise&month=202403')
    const [first, rest, ...more] = page.dom.querySelectorAll('main table.data')
    expect(more).toEqual([])
    expect(first?.querySelectorAll('tbody tr')).toHaveLength(100)
    expect(first?.querySelector('tfoot')?.text).toContain('103')
    expect(rest?.closest('details')?.querySelector('summary')?.text).toBe('其余 3 行')
    const codes = page.dom.querySelectorAll('main tbody .row-link').map((link) => link.text)
    expect(new Set(codes).size).toBe(103)
  })

  it('tells undecided from all', async () => {
    const page = await scene.committee.get('/committee/totals?zone=undecided&by=mode')
    expect(page.dom.querySelector('.chips')?.text).toContain('未归属')
    expect(page.dom.querySelector('.totals-head .figure')?.text).toBe('0.00')
    const all = await scene.committee.get('/committee/totals?zone=&by=mode')
    expect(all.dom.querySelector('.chips')).toBeNull()
  })

  it('is a file too', async () => {
    const page = await scene.committee.get('/committee/totals')
    const csv = await scene.committee.get(hrefOf(page, 'a[href*="/export/csv"]'))
    expect(csv.headers.get('content-type')).toContain('text/csv')
    expect(csv.html.trim().split('\r\n')).toHaveLength(LISTS)
    expect((await scene.committee.get('/committee/totals/export/exe')).status).toBe(404)
  })

  it('says what is wrong with a question, beside the filter', async () => {
    const page = await scene.committee.get(
      `/committee/totals?asOf=2999-01-01T00:00&enterprise=${encodeURIComponent(MARKUP)}`,
    )
    expect(page.status).toBe(400)
    expect(page.dom.querySelector('[data-problem]')?.text).toContain('时刻')
    expect(page.dom.querySelector('form.filters')).not.toBeNull()
    expect(page.html).not.toContain('<b onclick')
  })
})

describe('a zone', () => {
  it('is told as the interface tells it', async () => {
    const told = (await ask('/api/v1/zones')).zones[0]
    const page = await scene.committee.get(`/committee/zones/${told.code}`)
    expect(page.dom.querySelector('h1')?.text).toBe(told.name.zh)
    expect(page.text).toContain(exactAmount(told.released.amount))
    expect(page.text).toContain('中位数')
    expect(page.text).toContain('账册')
    expect((await scene.committee.get('/committee/zones/undecided')).status).toBe(200)
    expect((await scene.committee.get('/committee/zones/CQ-NONE')).status).toBe(404)
  })

  it('tells of taxes and refusals as of a moment what was kept, and why not more', async () => {
    const { zones, asOf } = await ask('/api/v1/zones')
    const [{ code }] = zones
    const told = await ask(`/api/v1/zones/${code}?asOf=${asOf}`)
    const page = await scene.committee.get(`/committee/zones/${code}?asOf=${asOf}`)
    expect(page.text).toContain(told.untold.zh)
    const cards = page.dom.querySelector('.zone-cards')?.text
    expect(cards).toContain('税款（税单口径，不等于已缴）')
    expect(cards).not.toContain('消费税')
    expect(page.dom.querySelector('[aria-labelledby="refusals-heading"]')?.text).toContain('退单率')
  })
})

describe('the scoreboard', () => {
  it('opens each indicator to its enterprises, texts as texts', async () => {
    const { test, committee } = scene
    const { id } = test.app.account(test.app.cast.payer)
    const tag = { validFrom: '2020-01-01', confidence: 'I', source: MARKUP }
    for (const [name, subject] of [
      ['payment-institution', ''],
      ['overseas-warehouse', MARKUP],
    ])
      await test.app.fetch(
        `/api/v1/enterprises/${id}/tags`,
        json(test.app.operatorKey, { tag: name, subject, ...tag }),
      )
    const board = await committee.get('/committee/scoreboard')
    const card = board.dom.querySelector('[data-indicator=payment-institutions]')
    expect(card?.text).toContain('未达到 · 还差 2')
    const opened = await committee.get(card?.querySelector('a')?.getAttribute('href') ?? '')
    expect(opened.text).toContain(test.app.cast.payer.name)
    const named = await committee.get('/committee/scoreboard/overseas-warehouses')
    expect(named.text).toContain('注入')
    expect(named.html).not.toContain('<b onclick')
    expect((await committee.get('/committee/scoreboard/none')).status).toBe(404)
  })
})

describe('settlement', () => {
  it('is read by the committee as by the operator', async () => {
    for (const reader of [scene.committee, scene.operator]) {
      const page = await reader.get('/committee/settlement?year=2026')
      expect(page.status).toBe(200)
      expect(page.text).toContain('没有结算记录')
      expect(page.text).toContain('登记线 200,000.00 美元')
      expect(page.text).toContain('已放行、未结算的清单')
    }
    expect((await scene.committee.get('/committee/settlement?year=x')).status).toBe(400)
    for (const [of, title] of [
      ['lists', '已放行、未结算的清单'],
      ['lines', '没有对应清单的结算明细'],
    ]) {
      const page = await scene.committee.get(`/committee/settlement/open?of=${of}`)
      expect(page.status).toBe(200)
      expect(page.dom.querySelector('h1')?.text).toBe(title)
    }
  })

  it('keeps to a moment, and says what is not told of it', async () => {
    const page = await scene.committee.get('/committee/settlement?year=2026')
    const pinned = await scene.committee.get(hrefOf(page, '.as-of a'))
    expect(pinned.status).toBe(200)
    expect(pinned.text).toContain('没有结算记录')
    expect(pinned.text).toContain('不与清单核对')
    const totals = hrefOf(pinned, 'a.button[href*="scope=settled"]')
    expect(totals).toContain('asOf=')
    const open = '/committee/settlement/open?of=lines&asOf=2026-09-01T08:00'
    expect((await scene.committee.get(open)).status).toBe(200)
    const future = await scene.committee.get('/committee/settlement?asOf=2999-01-01T00:00')
    expect(future.status).toBe(400)
  })

  it('opens its records to the operator, and figures alone to the committee', async () => {
    const path = '/committee/settlement/records?year=2026&direction=1&currency=502&counted=true'
    const page = await scene.operator.get(path)
    expect(page.status).toBe(200)
    expect(page.text).toContain('没有记录')
    expect((await scene.committee.get(path)).status).toBe(403)
  })

  it('says in words that records and ledger do not agree, and that they do again', async () => {
    const { db } = scene.test.app.gateway.flow
    const sum = (amount: string) => ({
      ...{ recorded: '202601', scope: 'settled', dim: '', key: '', month: '202601' },
      ...{ direction: 'export', zone: '', trade_mode: '', currency: '142', count: '0', amount },
    })
    const shown = async () => (await scene.committee.get('/committee/settlement?year=2026')).text
    expect(await shown()).toContain('分毫不差')
    await db.insertInto('ledger_sum').values(sum('12.34')).execute()
    const text = await shown()
    // Of the records, and of the rows that are told.
    expect(text).toContain('有 2 项不符')
    expect(text).toContain('-12.34')
    await db.insertInto('ledger_sum').values(sum('-12.34')).execute()
    expect(await shown()).toContain('分毫不差')
  })

  it('says since when its check of many lists holds, and which months have none', async () => {
    const { test, committee } = scene
    const { flow } = test.app.gateway
    await plantManyLists(flow.db, '202503', test.cast.merchants[0].customsCode)
    const shown = async () => (await committee.get('/committee/settlement?year=2025')).text
    const before = await shown()
    expect(before).toContain('尚未全部核对')
    expect(before).toContain('尚未核对的月份：202503')
    await compareSettlements(flow)
    const at = chinaTime(test.clock.now().toISOString())
    test.clock.advance(60_000)
    const after = await shown()
    expect(after).toContain('分毫不差')
    expect(after).toContain(`核对于 ${at}`)
    expect(after).not.toContain('尚未')
  })
})

describe('monthly reports', () => {
  it('are made by the operator after a word of warning, and signed off by the committee', async () => {
    const { test, operator, committee } = scene
    const month = test.clock.now().toISOString().slice(0, 7)
    test.clock.advance(MONTH_MS)
    const warned = await operator.post('/committee/reports', { month })
    expect(warned.text).toContain('不能撤回')
    expect((await committee.get('/committee/reports')).text).toContain('还没有发布过报告')
    const made = await operator.post('/committee/reports', { month, confirmed: 'yes' })
    expect(made.location).toBe('/committee/reports')
    const listed = await committee.get('/committee/reports')
    expect(listed.text).toContain('初报')

    const sign = hrefOf(listed, 'a[href$="/sign"]')
    const asked = await committee.get(sign)
    expect(asked.text).toContain('不能撤销')
    expect((await committee.post(sign, { confirmed: 'yes', role: ' ' })).status).toBe(422)
    const role = MARKUP
    expect((await committee.post(sign, { confirmed: 'yes', role })).location).toBe(
      '/committee/reports',
    )
    const signed = await committee.get('/committee/reports')
    expect(signed.text).toContain('定稿')
    expect(signed.text).toContain('注入')
    expect(signed.html).not.toContain('<b onclick')
    expect((await committee.post(sign, { confirmed: 'yes', role })).status).toBe(409)

    const file = await committee.get(sign.replace('/sign', '/json'))
    // A browser would name it by its address: `json.json`.
    expect(file.headers.get('content-disposition')).toMatch(/filename="[^"]+\.json"/)
    expect(JSON.parse(file.html).publication.status).toBe('final')
    expect((await committee.get(sign.replace('/sign', '/exe'))).status).toBe(404)
  })

  it('of a month that runs are refused, and say why', async () => {
    const { test, operator } = scene
    const month = test.clock.now().toISOString().slice(0, 7)
    const page = await operator.post('/committee/reports', { month, confirmed: 'yes' })
    expect(page.status).toBe(422)
    expect(page.dom.querySelector('[data-problem] code')).not.toBeNull()
  })

  it('need a month', async () => {
    const { operator } = scene
    const page = await operator.follow(await operator.post('/committee/reports', { month: '' }))
    expect(page.dom.querySelector('.flash')?.text).toContain('请选择已结束的月份')
  })

  it('are not made by the committee', async () => {
    const page = await scene.committee.post('/committee/reports', {
      month: '2026-01',
      confirmed: 'yes',
    })
    expect(page.status).toBe(404)
  })
})

describe('who is neither operator nor committee', () => {
  it.each([
    '/committee/totals',
    '/committee/totals/documents',
    '/committee/totals/documents/01a203c9-f245-7eb0-b456-cb6014f1154c',
    '/committee/totals/billed?month=202610',
    '/committee/totals/export/csv',
    '/committee/zones/CQ-XY',
    '/committee/scoreboard',
    '/committee/settlement',
    '/committee/settlement/open',
    '/committee/settlement/records',
    '/committee/reports',
    '/committee/wall',
  ])('finds no %s', async (path) => {
    expect((await scene.merchant.get(path)).status).toBe(404)
  })
})

describe('the wall', () => {
  it('is open to anybody, dark, and tells what the first page tells', async () => {
    expect((await scene.committee.get('/committee/wall')).location).toBe('/wall')
    const answer = await scene.test.app.fetch('/wall')
    const page = await answer.text()
    const home = await (await scene.test.app.fetch('/')).text()
    const amount = /data-text="amount">([^<]+)</.exec(home)?.[1] ?? 'none'
    expect(page).toContain(`data-text="amount">${amount}<`)
    expect(page).toContain('data-theme="dark"')
    expect(page).toContain('截至')
    expect(await (await scene.test.app.fetch('/wall?theme=light')).text()).toContain(
      'data-theme="light"',
    )
    expect(page).not.toMatch(/ style=|<style|<script(?![^>]*src=)/)
  })
})
