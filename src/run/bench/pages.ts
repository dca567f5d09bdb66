/**
 * The desks over a year of lists: signs one of each sort of reader in, goes through every page that his
 * navigation leads to and one page further, and tells for each how long its HTML takes, how long until
 * something is painted, and how large it is. Needs the PostgreSQL that DATABASE_URL names, and for
 * painting the browser that CHROMIUM names (Debian's unless told); without one that is left out.
 */
import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import { addDays, chinaDay } from '../../kernel/clock.ts'
import type { Db } from '../../store/tables.ts'
import type { RunningGateway } from '../node.ts'
import { type BenchDatabase, withDatabase } from './measuring.ts'
import { makeYear } from './year.ts'
import { catchUp } from './year-chores.ts'

export interface PageFigures {
  /** From the request to the last byte of HTML: median of some calls, milliseconds. */
  readonly htmlMs: number
  /** First contentful paint, median, milliseconds; null without a browser. */
  readonly paintMs: number | null
  readonly gzipBytes: number
}

export interface PagesFigures {
  readonly name: 'pages'
  readonly documents: number
  readonly pages: Readonly<Record<string, PageFigures>>
  readonly slowestPage: string
  readonly slowestPaintMs: number | null
  readonly largestPage: string
  readonly largestGzipBytes: number
  /** Script of the desks without charts. */
  readonly scriptGzipBytes: number
}

const LISTS_DEFAULT = 1_000_000
/** The pages open with this year, of which nothing is made that lies ahead. */
const UNTIL = addDays(chinaDay(new Date()), -1)
const YEAR = Number(UNTIL.slice(0, 4))
const SEED = 5
/** Pages looked at for each reader, and of those with the same pattern of address. */
const PAGES_MAX = 60
const CALLS = 5
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'

export const benchPages = (
  server: string | undefined,
  lists = LISTS_DEFAULT,
  from: BenchDatabase = {},
): Promise<PagesFigures> =>
  withDatabase('pages', server, from, async (gateway, db) => {
    if (from.made !== true) {
      const year = { lists, seed: SEED, year: YEAR, until: UNTIL, daysAtOnce: 4 }
      await makeYear(db, { ...year, unlogged: true })
    }
    await catchUp(db)
    return measure(gateway, db)
  })

const measure = async (gateway: RunningGateway, db: Db): Promise<PagesFigures> => {
  const pages: Record<string, PageFigures> = {}
  const browser = await openBrowser()
  try {
    for (const [who, cookie] of await readers(gateway, db)) {
      for (const path of await pathsOf(gateway.url, cookie)) {
        pages[`${who} ${path}`] = await look(gateway.url, path, cookie, browser?.page)
        console.error(`${who} ${path} ${JSON.stringify(pages[`${who} ${path}`])}`)
      }
      await browser?.page.context().clearCookies()
    }
  } finally {
    await browser?.close()
  }
  const found = Object.entries(pages)
  const most = (of: (page: PageFigures) => number) =>
    found.reduce((best, next) => (of(next[1]) > of(best[1]) ? next : best), found[0] ?? NOTHING)
  const [slowestPage, slowest] = most(({ paintMs, htmlMs }) => paintMs ?? htmlMs)
  const [largestPage, largest] = most(({ gzipBytes }) => gzipBytes)
  return {
    ...{ name: 'pages', documents: await countDocuments(db), pages },
    ...{ slowestPage, slowestPaintMs: slowest.paintMs },
    ...{ largestPage, largestGzipBytes: largest.gzipBytes },
    scriptGzipBytes: await scriptBytes(gateway.url),
  }
}

const NOTHING: readonly [string, PageFigures] = ['', { htmlMs: 0, paintMs: null, gzipBytes: 0 }]

const countDocuments = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::integer as n from document_state`.execute(db)
  return rows[0]?.n ?? 0
}

/** Those with most to see: an operator, a person of the committee, the busiest declarant and merchant. */
const readers = async (
  gateway: RunningGateway,
  db: Db,
): Promise<readonly (readonly [who: string, cookie: string])[]> => {
  const { accounts } = gateway
  const found: [string, string][] = []
  for (const role of ['operator', 'committee'] as const)
    found.push([role, await signIn(gateway, role, role)])
  for (const role of ['declarant', 'merchant']) {
    const { rows } = await sql<{ id: string }>`
      select e.id from enterprise e where ${role} = any(e.roles)
      order by (select count(*) from document_state s where s.sender_id = e.id) desc limit 1`.execute(
      db,
    )
    const [enterprise] = rows
    if (enterprise === undefined) continue
    // A made year has enterprises, and nobody who belongs to them.
    await sql`insert into "organization" ("id", "name", "slug", "createdAt")
      values (${enterprise.id}, ${enterprise.id}, ${enterprise.id}, now())
      on conflict do nothing`.execute(db)
    found.push([
      role,
      await signIn(gateway, role, 'user', (userId) =>
        accounts.addMember(enterprise.id, userId, 'owner'),
      ),
    ])
  }
  return found
}

const signIn = async (
  { accounts, url }: RunningGateway,
  name: string,
  role: 'user' | 'committee' | 'operator',
  join?: (userId: string) => Promise<void>,
): Promise<string> => {
  const email = `${name}-${Date.now()}@yuguan.example`
  const made = await accounts.createUser(name, email, role)
  if (made.kind !== 'made') throw new Error(`${email} was there already`)
  await join?.(made.userId)
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url },
    body: new URLSearchParams({ email, password: made.password }),
  })
  if (answer.status !== 303) throw new Error(`${name} could not sign in: ${answer.status}`)
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0] ?? '')
    .join('; ')
}

/** Pages that the navigation leads to, and those that these lead to, one for each pattern of address. */
const pathsOf = async (url: string, cookie: string): Promise<readonly string[]> => {
  const start = await fetch(`${url}/desk`, { headers: { cookie } })
  const first = linksIn(await start.text())
  const found = new Map<string, string>([['/', '/']])
  for (const path of first) found.set(patternOf(path), path)
  for (const path of first) {
    const answer = await fetch(`${url}${path}`, { headers: { cookie } })
    for (const next of linksIn(await answer.text()))
      if (!found.has(patternOf(next)) && found.size < PAGES_MAX) found.set(patternOf(next), next)
  }
  return [...found.values()]
}

/** Ids and the values of filters differ from link to link. */
const patternOf = (path: string): string =>
  path.replaceAll(/\/[^/?]*\d[^/?]*/g, '/:id').replaceAll(/=[^&]*/g, '=')

const FILES =
  /\.(?:css|js|svg|pdf|xlsx|xml|csv|parquet|json)\b|[?&]lang=|\/export\/|^\/(?:docs|sign-out|openapi)/

const linksIn = (html: string): readonly string[] =>
  [...html.matchAll(/<a [^>]*href="(\/[^"#]*)"/g)]
    .map(([, path = '']) => path.replaceAll('&amp;', '&'))
    .filter((path) => !FILES.test(path))

const look = async (
  url: string,
  path: string,
  cookie: string,
  page: Page | undefined,
): Promise<PageFigures> => {
  const html: number[] = []
  const paint: number[] = []
  let bytes = 0
  for (let call = 0; call < CALLS; call += 1) {
    const start = performance.now()
    const answer = await fetch(`${url}${path}`, { headers: { cookie } })
    const body = Buffer.from(await answer.arrayBuffer())
    html.push(performance.now() - start)
    bytes = gzipSync(body).length
    if (page === undefined || !(answer.headers.get('content-type') ?? '').startsWith('text/html'))
      continue
    paint.push(await paintOf(page, `${url}${path}`, cookie))
  }
  return {
    htmlMs: median(html),
    paintMs: paint.length === 0 ? null : median(paint),
    gzipBytes: bytes,
  }
}

const paintOf = async (page: Page, url: string, cookie: string): Promise<number> => {
  await page.context().addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=')
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url }
    }),
  )
  await page.goto(url, { waitUntil: 'load' })
  return page.evaluate(PAINT)
}

/** Waits for the entry where the page was loaded before it was painted. */
const PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const found = list.getEntriesByName('first-contentful-paint')[0]
    if (found) resolve(found.startTime)
  }).observe({ type: 'paint', buffered: true })
})`

const median = (values: readonly number[]): number =>
  Math.round(([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0) * 10) / 10

const openBrowser = async () => {
  if (!existsSync(CHROMIUM)) return undefined
  // A package for tests only: where it is not installed, nothing is painted.
  const playwright = await import('playwright-core').catch(() => undefined)
  if (playwright === undefined) return undefined
  const browser = await playwright.chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  return { page, close: () => browser.close() }
}

const scriptBytes = async (url: string): Promise<number> => {
  const script = await fetch(`${url}/assets/desk.js`)
  return gzipSync(Buffer.from(await script.arrayBuffer())).length
}
