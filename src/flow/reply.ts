/**
 * Reply: stored reply messages are read, each single reply finds its document by the key it
 * carries, and becomes evidence. What cannot be read or finds no document is a state an operator
 * sees, never a lost line. Folding the same reply twice, late or out of order changes nothing.
 */
import { stamp14, stamp17 } from '../kernel/clock.ts'
import { failureFacts } from '../kernel/failure.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { LANE_COUNT, laneOf } from '../kernel/lane.ts'
import { BACKOFF_FIRST_MS, REPLY_AHEAD_HOURS, REPLY_ATTEMPTS_MAX } from '../kernel/limits.ts'
import { type Evidence, eventOf, type Written, writeEvidence } from '../store/evidence.ts'
import { findMessages } from '../store/messages.ts'
import {
  findReplied,
  findReplies,
  insertCustomsNumbers,
  insertUnmatched,
  markReplies,
  type RepliedDocument,
} from '../store/replies.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { countUnknown, type UnknownCode } from '../store/unknown-codes.ts'
import { claimWork, finishWork, leaseWork, postponeWork, type WorkItem } from '../store/work.ts'
import { kindFacts } from './kinds.ts'
import { replySealContext } from './receive.ts'
import {
  EXCHANGE_REPLY,
  type ReplyContent,
  readReply,
  type Saying,
  type Single,
} from './reply-reading.ts'
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
    return { count: work.length, written: await fold(deps, trx, work, now) }
  })
  tell(deps, done.written)
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
      const written = await inTransaction(deps.db, async (trx) => {
        await finishWork(trx, 'reply', [item])
        return fold(deps, trx, [item], now)
      })
      tell(deps, written)
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
    await markReplies(trx, [{ ...key, state: 'failed', kind: null, problem: 'INTERNAL' }])
  })
}

const tell = (deps: FlowDeps, written: Written): void => {
  deps.meter.add('replied', written.events.size)
  deps.meter.add('released', written.released)
  if (written.matchWork) deps.wake('match')
}

interface Read {
  readonly lane: number
  readonly id: string
  readonly content: ReplyContent
}

const fold = async (
  deps: FlowDeps,
  trx: Trx,
  work: readonly WorkItem[],
  now: Date,
): Promise<Written> => {
  const stored = await findReplies(
    trx,
    work.map((item) => ({ lane: item.lane, id: item.subject })),
  )
  const latest = stamp17(new Date(now.getTime() + REPLY_AHEAD_HOURS * 3_600_000))
  const read = stored.map(
    (reply): Read => ({
      lane: reply.lane,
      id: reply.id,
      content: readReply(deps.sealer.open(reply.sealed, replySealContext(reply.hash)), latest),
    }),
  )
  const asked = read.flatMap(asking)
  const answers = await findReplied(
    trx,
    asked.flatMap(({ single, receivers }, index) =>
      receivers.map((receiver) => ({ ...single, index, receiver })),
    ),
  )
  const formats = await formatEvidence(deps, trx, read)
  const meant = new Map<number, Set<string>>()
  for (const { index, id } of answers) meant.set(index, (meant.get(index) ?? new Set()).add(id))
  // A key that leaves a part out may fit several documents: then nobody knows which is meant.
  const matched = answers.filter(({ index }) => meant.get(index)?.size === 1)
  const evidence = matched.flatMap((answer) => {
    const question = asked[answer.index]
    return question === undefined ? [] : [evidenceOf(deps, question, answer)]
  })
  const lost = asked.filter((_, index) => meant.get(index)?.size !== 1)
  const all = [...evidence, ...formats.evidence]
  const written = await writeEvidence(trx, kindFacts, all, now)
  await insertCustomsNumbers(
    trx,
    matched.flatMap((answer) => given(asked[answer.index], answer)),
  )
  await insertUnmatched(
    trx,
    lost.map((question) => unmatchedRow(deps, question)),
    now,
  )
  const troubled = new Map([
    ...formats.unmatched.map((id) => [id, 'NO_DOCUMENT'] as const),
    ...asked.flatMap(({ replyId }, index) => {
      const count = meant.get(index)?.size ?? 0
      return count === 1 ? [] : [[replyId, count === 0 ? 'NO_DOCUMENT' : 'AMBIGUOUS'] as const]
    }),
  ])
  await markReplies(
    trx,
    read.map((reply) => markOf(reply, troubled)),
  )
  // Told again is not seen again. Last, because batches may meet on these rows.
  const fresh = all.filter((item) => written.events.has(eventOf(item)))
  await countUnknown(trx, unknownIn(read, fresh, lost), now)
  return written
}

/** What was told of a document, with the codes in it that nobody published. */
interface Told extends Evidence {
  readonly replyId: string
  readonly unknown: readonly UnknownCode[]
}

const unknownIn = (read: readonly Read[], fresh: readonly Told[], lost: readonly Asked[]) => [
  ...fresh.flatMap(({ replyId, unknown }) => unknown.map((each) => ({ ...each, replyId }))),
  ...lost.flatMap(({ replyId, single }) =>
    single.saying.unknown.map((each) => ({ ...each, replyId })),
  ),
  ...read.flatMap(({ id, content }) =>
    content.kind === 'exchange' ? content.unknown.map((each) => ({ ...each, replyId: id })) : [],
  ),
]

interface Asked {
  readonly replyId: string
  readonly receivers: readonly string[]
  readonly single: Single
}

const asking = ({ id, content }: Read): readonly Asked[] =>
  content.kind === 'replies'
    ? content.singles.map((single) => ({ replyId: id, receivers: content.receivers, single }))
    : []

const evidenceOf = (
  deps: FlowDeps,
  { replyId, single }: Asked,
  document: RepliedDocument,
): Told => {
  const version = versionMeant(single, document)
  return told(deps, single.saying, { documentId: document.id, version, replyId })
}

/** One saying as an event of one document. */
const told = (
  deps: FlowDeps,
  saying: Saying,
  of: { readonly documentId: string; readonly version: number; readonly replyId: string },
): Told => {
  const key = `reply:${of.version}:${saying.returnTime}:${saying.returnStatus}`
  return {
    ...of,
    key,
    lane: laneOfId(of.documentId),
    ...saying,
    ...keptText(deps.sealer, saying, eventSealContext({ documentId: of.documentId, key })),
  }
}

/**
 * Replies do not name the submission they answer. One that mentions another guid, or that was given
 * before the current version was composed, speaks of an earlier one and must not overwrite it.
 * Customs often writes whole seconds, so the second in question still counts for the current one.
 */
const versionMeant = ({ saying }: Single, document: RepliedDocument): number => {
  if (document.version === 1) return 1
  const mentioned = /\[([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\]/.exec(saying.info)
  const guid = mentioned?.[1]?.toUpperCase()
  const earlier =
    guid === undefined
      ? document.since === null || saying.returnTime.slice(0, 14) < stamp14(document.since)
      : guid !== document.guid.toUpperCase()
  return earlier ? document.version - 1 : document.version
}

const given = (asked: Asked | undefined, document: RepliedDocument) =>
  (asked?.single.given ?? []).map(([name, number]) => ({
    lane: laneOf(number),
    number,
    name,
    documentId: document.id,
  }))

const unmatchedRow = (deps: FlowDeps, { replyId, single }: Asked) => ({
  lane: single.lane,
  replyId,
  position: single.position,
  kind: single.kind,
  number: single.number,
  owner: single.owner,
  returnStatus: single.saying.returnStatus,
  returnTime: single.saying.returnTime,
  ...keptText(deps.sealer, single.saying, unmatchedSealContext(replyId, single.position)),
})

/** A refusal for form concerns every document of the message it names. */
const formatEvidence = async (
  deps: FlowDeps,
  trx: Trx,
  read: readonly Read[],
): Promise<{ evidence: Told[]; unmatched: string[] }> => {
  const refusals = read.flatMap(({ id, content }) =>
    content.kind === 'format' ? [{ replyId: id, ...content }] : [],
  )
  const named = refusals.map((refusal) => refusal.copMsgId.toLowerCase()).filter(isId)
  const messages = await findMessages(
    trx,
    [...new Set(named)].map((id) => ({ lane: laneOfId(id), id })),
  )
  const evidence: Told[] = []
  const unmatched: string[] = []
  for (const { replyId, copMsgId, saying, receivers } of refusals) {
    const message = messages.find((item) => item.id === copMsgId.toLowerCase())
    if (message === undefined || !receivers.includes(message.senderDxpId)) unmatched.push(replyId)
    else
      evidence.push(
        ...message.documentIds.map((documentId, i) =>
          told(deps, saying, {
            documentId,
            version: message.documentVersions[i] ?? 1,
            replyId,
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
      return {
        lane,
        id,
        state: 'unmatched' as const,
        kind: EXCHANGE_REPLY,
        problem: content.problem,
      }
    case 'format':
    case 'replies': {
      const lost = troubled.get(id) ?? null
      const incomplete = content.kind === 'replies' && content.incomplete > 0
      return {
        lane,
        id,
        state: lost !== null || incomplete ? ('unmatched' as const) : ('folded' as const),
        kind: content.code,
        problem: incomplete ? 'INCOMPLETE' : lost,
      }
    }
  }
}
