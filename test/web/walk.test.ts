/**
 * A walk over every page of every desk. Whatever anybody writes into a document, a name, an answer of
 * customs or an address stands on pages as text alone; and what belongs to one enterprise is not there
 * for another, whichever address leads to it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browserOf, type DeskPage, type Reader } from '../support/desk.ts'
import {
  formRoutes,
  isHtml,
  type PageRoute,
  pageRoutes,
  pathOf,
  routeOf,
  type Walked,
  walk,
} from './walk-crawl.ts'
import { ATTEMPTS, openWorld, type World } from './walk-world.ts'

/** Anybody may read these; every other page asks who is there. */
const OPEN = /^\/(?:|status|wall|icon\.svg|sign-in(?:\/.*)?|docs(?:\/.*)?|problems(?:\/.*)?)$/
/** Names in paths that say a sort of thing and not whose it is. */
const COMMON = new Set(['kind', 'format'])
/** Kept by whoever reads: the walk would sign itself out, or act for another. */
const OWN_ACTS = new Set(['/sign-out', '/account/enterprise', '/account/password'])
/** Names that any page may be asked with. */
const USUAL_NAMES = ['q', 'next', 'cursor', 'from', 'to', 'lang', 'theme']

/** Hundreds of pages, on a machine that has other things to do. */
const WALK_MS = 400_000
const ALL_ATTEMPTS = ATTEMPTS.join('')

let world: World
let routes: readonly PageRoute[]
const walked = new Map<'owner' | 'operator' | 'committee', Walked>()
const STARTS = {
  owner: [
    '/desk',
    '/',
    '/status',
    '/wall',
    '/sign-in',
    '/broker',
    '/account',
    '/docs',
    '/problems',
    '/icon.svg',
  ],
  operator: ['/desk', '/committee'],
  committee: ['/desk'],
} as const

beforeAll(async () => {
  world = await openWorld()
  routes = pageRoutes(world.app)
  for (const who of ['owner', 'operator', 'committee'] as const)
    walked.set(who, await walk(world.people[who], routes, STARTS[who]))
}, WALK_MS)
afterAll(() => world.close())

const walks = (): readonly (readonly ['owner' | 'operator' | 'committee', Walked])[] => [...walked]

/** What of a page a browser would run or take for markup that is not ours; [] where all is well. */
const markupOf = (page: DeskPage): readonly string[] => {
  if (!isHtml(page)) return page.html.includes('walk') && !isInert(page) ? ['a file that runs'] : []
  const elements = page.dom.querySelectorAll('*')
  return elements.flatMap((element) => {
    const names = Object.keys(element.attributes)
    const told = `<${element.rawTagName} ${element.rawAttrs}>`
    const isScript = element.rawTagName === 'script' && element.getAttribute('src') === undefined
    const isForeign = names.some((name) => /^on|walk|[<>"'=]/i.test(name))
    const leads = ['href', 'src', 'action', 'formaction'].some((name) =>
      /^\s*(?:javascript|data|x$)/i.test(element.getAttribute(name) ?? ''),
    )
    return isScript || isForeign || leads ? [told] : []
  })
}

/** Downloads, which a browser neither opens in place nor guesses about. */
const isInert = ({ headers }: DeskPage): boolean =>
  headers.get('x-content-type-options') === 'nosniff' &&
  !/html|svg|javascript/.test(headers.get('content-type') ?? '')

const addressesOf = (who: 'owner' | 'operator' | 'committee'): readonly string[] => [
  ...(walked.get(who)?.pages.keys() ?? []),
]

describe('what others wrote', () => {
  it('is taken into the gateway in most of the texts that were tried', () => {
    const { tried, kept } = world.tally
    expect(tried).toBeGreaterThan(100)
    expect(kept / tried).toBeGreaterThan(0.8)
  })

  it('is walked over on every page there is', () => {
    const met = new Set<string>()
    for (const [, { pages }] of walks())
      for (const [address, page] of pages) {
        const isSentAway = page.location.startsWith('/sign-in?')
        const route = routeOf(routes, pathOf(address))
        if (route !== undefined && page.status !== 404 && !isSentAway) met.add(route.path)
      }
    expect(routes.map(({ path }) => path).filter((path) => !met.has(path))).toEqual([])
  })

  it('stands on pages as text and never as markup', () => {
    const shown = new Set<string>()
    for (const [who, { pages }] of walks())
      for (const [address, page] of pages) {
        expect(page.status, `${who} ${address}`).toBeLessThan(500)
        expect(markupOf(page), `${who} ${address}`).toEqual([])
        if (page.text.includes('walk()'))
          shown.add(routeOf(routes, address.split('?')[0] ?? '')?.path ?? '')
      }
    expect(shown.size).toBeGreaterThan(25)
  })
})

describe('what stands in an address', () => {
  it.each(['owner', 'operator', 'committee'] as const)(
    'is never markup, under any name, on any page of the %s',
    async (who) => {
      const reader = world.people[who]
      const seen = new Set<string>()
      for (const address of addressesOf(who)) {
        const [pathname = ''] = address.split('?')
        const route = routeOf(routes, pathname)
        if (route === undefined || seen.has(route.path)) continue
        seen.add(route.path)
        const names = new Set([...(walked.get(who)?.names.get(route.path) ?? []), ...USUAL_NAMES])
        for (const asked of attemptsAt(address, names, route)) {
          const page = await reader.get(asked)
          expect(page.status, asked).toBeLessThan(500)
          expect(markupOf(page), asked).toEqual([])
        }
      }
      expect(seen.size).toBeGreaterThan(5)
    },
    WALK_MS,
  )
})

/** One name at a time, all at once, and every part of the path. */
const attemptsAt = (
  address: string,
  names: ReadonlySet<string>,
  route: PageRoute,
): readonly string[] => {
  const { pathname, searchParams } = new URL(address, 'http://walk.test')
  const asked = [...names].map((name) => {
    const query = new URLSearchParams(searchParams)
    query.set(name, ALL_ATTEMPTS)
    return `${pathname}?${query}`
  })
  asked.push(`${pathname}?${new URLSearchParams([...names].map((name) => [name, ALL_ATTEMPTS]))}`)
  for (const value of Object.values(route.match(pathname) ?? {}))
    asked.push(pathname.replace(`/${value}`, `/${encodeURIComponent(ALL_ATTEMPTS)}`))
  return asked
}

describe('what belongs to one enterprise', () => {
  const owned = (): readonly string[] =>
    addressesOf('owner').filter((address) => isOwned(routes, address))

  it(
    'is not there for another, at any address that names it',
    async () => {
      const { stranger } = world.people
      expect(
        new Set(owned().map((address) => routeOf(routes, address.split('?')[0] ?? '')?.path)).size,
      ).toBeGreaterThan(15)
      for (const address of owned()) expect((await stranger.get(address)).status, address).toBe(404)
    },
    WALK_MS,
  )

  it(
    'is changed by no form that another sends',
    async () => {
      const [{ stranger }, sentTo] = [world.people, formRoutes(world.app)]
      const before = await documentsOf(world.id)
      // Who registered both belongs to both.
      const shared = (await stranger.get('/account/members')).html
      const refused = new Set<string>()
      for (const { action, values } of walked.get('owner')?.forms ?? []) {
        const pathname = pathOf(action)
        if (OWN_ACTS.has(pathname) || shared.includes(`action="${pathname}"`)) continue
        // Before the question whether he is sure, and as if he were.
        for (const sent of [values, { ...values, confirmed: 'yes' }]) {
          const page = await stranger.post(action, sent)
          expect(page.status, action).toBeLessThan(500)
          if (isOwned(sentTo, action)) expect(page.status, action).toBe(404)
        }
        if (isOwned(sentTo, action)) refused.add(routeOf(sentTo, pathname)?.path ?? '')
      }
      expect(refused.size).toBeGreaterThan(3)
      expect(before.length).toBeGreaterThan(5)
      expect(await documentsOf(world.id)).toEqual(before)
    },
    WALK_MS,
  )

  it(
    'is on no other page that another opens',
    async () => {
      const { stranger } = world.people
      for (const address of addressesOf('owner')) {
        // What is asked for may be said back.
        if (isOwned(routes, address) || /walk/.test(decodeURIComponent(address))) continue
        expect((await stranger.get(address)).text, address).not.toContain('walk()')
      }
    },
    WALK_MS,
  )

  it(
    'asks whoever is not signed in to sign in, and leads back',
    async () => {
      for (const who of ['owner', 'operator', 'committee'] as const)
        for (const address of addressesOf(who)) {
          const [pathname = ''] = address.split('?')
          if (OPEN.test(pathname)) continue
          const page = await browserOf(world.app).get(address)
          expect(page.status, address).toBe(303)
          const next = new URL(page.location, 'http://walk.test').searchParams.get('next')
          if (pathname !== '/desk') expect(next, address).toBe(address)
        }
    },
    WALK_MS,
  )

  it(
    'is not the operator’s or the committee’s to open where their desks are not',
    async () => {
      for (const who of ['operator', 'committee'] as const) {
        const reader: Reader = world.people[who]
        for (const address of owned())
          if (address.startsWith('/seller') || address.startsWith('/broker'))
            expect((await reader.get(address)).status, address).toBe(404)
      }
    },
    WALK_MS,
  )
})

/** How each stands; what waits may be judged meanwhile, but gets no other version. */
const documentsOf = (senderId: string) =>
  world.app.database.db
    .selectFrom('document_state')
    .select(['id', 'version', 'guid', 'app_time'])
    .where('sender_id', '=', senderId)
    .orderBy('id')
    .execute()

const isOwned = (known: readonly PageRoute[], address: string): boolean => {
  const [pathname = ''] = address.split('?')
  const route = routeOf(known, pathname)
  return (
    route !== undefined && !OPEN.test(pathname) && route.params.some((name) => !COMMON.has(name))
  )
}

describe('what somebody types into a form', () => {
  it.each(['owner', 'operator', 'committee'] as const)(
    'comes back to the %s as text',
    async (who) => {
      const reader = world.people[who]
      for (const { action, values, typed } of walked.get(who)?.forms ?? []) {
        if (OWN_ACTS.has(action) || typed.length === 0) continue
        const hostile = Object.fromEntries(
          typed.map((name, index) => [name, ATTEMPTS[index % ATTEMPTS.length] ?? '']),
        )
        const page = await reader.follow(await reader.post(action, { ...values, ...hostile }))
        expect(page.status, action).toBeLessThan(500)
        expect(markupOf(page), action).toEqual([])
      }
    },
    WALK_MS,
  )
})
