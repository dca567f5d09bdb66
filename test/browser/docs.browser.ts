/**
 * The documentation in a real browser: nothing to complain about, nothing that scrolls sideways on a
 * telephone, the switch of language, the search box, and a reader without script.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import { openBrowser } from './chromium.ts'
import { isBrowserMissing, NARROW, PICTURES, theDemo, WIDE } from './desk.ts'

/** One page of each sort, and the widest tables. */
const PAGES = [
  '/docs',
  '/docs/messages',
  '/docs/messages/CEB603',
  '/docs/messages/CEB622',
  '/docs/messages/CEB900',
  '/docs/fields',
  '/docs/code-lists',
  '/docs/code-lists/customs',
  '/problems',
  '/problems/DOCUMENTS-REFUSED',
]

describe.skipIf(isBrowserMissing)('the documentation', () => {
  it.each([
    ['desk', WIDE],
    ['telephone', NARROW],
  ] as const)('fits a %s in both languages, without a word of complaint', async (_name, size) => {
    const { page, complaints, close } = await openBrowser(size)
    const hosts = new Set<string>()
    page.on('request', (request) => hosts.add(new URL(request.url()).origin))
    for (const lang of ['en', 'zh']) {
      for (const path of PAGES) {
        await page.goto(`${theDemo().url}${path}?lang=${lang}`)
        // Examples unfold; the longest lines must not push the page wider.
        await page.evaluate(() => {
          for (const folded of document.querySelectorAll('details')) folded.open = true
        })
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(`${path} ${width}`).toBe(`${path} ${size.width}`)
      }
    }
    await page.goto(`${theDemo().url}/docs/messages/CEB311`)
    await page.screenshot({ path: join(PICTURES, `docs-${size.width}.png`) })
    expect([...hosts]).toEqual([new URL(theDemo().url).origin])
    expect(complaints).toEqual([])
    await close()
  })

  it('switches to English on the page one reads, and stays so on the next', async () => {
    const { page, complaints, close } = await openBrowser(WIDE)
    await page.goto(`${theDemo().url}/docs/messages/CEB621`)
    expect(await page.locator('h1').textContent()).toBe('CEB621 进口清单数据报文')
    await page.locator('a.language').click()
    await page.waitForURL(/CEB621\?lang=en/)
    expect(await page.locator('h1').textContent()).toBe('CEB621 Import list')
    await page.locator('a.kind', { hasText: 'CEB622' }).first().click()
    expect(await page.locator('h1').textContent()).toBe('CEB622 Reply to an import list')
    expect(complaints).toEqual([])
    await close()
  })

  it('finds fields and messages by name, Chinese name and number, and leads to the place', async () => {
    const { page, complaints, close } = await openBrowser(WIDE)
    await page.goto(`${theDemo().url}/docs?lang=zh`)
    const box = page.locator('[data-search-box]')
    const results = page.locator('[data-search-results] li')
    for (const [typed, first] of [
      ['ActuralP', 'acturalPaid 实际支付金额 CEB311'],
      ['623', 'CEB623 撤销申请单数据报文（进口）'],
      ['毛重', 'grossWeight'],
    ] as const) {
      await box.fill(typed)
      await expect
        .poll(async () => (await results.first().innerText()).replaceAll(/\s+/g, ' '))
        .toContain(first)
    }
    await box.fill('nothing of the kind')
    await expect.poll(() => results.allInnerTexts()).toEqual(['没有符合的字段或报文'])
    await box.fill('acturalPaid')
    await results.first().locator('a').click()
    await page.waitForURL(/CEB311#OrderHead\.acturalPaid$/)
    expect(await page.locator('tr:target code').first().textContent()).toBe('acturalPaid')
    expect(complaints).toEqual([])
    await close()
  })

  it('gives its examples to the clipboard', async () => {
    const { page, complaints, close } = await openBrowser(WIDE)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${theDemo().url}/docs/messages/CEB411`)
    const example = page.locator('details.source').first()
    await example.locator('summary').click()
    await example.locator('button').click()
    await expect.poll(() => example.locator('button').textContent()).toBe('已复制')
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(JSON.parse(copied)).toHaveProperty('PaymentHead.payTransactionId')
    expect(complaints).toEqual([])
    await close()
  })

  it('is whole without script: every kind, its fields, and examples that unfold', async () => {
    const { page, close } = await openBrowser({ ...NARROW, script: false })
    await page.goto(`${theDemo().url}/docs/messages`)
    expect(await page.locator('main table a.kind').count()).toBe(messages.length)
    await page.locator('main a.kind', { hasText: 'CEB303' }).click()
    expect(await page.locator('table.fields').count()).toBe(2)
    expect(await page.locator('[data-search]').isVisible()).toBe(false)
    expect(await page.locator('button:visible').count()).toBe(0)
    const example = page.locator('details.source').first()
    await example.locator('summary').click()
    expect(await example.locator('pre').isVisible()).toBe(true)
    await close()
  })
})
