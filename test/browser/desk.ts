/**
 * What the suites of the desks share: the demonstration and its people, the sizes of screens, and where
 * pictures go. UPDATE_PICTURES=1 puts them into docs/pictures.
 */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, inject } from 'vitest'
import { type BrowserOptions, browserMissing, type OpenBrowser, openBrowser } from './chromium.ts'
import type { Person } from './demo-process.ts'
import type { Desk, SharedDemo } from './one-demo.ts'

if (browserMissing !== undefined) console.warn(`skipped: ${browserMissing}`)

export const isBrowserMissing = browserMissing !== undefined

export const WIDE = { width: 1440, height: 900 }
export const NARROW = { width: 390, height: 844 }

/** Each main task is done in these three. */
export const WAYS = [
  ['wide', WIDE],
  ['narrow', NARROW],
  ['without script', { ...WIDE, script: false }],
] as const satisfies readonly (readonly [string, BrowserOptions])[]

export const PICTURES =
  process.env.UPDATE_PICTURES === '1'
    ? resolve(import.meta.dirname, '../../docs/pictures')
    : join(tmpdir(), 'yuguan-pictures')
mkdirSync(PICTURES, { recursive: true })

export const shoot = (page: Page, name: string): Promise<unknown> =>
  page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })

export const theDemo = (): SharedDemo => {
  const demo = inject('demo')
  if (demo === undefined) throw new Error('no demonstration was started')
  return demo
}

/** As a person does it, by labels; ends at `next`. */
export const signIn = async (page: Page, person: Person, next: string): Promise<void> => {
  const { url } = theDemo()
  await page.goto(`${url}/sign-in?next=${encodeURIComponent(next)}`)
  await page.getByLabel('邮箱').fill(person.email)
  await page.getByLabel('密码').fill(person.password)
  await page.getByRole('main').getByRole('button', { name: '登录' }).click()
  await page.waitForURL(`${url}${next}`)
}

/** A browser of its own at a desk of the demonstration. */
export const openDesk = async (
  desk: Desk,
  options: BrowserOptions,
  next = `/${desk}`,
): Promise<OpenBrowser> => {
  const browser = await openBrowser(options)
  await signIn(browser.page, theDemo().people[desk], next)
  return browser
}

/** Nothing scrolls sideways. */
export const fits = async (page: Page, width: number, told = page.url()): Promise<void> => {
  const needed = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(needed, told).toBeLessThanOrEqual(width)
}
