/**
 * Later versions of documents that customs never saw: several were handed in before one of them went
 * out, or what went out could not be delivered. Only the newest goes; customs would refuse it as a
 * change of something unknown, so it goes as new, and a deletion of it ends here. The stored document
 * stays as it was handed in, and an event says what was done.
 */
import { getDeclaration } from '../catalogue/index.ts'
import { type AnyDocument, APP_TYPE } from '../catalogue/message.ts'
import { withHead } from '../codec/document.ts'
import { type Evidence, findEarlier } from '../store/evidence.ts'
import type { ComposableDocument } from '../store/messages.ts'
import type { Trx } from '../store/transaction.ts'
import { OWN_RANK, type StatusEvent, statusOf } from './status.ts'

export interface Unseen {
  /** Go out as new, by id. */
  readonly asNew: ReadonlySet<string>
  /** Deletions of what was never there. */
  readonly withdrawn: readonly ComposableDocument[]
  /** All but those. */
  readonly outgoing: readonly ComposableDocument[]
}

/** Costs nothing for first versions, and for those handed in as new. */
export const sortUnseen = async (
  trx: Trx,
  documents: readonly ComposableDocument[],
): Promise<Unseen> => {
  const asked = documents.filter(({ version, appType }) => version > 1 && appType !== APP_TYPE.new)
  if (asked.length === 0) return { asNew: new Set(), withdrawn: [], outgoing: documents }
  const events = new Map<string, StatusEvent[]>()
  for (const event of await findEarlier(trx, asked)) {
    const key = `${event.documentId} ${event.version}`
    events.set(key, [...(events.get(key) ?? []), event])
  }
  const seen = new Set(
    [...events].flatMap(([key, story]) =>
      hasReached(story) ? [key.slice(0, key.indexOf(' '))] : [],
    ),
  )
  const unseen = asked.filter(({ id }) => !seen.has(id))
  const withdrawn = unseen.filter(({ appType }) => appType === APP_TYPE.delete)
  const gone = new Set(withdrawn.map(({ id }) => id))
  return {
    asNew: new Set(unseen.flatMap(({ id }) => (gone.has(id) ? [] : [id]))),
    withdrawn,
    outgoing: documents.filter(({ id }) => !gone.has(id)),
  }
}

/** Whether a version came to customs, as far as anybody knows: sent counts, undelivered does not. */
const hasReached = (story: readonly StatusEvent[]): boolean => {
  const status = statusOf(story)
  if (status === undefined || status.returnTime !== '') return status !== undefined
  return status.state === 'sent' || status.state === 'unknown'
}

/** As it goes out. */
export const outgoingDocument = (
  { id, kind }: Pick<ComposableDocument, 'id' | 'kind'>,
  document: AnyDocument,
  asNew: ReadonlySet<string>,
): AnyDocument =>
  asNew.has(id) ? withHead(getDeclaration(kind), document, { appType: APP_TYPE.new }) : document

/** What was done otherwise than handed in; neither moves what customs says. */
export const unseenEvidence = (
  { withdrawn, asNew }: Unseen,
  composed: readonly { readonly lane: number; readonly id: string; readonly version: number }[],
): readonly Evidence[] => [
  ...withdrawn.map((document) => stepOf(document, 'withdrawn', 'cancelled')),
  ...composed
    .filter(({ id }) => asNew.has(id))
    .map((document) => stepOf(document, 'as-new', 'ready')),
]

const stepOf = (
  { lane, id, version }: Pick<ComposableDocument, 'lane' | 'id' | 'version'>,
  name: string,
  state: 'cancelled' | 'ready',
): Evidence => ({
  ...{ lane, documentId: id, version, key: `${name}:${version}` },
  ...{ state, rank: OWN_RANK[state], returnTime: '' },
})
