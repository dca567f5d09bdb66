/** Where a figure of the totals opens: the address of its documents, with the filter that it has. */
import type { CountedSet } from '../catalogue/counted-sets.ts'
import type { CountedRole } from '../catalogue/message.ts'
import type { LedgerScope } from '../store/ledger.ts'
import { OTHERS } from '../store/totals-asked.ts'

export type TotalsScope = LedgerScope | 'policy'

/** A figure as it is asked for: one year or one month, and any of what narrows it down. */
export interface SliceQuery {
  readonly scope: TotalsScope
  readonly year?: number | undefined
  /** yyyyMM; goes before the year. */
  readonly month?: string | undefined
  /** '' is the undecided zone. */
  readonly zone?: string | undefined
  readonly mode?: string | undefined
  readonly direction?: 'import' | 'export' | undefined
  /** Code of the enterprise in `role`. */
  readonly enterprise?: string | undefined
  readonly role?: CountedRole | undefined
  readonly country?: string | undefined
  readonly chapter?: string | undefined
  readonly institution?: string | undefined
  /** Of what is counted only this. */
  readonly only?: CountedSet | undefined
  readonly asOf?: Date | undefined
}

/** Address of one document that counts, as whoever opens its figure may see it. */
export const documentLink = (id: string): string => `/api/v1/totals/documents/${id}`

/** Address of the documents of a figure, or of one of its exports. */
export const documentsLink = (
  query: SliceQuery,
  more: { readonly cursor?: string; readonly limit?: number } = {},
  what = 'documents',
): string => {
  const { asOf, year, month, ...rest } = query
  // The month says its year.
  const when = month === undefined ? { year } : { month }
  const told = Object.entries({ ...rest, ...when, asOf: asOf?.toISOString(), ...more })
  const texts = told.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return `/api/v1/totals/${what}?${new URLSearchParams(texts)}`
}

/**
 * The same of one row of the totals, `by` says of what its key is; undefined of a row that stands for
 * what names no enterprise, country or chapter, or for those beyond the greatest.
 */
export const rowLink = (query: SliceQuery, by: string, key: string): string | undefined => {
  if (key === OTHERS || (key === '' && by !== 'zone' && by !== 'mode')) return undefined
  return documentsLink({ ...query, [by]: key })
}
