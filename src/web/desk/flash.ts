/**
 * What a reader is told once, after an act led him to another page: a text in a sealed cookie, so
 * that nobody can put words of his own into a page of ours.
 */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { isRecord } from '../../http/body.ts'
import type { AppEnv } from '../../http/route.ts'
import type { Text } from '../../kernel/fault.ts'

export interface Flash {
  readonly tone: 'done' | 'failed'
  readonly text: Text
}

const FLASH_COOKIE = 'yuguan_said'
const FLASH_SECONDS = 60
const CONTEXT = 'flash'

export const setFlash = (c: Context<AppEnv>, flash: Flash): void => {
  const { sealer } = c.get('deps').flow
  const sealed = sealer.seal(Buffer.from(JSON.stringify(flash)), CONTEXT)
  setCookie(c, FLASH_COOKIE, Buffer.from(sealed).toString('base64url'), {
    ...{ path: '/', sameSite: 'Lax', httpOnly: true, maxAge: FLASH_SECONDS },
    secure: new URL(c.req.url).protocol === 'https:',
  })
}

/** Told this once; undefined where there is none, or none of ours. */
export const takeFlash = (c: Context<AppEnv>): Flash | undefined => {
  const kept = getCookie(c, FLASH_COOKIE)
  if (kept === undefined) return undefined
  deleteCookie(c, FLASH_COOKIE, { path: '/' })
  try {
    const { sealer } = c.get('deps').flow
    const opened = sealer.open(Buffer.from(kept, 'base64url'), CONTEXT)
    const flash: unknown = JSON.parse(Buffer.from(opened).toString())
    // Sealed by `setFlash`, so of its shape.
    return isRecord(flash) ? (flash as unknown as Flash) : undefined
  } catch {
    return undefined
  }
}
