/** Documents on the operator's desk: found by any number, looked at masked, and nothing done to them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Reader, signedIn } from '../../support/desk.ts'
import { type Seller, sellerApp } from '../seller/cast.ts'

let seller: Seller
let operator: Reader
let orderNo = ''
let orderId = ''
let buyer = { name: '', number: '' }

beforeAll(async () => {
  seller = await sellerApp()
  const { order, ...consignment } = seller.app.consignment(1)
  orderNo = consignment.orderNo
  buyer = { name: order.OrderHead.buyerName, number: order.OrderHead.buyerIdNumber }
  orderId = await seller.handIn('CEB311', order)
  operator = await signedIn(seller.app, 'operator')
})
afterAll(() => seller.close())

describe('a document on the desk of the operator', () => {
  it('is found by its number, in the list, and in its consignment', async () => {
    const found = await operator.get(`/search?q=${orderNo}`)
    expect(found.location).toBe(`/operator/consignments/${orderNo}`)
    const consignment = await operator.get(found.location)
    expect(consignment.status).toBe(200)
    expect(consignment.dom.querySelector(`a[href="/operator/documents/${orderId}"]`)).not.toBeNull()
    expect((await operator.get('/operator/documents')).html).toContain(orderNo)
  })

  it('tells how it stands with personal values masked, and offers no act', async () => {
    for (const path of [`documents/${orderId}`, `consignments/${orderNo}`]) {
      const page = await operator.get(`/operator/${path}`)
      expect(page.status).toBe(200)
      expect(page.html).not.toContain(buyer.name)
      expect(page.html).not.toContain(buyer.number)
      const main = page.dom.querySelector('main')
      expect(main?.querySelectorAll('form, .next-step .acts')).toHaveLength(0)
    }
    const own = `/operator/documents/${orderId}`
    for (const rest of ['cancel', 'return', 'resend', 'send-anyway', 'message', 'message.xml'])
      expect((await operator.get(`${own}/${rest}`)).status).toBe(404)
    expect((await operator.post(`${own}/cancel`, { confirmed: 'yes' })).status).toBe(404)
  })

  it('has its groups named in the language of the page', async () => {
    const page = await operator.get(`/operator/documents/${orderId}?lang=en`)
    const headings = page.dom.querySelectorAll('.document-content h3').map(({ text }) => text)
    expect(headings[0]).toMatch(/^OrderHead /)
    await operator.get('/operator?lang=zh')
  })

  it('opens to nobody else at this desk', async () => {
    const committee = await signedIn(seller.app, 'committee')
    const platform = await signedIn(seller.app, seller.app.cast.platform)
    for (const other of [committee, platform])
      for (const path of ['documents', `documents/${orderId}`, `consignments/${orderNo}`])
        expect((await other.get(`/operator/${path}`)).status).toBe(404)
  })
})
