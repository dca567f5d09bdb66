/**
 * The operator's desk in a real browser, as a person uses it: signs in, looks around, registers an
 * enterprise, previews and loads a reference table, asks for a rehearsal. With and without script,
 * wide and narrow, light and dark. UPDATE_PICTURES=1 puts its pictures into docs/pictures.
 */
import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { axeViolations } from './axe.ts'
import { browserMissing, openBrowser } from './chromium.ts'
import { type DemoProcess, type Person, startDemo } from './demo-process.ts'

const PICTURES =
  process.env.UPDATE_PICTURES === '1'
    ? resolve(import.meta.dirname, '../../docs/pictures')
    : join(tmpdir(), 'yuguan-pictures')

if (browserMissing !== undefined) console.warn(`skipped: ${browserMissing}`)

const CONSIGNMENTS = 30
const WIDE = { width: 1440, height: 900 }
const NARROW = { width: 390, height: 844 }
const PATHS = [
  ...['', '/replies', '/codes', '/links', '/signers', '/enterprises', '/enterprises/new'],
  ...['/reference', '/reference/rule-values', '/disclosures', '/audit', '/accounts'],
  '/rehearsals',
].map((rest) => `/operator${rest}`)

describe.skipIf(browserMissing !== undefined)('the desk of the operator', () => {
  let demo: DemoProcess
  let operator: Person
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    demo = await startDemo(CONSIGNMENTS)
    operator = await demo.personOf('operator')
  }, 600_000)
  afterAll(() => demo?.stop())

  const signIn = async (page: Page): Promise<void> => {
    await page.goto(`${demo.url}/sign-in?next=/operator`)
    await page.getByLabel('邮箱').fill(operator.email)
    await page.getByLabel('密码', { exact: false }).first().fill(operator.password)
    await page.getByRole('main').getByRole('button', { name: '登录' }).click()
    await page.waitForURL(/\/operator$/)
  }
  const shoot = (page: Page, name: string): Promise<unknown> =>
    page.screenshot({ path: join(PICTURES, `desk-operator-${name}.png`), fullPage: true })

  it.each(['light', 'dark'] as const)(
    'can be used by everybody in the %s theme, and fits wide and narrow screens',
    async (scheme) => {
      for (const size of [WIDE, NARROW]) {
        const { page, complaints, close } = await openBrowser({ ...size, scheme })
        await signIn(page)
        for (const path of PATHS) {
          await page.goto(`${demo.url}${path}`)
          const width = await page.evaluate(() => document.documentElement.scrollWidth)
          expect(width, path).toBeLessThanOrEqual(size.width)
          if (size === WIDE) expect(await axeViolations(page), path).toEqual([])
          const name = path.slice(1).replaceAll('/', '-').replace('operator-', '')
          await shoot(page, `${name}-${size.width}-${scheme}`)
        }
        expect(complaints).toEqual([])
        await close()
      }
    },
    600_000,
  )

  it.each([true, false])(
    'registers an enterprise and loads a table, script: %s',
    async (script) => {
      const { page, close } = await openBrowser({ ...WIDE, script })
      await signIn(page)
      await page.getByRole('link', { name: '企业', exact: true }).click()
      await page.getByRole('link', { name: '登记企业' }).click()
      const number = script ? '1' : '2'
      await page.getByLabel('企业名称').fill(`合成演示企业 ${number}`)
      await page.getByLabel('海关注册编码').fill(`500196T00${number}`)
      await page.getByRole('checkbox', { name: '电商企业' }).check()
      await page.getByLabel('首个用户姓名').fill('合成负责人')
      await page.getByLabel('首个用户邮箱').fill(`owner-${number}@yuguan.example`)
      await page.getByRole('button', { name: '登记企业' }).click()
      await page.getByText('只显示这一次').waitFor()
      await shoot(page, `told-once-1440${script ? '' : '-without-script'}`)
      await page.getByRole('link', { name: '打开企业' }).click()
      await page.getByRole('heading', { level: 1, name: `合成演示企业 ${number}` }).waitFor()
      await shoot(page, `enterprise-1440${script ? '' : '-without-script'}`)

      await page.getByRole('link', { name: '参考数据' }).click()
      await page.getByRole('link', { name: '节假日与调休' }).first().click()
      const text = `day,rests,source\n2027-03-0${number},yes,样例\n`
      await page
        .getByLabel('CSV 文件')
        .setInputFiles({ name: 'days.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
      await page.getByRole('button', { name: '预览变化' }).click()
      await page.getByText('尚未装载').waitFor()
      await page.getByRole('button', { name: '装载', exact: true }).click()
      await page.getByText('已装载：新增 1').waitFor()

      await page.getByRole('link', { name: '压力演练' }).click()
      await page.getByRole('button', { name: '开始演练' }).click()
      await page.getByText('共提交').waitFor()
      await page.getByRole('link', { name: '不执行，返回' }).click()
      await page.waitForURL(/\/operator\/rehearsals$/)
      await close()
    },
    300_000,
  )
})
