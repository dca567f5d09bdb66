/** Where the figures of a zone open: addresses of the documents, lists or tables behind each. */
import type { CountedRole } from '../catalogue/message.ts'
import { daysInMonth } from '../kernel/months.ts'
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
export const zoneLink = (zone: string, month: string): string =>
  link(`/zones/${zone === '' ? UNDECIDED_PATH : encodeURIComponent(zone)}`, { month })

export interface Counted {
  readonly scope: 'declared' | 'released'
  readonly month: string
  /** Undefined is all of them, '' undecided. */
  readonly zone?: string | undefined
  readonly mode?: string | undefined
  readonly direction?: 'import' | 'export' | undefined
}

/** The documents that a figure of the ledger counts. */
export const countedLink = (counted: Counted): string => documentsLink(counted)

export const activeLink = (role: CountedRole, month: string, zone: string | undefined): string =>
  link('/totals', { by: 'enterprise', role, scope: 'released', month, zone })

/** Refusals that stand; null for undecided lists, which no filter names. */
export const refusalsLink = (
  month: string,
  zone: string | undefined,
  cause?: string,
): string | null =>
  zone === ''
    ? null
    : link('/rejections', {
        ...{ zone, cause },
        from: dayIn(month, 1),
        to: dayIn(month, daysInMonth(month)),
      })

/** Documents in a state; null for undecided lists. */
export const stateLink = (state: string, zone: string | undefined): string | null =>
  zone === '' ? null : link('/documents', { state, zone })

/** Bills list by list, of all zones. */
export const billsLink = (): string => link('/tax/variances', {})
export const booksLink = (zone: string): string => link('/bonded-books', { zone })
/** What places lists in zones; one that is missing or in dispute is mended there. */
export const rulesLink = (): string => link('/reference/zone-rules', {})

const dayIn = (month: string, day: number): string =>
  `${month.slice(0, 4)}-${month.slice(4)}-${String(day).padStart(2, '0')}`
