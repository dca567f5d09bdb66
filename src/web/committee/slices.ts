/**
 * Which part of the totals a page is about, in its address. The interface names what no rule decides by
 * an empty value; a form sends that for "all", so that pages say `undecided` for it.
 */
import { UNDECIDED_PATH } from '../../flow/zone-links.ts'

/** Parameters of the totals by their names in the interface; `''` is undecided, undefined all. */
export type Slice = Readonly<Partial<Record<SliceName, string>>>

export const sliceNames = [
  ...(['scope', 'year', 'month', 'zone', 'mode', 'direction', 'country', 'chapter'] as const),
  ...(['enterprise', 'role', 'institution', 'only', 'asOf'] as const),
]
export type SliceName = (typeof sliceNames)[number]

/** Of which the empty value is a value of its own. */
const MAY_BE_UNDECIDED: ReadonlySet<string> = new Set(['zone', 'mode'])

/** Of the address of a page. */
export const sliceOf = (query: Readonly<Record<string, string>>): Slice => {
  const told = sliceNames.flatMap((name): [string, string][] => {
    const value = query[name]?.trim() ?? ''
    if (value === '') return []
    if (name === 'asOf') return [[name, momentOf(value)]]
    return [[name, MAY_BE_UNDECIDED.has(name) && value === UNDECIDED_PATH ? '' : value]]
  })
  return Object.fromEntries(told)
}

/** What a field for day and hour gives is China time. */
export const momentOf = (value: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) ? `${value}:00+08:00` : value

/** Address of the interface; parameters that are undefined are left out, empty ones stay. */
export const apiAddress = (
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string => {
  const pairs = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  )
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs)}`
}

/** Address of a page of ours. */
export const pageAddress = (
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): string =>
  apiAddress(
    path,
    Object.fromEntries(
      Object.entries(query).map(([name, value]) => [
        name,
        value === '' && MAY_BE_UNDECIDED.has(name) ? UNDECIDED_PATH : value || undefined,
      ]),
    ),
  )

/** The page that shows what an address of the interface says; undefined where this desk has none. */
export const pageOfLink = (link: string | null | undefined): string | undefined => {
  if (link === null || link === undefined) return undefined
  const { pathname, searchParams } = new URL(link, 'http://page.invalid')
  const path = PAGES.find(([api]) => pathname === api)?.[1] ?? pageOfOne(pathname)
  return path === undefined ? undefined : pageAddress(path, Object.fromEntries(searchParams))
}

/** Of settlement records that a figure counts. */
export const RECORDS_PATH = '/committee/settlement/records'

const PAGES = [
  ['/api/v1/totals', '/committee/totals'],
  ['/api/v1/totals/documents', '/committee/totals/documents'],
  ['/api/v1/totals/billed', '/committee/totals/billed'],
  ['/api/v1/settlements', RECORDS_PATH],
  ['/api/v1/zones', '/committee'],
] as const

/** Pages of one zone, and of one document behind a figure. */
const pageOfOne = (pathname: string): string | undefined =>
  /^\/api\/v1\/(?:zones|totals\/documents)\/[^/]+$/.test(pathname)
    ? pathname.replace('/api/v1/', '/committee/')
    : undefined

/** `202610` as `2026-10`; anything else as it is. */
export const monthText = (month: string): string =>
  /^\d{6}$/.test(month) ? `${month.slice(0, 4)}-${month.slice(4)}` : month
