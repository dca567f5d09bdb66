/**
 * The account desk in a real browser: wide and narrow, light and dark, by keyboard, without script,
 * and as axe-core sees it.
 */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SwitchedGateway, startSwitched } from '../support/switched-gateway.ts'
import { axeViolations } from './axe.ts'
import { openBrowser } from './chromium.ts'
import { isBrowserMissing, NARROW, WAYS, WIDE } from './desk.ts'

const PICTURES = join(tmpdir(), 'yuguan-pictures')

const PAGES = ['members', 'keys', 'subscriptions', 'signing', 'mandates', 'links', 'rules']

describe.skipIf(isBrowserMissing)('the account desk', () => {
  let gateway: SwitchedGateway
  let owner: { readonly email: string; readonly password: string }
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    gateway = await startSwitched()
    owner = await ownerOf(gateway)
  })
  afterAll(() => gateway?.close())

  const signIn = async (page: Page, person = owner, next = '/account'): Promise<void> => {
    await page.goto(`${gateway.url}/sign-in?next=${encodeURIComponent(next)}`)
    await page.fill('#f-email', person.email)
    await page.fill('#f-password', person.password)
    await page.click('main button[type=submit]')
    await page.waitForURL(`**${next}`)
  }

  const statusWith = async (key: string): Promise<number> =>
    (await fetch(`${gateway.url}/api/v1/me`, { headers: { authorization: `Bearer ${key}` } }))
      .status

  it('signs in, makes a key and shows it once, without script', async () => {
    const { page, complaints, close } = await openBrowser({ ...WIDE, script: false })
    await signIn(page, owner, '/account/keys')
    await page.fill('main #f-name', 'till')
    await page.click('main form[action="/account/keys"] button')
    expect(await page.locator('[data-once=key] code').textContent()).toMatch(/^ygk_/)
    await page.goto(`${gateway.url}/account/keys`)
    expect(await page.locator('tbody tr', { hasText: 'till' }).count()).toBe(1)
    expect(complaints).toEqual([])
    await close()
  })

  it.each(WAYS)('adds a user, who signs in, and ends a key: %s', async (name, options) => {
    const { page, complaints, close } = await openBrowser(options)
    await signIn(page, owner, '/account/members')
    const email = `clerk-${name.replace(' ', '-')}@yuguan.example`
    await page.getByLabel('姓名').fill('合成职员')
    await page.getByLabel('电子邮箱').fill(email)
    await page.getByRole('main').getByRole('button', { name: '添加' }).click()
    const password = await page.locator('[data-once=password] code').textContent()

    await page.goto(`${gateway.url}/account/keys`)
    await page.getByRole('main').getByLabel('名称').fill(`till ${name}`)
    await page.locator('main form[action="/account/keys"] button').click()
    const key = (await page.locator('[data-once=key] code').textContent()) ?? ''
    expect(await statusWith(key)).toBe(200)
    await page.goto(`${gateway.url}/account/keys`)
    await page.getByRole('button', { name: `吊销 till ${name}` }).click()
    await page.getByRole('heading', { level: 1, name: /^吊销密钥/ }).waitFor()
    await page.getByRole('main').getByRole('button', { name: '吊销' }).click()
    await page.waitForURL('**/account/keys')
    expect(await statusWith(key)).toBe(401)
    expect(complaints).toEqual([])
    await close()

    const clerk = await openBrowser(options)
    await signIn(clerk.page, { email, password: password ?? '' })
    await clerk.close()
  })

  it('fits a telephone in both languages, and turns dark when asked to', async () => {
    const { page, complaints, close } = await openBrowser(NARROW)
    await signIn(page)
    for (const lang of ['en', 'zh'])
      for (const path of ['', ...PAGES.map((name) => `/${name}`), '/two-factor']) {
        await page.goto(`${gateway.url}/account${path}?lang=${lang}`)
        const width = await page.evaluate(() => document.documentElement.scrollWidth)
        expect(width, `${path} in ${lang}`).toBeLessThanOrEqual(NARROW.width)
      }
    await page.goto(`${gateway.url}/account/subscriptions`)
    await page.fill('#f-url', `https://hooks.example.com/${'yuguan'.repeat(20)}`)
    await page.click('main form[action="/account/subscriptions"] button')
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth)
    expect(await fits()).toBeLessThanOrEqual(NARROW.width)
    await page.click('[data-once=secret] a')
    await page.waitForSelector('form[action$="/remove"]')
    expect(await fits()).toBeLessThanOrEqual(NARROW.width)
    await page.click('form[action$="/remove"] button')
    await page.waitForSelector('.confirm')
    expect(await fits()).toBeLessThanOrEqual(NARROW.width)
    await page.goto(`${gateway.url}/account/keys`)
    await page.screenshot({ path: join(PICTURES, 'account-390.png'), fullPage: true })
    await page.click('.person summary')
    await page.click('.theme button[value=dark]')
    await page.waitForURL('**/account/keys')
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(Math.max(...(ground.match(/\d+/g) ?? []).map(Number))).toBeLessThan(64)
    await page.screenshot({ path: join(PICTURES, 'account-dark-390.png'), fullPage: true })
    expect(complaints).toEqual([])
    await close()
  })

  it('can be used by everybody, light and dark', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const { page, complaints, close } = await openBrowser({ ...WIDE, scheme })
      await page.goto(`${gateway.url}/sign-in`)
      expect(await axeViolations(page)).toEqual([])
      await signIn(page)
      for (const path of ['', ...PAGES.map((name) => `/${name}`), '/two-factor', '/nothing-here']) {
        await page.goto(`${gateway.url}/account${path}`)
        if (path === '/nothing-here') continue
        expect(await axeViolations(page), `${path} ${scheme}`).toEqual([])
      }
      await page.screenshot({ path: join(PICTURES, `account-1440-${scheme}.png`), fullPage: true })
      await page.goto(`${gateway.url}/account/rules`)
      await page.screenshot({ path: join(PICTURES, `account-rules-${scheme}.png`) })
      expect(complaints.filter((text) => !text.includes('404'))).toEqual([])
      await close()
    }
  })

  it('goes by keys: search, rows, help', async () => {
    const { page, complaints, close } = await openBrowser(WIDE)
    await signIn(page, owner, '/account/members')
    await page.keyboard.press('/')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('search-q')
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    expect(await page.locator('tr[data-current]').count()).toBe(1)
    await page.keyboard.press('?')
    expect(await page.locator('dialog#keys').isVisible()).toBe(true)
    expect(await axeViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    expect(await page.locator('dialog#keys').isVisible()).toBe(false)
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
    expect(complaints).toEqual([])
    await close()
  })
})

/** Makes somebody an owner of the enterprise whose key the gateway has. */
const ownerOf = async (gateway: SwitchedGateway) => {
  const asKey = { authorization: `Bearer ${gateway.key}` }
  const me = await fetch(`${gateway.url}/api/v1/me`, { headers: asKey })
  // The routes' own shapes.
  const { enterprises } = (await me.json()) as { enterprises: { id: string }[] }
  const signedIn = await fetch(`${gateway.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin: gateway.url, 'content-type': 'application/json' },
    body: JSON.stringify(gateway.operator),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((set) => set.split(';')[0])
    .join('; ')
  const made = await fetch(`${gateway.url}/api/v1/enterprises/${enterprises[0]?.id}/members`, {
    method: 'POST',
    headers: { cookie, origin: gateway.url, 'content-type': 'application/json' },
    body: JSON.stringify({ name: '陈合成', email: 'owner@yuguan.example', role: 'owner' }),
  })
  if (made.status !== 201) throw new Error(await made.text())
  return (await made.json()) as { email: string; password: string }
}
