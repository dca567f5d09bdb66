/** The account desk over HTTP: second step, password, users, keys shown once, mandates, rules, whose things they are. */
import { createOTP } from '@better-auth/utils/otp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../http/app.ts'
import { browserOf, joins, personOf, type Reader, signedIn } from '../../support/desk.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

const bytesOf = (base32: string): string => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...base32]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const bytes = bits.match(/.{8}/g) ?? []
  return bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 2))).join('')
}

/** What an authenticator shows for the secret that it was given. */
const totp = (secret: string): Promise<string> => createOTP(bytesOf(secret)).totp()

const flashOf = async (
  reader: Reader,
  page: Awaited<ReturnType<Reader['post']>>,
): Promise<string> => {
  expect(page.status, page.text).toBe(303)
  return (await reader.follow(page)).dom.querySelector('.flash')?.text.trim() ?? ''
}

describe('the second step', () => {
  it('is set up with password and code, asked for at sign-in, and taken away', async () => {
    const person = await signedIn(app, app.cast.platform)
    const { email, password } = person
    const wrong = await person.post('/account/two-factor/start', { password: 'not the one 1' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('当前密码不正确')

    const started = await person.post('/account/two-factor/start', { password })
    expect(started.status).toBe(201)
    expect(started.dom.querySelector('svg.qr path')).not.toBeNull()
    const secret = started.dom.querySelector('.copyable code')?.text ?? ''
    const codes = started.dom
      .querySelectorAll('[data-once=backup-codes] code')
      .map(({ text }) => text)
    expect(codes.length).toBeGreaterThanOrEqual(8)
    const bad = await person.post('/account/two-factor/confirm', { code: '12' })
    expect(bad.status).toBe(422)
    const on = await person.post('/account/two-factor/confirm', { code: await totp(secret) })
    expect(await flashOf(person, on)).toBe('两步验证已启用')

    const other = browserOf(app, email, password)
    const first = await other.post('/sign-in', { email, password, next: '/account' })
    expect(first.location).toBe('/sign-in/code?next=%2Faccount')
    expect((await other.get('/account')).status).toBe(303)
    const refused = await other.post('/sign-in/code', { code: 'AAAAA-AAAAA', next: '/account' })
    expect(refused.status).toBe(401)
    const second = await other.post('/sign-in/code', { code: await totp(secret), next: '/account' })
    expect(second.location).toBe('/account')
    expect((await other.get('/account')).text).toContain('已启用')

    const third = browserOf(app, email, password)
    await third.signIn()
    const backup = await third.post('/sign-in/code', { code: codes[0] ?? '', next: '/account' })
    expect(backup.location).toBe('/account')
    const again = browserOf(app, email, password)
    await again.signIn()
    expect((await again.post('/sign-in/code', { code: codes[0] ?? '' })).status).toBe(401)

    const off = await third.post('/account/two-factor/stop', { password })
    expect(await flashOf(third, off)).toBe('两步验证已关闭')
    expect((await browserOf(app, email, password).signIn()).location).toBe('/desk')
  })

  it('that is lost is taken away by the operator, with a new password', async () => {
    const person = await signedIn(app, app.cast.carrier)
    const { email, password } = person
    const started = await person.post('/account/two-factor/start', { password })
    const secret = started.dom.querySelector('.copyable code')?.text ?? ''
    await person.post('/account/two-factor/confirm', { code: await totp(secret) })
    const asOperator = { authorization: `Bearer ${app.operatorKey}` }
    const reset = await app.fetch(`/api/v1/users/${person.userId}/reset`, {
      method: 'POST',
      headers: asOperator,
    })
    const told = (await reset.json()) as { password: string }
    expect((await person.get('/account')).status).toBe(303)
    expect((await browserOf(app, email, password).signIn()).status).toBe(401)
    expect((await browserOf(app, email, told.password).signIn()).location).toBe('/desk')
  })
})

describe('the password', () => {
  it('is changed with the current one, and ends the other sessions', async () => {
    const person = await signedIn(app, app.cast.platform)
    const other = browserOf(app, person.email, person.password)
    await other.signIn()
    const current = person.password
    const short = await person.post('/account/password', { current, fresh: 'short' })
    expect(short.status).toBe(422)
    expect(short.text).toContain('新密码过短')
    const fresh = 'a new password of the test'
    expect(
      await flashOf(person, await person.post('/account/password', { current, fresh })),
    ).toContain('密码已修改')
    expect((await other.get('/account')).status).toBe(303)
    expect((await browserOf(app, person.email, fresh).signIn()).location).toBe('/desk')
  })
})

describe('API keys', () => {
  it('are shown once, work, and are revoked after a confirmation', async () => {
    const person = await signedIn(app, app.cast.platform)
    const form = { name: 'till', scopes: ['documents:read'], days: '30' }
    const made = await person.post('/account/keys', form)
    expect(made.status).toBe(201)
    const key = made.dom.querySelector('[data-once=key] code')?.text ?? ''
    const asKey = { headers: { authorization: `Bearer ${key}` } }
    expect((await app.fetch('/api/v1/documents', asKey)).status).toBe(200)
    const list = await person.get('/account/keys')
    expect(list.html).not.toContain(key)
    // Thirty days are within the time that is warned of.
    expect(list.dom.querySelector('[data-ends=soon]')?.text).toMatch(/将于 \d{4}-\d\d-\d\d 到期/)
    const row = list.dom.querySelectorAll('tbody tr').find(({ text }) => text.includes('till'))
    const action = row?.querySelector('form')?.getAttribute('action') ?? ''
    const asked = await person.post(action, { name: 'till' })
    expect(asked.status).toBe(200)
    expect(asked.dom.querySelector('.confirm form')?.getAttribute('action')).toBe(action)
    expect((await app.fetch('/api/v1/documents', asKey)).status).toBe(200)
    expect(await flashOf(person, await person.post(action, { confirmed: 'yes' }))).toBe(
      '密钥已吊销',
    )
    expect((await app.fetch('/api/v1/documents', asKey)).status).toBe(401)
  })

  it('with something wrong name the field and keep the page', async () => {
    const person = await signedIn(app, app.cast.platform)
    const page = await person.post('/account/keys', { name: '', scopes: [] })
    expect(page.status).toBe(422)
    const field = page.dom.querySelector('#f-name')
    expect(field?.getAttribute('aria-invalid')).toBe('true')
    expect(page.dom.querySelectorAll('input[name=scopes][checked]')).toHaveLength(0)
    const described = field?.getAttribute('aria-describedby') ?? ''
    expect(page.dom.querySelector(`#${described}`)?.text.trim()).not.toBe('')
    expect(page.dom.querySelector('[data-problem]')?.getAttribute('data-problem')).toBe(
      'BODY-WRONG-SHAPE',
    )
  })
})

describe('users of an enterprise', () => {
  it('are added, given a role and taken out; the last owner stays', async () => {
    const owner = await signedIn(app, app.cast.payer)
    const email = 'fresh-member@yuguan.example'
    const made = await owner.post('/account/members', { name: '新成员', email, role: 'member' })
    expect(made.status).toBe(201)
    const password = made.dom.querySelector('[data-once=password] code')?.text ?? ''
    const member = browserOf(app, email, password)
    await member.signIn()
    expect((await member.get('/account')).text).toContain(app.cast.payer.name)
    expect((await member.get('/account/members')).status).toBe(404)
    expect((await member.get('/account/mandates')).status).toBe(200)

    const actionOf = async (text: string): Promise<string> => {
      const list = await owner.get('/account/members')
      const row = list.dom.querySelectorAll('tbody tr').find((one) => one.text.includes(text))
      return row?.querySelector('form')?.getAttribute('action') ?? ''
    }
    const action = await actionOf(email)
    await owner.post(action, { act: 'change', role: 'admin' })
    expect((await member.get('/account/members')).status).toBe(200)
    const asked = await owner.post(action, { act: 'remove', name: '新成员' })
    expect(asked.text).toContain('新成员')
    expect((await member.get('/account/members')).status).toBe(200)
    await owner.post(action, { act: 'remove', confirmed: 'yes' })
    expect((await member.get('/account/members')).status).toBe(404)
  })

  it('keep an owner', async () => {
    const { cast } = app
    const [, declarant] = cast.declarants
    if (declarant === undefined) throw new Error('one declarant only')
    const owner = await signedIn(app, declarant)
    const list = await owner.get('/account/members')
    const forms = list.dom
      .querySelectorAll('tbody form')
      .map((form) => form.getAttribute('action') ?? '')
    const answers = []
    for (const action of forms)
      answers.push(await owner.post(action, { act: 'change', role: 'member' }))
    // Whoever registered the enterprise owns it too, and goes first.
    expect(answers.map(({ status }) => status)).toEqual([...forms.slice(1).map(() => 303), 422])
    expect(answers.at(-1)?.text).toContain('LAST-OWNER')
  })
})

describe('what belongs to an enterprise', () => {
  it('is shown for the one that is acted for, and is never another’s', async () => {
    const person = await personOf(app, app.cast.platform)
    const asOperator = { authorization: `Bearer ${app.operatorKey}` }
    await joins(app, person.userId, app.cast.carrier, 'admin')
    await person.signIn()
    const asked = await person.get('/account/keys')
    expect(asked.location).toBe('/account/enterprise?next=%2Faccount%2Fkeys')
    const choose = await person.get(asked.location)
    expect(choose.dom.querySelectorAll('main input[type=radio]').length).toBe(2)
    const foreign = app.account(app.cast.payer).id
    expect((await person.post('/account/enterprise', { enterprise: foreign })).status).toBe(404)
    const enterprise = app.account(app.cast.carrier).id
    const chosen = await person.post('/account/enterprise', { enterprise, next: '/account/keys' })
    expect(chosen.location).toBe('/account/keys')
    const keys = await person.get('/account/keys')
    expect(keys.status).toBe(200)
    expect(keys.dom.querySelector('#act-for option[selected]')?.text).toBe(app.cast.carrier.name)
    // Keys of the other one are not among them, and cannot be revoked from here.
    const platformKeys = await app.fetch(
      `/api/v1/enterprises/${app.account(app.cast.platform).id}/keys`,
      { headers: asOperator },
    )
    const [key] = ((await platformKeys.json()) as { keys: { id: string; start: string }[] }).keys
    expect(keys.html).not.toContain(key?.start)
    const revoked = await person.post(`/account/keys/${key?.id}/end`, { confirmed: 'yes' })
    expect(revoked.status).toBe(404)
  })

  it('opens to no operator and no committee', async () => {
    for (const who of ['operator', 'committee'] as const) {
      const reader = await signedIn(app, who)
      for (const path of ['members', 'keys', 'signing', 'mandates', 'links', 'rules'])
        expect((await reader.get(`/account/${path}`)).status).toBe(404)
    }
  })
})

describe('a mandate', () => {
  const days = { validFrom: '2026-01-01', validTo: '2026-12-31' }

  it.each(['customsCode', 'creditCode'] as const)('goes to the agent by its %s', async (code) => {
    const person = await signedIn(app, app.cast.payer)
    const agent = app.cast.declarants[0]
    const form = { agent: agent[code].toLowerCase(), kinds: ['CEB411'], ...days }
    const given = await person.post('/account/mandates', form)
    expect(await flashOf(person, given)).toBe(`委托已出具给${agent.name}`)
    // Who was named once is offered by name.
    const page = await person.get('/account/mandates')
    expect(page.dom.querySelector('#agents option')?.text).toBe(agent.name)
  })

  it('to nobody known is refused at its field, and what was typed stays', async () => {
    const person = await signedIn(app, app.cast.payer)
    for (const agent of ['5099999999', 'nobody', app.cast.payer.customsCode]) {
      const page = await person.post('/account/mandates', { agent, kinds: ['CEB411'], ...days })
      expect(page.status).toBe(422)
      const field = page.dom.querySelector('#f-agent')
      expect(field?.getAttribute('aria-invalid')).toBe('true')
      expect(field?.getAttribute('value')).toBe(agent)
      expect(page.dom.querySelector('input[value=CEB411]')?.hasAttribute('checked')).toBe(true)
      expect(page.dom.querySelector('#f-validTo')?.getAttribute('value')).toBe(days.validTo)
    }
  })
})

describe('a user who was taken out', () => {
  it('is added again with his account; one of another enterprise is not', async () => {
    const owner = await signedIn(app, app.cast.payer)
    const email = 'comes-back@yuguan.example'
    const form = { name: '回来的人', email, role: 'member' }
    const made = await owner.post('/account/members', form)
    const password = made.dom.querySelector('[data-once=password] code')?.text ?? ''
    const list = await owner.get('/account/members')
    const row = list.dom.querySelectorAll('tbody tr').find(({ text }) => text.includes(email))
    const action = row?.querySelector('form')?.getAttribute('action') ?? ''
    const stranger = await signedIn(app, app.cast.carrier)
    expect((await stranger.post('/account/members', form)).text).toContain('USER-EXISTS')
    await owner.post(action, { act: 'remove', confirmed: 'yes' })
    const again = await owner.post('/account/members', form)
    expect(await flashOf(owner, again)).toContain('密码不变')
    const person = browserOf(app, email, password)
    await person.signIn()
    expect((await person.get('/account')).text).toContain(app.cast.payer.name)
    // Neither twice, nor somebody who sees every enterprise.
    expect((await owner.post('/account/members', form)).text).toContain('USER-EXISTS')
    const staff = { ...form, email: app.operator.email }
    expect((await owner.post('/account/members', staff)).text).toContain('USER-EXISTS')
  })
})

describe('signing keys, mandates, links and rules', () => {
  it('are shown and changed', async () => {
    const person = await signedIn(app, app.cast.platform)
    const before = (await person.get('/account/signing')).dom.querySelectorAll('tbody tr').length
    await person.post('/account/signing', { algorithm: 'sm2-sm3' })
    const signing = await person.get('/account/signing')
    expect(signing.dom.querySelectorAll('tbody tr').length).toBe(before + 1)
    const bad = await person.post('/account/signing', { certificate: 'x', privateKey: 'y' })
    expect(bad.status).toBe(422)
    expect(bad.html).not.toContain('>y<')
    expect(bad.dom.querySelector('#f-certificate')?.text).toBe('x')

    const agentId = app.account(app.cast.carrier).id
    const mandate = {
      ...{ agent: agentId, kinds: ['CEB311', 'BOOK1210'], zones: ['CQ-XY'] },
      ...{ validFrom: '2026-01-01', validTo: '2026-12-31' },
    }
    expect(await flashOf(person, await person.post('/account/mandates', mandate))).toBe(
      `委托已出具给${app.cast.carrier.name}`,
    )
    const agent = await signedIn(app, app.cast.carrier)
    expect((await agent.get('/account/mandates')).text).toContain(app.cast.platform.name)
    const list = await person.get('/account/mandates')
    expect(list.dom.querySelector('input[name=kinds][value=BOOK1210]')).not.toBeNull()
    expect(list.text).toContain('电子订单（进口） CEB311、保税账册 BOOK1210')
    expect(list.dom.querySelector('tbody tr')?.text).not.toContain('CQ-XY')
    const english = await person.get('/account/mandates?lang=en')
    expect(english.text).toContain('bonded account book BOOK1210')
    await person.get('/account/mandates?lang=zh')
    const end = list.dom.querySelector('form[action$="/end"]')?.getAttribute('action') ?? ''
    const asked = await person.post(end, { agent: 'x' })
    expect(asked.dom.querySelector('.confirm form')?.getAttribute('action')).toBe(end)
    expect(await flashOf(person, await person.post(end, { confirmed: 'yes' }))).toBe('委托已终止')

    expect((await person.get('/account/links')).text).toContain('simulator')
    const linked = await person.post('/account/links', { direction: 'import', link: 'simulator' })
    expect(linked.status).toBe(303)

    const rules = await person.get('/account/rules')
    const form = rules.dom.querySelector('tbody form')
    const rule = form?.querySelector('input[name=rule]')?.getAttribute('value') ?? ''
    const softer = form?.querySelectorAll('option').find((one) => one.getAttribute('value') !== '')
    const severity = softer?.getAttribute('value') ?? ''
    expect(await flashOf(person, await person.post('/account/rules', { rule, severity }))).toBe(
      '规则处理已变更',
    )
  })
})
