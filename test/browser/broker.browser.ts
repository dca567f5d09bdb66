/**
 * The broker's desk in a real browser: every page wide and narrow, light and dark, with script and
 * without, as axe-core sees it.
 */
import { describe, expect, it } from 'vitest'
import { axeViolations } from './axe.ts'
import type { BrowserOptions } from './chromium.ts'
import { fits, isBrowserMissing, NARROW, openDesk, shoot, theDemo, WAYS, WIDE } from './desk.ts'

/** Nothing personal, so that the preview shows it as it is. */
const NOTE = '更正后重报（演示）'
const PAGES = [
  ['board', ''],
  ['documents', '/documents'],
  ['stuck', '/stuck'],
  ['rejections', '/rejections'],
  ['summaries', '/summaries'],
  ['returns', '/returns'],
  ['mandates', '/mandates'],
] as const

describe.skipIf(isBrowserMissing)('the broker’s desk', () => {
  const signedIn = (options: BrowserOptions) => openDesk('broker', options)

  it.each([
    { ...WIDE, scheme: 'light' },
    { ...NARROW, scheme: 'dark' },
  ] as const)('can be used by everybody: $width, $scheme', async (options) => {
    const { page, complaints, close } = await signedIn(options)
    for (const [name, path] of PAGES) {
      await page.goto(`${theDemo().url}/broker${path}`)
      expect(await axeViolations(page), name).toEqual([])
      await fits(page, options.width, name)
      await shoot(page, `desk-broker-${name}-${options.width}`)
    }
    expect(complaints).toEqual([])
    await close()
  })

  /** A cause of its own for each way: what was corrected once is not there again. */
  it.each([
    [WAYS[0], '审单关员退单', '备注 note'],
    [WAYS[1], '海关退单，原因见回执文字', '备注 note'],
    [WAYS[2], '电子口岸未能转发给海关', undefined],
  ] as const)(
    'corrects a cause once and resubmits all: %#',
    async ([way, options], cause, field) => {
      const { page, complaints, close } = await signedIn(options)
      await page.getByRole('link', { name: '退单', exact: true }).first().click()
      await page
        .getByRole('listitem')
        .filter({ has: page.getByRole('heading', { name: cause }) })
        .getByRole('link', { name: /更正一次/ })
        .click()
      await page.getByRole('heading', { level: 1, name: /更正并重报/ }).waitFor()
      await fits(page, options.width)
      if (field === undefined) await page.getByLabel(/^内容不变，原样重报/).check()
      else {
        await page.getByLabel('把下面选的字段改为同一个值').check()
        await page.getByLabel('字段', { exact: true }).selectOption(field)
        await page.getByLabel('新值').fill(NOTE)
      }
      await page.getByRole('button', { name: '预览变化' }).click()
      await page.getByRole('heading', { level: 1, name: '请核对更正' }).waitFor()
      if (field !== undefined)
        expect(await page.locator('main ins').allTextContents()).toContain(NOTE)
      await fits(page, options.width)
      await shoot(page, `desk-broker-preview-${way.replace(' ', '-')}`)
      await page.getByRole('button', { name: '执行更正并重报' }).click()
      await page.getByText(/完成：[1-9]\d* 份已重报，0 份未动。/).waitFor()
      expect(complaints).toEqual([])
      await close()
    },
  )

  it.each(WAYS)('asks for a return of a released list: %s', async (way, options) => {
    const { page, complaints, close } = await signedIn(options)
    await page.goto(`${theDemo().url}/broker/documents?group=done&kind=CEB621`)
    const place = WAYS.findIndex(([name]) => name === way)
    await page.locator('table.data tbody tr').nth(place).locator('td a').first().click()
    await page.getByRole('link', { name: '申请退货' }).click()
    await page.getByRole('heading', { level: 1, name: /^就清单 \S+ 申请退货$/ }).waitFor()
    await page.getByLabel('原因').fill('买家不要了')
    await fits(page, options.width)
    await page.getByRole('button', { name: '申请退货' }).click()
    await page.getByText('退货申请已提交').waitFor()
    await shoot(page, `desk-broker-returned-${way.replace(' ', '-')}`)
    expect(complaints).toEqual([])
    await close()
  })
})
