/**
 * One document that the totals count, for whoever opens its figure: as its sender has it, with what leads
 * to a person masked and the free texts of customs left out, since these may quote one.
 */
import { isId, laneOfId } from '../kernel/ids.ts'
import { isCounted } from '../store/ledger-documents.ts'
import { findDocument, timelineOf } from './queries.ts'
import type { Reason } from './reply-words.ts'
import type { TotalsReader } from './totals-documents.ts'
import type { DocumentView, FlowDeps, TimelineEntry } from './types.ts'
import { maskedDocument } from './versions.ts'

export interface CountedDocument {
  readonly document: DocumentView
  readonly entries: readonly TimelineEntry[]
}

/** Undefined for what never counted, and for what the reader may not see: for him it does not exist. */
export const countedDocument = async (
  deps: FlowDeps,
  reader: TotalsReader,
  id: string,
): Promise<CountedDocument | undefined> => {
  if (!isId(id) || !(await isCounted(deps.db, { lane: laneOfId(id), id }))) return undefined
  const caller = reader === 'all' ? { enterpriseId: '', operator: true } : reader
  const [document, entries] = await Promise.all([
    findDocument(deps, caller, id),
    timelineOf(deps, caller, id),
  ])
  if (document === undefined || entries === undefined) return undefined
  return {
    document: {
      ...document,
      document: maskedDocument(document.kind, document.document),
      reason: document.reason && withoutTexts(document.reason),
      // Of a companion nobody said that it counts.
      related: [],
    },
    entries: entries.map((entry) => ({
      ...entry,
      info: null,
      reason: entry.reason && withoutTexts(entry.reason),
    })),
  }
}

/** What customs wrote beside its codes may quote a person; the codes, and what they mean, stay. */
const withoutTexts = (reason: Reason): Reason => ({
  ...reason,
  info: null,
  results: reason.results.map((result) => ({ ...result, description: null })),
})
