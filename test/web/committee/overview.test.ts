/** The committee's first page over HTTP: the figures of the interface, who may read it, its language. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { placeZones } from '../../../src/web/committee/zone-map.tsx'
import { exactAmount } from '../../../src/web/figures.ts'
import { bearer } from '../../http/app.ts'
import { openScene, type Scene } from './scene.ts'

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

describe('the first page of the committee', () => {
  it('tells the four scopes as the interface does, each with its definition and moment', async () => {
    const page = await scene.committee.get('/committee')
    expect(page.status).toBe(200)
    for (const scope of ['policy', 'released', 'declared', 'settled']) {
      const told = await ask(`/api/v1/targets?scope=${scope}`)
      const card = page.dom.querySelector(`.scope-card[data-scope=${scope}]`)
      expect(card?.querySelector('.exact')?.text).toBe(`${exactAmount(told.done.amount)} CNY`)
      expect(card?.text).toContain(told.definition.zh)
      expect(card?.text).toContain('截至')
    }
    const released = await ask('/api/v1/totals')
    expect(released.total.count).toBe(5)
    expect(page.text).toContain(exactAmount(released.total.amount))
  })

  it('shows every zone on the map and in the table, each leading to its own page', async () => {
    const page = await scene.committee.get('/committee')
    const { zones } = await ask('/api/v1/zones')
    const rows = page.dom.querySelectorAll('#zones tbody tr')
    expect(rows).toHaveLength(zones.length)
    const hrefs = page.dom
      .querySelectorAll('.chart-wide .map-zone')
      .map((at) => at.getAttribute('href'))
    expect(hrefs).toHaveLength(zones.length - 1)
    expect(hrefs[0]).toMatch(/^\/committee\/zones\/CQ-\w+\?month=\d{6}$/)
  })

  it('asks for a month as the interface writes it, and says what is wrong with another', async () => {
    const page = await scene.committee.get('/committee?month=2026-01')
    expect(page.dom.querySelector('#zones .as-of')?.text).toContain('2026-01')
    expect((await scene.committee.get('/committee?month=nonsense')).status).toBe(400)
  })

  it('opens to the operator, and is not there for an enterprise', async () => {
    expect((await scene.operator.get('/committee')).status).toBe(200)
    expect((await scene.merchant.get('/committee')).status).toBe(404)
    expect((await scene.merchant.get('/desk')).location).not.toBe('/committee')
    expect((await scene.committee.get('/desk')).location).toBe('/committee')
  })

  it('speaks English', async () => {
    const page = await scene.committee.get('/committee?lang=en')
    expect(page.text).toContain('The four scopes side by side')
    expect(page.text).toContain('Lianglu Guoyuan')
    await scene.committee.get('/committee?lang=zh')
  })

  it('has neither inline style nor inline script', async () => {
    const page = await scene.committee.get('/committee')
    expect(page.dom.querySelectorAll('[style], style, script:not([src])')).toEqual([])
  })
})

describe('the map', () => {
  it('gives each zone a row and a column of its own, in the order of the compass', () => {
    const zone = (code: string) => ({ code, name: code, amount: '1', href: '/' })
    const placed = placeZones(['CQ-WZ', 'CQ-JJ', 'CQ-TLG', 'CQ-TLBLC', 'CQ-NOWHERE'].map(zone))
    expect(placed.map(({ code }) => code)).toEqual(['CQ-WZ', 'CQ-TLBLC', 'CQ-TLG', 'CQ-JJ'])
    expect(placed.find(({ code }) => code === 'CQ-WZ')?.column).toBe(3)
    expect(new Set(placed.map(({ column }) => column)).size).toBe(4)
  })
})
