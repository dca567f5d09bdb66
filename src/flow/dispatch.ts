/**
 * Dispatch: wraps a message in the DXP envelope and hands it to its link. Messages are leased, not
 * claimed: sending talks to the far side, and no transaction stays open meanwhile. A crash after
 * sending and before noting it sends the same id and the same bytes again. Each link has its queue
 * and its breaker: one that is down holds up no other, and costs no message its attempts.
 */
import type { State } from '../catalogue/message.ts'
import { failureFacts } from '../kernel/failure.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import {
  BACKOFF_MAX_MS,
  BREAKER_RETRY_FIRST_MS,
  BREAKER_RETRY_MAX_MS,
  DISPATCH_ATTEMPTS_MAX,
  LINK_ALIVE_MS,
} from '../kernel/limits.ts'
import { ANSWERED_LOOK_MS, PRIOR_RETRY_MS } from '../kernel/link-limits.ts'
import { findAnswered } from '../store/awaited.ts'
import { type Evidence, writeEvidence } from '../store/evidence.ts'
import {
  findHeldBack,
  findLinkStates,
  type LinkState,
  lockLinkState,
  noteSent,
  saveLinkState,
} from '../store/links.ts'
import {
  findSealed,
  markMessages,
  type SealedMessage,
  type StoredMessage,
} from '../store/messages.ts'
import { noteTried } from '../store/resend.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { addWork, finishWork, leaseWork, postponeWork, type WorkItem } from '../store/work.ts'
import type { Link, SendOutcome, Transport } from '../wire/types.ts'
import { within } from '../wire/within.ts'
import { nextTry, sendingMs, TOO_LATE } from './backoff.ts'
import { afterBatch, allowance, type BatchTally, isNews, whileTrying } from './breaker.ts'
import { composing, messageSealContext } from './compose.ts'
import { parcelsOf } from './envelopes.ts'
import { kindFacts } from './kinds.ts'
import { evidenceOn } from './resend.ts'
import { OWN_RANK, ownRank } from './status.ts'
import type { FlowDeps, RunBatch } from './types.ts'
import { watchSent } from './unanswered.ts'

/** Over every link, or over the one named. */
export const dispatchBatch: RunBatch = async (deps, limit, code) => {
  const links = deps.links.filter((link) => code === undefined || link.code === code)
  const counts = await Promise.all(links.map((link) => dispatchOver(deps, link, limit)))
  return counts.reduce((all, count) => all + count, 0)
}

const dispatchOver = async (deps: FlowDeps, link: Link, limit: number): Promise<number> => {
  const now = deps.clock.now()
  const { held, leased } = await inTransaction(deps.db, (trx) => take(deps, trx, link, limit, now))
  const sendings = leased.length === 0 ? [] : await toSend(deps, leased, now)
  if (sendings.length === 0) {
    if (held !== undefined) await tryWithout(deps, link, held)
    return leased.length
  }
  const attempts = await Promise.all(
    sendings.map(
      async ({ work, message }): Promise<Attempt> => ({
        ...{ work, message },
        outcome: await trySend(deps, link, message),
      }),
    ),
  )
  await inTransaction(deps.db, (trx) => settle(deps, trx, { link, attempts, full: limit }))
  for (const { outcome, message, work } of attempts) {
    const about = { link: link.code, copMsgId: message.copMsgId }
    if (outcome.kind === 'sent') {
      if (work.version === 0) deps.meter.add('sent', message.documentIds.length)
      deps.log.info('dispatch.sent', { ...about, documents: message.documentIds.length })
    } else deps.log.warn(`dispatch.${outcome.kind}`, { ...about, reason: outcome.reason })
  }
  return leased.length
}

interface Sending {
  readonly work: WorkItem
  readonly message: SealedMessage
}

/** What is leased, as far as customs has not answered it already. */
const toSend = async (
  deps: FlowDeps,
  leased: readonly WorkItem[],
  now: Date,
): Promise<readonly Sending[]> => {
  const found = await findSealed(
    deps.db,
    leased.map((work) => ({ lane: work.lane, id: work.subject })),
  )
  const messages = new Map(found.map((message) => [message.id, message]))
  const sendings = leased.map((work) => {
    const message = messages.get(work.subject)
    if (message === undefined) throw new Error(`message ${work.subject} is not stored`)
    return { work, message }
  })
  const answered = await dropAnswered(deps, sendings, now)
  const left = sendings.filter(({ message }) => !answered.has(message.id))
  const tried = left.map(({ message }) => message).filter(isFirstOfLater)
  await noteTried(deps.db, tried, deps.clock.now())
  return left
}

/**
 * After a restore of an older backup, or when a reply crossed with a resend, customs has answered all
 * documents of a message whose turn comes: there is nothing left to send. One that was composed just
 * now and never tried nobody can have answered.
 */
const dropAnswered = async (
  deps: FlowDeps,
  sendings: readonly Sending[],
  now: Date,
): Promise<ReadonlySet<string>> => {
  const isOld = ({ work, message: { createdAt } }: Sending): boolean =>
    work.version > 0 || work.attempts > 1 || now.getTime() - createdAt.getTime() > ANSWERED_LOOK_MS
  // Of several parts one may be answered while another was never taken.
  const isWhole = ({ message: { receiverDxpIds } }: Sending): boolean =>
    deps.transferNode === undefined || receiverDxpIds.length === 1
  const old = sendings.filter((each) => isOld(each) && isWhole(each))
  const answered = await findAnswered(
    deps.db,
    old.map(({ message }) => message),
  )
  const dropped = old.filter(({ message }) => answered.has(message.id))
  if (dropped.length === 0) return answered
  const woken = await inTransaction(deps.db, async (trx) => {
    await finishWork(
      trx,
      'dispatch',
      dropped.map(({ work }) => work),
    )
    // Customs has it, so it was sent, whenever that was.
    const marks = dropped.map(({ message: { lane, id } }) => ({
      ...{ lane, id, sent: true, problem: null },
    }))
    await markMessages(trx, marks, now)
    return wakeHeldBack(trx, [...answered], now)
  })
  if (woken > 0) deps.wake('compose')
  for (const { message } of dropped)
    deps.log.info('dispatch.answered', { copMsgId: message.copMsgId })
  return answered
}

/** Versions that waited for these messages to go out are composed at that moment; how many. */
const wakeHeldBack = async (trx: Trx, messageIds: readonly string[], at: Date): Promise<number> => {
  const held = await findHeldBack(trx, messageIds)
  await addWork(trx, held.map(composing), at)
  return held.length
}

/** As much as the breaker lets through; of a link in trouble it is noted that somebody tries it. */
const take = async (
  deps: FlowDeps,
  trx: Trx,
  { code }: Link,
  limit: number,
  now: Date,
): Promise<{ readonly held?: LinkState; readonly leased: readonly WorkItem[] }> => {
  const until = new Date(now.getTime() + deps.leaseSeconds * 1000)
  const first = now.getTime() % LANE_COUNT
  const claim = { stage: 'dispatch', queue: code, first, now, until } as const
  const [seen] = await findLinkStates(trx, [code], now)
  if (seen === undefined || seen.state === 'up')
    return { leased: await leaseWork(trx, { ...claim, limit }) }
  if (allowance(seen, limit, now) === 0) return { leased: [] }
  const held = await lockLinkState(trx, code, now)
  const allowed = allowance(held, limit, now)
  if (allowed === 0) return { leased: [] }
  await saveLinkState(trx, whileTrying(held, until))
  return { held, leased: await leaseWork(trx, { ...claim, limit: allowed }) }
}

/**
 * Nothing is due that could be the pilot: a sign of life does instead, where the protocol has one;
 * elsewhere the link stays down until a message says otherwise. One that drains and has nothing left
 * runs free.
 */
const tryWithout = async (deps: FlowDeps, link: Link, held: LinkState): Promise<void> => {
  const { code, transport } = link
  const alive = { kind: 'sent' } as const
  const outcome = held.state === 'draining' ? alive : await tryProbe(deps, transport)
  await inTransaction(deps.db, async (trx) => {
    if (outcome !== undefined) {
      await judge(deps, trx, code, { ...tallyOf([outcome]), sent: 0 }, 0)
      return
    }
    const retryAt = new Date(deps.clock.now().getTime() + BREAKER_RETRY_FIRST_MS)
    await saveLinkState(trx, { ...(await lockLinkState(trx, code, held.since)), retryAt })
  })
}

const tryProbe = async (deps: FlowDeps, { probe }: Transport): Promise<SendOutcome | undefined> =>
  probe === undefined
    ? undefined
    : ((await within(sendingMs(deps), probe)) ?? { kind: 'unavailable', reason: TOO_LATE })

/** Nobody answers a version before this moment; first versions follow none that could be meant. */
const isFirstOfLater = ({ triedAt, documentVersions }: StoredMessage): boolean =>
  triedAt === null && documentVersions.some((version) => version > 1)

interface Attempt {
  readonly work: WorkItem
  readonly message: StoredMessage
  readonly outcome: Outcome
}

type Outcome =
  | SendOutcome
  /** Nobody knows whether it arrived: it goes again, as if the link had not taken it. */
  | { readonly kind: 'given-up'; readonly reason: string }
  /** Our own fault: it says nothing about the link. */
  | { readonly kind: 'failed'; readonly reason: string }

/** A message that cannot even be wrapped must not keep those leased with it from being settled. */
const trySend = async (deps: FlowDeps, link: Link, message: SealedMessage): Promise<Outcome> => {
  try {
    const outcome = await within(sendingMs(deps), (givenUp) => send(deps, link, message, givenUp))
    return outcome ?? { kind: 'given-up', reason: TOO_LATE }
  } catch (problem) {
    const about = { link: link.code, copMsgId: message.copMsgId }
    deps.log.error('dispatch.broken', { ...about, ...failureFacts(problem) })
    return { kind: 'failed', reason: 'INTERNAL' }
  }
}

/** A message is sent when all its parts are taken; else all go again, with the same bytes. */
const send = async (
  deps: FlowDeps,
  link: Link,
  message: SealedMessage,
  givenUp: AbortSignal,
): Promise<SendOutcome> => {
  const data = deps.sealer.open(message.sealed, messageSealContext(message.copMsgId))
  for (const { id, bytes } of parcelsOf(deps, message, data)) {
    if (givenUp.aborted) return { kind: 'unavailable', reason: TOO_LATE }
    const outcome = await link.transport.send(id, bytes, givenUp)
    if (outcome.kind !== 'sent') return outcome
  }
  return { kind: 'sent' }
}

interface Settling {
  readonly link: Link
  readonly attempts: readonly Attempt[]
  /** Messages of a batch that nothing holds back. */
  readonly full: number
}

const settle = async (
  deps: FlowDeps,
  trx: Trx,
  { link, attempts, full }: Settling,
): Promise<void> => {
  const now = deps.clock.now()
  const tally = tallyOf(attempts.map(({ outcome }) => outcome))
  const { state, sentAt } = await judge(deps, trx, link.code, tally, full)
  // As long as the link carries nothing, no message is to blame, and none pays with its attempts.
  const isAlive = sentAt !== null && now.getTime() - sentAt.getTime() < LINK_ALIVE_MS
  const isExcused = (outcome: Outcome): boolean => isLinkFailure(outcome) && !isAlive
  const isRetried = ({ outcome, work }: Attempt): boolean =>
    (outcome.kind === 'failed' || isLinkFailure(outcome)) &&
    (work.attempts < DISPATCH_ATTEMPTS_MAX || isExcused(outcome))
  const retried = attempts.filter(isRetried)
  const ended = attempts.filter((attempt) => !isRetried(attempt))
  await finishWork(
    trx,
    'dispatch',
    ended.map((attempt) => attempt.work),
  )
  const longestMs = state === 'down' ? BREAKER_RETRY_MAX_MS : BACKOFF_MAX_MS
  await postponeWork(
    trx,
    'dispatch',
    retried.map(({ work, outcome }) => ({
      ...work,
      attempts: work.attempts - (isExcused(outcome) ? 1 : 0),
      runAt: nextTry(now, work, longestMs),
    })),
  )
  const sent = attempts.filter(({ outcome }) => outcome.kind === 'sent')
  await watchSent(
    deps,
    trx,
    sent.map(({ work, message: { lane, id } }) => ({ lane, id, round: work.version })),
    now,
  )
  await markMessages(
    trx,
    attempts.map(({ message, outcome }) => ({
      lane: message.lane,
      id: message.id,
      sent: outcome.kind === 'sent',
      problem: outcome.kind === 'sent' ? null : outcome.reason,
    })),
    now,
  )
  await writeEvidence(trx, kindFacts, ended.flatMap(evidenceOf), now)
  const documents = attempts.reduce(
    (sum, { message, outcome }) => sum + (outcome.kind === 'sent' ? message.documentIds.length : 0),
    0,
  )
  if (tally.sent > 0) await noteSent(trx, link.code, { messages: tally.sent, documents }, now)
  // The exchange often answers at once, and by its answer what follows may go as something new.
  const after = new Date(now.getTime() + PRIOR_RETRY_MS)
  await wakeHeldBack(
    trx,
    ended.map(({ message }) => message.id),
    after,
  )
}

const isLinkFailure = ({ kind }: Outcome): boolean => kind === 'unavailable' || kind === 'given-up'

const tallyOf = (outcomes: readonly Outcome[]): BatchTally => {
  const count = (kind: Outcome['kind']) => outcomes.filter((each) => each.kind === kind).length
  const sent = count('sent')
  const failures = outcomes.flatMap((each) =>
    each.kind === 'unavailable' || each.kind === 'given-up' ? [each.reason] : [],
  )
  const answered = sent + count('refused')
  return { sent, answered, failed: failures.length, problem: failures.at(-1) ?? '' }
}

/** Brings the breaker in line with what a batch met; an untroubled link costs no lock. */
const judge = async (
  deps: FlowDeps,
  trx: Trx,
  code: string,
  tally: BatchTally,
  full: number,
): Promise<LinkState> => {
  const now = deps.clock.now()
  const about = { now, full, spread: (now.getTime() % SPREADS) / SPREADS }
  const [seen] = await findLinkStates(trx, [code], now)
  if (seen !== undefined && !isNews(seen, afterBatch(seen, tally, about))) return seen
  const held = await lockLinkState(trx, code, now)
  const next = afterBatch(held, tally, about)
  await saveLinkState(trx, next)
  if (next.state !== held.state)
    deps.log.warn('link-state', { link: code, state: next.state, problem: next.problem })
  return next
}

/** The millisecond of a failure is chance enough to keep gateways apart. */
const SPREADS = 997

/** How a message stands that is not tried any more. */
const ENDS = {
  ...{ sent: 'sent', refused: 'undelivered', unavailable: 'undelivered', failed: 'undelivered' },
  'given-up': 'unknown',
} as const satisfies Readonly<Record<Outcome['kind'], State>>

/** The version of the work is the round of sending: 0 for the first. */
const evidenceOf = ({
  work: { version: round },
  message,
  outcome,
}: Attempt): readonly Evidence[] => {
  const state = ENDS[outcome.kind]
  return evidenceOn(message, {
    key: round === 0 ? `${state}:${message.id}` : `${state}:${message.id}:${round}`,
    state,
    rank: ownRank(OWN_RANK[state], round),
    info: outcome.kind === 'sent' ? undefined : outcome.reason,
  })
}
