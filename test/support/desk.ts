/**
 * People at the desks over HTTP: signs somebody of a role in and reads or sends pages as his browser
 * would, cookies kept, redirects told and not followed. Pages come parsed.
 */
import { type HTMLElement, parse } from 'node-html-parser'
import type { SyntheticEnterprise } from '../../src/sim/consignments.ts'
import type { TestApp } from '../http/app.ts'

export interface DeskPage {
  readonly status: number
  /** Where it leads; '' when nowhere. */
  readonly location: string
  readonly headers: Headers
  readonly html: string
  /** Parsed; `querySelector`, `text`. */
  readonly dom: HTMLElement
  /** Text of `main` as a reader sees it, white space folded. */
  readonly text: string
}

export interface Reader {
  readonly email: string
  readonly password: string
  /** '' where nobody of ours is behind it. */
  readonly userId: string
  /** As the browser would send it now. */
  cookie(): string
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<DeskPage>
  /** A form of a page of ours; arrays give a name several values. */
  post(
    path: string,
    form?: Readonly<Record<string, string | readonly string[]>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<DeskPage>
  /** Multipart, for uploads. */
  upload(path: string, form: FormData): Promise<DeskPage>
  /** Follows where a page leads, at most five times. */
  follow(page: DeskPage): Promise<DeskPage>
  signIn(): Promise<DeskPage>
}

export const ORIGIN = 'http://gateway.test'
const REDIRECTS_MAX = 5

/** A browser of somebody; nobody is signed in unless `signIn` is called. */
export const browserOf = (app: TestApp, email = '', password = '', userId = ''): Reader => {
  const jar = new Map<string, string>()
  const cookie = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const ask = async (path: string, init: RequestInit): Promise<DeskPage> => {
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', cookie())
    const response = await app.fetch(path, { ...init, headers })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';', 1)
      const [name = '', ...value] = pair.split('=')
      if (/max-age=0\b/i.test(set)) jar.delete(name)
      else jar.set(name, value.join('='))
    }
    return pageOf(response)
  }
  const reader: Reader = {
    ...{ email, password, userId, cookie },
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, form = {}, headers = {}) => {
      const body = new URLSearchParams()
      for (const [name, value] of Object.entries(form))
        for (const one of typeof value === 'string' ? [value] : value) body.append(name, one)
      return ask(path, { method: 'POST', body, headers: { origin: ORIGIN, ...headers } })
    },
    upload: async (path, form) => {
      // A browser says how long its upload is.
      const sent = new Response(form)
      const type = sent.headers.get('content-type') ?? ''
      const body = await sent.arrayBuffer()
      return ask(path, {
        ...{ method: 'POST', body },
        headers: {
          ...{ origin: ORIGIN, 'content-type': type },
          'content-length': String(body.byteLength),
        },
      })
    },
    follow: async (page) => {
      let at = page
      for (let hop = 0; at.location !== '' && hop < REDIRECTS_MAX; hop += 1)
        at = await reader.get(at.location)
      return at
    },
    signIn: () => reader.post('/sign-in', { email, password }),
  }
  return reader
}

const pageOf = async (response: Response): Promise<DeskPage> => {
  const html = await response.text()
  const dom = parse(html)
  return {
    ...{ status: response.status, headers: response.headers, html, dom },
    location: response.headers.get('location') ?? '',
    text: (dom.querySelector('main')?.text ?? '').replaceAll(/\s+/g, ' ').trim(),
  }
}

let people = 0

/**
 * Somebody signed in: the operator, a person of the committee, or one of an enterprise, which is
 * registered when it is not yet.
 */
export const signedIn = async (
  app: TestApp,
  who: 'operator' | 'committee' | SyntheticEnterprise,
  role: 'owner' | 'admin' | 'member' = 'owner',
): Promise<Reader> => {
  const reader = await personOf(app, who, role)
  const page = await reader.signIn()
  if (page.status !== 303) throw new Error(`${reader.email} could not sign in: ${page.text}`)
  return reader
}

/** The same before signing in. */
export const personOf = async (
  app: TestApp,
  who: 'operator' | 'committee' | SyntheticEnterprise,
  role: 'owner' | 'admin' | 'member' = 'owner',
): Promise<Reader> => {
  if (who === 'operator') return browserOf(app, app.operator.email, app.operator.password)
  people += 1
  const email = `person-${people}@yuguan.example`
  const { accounts } = app.gateway
  const isCommittee = who === 'committee'
  const made = await accounts.createUser(
    `测试 ${people}`,
    email,
    isCommittee ? 'committee' : 'user',
  )
  if (made.kind !== 'made') throw new Error(`${email} was there already`)
  if (!isCommittee) await joins(app, made.userId, who, role)
  return browserOf(app, email, made.password, made.userId)
}

/** Makes a user a member; the way to somebody of several enterprises. */
export const joins = async (
  app: TestApp,
  userId: string,
  enterprise: SyntheticEnterprise,
  role: 'owner' | 'admin' | 'member' = 'owner',
): Promise<void> => {
  const { id } = isRegistered(app, enterprise)
    ? app.account(enterprise)
    : await app.register(enterprise)
  await app.gateway.accounts.addMember(id, userId, role)
}

const isRegistered = (app: TestApp, enterprise: SyntheticEnterprise): boolean => {
  try {
    return app.account(enterprise) !== undefined
  } catch {
    return false
  }
}
