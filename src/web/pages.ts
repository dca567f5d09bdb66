/**
 * The pages: `/`, its live events and its icon. They read figures through the same functions as the
 * API and hold no personal data. Chinese comes first; `?lang=en` switches and is remembered in a
 * cookie.
 */
import { Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import type { Meter, Totals, TotalsBy } from '../flow/types.ts'
import type { Clock } from '../kernel/clock.ts'
import { renderHome } from './home-page.tsx'
import { icon } from './layout.tsx'
import { createLive, type Every } from './live.ts'
import { createPictures } from './pictures.ts'
import { createSnapshots } from './snapshot.ts'
import { isLang, type Lang } from './texts.ts'

export interface PagesDeps {
  readonly clock: Clock
  readonly meter: Meter
  totals(query: { readonly by: TotalsBy; readonly year: number }): Promise<Totals>
  /** Names the release in the addresses of scripts and style sheets. */
  readonly version: string
  /** Left out where no timer may outlive a request (Workers): then no counts per second are shown. */
  readonly every?: Every | undefined
  /** Ends the live streams when the server closes. */
  readonly stopping?: AbortSignal | undefined
}

export const createPages = (deps: PagesDeps): Hono => {
  const snapshots = createSnapshots(deps)
  const draw = createPictures()
  const { every, stopping } = deps
  const live = createLive({ clock: deps.clock, meter: deps.meter, snapshots, every, stopping })
  const pages = new Hono()
  pages.get('/', async (c) => {
    const { lang, chosen } = languageOf(c.req.query('lang'), getCookie(c, LANGUAGE_COOKIE))
    if (chosen) setCookie(c, LANGUAGE_COOKIE, lang, COOKIE)
    const snapshot = await snapshots()
    const pictures = await draw(snapshot, lang)
    const { version } = deps
    const page = renderHome({ lang, snapshot, pictures, flow: live.flow(), version })
    return c.html(page, 200, PAGE_HEADERS)
  })
  pages.get('/live', () => live.open())
  pages.get('/icon.svg', (c) => c.body(icon, 200, ICON_HEADERS))
  return pages
}

const PAGE_HEADERS = {
  // Figures change and the language is the reader's own.
  'cache-control': 'private, no-cache',
  vary: 'cookie',
}

const ICON_HEADERS = { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }

const LANGUAGE_COOKIE = 'yuguan_lang'
const COOKIE = { path: '/', sameSite: 'Lax', maxAge: 365 * 86_400, httpOnly: true } as const

const languageOf = (
  asked: string | undefined,
  kept: string | undefined,
): { readonly lang: Lang; readonly chosen: boolean } => {
  if (isLang(asked)) return { lang: asked, chosen: true }
  return { lang: isLang(kept) ? kept : 'zh', chosen: false }
}
