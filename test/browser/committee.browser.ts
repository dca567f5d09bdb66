/**
 * The committee's desk in a real browser: from the year's target through a zone and the totals to the
 * documents behind a figure, wide and narrow, light and dark, with script and without; and the wall.
 * UPDATE_PICTURES=1 puts its pictures into docs/pictures.
 */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from './axe.ts'
import { type BrowserOptions, browserMissing, openBrowser } from './chromium.ts'
import { type DemoProcess, type Person, startDemo } from './demo-process.ts'

const PICTURES =
  process.env.UPDATE_PICTURES === '1'
    ? resolve(import.meta.dirname, '../../docs/pictures')
    : join(tmpdir(), 'yuguan-pictures')

if (browserMissing !== undefined) console.warn(`skipped: ${browserMissing}`)

/** Enough that every zone and month has some. */
const CONSIGNMENTS = 150
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }
const PAGES = [
  '/committee',
  '/committee/totals',
  '/committee/totals/documents?scope=released',
  '/committee/zones/CQ-XY',
  '/committee/scoreboard',
  '/committee/scoreboard/payment-institutions',
  '/committee/settlement',
  '/committee/reports',
] as const

describe.skipIf(browserMissing !== undefined)("the committee's desk", () => {
  let demo: DemoProcess
  let operator: Person
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    demo = await startDemo(CONSIGNMENTS)
    operator = await demo.personOf('operator')
  })
  afterAll(() => demo?.stop())

  const signedIn = async (options: BrowserOptions) => {
    const browser = await openBrowser(options)
    const { page } = browser
    await page.goto(`${demo.url}/sign-in?next=/committee`)
    await page.getByLabel('邮箱').fill(operator.email)
    await page.getByLabel('密码').fill(operator.password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.waitForURL(/\/committee$/)
    return browser
  }
  const shoot = (page: Page, name: string) =>
    page.screenshot({ path: join(PICTURES, `desk-committee-${name}.png`), fullPage: true })
  const fits = async (page: Page, width: number): Promise<void> => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    )
  }

  it.each([
    ['wide', { ...WIDE }],
    ['narrow', { ...NARROW }],
    ['without script', { ...WIDE, script: false }],
  ])('leads from the target to the documents of a figure: %s', async (name, options) => {
    const { page, complaints, close } = await signedIn(options)
    await page.getByRole('heading', { level: 1, name: /目标进度/ }).waitFor()
    await fits(page, options.width)
    if (name !== 'without script') await shoot(page, `target-${options.width}`)
    const map = page.getByRole('navigation', { name: '区域示意图' })
    await map.getByRole('link', { name: /西永/ }).click()
    await page.getByRole('heading', { level: 1, name: '重庆西永综合保税区' }).waitFor()
    await fits(page, options.width)
    if (name !== 'without script') await shoot(page, `zone-${options.width}`)

    await page.getByRole('link', { name: '统计', exact: true }).click()
    await page.getByRole('rowheader', { name: '重庆西永综合保税区' }).getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: /已放行/ }).waitFor()
    await fits(page, options.width)
    const amount = await page.locator('.totals-head .figure').textContent()
    if (name !== 'without script') await shoot(page, `totals-${options.width}`)
    await page.getByRole('link', { name: '所含单证' }).click()
    await page.getByRole('heading', { level: 1, name: '数字所含单证' }).waitFor()
    await fits(page, options.width)
    expect(await page.locator('main').textContent()).toContain(amount)
    expect(complaints).toEqual([])
    await close()
  })

  it.each(['light', 'dark'] as const)('can be used by everybody: %s', async (scheme) => {
    const { page, complaints, close } = await signedIn({ ...WIDE, scheme })
    for (const path of [...PAGES, `/wall?theme=${scheme}`]) {
      await page.goto(`${demo.url}${path}`)
      expect(await axeViolations(page), path).toEqual([])
    }
    expect(complaints).toEqual([])
    await close()
  })

  it('fits a telephone on every page', async () => {
    const { page, close } = await signedIn({ ...NARROW, scheme: 'dark' })
    for (const path of PAGES) {
      await page.goto(`${demo.url}${path}`)
      await fits(page, NARROW.width)
    }
    await shoot(page, 'reports-390-dark')
    await close()
  })

  it.each([
    [390, 844],
    [1920, 1080],
    [3840, 2160],
  ])('shows the wall without scrolling at %s × %s, live', async (width, height) => {
    const { page, complaints, close } = await openBrowser({ width, height })
    await page.goto(`${demo.url}/wall`)
    await page.locator('[data-live="on"]').waitFor()
    const cut = await page.evaluate(
      () =>
        [...document.querySelectorAll('main *')].filter((each) => {
          const { bottom, right } = each.getBoundingClientRect()
          return bottom > innerHeight + 1 || right > innerWidth + 1
        }).length,
    )
    expect(cut).toBe(0)
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(height)
    await page.screenshot({ path: join(PICTURES, `desk-committee-wall-${width}.png`) })
    expect(complaints).toEqual([])
    await close()
  })

  it('says on the wall when it is not connected', async () => {
    const { page, close } = await openBrowser(WIDE)
    await page.route('**/live', (route) => route.abort())
    await page.goto(`${demo.url}/wall`)
    await page.getByText('未连接，数字停在上述时间').waitFor()
    expect(await page.locator('[data-text="asOf"]').textContent()).toMatch(/^截至 \d{4}-/)
    await close()
  })
})
