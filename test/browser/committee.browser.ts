/**
 * The committee's desk in a real browser: from the year's target through a zone and the totals to the
 * documents behind a figure, wide and narrow, light and dark, with script and without; and the wall.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addDays, chinaDay } from '../../src/kernel/clock.ts'
import { axeViolations } from './axe.ts'
import { type BrowserOptions, openBrowser } from './chromium.ts'
import {
  fits,
  isBrowserMissing,
  NARROW,
  openDesk,
  PICTURES,
  shoot,
  theDemo,
  WAYS,
  WIDE,
} from './desk.ts'

/** The last one that is over; the demonstration plays up to today. */
const MONTH = addDays(`${chinaDay(new Date()).slice(0, 7)}-01`, -1).slice(0, 7)
const PAGES = [
  '/committee',
  '/committee/totals',
  '/committee/totals/documents?scope=released',
  '/committee/zones/CQ-XY',
  '/committee/scoreboard',
  '/committee/scoreboard/payment-institutions',
  '/committee/settlement',
  '/committee/settlement/open?of=lines',
  '/committee/reports',
] as const

describe.skipIf(isBrowserMissing)("the committee's desk", () => {
  const signedIn = (options: BrowserOptions) => openDesk('committee', options)

  it.each(WAYS)('leads from the target to the documents of a figure: %s', async (name, options) => {
    const { page, complaints, close } = await signedIn(options)
    await page.getByRole('heading', { level: 1, name: /目标进度/ }).waitFor()
    await fits(page, options.width)
    if (name !== 'without script') await shoot(page, `desk-committee-target-${options.width}`)
    const map = page.getByRole('navigation', { name: '区域示意图' })
    await map.getByRole('link', { name: /西永/ }).click()
    await page.getByRole('heading', { level: 1, name: '重庆西永综合保税区' }).waitFor()
    await fits(page, options.width)
    if (name !== 'without script') await shoot(page, `desk-committee-zone-${options.width}`)

    await page.getByRole('link', { name: '统计', exact: true }).click()
    await page.getByRole('rowheader', { name: '重庆西永综合保税区' }).getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: /已放行/ }).waitFor()
    await fits(page, options.width)
    const amount = await page.locator('.totals-head .figure').textContent()
    if (name !== 'without script') await shoot(page, `desk-committee-totals-${options.width}`)
    await page.getByRole('link', { name: '所含单证' }).click()
    await page.getByRole('heading', { level: 1, name: '数字所含单证' }).waitFor()
    await fits(page, options.width)
    expect(await page.locator('main').textContent()).toContain(amount)
    expect(complaints).toEqual([])
    await close()
  })

  it.each(WAYS)('opens what is not settled down to a masked list: %s', async (name, options) => {
    const { page, complaints, close } = await signedIn(options)
    await page.getByRole('link', { name: '结算', exact: true }).click()
    await page.getByRole('heading', { name: '三方核对' }).waitFor()
    await fits(page, options.width)
    if (name !== 'without script') await shoot(page, `desk-committee-settlement-${options.width}`)
    await page.getByRole('link', { name: '已放行、未结算的清单: 逐笔查看' }).click()
    await page.getByRole('heading', { level: 1, name: '已放行、未结算的清单' }).waitFor()
    await fits(page, options.width)
    await page.getByRole('rowheader').getByRole('link').first().click()
    await page.getByRole('heading', { name: '办理历程' }).waitFor()
    await fits(page, options.width)
    expect(await page.getByRole('link', { name: /报文/ }).count()).toBe(0)
    expect(complaints).toEqual([])
    await close()
  })

  it.each(WAYS)('signs a report and takes its files: %s', async (name, options) => {
    const operator = await openDesk('operator', options, '/committee/reports')
    await operator.page.getByLabel('月份').fill(MONTH)
    await operator.page.getByRole('button', { name: '发布报告' }).click()
    await operator.page.getByRole('button', { name: '发布', exact: true }).click()
    await operator.page.getByText('已发布。').waitFor()
    await operator.close()

    const { page, complaints, close } = await signedIn(options)
    await page.goto(`${theDemo().url}/committee/reports`)
    await fits(page, options.width)
    await page.getByRole('row', { name: MONTH }).getByRole('link', { name: /签发/ }).click()
    await page.getByLabel('签发角色').fill(`审核（${name}）`)
    await page.getByRole('button', { name: '确认签发' }).click()
    await page.getByText('已签发').first().waitFor()
    for (const [format, magic] of [
      ['PDF', '%PDF'],
      ['XLSX', 'PK'],
    ] as const) {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page
          .getByRole('row', { name: MONTH })
          .getByRole('link', { name: new RegExp(format, 'i') })
          .click(),
      ])
      const bytes = await readFile(await file.path())
      expect(bytes.subarray(0, magic.length).toString('latin1')).toBe(magic)
    }
    expect(complaints).toEqual([])
    await close()
  })

  it.each(['light', 'dark'] as const)('can be used by everybody: %s', async (scheme) => {
    const { page, complaints, close } = await signedIn({ ...WIDE, scheme })
    for (const path of [...PAGES, `/wall?theme=${scheme}`]) {
      await page.goto(`${theDemo().url}${path}`)
      expect(await axeViolations(page), path).toEqual([])
    }
    expect(complaints).toEqual([])
    await close()
  })

  it('fits a telephone on every page', async () => {
    const { page, close } = await signedIn({ ...NARROW, scheme: 'dark' })
    for (const path of PAGES) {
      await page.goto(`${theDemo().url}${path}`)
      await fits(page, NARROW.width)
    }
    await shoot(page, 'desk-committee-reports-390-dark')
    await close()
  })

  it.each([
    [390, 844],
    [1920, 1080],
    [3840, 2160],
  ])('shows the wall without scrolling at %s × %s, live', async (width, height) => {
    const { page, complaints, close } = await openBrowser({ width, height })
    await page.goto(`${theDemo().url}/wall`)
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
    await page.goto(`${theDemo().url}/wall`)
    await page.getByText('未连接，数字停在上述时间').waitFor()
    expect(await page.locator('[data-text="asOf"]').textContent()).toMatch(/^截至 \d{4}-/)
    await close()
  })
})
