/** Where a reader goes on after signing in or choosing: paths of this site only. */

const PATH_LENGTH_MAX = 1_000

/** The path with its query when it is one of this site; undefined for anything else. */
export const ownPath = (given: string | undefined): string | undefined => {
  if (given === undefined || given.length > PATH_LENGTH_MAX) return undefined
  // `//host` and `/\host` lead to another site; control characters are dropped by browsers.
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(given)) return undefined
  const base = 'http://site.invalid'
  const url = URL.parse?.(given, base) ?? parsed(given, base)
  if (url === null || url.origin !== base || !/^\/(?![/\\])/.test(url.pathname)) return undefined
  return isNoPage(url.pathname) ? undefined : `${url.pathname}${url.search}`
}

/** The interface is no page. */
const isNoPage = (path: string): boolean => /^\/(?:api|sign-out)(?:\/|$)/.test(path)

const parsed = (given: string, base: string): URL | null => {
  try {
    return new URL(given, base)
  } catch {
    return null
  }
}
