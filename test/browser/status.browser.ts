/**
 * The status page in a real browser while the far side goes and comes back: what a reader, a sender
 * and the operator see, wide and narrow, light and dark, without any script. UPDATE_PICTURES=1 puts
 * its pictures into docs/pictures.
 */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SwitchedGateway, startSwitched } from '../support/switched-gateway.ts'
import { openBrowser, PATIENCE_MS } from './chromium.ts'
import { isBrowserMissing, NARROW, PICTURES, WIDE } from './desk.ts'

const linkState = (page: Page): Promise<string | null> =>
  page.locator('[data-link="http"] .badge').getAttribute('data-state')

/** Until the page says so of the link, as its own refresh brings it. */
const until = (page: Page, state: string) =>
  expect.poll(() => linkState(page), { timeout: PATIENCE_MS }).toBe(state)

describe.skipIf(isBrowserMissing)('the status page', () => {
  let gateway: SwitchedGateway
  beforeAll(async () => {
    gateway = await startSwitched()
  })
  afterAll(() => gateway?.close())

  it('tells of a link that goes down and comes back, by itself and without script', async () => {
    const { page, complaints, close } = await openBrowser({ ...WIDE, script: false })
    await gateway.handIn(1, 5)
    await page.goto(`${gateway.url}/status`)
    expect(await page.title()).toBe('运行状况 · 渝关')
    await until(page, 'up')
    gateway.turn('off')
    await gateway.handIn(10, 150)
    await until(page, 'down')
    await expect
      .poll(() => page.locator('[data-link="http"] .facts').textContent(), { timeout: PATIENCE_MS })
      .toMatch(/排队报文[1-9]/)
    expect(await page.locator('main').textContent()).toContain('不要重复提交')
    expect(await page.locator('[data-table]').count()).toBe(0)
    await page.screenshot({ path: join(PICTURES, 'status-1440.png'), fullPage: true })
    await page.goto(gateway.url)
    expect(await page.locator('.banner').textContent()).toContain('链路中断')
    await page.locator('.banner a').click()
    await page.waitForURL(/\/status$/)
    expect(complaints).toEqual([])
    await close()
  })

  it('fits a telephone in both languages, for everybody who looks', async () => {
    const { page, complaints, close } = await openBrowser(NARROW)
    const widthOf = () => page.evaluate(() => document.documentElement.scrollWidth)
    for (const lang of ['en', 'zh']) {
      await page.goto(`${gateway.url}/status?lang=${lang}`)
      expect(await widthOf()).toBeLessThanOrEqual(NARROW.width)
    }
    await page.screenshot({ path: join(PICTURES, 'status-390.png'), fullPage: true })
    // The operator sees the stages and what failed.
    await page.evaluate(
      (body) =>
        fetch('/api/auth/sign-in/email', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          // To its end: what is on its way when the page is left counts as failed.
        }).then((answer) => answer.text()),
      JSON.stringify(gateway.operator),
    )
    for (const lang of ['en', 'zh']) {
      await page.goto(`${gateway.url}/status?lang=${lang}`)
      const stages = await page.locator('[data-table="stages"] tbody').textContent()
      expect(stages).toContain(lang === 'zh' ? '链路中断，暂存' : 'Held: link down')
      expect(await page.locator('[data-table="signers"] tbody tr').count()).toBeGreaterThan(1)
      expect(await page.locator('[data-link="http"]').textContent()).toContain('HTTP 503')
      expect(await widthOf()).toBeLessThanOrEqual(NARROW.width)
    }
    await page.screenshot({
      path: join(tmpdir(), 'yuguan-pictures', 'status-390-operator.png'),
      fullPage: true,
    })
    expect(complaints).toEqual([])
    await close()
  })

  it('turns dark with the system of the reader, and shows a sender his own queue', async () => {
    const { page, complaints, close } = await openBrowser({ ...WIDE, scheme: 'dark' })
    await page.setExtraHTTPHeaders({ authorization: `Bearer ${gateway.key}` })
    await page.goto(`${gateway.url}/status`)
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(Math.max(...(ground.match(/\d+/g) ?? []).map(Number))).toBeLessThan(64)
    expect(await page.locator('[data-table="own"] tbody').textContent()).toContain('CEB311')
    await page.screenshot({
      path: join(tmpdir(), 'yuguan-pictures', 'status-dark.png'),
      fullPage: true,
    })
    gateway.turn('on')
    await until(page, 'up')
    await expect
      .poll(() => page.locator('[data-table="own"]').count(), { timeout: PATIENCE_MS })
      .toBe(0)
    expect(complaints).toEqual([])
    await close()
  })
})
