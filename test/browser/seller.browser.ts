/**
 * The seller's desk in a real browser: from what waits to a consignment and its documents, and an
 * order filled in, its faults mended; wide and narrow, light and dark, with script and without.
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

const CONSIGNMENTS = 12
/** A busy machine takes minutes to play the year; nothing is asserted of it. */
const START_MS = 420_000
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }

describe.skipIf(browserMissing !== undefined)("the seller's desk", () => {
  let demo: DemoProcess
  let person: Person
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    demo = await startDemo(CONSIGNMENTS)
    person = await demo.personOf('seller')
  }, START_MS)
  afterAll(() => demo?.stop())

  const signedIn = async (options: BrowserOptions) => {
    const browser = await openBrowser(options)
    const { page } = browser
    await page.goto(`${demo.url}/sign-in?next=/seller`)
    await page.getByLabel('邮箱').fill(person.email)
    await page.getByLabel('密码').fill(person.password)
    await page.getByRole('button', { name: '登录' }).click()
    await page.waitForURL(/\/seller$/)
    return browser
  }
  const shoot = (page: Page, name: string) =>
    page.screenshot({ path: join(PICTURES, `desk-seller-${name}.png`), fullPage: true })
  const fits = async (page: Page, width: number): Promise<void> => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      width,
    )
  }

  it.each([
    ['wide', { ...WIDE }],
    ['narrow', { ...NARROW }],
    ['without script', { ...WIDE, script: false }],
  ])('leads from the list to a consignment and to a form: %s', async (name, options) => {
    const { page, complaints, close } = await signedIn(options)
    const picture = async (what: string): Promise<void> => {
      await fits(page, options.width)
      if (name !== 'without script') await shoot(page, `${what}-${options.width}`)
    }
    await page.getByRole('heading', { level: 1, name: '概览' }).waitFor()
    await picture('overview')
    await page.getByRole('link', { name: '单证', exact: true }).first().click()
    await page.getByRole('heading', { level: 1, name: '单证' }).waitFor()
    await picture('documents')
    await page.locator('table.data tbody tr td a').first().click()
    await page.getByRole('heading', { level: 1, name: /四单/ }).waitFor()
    await picture('consignment')
    await page.locator('.document-card a.row-link').first().click()
    await page.getByRole('heading', { name: '办理历程' }).waitFor()
    await picture('document')
    await page.getByRole('link', { name: '发送的报文' }).click()
    await page.getByRole('link', { name: '下载原始报文' }).waitFor()
    await picture('message')
    await page.goto(`${demo.url}/seller/hand-in/CEB311`)
    await page.getByLabel(/^订单编号 orderNo/).fill('测试订单 1')
    await page.getByRole('button', { name: '检查' }).last().click()
    await page.getByRole('heading', { name: /处问题/ }).waitFor()
    expect(await page.getByLabel(/^订单编号 orderNo/).inputValue()).toBe('测试订单 1')
    await picture('form')
    await page.goto(`${demo.url}/seller/sheets/CEB311`)
    await picture('sheet')
    // A form with faults is answered with 422, which the console mentions.
    expect(complaints.filter((each) => !/status of 422/.test(each))).toEqual([])
    await close()
  })

  it.each(['light', 'dark'] as const)('can be used by everybody: %s', async (scheme) => {
    const { page, close } = await signedIn({ ...WIDE, scheme })
    await page.goto(`${demo.url}/seller/documents`)
    const hrefs = await page
      .locator('table.data tbody tr a')
      .evaluateAll((links) => links.slice(0, 2).map((link) => link.getAttribute('href') ?? ''))
    const paths = [
      ...['/seller', '/seller/documents', '/seller/hand-in', '/seller/hand-in/CEB311'],
      ...['/seller/sheets/CEB311', '/seller/api/CEB311', '/seller/books', ...hrefs],
      `${hrefs[0]}/message`,
    ]
    const found: string[] = []
    for (const path of paths) {
      await page.goto(`${demo.url}${path}`)
      found.push(...(await axeViolations(page)).map((each) => `${path} ${each}`))
      if (scheme === 'dark' && path === hrefs[1]) await shoot(page, 'consignment-dark')
    }
    expect(found).toEqual([])
    await close()
  })
})
