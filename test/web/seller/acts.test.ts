/** Acts at the seller's desk that succeed: a list sent although a rule holds it, cancelled, returned. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FieldRecord } from '../../../src/catalogue/message.ts'
import { stamp17 } from '../../../src/kernel/clock.ts'
import { bearer, CUSTOMS_TOKEN, json } from '../../http/app.ts'
import { customsSays } from '../../support/customs-says.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { listNumber } from '../../support/export-lists.ts'
import { mandated, type Seller, sellerApp } from './cast.ts'

let seller: Seller
let person: Reader

beforeAll(async () => {
  seller = await sellerApp()
  const { app } = seller
  await mandated(app)
  // What is made of a list is filed for the same declarant.
  const answer = await app.fetch(
    '/api/v1/mandates',
    json(app.operatorKey, {
      principalId: app.account(app.cast.declarants[0]).id,
      agentId: app.account(app.cast.platform).id,
      kinds: ['CEB623', 'CEB625'],
      validFrom: '2020-01-01',
    }),
  )
  expect(answer.status).toBe(201)
  person = await signedIn(app, app.cast.platform)
})
afterAll(() => seller.close())

const says = async (kind: string, status: string, about: FieldRecord, dxpId: string) => {
  const { app, clock, settle } = seller
  clock.advance(60_000)
  const time = stamp17(clock.now())
  const answer = await app.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: new Uint8Array(customsSays({ kind, status, time, about: [about], receiver: dxpId })),
  })
  expect(answer.status).toBe(202)
  await settle()
}

const stateOf = ({ dom }: DeskPage): string | undefined =>
  dom.querySelector('main .state[data-state]')?.getAttribute('data-state')

/** The act's page and then its form, as a reader goes through them; gives the page he is led to. */
const act = async (id: string, verb: string, form: Readonly<Record<string, string>> = {}) => {
  const path = `/seller/documents/${id}/${verb}`
  const asked = await person.get(path)
  expect(asked.status).toBe(200)
  expect(asked.dom.querySelector(`form[action="${path}"]`)).not.toBeNull()
  const done = await person.post(path, { confirmed: 'yes', ...form })
  expect(done.status, done.text.slice(0, 500)).toBe(303)
  expect(done.location).toBe(`/seller/documents/${id}`)
  return person.follow(done)
}

/** The document of a kind that the page names as belonging to its own. */
const relatedOf = async (page: DeskPage, number: RegExp): Promise<DeskPage> => {
  const link = page.dom
    .querySelectorAll('main ul.plain-list a')
    .find(({ text }) => number.test(text))
  return person.get(link?.getAttribute('href') ?? '')
}

describe('a list that a rule holds back', () => {
  it('is sent anyway, which its page tells afterwards', async () => {
    const { app, handIn } = seller
    const { cast } = app
    const { order, payment, waybill, list, orderNo } = app.consignment(1)
    const unpaid = { ...payment.PaymentHead, amountPaid: '1' }
    await handIn('CEB311', order)
    await handIn('CEB411', { ...payment, PaymentHead: unpaid })
    await handIn('CEB511', waybill)
    const id = await handIn('CEB621', list)
    await says('CEB311', '120', order.OrderHead, cast.platform.dxpId)
    await says('CEB411', '120', unpaid, cast.payer.dxpId)
    await says('CEB511', '120', waybill.LogisticsHead, cast.carrier.dxpId)
    const held = await person.get(`/seller/documents/${id}`)
    expect(stateOf(held)).toBe('blocked')
    expect(held.dom.querySelector(`a[href="/seller/documents/${id}/send-anyway"]`)).not.toBeNull()
    const consignment = await person.get(`/seller/consignments/${orderNo}`)
    expect(consignment.dom.querySelector('.comparisons tr[data-agrees=no]')).not.toBeNull()

    const told = await act(id, 'send-anyway')
    expect(told.html).toContain('已排队发送')
    await seller.settle()
    const page = await person.get(`/seller/documents/${id}`)
    expect(stateOf(page)).toBe('sent')
    expect(page.dom.querySelector(`a[href="/seller/documents/${id}/send-anyway"]`)).toBeNull()
    expect(page.dom.querySelector(`a[href="/seller/documents/${id}/message"]`)).not.toBeNull()
  })
})

describe('a list that customs has numbered', () => {
  /** It goes by itself, and customs answers so, one status after the other. */
  const listWith = async (n: number, ...statuses: readonly string[]) => {
    const { app, handIn } = seller
    const [declarant] = app.cast.declarants
    await app.database.db
      .updateTable('enterprise')
      .set({ waits_for_companions: false })
      .where('id', '=', app.account(declarant).id)
      .execute()
    const { list } = app.consignment(n)
    const id = await handIn('CEB621', list)
    const { copNo = '', agentCode } = list.InventoryHead
    const about = { copNo, agentCode, invtNo: listNumber('I', n) }
    for (const status of statuses) await says('CEB621', status, about, declarant.dxpId)
    return { id, list, invtNo: about.invtNo }
  }

  it('is cancelled, and both pages tell of each other', async () => {
    const { id, invtNo } = await listWith(2, '120')
    const told = await act(id, 'cancel', { reason: '买家取消订单' })
    expect(told.html).toContain('撤销申请已提交')
    const made = await relatedOf(told, /C[0-9A-Z]{16}01/)
    expect(made.status).toBe(200)
    for (const text of ['买家取消订单', invtNo]) expect(made.text).toContain(text)
    const back = await relatedOf(made, /./)
    expect(back.dom.querySelector(`a[href^="/seller/documents/${id}"]`)).not.toBeNull()
    const again = await person.post(`/seller/documents/${id}/cancel`, {
      ...{ confirmed: 'yes', reason: '再次取消' },
    })
    expect(again.status).toBe(422)
    expect(again.dom.querySelector('textarea')?.text).toBe('再次取消')
  })

  it('is returned in part after release, line and quantity as they were typed', async () => {
    const { id, list } = await listWith(3, '120', '800')
    const [line] = list.InventoryList
    const asked = await person.get(`/seller/documents/${id}/return`)
    expect(asked.dom.querySelector(`[name="qty.${line?.gnum}"]`)).not.toBeNull()
    const tooMuch = await person.post(`/seller/documents/${id}/return`, {
      ...{ confirmed: 'yes', reason: '买家退货', [`qty.${line?.gnum}`]: '9999' },
    })
    expect(tooMuch.status).toBe(422)
    expect(tooMuch.dom.querySelector(`[name="qty.${line?.gnum}"]`)?.getAttribute('value')).toBe(
      '9999',
    )
    const told = await act(id, 'return', {
      ...{ reason: '买家退货', [`qty.${line?.gnum}`]: line?.qty ?? '' },
    })
    expect(told.html).toContain('退货申请已提交')
    const made = await relatedOf(told, /R[0-9A-Z]{16}01/)
    expect(made.status).toBe(200)
    for (const text of ['买家退货', line?.gname ?? '']) expect(made.text).toContain(text)
  })
})
