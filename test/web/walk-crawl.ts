/**
 * Walks over the pages as readers do: from a reader's own first page along every link and every form,
 * some addresses of each route. The routes are the application's own table, so a new page is walked
 * over without a word here.
 */
import type { HTMLElement } from 'node-html-parser'
import { routes as interfaceRoutes } from '../../src/http/app.ts'
import { routerPath } from '../../src/http/route.ts'
import type { TestApp } from '../http/app.ts'
import type { DeskPage, Reader } from '../support/desk.ts'

/** Addresses of a route that are opened, and of them those that ask for the same names. */
const ADDRESSES_MAX = 4
const ALIKE_MAX = 2
/** Tries at an address of a route that no link led to. */
const MADE_UP_MAX = 6
/** Switches of every page, which lead to the page itself. */
const SWITCHES = new Set(['lang', 'theme'])
/** Bodies that never end. */
const STREAMS = new Set(['/live', '/desk/live'])

export interface PageRoute {
  readonly path: string
  /** Names of what stands in the path. */
  readonly params: readonly string[]
  /** The parts of the path between slashes, of an address of this route; undefined for another's. */
  match(pathname: string): Readonly<Record<string, string>> | undefined
}

/** Every page of the application: what its router answers to GET, less interface and streams. */
export const pageRoutes = (app: TestApp): readonly PageRoute[] => routesOf(app, 'GET')

/** Every address that a form is sent to. */
export const formRoutes = (app: TestApp): readonly PageRoute[] => routesOf(app, 'POST')

const routesOf = (app: TestApp, method: 'GET' | 'POST'): readonly PageRoute[] => {
  const ofInterface = new Set(interfaceRoutes.map(({ spec }) => routerPath(spec.path)))
  const paths = app.gateway.app.routes
    .filter((route) => route.method === method && !route.path.includes('*'))
    .map(({ path }) => path)
    .filter((path) => !ofInterface.has(path) && !STREAMS.has(path) && path !== '/openapi.json')
  return [...new Set(paths)].map(pageRoute)
}

/** Parts between slashes; the bounds of a name may hold some of their own. */
const partsOf = (path: string): readonly string[] => path.split(/\/(?![^{]*\})/)

const pageRoute = (path: string): PageRoute => {
  const params: string[] = []
  const pattern = partsOf(path)
    .map((part) => {
      const [, name, bound] = /^:(\w+)(?:\{(.+)\})?$/.exec(part) ?? []
      if (name === undefined) return part.replaceAll('.', '\\.')
      params.push(name)
      return `(${bound ?? '[^/]+'})`
    })
    .join('/')
  const whole = new RegExp(`^${pattern}$`)
  return {
    ...{ path, params },
    match: (pathname) => {
      const found = whole.exec(pathname)
      if (found === null) return undefined
      return Object.fromEntries(params.map((name, index) => [name, found[index + 1] ?? '']))
    },
  }
}

/** The most particular route of an address: one without names before one with them. */
export const routeOf = (routes: readonly PageRoute[], pathname: string): PageRoute | undefined =>
  routes
    .filter((route) => route.match(pathname) !== undefined)
    .toSorted((a, b) => a.params.length - b.params.length)[0]

export interface FoundForm {
  /** Path that it is sent to. */
  readonly action: string
  /** Names and values as it stands, and the names that somebody types into. */
  readonly values: Readonly<Record<string, string>>
  readonly typed: readonly string[]
}

export interface Walked {
  /** Opened, by address. */
  readonly pages: ReadonlyMap<string, DeskPage>
  /** Names that the queries of a route's addresses and forms bear. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>
  /** Sent by POST, one for each action and set of names. */
  readonly forms: readonly FoundForm[]
}

/** The walk itself, and then the pages that no link leads to where things stand as they do. */
export const walk = async (
  reader: Reader,
  routes: readonly PageRoute[],
  starts: readonly string[],
): Promise<Walked> => {
  const linked = await follow(reader, routes, starts)
  const unlinked = new Map<string, DeskPage>()
  const room = starts.map((start) => start.split('/')[1] ?? '')
  const isMet = (route: PageRoute): boolean =>
    [...linked.pages.keys()].some((address) => routeOf(routes, pathOf(address)) === route)
  for (const route of routes.filter((each) => !isMet(each))) {
    const [, first = ''] = route.path.split('/')
    if (!room.includes(first) && route.params.length === 0) continue
    for (const address of madeUp(route, [...linked.pages.keys()])) {
      const page = await reader.get(address)
      unlinked.set(address, page)
      if (page.status !== 404) break
    }
  }
  return { ...linked, pages: new Map([...linked.pages, ...unlinked]) }
}

export const pathOf = (address: string): string => address.split('?')[0] ?? ''

/** Addresses of a route, its names filled in as in those that were opened. */
const madeUp = (route: PageRoute, addresses: readonly string[]): readonly string[] => {
  const parts = partsOf(route.path)
  const last = parts.findLastIndex((part) => part.startsWith(':'))
  if (last < 0) return [route.path]
  const rest = parts.slice(last + 1)
  const made = addresses.map(pathOf).flatMap((pathname) => {
    const filled = [...pathname.split('/').slice(0, last + 1), ...rest].join('/')
    return [filled, `${filled}.csv`]
  })
  return [...new Set(made)]
    .filter((pathname) => route.match(pathname) !== undefined)
    .slice(0, MADE_UP_MAX)
}

const follow = async (
  reader: Reader,
  routes: readonly PageRoute[],
  starts: readonly string[],
): Promise<Walked> => {
  const pages = new Map<string, DeskPage>()
  const names = new Map<string, Set<string>>()
  const forms = new Map<string, FoundForm>()
  const opened = new Map<string, number>()
  const waiting = [...starts]
  const meet = (address: string, from: string): void => {
    const { pathname, search, searchParams } = new URL(address, `http://walk.test${from}`)
    const route = routeOf(routes, pathname)
    if (route === undefined) return
    const met = names.get(route.path) ?? new Set<string>()
    names.set(route.path, met)
    for (const name of searchParams.keys()) met.add(name)
    if ([...searchParams.keys()].some((name) => SWITCHES.has(name))) return
    if (pages.has(pathname + search) || waiting.includes(pathname + search)) return
    const sorts = [
      [route.path, ADDRESSES_MAX],
      [`${route.path}?${[...searchParams.keys()].toSorted().join('&')}`, ALIKE_MAX],
    ] as const
    if (sorts.some(([sort, max]) => (opened.get(sort) ?? 0) >= max)) return
    for (const [sort] of sorts) opened.set(sort, (opened.get(sort) ?? 0) + 1)
    waiting.push(pathname + search)
  }
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (pages.has(next)) continue
    const page = await reader.get(next)
    pages.set(next, page)
    if (page.location !== '') meet(page.location, next)
    if (!isHtml(page)) continue
    for (const link of page.dom.querySelectorAll('a[href]')) {
      const href = attribute(link, 'href')
      if (href.startsWith('/') || href.startsWith('?')) meet(href, next)
    }
    for (const form of page.dom.querySelectorAll('form')) {
      const found = formOf(form, next)
      if (attribute(form, 'method').toLowerCase() === 'post')
        forms.set(`${found.action} ${Object.keys(found.values).join()}`, found)
      else meet(`${found.action}?${new URLSearchParams(found.values).toString()}`, next)
    }
  }
  return { pages, names, forms: [...forms.values()] }
}

export const isHtml = (page: DeskPage): boolean =>
  (page.headers.get('content-type') ?? '').startsWith('text/html')

const attribute = (element: HTMLElement, name: string): string => element.getAttribute(name) ?? ''

const formOf = (form: HTMLElement, page: string): FoundForm => {
  const values: Record<string, string> = {}
  const typed: string[] = []
  for (const field of form.querySelectorAll('input[name], select[name], textarea[name]')) {
    const name = attribute(field, 'name')
    const type = attribute(field, 'type') || 'text'
    const isBox = type === 'checkbox' || type === 'radio'
    if (isBox && values[name] !== undefined) continue
    const chosen = field.querySelector('option[selected]') ?? field.querySelector('option')
    values[name] =
      field.tagName === 'SELECT'
        ? (chosen?.getAttribute('value') ?? '')
        : field.tagName === 'TEXTAREA'
          ? field.text
          : attribute(field, 'value')
    if (type !== 'hidden' && !isBox && field.tagName !== 'SELECT') typed.push(name)
  }
  return { action: attribute(form, 'action') || page.split('?')[0] || '/', values, typed }
}
