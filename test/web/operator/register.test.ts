/** The operator's register: enterprises with what belongs to them, reference data, people and keys. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestApp, testApp } from '../../http/app.ts'
import { browserOf, type DeskPage, type Reader, signedIn } from '../../support/desk.ts'

let app: TestApp
let operator: Reader
let others: readonly Reader[] = []
const EVIL = '"><script>alert(1)</script>'

beforeAll(async () => {
  app = await testApp()
  operator = await signedIn(app, 'operator')
  others = [await signedIn(app, 'committee'), await signedIn(app, app.cast.platform)]
})
afterAll(() => app.close())

const platformPath = () => `/operator/enterprises/${app.account(app.cast.platform).id}`
/** What a page tells once. */
const secrets = (page: DeskPage): readonly string[] =>
  page.dom.querySelectorAll('.secret code').map((code) => code.text)

describe('the register of the operator', () => {
  it.each([
    '/operator/enterprises',
    '/operator/enterprises/new',
    '/operator/reference',
    '/operator/accounts',
  ])('%s opens to him and to nobody else, in both languages', async (path) => {
    const page = await operator.get(path)
    expect(page.status).toBe(200)
    expect(page.dom.querySelectorAll('h1')).toHaveLength(1)
    const english = await operator.get(`${path}?lang=en`)
    expect(english.dom.querySelector('html')?.getAttribute('lang')).toBe('en')
    await operator.get(`${path}?lang=zh`)
    for (const other of others) expect((await other.get(path)).status).toBe(404)
  })

  it('finds enterprises by a part of their name or by a whole code', async () => {
    const { name, customsCode } = app.cast.platform
    for (const q of [name.slice(1, 5), customsCode]) {
      const page = await operator.get(`/operator/enterprises?q=${encodeURIComponent(q)}`)
      expect(page.dom.querySelector(`a[href="${platformPath()}"]`)?.text).toBe(name)
    }
    expect((await operator.get('/operator/enterprises?q=%25')).text).toContain('没有符合的企业')
  })

  it('registers an enterprise with its first user, who can sign in', async () => {
    const wrong = await operator.post('/operator/enterprises/new', {
      ...{ name: EVIL, customsCode: 'x', roles: ['merchant'] },
    })
    expect(wrong.status).toBe(422)
    expect(wrong.html).not.toContain(EVIL)
    expect(wrong.dom.querySelector('#f-customsCode')?.getAttribute('aria-invalid')).toBe('true')
    expect(wrong.dom.querySelector('#f-name')?.getAttribute('value')).toBe(EVIL)
    const right = {
      ...{ name: `合成企业${EVIL}`, customsCode: '5001960T99', roles: ['merchant', 'platform'] },
      ...{ ownerName: '合成负责人', ownerEmail: 'owner@yuguan.example', waits: 'no' },
    }
    const made = await operator.post('/operator/enterprises/new', right)
    expect(made.status).toBe(201)
    expect(made.html).not.toContain('<script>alert')
    const [, email = '', password = ''] = secrets(made)
    expect(email).toBe('owner@yuguan.example')
    expect((await browserOf(app, email, password).signIn()).status).toBe(303)
    const href = made.dom.querySelector('main a.button')?.getAttribute('href') ?? ''
    const page = await operator.get(href)
    expect(page.text).toContain('电商企业、电商平台')
    expect(page.text).toContain('不等待')
    expect((await operator.post('/operator/enterprises/new', right)).status).toBe(422)
  })

  it('adds users, and tells a password once', async () => {
    const form = { name: EVIL, email: 'clerk@yuguan.example', role: 'member' }
    const made = await operator.post(`${platformPath()}/members`, form)
    const [email = '', password = ''] = secrets(made)
    expect((await browserOf(app, email, password).signIn()).status).toBe(303)
    const page = await operator.get(platformPath())
    expect(page.text).toContain('clerk@yuguan.example')
    expect(page.html).not.toContain(EVIL)
    expect(page.html).not.toContain(password)
    const again = await operator.post(`${platformPath()}/members`, form)
    expect(again.status).toBe(422)
    expect(again.dom.querySelector('#member-email')?.getAttribute('value')).toBe(email)
    expect((await operator.get('/operator/enterprises/none')).status).toBe(404)
  })

  it('makes an API key that works, shows it once, and revokes it after a question', async () => {
    const made = await operator.post(`${platformPath()}/keys`, {
      ...{ name: 'erp', scopes: ['documents:read'], days: '30' },
    })
    const [key = ''] = secrets(made)
    const call = () => app.fetch('/api/v1/me', { headers: { authorization: `Bearer ${key}` } })
    expect((await call()).status).toBe(200)
    const page = await operator.get(platformPath())
    expect(page.html).not.toContain(key)
    const action = page.dom
      .querySelectorAll('form')
      .find((form) => form.querySelector('input[name=name]')?.getAttribute('value') === 'erp')
      ?.getAttribute('action')
    const asked = await operator.post(action ?? '', { name: 'erp' })
    expect(asked.dom.querySelector('h1')?.text).toContain('erp')
    await operator.post(action ?? '', { name: 'erp', confirmed: 'yes' })
    expect((await call()).status).toBe(401)
    const wrong = await operator.post(`${platformPath()}/keys`, { name: 'none' })
    expect(wrong.status).toBe(422)
  })

  it('makes and retires signing keys, chooses links, gives tags', async () => {
    const path = platformPath()
    expect((await operator.post(`${path}/signing-keys`, { algorithm: 'rsa-sha1' })).location).toBe(
      path,
    )
    const page = await operator.get(path)
    expect(page.text).toContain('rsa-sha1')
    const retire = page.dom.querySelector('form[action$="/retire"]')?.getAttribute('action') ?? ''
    expect((await operator.post(retire)).text).toContain('不能恢复')
    expect((await operator.post(retire, { confirmed: 'yes' })).location).toBe(path)
    expect((await operator.get(path)).text).toContain('已停用')
    const chosen = await operator.post(`${path}/links`, { direction: 'import', link: 'simulator' })
    expect(chosen.location).toBe(path)
    expect((await operator.post(`${path}/links`, { direction: 'import', link: 'x' })).status).toBe(
      422,
    )
    const tag = {
      ...{ tag: 'overseas-warehouse', subject: EVIL, validFrom: '2026-01-01' },
      ...{ confidence: 'A', source: '样例' },
    }
    expect((await operator.post(`${path}/tags`, tag)).location).toBe(path)
    expect((await operator.get(path)).html).not.toContain(EVIL)
    const wrong = await operator.post(`${path}/tags`, { ...tag, validFrom: 'never' })
    expect(wrong.dom.querySelector('#tag-validFrom')?.getAttribute('aria-invalid')).toBe('true')
  })

  it('finds a user by a part of his address and lets him in again after a question', async () => {
    const person = await signedIn(app, app.cast.platform)
    const found = await operator.get(`/operator/accounts/people?q=${person.email.slice(0, 12)}`)
    const row = found.dom
      .querySelectorAll('tbody tr')
      .find(({ text }) => text.includes(person.email))
    expect(row?.querySelector(`a[href="${platformPath()}"]`)?.text).toBe(app.cast.platform.name)
    const action = row?.querySelector('form')?.getAttribute('action') ?? ''
    const asked = await operator.post(action, { email: person.email })
    expect(asked.dom.querySelector('h1')?.text).toContain(person.email)
    expect((await person.get('/account')).status).toBe(200)
    const [email = '', password = ''] = secrets(await operator.post(action, { confirmed: 'yes' }))
    expect(email).toBe(person.email)
    expect((await person.get('/account')).status).toBe(303)
    expect((await browserOf(app, email, password).signIn()).location).toBe('/desk')
    expect((await operator.get(platformPath())).html).toContain(action)
    expect((await operator.get('/operator/accounts/people?q=%25')).text).toContain('没有符合的用户')
    const nobody = '/operator/accounts/people/nobody/reset'
    expect((await operator.post(nobody, { confirmed: 'yes' })).status).toBe(404)
    for (const other of others) {
      expect((await other.get('/operator/accounts/people?q=a')).status).toBe(404)
      expect((await other.post(action, { confirmed: 'yes' })).status).toBe(404)
    }
  })

  it('adds somebody of one enterprise to another one', async () => {
    const person = await signedIn(app, app.cast.payer)
    const form = { name: '两家', email: person.email, role: 'member' }
    expect((await operator.post(`${platformPath()}/members`, form)).location).toBe(platformPath())
    expect((await operator.get(platformPath())).text).toContain(person.email)
    expect((await person.get('/account/enterprise')).text).toContain(app.cast.platform.name)
  })

  it('makes people of the committee and operator keys', async () => {
    const person = { name: '合成管委会', email: 'zones@yuguan.example', role: 'committee' }
    const [email = '', password = ''] = secrets(
      await operator.post('/operator/accounts/people', person),
    )
    const committee = browserOf(app, email, password)
    await committee.signIn()
    expect((await committee.get('/account')).text).toContain('管委会')
    expect((await operator.post('/operator/accounts/people', person)).status).toBe(422)
    const made = await operator.post('/operator/accounts/keys', {
      ...{ name: 'figures', scopes: ['totals:read'] },
    })
    expect(secrets(made)[0]).toMatch(/^ygk_/)
    const page = await operator.get('/operator/accounts')
    expect(page.text).toContain('zones@yuguan.example')
    expect(page.text).toContain('figures')
  })
})

describe('reference data', () => {
  const csv = (text: string, more: Readonly<Record<string, string>> = {}): FormData => {
    const form = new FormData()
    form.append('file', new Blob([text], { type: 'text/csv' }), 'days.csv')
    for (const [name, value] of Object.entries(more)) form.append(name, value)
    return form
  }
  const PATH = '/operator/reference/rest-days'

  it('shows a table as it holds on a day, and as a file', async () => {
    const page = await operator.get('/operator/reference/rule-values?on=2026-10-15')
    expect(page.status).toBe(200)
    expect(page.dom.querySelectorAll('tbody tr').length).toBeGreaterThan(0)
    expect(page.text).toContain('2026-10-15 适用')
    const file = await operator.get('/operator/reference/rule-values.csv?on=2026-10-15')
    expect(file.headers.get('content-type')).toContain('text/csv')
    expect((await operator.get('/operator/reference/rule-values?on=2026-02-30')).status).toBe(400)
    expect((await operator.get('/operator/reference/nothing')).status).toBe(404)
  })

  it('previews a file, then loads what was previewed, and says who did', async () => {
    const text = 'day,rests,source\n2027-02-09,yes,样例\n2027-02-10,yes,样例\n'
    const asked = await operator.upload(PATH, csv(text))
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('新增2')
    expect((await operator.get(PATH)).text).not.toContain('2027-02-09')
    const kept = new FormData()
    for (const input of asked.dom.querySelectorAll('main form input'))
      kept.append(input.getAttribute('name') ?? '', input.getAttribute('value') ?? '')
    const loaded = await operator.upload(PATH, kept)
    expect(loaded.location).toBe(PATH)
    const page = await operator.follow(loaded)
    expect(page.dom.querySelector('.flash')?.text).toContain('新增 2')
    expect(page.text).toContain('Operator')
    expect((await operator.get('/operator/reference')).text).toContain('Operator')
    expect((await operator.upload(PATH, csv(text))).text).toContain('没有变化')
  })

  it('tells each error of a file at its row, and loads nothing of it', async () => {
    const page = await operator.upload(PATH, csv(`day,rests,source\n2027-13-01,yes,${EVIL}\n`))
    expect(page.status).toBe(422)
    expect(page.dom.querySelector('tbody tr')?.text).toContain('2')
    expect(page.html).not.toContain('<script>alert')
    const empty = new FormData()
    empty.append('source', 'x')
    expect((await operator.upload(PATH, empty)).status).toBe(422)
  })
})
