/**
 * The first page in a real browser while a demonstration runs: figures that move, charts, the
 * switch of language, narrow and dark screens, and a reader without script. UPDATE_PICTURES=1 puts
 * its pictures into docs/pictures.
 */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TargetsView } from '../../src/flow/targets.ts'
import { exactAmount } from '../../src/web/figures.ts'
import { openBrowser, PATIENCE_MS } from './chromium.ts'
import { type DemoProcess, startDemo } from './demo-process.ts'
import { isBrowserMissing, NARROW, PICTURES, WIDE } from './desk.ts'

/** Enough that documents still pass when the browser has started. */
const CONSIGNMENTS = 1_000

/** Number in a place of the page. */
const numberIn = async (page: Page, selector: string): Promise<number> =>
  Number(((await page.locator(selector).textContent()) ?? '').replaceAll(',', ''))

const counted = (page: Page, step: string): Promise<number> =>
  numberIn(page, `[data-step="${step}"] [data-count]`)

const isLive = (page: Page): Promise<void> =>
  page.locator('[data-live="on"]').waitFor({ state: 'visible' })

const chartsDrawn = async (page: Page): Promise<number> => {
  await page.locator('[data-chart] canvas').nth(1).waitFor()
  return page.locator('[data-chart] canvas').count()
}

/** What was reached of the target as the interface gives it, in the words of the page. */
const amountOfInterface = async ({ url }: DemoProcess): Promise<string> => {
  const response = await fetch(`${url}/api/v1/targets`)
  // The interface's own shape.
  const { done } = (await response.json()) as TargetsView
  return `${exactAmount(done.amount)} 元`
}

/** Nine zones, and what no rule places. */
const ZONE_ROWS = 10

describe.skipIf(isBrowserMissing)('the first page', () => {
  let demo: DemoProcess
  beforeAll(async () => {
    demo = await startDemo(CONSIGNMENTS)
  })
  afterAll(() => demo?.stop())

  it('moves while documents pass, without a word of complaint', async () => {
    const { page, complaints, close } = await openBrowser(WIDE)
    await page.goto(demo.url)
    expect(await page.title()).toBe('渝关 · 重庆跨境电商单一窗口')
    await isLive(page)
    const moves = async (step: string): Promise<void> => {
      await expect.poll(() => counted(page, step), { timeout: PATIENCE_MS }).toBeGreaterThan(0)
      const before = await counted(page, step)
      await expect.poll(() => counted(page, step), { timeout: PATIENCE_MS }).toBeGreaterThan(before)
    }
    await Promise.all(['taken', 'composed', 'sent', 'replied', 'released'].map(moves))
    const amount = await page.locator('[data-text="amountExact"]').textContent()
    await expect
      .poll(() => page.locator('[data-text="amountExact"]').textContent(), { timeout: PATIENCE_MS })
      .not.toBe(amount)
    expect(await chartsDrawn(page)).toBe(2)
    await demo.finished()
    await expect
      .poll(() => page.locator('[data-text="amountExact"]').textContent(), { timeout: PATIENCE_MS })
      .toBe(await amountOfInterface(demo))
    await page.screenshot({ path: join(PICTURES, 'home-1440.png'), fullPage: true })
    expect(complaints).toEqual([])
    await close()
  })

  it('ends with the figures of the interface, and switches to English', async () => {
    await demo.finished()
    const { page, complaints, close } = await openBrowser(WIDE)
    await page.goto(demo.url)
    await isLive(page)
    expect(await chartsDrawn(page)).toBe(2)
    const told = await amountOfInterface(demo)
    await expect
      .poll(() => page.locator('[data-text="amountExact"]').textContent(), { timeout: PATIENCE_MS })
      .toBe(told)
    expect(await page.locator('[data-table="zone"] tbody tr').count()).toBe(ZONE_ROWS)

    await page.locator('a.language').click()
    await page.waitForURL(/lang=en/)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await page.locator('h1').textContent()).toMatch(/^Progress to the \d{4} target . \S.*$/)
    await isLive(page)
    expect(await chartsDrawn(page)).toBe(2)
    await page.goto(demo.url)
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(complaints).toEqual([])
    await close()
  })

  it('fits a telephone without scrolling sideways, in both languages', async () => {
    await demo.finished()
    const { page, complaints, close } = await openBrowser(NARROW)
    for (const lang of ['en', 'zh']) {
      await page.goto(`${demo.url}/?lang=${lang}`)
      await isLive(page)
      expect(await chartsDrawn(page)).toBe(2)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(NARROW.width)
    }
    await page.screenshot({ path: join(PICTURES, 'home-390.png'), fullPage: true })
    expect(complaints).toEqual([])
    await close()
  })

  it('says the same without script, its charts as drawings', async () => {
    await demo.finished()
    const { page, close } = await openBrowser({ ...WIDE, script: false })
    await page.goto(demo.url)
    expect(await page.locator('.chart-wide svg').count()).toBe(2)
    expect(await page.locator('.chart-wide svg').first().isVisible()).toBe(true)
    expect(await page.locator('.chart-narrow svg').first().isVisible()).toBe(false)
    expect(await page.locator('[data-table="zone"] tbody tr').count()).toBe(ZONE_ROWS)
    await close()
  })

  it('turns dark with the system of the reader', async () => {
    await demo.finished()
    const { page, complaints, close } = await openBrowser({ ...WIDE, scheme: 'dark' })
    await page.goto(demo.url)
    await isLive(page)
    expect(await chartsDrawn(page)).toBe(2)
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const brightest = Math.max(...(ground.match(/\d+/g) ?? []).map(Number))
    expect(brightest).toBeLessThan(64)
    expect(complaints).toEqual([])
    await close()
  })
})
