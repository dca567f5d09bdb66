/**
 * The pages: `/`, `/wall`, their live events and the icon, the status, the documentation, and the desks of those who signed
 * in. The public ones read figures through the same functions as the API and hold no personal data.
 */
import { Hono } from 'hono'
import type { TargetsView } from '../flow/targets.ts'
import type { Meter, ShownTotals, TotalsBy } from '../flow/types.ts'
import type { Route } from '../http/route.ts'
import type { Clock } from '../kernel/clock.ts'
import { themeOf } from './desk/theme.ts'
import { createDesks, type DesksDeps } from './desks.ts'
import { createDocs } from './docs/docs-pages.ts'
import { renderHome } from './home-page.tsx'
import { LANGUAGE_HEADERS, languageOf } from './language.ts'
import { icon } from './layout.tsx'
import { createLive, type Every } from './live.ts'
import { createPictures } from './pictures.ts'
import { createSnapshots } from './snapshot.ts'
import { renderStatus, type StatusDeps, statusFor } from './status-page.tsx'
import { renderWall } from './wall.tsx'

export interface PagesDeps {
  readonly clock: Clock
  readonly meter: Meter
  targets(query: { readonly year: number }): Promise<TargetsView>
  totals(query: { readonly by: TotalsBy; readonly year: number }): Promise<ShownTotals>
  /** Names the release in the addresses of scripts and style sheets. */
  readonly version: string
  /** Routes that the documentation tells of; without them there is none. */
  readonly routes?: readonly Route[]
  /** How links and queues stand; without it there is no page of that. */
  readonly status?: StatusDeps | undefined
  readonly news?: DesksDeps['news']
  /** Left out where no timer may outlive a request (Workers): then no counts per second are shown. */
  readonly every?: Every | undefined
  /** Ends the live streams when the server closes. */
  readonly stopping?: AbortSignal | undefined
}

export const createPages = (deps: PagesDeps): Hono => {
  const snapshots = createSnapshots(deps)
  const draw = createPictures()
  const { every, stopping, status, version } = deps
  const live = createLive({ clock: deps.clock, meter: deps.meter, snapshots, every, stopping })
  const pages = new Hono()
  pages.get('/', async (c) => {
    const lang = languageOf(c)
    const snapshot = await snapshots()
    const pictures = await draw(snapshot, lang)
    const page = renderHome({
      ...{ lang, snapshot, pictures, flow: live.flow(), version, theme: themeOf(c) },
      status: await status?.statusOf(undefined),
    })
    return c.html(page, 200, LANGUAGE_HEADERS)
  })
  if (status !== undefined)
    pages.get('/status', async (c) => {
      const shown = await statusFor(status, c)
      const page = renderStatus({ ...shown, lang: languageOf(c), version, theme: themeOf(c) })
      return c.html(page, 200, LANGUAGE_HEADERS)
    })
  pages.get('/wall', async (c) => {
    const theme = c.req.query('theme') === 'light' ? 'light' : 'dark'
    const shown = { lang: languageOf(c), snapshot: await snapshots(), flow: live.flow() }
    return c.html(renderWall({ ...shown, theme, version }), 200, LANGUAGE_HEADERS)
  })
  pages.get('/live', () => live.open())
  pages.get('/icon.svg', (c) => c.body(icon, 200, ICON_HEADERS))
  pages.route('/', createDesks({ version, news: deps.news, every, stopping }))
  if (deps.routes !== undefined) pages.route('/', createDocs({ routes: deps.routes, version }))
  return pages
}

const ICON_HEADERS = { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }
