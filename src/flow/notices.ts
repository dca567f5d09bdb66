/**
 * Notices: what customs tells of a document unasked, a tax bill or the result of a summary. Each
 * finds its documents by a number that customs gave them, is kept, and moves no state. Told twice it
 * is kept once; read back, the latest of each bill or result stands, with all that was told of it.
 */
import { findMessage } from '../catalogue/index.ts'
import type { AnyDocument, FieldRecord, Notice } from '../catalogue/message.ts'
import { headOfDocument, joinSensitive, splitSensitive } from '../codec/document.ts'
import type { Text } from '../kernel/fault.ts'
import { laneOf } from '../kernel/lane.ts'
import { findNotices, insertNotices, type NewNotice, type StoredNotice } from '../store/notices.ts'
import { findGiven, insertCustomsNumbers, type MeantDocument } from '../store/replies.ts'
import type { Db } from '../store/tables.ts'
import type { Trx } from '../store/transaction.ts'
import { ownerParts } from './admission.ts'
import { compareBills, isBill } from './list-tax.ts'
import type { Telling } from './reply-reading.ts'
import type { FlowDeps } from './types.ts'

/** A notice, out of a message to these DXP accounts. */
export interface ToldNotice {
  readonly replyId: string
  readonly receivers: readonly string[]
  readonly telling: Telling
}

export interface Filed {
  /** Those that found no document. */
  readonly lost: readonly ToldNotice[]
  /** Replies that waited for a number given here. */
  readonly awaiting: readonly string[]
}

export const fileNotices = async (
  deps: Pick<FlowDeps, 'sealer'>,
  trx: Trx,
  all: readonly ToldNotice[],
  now: Date,
): Promise<Filed> => {
  if (all.length === 0) return { lost: [], awaiting: [] }
  const found = await findGiven(
    trx,
    all.flatMap(({ receivers, telling: { kind, name, number } }, index) =>
      receivers.map((receiver) => ({ index, kind, name, number, receiver })),
    ),
  )
  const meant = found.flatMap((document) => {
    const told = all[document.index]
    return told === undefined ? [] : [{ told, document }]
  })
  const hit = new Set(found.map(({ index }) => index))
  await insertNotices(
    trx,
    meant.map(({ told, document }) => rowOf(deps, told, document)),
    now,
  )
  await compareBills(
    trx,
    meant.flatMap(({ told, document }) => (isBill(told.telling.code) ? [document] : [])),
    now,
  )
  const awaiting = await insertCustomsNumbers(
    trx,
    meant.flatMap(({ told: { telling }, document }) =>
      telling.given.map(([name, number]) => {
        return { lane: laneOf(number), number, name, documentId: document.id }
      }),
    ),
  )
  return { lost: all.filter((_, index) => !hit.has(index)), awaiting }
}

const rowOf = (
  deps: Pick<FlowDeps, 'sealer'>,
  { replyId, telling }: ToldNotice,
  { lane, id: documentId }: MeantDocument,
): NewNotice => {
  const entry = getNotice(telling.code)
  const { plain, sensitive } = splitSensitive(entry, telling.document)
  // The guid is that of the telling, not of what is told.
  const { guid: _, ...head } = headOfDocument(entry, plain)
  const lines = Object.entries(plain).filter(([, value]) => Array.isArray(value))
  const key = { documentId, kind: entry.code, number: telling.key }
  const secret = JSON.stringify(sensitive)
  return {
    ...{ ...key, lane, time: telling.time, status: telling.status, replyId },
    hash: deps.sealer.lookup(JSON.stringify([head, lines, secret])),
    head: JSON.stringify(head),
    lines: lines.length === 0 ? null : JSON.stringify(Object.fromEntries(lines)),
    sealed: secret === '{}' ? null : deps.sealer.seal(Buffer.from(secret), contextOf(key)),
  }
}

const contextOf = (of: { documentId: string; kind: string; number: string }): string =>
  `notice/${of.documentId}/${of.kind}/${of.number}`

const getNotice = (code: string): Notice => {
  const found = findMessage(code)
  if (found?.sort !== 'notice') throw new Error(`no notice ${code} in the catalogue`)
  return found
}

// ---- read back -------------------------------------------------------------------------------

/** One bill or result, as customs told of it last. */
export interface NoticeView extends Text {
  /** Code of the message that told of it last, and its name. */
  readonly kind: string
  readonly name: Text
  /** Its own number, as customs gave it. */
  readonly number: string
  /** As customs wrote it; `zh` and `en` say what it means, or repeat it where nobody published that. */
  readonly status: string
  /** 17 digits. */
  readonly time: string
  /** Head fields, the last value told of each: amounts, numbers. */
  readonly values: FieldRecord
  /** Lines by group as told last; left out where they are many. */
  readonly lines: Readonly<Record<string, readonly FieldRecord[]>>
}

/** One telling of it, for the story of the document. */
export interface NoticeEntry extends Text {
  readonly kind: string
  readonly name: Text
  readonly number: string
  readonly status: string
  readonly time: string
  readonly at: Date
}

/** In the order of official time, and of status at the same time. */
export const noticeEntries = async (db: Db, id: string): Promise<readonly NoticeEntry[]> =>
  (await findNotices(db, id)).map((row) => ({ ...wordsOf(row), at: row.at }))

/** The latest of each, in that order. */
export const noticeViews = async (
  deps: Pick<FlowDeps, 'db' | 'sealer'>,
  id: string,
): Promise<readonly NoticeView[]> => {
  const views = new Map<string, NoticeView>()
  for (const row of await findNotices(deps.db, id)) {
    const { about, key } = getNotice(row.kind)
    // A bill and its later status are two messages about one thing: same document, same key.
    const thing = JSON.stringify([about.kind, key, row.number])
    const held = views.get(thing)
    const told = contentOf(deps, id, row)
    views.delete(thing)
    views.set(thing, {
      ...wordsOf(row),
      values: { ...held?.values, ...told.values },
      lines: { ...held?.lines, ...told.lines },
    })
  }
  return [...views.values()]
}

const wordsOf = ({ kind, number, status, time }: StoredNotice) => {
  const { zh, en, meanings } = getNotice(kind)
  const meaning = Object.hasOwn(meanings, status) ? meanings[status] : undefined
  const said = { zh: meaning?.zh ?? status, en: meaning?.en ?? status }
  return { kind, name: { zh, en }, number: ownerParts(number)[0] ?? '', status, time, ...said }
}

const contentOf = (
  deps: Pick<FlowDeps, 'sealer'>,
  documentId: string,
  row: StoredNotice,
): Pick<NoticeView, 'values' | 'lines'> => {
  const entry = getNotice(row.kind)
  const [group] = 'groups' in entry.body ? Object.keys(entry.body.groups) : []
  const plain: AnyDocument =
    group === undefined ? row.head : { [group]: row.head, ...(row.lines ?? {}) }
  const document = row.sealed === null ? plain : opened(deps, documentId, row, plain, row.sealed)
  return {
    values: headOfDocument(entry, document),
    lines: Object.fromEntries(
      Object.entries(document).flatMap(([name, value]) =>
        Array.isArray(value) ? [[name, value as readonly FieldRecord[]]] : [],
      ),
    ),
  }
}

const opened = (
  deps: Pick<FlowDeps, 'sealer'>,
  documentId: string,
  row: StoredNotice,
  plain: AnyDocument,
  sealed: Uint8Array,
): AnyDocument => {
  const bytes = deps.sealer.open(sealed, contextOf({ documentId, ...row }))
  const sensitive: Record<string, string> = JSON.parse(Buffer.from(bytes).toString('utf8'))
  return joinSensitive(getNotice(row.kind), plain, sensitive)
}
