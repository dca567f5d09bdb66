/** Pages of documents that stay open: what news change of them is brought in, and the reader is not disturbed. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser } from './chromium.ts'
import { changedList, listOf, registerDeclarant } from './declarant.ts'
import { isBrowserMissing, WIDE } from './desk.ts'
import { type ServeProcess, startServe } from './serve-process.ts'

const START_MS = 420_000

describe.skipIf(isBrowserMissing)('a page of documents left open', () => {
  let gateway: ServeProcess
  let declarant: Awaited<ReturnType<typeof registerDeclarant>>
  beforeAll(async () => {
    gateway = await startServe({})
    declarant = await registerDeclarant(gateway, 'live@yuguan.example')
  }, START_MS)
  afterAll(() => gateway?.stop())

  /** At a page of the broker's desk that listens; `reads` counts how often its address is asked for. */
  const at = async (path: string) => {
    const browser = await openBrowser(WIDE)
    const { page } = browser
    const listens = page.waitForResponse(/\/desk\/live$/)
    await page.goto(`${gateway.url}/sign-in?next=${path}`)
    await page.getByLabel('邮箱').fill(declarant.person.email)
    await page.getByLabel('密码').fill(declarant.person.password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.waitForURL(`**${path}`)
    await listens
    await page.evaluate(() => Object.assign(globalThis, { isStillThis: true }))
    let reads = 0
    page.on('request', (request) => {
      if (request.url() === `${gateway.url}${path}`) reads += 1
    })
    return { ...browser, reads: () => reads }
  }
  const isStillThis = (page: Page): Promise<boolean> =>
    page.evaluate(() => 'isStillThis' in globalThis)

  it('shows a new version and keeps focus, what is open, and the reader’s place', async () => {
    const [id = ''] = await declarant.handIn([listOf(1)])
    const { page, complaints, reads, close } = await at(`/broker/documents/${id}`)
    expect(await page.locator('[data-live-region]').count()).toBe(6)
    const line = page.locator('.document-content details > summary').first()
    await line.click()
    const before = await line.boundingBox()
    expect(before?.y).toBeGreaterThan(0)
    await declarant.handIn([changedList(1, '已改')])
    await page.locator('[data-live-region=versions] table').waitFor()
    expect(await page.locator('.field-values dd', { hasText: '已改' }).count()).toBe(1)
    expect(await page.locator('.document-content details[open]').count()).toBe(1)
    expect(await line.evaluate((summary) => summary === document.activeElement)).toBe(true)
    const after = await line.boundingBox()
    // What came above it moved nothing under the reader's eyes; a new field beside it may.
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(WIDE.height / 4)
    expect(await page.locator('[data-told]').textContent()).toContain('已变为')
    expect(reads()).toBe(1)
    expect(await isStillThis(page)).toBe(true)
    expect(complaints).toEqual([])
    await close()
  })

  it('waits with a part in which the reader marks text', async () => {
    const [id = ''] = await declarant.handIn([listOf(2)])
    const { page, reads, close } = await at(`/broker/documents/${id}`)
    const note = page.locator('.field-values dd', { hasText: '已改' })
    const heading = page.locator('.document-content h2')
    await heading.evaluate((each) => getSelection()?.selectAllChildren(each))
    await declarant.handIn([changedList(2, '已改')])
    await page.locator('[data-live-region=versions] table').waitFor()
    expect(await note.count()).toBe(0)
    await page.evaluate(() => getSelection()?.removeAllRanges())
    await note.waitFor()
    expect(reads()).toBe(1)
    await close()
  })

  it('shows a document that joins the consignment, once somebody looks', async () => {
    const list = listOf(3)
    const { orderNo } = list.InventoryHead
    await declarant.handIn([list])
    const { page, reads, close } = await at(`/broker/consignments/${orderNo}`)
    const second = listOf(4)
    const own = { ...second.InventoryHead, orderNo }
    await look(page, false)
    await declarant.handIn([{ ...second, InventoryHead: own }])
    await page.locator('[data-told]', { hasText: '已变为' }).waitFor({ state: 'attached' })
    expect(reads()).toBe(0)
    await look(page, true)
    await page.locator('.document-card[data-live-id]').nth(1).waitFor()
    expect(reads()).toBe(1)
    expect(await isStillThis(page)).toBe(true)
    await close()
  })
})

/** A headless browser never covers a page: the page is told what one that does would tell it. */
const look = (page: Page, isLookedAt: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, !isLookedAt)
