/**
 * Handing in at the broker's desk, by a declarant who has no other role: his own kinds by form, sheet and
 * request, what a mandate adds to them, and a refused list corrected on the page. And a site alone, who
 * hands in at the seller's desk.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getDeclaration } from '../../../src/catalogue/index.ts'
import { valuesOf } from '../../../src/web/documents/form-model.ts'
import { json, type TestApp, testApp } from '../../http/app.ts'
import { type DeskPage, type Reader, signedIn } from '../../support/desk.ts'
import { movingClock, START } from '../../support/gateway.ts'
import { refuseOrders, takeOrders } from '../../support/refused.ts'

const clock = movingClock(START)
let test: TestApp
let broker: Reader
beforeAll(async () => {
  test = await testApp({ clock })
  broker = await signedIn(test, test.cast.declarants[0])
})
afterAll(() => test.close())

const kindsOf = ({ dom }: DeskPage): readonly string[] =>
  dom.querySelectorAll('table[data-rows] tbody th').map((cell) => cell.text.trim())

describe('a declarant alone', () => {
  it('is offered the kinds that he declares, in every way', async () => {
    const page = await broker.get('/broker/hand-in')
    const kinds = kindsOf(page).join()
    for (const kind of ['CEB621', 'CEB603', 'CEB623', 'CEB701']) expect(kinds).toContain(kind)
    expect(kinds).not.toContain('CEB311')
    const section = page.dom.querySelector('.sections a[aria-current]')
    expect(section?.getAttribute('href')).toBe('/broker/hand-in')
    for (const way of ['hand-in', 'sheets', 'api'])
      expect((await broker.get(`/broker/${way}/CEB621`)).status, way).toBe(200)
    for (const way of ['hand-in', 'sheets', 'api'])
      expect((await broker.get(`/broker/${way}/CEB311`)).status, way).toBe(404)
  })

  it('hands a list in by the form, and corrects it', async () => {
    const entry = getDeclaration('CEB621')
    const typed = valuesOf(entry, test.consignment(1).list)
    const sent = await broker.post('/broker/hand-in/CEB621', { ...typed, act: 'hand-in' })
    expect(sent.status, sent.text).toBe(303)
    expect(sent.location).toMatch(/^\/broker\/documents\//)
    const page = await broker.follow(sent)
    const id = sent.location.split('/').at(-1)
    const correct = `/broker/hand-in/CEB621?from=${id}`
    expect(page.dom.querySelector(`a[href="${correct}"]`)).not.toBeNull()
    const form = await broker.get(correct)
    expect(form.status).toBe(200)
    expect(form.dom.querySelector('[name="InventoryHead.copNo"]')?.getAttribute('value')).toBe(
      typed['InventoryHead.copNo'],
    )
  })
})

describe('under a mandate', () => {
  let id = ''
  it('a broker has a form for what it covers, and corrects what was refused', async () => {
    const made = [test.consignment(2)]
    const [taken = ''] = await takeOrders(test, made)
    id = taken
    await refuseOrders(test, clock, made)
    expect((await broker.get(`/broker/hand-in/CEB311?from=${id}`)).status).toBe(404)
    const given = await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        principalId: test.account(test.cast.platform).id,
        agentId: test.account(test.cast.declarants[0]).id,
        ...{ kinds: ['CEB311'], validFrom: '2020-01-01' },
      }),
    )
    expect(given.status).toBe(201)
    expect(kindsOf(await broker.get('/broker/hand-in')).join()).toContain('CEB311（凭委托）')
    const page = await broker.get(`/broker/documents/${id}`)
    expect(page.dom.querySelector('.next-step a.primary')?.getAttribute('href')).toBe(
      `/broker/hand-in/CEB311?from=${id}`,
    )
    expect((await broker.get(`/broker/hand-in/CEB311?from=${id}`)).status).toBe(200)
  })
})

it('a site alone hands in at the seller’s desk', async () => {
  const site = await signedIn(test, test.cast.site)
  const kinds = kindsOf(await site.get('/seller/hand-in')).join()
  for (const kind of ['CEB507', 'CEB711']) expect(kinds).toContain(kind)
  expect(kinds).not.toContain('CEB621')
  expect((await site.get('/broker/hand-in')).status).toBe(404)
})
