/**
 * Evidence about documents, written set-wise. Every step of ours and every reply of customs is one
 * event with an official time ('' for our own steps) and a rank; a document stands where its
 * greatest (final, time, rank) of the current version says. Writing evidence twice, late or out of order
 * therefore changes nothing (`statusOf` in the flow is the same rule over a list of events).
 */
import { type RawBuilder, sql } from 'kysely'
import type { State } from '../catalogue/message.ts'
import { MADE_RANK, refusalStates } from '../catalogue/statuses.ts'
import { laneOf } from '../kernel/lane.ts'
import { logSettled } from './bonded-movements.ts'
import { isReleased } from './documents.ts'
import { type HoldFacts, settleHolds } from './holds.ts'
import { shareOfLedger } from './ledger.ts'
import { type CountedKind, type CountedState, settleLists } from './ledger-lists.ts'
import { endRejections, insertRejections, type RefusalSaying } from './rejections.ts'
import { rowsOf } from './rows.ts'
import { type SummarisedFacts, settleSummaryItems } from './summary.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'
import { addWork } from './work.ts'
import { sumRefusals } from './zone-folds.ts'

export interface Evidence {
  readonly lane: number
  readonly documentId: string
  readonly version: number
  /** The same key for the same fact, however often it is told. */
  readonly key: string
  readonly state: State
  readonly rank: number
  /** 17 digits of official time; '' for a step of ours. */
  readonly returnTime: string
  readonly returnStatus?: string | undefined
  /** Text of customs, open or sealed. */
  readonly info?: string | undefined
  readonly sealedInfo?: Uint8Array | undefined
  /** Digits each, joined by blanks: an array inside an array would have to be square. */
  readonly resultCodes?: string | undefined
  readonly messageId?: string | undefined
  readonly replyId?: string | undefined
  /** Of a refusal: what was said, to be folded with others that were told the same. */
  readonly refusal?: RefusalSaying | undefined
}

/** What the catalogue says of a kind, as the statements need it. */
export interface KindFacts {
  readonly kind: string
  readonly done: readonly string[]
  /** Another kind waits until one of this kind is accepted. */
  readonly awaited: boolean
  /** Counts in the totals of trade. */
  readonly counted?: CountedKind | undefined
  /** Named in a monthly summary once done. */
  readonly summarised?: SummarisedFacts | undefined
  /** Holds something as long as it may still be released, and then uses it up. */
  readonly holds?: HoldFacts | undefined
}

const EVENT = {
  lane: 'smallint',
  documentId: 'uuid',
  version: 'integer',
  key: 'text',
  state: 'text',
  rank: 'smallint',
  returnTime: 'text',
  returnStatus: 'text',
  info: 'text',
  sealedInfo: 'bytea',
  resultCodes: 'text',
  messageId: 'uuid',
  replyId: 'uuid',
}

/** What of it moves the state. */
const MOVE = {
  lane: EVENT.lane,
  documentId: EVENT.documentId,
  version: EVENT.version,
  state: EVENT.state,
  rank: EVENT.rank,
  returnTime: EVENT.returnTime,
  returnStatus: EVENT.returnStatus,
  messageId: EVENT.messageId,
  refuses: 'boolean',
  releasedOn: 'text',
}

export interface Written {
  /** Documents that an event was written for that was not known before. */
  readonly news: ReadonlySet<string>
  /** Keys of such events, by `eventOf`. */
  readonly events: ReadonlySet<string>
  /** Lists that now count as released and did not before. */
  readonly released: number
  /** Whether consignments were touched, so that matching has work. */
  readonly matchWork: boolean
  /** Documents that customs spoke of, as they stand now. */
  readonly answered: readonly Touched[]
  /** Ids of those that are done, or no longer, and that a return names. */
  readonly returned: readonly string[]
}

export const writeEvidence = async (
  trx: Trx,
  kinds: readonly KindFacts[],
  evidence: readonly Evidence[],
  now: Date,
): Promise<Written> => {
  if (evidence.length === 0) return NOTHING
  const sorted = [...evidence].sort(byDocument)
  const fresh = await insertEvents(trx, sorted, now)
  const holds = kinds.flatMap((facts) => facts.holds ?? [])
  const best = greatest(sorted)
  const touched = await moveStates(trx, best, releaseDays(sorted), holds, now)
  // Steps of ours neither accept nor release anything; only customs does.
  const replied = new Set(sorted.filter((item) => item.returnTime !== '').map(documentOf))
  const answered = touched.filter((row) => replied.has(row.id))
  const matchWork = await acceptParts(trx, kinds, answered, now)
  const lists = await settleLists(
    trx,
    kinds.flatMap(({ counted }) => counted ?? []),
    answered,
    sorted.filter(({ returnTime }) => returnTime !== ''),
    now,
  )
  await addRefusals(trx, kinds, sorted, fresh, now)
  await settleSummaryItems(
    trx,
    kinds.flatMap(({ summarised }) => summarised ?? []),
    answered,
  )
  const { returned: holding, moves } = await settleHolds(trx, holds, touched)
  await logSettled(trx, moves, now)
  await settleRejections(trx, best, touched, now)
  const news = new Set(fresh.map(documentOf))
  const returned = [...new Set([...holding, ...lists.returned])]
  const events = new Set(fresh.map(eventOf))
  return { news, events, released: lists.released, matchWork, answered, returned }
}

/** Refusals of lists that customs told now and not before. */
const addRefusals = async (
  trx: Trx,
  kinds: readonly KindFacts[],
  evidence: readonly Evidence[],
  fresh: readonly EventName[],
  now: Date,
): Promise<void> => {
  const refusals = evidence.flatMap((item) =>
    item.refusal === undefined ? [] : { ...item, saying: item.refusal },
  )
  if (refusals.length === 0) return
  const news = new Set(fresh.map(eventOf))
  await sumRefusals(
    trx,
    kinds.flatMap(({ counted }) => counted ?? []),
    refusals.filter((item) => news.has(eventOf(item))),
    now,
  )
}

type EventName = Pick<Evidence, 'documentId' | 'key'>

/**
 * Gives the events that were not known before. Nearly always all are new: then none is read back. Takes
 * its share of the ledger with it: whatever counts is written by a later statement, which must see what
 * a seal left.
 */
const insertEvents = async (
  trx: Trx,
  evidence: readonly Evidence[],
  now: Date,
): Promise<readonly EventName[]> => {
  const speaks = evidence.some(({ returnTime }) => returnTime !== '')
  const { rows } = await sql<{ inserted: number; names: EventName[] | null }>`
    with fresh as (
      insert into event (lane, document_id, key, version, state, rank, at, return_time,
        return_status, info, sealed_info, result_codes, message_id, reply_id)
      select e.lane, e."documentId", e.key, e.version, e.state, e.rank, ${now}, e."returnTime",
        e."returnStatus", e.info, e."sealedInfo", string_to_array(e."resultCodes", ' '),
        e."messageId", e."replyId"
      from ${rowsOf('e', EVENT, evidence)}
      on conflict (lane, document_id, key) do nothing
      returning document_id, key
    ), counted as (select count(*)::integer as inserted from fresh)
    select c.inserted, case when c.inserted < ${evidence.length} then (
      select json_agg(json_build_object('documentId', f.document_id, 'key', f.key)) from fresh f
    ) end as names, ${speaks ? shareOfLedger : sql`null`} as shared from counted c`.execute(trx)
  const [found] = rows
  return found?.inserted === evidence.length ? evidence : (found?.names ?? [])
}

const NOTHING: Written = {
  ...{ news: new Set(), events: new Set(), released: 0 },
  ...{ matchWork: false, answered: [], returned: [] },
}

/** In the text of the statement, which uses it many times. */
const FINAL = sql.raw(String(MADE_RANK))

/** Names an event among all events. */
export const eventOf = (item: Pick<Evidence, 'documentId' | 'key'>): string =>
  `${item.documentId} ${item.key}`

/** What is told of versions before these. */
export const findEarlier = async (
  db: Db,
  documents: readonly { readonly lane: number; readonly id: string; readonly version: number }[],
): Promise<
  readonly Pick<Evidence, 'documentId' | 'version' | 'state' | 'rank' | 'returnTime'>[]
> => {
  if (documents.length === 0) return []
  const columns = { lane: 'smallint', id: 'uuid', version: 'integer' }
  const found = await sql<Evidence>`
    select e.document_id as "documentId", e.version, e.state, e.rank, e.return_time as "returnTime"
    from ${rowsOf('r', columns, documents)}
    join event e on e.lane = r.lane and e.document_id = r.id and e.version < r.version`.execute(db)
  return found.rows
}

export interface Touched extends CountedState {
  readonly orderNo: string | null
  /** It has, or is to have, a row among the rejections. */
  readonly refused: boolean
  /** It stands where this batch's evidence says, and that is a refusal. */
  readonly stands: boolean
}

const documentOf = (item: Pick<Evidence, 'documentId'>): string => item.documentId

const byDocument = (a: Evidence, b: Evidence): number =>
  a.documentId < b.documentId ? -1 : a.documentId > b.documentId ? 1 : 0

const beats = (a: Evidence, b: Evidence): boolean =>
  a.version !== b.version
    ? a.version > b.version
    : isFinal(a) !== isFinal(b)
      ? isFinal(a)
      : a.returnTime !== b.returnTime
        ? a.returnTime > b.returnTime
        : a.rank > b.rank

const isFinal = ({ returnTime, rank }: Evidence): boolean => rank >= MADE_RANK && returnTime !== ''

/** The strongest evidence of each document; input sorted by document, output too. */
const greatest = (sorted: readonly Evidence[]): readonly Evidence[] => {
  const best: Evidence[] = []
  for (const next of sorted) {
    const last = best.at(-1)
    if (last === undefined || last.documentId !== next.documentId) best.push(next)
    else if (beats(next, last)) best[best.length - 1] = next
  }
  return best
}

const versionOf = ({ documentId, version }: Evidence): string => `${documentId} ${version}`

/** The earliest day, yyyyMMdd, on which customs says that it released a version. */
const releaseDays = (evidence: readonly Evidence[]): ReadonlyMap<string, string> => {
  const days = new Map<string, string>()
  for (const item of evidence) {
    if (item.returnTime === '' || !isReleased(item.state)) continue
    const [key, day] = [versionOf(item), item.returnTime.slice(0, 8)]
    const known = days.get(key)
    if (known === undefined || day < known) days.set(key, day)
  }
  return days
}

/**
 * Moves each document forward, never back. Every row is rewritten even when it stays, so that all
 * of them are locked and what follows in this transaction reads settled states.
 * Gives the documents that it is about, where some of it came from customs or ends a document that
 * may hold something; else nobody asks of any but those that stood refused.
 */
const moveStates = async (
  trx: Trx,
  best: readonly Evidence[],
  releases: ReadonlyMap<string, string>,
  holds: readonly HoldFacts[],
  now: Date,
): Promise<readonly Touched[]> => {
  const isAnswer = best.some(
    ({ returnTime, state }) =>
      returnTime !== '' || holds.some(({ refused }) => refused.includes(state)),
  )
  const wins: RawBuilder<unknown> = sql`s.version = n.version
    and (n."returnTime" <> '' and n.rank >= ${FINAL}, n."returnTime" collate "C", n.rank)
      > (s.return_time <> '' and s.rank >= ${FINAL}, s.return_time collate "C", s.rank)`
  const rows = best.map((item) => {
    const releasedOn = releases.get(versionOf(item))
    // Most are neither, and not copied.
    if (item.refusal === undefined && releasedOn === undefined) return item
    return { ...item, refuses: item.refusal !== undefined, releasedOn }
  })
  const moved = await sql<Touched>`
    with moved as (
    update document_state s set
      state = case when ${wins} then n.state else s.state end,
      rank = case when ${wins} then n.rank else s.rank end,
      return_time = case when ${wins} then n."returnTime" else s.return_time end,
      return_status = case when ${wins} then n."returnStatus" else s.return_status end,
      message_id = case when s.version = n.version then coalesce(n."messageId", s.message_id)
        else s.message_id end,
      refused = s.refused or (coalesce(n.refuses, false) and ${wins}),
      released_on = case when s.version = n.version then least(s.released_on, n."releasedOn")
        else s.released_on end,
      updated_at = case when ${wins} then ${now} else s.updated_at end
    from ${rowsOf('n', MOVE, rows)}
    where s.lane = n.lane and s.id = n."documentId"
    returning s.lane, s.id, s.kind, s.version, s.state, s.order_no as "orderNo",
      s.return_time as "returnTime",
      s.counted_version as "countedVersion", s.counted_month as "countedMonth",
      s.declared_version as "declaredVersion", s.declared_month as "declaredMonth",
      s.refused, coalesce(n.refuses, false) and s.version = n.version and s.state = n.state and s.rank = n.rank
        and s.return_time = n."returnTime" as stands
    )
    select * from moved ${isAnswer ? sql`` : sql`where refused`}`.execute(trx)
  return moved.rows
}

/** Rows that `moveStates` has locked. */
const settleRejections = async (
  trx: Trx,
  best: readonly Evidence[],
  touched: readonly Touched[],
  now: Date,
): Promise<void> => {
  const concerned = touched.filter(({ refused }) => refused)
  if (concerned.length === 0) return
  const said = new Map(best.map((item) => [item.documentId, item]))
  const refusals = concerned.flatMap(({ lane, id, stands }) => {
    const item = stands ? said.get(id) : undefined
    if (item?.refusal === undefined) return []
    const { documentId, version, key, refusal } = item
    return [{ lane, documentId, version, key, saying: refusal }]
  })
  await endRejections(
    trx,
    concerned.filter(({ state }) => !refusalStates.includes(state)),
  )
  await insertRejections(trx, refusals, now)
}

/** Tells the consignments which of their parts customs has accepted, and has them matched again. */
const acceptParts = async (
  trx: Trx,
  kinds: readonly KindFacts[],
  touched: readonly Touched[],
  now: Date,
): Promise<boolean> => {
  const awaited = new Map(
    kinds.filter((facts) => facts.awaited).map((facts) => [facts.kind, new Set(facts.done)]),
  )
  const parts = touched.flatMap(({ id, kind, state, orderNo }) => {
    const done = awaited.get(kind)
    if (done === undefined || orderNo === null) return []
    return [{ lane: laneOf(orderNo), orderNo, id, accepted: done.has(state) }]
  })
  if (parts.length === 0) return false
  const columns = { lane: 'smallint', orderNo: 'text', id: 'uuid', accepted: 'boolean' }
  const changed = await sql<{ lane: number; orderNo: string; accepted: boolean }>`
    update consignment_part p set accepted = r.accepted
    from ${rowsOf('r', columns, parts)}
    where p.lane = r.lane and p.order_no = r."orderNo" and p.document_id = r.id
      and p.accepted <> r.accepted
    returning p.lane, p.order_no as "orderNo", p.accepted
  `.execute(trx)
  const orders = new Map(
    changed.rows.filter((row) => row.accepted).map((row) => [row.orderNo, row.lane]),
  )
  const work = [...orders].map(([subject, lane]) => ({ lane, stage: 'match' as const, subject }))
  await addWork(trx, work, now)
  return work.length > 0
}
