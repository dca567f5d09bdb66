/**
 * The operator's desk in a real browser, as a person uses it: signs in, looks around, registers an
 * enterprise, previews and loads a reference table, asks for a rehearsal. With and without script,
 * wide and narrow, light and dark.
 */
import { describe, expect, it } from 'vitest'
import { axeViolations } from './axe.ts'
import { fits, isBrowserMissing, NARROW, openDesk, shoot, theDemo, WIDE } from './desk.ts'

const PATHS = [
  ...['', '/replies', '/codes', '/links', '/signers', '/enterprises', '/enterprises/new'],
  ...['/reference', '/reference/rule-values', '/disclosures', '/audit', '/accounts'],
  '/rehearsals',
].map((rest) => `/operator${rest}`)

describe.skipIf(isBrowserMissing)('the desk of the operator', () => {
  it.each(['light', 'dark'] as const)(
    'can be used by everybody in the %s theme, and fits wide and narrow screens',
    async (scheme) => {
      for (const size of [WIDE, NARROW]) {
        const { page, complaints, close } = await openDesk('operator', { ...size, scheme })
        for (const path of PATHS) {
          await page.goto(`${theDemo().url}${path}`)
          await fits(page, size.width)
          if (size === WIDE) expect(await axeViolations(page), path).toEqual([])
          const name = path.slice(1).replaceAll('/', '-').replace('operator-', '')
          await shoot(page, `desk-operator-${name}-${size.width}-${scheme}`)
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
      const { page, close } = await openDesk('operator', { ...WIDE, script })
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
      await shoot(page, `desk-operator-told-once-1440${script ? '' : '-without-script'}`)
      await page.getByRole('link', { name: '打开企业' }).click()
      await page.getByRole('heading', { level: 1, name: `合成演示企业 ${number}` }).waitFor()
      await shoot(page, `desk-operator-enterprise-1440${script ? '' : '-without-script'}`)

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
