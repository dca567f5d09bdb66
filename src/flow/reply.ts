/**
 * Reply: stored reply messages are read, each single reply finds its document by the key it
 * carries, and becomes evidence. What cannot be read or finds no document is a state an operator
 * sees, never a lost line. Folding the same reply twice, late or out of order changes nothing.
 */
import { stamp17 } from '../kernel/clock.ts'
import { failureFacts } from '../kernel/failure.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { LANE_COUNT, laneOf } from '../kernel/lane.ts'
import {
  BACKOFF_FIRST_MS,
  NUMBER_RETRY_SECONDS,
  REPLY_AHEAD_HOURS,
  REPLY_ATTEMPTS_MAX,
} from '../kernel/limits.ts'
import { type Evidence, eventOf, type Written, writeEvidence } from '../store/evidence.ts'
import { findMessages } from '../store/messages.ts'
import {
  findReplies,
  insertCustomsNumbers,
  insertUnmatched,
  markReplies,
  REPLY_WORK,
  replyWork,
  takeUnmatched,
} from '../store/replies.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { countUnknown, type UnknownCode } from '../store/unknown-codes.ts'
import {
  addWork,
  claimWork,
  finishWork,
  leaseWork,
  type NewWork,
  postponeWork,
  type WorkItem,
} from '../store/work.ts'
import { effectsOf, type MissingTarget, type Told } from './effects.ts'
import { type ExchangeAnswer, foldExchange } from './exchange.ts'
import { kindFacts } from './kinds.ts'
import { type Asked, type Meant, meantByGiven, meantByKey, versionMeant } from './meant.ts'
import { fileNotices, type ToldNotice } from './notices.ts'
import { settleReturns } from './quota-returns.ts'
import { replySealContext } from './receive.ts'
import { refusalOf } from './refusals.ts'
import { EXCHANGE_REPLY, type ReplyContent, readReply, type Saying } from './reply-reading.ts'
import { eventSealContext, keptText, unmatchedSealContext } from './reply-words.ts'
import type { FlowDeps, RunBatch } from './types.ts'

export const replyBatch: RunBatch = async (deps, limit) => {
  try {
    return await foldBatch(deps, limit)
  } catch (problem) {
    // One reply may be the cause: taken one by one, only that one waits.
    deps.log.error('reply.batch-failed', failureFacts(problem))
    return foldOneByOne(deps, limit)
  }
}

const foldBatch = async (deps: FlowDeps, limit: number): Promise<number> => {
  const now = deps.clock.now()
  const done = await inTransaction(deps.db, async (trx) => {
    const first = now.getTime() % LANE_COUNT
    const work = await claimWork(trx, { stage: 'reply', limit, first, now })
    return { count: work.length, folded: await fold(deps, trx, work, now) }
  })
  tell(deps, done.folded)
  return done.count
}

const foldOneByOne = async (deps: FlowDeps, limit: number): Promise<number> => {
  const now = deps.clock.now()
  const until = new Date(now.getTime() + deps.leaseSeconds * 1000)
  const first = now.getTime() % LANE_COUNT
  const leased = await inTransaction(deps.db, (trx) =>
    leaseWork(trx, { stage: 'reply', limit, first, now, until }),
  )
  for (const item of leased) {
    try {
      const folded = await inTransaction(deps.db, async (trx) => {
        await finishWork(trx, 'reply', [item])
        return fold(deps, trx, [item], now)
      })
      tell(deps, folded)
    } catch (problem) {
      await putAside(deps, item, problem, now)
    }
  }
  return leased.length
}

const putAside = async (
  deps: FlowDeps,
  item: WorkItem,
  problem: unknown,
  now: Date,
): Promise<void> => {
  deps.log.error('reply.failed', { reply: item.subject, ...failureFacts(problem) })
  await inTransaction(deps.db, async (trx) => {
    if (item.attempts < REPLY_ATTEMPTS_MAX) {
      const runAt = new Date(now.getTime() + BACKOFF_FIRST_MS * 2 ** item.attempts)
      await postponeWork(trx, 'reply', [{ ...item, runAt }])
      return
    }
    await finishWork(trx, 'reply', [item])
    const key = { lane: item.lane, id: item.subject }
    const { attempts } = item
    await markReplies(trx, [{ ...key, state: 'failed', kind: null, problem: 'INTERNAL', attempts }])
  })
}

interface Folded {
  readonly written: Written
  readonly replies: readonly (ReturnType<typeof markOf> & {
    readonly copMsgIds: readonly string[]
  })[]
}

const tell = (deps: FlowDeps, { written, replies }: Folded): void => {
  for (const { id, state, kind, problem, copMsgIds } of replies)
    deps.log.info('reply.folded', {
      ...{ reply: id, state, kind },
      ...(problem === null ? {} : { problem }),
      ...(copMsgIds.length === 0 ? {} : { copMsgIds }),
    })
  deps.meter.add('replied', written.events.size)
  deps.meter.add('released', written.released)
  if (written.matchWork) deps.wake('match')
}

interface Read {
  readonly lane: number
  readonly id: string
  readonly receivedAt: Date
  readonly content: ReplyContent
  /** Of a reply that is folded again: the places in it to be taken up. */
  readonly places: ReadonlySet<number> | undefined
  /** Read for the first time: unknown codes in it are counted. */
  readonly isFirst: boolean
}

const fold = async (
  deps: FlowDeps,
  trx: Trx,
  work: readonly WorkItem[],
  now: Date,
): Promise<Folded> => {
  const read = await readAll(deps, trx, work, now)
  const asked = read.flatMap(asking)
  const formats = await formatEvidence(deps, trx, read)
  const byKey = await meantByKey(
    trx,
    asked.filter(({ single }) => single.number !== ''),
  )
  // Numbers first: what follows may go by one that this very batch gives.
  const awaiting = [...(await insertCustomsNumbers(trx, byKey.matched.flatMap(given)))]
  const byGiven = await meantByGiven(
    trx,
    asked.filter(({ single }) => single.number === ''),
  )
  awaiting.push(...(await insertCustomsNumbers(trx, byGiven.matched.flatMap(given))))
  const notices = await fileNotices(deps, trx, read.flatMap(telling), now)
  awaiting.push(...notices.awaiting)
  const matched = [...byKey.matched, ...byGiven.matched].map(toldOf)
  const effects = await effectsOf(deps, trx, matched)
  const all = [...matched.map((told) => eventOfSaying(deps, told)), ...formats.evidence]
  const exchange = await foldExchange(deps, trx, read.flatMap(answering), now)
  const further = [...effects.evidence, ...exchange.evidence]
  const written = await writeEvidence(trx, kindFacts, [...all, ...further], now)
  await settleReturns(trx, written, now)
  const lost = [...byKey.lost, ...byGiven.lost]
  const aside = [
    ...lost.map(({ asked: question }) => unmatchedRow(deps, question)),
    ...notices.lost.map(unmatchedNotice),
    ...effects.missing.map((target) => unmatchedTarget(deps, target)),
  ]
  await insertUnmatched(trx, aside, now)
  await foldAgain(trx, work, aside, awaiting, now)
  const troubled = new Map<string, string>([
    ...effects.missing.map(({ told, problem }) => [told.replyId, problem] as const),
    ...exchange.unmatched.map((id) => [id, 'NO_MESSAGE'] as const),
    ...[...formats.unmatched, ...notices.lost.map(({ replyId }) => replyId)].map(
      (id) => [id, 'NO_DOCUMENT'] as const,
    ),
    ...lost.map(({ asked: question, problem }) => [question.replyId, problem] as const),
  ])
  const replies = read.map((reply) => ({
    ...markOf(reply, troubled),
    copMsgIds: messagesNamed(reply.content),
  }))
  await markReplies(trx, replies)
  // Told again, or folded again, is not seen again. Last, because batches may meet on these rows.
  const fresh = all.filter((item) => item.unknown.length > 0 && written.events.has(eventOf(item)))
  await countUnknown(trx, unknownIn(read, fresh, lost), now)
  return { written, replies }
}

/** Messages a reply is about, of those that name any. What is no id is text of somebody's. */
const messagesNamed = (content: ReplyContent): readonly string[] => {
  if (content.kind === 'exchange')
    return content.responses.map(({ copMsgId }) => copMsgId).filter(isId)
  return content.kind === 'format' ? [content.copMsgId].filter(isId) : []
}

/**
 * Work on a reply that was folded before takes up what was put aside then; asked to read it anew, it
 * takes up the whole where nothing was.
 */
const readAll = async (
  deps: FlowDeps,
  trx: Trx,
  work: readonly WorkItem[],
  now: Date,
): Promise<readonly Read[]> => {
  const of = (version: number) =>
    new Set(work.flatMap((item) => (item.version === version ? [item.subject] : [])))
  const [first, aside, anew] = [REPLY_WORK.first, REPLY_WORK.aside, REPLY_WORK.anew].map(of)
  const places = await takeUnmatched(trx, [...(aside ?? []), ...(anew ?? [])])
  const ids = new Set(work.map(({ subject }) => subject))
  const stored = await findReplies(
    trx,
    [...ids]
      .filter((id) => first?.has(id) || anew?.has(id) || places.has(id))
      .map((id) => ({ lane: laneOfId(id), id })),
  )
  const latest = stamp17(new Date(now.getTime() + REPLY_AHEAD_HOURS * 3_600_000))
  return stored.map(
    (reply): Read => ({
      lane: reply.lane,
      id: reply.id,
      receivedAt: reply.receivedAt,
      content: readReply(deps.sealer.open(reply.sealed, replySealContext(reply.hash)), latest),
      places: places.get(reply.id),
      isFirst: first?.has(reply.id) === true,
    }),
  )
}

/**
 * Replies that wait for a number which was given now are folded again now; those that were put aside,
 * once more later, in case their number was being given, or their document composed, at that moment.
 */
const foldAgain = async (
  trx: Trx,
  work: readonly WorkItem[],
  aside: readonly { readonly replyId: string }[],
  awaiting: readonly string[],
  now: Date,
): Promise<void> => {
  await addWork(trx, [...new Set(awaiting)].map(againRow), now)
  const isFirst = ({ version }: WorkItem): boolean => version === REPLY_WORK.first
  const first = new Set(work.filter(isFirst).map(({ subject }) => subject))
  const later = new Set(aside.flatMap(({ replyId }) => (first.has(replyId) ? [replyId] : [])))
  await addWork(
    trx,
    [...later].map(againRow),
    new Date(now.getTime() + NUMBER_RETRY_SECONDS * 1000),
  )
}

const againRow = (id: string): NewWork => replyWork(id, REPLY_WORK.aside)

/** What was told of a document, with the codes in it that nobody published. */
interface SaidEvent extends Evidence {
  readonly replyId: string
  readonly unknown: readonly UnknownCode[]
}

const unknownIn = (read: readonly Read[], fresh: readonly SaidEvent[], lost: Meant['lost']) => {
  const first = new Set(read.flatMap(({ id, isFirst }) => (isFirst ? [id] : [])))
  const seen = [
    ...fresh,
    ...lost.map(({ asked: { replyId, single } }) => ({ replyId, unknown: single.saying.unknown })),
    ...read.flatMap(({ id, content }) =>
      content.kind === 'exchange' ? [{ replyId: id, unknown: content.unknown }] : [],
    ),
    ...read.flatMap(telling).map((told) => ({ ...told, unknown: told.telling.unknown })),
  ]
  return seen
    .filter(({ replyId }) => first.has(replyId))
    .flatMap(({ replyId, unknown }) => unknown.map((each) => ({ ...each, replyId })))
}

const isOpen = ({ places }: Read, { position }: { readonly position: number }): boolean =>
  places === undefined || places.has(position)

const asking = (read: Read): readonly Asked[] => {
  const { id, content } = read
  if (content.kind !== 'replies') return []
  return content.singles
    .filter((single) => isOpen(read, single))
    .map((single) => ({ replyId: id, receivers: content.receivers, single }))
}

const telling = (read: Read): readonly ToldNotice[] => {
  const { id, content } = read
  if (content.kind !== 'notices') return []
  return content.tellings
    .filter((item) => isOpen(read, item))
    .map((item) => ({ replyId: id, receivers: content.receivers, telling: item }))
}

const answering = ({ id, receivedAt, content }: Read): readonly ExchangeAnswer[] =>
  content.kind === 'exchange' ? [{ replyId: id, receivedAt, ...content }] : []

const toldOf = ({ asked, document }: Meant['matched'][number]): Told => {
  const { replyId, single } = asked
  const { position, kind, saying } = single
  const version = versionMeant(single, document)
  return { replyId, position, kind, lane: document.lane, documentId: document.id, version, saying }
}

/** One saying as an event of one document. */
const eventOfSaying = (
  deps: FlowDeps,
  {
    kind,
    documentId,
    version,
    replyId,
    saying,
  }: Pick<Told, 'kind' | 'documentId' | 'version' | 'replyId' | 'saying'>,
): SaidEvent => {
  const key = `reply:${version}:${saying.returnTime}:${saying.returnStatus}`
  const kept = keptText(deps.sealer, saying, () => eventSealContext({ documentId, key }))
  // Field by field: this is made for every single reply, and a spread costs ten times as much.
  return {
    lane: laneOfId(documentId),
    documentId,
    version,
    key,
    state: saying.state,
    rank: saying.rank,
    returnTime: saying.returnTime,
    returnStatus: saying.returnStatus,
    info: kept.info,
    sealedInfo: kept.sealedInfo,
    resultCodes: kept.resultCodes,
    replyId,
    refusal: refusalIn(deps, kind, saying),
    unknown: saying.unknown,
  }
}

const refusalIn = ({ sealer }: FlowDeps, kind: string, saying: Saying) =>
  refusalOf(sealer, saying.state, {
    ...{ kind, source: 'customs', code: saying.returnStatus, info: saying.info },
    resultCodes: saying.resultCodes,
  })

const given = ({ asked, document }: Meant['matched'][number]) =>
  asked.single.given.map(([name, number]) => ({
    ...{ lane: laneOf(number), number, name, documentId: document.id },
  }))

const unmatchedRow = (deps: FlowDeps, { replyId, single }: Asked) => {
  const { position, kind, owner, saying } = single
  // Without a number of its own it waits for the first that customs may give.
  const [name, number] = single.number === '' ? (single.given[0] ?? []) : [undefined, single.number]
  return asideRow(deps, { replyId, position, kind, number: number ?? '', name, owner, saying })
}

const unmatchedTarget = (deps: FlowDeps, { told, kind, number, name }: MissingTarget) => {
  const { replyId, position, saying } = told
  return asideRow(deps, { replyId, position, kind, number, name, owner: '', saying })
}

const asideRow = (
  deps: FlowDeps,
  row: {
    readonly replyId: string
    readonly position: number
    readonly kind: string
    readonly number: string
    readonly name: string | undefined
    readonly owner: string
    readonly saying: Saying
  },
) => {
  const { saying, ...rest } = row
  return {
    ...rest,
    lane: laneOf(row.number),
    returnStatus: saying.returnStatus,
    returnTime: saying.returnTime,
    ...keptText(deps.sealer, saying, () => unmatchedSealContext(row.replyId, row.position)),
  }
}

const unmatchedNotice = ({ replyId, telling: item }: ToldNotice) => {
  const { position, kind, number, name, status, time } = item
  const at = { lane: laneOf(number), replyId, position, kind, number, name, owner: '' }
  return { ...at, returnStatus: status, returnTime: time }
}

/** A refusal for form concerns every document of the message it names. */
const formatEvidence = async (
  deps: FlowDeps,
  trx: Trx,
  read: readonly Read[],
): Promise<{ evidence: SaidEvent[]; unmatched: string[] }> => {
  const refusals = read.flatMap(({ id, content }) =>
    content.kind === 'format' ? [{ replyId: id, ...content }] : [],
  )
  const named = refusals.map((refusal) => refusal.copMsgId.toLowerCase()).filter(isId)
  const messages = await findMessages(
    trx,
    [...new Set(named)].map((id) => ({ lane: laneOfId(id), id })),
  )
  const evidence: SaidEvent[] = []
  const unmatched: string[] = []
  for (const { replyId, copMsgId, saying, receivers } of refusals) {
    const message = messages.find((item) => item.id === copMsgId.toLowerCase())
    if (message === undefined || !receivers.includes(message.senderDxpId)) unmatched.push(replyId)
    else
      evidence.push(
        ...message.documentIds.map((documentId, i) =>
          eventOfSaying(deps, {
            ...{ kind: message.kind, documentId, replyId, saying },
            version: message.documentVersions[i] ?? 1,
          }),
        ),
      )
  }
  return { evidence, unmatched }
}

const markOf = ({ lane, id, content }: Read, troubled: ReadonlyMap<string, string>) => {
  switch (content.kind) {
    case 'unreadable':
      return { lane, id, state: 'unreadable' as const, kind: null, problem: content.problem }
    case 'exchange':
    case 'format':
    case 'notices':
    case 'replies': {
      const lost = troubled.get(id) ?? null
      const incomplete = 'incomplete' in content && content.incomplete > 0
      return {
        lane,
        id,
        state: lost !== null || incomplete ? ('unmatched' as const) : ('folded' as const),
        kind: content.kind === 'exchange' ? EXCHANGE_REPLY : content.code,
        problem: incomplete ? 'INCOMPLETE' : lost,
      }
    }
  }
}
