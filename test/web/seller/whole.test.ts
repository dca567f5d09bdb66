/** One form for the documents of a consignment: asked for once what they share, taken all or none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { wholeKinds, wholeValues } from '../../support/whole-values.ts'
import { mandated, type Seller, sellerApp } from './cast.ts'

const PATH = '/seller/hand-in/consignment'
let seller: Seller
let person: Reader
beforeAll(async () => {
  seller = await sellerApp()
  person = await signedIn(seller.app, seller.app.cast.platform)
})
afterAll(() => seller.close())

const typed = (n: number, changed: Record<string, string> = {}): Record<string, string> => {
  const { order, payment, waybill, list } = seller.app.consignment(n)
  return wholeValues({ CEB311: order, CEB411: payment, CEB511: waybill, CEB621: list }, changed)
}
const valueAt = (page: DeskPage, name: string): string | undefined =>
  page.dom.querySelector(`[name="${name}"]`)?.getAttribute('value')
const isWrongAt = (page: DeskPage, name: string): boolean =>
  page.dom.querySelector(`[name="${name}"]`)?.getAttribute('aria-invalid') === 'true'
const errorsOf = (page: DeskPage): string | undefined =>
  page.dom.querySelector('.checked')?.getAttribute('data-errors')
const hiddenOf = (page: DeskPage): Record<string, string> =>
  Object.fromEntries(
    page.dom
      .querySelectorAll('form.hand-in input[type=hidden]')
      .map((input) => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']),
  )
const documentsOf = async (n: number): Promise<number> => {
  const number = seller.app.consignment(n).order.OrderHead.orderNo
  const page = await person.get(`/seller/documents?q=${number}`)
  return page.dom.querySelectorAll('tbody tr').length
}

describe('without mandates', () => {
  it('asks for what the reader hands in himself and names what others do', async () => {
    const page = await person.get(PATH)
    expect(page.status).toBe(200)
    expect(page.dom.querySelectorAll('.leave-out')).toHaveLength(1)
    expect(page.text).toContain('支付凭证')
    expect(page.html).not.toContain('CEB411.')
    for (const path of ['/seller', '/seller/hand-in'])
      expect((await person.get(path)).dom.querySelector(`a[href="${PATH}"]`), path).not.toBeNull()
  })

  it('is not there for whoever hands in none of them', async () => {
    const warehouse = [...seller.app.cast.warehouses.values()][0]
    if (warehouse === undefined) throw new Error('no warehouse')
    const other = await signedIn(seller.app, warehouse)
    expect((await other.get(PATH)).status).toBe(404)
    expect((await other.get('/seller/hand-in')).html).not.toContain(PATH)
  })
})

describe('with mandates', () => {
  beforeAll(() => mandated(seller.app))

  it('asks once for what the documents share', async () => {
    const page = await person.get(PATH)
    expect(page.dom.querySelectorAll('.leave-out')).toHaveLength(4)
    const names = page.dom
      .querySelectorAll('form.hand-in :is(input:not([type=checkbox]), select)')
      .map((input) => input.getAttribute('name') ?? '')
    expect(new Set(names).size).toBe(names.length)
    for (const field of ['orderNo', 'ebpCode', 'buyerIdNumber', 'logisticsNo', 'currency', 'qty'])
      expect(names.filter((name) => name.endsWith(`.${field}`)).length, field).toBeLessThan(3)
    for (const field of ['orderNo', 'ebcCode', 'buyerName', 'payerName', 'amountPaid', 'gname'])
      expect(names.filter((name) => name.endsWith(`.${field}`)).length, field).toBeLessThan(2)
    expect(valueAt(page, 'CEB311.OrderHead.ebpCode')).toBe(seller.app.cast.platform.customsCode)
    expect((await person.get(`${PATH}?lang=en`)).text).toContain('A whole consignment')
    await person.get(`${PATH}?lang=zh`)
  })

  it('tells the faults of every document at their inputs, keeps what was typed, and takes it mended', async () => {
    const wrong = { 'CEB311.OrderHead.buyerName': '', 'CEB411.PaymentHead.payTime': '昨天' }
    const page = await person.post(PATH, {
      ...typed(1, { ...wrong, 'CEB621.InventoryList.0.gcode': 'x' }),
      act: 'hand-in',
    })
    expect(page.status).toBe(422)
    for (const name of [...Object.keys(wrong), 'CEB621.InventoryList.0.gcode'])
      expect(isWrongAt(page, name), name).toBe(true)
    // A missing buyer is missing in three documents, and told once.
    expect(errorsOf(page)).toBe('3')
    expect(page.text).not.toContain('OTHERS_REFUSED')
    expect(valueAt(page, 'CEB411.PaymentHead.payTime')).toBe('昨天')
    expect(valueAt(page, 'CEB311.OrderHead.orderNo')).toBe(
      seller.app.consignment(1).order.OrderHead.orderNo,
    )
    expect(await documentsOf(1)).toBe(0)

    const mended = { ...typed(1), ...hiddenOf(page), act: 'hand-in' }
    const done = await person.post(PATH, mended)
    const number = seller.app.consignment(1).order.OrderHead.orderNo
    expect(done.location, done.text.slice(0, 600)).toBe(`/seller/consignments/${number}`)
    const shown = await person.follow(done)
    expect(shown.dom.querySelectorAll('.document-card:not(.missing)')).toHaveLength(4)
    expect(await documentsOf(1)).toBe(4)
    // Sent twice, it is the same consignment.
    expect((await person.post(PATH, mended)).location).toBe(done.location)
    expect(await documentsOf(1)).toBe(4)
  })

  it('checks without storing', async () => {
    const page = await person.post(PATH, { ...typed(2), act: 'check' })
    expect(page.status, page.text.slice(0, 600)).toBe(200)
    expect(errorsOf(page)).toBe('0')
    expect(await documentsOf(2)).toBe(0)
  })

  it('leaves out what another enterprise hands in', async () => {
    const kept = typed(3)
    const page = await person.post(PATH, {
      ...{ ...kept, 'CEB411.PaymentHead.payTime': '' },
      ...{ leave: ['CEB411', 'CEB511'], act: 'check' },
    })
    expect(errorsOf(page)).toBe('0')
    expect(
      page.dom
        .querySelectorAll('.leave-out input[checked]')
        .map((each) => each.getAttribute('value')),
    ).toEqual(['CEB411', 'CEB511'])
    const done = await person.post(PATH, { ...kept, leave: ['CEB411', 'CEB511'], act: 'hand-in' })
    expect(done.status).toBe(303)
    expect(await documentsOf(3)).toBe(2)
  })

  it('says so when nothing is left to hand in', async () => {
    const leave = wholeKinds.map(({ code }) => code)
    const page = await person.post(PATH, { ...typed(4), leave, act: 'hand-in' })
    expect(page.status).toBe(422)
    expect(page.text).toContain('没有要提交的单证')
  })

  it('grows by a line without script, and an empty line is no line', async () => {
    const lines = seller.app.consignment(5).order.OrderList.length
    const page = await person.post(PATH, { ...typed(5), act: 'add:goods' })
    expect(page.dom.querySelectorAll('.form-line')).toHaveLength(lines + 1)
    expect(valueAt(page, `CEB311.OrderList.${lines}.gnum`)).toBe(String(lines + 1))
    const number = { [`CEB311.OrderList.${lines}.gnum`]: String(lines + 1) }
    const done = await person.post(PATH, { ...typed(5, number), act: 'hand-in' })
    expect(done.status, done.text.slice(0, 600)).toBe(303)
  })

  it('tells what is about no input above the form, under its kind', async () => {
    const first = await person.post(PATH, { ...typed(6), act: 'hand-in' })
    expect(first.status).toBe(303)
    seller.clock.advance(60_000)
    const page = await person.post(PATH, {
      ...typed(6, { 'CEB621.InventoryHead.note': '另一内容' }),
      act: 'hand-in',
    })
    expect(page.status).toBe(422)
    expect(page.dom.querySelector('.checked .fault-pointer')?.text).toMatch(/^CEB\d{3} › /)
  })

  it('takes no form from another site', async () => {
    const form = { ...typed(7), act: 'hand-in' }
    const page = await person.post(PATH, form, { origin: 'http://elsewhere.test' })
    expect(page.status).toBe(403)
    expect(await documentsOf(7)).toBe(0)
  })
})
