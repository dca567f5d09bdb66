/**
 * The language of a page: Chinese comes first; `?lang=en` switches and is remembered in a cookie of
 * the reader's own.
 */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { isLang, type Lang } from './texts.ts'

/** The answer differs by cookie, so that no cache between may keep it. */
export const LANGUAGE_HEADERS = { 'cache-control': 'private, no-cache', vary: 'cookie' } as const

const LANGUAGE_COOKIE = 'yuguan_lang'
const COOKIE = { path: '/', sameSite: 'Lax', maxAge: 365 * 86_400, httpOnly: true } as const

/** Sets the cookie when the reader has just chosen. */
export const languageOf = (c: Context): Lang => {
  const asked = c.req.query('lang')
  if (isLang(asked)) {
    setCookie(c, LANGUAGE_COOKIE, asked, COOKIE)
    return asked
  }
  const kept = getCookie(c, LANGUAGE_COOKIE)
  return isLang(kept) ? kept : 'zh'
}
