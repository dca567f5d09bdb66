/**
 * The seller's desk in a real browser: from what waits to a consignment and its documents, an order
 * filled in, and a whole consignment, its faults mended; wide and narrow, light and dark, with script
 * and without.
 */
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { headOfDocument, withHead } from '../../src/codec/document.ts'
import { exampleOf } from '../../src/codec/example.ts'
import { csvOf, rowsOf } from '../support/sheets.ts'
import { wholeKinds, wholeValues } from '../support/whole-values.ts'
import { axeViolations } from './axe.ts'
import type { BrowserOptions } from './chromium.ts'
import { fits, isBrowserMissing, openDesk, shoot as shootAs, theDemo, WAYS, WIDE } from './desk.ts'

/** Runs in the operator's page: the payment firm, the carrier and the first broker let the platform file. */
const giveMandates = async (kinds: readonly string[]): Promise<readonly number[]> => {
  const listed = await fetch('/api/v1/enterprises?limit=100')
  const { enterprises } = (await listed.json()) as {
    readonly enterprises: readonly { readonly id: string; readonly customsCode: string }[]
  }
  const idOf = (serial: string) =>
    enterprises.find(({ customsCode }) => customsCode.endsWith(`S${serial}`))?.id
  const statuses: number[] = []
  for (const [index, serial] of ['021', '031', '041'].entries()) {
    const mandate = {
      ...{ principalId: idOf(serial), agentId: idOf('001') },
      ...{ kinds: [kinds[index]], validFrom: '2020-01-01' },
    }
    const answer = await fetch('/api/v1/mandates', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(mandate),
    })
    statuses.push(answer.status)
  }
  return statuses
}

/** Example documents of the demonstration's enterprises, under numbers of their own. */
const valuesOf = (number: string): Record<string, string> => {
  const numbers = { orderNo: number, payTransactionId: `P-${number}`, logisticsNo: `W-${number}` }
  return wholeValues(
    Object.fromEntries(
      wholeKinds.map((entry) => {
        const example = exampleOf(entry, 'minimal')
        const own = Object.keys(headOfDocument(entry, example))
        const named = Object.entries({ ...numbers, copNo: `C-${number}` })
        return [
          entry.code,
          withHead(
            entry,
            example,
            Object.fromEntries(named.filter(([name]) => own.includes(name))),
          ),
        ]
      }),
    ),
  )
}

const order = getDeclaration('CEB311')

const csvBytes = (documents: readonly AnyDocument[]): Buffer =>
  Buffer.from(csvOf(rowsOf(order, documents)))

const buyerOf = (document: AnyDocument): string =>
  headOfDocument(order, document).buyerIdNumber ?? ''

/** Opens the optional fields that an input is folded among. */
const unfold = async (field: Locator): Promise<void> => {
  const folded = field.locator('xpath=ancestor::details[not(@open)]')
  if ((await folded.count()) > 0) await folded.locator('summary').click()
}

describe.skipIf(isBrowserMissing)("the seller's desk", () => {
  beforeAll(() => mandate())

  const signedIn = (options: BrowserOptions) => openDesk('seller', options)
  const shoot = (page: Page, name: string) => shootAs(page, `desk-seller-${name}`)
  /** From the end, where the buttons that stick to the window stand below the form. */
  const shootWhole = async (page: Page, name: string): Promise<void> => {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await shoot(page, name)
  }

  /** Lets the seller file for the others of his consignments. */
  const mandate = async (): Promise<void> => {
    const { page, close } = await openDesk('operator', WIDE)
    const given = await page.evaluate(
      giveMandates,
      wholeKinds.slice(1).map(({ code }) => code),
    )
    expect(given).toEqual([201, 201, 201])
    await close()
  }

  it.each(WAYS)('leads from the list to a consignment and to a form: %s', async (name, options) => {
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
    await page.goto(`${theDemo().url}/seller/hand-in/CEB311`)
    await page.getByLabel(/^订单编号 orderNo/).fill('测试订单 1')
    await page.getByRole('button', { name: '检查' }).last().click()
    await page.getByRole('heading', { name: /处问题/ }).waitFor()
    expect(await page.getByLabel(/^订单编号 orderNo/).inputValue()).toBe('测试订单 1')
    await picture('form')
    await page.goto(`${theDemo().url}/seller/sheets/CEB311`)
    await picture('sheet')
    // A form with faults is answered with 422, which the console mentions.
    expect(complaints.filter((each) => !/status of 422/.test(each))).toEqual([])
    await close()
  })

  it.each(WAYS)('hands in a whole consignment by one form: %s', async (name, options) => {
    const { page, complaints, close } = await signedIn(options)
    await page.getByRole('link', { name: '一票单证一起填' }).click()
    await page.getByRole('heading', { level: 1, name: '一票单证一起填' }).waitFor()
    await fits(page, options.width)
    if (name !== 'without script') await shootWhole(page, `consignment-new-${options.width}`)
    const number = `WHOLE-${name.replace(' ', '-')}`.toUpperCase()
    for (const [input, value] of Object.entries(valuesOf(number))) {
      const field = page.locator(`[name="${input}"]`)
      if ((await field.evaluate((each) => each.tagName)) === 'SELECT')
        await field.selectOption(value)
      else {
        await unfold(field)
        await field.fill(value)
      }
    }
    const buyer = page.locator('[name="CEB311.OrderHead.buyerName"]')
    const named = await buyer.inputValue()
    await buyer.fill('')
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await page.getByRole('heading', { name: /处问题/ }).waitFor()
    expect(await page.locator('[aria-invalid=true]').count()).toBe(1)
    await fits(page, options.width)
    if (name !== 'without script') {
      await shootWhole(page, `consignment-new-faults-${options.width}`)
      expect(await axeViolations(page)).toEqual([])
    }
    // What is left out is hidden by the style, with script and without.
    const payTime = page.locator('[name="CEB411.PaymentHead.payTime"]')
    const leave = page.locator('[name=leave][value=CEB411]')
    await leave.check()
    expect(await payTime.isVisible()).toBe(false)
    await leave.uncheck()
    expect(await payTime.isVisible()).toBe(true)
    await buyer.fill(named)
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await page.waitForURL(new RegExp(`/seller/consignments/${number}$`))
    expect(await page.locator('.document-card:not(.missing)').count()).toBe(4)
    expect(complaints.filter((each) => !/status of 422/.test(each))).toEqual([])
    await close()
  })

  it.each(WAYS)('hands in a sheet and mends its fault in place: %s', async (name, options) => {
    const { page, complaints, close } = await signedIn(options)
    await page.goto(`${theDemo().url}/seller/hand-in`)
    await page
      .getByRole('row', { name: /CEB311/ })
      .getByRole('link', { name: '上传表格' })
      .click()
    await page.getByRole('heading', { level: 1, name: /^上传表格：/ }).waitFor()
    const number = `SHEET-${name.replace(' ', '-')}`.toUpperCase()
    const orders = ['1', '2'].map((place) =>
      withHead(order, exampleOf(order, 'minimal'), {
        orderNo: `${number}-${place}`,
        ...(place === '2' ? { buyerIdNumber: '110101199003070001' } : {}),
      }),
    )
    await page
      .getByLabel('文件（XLSX、CSV）')
      .setInputFiles({ name: '订单.csv', mimeType: 'text/csv', buffer: csvBytes(orders) })
    await page.getByRole('button', { name: '提交', exact: true }).click()
    await page.getByText('接收 1 份，未接收 1 份').waitFor()
    const cell = page.getByLabel(/buyerIdNumber/)
    await fits(page, options.width)
    if (name === 'wide') expect(await axeViolations(page)).toEqual([])
    if (name !== 'without script') await shootWhole(page, `sheet-faults-${options.width}`)
    await cell.fill(buyerOf(exampleOf(order, 'minimal')))
    await page.getByRole('button', { name: '改正后提交' }).click()
    await page.getByText('改正的单证已全部接收').waitFor()
    await page.goto(`${theDemo().url}/seller/documents?q=${number}-2`)
    expect(await page.getByRole('main').textContent()).toContain(`${number}-2`)
    expect(complaints.filter((each) => !/status of 422/.test(each))).toEqual([])
    await close()
  })

  it.each(['light', 'dark'] as const)('can be used by everybody: %s', async (scheme) => {
    const { page, close } = await signedIn({ ...WIDE, scheme })
    await page.goto(`${theDemo().url}/seller/documents`)
    const hrefs = await page
      .locator('table.data tbody tr a')
      .evaluateAll((links) => links.slice(0, 2).map((link) => link.getAttribute('href') ?? ''))
    const paths = [
      ...['/seller', '/seller/documents', '/seller/hand-in', '/seller/hand-in/CEB311'],
      '/seller/hand-in/consignment',
      ...['/seller/sheets/CEB311', '/seller/api/CEB311', '/seller/books', ...hrefs],
      `${hrefs[0]}/message`,
    ]
    const found: string[] = []
    for (const path of paths) {
      await page.goto(`${theDemo().url}${path}`)
      found.push(...(await axeViolations(page)).map((each) => `${path} ${each}`))
      if (scheme === 'dark' && path === hrefs[1]) await shoot(page, 'consignment-dark')
    }
    expect(found).toEqual([])
    await close()
  })
})
