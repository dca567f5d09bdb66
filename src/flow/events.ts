/**
 * The feed of events that an enterprise may see: every change of state of its documents and those of its
 * mandates, in order, none left out, none twice. What is told follows from the stored event alone, so
 * pulled or pushed, today or again tomorrow, the same event is told in the same words. It holds nothing
 * personal: a text of customs that may quote a person is left to the document's own page.
 */
import { getDeclaration } from '../catalogue/index.ts'
import type { State } from '../catalogue/message.ts'
import { groupOf, type StateGroup, states } from '../catalogue/statuses.ts'
import { DAY_MS } from '../kernel/clock.ts'
import {
  EVENT_DAYS_KEPT,
  EVENT_FOLLOWED_DAYS,
  EVENT_FORGET_ROUNDS_MAX,
  EVENT_PAGES_FORGOTTEN,
  EVENT_STEP_EVENTS,
  EVENT_STEPS_MAX,
} from '../kernel/event-limits.ts'
import type { Text } from '../kernel/fault.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import {
  type FedEvent,
  findEntries,
  findFedEvents,
  findFeedEnds,
  forgetEventPages,
  isFollowed,
  notePull,
  pageEvents,
} from '../store/event-feed.ts'
import { inTransaction } from '../store/transaction.ts'
import { noMeanings } from './meanings.ts'
import { reasonOn } from './queries.ts'
import { sees, visibleSenders } from './sight.ts'
import { outranks, type Status } from './status.ts'
import { stepWords } from './step-words.ts'
import type { Caller, FlowDeps } from './types.ts'

export const DOCUMENT_CHANGED = 'document.state_changed'

/** A document came to stand elsewhere, or is there for the first time. */
export interface EventView {
  /** Its number, growing; the cursor that lies right behind it. */
  readonly id: string
  readonly type: typeof DOCUMENT_CHANGED
  /** When the gateway learnt it. */
  readonly at: string
  readonly document: {
    readonly id: string
    readonly kind: string
    readonly sender: string
    readonly number: string
    readonly orderNo: string | null
    readonly zone: string | null
    readonly version: number
  }
  readonly state: State
  readonly group: StateGroup
  /** Where it stood before; null when it was not there, or in an earlier version. */
  readonly from: State | null
  /** What happened, as its story tells it. */
  readonly text: Text
  readonly source: 'gateway' | 'customs' | 'exchange'
  readonly returnStatus: string | null
  /** 17 digits of customs' time. */
  readonly returnTime: string | null
  /** Text of customs, where it holds nothing but codes and fixed phrases. */
  readonly info: string | null
  readonly resultCodes: readonly string[]
  /** Name of the cause, as refusals are folded by; null for a step of ours. */
  readonly cause: string | null
  /** Paths of this gateway. */
  readonly links: { readonly document: string; readonly timeline: string }
}

/** What of the feed somebody wants; undefined is all of it. */
export interface EventFilter {
  readonly kinds?: readonly string[] | undefined
  readonly groups?: readonly StateGroup[] | undefined
}

export interface EventPageView {
  readonly events: readonly EventView[]
  /** The cursor to go on from, also where there was nothing. */
  readonly next: string
  /** Something may lie behind it already. */
  readonly more: boolean
}

type FeedDeps = Pick<FlowDeps, 'db' | 'clock' | 'sealer'>

interface EventQuery {
  readonly after: string | undefined
  readonly limit: number | undefined
}

/** Enters what is settled by now; whoever reads behind it sees it. Somebody else may be at it already. */
export const followEvents = async ({
  db,
  clock,
}: Pick<FlowDeps, 'db' | 'clock'>): Promise<void> => {
  const since = daysBefore(clock, EVENT_DAYS_KEPT)
  for (let step = 0; step < EVENT_STEPS_MAX; step += 1) {
    const left = await inTransaction(db, (trx) => pageEvents(trx, EVENT_STEP_EVENTS, since))
    if (left <= EVENT_STEP_EVENTS) return
  }
}

/** The same, where anybody follows: else nobody has to pay for it. */
export const keepEvents = async (deps: Pick<FlowDeps, 'db' | 'clock'>): Promise<void> => {
  const since = daysBefore(deps.clock, EVENT_FOLLOWED_DAYS)
  if (await isFollowed(deps.db, since)) await followEvents(deps)
}

const daysBefore = (clock: FlowDeps['clock'], days: number): Date =>
  new Date(clock.now().getTime() - days * DAY_MS)

/** A cursor behind all that has happened; what is being written at this moment lies behind the cursor. */
export const latestEvent = async (deps: Pick<FlowDeps, 'db' | 'clock'>): Promise<string> => {
  await notePull(deps.db, deps.clock.now())
  await followEvents(deps)
  return (await findFeedEnds(deps.db)).sealed
}

/**
 * A page of the feed behind a cursor; without one from its beginning. `forgotten` when the cursor lies
 * before that, or behind everything, as after a database was restored.
 */
export const eventsAfter = async (
  deps: FeedDeps,
  caller: Caller,
  { after, limit, ...filter }: EventFilter & EventQuery,
): Promise<EventPageView | 'forgotten'> => {
  await notePull(deps.db, deps.clock.now())
  await followEvents(deps)
  const { given, paged, forgotten } = await findFeedEnds(deps.db)
  const from = after ?? forgotten
  if (BigInt(from) < BigInt(forgotten) || BigInt(from) > BigInt(given)) return 'forgotten'
  // Behind what is sealed so far: there is nothing yet.
  if (BigInt(from) >= BigInt(paged)) return { events: [], next: from, more: false }
  const most = Math.min(limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  return readFeed(deps, caller, { after: from, upto: paged, limit: most, ...filter })
}

export interface FeedRange extends EventFilter {
  readonly after: string
  /** Not behind the end of the feed. */
  readonly upto: string
  readonly limit: number
}

/**
 * What of a stretch of the feed the caller may see; the same stretch is always the same events. The
 * limit is of stored events: those that moved nothing, or are not wanted, are taken off it.
 */
export const readFeed = async (
  deps: FeedDeps,
  caller: Caller,
  { after, upto, limit, kinds, groups }: FeedRange,
): Promise<EventPageView> => {
  const senders = (await visibleSenders(deps, caller)) ?? []
  const owners = [...new Set(senders.map(({ id }) => id))]
  const { entries, end } = await findEntries(deps.db, owners, { after, upto }, limit)
  const ids = [...new Set(entries.map(({ id }) => id))]
  const fed = await findFedEvents(deps.db, ids, { after, upto: end, kinds: kinds ?? null })
  const events = changesIn(fed)
    .filter(({ event }) => sees(senders, event))
    .filter(({ event }) => groups === undefined || groups.includes(groupIn(event)))
    .map((change) => eventView(deps, change))
  return { events, next: end, more: end !== upto }
}

interface Change {
  readonly event: FedEvent
  readonly held: Status | undefined
}

/** Events by which a document came to stand elsewhere; weaker evidence and repetitions are none. */
const changesIn = (fed: readonly FedEvent[]): readonly Change[] => {
  const standing = new Map<string, Status>()
  return fed.flatMap((event) => {
    const held = standing.get(event.id) ?? event.before ?? undefined
    if (held !== undefined && !outranks(event, held)) return []
    standing.set(event.id, event)
    const isElsewhere = held?.version !== event.version || held.state !== event.state
    return isElsewhere ? [{ event, held }] : []
  })
}

const groupIn = ({ kind, state }: FedEvent): StateGroup => groupOf(getDeclaration(kind), state)

const eventView = (deps: Pick<FlowDeps, 'sealer'>, { event, held }: Change): EventView => {
  const { id, kind, number, orderNo, zone, version, state, senderId: sender } = event
  const { returnStatus, info } = event
  // Without what is sealed, and by the catalogue alone: what operators learn later changes no event.
  const said = { ...event, documentId: id, sealedInfo: null, messageId: null }
  const reason = reasonOn(deps, event, said, noMeanings)
  const { zh, en } = stepWords(event) ?? reason ?? states[state]
  return {
    ...{ id: event.seq, type: DOCUMENT_CHANGED, at: event.at.toISOString() },
    document: { id, kind, sender, number, orderNo, zone, version },
    ...{ state, group: groupIn(event) },
    from: held?.version === version ? held.state : null,
    text: { zh, en },
    source: reason?.source ?? (event.returnTime === '' ? 'gateway' : 'customs'),
    ...{ returnStatus, returnTime: event.returnTime === '' ? null : event.returnTime, info },
    resultCodes: event.resultCodes ?? [],
    cause: reason?.cause.name ?? null,
    links: { document: `/api/v1/documents/${id}`, timeline: `/api/v1/documents/${id}/timeline` },
  }
}

/** Forgets what nobody may still follow. */
export const forgetEvents = async ({ db, clock }: Pick<FlowDeps, 'db' | 'clock'>) => {
  const before = daysBefore(clock, EVENT_DAYS_KEPT)
  for (let round = 0; round < EVENT_FORGET_ROUNDS_MAX; round += 1)
    if ((await forgetEventPages(db, before, EVENT_PAGES_FORGOTTEN)) < EVENT_PAGES_FORGOTTEN) return
}
