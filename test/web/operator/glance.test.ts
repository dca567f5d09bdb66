/** The operator's desk: what asks for somebody, replies with their bytes, codes, links, signers, log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bearer, CUSTOMS_TOKEN, type TestApp, testApp } from '../../http/app.ts'
import { type Reader, signedIn } from '../../support/desk.ts'

let app: TestApp
let operator: Reader
let others: readonly Reader[] = []
let reply = ''
const EVIL = '<script>alert(1)</script>'

beforeAll(async () => {
  app = await testApp()
  operator = await signedIn(app, 'operator')
  others = [await signedIn(app, 'committee'), await signedIn(app, app.cast.platform)]
  const taken = await app.fetch('/api/v1/customs/replies', {
    method: 'POST',
    headers: { ...bearer(CUSTOMS_TOKEN), 'content-type': 'application/xml' },
    body: `<a>${EVIL}</a>`,
  })
  reply = ((await taken.json()) as { id: string }).id
  await app.runStages()
})
afterAll(() => app.close())

const PATHS = [...['', '/replies', '/codes', '/links', '/signers', '/disclosures', '/audit']].map(
  (rest) => `/operator${rest}`,
)

describe('the desk of the operator', () => {
  it.each(PATHS)('%s opens to him and to nobody else, in both languages', async (path) => {
    const page = await operator.get(path)
    expect(page.status).toBe(200)
    expect(page.dom.querySelectorAll('h1')).toHaveLength(1)
    expect(
      (await operator.get(`${path}?lang=en`)).dom.querySelector('html')?.getAttribute('lang'),
    ).toBe('en')
    await operator.get(`${path}?lang=zh`)
    for (const other of others) expect((await other.get(path)).status).toBe(404)
  })

  it('shows at a glance what asks for somebody, and leads there', async () => {
    const page = await operator.get('/operator')
    const tile = page.dom.querySelector('a.tile[href="/operator/replies?state=unreadable"]')
    expect(tile?.getAttribute('data-tone')).toBe('wait')
    expect(tile?.querySelector('.tile-value')?.text).toBe('1')
    const undelivered = page.dom.querySelector('a.tile[href="/operator/links"][data-tone=good]')
    expect(undelivered?.querySelector('.tile-value')?.text).toBe('正常')
    expect(page.dom.querySelectorAll('table tbody tr').length).toBe(6)
  })

  it('tells what is wrong with a reply, and never runs what stands in it', async () => {
    const list = await operator.get('/operator/replies?state=unreadable')
    expect(list.dom.querySelector(`a[href="/operator/replies/${reply}"]`)).not.toBeNull()
    const page = await operator.get(`/operator/replies/${reply}`)
    expect(page.status).toBe(200)
    expect(page.html).not.toContain(EVIL)
    expect((await operator.get('/operator/replies/nothing')).status).toBe(404)
  })

  it('gives the bytes after a word of confirmation, and writes down who had them', async () => {
    const asked = await operator.post(`/operator/replies/${reply}/raw`)
    expect(asked.text).toContain('访问日志')
    const file = await operator.post(`/operator/replies/${reply}/raw`, { confirmed: 'yes' })
    expect(file.headers.get('content-disposition')).toContain(`${reply}.xml`)
    expect(file.html).toBe(`<a>${EVIL}</a>`)
    const log = await operator.get('/operator/audit?what=reply-opened')
    expect(log.dom.querySelector(`a[href="/operator/replies/${reply}"]`)).not.toBeNull()
    // Who it was, by his name.
    const who = log.dom.querySelector('tbody a[href^="/operator/audit?who="]')
    expect(who?.text).toBe('Operator')
    expect((await operator.get('/operator/audit?what=viewed')).text).toContain('没有访问记录')
    expect((await operator.get('/operator/audit?from=2020-01-01&to=2020-01-02')).text).toContain(
      '没有访问记录',
    )
    expect((await operator.get('/operator/audit?from=nonsense')).status).toBe(400)
  })

  it('tries replies again, one at once and all after a question', async () => {
    const one = await operator.post(`/operator/replies/${reply}/retry`)
    expect(one.location).toBe(`/operator/replies/${reply}`)
    expect((await operator.follow(one)).dom.querySelector('.flash')?.text).toContain('1 份')
    await app.runStages()
    const asked = await operator.post('/operator/replies/retry', { state: 'unreadable' })
    expect(asked.status).toBe(200)
    expect(asked.dom.querySelector('form[action="/operator/replies/retry"]')).not.toBeNull()
    const all = await operator.post('/operator/replies/retry', {
      ...{ state: 'unreadable', confirmed: 'yes' },
    })
    expect(all.location).toBe('/operator/replies?state=unreadable')
    await app.runStages()
  })

  it('refuses forms that another site sends', async () => {
    const path = `/operator/replies/${reply}/retry`
    const page = await operator.post(path, {}, { origin: 'https://elsewhere.example' })
    expect(page.status).toBe(403)
  })

  it('gives a code a meaning, and keeps what was typed when that is wrong', async () => {
    await app.gateway.flow.db
      .insertInto('unknown_code')
      .values({
        ...{ kind: 'CEB621', sort: 'status', code: '778', count: '3', last_reply: reply },
        ...{ first_seen: new Date(), last_seen: new Date() },
      })
      .execute()
    const list = await operator.get('/operator/codes')
    const path = '/operator/codes/CEB621/status/778'
    expect(list.dom.querySelector(`a[href="${path}"]`)).not.toBeNull()
    const wrong = await operator.post(path, { cause: 'no-such', zh: EVIL, en: '' })
    expect(wrong.status).toBe(422)
    expect(wrong.dom.querySelector('#f-zh')?.getAttribute('value')).toBe(EVIL)
    expect(wrong.html).not.toContain(EVIL)
    expect(wrong.dom.querySelector('#f-cause')?.getAttribute('aria-invalid')).toBe('true')
    const right = { cause: 'held-by-rules', zh: '合成含义', en: 'synthetic meaning' }
    expect((await operator.post(path, right)).location).toBe('/operator/codes')
    expect((await operator.get('/operator/codes')).text).toContain('合成含义')
    expect((await operator.get('/operator/codes/CEB621/nonsense/778')).status).toBe(404)
  })

  it('shows links with their breaker, and sends nothing again that was delivered', async () => {
    const page = await operator.get('/operator/links')
    expect(page.text).toContain('simulator')
    expect(page.dom.querySelector('[data-count=undelivered]')?.text).toBe('无')
    const asked = await operator.post('/operator/links/resend', { link: 'simulator' })
    expect(asked.dom.querySelector('input[name=link]')?.getAttribute('value')).toBe('simulator')
    const done = await operator.post('/operator/links/resend', { confirmed: 'yes' })
    expect((await operator.follow(done)).dom.querySelector('.flash')?.text).toContain('0 条报文')
  })

  it('shows every signer with its end', async () => {
    const page = await operator.get('/operator/signers')
    expect(page.dom.querySelectorAll('tbody tr').length).toBe(4)
    expect(page.text).toContain('sm2-sm3')
  })
})
