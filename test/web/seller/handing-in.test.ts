/** Handing in at the seller's desk: first page, form, sheet with cells corrected, request, books. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getDeclaration } from '../../../src/catalogue/index.ts'
import type { AnyDocument } from '../../../src/catalogue/message.ts'
import { valuesOf } from '../../../src/web/documents/form-model.ts'
import { json } from '../../http/app.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { csvOf, rowsOf } from '../../support/sheets.ts'
import { type Seller, sellerApp } from './cast.ts'

let seller: Seller
let person: Reader
beforeAll(async () => {
  seller = await sellerApp()
  person = await signedIn(seller.app, seller.app.cast.platform)
})
afterAll(() => seller.close())

const entry = getDeclaration('CEB311')

/** What somebody types: all inputs of a good order but those the form fills in. */
const typed = (n: number, changed: Record<string, string> = {}): Record<string, string> => {
  const order: AnyDocument = seller.app.consignment(n).order
  return { ...valuesOf(entry, order), ...changed }
}

const idOfFlash = (location: string): string => location.replace('/seller/documents/', '')

describe('the first page', () => {
  it('tells the four groups and that nothing waits', async () => {
    const page = await person.get('/seller')
    expect(page.status).toBe(200)
    expect(page.dom.querySelectorAll('.group-card')).toHaveLength(4)
    expect(page.text).toContain('没有待处理的单证')
    expect((await person.get('/desk')).location).toBe('/seller')
  })

  it('offers the kinds of the enterprise’s own roles and no others', async () => {
    const page = await person.get('/seller/hand-in')
    expect(page.text).toContain('CEB311')
    expect(page.text).not.toContain('CEB411')
    for (const path of ['hand-in/CEB411', 'sheets/CEB411', 'api/CEB411', 'hand-in/CEB999'])
      expect((await person.get(`/seller/${path}`)).status, path).toBe(404)
  })
})

describe('the form', () => {
  it('has every field with its official name, and the enterprise’s own code filled in', async () => {
    const page = await person.get('/seller/hand-in/CEB311')
    expect(page.status).toBe(200)
    const code = page.dom.querySelector('[name="OrderHead.ebpCode"]')
    expect(code?.getAttribute('value')).toBe(seller.app.cast.platform.customsCode)
    expect(page.text).toContain('订单编号 orderNo')
    const number = page.dom.querySelector('[name="OrderList.0.gnum"]')
    expect(number?.getAttribute('value')).toBe('1')
    expect(page.dom.querySelector('datalist#codes-currency option')).not.toBeNull()
    expect(page.dom.querySelector('[name=guid]')?.getAttribute('value')).not.toBe('')
  })

  it('tells all faults at their fields and keeps what was typed', async () => {
    const page = await person.post('/seller/hand-in/CEB311', {
      ...typed(1, { 'OrderHead.goodsValue': '1e5', 'OrderHead.buyerName': '' }),
      act: 'check',
    })
    expect(page.status).toBe(422)
    for (const name of ['goodsValue', 'buyerName']) {
      const input = page.dom.querySelector(`[name="OrderHead.${name}"]`)
      expect(input?.getAttribute('aria-invalid'), name).toBe('true')
    }
    // What is wrong is told above the form, each with a link to its field.
    const links = page.dom.querySelectorAll('.checked a.fault-pointer')
    const targets = links.map((link) => link.getAttribute('href') ?? '')
    expect(targets).toContain('#f-OrderHead-buyerName')
    for (const target of targets) expect(page.dom.querySelector(target), target).not.toBeNull()
    expect(page.dom.querySelector('#f-OrderHead-buyerName-faults')?.text).toMatch(/[^。]。[^。 ]/)
    expect(page.dom.querySelector('[name="OrderHead.goodsValue"]')?.getAttribute('value')).toBe(
      '1e5',
    )
  })

  it('checks without storing, hands in once, and the same form again is the same document', async () => {
    const form = typed(2)
    const checked = await person.post('/seller/hand-in/CEB311', { ...form, act: 'check' })
    expect(checked.dom.querySelector('.checked')?.getAttribute('data-errors')).toBe('0')
    expect((await person.get('/seller/documents')).dom.querySelectorAll('tbody tr')).toHaveLength(0)
    const hidden = Object.fromEntries(
      ['guid', 'appTime'].map((name) => [
        name,
        checked.dom.querySelector(`[name=${name}]`)?.getAttribute('value') ?? '',
      ]),
    )
    const send = { ...form, ...hidden, act: 'hand-in' }
    const first = await person.post('/seller/hand-in/CEB311', send)
    expect(first.status).toBe(303)
    const again = await person.post('/seller/hand-in/CEB311', send)
    expect(again.location).toBe(first.location)
    expect((await person.follow(first)).text).toContain('下一步')
  })

  it('corrects a document, its personal values kept and not shown', async () => {
    const order = seller.app.consignment(3).order
    const id = await seller.handIn('CEB311', order)
    const page = await person.get(`/seller/hand-in/CEB311?from=${id}`)
    expect(page.html).not.toContain(order.OrderHead.buyerName)
    const values = Object.fromEntries(
      page.dom
        .querySelectorAll('form.hand-in :is(input, select)')
        .map((input) => [
          input.getAttribute('name') ?? '',
          input.getAttribute('value') ??
            input.querySelector('option[selected]')?.getAttribute('value') ??
            '',
        ]),
    )
    seller.clock.advance(60_000)
    const changed = await person.post('/seller/hand-in/CEB311', {
      ...values,
      appTime: '',
      'OrderHead.note': '更正',
      act: 'hand-in',
    })
    expect(changed.status, changed.text).toBe(303)
    expect(idOfFlash(changed.location)).toBe(id)
    const told = await person.get(`/seller/documents/${id}/differences`)
    expect(told.text).toContain('更正')
    expect(told.text).not.toContain('buyerName')
  })

  it('grows by a line without script', async () => {
    const page = await person.post('/seller/hand-in/CEB311', { ...typed(4), act: 'add:OrderList' })
    const lines = seller.app.consignment(4).order.OrderList.length
    expect(page.dom.querySelectorAll('.form-line')).toHaveLength(lines + 1)
  })

  it('is not there for another’s document', async () => {
    const other = await seller.handIn('CEB411', seller.app.consignment(5).payment)
    expect((await person.get(`/seller/hand-in/CEB311?from=${other}`)).status).toBe(404)
  })
})

describe('a sheet', () => {
  it('tells its faults by cell, and takes them corrected on the page', async () => {
    const order = seller.app.consignment(6).order
    const csv = csvOf(
      rowsOf(entry, [{ ...order, OrderHead: { ...order.OrderHead, goodsValue: '1e5' } }]),
    )
    const form = new FormData()
    form.append('file', new Blob([csv], { type: 'text/csv' }), 'orders.csv')
    const page = await person.upload('/seller/sheets/CEB311', form)
    expect(page.status, page.text.slice(0, 400)).toBe(422)
    const cell = page.dom.querySelector('.correct-cells [name$="/OrderHead/goodsValue"]')
    expect(cell?.getAttribute('value')).toBe('1e5')
    expect(page.html).not.toContain(order.OrderHead.buyerName)
    const kept = page.dom.querySelector('[name=kept]')?.getAttribute('value') ?? ''
    const name = cell?.getAttribute('name') ?? ''
    const wrong = await person.post('/seller/sheets/CEB311/correct', { kept, [name]: 'x' })
    expect(wrong.status).toBe(422)
    expect(wrong.dom.querySelector(`[name="${name}"]`)?.getAttribute('value')).toBe('x')
    const right = await person.post('/seller/sheets/CEB311/correct', {
      kept,
      [name]: order.OrderHead.goodsValue,
    })
    expect(right.location, right.text.slice(0, 400)).toBe('/seller/documents')
    expect((await person.post('/seller/sheets/CEB311/correct', { kept: 'x' })).status).toBe(404)
  })

  it('only checked says of its good documents that a correction does not hand them in', async () => {
    const faulty = [9, 10]
    const orders = [7, 8, ...faulty].map((n) => seller.app.consignment(n).order)
    const sheet = (): FormData => {
      const rows = orders.map((order, index) =>
        index < 2 ? order : { ...order, OrderHead: { ...order.OrderHead, goodsValue: '1e5' } },
      )
      const form = new FormData()
      form.append('file', new Blob([csvOf(rowsOf(entry, rows))], { type: 'text/csv' }), 'o.csv')
      return form
    }
    const before = await listedOrders()
    const page = await person.upload('/seller/sheets/CEB311?check=yes', sheet())
    expect(page.text).toContain('检查完毕，未保存：2 份可接收，2 份有问题')
    expect(page.dom.querySelector('.correct-cells')?.text).toContain('另有 2 份合格的单证只检查过')
    const cells = faulty.map((n, index) => [
      `cell.${index}/OrderHead/goodsValue`,
      seller.app.consignment(n).order.OrderHead.goodsValue,
    ])
    const half = await person.post('/seller/sheets/CEB311/correct', {
      kept: keptOf(page),
      ...Object.fromEntries([cells[0] ?? [], [cells[1]?.[0] ?? '', 'x']]),
    })
    expect(half.status).toBe(422)
    expect(half.text).toContain('接收 1 份，未接收 1 份')
    expect(half.dom.querySelector('.correct-cells')?.text).toContain('另有 2 份合格的单证只检查过')
    const done = await person.post('/seller/sheets/CEB311/correct', {
      kept: keptOf(half),
      'cell.0/OrderHead/goodsValue': cells[1]?.[1] ?? '',
    })
    expect(done.location).toBe('/seller/sheets/CEB311')
    expect((await person.follow(done)).html).toContain('另有 2 份合格的单证只检查过，尚未提交')
    expect(await listedOrders()).toBe(before + 2)
    // As the page says: the sheet again, this time to hand in, brings the other two.
    const rest = await person.upload('/seller/sheets/CEB311', sheet())
    expect(rest.text).toContain('接收 2 份，未接收 2 份')
    expect(rest.dom.querySelector('.correct-cells')?.text).not.toContain('只检查过')
    expect(await listedOrders()).toBe(before + 4)
  })
})

const keptOf = (page: DeskPage): string =>
  page.dom.querySelector('[name=kept]')?.getAttribute('value') ?? ''

const listedOrders = async (): Promise<number> =>
  (await person.get('/seller/documents')).dom.querySelectorAll('tbody tr').length

describe('the request', () => {
  it('is a whole one with an example of the kind', async () => {
    const page = await person.get('/seller/api/CEB311')
    expect(page.dom.querySelector('pre')?.text).toContain('/api/v1/documents?dryRun=true')
    expect(page.dom.querySelector('pre')?.text).toContain('CEB311')
  })

  it('runs as it stands for whoever reads it: it names his enterprise', async () => {
    const { platform, payer, carrier } = seller.app.cast
    for (const [enterprise, own] of [
      [platform, person],
      [payer, await signedIn(seller.app, payer)],
      [carrier, await signedIn(seller.app, carrier)],
    ] as const) {
      const links = (await own.get('/seller/hand-in')).dom.querySelectorAll('a[href*="/api/"]')
      expect(links.length).toBeGreaterThan(0)
      for (const link of links) {
        const path = link.getAttribute('href') ?? ''
        const shown = (await own.get(path)).dom.querySelector('pre')?.text ?? ''
        const body: unknown = JSON.parse(/--data '(.*)'$/s.exec(shown)?.[1] ?? '')
        const { key } = seller.app.account(enterprise)
        const answer = await seller.app.fetch('/api/v1/documents?dryRun=true', json(key, body))
        expect(answer.status, `${path} ${await answer.text()}`).toBe(200)
      }
    }
  })
})

describe('bonded books', () => {
  it('are listed, and another’s is not there', async () => {
    const page = await person.get('/seller/books')
    expect(page.text).toContain('没有保税账册')
    expect((await person.get('/seller/books/T8030B000001')).status).toBe(404)
  })
})
