/**
 * The broker's desk in a real browser: every page wide and narrow, light and dark, with script and
 * without, as axe-core sees it. UPDATE_PICTURES=1 puts its pictures into docs/pictures.
 */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from './axe.ts'
import { type BrowserOptions, browserMissing, openBrowser } from './chromium.ts'
import { type DemoProcess, type Person, startDemo } from './demo-process.ts'

const PICTURES =
  process.env.UPDATE_PICTURES === '1'
    ? resolve(import.meta.dirname, '../../docs/pictures')
    : join(tmpdir(), 'yuguan-pictures')

if (browserMissing !== undefined) console.warn(`skipped: ${browserMissing}`)

/** More lists than a page of documents shows, so that the list goes on. */
const CONSIGNMENTS = 60
/** A busy machine takes minutes to play the year; nothing is asserted of it. */
const START_MS = 420_000
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }
const PAGES = [
  ['board', ''],
  ['documents', '/documents'],
  ['stuck', '/stuck'],
  ['rejections', '/rejections'],
  ['summaries', '/summaries'],
  ['returns', '/returns'],
  ['mandates', '/mandates'],
] as const

describe.skipIf(browserMissing !== undefined)('the broker’s desk', () => {
  let demo: DemoProcess
  let person: Person
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    demo = await startDemo(CONSIGNMENTS)
    person = await demo.personOf('broker')
  }, START_MS)
  afterAll(() => demo?.stop())

  const signedIn = async (options: BrowserOptions) => {
    const browser = await openBrowser(options)
    const { page } = browser
    await page.goto(`${demo.url}/sign-in?next=/broker`)
    await page.getByLabel('邮箱').fill(person.email)
    await page.getByLabel('密码').fill(person.password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.waitForURL(/\/broker$/)
    return browser
  }

  it.each([
    { ...WIDE, scheme: 'light' },
    { ...NARROW, scheme: 'dark' },
  ] as const)('can be used by everybody: $width, $scheme', async (options) => {
    const { page, complaints, close } = await signedIn(options)
    for (const [name, path] of PAGES) {
      await page.goto(`${demo.url}/broker${path}`)
      expect(await axeViolations(page), name).toEqual([])
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width, name).toBeLessThanOrEqual(options.width)
      await page.screenshot({ path: join(PICTURES, `desk-broker-${name}-${options.width}.png`) })
    }
    expect(complaints).toEqual([])
    await close()
  })

  it('leads from a cause to the preview of its correction without script', async () => {
    const { page, close } = await signedIn({ ...WIDE, script: false })
    await page.getByRole('link', { name: '退单', exact: true }).first().click()
    await page
      .getByRole('link', { name: /更正一次/ })
      .first()
      .click()
    await page.getByLabel('内容不变，原样重报（系统故障时）').check()
    await page.getByRole('button', { name: '预览变化' }).click()
    await page.getByRole('heading', { level: 1, name: /请核对更正|没有可更正/ }).waitFor()
    await page.screenshot({ path: join(PICTURES, 'desk-broker-preview-1440.png') })
    await close()
  })
})
