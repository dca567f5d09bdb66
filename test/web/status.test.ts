/**
 * The status page as everybody gets it: what it says is what the interface says, in both languages,
 * without script; who may see more sees more; and the first page says when something is down.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measures } from '../../src/catalogue/measures.ts'
import type { StatusView } from '../../src/flow/link-status.ts'
import { BREAKER_RETRY_MAX_MS, STANDING_KEPT_MS } from '../../src/kernel/limits.ts'
import { age } from '../../src/web/status-texts.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'
import { bearer, json, type TestApp, testApp } from '../http/app.ts'
import { movingClock, START } from '../support/gateway.ts'

const clock = movingClock(START)
const CHINESE = /[\u4e00-\u9fff]+/g
/** Names of the policy and of what it measures, which its definitions give as they are. */
const official = measures.flatMap(({ en, source }) => `${en} ${source}`.match(CHINESE) ?? [])

let app: TestApp
let isAway = false
beforeAll(async () => {
  app = await testApp({
    clock,
    transport: memoryTransport('test', async () =>
      isAway ? { kind: 'unavailable', reason: '<b>503</b>' } : { kind: 'sent' },
    ),
  })
})
afterAll(() => app.close())

const page = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
  clock.advance(STANDING_KEPT_MS)
  return (await app.fetch(path, { headers })).text()
}
const textOf = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
const status = async (headers: Record<string, string> = {}) =>
  // The route's own shape.
  (await (await app.fetch('/api/v1/status', { headers })).json()) as StatusView

const order = (n: number) =>
  app.fetch(
    '/api/v1/documents',
    json(app.account(app.cast.platform).key, {
      kind: 'CEB311',
      document: app.consignment(n).order,
    }),
  )

const goDown = async (): Promise<void> => {
  isAway = true
  for (let n = 10; n < 14; n += 1) {
    await order(n)
    for (let round = 0; round < 3; round += 1) await app.runStages()
    clock.advance(BREAKER_RETRY_MAX_MS)
  }
}

describe('while all is well', () => {
  it('the page says so, and the first page says nothing', async () => {
    await order(1)
    for (let round = 0; round < 3; round += 1) await app.runStages()
    const text = textOf(await page('/status'))
    expect(text).toContain('正常 通往海关的链路全部正常')
    expect(text).toContain('模拟海关 正常')
    const home = await page('/')
    expect(home).not.toContain('class="banner"')
    expect(home).toContain('<a href="/status">运行状况</a>')
  })
})

describe('while the link is down', () => {
  beforeAll(goDown)

  it('the page says what the interface says: since when, what waits, and that nobody knows how long', async () => {
    const html = await page('/status')
    const told = await status()
    expect(told).toMatchObject({ state: 'down', stages: null })
    const [link] = told.links
    const text = textOf(html)
    expect(text).toContain(told.zh)
    expect(text).toContain(`排队报文 ${link?.queue.depth} `)
    expect(text).toContain(`最久已等 ${age(link?.queue.ageSeconds ?? 0, 'zh')} `)
    expect(text).toContain('排完预计 未知')
    expect(text).toContain(link?.advice.zh)
    expect(html).toContain('<meta http-equiv="refresh"')
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i)
  })

  it('has every word in English too', async () => {
    for (const path of ['/status?lang=en', '/?lang=en']) {
      const chinese = textOf(await page(path)).match(CHINESE) ?? []
      expect(
        chinese.filter((word) => !official.includes(word)),
        path,
      ).toEqual(['中文'])
    }
  })

  it('the first page has one line about it that leads there', async () => {
    const [banner = ''] = /<p class="banner".*?<\/p>/s.exec(await page('/')) ?? []
    expect(textOf(banner)).toContain('链路中断')
    expect(banner).toContain('href="/status"')
  })

  it('shows stages and problems only to whoever is signed in, and a queue only to its owner', async () => {
    const anybody = await page('/status')
    expect(anybody).not.toContain('data-table')
    expect(anybody).not.toContain('连续失败')
    const owner = await page('/status', bearer(app.account(app.cast.platform).key))
    expect(owner).toContain('data-table="stages"')
    expect(textOf(owner)).toContain('发送 链路中断，暂存 4 ')
    expect(textOf(owner)).toMatch(/CEB311 电子订单数据报文（进口） .*链路中断.* 4 /)
    const other = await page('/status', bearer(app.account(app.cast.carrier).key))
    expect(textOf(other)).toContain('没有排队中的单证')
    const operator = await page('/status', bearer(app.operatorKey))
    expect(operator).toContain('data-table="stages"')
    expect(operator).not.toContain('data-table="own"')
    // What a transport calls its reason is no text of ours.
    for (const html of [owner, operator]) expect(html).not.toContain('503')
  })

  it('shows an enterprise its own signers, the operator all, and nobody else any', async () => {
    const { platform, carrier } = app.cast
    const own = app.account(platform)
    expect((await status()).signers).toBeNull()
    const seen = await status(bearer(own.key))
    expect(seen.signers?.map(({ enterpriseId }) => enterpriseId)).toEqual([own.id])
    expect(seen.signers).toMatchObject([{ state: 'ok', queueDepth: 0, drainSeconds: 0 }])
    expect((await status(bearer(app.operatorKey))).signers).toHaveLength(4)
    const tableOf = (html: string) => /data-table="signers".*?<\/table>/s.exec(html)?.[0] ?? ''
    const table = tableOf(await page('/status', bearer(own.key)))
    expect(table).toContain(platform.name)
    expect(table).not.toContain(carrier.name)
    expect(tableOf(await page('/status', bearer(app.operatorKey)))).toContain(carrier.name)
    expect(await page('/status')).not.toContain(platform.name)
  })

  it('puts a signer first that cannot sign, and says since when its certificate ends', async () => {
    const { id } = app.account(app.cast.carrier)
    const keys = app.database.db.updateTable('signing_key').where('enterprise_id', '=', id)
    const day = 86_400_000
    await keys.set({ not_after: new Date(clock.now().getTime() + 5 * day) }).execute()
    const warned = (await status(bearer(app.operatorKey))).signers?.[0]
    expect(warned).toMatchObject({ enterpriseId: id, state: 'ok', daysLeft: 5 })
    expect(warned?.warning?.zh).toContain('到期')
    await keys.set({ not_after: clock.now() }).execute()
    expect((await status(bearer(app.operatorKey))).signers?.[0]).toMatchObject({
      enterpriseId: id,
      state: 'expired',
    })
    expect(textOf(await page('/status', bearer(app.operatorKey)))).toContain('已过期')
  })

  it('tells a sender by the interface what it tells him on the page', async () => {
    const headers = bearer(app.account(app.cast.platform).key)
    const queue = await (await app.fetch('/api/v1/queue', { headers })).json()
    expect(queue).toMatchObject({
      documents: 4,
      entries: [{ stage: 'dispatch', kind: 'CEB311', linkState: 'down', estimateSeconds: null }],
    })
    const unnamed = await app.fetch('/api/v1/queue', { headers: bearer(app.operatorKey) })
    expect(unnamed.status).toBe(400)
    const { id } = app.account(app.cast.platform)
    const named = await app.fetch(`/api/v1/queue?enterprise=${id}`, {
      headers: bearer(app.operatorKey),
    })
    expect(await named.json()).toMatchObject({ documents: 4 })
  })

  it('is normal again once all has gone out', async () => {
    isAway = false
    for (let round = 0; round < 6; round += 1) {
      clock.advance(BREAKER_RETRY_MAX_MS)
      await app.runStages()
    }
    clock.advance(STANDING_KEPT_MS)
    expect(await status()).toMatchObject({
      state: 'normal',
      links: [{ state: 'up', queue: { depth: 0 }, drainSeconds: 0 }],
    })
    expect(await page('/')).not.toContain('class="banner"')
  })
})

describe('ages', () => {
  it.each([
    [0, '0 秒', '0 s'],
    [59, '59 秒', '59 s'],
    [3_600, '1 小时', '1 h'],
    [11_525, '3 小时 12 分', '3 h 12 min'],
    [90_061, '1 天 1 小时', '1 d 1 h'],
  ])('of %i seconds are written in two units', (seconds, zh, en) => {
    expect(age(seconds, 'zh')).toBe(zh)
    expect(age(seconds, 'en')).toBe(en)
  })
})
