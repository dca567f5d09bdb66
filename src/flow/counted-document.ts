/**
 * One document that the totals count, for whoever opens its figure: as its sender has it, with what leads
 * to a person masked and the free texts of customs left out, since these may quote one.
 */
import { getDeclaration } from '../catalogue/index.ts'
import type { AnyDocument, Message } from '../catalogue/message.ts'
import { maskedValue } from '../codec/changes.ts'
import { shapeOf } from '../codec/shape.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { isCounted } from '../store/ledger-documents.ts'
import { findDocument, timelineOf } from './queries.ts'
import type { TotalsReader } from './totals-documents.ts'
import type { DocumentView, FlowDeps, TimelineEntry } from './types.ts'

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
      document: maskedDocument(getDeclaration(document.kind), document.document),
      reason: document.reason && { ...document.reason, info: null },
      // Of a companion nobody said that it counts.
      related: [],
    },
    entries: entries.map((entry) => ({
      ...entry,
      info: null,
      reason: entry.reason && { ...entry.reason, info: null },
    })),
  }
}

const maskedDocument = (entry: Message, document: AnyDocument): AnyDocument => {
  const masked: Record<string, AnyDocument[string]> = { ...document }
  for (const { name, fields } of shapeOf(entry).groups) {
    const secret = new Set(
      fields.flatMap(({ name: field, field: { sensitive } }) => (sensitive === true ? field : [])),
    )
    if (secret.size === 0) continue
    const maskedRecord = <T extends object>(record: T): T =>
      Object.fromEntries(
        Object.entries(record).map(([field, value]) => [
          field,
          secret.has(field) && typeof value === 'string' && value !== ''
            ? maskedValue(value)
            : value,
        ]),
      ) as T
    if (name === undefined) return maskedRecord(document)
    const held = document[name]
    if (Array.isArray(held)) masked[name] = held.map(maskedRecord)
    else if (typeof held === 'object') masked[name] = maskedRecord(held)
  }
  return masked
}
