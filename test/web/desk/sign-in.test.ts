/** Signing in to the desks over HTTP: passwords, where one goes on, forms of other sites, languages, themes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownPath } from '../../../src/web/desk/own-path.ts'
import { type TestApp, testApp } from '../../http/app.ts'
import { browserOf, personOf, signedIn } from '../../support/desk.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

describe('signing in', () => {
  it('is asked for, and leads back to where one wanted to go', async () => {
    const person = await personOf(app, app.cast.platform)
    const asked = await person.get('/account?x=1')
    expect(asked.status).toBe(303)
    expect(asked.location).toBe('/sign-in?next=%2Faccount%3Fx%3D1')
    const form = await person.get(asked.location)
    expect(form.status).toBe(200)
    const next = form.dom.querySelector('main input[name=next]')?.getAttribute('value') ?? ''
    expect(next).toBe('/account?x=1')
    const { email, password } = person
    const signed = await person.post('/sign-in', { email, password, next })
    expect(signed.location).toBe('/account?x=1')
    const account = await person.get(signed.location)
    expect(account.status).toBe(200)
    expect(account.text).toContain(app.cast.platform.name)
  })

  it('says the same of a wrong password and of an account that is not there', async () => {
    const person = await personOf(app, app.cast.platform)
    const wrong = await person.post('/sign-in', { email: person.email, password: 'not the one 1' })
    const nobody = await person.post('/sign-in', { email: 'nobody@yuguan.example', password: 'x' })
    for (const page of [wrong, nobody]) {
      expect(page.status).toBe(401)
      expect(page.dom.querySelector('[role=alert]')?.text).toContain('邮箱或密码不正确')
    }
    expect(wrong.dom.querySelector('#f-email')?.getAttribute('value')).toBe(person.email)
    expect(wrong.html).not.toContain('not the one 1')
    expect((await person.get('/account')).status).toBe(303)
  })

  it('ends by a form', async () => {
    const person = await signedIn(app, app.cast.platform)
    expect((await person.get('/account')).status).toBe(200)
    expect((await person.post('/sign-out')).location).toBe('/sign-in')
    expect((await person.get('/account')).status).toBe(303)
  })

  it('takes no key of a program', async () => {
    const { key } = app.account(app.cast.platform)
    const page = await browserOf(app).get('/account', { authorization: `Bearer ${key}` })
    expect(page.status).toBe(303)
  })

  it('opens the account to operator and committee too', async () => {
    expect((await (await signedIn(app, 'operator')).get('/account')).text).toContain('运营方')
    expect((await (await signedIn(app, 'committee')).get('/account')).text).toContain('管委会')
  })
})

describe('where one goes on', () => {
  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example/',
    '/\t/elsewhere.example',
    '/.//elsewhere.example',
    'javascript:alert(1)',
    '/api/v1/me',
    '/sign-in',
    '',
  ])('is never %j', async (next) => {
    const person = await personOf(app, app.cast.platform)
    const { email, password } = person
    const form = await person.get(`/sign-in?next=${encodeURIComponent(next)}`)
    expect(form.dom.querySelector('main input[name=next]')?.getAttribute('value')).toBe('/desk')
    expect((await person.post('/sign-in', { email, password, next })).location).toBe('/desk')
  })

  it('is no other site, nor the interface', () => {
    for (const path of [
      'https://elsewhere.example/',
      '//x/',
      '/\\x/',
      '/.//x',
      '/api/v1/me',
      '/ x',
    ])
      expect(ownPath(path)).toBeUndefined()
  })

  it('may be any page of ours, with its question', () => {
    expect(ownPath('/search?q=A%201&x=2')).toBe('/search?q=A%201&x=2')
  })
})

describe('a form of another site', () => {
  const foreign: Readonly<Record<string, Record<string, string>>> = {
    'names its own origin': { origin: 'https://elsewhere.example' },
    'hides its origin': { origin: 'null' },
  }
  it.each(Object.keys(foreign))('that %s does nothing', async (name) => {
    const person = await signedIn(app, app.cast.platform)
    for (const path of ['/sign-out', '/theme', '/account/enterprise', '/sign-in']) {
      const page = await person.post(path, {}, foreign[name])
      expect(page.status).toBe(403)
      expect(page.dom.querySelector('[data-problem]')?.getAttribute('data-problem')).toBe(
        'ORIGIN-FOREIGN',
      )
    }
    expect((await person.get('/account')).status).toBe(200)
  })

  it('that does not say where it comes from does nothing either', async () => {
    const person = await signedIn(app, app.cast.platform)
    const answer = await app.fetch('/sign-out', {
      method: 'POST',
      headers: { cookie: person.cookie() },
    })
    expect(answer.status).toBe(403)
    expect((await person.get('/account')).status).toBe(200)
  })
})

describe('language and theme', () => {
  it('change without script and stay', async () => {
    const person = await signedIn(app, app.cast.platform)
    const page = await person.get('/search?q=NOT-THERE-1')
    const other = page.dom.querySelector('a.language')?.getAttribute('href') ?? ''
    expect(other).toBe('/search?q=NOT-THERE-1&lang=en')
    const english = await person.get(other.replaceAll('&amp;', '&'))
    expect(english.dom.querySelector('html')?.getAttribute('lang')).toBe('en')
    expect(english.text).toContain('Nothing goes by NOT-THERE-1')
    expect((await person.get('/account')).text).toContain('Account')

    const dark = await person.follow(
      await person.post('/theme', { theme: 'dark', next: '/account' }),
    )
    expect(dark.dom.querySelector('html')?.getAttribute('data-theme')).toBe('dark')
    const auto = await person.follow(
      await person.post('/theme', { theme: 'auto', next: '/account' }),
    )
    expect(auto.dom.querySelector('html')?.getAttribute('data-theme')).toBeUndefined()
  })
})

describe('pages', () => {
  it('have neither inline style nor inline script, and are kept nowhere', async () => {
    const person = await signedIn(app, app.cast.platform)
    for (const path of ['/account', '/search?q=x', '/sign-in']) {
      const page = await person.get(path)
      expect(page.headers.get('cache-control')).toBe('private, no-store')
      expect(page.headers.get('content-security-policy')).toContain("form-action 'self'")
      expect(page.dom.querySelectorAll('[style], style, script:not([src])')).toEqual([])
      expect(page.html).not.toMatch(/\son[a-z]+=/)
    }
  })

  it('cost their reader one request of his quota, however much they read', async () => {
    const person = await signedIn(app, app.cast.platform)
    const remaining = (page: { readonly headers: Headers }): number =>
      Number(/;r=(\d+)/.exec(page.headers.get('ratelimit') ?? '')?.[1])
    const before = remaining(await person.get('/search?q=NOT-THERE-1'))
    const after = remaining(await person.get('/search?q=NOT-THERE-2'))
    expect(before - after).toBe(1)
  })

  it('that are not there for a reader say so, readable', async () => {
    const committee = await signedIn(app, 'committee')
    const page = await committee.get('/search?q=1')
    expect(page.status).toBe(404)
    expect(page.text).toContain('没有这个页面')
  })

  it('are not offered: who may not search gets neither the box nor its key', async () => {
    const offered = async (who: Parameters<typeof signedIn>[1], path: string) => {
      const { dom } = await (await signedIn(app, who)).get(path)
      return [
        dom.querySelector('form[action="/search"]') !== null,
        dom.querySelectorAll('#keys kbd').some(({ text }) => text === '/'),
      ]
    }
    expect(await offered('committee', '/committee')).toEqual([false, false])
    expect(await offered('operator', '/operator')).toEqual([true, true])
    expect(await offered(app.cast.platform, '/seller')).toEqual([true, true])
  })
})
