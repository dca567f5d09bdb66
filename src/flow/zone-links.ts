/** Where the figures of a zone open: addresses of the documents, lists or tables behind each. */
import type { CountedSet } from '../catalogue/counted-sets.ts'
import type { CountedRole } from '../catalogue/message.ts'
import { documentsLink } from './totals-links.ts'

const BASE = '/api/v1'
/** In an address, of what no zone is decided for. */
export const UNDECIDED_PATH = 'undecided'

const link = (path: string, query: Readonly<Record<string, string | undefined>>): string => {
  const told = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  )
  return told.length === 0 ? `${BASE}${path}` : `${BASE}${path}?${new URLSearchParams(told)}`
}

/** The view of one zone itself. */
export const zoneLink = (zone: string, month: string, asOf: Date | undefined): string =>
  link(`/zones/${zone === '' ? UNDECIDED_PATH : encodeURIComponent(zone)}`, {
    ...{ month, asOf: asOf?.toISOString() },
  })

/** All of them. */
export const zonesLink = (month: string, asOf: Date | undefined): string =>
  link('/zones', { month, asOf: asOf?.toISOString() })

export interface Counted {
  readonly scope: 'declared' | 'released'
  readonly month: string
  /** Undefined is all of them, '' undecided. */
  readonly zone?: string | undefined
  readonly mode?: string | undefined
  readonly direction?: 'import' | 'export' | undefined
  readonly only?: CountedSet | undefined
  readonly asOf?: Date | undefined
}

/** The documents that a figure of the ledger counts. */
export const countedLink = (counted: Counted): string => documentsLink(counted)

/** Of its rows the ones that count a list: a return alone makes nobody active. */
export const activeLink = (
  role: CountedRole,
  month: string,
  zone: string | undefined,
  asOf: Date | undefined,
): string =>
  link('/totals', {
    ...{ by: 'enterprise', role, scope: 'released', month, zone, asOf: asOf?.toISOString() },
  })

/** The lists whose bills a figure of taxes adds up. */
export const billedLink = (
  month: string,
  zone: string | undefined,
  mode: string | undefined,
  page: { readonly cursor?: string; readonly limit?: number } = {},
): string =>
  link('/totals/billed', { ...{ month, zone, mode }, ...page, limit: page.limit?.toString() })

export const booksLink = (zone: string): string => link('/bonded-books', { zone })
/** What places lists in zones; one that is missing or in dispute is mended there. */
export const rulesLink = (): string => link('/reference/zone-rules', {})
