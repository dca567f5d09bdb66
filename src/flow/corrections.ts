/**
 * Correct once: one change of all the refused documents that a selection names. The preview says what
 * would change, place by place, and what would not pass the check; it is kept, so that what is applied
 * is what was looked at (`apply-corrections.ts`).
 */
import { APP_TYPE } from '../catalogue/message.ts'
import { groupOf } from '../catalogue/statuses.ts'
import { type Difference, isPersonal, maskedValue } from '../codec/changes.ts'
import { headOfDocument } from '../codec/document.ts'
import { type Fault, refuses, type Text } from '../kernel/fault.ts'
import { derivedId } from '../kernel/ids.ts'
import { CORRECTION_BATCH_DOCUMENTS, CORRECTION_DOCUMENTS_MAX } from '../kernel/rejection-limits.ts'
import { type CorrectionItem, keepCorrection } from '../store/corrections.ts'
import { findEarlier } from '../store/evidence.ts'
import { type FoundDocument, findDocuments } from '../store/listing.ts'
import { findRejected } from '../store/rejections.ts'
import { inTransaction } from '../store/transaction.ts'
import { type Beside, withCompanions } from './compared-fields.ts'
import {
  type CorrectionChange,
  corrected,
  type LeftWhy,
  type PlannedChange,
  planChange,
  whyText,
} from './correcting.ts'
import { takeDocuments } from './intake.ts'
import { loadMeanings } from './meanings.ts'
import { filterOf, type RejectionSelection } from './rejections.ts'
import { visibleSenders } from './sight.ts'
import type { Caller, FlowDeps, Handed } from './types.ts'

export interface CorrectionRequest {
  readonly select: RejectionSelection
  /** Left out: all are handed in again as they are. */
  readonly change?: CorrectionChange | undefined
}

/** Which document. */
export interface Named {
  readonly id: string
  readonly kind: string
  readonly number: string
}

export interface LeftDocument extends Named {
  readonly why: Text & { readonly name: LeftWhy }
  readonly faults: readonly Fault[]
}

export interface PreviewedDocument extends Named {
  /** Made from this version. */
  readonly version: number
  /** It is not refused itself: another one goes again after it. */
  readonly companion: boolean
  readonly appType: string
  /** Personal values are masked. */
  readonly changes: readonly Difference[]
  /** Warnings only; what would be refused is among those that are left. */
  readonly faults: readonly Fault[]
}

export interface CorrectionPreview {
  /** Applies it; null when nothing would be done. */
  readonly token: string | null
  readonly documents: readonly PreviewedDocument[]
  readonly left: readonly LeftDocument[]
  /** More is selected than one correction takes: apply this one, then preview again. */
  readonly more: boolean
}

export const previewCorrection = async (
  deps: FlowDeps,
  caller: Caller,
  request: CorrectionRequest,
  madeBy: string | null,
): Promise<CorrectionPreview> => {
  const { units, left, more } = await plan(deps, caller, request)
  const items = itemsOf(units)
  await settleAppTypes(deps, items)
  const { passed, refused } = await tryOut(deps, caller, items, units)
  const documents = passed.map(previewed)
  if (passed.length === 0) return { token: null, documents, left: [...left, ...refused], more }
  const token = await keep(deps, caller, request, passed, madeBy)
  return { token, documents, left: [...left, ...refused], more }
}

interface Unit {
  readonly own: PlannedChange
  readonly before: readonly PlannedChange[]
}

const plan = async (
  deps: FlowDeps,
  caller: Caller,
  { select, change }: CorrectionRequest,
): Promise<{ units: readonly Unit[]; left: readonly LeftDocument[]; more: boolean }> => {
  const learned = await loadMeanings(deps.db)
  const senders = await visibleSenders(deps, caller)
  const filter = await filterOf(deps, learned, senders, select)
  if (filter === undefined) return { units: [], left: [], more: false }
  const limit = CORRECTION_DOCUMENTS_MAX + 1
  const selected = await findRejected(deps.db, filter, { limit })
  const units: Unit[] = []
  const left: LeftDocument[] = []
  const ids = new Set<string>()
  for (let start = 0; start < selected.length; start += CORRECTION_BATCH_DOCUMENTS) {
    const some = selected.slice(start, start + CORRECTION_BATCH_DOCUMENTS)
    const rows = await findDocuments(
      deps.db,
      some.map(({ id }) => id),
    )
    for (const refused of await withCompanions(deps, senders, rows)) {
      const planned = planChange(refused, change)
      if (planned.kind === 'left') {
        left.push(leftAs(refused.row, planned.why))
        continue
      }
      for (const { of } of [planned.own, ...planned.before]) ids.add(of.row.id)
      if (ids.size > CORRECTION_DOCUMENTS_MAX) return { units, left, more: true }
      units.push(planned)
    }
  }
  return { units, left, more: selected.length === limit }
}

export const named = ({
  id,
  kind,
  number,
}: Pick<FoundDocument, 'id' | 'kind' | 'number'>): Named => ({
  ...{ id, kind, number },
})

export const leftAs = (row: FoundDocument, name: LeftWhy, faults: readonly Fault[] = []) => ({
  ...{ ...named(row), why: { name, ...whyText(name) }, faults },
})

/** One new version of one document. */
interface Item {
  readonly of: Beside
  readonly changes: readonly Difference[]
  readonly companion: boolean
  appType: string
  faults: readonly Fault[]
  /** Ids of companions without whose change it is not to go. */
  readonly after: Set<string>
}

/** Companions first, each once however many go after it. */
const itemsOf = (units: readonly Unit[]): readonly Item[] => {
  const companions = new Map<string, Item>()
  const own: Item[] = []
  for (const { own: refused, before } of units) {
    for (const each of before)
      if (!companions.has(each.of.row.id)) companions.set(each.of.row.id, itemOf(each, true))
    const item = itemOf(refused, false)
    for (const { of } of before) item.after.add(of.row.id)
    own.push(item)
  }
  // What is refused itself and a companion of another is corrected once.
  return [...companions.values(), ...own.filter(({ of }) => !companions.has(of.row.id))]
}

const itemOf = ({ of, changes }: PlannedChange, companion: boolean): Item => ({
  ...{ of, changes, companion, appType: APP_TYPE.change, faults: [], after: new Set() },
})

/**
 * A refused document goes again as new; as a change where it is not refused, where customs holds an
 * earlier version of it that was accepted, and where it came as one: then what it changes was
 * declared elsewhere.
 */
const settleAppTypes = async (deps: FlowDeps, items: readonly Item[]): Promise<void> => {
  const isChange = ({ of }: Item): boolean =>
    headOfDocument(of.entry, of.document).appType === APP_TYPE.change
  const asked = items.filter((item) => isChange(item) && item.of.row.version > 1)
  const entries = new Map(asked.map(({ of }) => [of.row.id, of.entry]))
  const accepted = new Set(
    (
      await findEarlier(
        deps.db,
        asked.map(({ of: { row } }) => ({ lane: row.lane, id: row.id, version: row.version })),
      )
    ).flatMap(({ documentId, state, returnTime }) => {
      const isDone = entries.get(documentId)?.done.includes(state) === true
      return returnTime !== '' && isDone ? [documentId] : []
    }),
  )
  for (const item of items) {
    const { entry, row } = item.of
    const isRefused = groupOf(entry, row.state) === 'refused'
    const isHeld = accepted.has(row.id) || (row.version === 1 && isChange(item))
    item.appType = isRefused && !isHeld ? APP_TYPE.new : APP_TYPE.change
  }
}

/** Whether each would pass; what goes after one that would not is left with it. */
const tryOut = async (
  deps: FlowDeps,
  caller: Caller,
  items: readonly Item[],
  units: readonly Unit[],
): Promise<{ passed: readonly Item[]; refused: readonly LeftDocument[] }> => {
  const now = deps.clock.now()
  for (let start = 0; start < items.length; start += CORRECTION_BATCH_DOCUMENTS) {
    const some = items.slice(start, start + CORRECTION_BATCH_DOCUMENTS)
    const handed = some.map(({ of: { row, document }, changes, appType }): Handed => {
      const guid = deps.ids.next().toUpperCase()
      const submission = { guid, appType, now }
      const next = corrected(row.kind, document, changes, submission)
      return { kind: row.kind, document: next, senderId: row.senderId }
    })
    const answer = await takeDocuments(deps, caller, handed, { dryRun: true })
    if (answer.kind !== 'taken') throw new Error('a dry run has no key')
    for (const [i, item] of some.entries()) item.faults = answer.results[i]?.faults ?? []
  }
  const bad = new Set(items.flatMap(({ of, faults }) => (refuses(faults) ? [of.row.id] : [])))
  const isBad = ({ of, after }: Item): boolean =>
    bad.has(of.row.id) || [...after].some((id) => bad.has(id))
  const fit = items.filter((item) => !isBad(item))
  const kept = new Set(fit.map(({ of }) => of.row.id))
  // A companion that nothing goes after any more has no reason to change.
  const needed = new Set(
    units.flatMap(({ own, before }) =>
      kept.has(own.of.row.id) ? before.map(({ of }) => of.row.id) : [],
    ),
  )
  return {
    passed: fit.filter(({ of, companion }) => !companion || needed.has(of.row.id)),
    refused: items.filter(isBad).map(({ of, faults }) => leftAs(of.row, 'check-failed', faults)),
  }
}

const previewed = ({ of, changes, companion, appType, faults }: Item): PreviewedDocument => ({
  ...{ ...named(of.row), version: of.row.version, companion, appType, faults },
  changes: changes.map((change) =>
    isPersonal(of.entry, change.pointer) ? masked(change) : change,
  ),
})

/** A difference with nothing to be read of a person in it. */
export const masked = ({ pointer, before, after }: Difference): Difference => ({
  pointer,
  before: before === null ? null : maskedValue(before),
  after: after === null ? null : maskedValue(after),
})

export interface Patch {
  readonly changes: readonly Difference[]
  readonly after: readonly string[]
}

/** Gives the token: a keyed hash of documents, versions and changes. */
const keep = async (
  deps: FlowDeps,
  caller: Caller,
  request: CorrectionRequest,
  items: readonly Item[],
  madeBy: string | null,
): Promise<string> => {
  const { sealer } = deps
  const stored = items.map((item) => {
    const { lane, id, version } = item.of.row
    const patch: Patch = { changes: item.changes, after: [...item.after] }
    return { ...{ lane, documentId: id, version, patch }, item }
  })
  const said = JSON.stringify([
    caller.enterpriseId,
    stored.map(({ documentId, version, patch, item }) => [
      documentId,
      version,
      patch,
      item.appType,
    ]),
  ])
  const token = derivedId('correction', Buffer.from(sealer.lookup(said)).toString('hex'))
  const seal = (value: unknown, context: string) =>
    sealer.seal(Buffer.from(JSON.stringify(value), 'utf8'), context)
  const correction = {
    ...{ id: token, enterpriseId: caller.enterpriseId, madeBy },
    sealedRequest: seal(request, `correction/${token}`),
  }
  const rows = stored.map(
    ({ lane, documentId, version, patch, item }): CorrectionItem => ({
      ...{ lane, documentId, version, companion: item.companion, appType: item.appType },
      sealedPatch: seal(patch, patchContext(token, documentId)),
    }),
  )
  await inTransaction(deps.db, (trx) => keepCorrection(trx, correction, rows, deps.clock.now()))
  return token
}

/** What binds the sealed part of an item. */
export const patchContext = (token: string, documentId: string): string =>
  `correction/${token}/${documentId}`

/** The guid that a correction gives a document's next version. */
export const guidOf = (token: string, documentId: string): string =>
  derivedId(token, documentId).toUpperCase()
