/**
 * The broker's list without end in a real browser: pages fetched as the reader comes near, rows let
 * go and fetched again, keys over pages, and the pager where there is no script.
 */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from './axe.ts'
import { type BrowserOptions, openBrowser } from './chromium.ts'
import { listOf, registerDeclarant } from './declarant.ts'
import { isBrowserMissing, NARROW, WIDE } from './desk.ts'
import { type ServeProcess, startServe } from './serve-process.ts'

/** More pages than a browser keeps the rows of, the last one not full. */
const LISTS = 720
const PER_PAGE = 50
const PAGES = Math.ceil(LISTS / PER_PAGE)
/** As the script has it. */
const PAGES_KEPT = 12
/** A busy machine takes its time to make and take so many lists; nothing is asserted of it. */
const START_MS = 420_000

describe.skipIf(isBrowserMissing)('the list of documents', () => {
  let gateway: ServeProcess
  let person = { email: '', password: '' }
  beforeAll(async () => {
    gateway = await startServe({ RATE_LIMITS: 'read=100000/10' })
    const declarant = await registerDeclarant(gateway, 'endless@yuguan.example')
    await declarant.handIn(Array.from({ length: LISTS }, (_, n) => listOf(n + 1)))
    person = declarant.person
  }, START_MS)
  afterAll(() => gateway?.stop())

  const atList = async (options: BrowserOptions) => {
    const browser = await openBrowser(options)
    const { page } = browser
    await page.goto(`${gateway.url}/sign-in?next=/broker/documents`)
    await page.getByLabel('邮箱').fill(person.email)
    await page.getByLabel('密码').fill(person.password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.waitForURL(/\/broker\/documents$/)
    return browser
  }

  it.each([
    ['wide', WIDE],
    ['narrow', NARROW],
  ])('goes on to its end, and back to its beginning: %s', async (_, options) => {
    const { page, complaints, close } = await atList(options)
    const first = await rowIds(page)
    expect(first).toHaveLength(PER_PAGE)
    const seen = new Set(first)
    await goOn(page, PAGES, async () => {
      for (const id of await rowIds(page)) seen.add(id)
    })
    expect(seen.size).toBe(LISTS)
    expect(await page.locator('a[rel=next]').count()).toBe(0)
    expect((await rowIds(page)).length).toBeLessThanOrEqual(PAGES_KEPT * PER_PAGE)
    // What was let go keeps its height to the pixel, so that nothing jumps.
    const heights = await tbodyHeights(page)
    const spacers = await page.locator('tr[data-spacer]').count()
    expect(spacers).toBe(PAGES - PAGES_KEPT)
    expect(Math.abs((heights[1] ?? 0) - (heights[PAGES_KEPT] ?? 0))).toBeLessThan(PER_PAGE)
    const second = page.locator('table[data-rows] > tbody:nth-of-type(2)')
    expect(await second.locator('tr[data-live-id]').count()).toBe(0)
    await second.evaluate((body) => body.scrollIntoView())
    await second.locator('tr[data-live-id]').first().waitFor()
    const again = await rowIds(page)
    expect(again.slice(0, 2 * PER_PAGE)).toEqual([...seen].slice(0, 2 * PER_PAGE))
    expect((await rowIds(page)).length).toBeLessThanOrEqual(PAGES_KEPT * PER_PAGE)
    expect(complaints).toEqual([])
    await close()
  })

  it('says where rows do not come again, leads to them, and tries once more', async () => {
    const { page, close } = await atList(WIDE)
    await goOn(page, PAGES)
    const second = page.locator('table[data-rows] > tbody:nth-of-type(2)')
    await page.route('**/broker/documents?*', (route) => route.abort())
    await second.evaluate((body) => body.scrollIntoView({ block: 'center' }))
    const link = second.getByRole('link', { name: '这一页没有取回' })
    await link.waitFor()
    expect(await link.getAttribute('href')).toContain('cursor=')
    expect(await axeViolations(page)).toEqual([])
    await page.unroute('**/broker/documents?*')
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await page.waitForFunction(() => scrollY > 4 * innerHeight)
    await second.evaluate((body) => body.scrollIntoView({ block: 'center' }))
    await second.locator('tr[data-live-id]').first().waitFor()
    expect(await link.count()).toBe(0)
    await close()
  })

  it('is gone through by keys from page to page, up and down, and opens by Enter', async () => {
    const { page, close } = await atList(WIDE)
    const down = PER_PAGE + 5
    for (let step = 0; step < down; step += 1) {
      await page.keyboard.press('j')
      await page.waitForFunction(
        (at) =>
          [...document.querySelectorAll('table[data-rows] tbody tr')].findIndex((row) =>
            row.hasAttribute('data-current'),
          ) === at && document.querySelectorAll('table[data-rows] tbody tr').length > at + 1,
        step,
      )
    }
    const current = page.locator('tr[data-current]')
    expect(await current.count()).toBe(1)
    const id = await current.getAttribute('data-live-id')
    await page.keyboard.press('k')
    await page.keyboard.press('j')
    expect(await current.getAttribute('data-live-id')).toBe(id)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/broker/documents/${id}`)
    await close()
  })

  it('is gone through by keys from where the reader is once his row was let go', async () => {
    const { page, close } = await atList(WIDE)
    await goOn(page, 2)
    await page.locator('table[data-rows] > tbody:nth-of-type(2) a.row-link').first().focus()
    expect(await page.locator('tr[data-current]').count()).toBe(1)
    await page.locator('a.row-link:focus').evaluate((link) => link.blur())
    await goOn(page, PAGES)
    expect(await page.locator('tr[data-current]').count()).toBe(0)
    const at = await page.evaluate(() => scrollY)
    await page.keyboard.press('j')
    expect(await page.locator('tr[data-current]').count()).toBe(1)
    expect(Math.abs((await page.evaluate(() => scrollY)) - at)).toBeLessThan(WIDE.height)
    await close()
  })

  it('comes back to the place from which a document was opened', async () => {
    const { page, close } = await atList(WIDE)
    await goOn(page, 4)
    const row = page.locator('table[data-rows] > tbody:nth-of-type(4) tr').nth(30)
    const id = await row.getAttribute('data-live-id')
    await row.locator('a.row-link').click()
    await page.waitForURL(`**/broker/documents/${id}`)
    await page.goBack()
    await page.locator(`tr[data-live-id="${id}"][data-current]`).waitFor()
    // Pages before it are led to from above the list, whose end is far.
    const above = page.locator('[data-endless] > :first-child a[rel=prev]')
    expect(await axeViolations(page)).toEqual([])
    await above.click()
    await page.waitForFunction(
      (gone) => document.querySelector(`tr[data-live-id="${gone}"]`) === null,
      id,
    )
    expect((await rowIds(page)).length).toBeGreaterThanOrEqual(PER_PAGE)
    await close()
  })

  it('has a link to the next page, and back, where there is no script', async () => {
    const { page, close } = await atList({ ...WIDE, script: false })
    const seen = [await rowIds(page)]
    for (let turn = 1; turn < 4; turn += 1) {
      await page.getByRole('link', { name: '下一页' }).click()
      await page.waitForURL(/cursor=/)
      seen.push(await rowIds(page))
    }
    expect(new Set(seen.flat()).size).toBe(4 * PER_PAGE)
    await page.getByRole('link', { name: '上一页' }).click()
    expect(await rowIds(page)).toEqual(seen[2])
    await close()
  })
})

const rowIds = (page: Page): Promise<readonly string[]> =>
  page
    .locator('table[data-rows] tbody tr[data-live-id]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-live-id') ?? ''))

const pageCount = (page: Page): Promise<number> => page.locator('table[data-rows] > tbody').count()

/** Scrolls to the end until so many pages came. */
const goOn = async (page: Page, pages: number, look?: () => Promise<void>): Promise<void> => {
  for (let count = await pageCount(page); count < pages; count = await pageCount(page)) {
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    await page.waitForFunction(
      (before) => document.querySelectorAll('table[data-rows] > tbody').length > before,
      count,
    )
    await look?.()
  }
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
}

const tbodyHeights = (page: Page): Promise<readonly number[]> =>
  page
    .locator('table[data-rows] > tbody')
    .evaluateAll((bodies) => bodies.map((body) => body.getBoundingClientRect().height))
