/**
 * What a figure counts, as a file: one row for each document, month and currency, read step by step
 * as the receiver takes it. Nothing is held open between two steps, so that a slow receiver keeps no
 * connection and one that goes away ends it.
 */
import { EXPORT_DOCUMENTS_MAX, EXPORT_STEP_DOCUMENTS } from '../kernel/open-limits.ts'
import { type CountedRow, findCounted, findCountedMonths } from '../store/ledger-documents.ts'
import { openSlice, sightOf, type TotalsReader } from './totals-documents.ts'
import type { SliceQuery } from './totals-links.ts'
import type { FlowDeps } from './types.ts'

/** A row of a file. Texts are empty where there is nothing to say. */
export interface ExportRow {
  readonly month: string
  readonly scope: string
  readonly direction: string
  readonly zone: string
  readonly mode: string
  readonly kind: string
  readonly number: string
  readonly id: string
  readonly merchant: string
  readonly country: string
  /** With the first currency of a document only, so that it adds up. */
  readonly count: number
  readonly currency: string
  readonly chapters: string
  /** Decimal text; a document without any value has one row with 0. */
  readonly amount: string
  readonly rate: string | null
  readonly cny: string | null
  readonly since: Date
}

/** The rows of the figure as of one moment, which is sealed: the file and the totals are of one piece. */
export async function* exportRows(
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  reader: TotalsReader,
  query: SliceQuery,
): AsyncGenerator<readonly ExportRow[]> {
  const slice = await openSlice(deps, { ...query, asOf: query.asOf ?? deps.clock.now() })
  const sight = await sightOf(deps, reader)
  let left = EXPORT_DOCUMENTS_MAX
  for (const of of await findCountedMonths(deps.db, slice)) {
    let after: string | null = null
    do {
      if (left <= 0) throw new Error(`an export of more than ${EXPORT_DOCUMENTS_MAX} documents`)
      const page = { ...of, after, limit: EXPORT_STEP_DOCUMENTS }
      const found = await findCounted(deps.db, slice, sight, page)
      if (found.rows.length > 0) yield found.rows.flatMap(rowsOf)
      left -= EXPORT_STEP_DOCUMENTS
      after = found.next
    } while (after !== null)
  }
}

const rowsOf = (row: CountedRow): readonly ExportRow[] => {
  const shared = {
    ...{ month: row.month, scope: row.scope, direction: row.direction },
    ...{ zone: row.zone, mode: row.mode, kind: row.kind ?? '', number: row.number ?? '' },
    ...{ id: row.id, merchant: row.dims.merchant ?? '', country: row.dims.country ?? '' },
    since: row.since,
  }
  const [first = NOTHING, ...more] = row.amounts
  return [first, ...more].map(({ currency, amount, rate, cny, chapters }, index) => ({
    ...shared,
    count: index === 0 ? row.count : 0,
    ...{ currency, amount, rate, cny, chapters: chapters.join(' ') },
  }))
}

const NOTHING = { currency: '', amount: '0', rate: null, cny: '0', chapters: [] }
