/** Mounts rooms: every page of a desk goes through one guard, every form through another. */
import { type Context, Hono } from 'hono'
import { isDatabaseAway } from '../../http/database-away.ts'
import type { AppEnv } from '../../http/route.ts'
import { failureFacts } from '../../kernel/failure.ts'
import { languageOf } from '../language.ts'
import { apiOf } from './api.ts'
import { setFlash } from './flash.ts'
import { readForm } from './form-fields.ts'
import { goTo, guardPage, hereOf, isOwnForm } from './guard.ts'
import { answer, notFoundContent, ownProblem, type Site } from './page.tsx'
import type { ActionAsk, Ask, Desk, Room, Shown } from './room.ts'
import type { Viewer } from './viewer.ts'

/** Where a reader of several enterprises says for which he acts. */
export const CHOOSE_PATH = '/account/enterprise'

export const mountRooms = (site: Site): Hono<AppEnv> => {
  const pages = new Hono<AppEnv>()
  for (const room of site.rooms) room.mount(deskOf(pages, site, room))
  return pages
}

const deskOf = (pages: Hono<AppEnv>, site: Site, room: Room): Desk => ({
  page: (path, show) => {
    pages.get(path, (c) => guarded(c, site, room, show))
  },
  action: (path, act) => {
    pages.post(path, (c) =>
      ownForm(c, site, () =>
        guarded(c, site, room, async (ask) => {
          const form = await readForm(c.req.raw)
          if (form === undefined) return ownProblem(c, 'BODY-TOO-LARGE')
          return act({ ...ask, form } satisfies ActionAsk)
        }),
      ),
    )
  },
  upload: (path, act) => {
    pages.post(path, (c) => ownForm(c, site, () => guarded(c, site, room, act)))
  },
})

/** Refuses what another site has a reader's browser send, before anything is looked up. */
export const ownForm = async (
  c: Context<AppEnv>,
  site: Site,
  act: () => Promise<Response>,
): Promise<Response> =>
  isOwnForm(c) ? act() : answer(c, site, undefined, ownProblem(c, 'ORIGIN-FOREIGN'))

const guarded = async (
  c: Context<AppEnv>,
  site: Site,
  room: Room,
  show: (ask: Ask) => Promise<Shown> | Shown,
): Promise<Response> => {
  let viewer: Viewer | undefined
  try {
    const found = await guardPage(c)
    if (found.kind === 'answer') return found.response
    if (found.kind === 'problem') return await answer(c, site, undefined, found)
    viewer = found.viewer
    const here = hereOf(c)
    if (isUndecided(viewer) && !here.startsWith(CHOOSE_PATH) && c.req.method === 'GET')
      return goTo(c, `${CHOOSE_PATH}?next=${encodeURIComponent(here)}`)
    if (!room.opensTo(viewer)) return await answer(c, site, viewer, notFoundContent(c))
    return await answer(c, site, viewer, await show(askOf(c, viewer, here)))
  } catch (error) {
    const { log } = c.get('deps').flow
    log.error('page-failed', { requestId: c.get('requestId'), ...failureFacts(error) })
    const isAway = error instanceof Error && isDatabaseAway(error)
    return answer(c, site, viewer, ownProblem(c, isAway ? 'NOT-READY' : 'INTERNAL'))
  }
}

/** Of several enterprises, and none chosen yet. */
const isUndecided = ({ kind, enterprises, enterprise }: Viewer): boolean =>
  kind === 'enterprise' && enterprises.length > 1 && enterprise === undefined

const askOf = (c: Context<AppEnv>, viewer: Viewer, here: string): Ask => {
  const lang = languageOf(c)
  return {
    ...{ c, lang, viewer, here },
    t: (text) => text[lang],
    api: apiOf(c),
    query: c.req.query(),
    param: (name) => c.req.param(name) ?? '',
    go: (path, flash) => {
      if (flash !== undefined) setFlash(c, flash)
      return goTo(c, path)
    },
    notFound: () => notFoundContent(c),
  }
}
