/**
 * Reading back: what a caller may see of documents, their story and their message. Another enterprise's document does not exist for him: every answer about it is the
 * same as about one that was never stored.
 */
import { declarations, findDeclaration, getDeclaration } from '../catalogue/index.ts'
import { APP_TYPE, type State } from '../catalogue/message.ts'
import {
  allStates,
  DELETED_STATES,
  groupOf,
  type StateGroup,
  states,
} from '../catalogue/statuses.ts'
import { headOfDocument } from '../codec/document.ts'
import { chinaDay } from '../kernel/clock.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { findCodesBeside } from '../store/accounts.ts'
import {
  type FoundDocument,
  findDocuments,
  findEvents,
  findListed,
  type ListedDocument,
  type StoredEvent,
} from '../store/listing.ts'
import { findSealed } from '../store/messages.ts'
import { findRuleValues } from '../store/rule-values.ts'
import { findUnknown } from '../store/unknown-codes.ts'
import { type Asker, actorOf, noteDeeds } from './access.ts'
import { rulesInKey } from './blocking.ts'
import { messageSealContext, whole } from './compose.ts'
import { eligibilityOf } from './eligibility.ts'
import { exchangeCodeOf } from './exchange.ts'
import { listTaxOf } from './list-tax.ts'
import { handedInBy } from './mandates.ts'
import { loadMeanings, type Meanings, meaningView } from './meanings.ts'
import { type NoticeEntry, noticeEntries, noticeViews } from './notices.ts'
import { placeOf } from './places.ts'
import { relatedTo } from './related.ts'
import { blockedReason, exchangeReason, type Reason, reasonOf, textOf } from './reply-words.ts'
import { sees, visibleSenders } from './sight.ts'
import { stagesOf } from './stage-clocks.ts'
import { stepWords } from './step-words.ts'
import { behindLast, inStoryOrder } from './story-order.ts'
import type { Caller, DocumentSummary, DocumentView, FlowDeps, TimelineEntry } from './types.ts'

export interface DocumentFilter {
  readonly kind?: string | undefined
  readonly state?: State | undefined
  readonly group?: StateGroup | undefined
  readonly zone?: string | undefined
  readonly enterprise?: string | undefined
  /** A code of the client. */
  readonly client?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** China date of release, yyyy-MM-dd. */
  readonly releasedOn?: string | undefined
  readonly q?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** PostgreSQL refuses a text that holds a zero character; no number has one. */
export const isNoText = (text: string | undefined): boolean => text?.includes('\0') === true

const kinds = declarations.map((entry) => entry.code)

/** Newest first; `next` is the cursor of the following page, null after the last. */
export const listDocuments = async (
  deps: FlowDeps,
  caller: Caller,
  filter: DocumentFilter,
): Promise<{ documents: readonly DocumentSummary[]; next: string | null }> => {
  if ([filter.q, filter.zone, filter.enterprise, filter.client].some(isNoText))
    return { documents: [], next: null }
  const limit = Math.min(filter.limit ?? 50, PAGE_ROWS_MAX)
  const { cursor, group, state, client, limit: _, ...plain } = filter
  const rows = await findListed(deps.db, {
    ...plain,
    kinds,
    senders: await visibleSenders(deps, caller),
    client: client === undefined ? undefined : await findCodesBeside(deps.db, client),
    states: group === undefined && state === undefined ? undefined : pairs(group, state),
    after: cursor !== undefined && isId(cursor) ? cursor : undefined,
    limit: limit + 1,
  })
  const page = rows.slice(0, limit)
  return {
    documents: page.map(summary),
    next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  }
}

/** Undefined when there is none, or none that the caller may see. `shownTo` is put into the log of accesses. */
export const findDocument = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
  shownTo?: Asker,
): Promise<DocumentView | undefined> => {
  const row = await visible(deps, caller, id)
  if (row === undefined) return undefined
  if (shownTo !== undefined)
    await noteDeeds(deps, deps.db, { ...shownTo, actor: actorOf(caller) }, [
      { what: 'document-opened', enterpriseId: row.senderId, subject: id },
    ])
  return {
    ...summary(row),
    ...(await summaryFacts(deps, row)),
    ...(await taxFacts(deps, row)),
    document: whole(deps, row),
    guid: row.guid,
    messageId: row.messageId,
    customsNumbers: row.customsNumbers ?? {},
    handedIn: await handedInBy(deps, caller, row),
    queue: await placeOf(deps, row),
    stages: await stagesOf(deps, { ...row, isFinished: isFinished(row) }),
    reason: await standingReason(deps, row),
    notices: await noticeViews(deps, row.id),
    related: await relatedTo(deps.db, await visibleSenders(deps, caller), {
      ...{ kind: row.kind, payload: row.payload, given: Object.entries(row.customsNumbers ?? {}) },
    }),
  }
}

/** What asks customs to delete goes no further than these states. */
const isFinished = (row: FoundDocument): boolean => {
  const entry = getDeclaration(row.kind)
  const isDeletion = headOfDocument(entry, row.payload).appType === APP_TYPE.delete
  return (
    ['done', 'refused'].includes(groupOf(entry, row.state)) ||
    (isDeletion && DELETED_STATES.includes(row.state))
  )
}

export const timelineOf = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
): Promise<readonly TimelineEntry[] | undefined> => {
  const row = await visible(deps, caller, id)
  if (row === undefined) return undefined
  const learned = await loadMeanings(deps.db)
  const events = inStoryOrder(await findEvents(deps.db, row.id)).map((event) =>
    stepEntry(deps, row, event, learned),
  )
  const notices = (await noticeEntries(deps.db, row.id)).map((told) => noticeEntry(row, told))
  // Steps keep their order, which is that of versions first.
  return behindLast(events, notices, follows)
}

const stepEntry = (
  deps: FlowDeps,
  row: Pick<FoundDocument, 'kind'>,
  event: StoredEvent,
  learned: Meanings,
): TimelineEntry => {
  const reason = reasonOn(deps, row, event, learned)
  const { zh, en } = stepWords(event) ?? reason ?? states[event.state]
  return {
    at: event.at.toISOString(),
    source: reason?.source ?? (event.returnTime === '' ? 'gateway' : 'customs'),
    version: event.version,
    state: event.state,
    zh,
    en,
    returnStatus: event.returnStatus,
    returnTime: event.returnTime === '' ? null : event.returnTime,
    info: reason === null ? textOf(deps.sealer, event) : reason.info,
    reason,
    messageId: event.messageId,
    notice: null,
  }
}

export const reasonOn = (
  { sealer }: Pick<FlowDeps, 'sealer'>,
  { kind }: Pick<FoundDocument, 'kind'>,
  event: StoredEvent,
  learned: Meanings,
): Reason | null => {
  const held = event.state === 'blocked' ? rulesInKey(event.key) : undefined
  if (held !== undefined) return blockedReason(held)
  const code = exchangeCodeOf(event)
  return code === undefined
    ? reasonOf(sealer, kind, event, learned)
    : exchangeReason(sealer, code, event, learned)
}

const noticeEntry = (row: Pick<FoundDocument, 'version'>, told: NoticeEntry): TimelineEntry => {
  const { kind, name, number, zh, en, status, time } = told
  return {
    ...{ at: told.at.toISOString(), source: 'customs' as const },
    ...{ version: row.version, state: null, zh, en },
    ...{ returnStatus: status, returnTime: time, info: null, reason: null, messageId: null },
    notice: { kind, name, number },
  }
}

/** By official time where both have one, else by when they came in. */
const follows = (notice: TimelineEntry, step: TimelineEntry): boolean =>
  notice.returnTime !== null && step.returnTime !== null
    ? notice.returnTime >= step.returnTime
    : notice.at >= step.at

/** Why a document stands where somebody must act or nothing more comes: what the reply said. */
const standingReason = async (deps: FlowDeps, row: FoundDocument): Promise<Reason | null> => {
  const { group } = summary(row)
  if (group !== 'refused' && group !== 'action-needed') return null
  if (row.returnStatus === null && row.returnTime !== '') return null
  const events = await findEvents(deps.db, row.id)
  // What holds a list back may have changed since: the last word counts.
  const [event] = (row.state === 'blocked' ? [...events].reverse() : events)
    .filter(
      (each) =>
        each.version === row.version &&
        each.state === row.state &&
        each.returnTime === row.returnTime &&
        each.returnStatus === row.returnStatus,
    )
    .sort((a, b) => b.rank - a.rank)
  return event === undefined ? null : reasonOn(deps, row, event, await loadMeanings(deps.db))
}

/** The signed bytes as sent, or to be sent. */
export const messageXmlOf = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
  asker: Asker,
): Promise<Uint8Array | 'not-composed' | 'not-signed' | undefined> => {
  const row = await visible(deps, caller, id)
  if (row === undefined) return undefined
  if (row.messageId === null) return 'not-composed'
  const key = { lane: laneOfId(row.messageId), id: row.messageId }
  const [message] = await findSealed(deps.db, [key])
  if (message === undefined) throw new Error(`message ${row.messageId} is not stored`)
  if (!message.isSigned) return 'not-signed'
  await noteDeeds(deps, deps.db, { ...asker, actor: actorOf(caller) }, [
    { what: 'message-opened', enterpriseId: row.senderId, subject: row.id },
  ])
  return deps.sealer.open(message.sealed, messageSealContext(message.copMsgId))
}

/** Codes in replies that nobody published, for the operator: the latest first. */
export const listUnknownCodes = async (deps: FlowDeps) => {
  const learned = await loadMeanings(deps.db)
  return {
    codes: (await findUnknown(deps.db)).map((row) => {
      const meaning = learned.find(row.kind, row.sort, row.code)
      return {
        ...row,
        firstSeen: row.firstSeen.toISOString(),
        lastSeen: row.lastSeen.toISOString(),
        /** As an operator gave it; null while nobody has. */
        meaning: meaning === undefined ? null : meaningView(meaning),
      }
    }),
  }
}

/** Of a list that a monthly summary may have to name: whether the simplified way is open to it. */
const summaryFacts = async (
  deps: FlowDeps,
  row: FoundDocument,
): Promise<Pick<DocumentView, 'eligibility'>> => {
  const entry = getDeclaration(row.kind)
  if (entry.summarised === undefined) return {}
  const values = await findRuleValues(deps.db, chinaDay(deps.clock.now()))
  const eligibility = eligibilityOf(entry, row.payload, values)
  return eligibility === undefined ? {} : { eligibility }
}

const taxFacts = async (deps: FlowDeps, row: FoundDocument): Promise<Pick<DocumentView, 'tax'>> => {
  const tax = await listTaxOf(deps.db, row)
  return tax === undefined ? {} : { tax }
}

/** The row of a document that the caller may see. */
export const visible = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
): Promise<FoundDocument | undefined> => {
  if (!isId(id)) return undefined
  const [row] = await findDocuments(deps.db, [id.toLowerCase()])
  if (row === undefined) return undefined
  return sees(await visibleSenders(deps, caller), row) ? row : undefined
}

const pairs = (group: StateGroup | undefined, state: State | undefined) =>
  declarations.flatMap((entry) =>
    allStates
      .filter((item) => state === undefined || item === state)
      .filter((item) => group === undefined || groupOf(entry, item) === group)
      .map((item) => ({ kind: entry.code, state: item })),
  )

/** What a listing tells of a document. */
export const summary = (row: ListedDocument): DocumentSummary => {
  const entry = findDeclaration(row.kind)
  return {
    id: row.id,
    kind: row.kind,
    ...{ sender: row.senderName, client: row.client, clientName: row.clientName },
    number: row.number,
    orderNo: row.orderNo,
    version: row.version,
    state: row.state,
    group: entry === undefined ? states[row.state].group : groupOf(entry, row.state),
    zone: row.zone,
    returnStatus: row.returnStatus,
    returnTime: row.returnTime === '' ? null : row.returnTime,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
