/** The desks, one line each, and what stands beside them: signing in, the theme, the way to one's own. */
import { Hono } from 'hono'
import type { AppEnv } from '../http/route.ts'
import { accountRoom } from './account/room.tsx'
import { mountSignIn } from './account/sign-in.tsx'
import { brokerRoom } from './broker/room.ts'
import { committeeRoom } from './committee/room.ts'
import { readForm } from './desk/form-fields.ts'
import { goTo, guardPage } from './desk/guard.ts'
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

export const createDesks = ({ version }: { readonly version: string }): Hono<AppEnv> => {
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
  pages.route('/', mountRooms(site))
  return pages
}
