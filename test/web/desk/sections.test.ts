/** The mark of desk and section: on pages, on answers to forms, and on pages that lie beside. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../http/app.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { takeOrders } from '../../support/refused.ts'

let test: TestApp
let seller: Reader
let orderNo = ''
beforeAll(async () => {
  test = await testApp()
  seller = await signedIn(test, test.cast.platform)
  const consignment = test.consignment(1)
  orderNo = consignment.orderNo
  await takeOrders(test, [consignment])
})
afterAll(() => test.close())

const marksOf = ({ dom }: DeskPage) =>
  ['.desk-nav', '.sections'].map((nav) =>
    dom.querySelectorAll(`${nav} a[aria-current]`).map((link) => link.getAttribute('href')),
  )

describe('desk and section', () => {
  it('are marked on a page, the longest path first', async () => {
    expect(marksOf(await seller.get('/seller'))).toEqual([['/seller'], ['/seller']])
    expect(marksOf(await seller.get('/seller/documents?kind=CEB311'))).toEqual([
      ['/seller'],
      ['/seller/documents'],
    ])
  })

  it('are marked on pages of a section that lie beside it', async () => {
    const of = async (path: string) => marksOf(await seller.get(path))[1]
    expect(await of(`/seller/consignments/${orderNo}`)).toEqual(['/seller/documents'])
    expect(await of('/seller/sheets/CEB311')).toEqual(['/seller/hand-in'])
    expect(await of('/seller/api/CEB311')).toEqual(['/seller/hand-in'])
  })

  it('are marked on the answer to a form, whose links lead to a page', async () => {
    const answered = await seller.post('/seller/hand-in/CEB311', { act: 'check' })
    expect(answered.status).toBe(422)
    expect(marksOf(answered)).toEqual([['/seller'], ['/seller/hand-in']])
    const next = answered.dom.querySelector('form.theme input[name=next]')?.getAttribute('value')
    expect(next).toBe('/desk')
    const broker = await signedIn(test, test.cast.declarants[0])
    const blank = await broker.post('/broker/rejections/correct', { kind: 'CEB311' })
    expect(marksOf(blank)).toEqual([['/broker'], ['/broker/rejections']])
  })
})
