/** What the operator changes of an enterprise on its page: its DXP account, and mandates on paper. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../http/app.ts'
import { type Reader, signedIn } from '../../support/desk.ts'

let app: TestApp
let operator: Reader
let own = ''
beforeAll(async () => {
  app = await testApp()
  operator = await signedIn(app, 'operator')
  own = `/operator/enterprises/${app.account(app.cast.platform).id}`
})
afterAll(() => app.close())

describe('on the page of an enterprise, the operator', () => {
  it('changes its DXP account, and sees what it was before', async () => {
    const wrong = await operator.post(`${own}/account`, { dxpId: 'no account' })
    expect(wrong.status).toBe(422)
    const input = wrong.dom.querySelector('[name=dxpId]')
    expect(input?.getAttribute('aria-invalid')).toBe('true')
    expect(input?.getAttribute('value')).toBe('no account')
    const done = await operator.post(`${own}/account`, { dxpId: 'DXPENT9900000999' })
    const page = await operator.follow(done)
    expect(page.html).toContain('DXP 传输编号已更改')
    expect(page.dom.querySelector('[name=dxpId]')?.getAttribute('value')).toBe('DXPENT9900000999')
    expect(page.text).toContain(`曾用 DXP 传输编号${app.cast.platform.dxpId}`)
  })

  it('registers a mandate that it gave on paper', async () => {
    const [agent] = app.cast.declarants
    const wanted = { agent: agent.customsCode, kinds: ['CEB311'], validFrom: '2026-01-01' }
    const wrong = await operator.post(`${own}/mandates`, { ...wanted, agent: '5001999999' })
    expect(wrong.status).toBe(422)
    expect(wrong.dom.querySelector('[name=agent]')?.getAttribute('aria-invalid')).toBe('true')
    const done = await operator.post(`${own}/mandates`, wanted)
    expect(done.location).toBe(own)
    const page = await operator.follow(done)
    expect(page.html).toContain(`已登记给${agent.name}的委托`)
    expect(page.text).toContain('电子订单（进口） CEB311')
    const broker = await signedIn(app, agent)
    expect((await broker.get('/broker/mandates')).text).toContain(app.cast.platform.name)
  })

  it('is the only one who does', async () => {
    const owner = await signedIn(app, app.cast.platform)
    for (const path of ['account', 'mandates'])
      expect((await owner.post(`${own}/${path}`, { dxpId: 'X' })).status).toBe(404)
  })
})

it('everybody of an enterprise sees its codes on his account page', async () => {
  const { customsCode } = app.cast.carrier
  const page = await (await signedIn(app, app.cast.carrier, 'member')).get('/account')
  expect(page.text).toContain(`海关十位编码${customsCode}`)
  expect(page.text).toContain(`DXP 传输编号${app.cast.carrier.dxpId}`)
  expect(page.text).toContain('统一社会信用代码')
})
