/** Views of documents at the seller's desk: the list, a consignment, a document, its message, its acts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Reader, signedIn } from '../../support/desk.ts'
import { mandated, type Seller, sellerApp } from './cast.ts'

const HOSTILE = '<script>alert(1)</script>&"\''

let seller: Seller
let person: Reader
let orderNo = ''
let orderId = ''
let listId = ''
let buyer = { name: '', number: '' }
let loneOrder = ''

beforeAll(async () => {
  seller = await sellerApp()
  const { app, handIn } = seller
  await mandated(app)
  const { order, payment, waybill, list, ...consignment } = app.consignment(1)
  orderNo = consignment.orderNo
  orderId = await handIn('CEB311', {
    ...order,
    OrderList: order.OrderList.map((line) => ({ ...line, itemDescribe: HOSTILE })),
  })
  await handIn('CEB411', { ...payment, PaymentHead: { ...payment.PaymentHead, amountPaid: '1' } })
  await handIn('CEB511', waybill)
  listId = await handIn('CEB621', list)
  buyer = { name: order.OrderHead.buyerName, number: order.OrderHead.buyerIdNumber }
  const other = app.consignment(2)
  loneOrder = other.orderNo
  await handIn('CEB311', other.order)
  person = await signedIn(app, app.cast.platform)
})
afterAll(() => seller.close())

describe('the list of documents', () => {
  it('shows each with its state and leads to it and to its consignment', async () => {
    const page = await person.get('/seller/documents')
    expect(page.status).toBe(200)
    const rows = page.dom.querySelectorAll('table.data tbody tr')
    expect(rows).toHaveLength(5)
    const links = rows.map((row) => row.querySelector('a.row-link')?.getAttribute('href'))
    expect(links).toContain(`/seller/documents/${orderId}`)
    expect(page.html).toContain(`/seller/consignments/${orderNo}`)
  })

  it('is filtered by kind, group and number, and says so when nothing is left', async () => {
    const rows = async (query: string) =>
      (await person.get(`/seller/documents?${query}`)).dom.querySelectorAll('tbody tr').length
    expect(await rows('kind=CEB621')).toBe(1)
    expect(await rows(`q=${orderNo}`)).toBe(4)
    expect(await rows('group=done')).toBe(0)
    const none = await person.get('/seller/documents?group=done&zone=')
    expect(none.text).toContain('没有符合条件的单证')
    expect((await person.get('/seller/documents?kind=CEB999')).status).toBe(400)
  })

  it('speaks English when asked to', async () => {
    const page = await person.get('/seller/documents?lang=en')
    expect(page.text).toContain('Documents, newest first')
    await person.get('/seller/documents?lang=zh')
  })
})

describe('a consignment', () => {
  it('shows its four documents side by side and what differs, with both values', async () => {
    const page = await person.get(`/seller/consignments/${orderNo}`)
    expect(page.status).toBe(200)
    const cards = page.dom.querySelectorAll('.document-card')
    expect(cards.map((card) => card.querySelector('h3')?.text)).toEqual([
      '电子订单（进口）',
      '支付凭证',
      '物流运单（进口）',
      '进口清单',
    ])
    const differing = page.dom.querySelector('.comparisons tr[data-agrees=no]')
    expect(differing?.text).toContain('amountPaid')
    expect(differing?.text).toContain('acturalPaid')
    expect(page.text).toContain('下一步')
    expect(page.text).toContain('税款')
    expect(page.text).toContain('订购人年度额度')
    expect(page.text).toContain('办理历程')
  })

  it('names nobody', async () => {
    for (const path of [
      `/seller/consignments/${orderNo}`,
      `/seller/documents/${orderId}`,
      `/seller/documents/${orderId}/message`,
    ]) {
      const page = await person.get(path)
      expect(page.status, path).toBe(200)
      expect(page.html, path).not.toContain(buyer.name)
      expect(page.html, path).not.toContain(buyer.number)
    }
  })

  it('says who must hand in what is missing', async () => {
    const page = await person.get(`/seller/consignments/${loneOrder}`)
    expect(page.dom.querySelectorAll('.document-card.missing')).toHaveLength(3)
    expect(page.dom.querySelector('.next-step')?.text).toContain('等待其他企业提交')
  })

  it('is not there for a stranger, the operator or the committee', async () => {
    const { app } = seller
    const payer = await signedIn(app, app.cast.payer)
    for (const path of [`/seller/consignments/${loneOrder}`, `/seller/documents/${orderId}`])
      expect((await payer.get(path)).status, path).toBe(404)
    for (const who of ['operator', 'committee'] as const)
      expect((await (await signedIn(app, who)).get('/seller/documents')).status).toBe(404)
    const declarant = await signedIn(app, app.cast.declarants[0])
    expect((await declarant.get('/seller/documents')).status).toBe(404)
  })
})

describe('a document', () => {
  it('shows what was typed into it as text', async () => {
    const page = await person.get(`/seller/documents/${orderId}`)
    expect(page.status).toBe(200)
    expect(page.html).not.toContain('<script>alert')
    expect(page.text).toContain('alert(1)')
    expect(page.text).toContain('订单编号 orderNo')
  })

  it('shows its message and gives its bytes', async () => {
    const page = await person.get(`/seller/documents/${orderId}/message`)
    expect(page.dom.querySelector('.message-xml')?.text).toContain('<ceb:orderNo>')
    const file = await person.get(`/seller/documents/${orderId}/message.xml`)
    expect(file.headers.get('content-type')).toContain('application/xml')
    expect(file.html).toContain(buyer.name)
  })

  it('says why it cannot be cancelled, at the form', async () => {
    const path = `/seller/documents/${listId}/cancel`
    const asked = await person.get(path)
    expect(asked.dom.querySelector('form[method=post] textarea[name=reason]')).not.toBeNull()
    const refused = await person.post(path, { confirmed: 'yes', reason: '买家取消' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('海关尚未给出清单编号')
    expect(refused.dom.querySelector('textarea')?.text).toBe('买家取消')
  })

  it('is not sent anyway while nothing holds it back, and that is said', async () => {
    const path = `/seller/documents/${listId}/send-anyway`
    expect((await person.post(path)).text).toContain('海关可能退单')
    const refused = await person.post(path, { confirmed: 'yes' })
    expect(refused.status).toBe(422)
    expect(refused.dom.querySelector('[data-problem]')?.getAttribute('data-problem')).toBe(
      'DOCUMENT-NOT-BLOCKED',
    )
  })
})
