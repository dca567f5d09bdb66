/** Light, dark, or as the reader's system has it: kept in a cookie of his own. */
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

export type Theme = 'light' | 'dark' | 'auto'

const THEME_COOKIE = 'yuguan_theme'
const COOKIE = { path: '/', sameSite: 'Lax', maxAge: 365 * 86_400, httpOnly: true } as const

export const themeOf = (c: Context): Theme => {
  const kept = getCookie(c, THEME_COOKIE)
  return kept === 'light' || kept === 'dark' ? kept : 'auto'
}

/** Anything but light and dark is the system's. */
export const keepTheme = (c: Context, theme: string): void => {
  if (theme === 'light' || theme === 'dark') setCookie(c, THEME_COOKIE, theme, COOKIE)
  else deleteCookie(c, THEME_COOKIE, COOKIE)
}
