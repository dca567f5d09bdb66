/**
 * The broker's desk over HTTP: who it opens to, every page with and without something to show, and
 * one correction from its cause through the preview to its end; what is not the broker's is not there.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepClocks } from '../../../src/flow/stage-clocks.ts'
import { json, type TestApp, testApp } from '../../http/app.ts'
import { type Reader, signedIn } from '../../support/desk.ts'
import { movingClock, START } from '../../support/gateway.ts'
import { refuseOrders, takeOrders } from '../../support/refused.ts'

const DAY = 86_400_000
const clock = movingClock(START)
let test: TestApp
let broker: Reader
let platformId = ''
let ids: readonly string[] = []
/** In a field of every text that a page may show. */
const XSS = `<b onclick="x()">合成</b>`

const PAGES = [
  '/broker',
  '/broker/documents',
  '/broker/stuck',
  '/broker/rejections',
  '/broker/rejections/documents',
  '/broker/summaries',
  '/broker/returns',
  '/broker/mandates',
]

beforeAll(async () => {
  test = await testApp({ clock })
  platformId = test.account(test.cast.platform).id
  broker = await signedIn(test, test.cast.declarants[0])
})
afterAll(() => test.close())

const giveMandate = async (): Promise<void> => {
  const agentId = test.account(test.cast.declarants[0]).id
  const answer = await test.fetch(
    '/api/v1/mandates',
    json(test.operatorKey, {
      ...{ principalId: platformId, agentId, kinds: ['CEB311'] },
      ...{ validFrom: '2020-01-01', validTo: '2026-12-31' },
    }),
  )
  expect(answer.status).toBe(201)
}

describe('the broker’s desk', () => {
  it('opens to declarants alone', async () => {
    for (const who of ['operator', 'committee', test.cast.platform] as const) {
      const reader = await signedIn(test, who)
      for (const path of PAGES) expect((await reader.get(path)).status, path).toBe(404)
    }
    const { dom } = await broker.get('/broker')
    expect(dom.querySelector('.desk-nav a[aria-current]')?.getAttribute('href')).toBe('/broker')
  })

  it('says what to do where there is nothing yet, in both languages', async () => {
    for (const path of PAGES) {
      const page = await broker.get(path)
      expect(page.status, path).toBe(200)
      expect(page.dom.querySelectorAll('h1')).toHaveLength(1)
      expect(page.dom.querySelectorAll('.empty').length, path).toBeGreaterThan(0)
      expect(page.dom.querySelectorAll('[style], style, script:not([src])')).toEqual([])
    }
    expect((await broker.get('/broker')).text).toContain('还没有委托企业')
    expect((await broker.get('/broker?lang=en')).text).toContain('No client yet')
    await broker.get('/broker?lang=zh')
  })

  it('shows a client with what waits for it', async () => {
    await giveMandate()
    const made = Array.from({ length: 6 }, (_, i) => {
      const consignment = test.consignment(i + 1)
      const { OrderHead } = consignment.order
      return {
        ...consignment,
        order: { ...consignment.order, OrderHead: { ...OrderHead, note: XSS } },
      }
    })
    ids = await takeOrders(test, made)
    await refuseOrders(test, clock, made.slice(0, 4))
    clock.advance(2 * DAY)
    await keepClocks(test.gateway.flow)
    broker = await signedIn(test, test.cast.declarants[0])
    const { dom, text } = await broker.get('/broker')
    const tiles = dom.querySelectorAll('.tile-count').map((tile) => tile.text)
    expect(tiles.slice(0, 3)).toEqual(['4', '0', '2'])
    // By the merchant that the orders name, whoever handed them in.
    const [merchant] = test.cast.merchants
    const rows = dom.querySelectorAll('table[data-rows] tbody tr')
    const row = rows.find((each) => each.text.includes(merchant.name))
    const cells = row?.querySelectorAll('td').map((cell) => cell.text)
    expect(cells).toEqual(['2', '0', '1', '1', '–'])
    const links = row?.querySelectorAll('a').map((link) => link.getAttribute('href')) ?? []
    for (const path of ['rejections?', 'stuck?', 'documents?group=under-way&'])
      expect(links).toContain(`/broker/${path}client=${merchant.customsCode}`)
    const platform = rows.find((each) => each.text.includes(test.cast.platform.name))
    expect(platform?.text).toContain('2026-12-31')
    expect(text).not.toContain('还没有委托企业')
    const stuck = await broker.get('/broker/stuck')
    expect(stuck.dom.querySelectorAll('table[data-rows] tbody tr')).toHaveLength(2)
  })

  it('lists documents by client, page by page', async () => {
    const own = test.account(test.cast.declarants[0]).id
    const rows = async (query: string) =>
      (await broker.get(`/broker/documents${query}`)).dom.querySelectorAll(
        'table[data-rows] tbody tr',
      )
    expect(await rows('')).toHaveLength(6)
    expect(await rows(`?sender=${platformId}&group=refused`)).toHaveLength(4)
    expect(await rows(`?sender=${own}`)).toHaveLength(0)
    const [merchant] = test.cast.merchants
    const page = await broker.get(`/broker/documents?client=${merchant.customsCode}&kind=CEB311`)
    const listed = page.dom.querySelectorAll('table[data-rows] tbody tr')
    expect(listed).toHaveLength(3)
    for (const each of listed) expect(each.text).toContain(merchant.name)
    const chosen = page.dom
      .querySelectorAll('option[selected]')
      .map((one) => one.getAttribute('value'))
    expect(chosen).toEqual([merchant.customsCode, 'CEB311'])
  })

  it('shows a client’s document, its consignment, and what it may do with it', async () => {
    const [id = ''] = ids
    const page = await broker.get(`/broker/documents/${id}`)
    expect(page.status).toBe(200)
    expect(page.html).not.toContain(XSS)
    expect(page.text).toContain(XSS)
    const stranger = '01a203c9-f245-7eb0-b456-cb6014f1154c'
    expect((await broker.get(`/broker/documents/${stranger}`)).status).toBe(404)
    expect((await broker.get('/broker/consignments/none')).status).toBe(404)
  })

  it('shows mandates with their last day', async () => {
    const { text } = await broker.get('/broker/mandates')
    expect(text).toContain(test.cast.platform.name)
    expect(text).toContain('2026-12-31')
    expect((await broker.get('/broker/mandates?state=over')).text).toContain('没有已终止的委托')
  })
})

describe('rejections', () => {
  let token = ''

  it('fold into causes with what customs said, who acts and how', async () => {
    const { dom } = await broker.get(`/broker/rejections?sender=${platformId}`)
    const [cause, ...more] = dom.querySelectorAll('.cause')
    expect(more).toEqual([])
    expect(cause?.querySelector('.cause-number')?.text).toBe('4')
    expect(cause?.querySelector('dd')?.text).toContain('100')
    const link = cause?.querySelector('a.primary')?.getAttribute('href') ?? ''
    expect(link).toContain('/broker/rejections/correct?')
    expect(link).toContain('kind=CEB311')
    const list = await broker.get(`/broker/rejections/documents?sender=${platformId}`)
    expect(list.dom.querySelectorAll('table[data-rows] tbody tr')).toHaveLength(4)
  })

  it('say what is missing of a correction, and keep what was typed', async () => {
    const form = { kind: 'CEB311', sender: platformId }
    const blank = await broker.post('/broker/rejections/correct', form)
    expect(blank.status).toBe(422)
    expect(blank.text).toContain('请选择怎样更正')
    const field = await broker.post('/broker/rejections/correct', { ...form, how: 'value' })
    expect(field.text).toContain('请选择要更正的字段')
    const table = { ...form, how: 'mapping', field: 'note', mapping: 'a => b\nno pair' }
    const wrong = await broker.post('/broker/rejections/correct', table)
    expect(wrong.text).toContain('对照表第 2 行')
    expect(wrong.dom.querySelector('#f-mapping')?.text).toContain('no pair')
    const nothing = { ...form, how: 'value', field: 'currency', value: 'none at all' }
    const refused = await broker.post('/broker/rejections/correct', nothing)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('更正后通不过检查')
    expect((await broker.get('/broker/rejections/correct?kind=CEB999')).status).toBe(404)
  })

  it('are previewed place by place', async () => {
    const page = await broker.post('/broker/rejections/correct', {
      ...{ kind: 'CEB311', sender: platformId, how: 'value', field: 'note', value: '合成备注' },
    })
    expect(page.status).toBe(200)
    expect(page.dom.querySelectorAll('.changes li')).toHaveLength(4)
    expect(page.html).not.toContain(XSS)
    expect(page.dom.querySelector('.changes del')?.text).toBe(XSS)
    expect(page.dom.querySelector('.changes ins')?.text).toBe('合成备注')
    const action =
      page.dom.querySelector('form.confirm, .confirm form')?.getAttribute('action') ?? ''
    token = /corrections\/([^/]+)\/apply/.exec(action)?.[1] ?? ''
    expect(token).not.toBe('')
    const kept = await broker.get(`/broker/corrections/${token}`)
    expect(kept.dom.querySelectorAll('.changes li')).toHaveLength(4)
    const stranger = await signedIn(test, test.cast.platform)
    expect((await stranger.get(`/broker/corrections/${token}`)).status).toBe(404)
  })

  it('are corrected at once, and the correction is found again', async () => {
    const done = await broker.follow(await broker.post(`/broker/corrections/${token}/apply`))
    expect(done.status).toBe(200)
    expect(done.text).toContain('完成：4 份已重报，0 份未动')
    const again = await broker.follow(await broker.post(`/broker/corrections/${token}/apply`))
    expect(again.text).toContain('完成：4 份已重报，0 份未动')
    const list = await broker.get('/broker/rejections')
    expect(list.text).toContain('没有退单')
    expect(list.html).toContain(`/broker/corrections/${token}`)
    expect((await broker.get('/broker')).dom.querySelector('.tile-count')?.text).toBe('0')
  })

  it('are told of a correction that broke off', async () => {
    const { db } = test.database
    await db.updateTable('correction').set({ finished_at: null }).where('id', '=', token).execute()
    const page = await broker.get(`/broker/corrections/${token}`)
    expect(page.headers.get('refresh')).toBe('3')
    expect(page.dom.querySelector('progress')?.getAttribute('value')).toBe('4')
    expect(page.text).toContain('继续执行')
    const done = await broker.follow(await broker.post(`/broker/corrections/${token}/apply`))
    expect(done.text).toContain('完成：4 份已重报，0 份未动')
    expect(done.headers.get('refresh')).toBeNull()
  })
})

describe('forms of another site', () => {
  it('do nothing', async () => {
    const foreign = { origin: 'https://elsewhere.example' }
    for (const path of ['rejections/correct', 'summaries/new', 'corrections/x/apply'])
      expect((await broker.post(`/broker/${path}`, {}, foreign)).status).toBe(403)
  })
})

describe('a broker of many clients', () => {
  it('has them all in one board, page by page, those with most to do first', async () => {
    const made = Array.from({ length: 60 }, (_, i) => {
      const consignment = test.consignment(100 + i)
      const merchant = { ebcCode: `500196Z${String(100 + i)}`, ebcName: `合成商户 ${100 + i}` }
      const OrderHead = { ...consignment.order.OrderHead, ...merchant }
      return { ...consignment, order: { ...consignment.order, OrderHead } }
    })
    await takeOrders(test, made)
    const seen: string[] = []
    /** Of all clients, whichever page is looked at. */
    const tiles = new Set<string>()
    let path: string | undefined = '/broker'
    while (path !== undefined) {
      const { dom } = await broker.get(path)
      const rows = dom.querySelectorAll('#main table[data-rows] tbody')[0]?.querySelectorAll('tr')
      seen.push(...(rows ?? []).map((row) => row.querySelector('th')?.text ?? ''))
      tiles.add(dom.querySelector('.tiles')?.text ?? '')
      path = dom.querySelector('a[rel=next]')?.getAttribute('href')?.replaceAll('&amp;', '&')
    }
    expect(tiles.size).toBe(1)
    expect(seen.length).toBeGreaterThan(60)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen[0]).toContain(test.cast.merchants[0].name)
    for (const { order } of made) expect(seen.join()).toContain(order.OrderHead.ebcName)
  })
})
