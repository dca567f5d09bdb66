/** The desks, one line each, and what stands beside them: signing in, the theme, the way to one's own. */
import { type Context, Hono } from 'hono'
import { type Senders, visibleSenders } from '../flow/sight.ts'
import { reader } from '../http/callers.ts'
import type { AppEnv } from '../http/route.ts'
import { accountRoom } from './account/room.tsx'
import { mountSignIn } from './account/sign-in.tsx'
import { brokerRoom } from './broker/room.ts'
import { committeeRoom } from './committee/room.ts'
import { readForm } from './desk/form-fields.ts'
import { goTo, guardPage } from './desk/guard.ts'
import { createDeskLive, type DeskLiveDeps } from './desk/live.ts'
import { mountRooms, ownForm } from './desk/mount.ts'
import { ownPath } from './desk/own-path.ts'
import { answer } from './desk/page.tsx'
import type { Room } from './desk/room.ts'
import { searchRoom } from './desk/search-page.tsx'
import { keepTheme } from './desk/theme.ts'
import { operatorRoom } from './operator/room.tsx'
import { sellerRoom } from './seller/room.tsx'

/** In the order of the navigation; the first that opens to a reader is his own. */
const rooms: readonly Room[] = [operatorRoom, sellerRoom, brokerRoom, committeeRoom, accountRoom]

export interface DesksDeps extends Omit<DeskLiveDeps, 'read'> {
  /** Names the release in the addresses of scripts and style sheets. */
  readonly version: string
  /** Documents that have news; without it the desks are not live. */
  readonly news?: DeskLiveDeps['read'] | undefined
}

export const createDesks = (deps: DesksDeps): Hono<AppEnv> => {
  const { version } = deps
  const site = { version, rooms: [...rooms, searchRoom(rooms)] }
  const pages = new Hono<AppEnv>()
  mountSignIn(pages, site)
  pages.get('/desk', async (c) => {
    const found = await guardPage(c)
    if (found.kind === 'answer') return found.response
    if (found.kind === 'problem') return answer(c, site, undefined, found)
    const own = rooms.find((room) => room.opensTo(found.viewer))
    return goTo(c, own?.path ?? accountRoom.path)
  })
  pages.post('/theme', (c) =>
    ownForm(c, site, async () => {
      const form = await readForm(c.req.raw)
      keepTheme(c, form?.text('theme') ?? '')
      return goTo(c, ownPath(form?.text('next')) ?? '/desk')
    }),
  )
  mountLive(pages, deps)
  pages.route('/', mountRooms(site))
  return pages
}

/** News of the documents that the reader sees; to whoever sees none there is nothing to tell (204). */
const mountLive = (pages: Hono<AppEnv>, { news, every, stopping }: DesksDeps): void => {
  if (news === undefined) return
  const live = createDeskLive({ read: news, every, stopping })
  pages.get('/desk/live', async (c) => {
    const senders = await sightOf(c)
    // A browser does not come back to what says 204.
    if (senders === undefined) return c.body(null, 204)
    return live.open(senders, c.req.header('last-event-id'))
  })
}

/** Whose documents the reader sees; undefined is nobody's. */
const sightOf = async (c: Context<AppEnv>): Promise<Senders | undefined> => {
  const found = await guardPage(c)
  const identity = c.get('identity')
  if (found.kind !== 'viewer' || identity === undefined) return undefined
  if (!identity.scopes.has('documents:read')) return undefined
  const caller = reader(identity, undefined)
  if (caller.kind === 'refused') return undefined
  const { flow, pools } = c.get('deps')
  return visibleSenders({ ...flow, db: pools.query }, caller.caller)
}
