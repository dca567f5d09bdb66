/**
 * Dispatch: wraps a message in the DXP envelope and hands it to its link. Messages are leased, not
 * claimed: sending talks to the far side, and no transaction stays open meanwhile. A crash after
 * sending and before noting it sends the same id and the same bytes again. Each link has its queue
 * and its breaker: one that is down holds up no other, and costs no message its attempts.
 */
import { failureFacts } from '../kernel/failure.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import {
  BACKOFF_MAX_MS,
  BREAKER_RETRY_FIRST_MS,
  BREAKER_RETRY_MAX_MS,
  DISPATCH_ATTEMPTS_MAX,
  LINK_ALIVE_MS,
} from '../kernel/limits.ts'
import { type Evidence, writeEvidence } from '../store/evidence.ts'
import {
  findLinkStates,
  type LinkState,
  lockLinkState,
  noteSent,
  saveLinkState,
} from '../store/links.ts'
import { findMessages, markMessages, type StoredMessage } from '../store/messages.ts'
import { noteTried } from '../store/resend.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { finishWork, leaseWork, postponeWork, type WorkItem } from '../store/work.ts'
import type { Link, SendOutcome } from '../wire/types.ts'
import { nextTry } from './backoff.ts'
import { afterBatch, allowance, type BatchTally, isNews, whileTrying } from './breaker.ts'
import { messageSealContext } from './compose.ts'
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
  if (leased.length === 0) {
    if (held !== undefined) await tryWithout(deps, link, held)
    return 0
  }
  const messages = new Map(
    (
      await findMessages(
        deps.db,
        leased.map((work) => ({ lane: work.lane, id: work.subject })),
      )
    ).map((message) => [message.id, message]),
  )
  await noteTried(deps.db, [...messages.values()].filter(isFirstOfLater), deps.clock.now())
  const attempts = await Promise.all(
    leased.map(async (work): Promise<Attempt> => {
      const message = messages.get(work.subject)
      if (message === undefined) throw new Error(`message ${work.subject} is not stored`)
      return { work, message, outcome: await trySend(deps, link, message) }
    }),
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
  const outcome = held.state === 'draining' ? alive : await transport.probe?.()
  await inTransaction(deps.db, async (trx) => {
    if (outcome !== undefined) {
      await judge(deps, trx, code, { ...tallyOf([outcome]), sent: 0 }, 0)
      return
    }
    const retryAt = new Date(deps.clock.now().getTime() + BREAKER_RETRY_FIRST_MS)
    await saveLinkState(trx, { ...(await lockLinkState(trx, code, held.since)), retryAt })
  })
}

/** Nobody answers a version before this moment; first versions follow none that could be meant. */
const isFirstOfLater = ({ triedAt, documentVersions }: StoredMessage): boolean =>
  triedAt === null && documentVersions.some((version) => version > 1)

interface Attempt {
  readonly work: WorkItem
  readonly message: StoredMessage
  readonly outcome: Outcome
}

/** `failed` is our own fault: it says nothing about the link. */
type Outcome = SendOutcome | { readonly kind: 'failed'; readonly reason: string }

/** A message that cannot even be wrapped must not keep those leased with it from being settled. */
const trySend = async (deps: FlowDeps, link: Link, message: StoredMessage): Promise<Outcome> => {
  try {
    return await send(deps, link, message)
  } catch (problem) {
    const about = { link: link.code, copMsgId: message.copMsgId }
    deps.log.error('dispatch.broken', { ...about, ...failureFacts(problem) })
    return { kind: 'failed', reason: 'INTERNAL' }
  }
}

/** A message is sent when all its parts are taken; else all go again, with the same bytes. */
const send = async (deps: FlowDeps, link: Link, message: StoredMessage): Promise<SendOutcome> => {
  const data = deps.sealer.open(message.sealed, messageSealContext(message.copMsgId))
  for (const { id, bytes } of parcelsOf(deps, message, data)) {
    const outcome = await link.transport.send(id, bytes)
    if (outcome.kind !== 'sent') return outcome
  }
  return { kind: 'sent' }
}

interface Sending {
  readonly link: Link
  readonly attempts: readonly Attempt[]
  /** Messages of a batch that nothing holds back. */
  readonly full: number
}

const settle = async (
  deps: FlowDeps,
  trx: Trx,
  { link, attempts, full }: Sending,
): Promise<void> => {
  const now = deps.clock.now()
  const tally = tallyOf(attempts.map(({ outcome }) => outcome))
  const { state, sentAt } = await judge(deps, trx, link.code, tally, full)
  // As long as the link carries nothing, no message is to blame, and none pays with its attempts.
  const isAlive = sentAt !== null && now.getTime() - sentAt.getTime() < LINK_ALIVE_MS
  const isExcused = ({ kind }: Outcome): boolean => kind === 'unavailable' && !isAlive
  const isRetried = ({ outcome, work }: Attempt): boolean =>
    (outcome.kind === 'failed' || outcome.kind === 'unavailable') &&
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
  const sent = attempts.filter(({ outcome }) => outcome.kind === 'sent')
  await watchSent(
    deps,
    trx,
    sent.map(({ work, message: { lane, id } }) => ({ lane, id, round: work.version })),
    now,
  )
  await writeEvidence(trx, kindFacts, ended.flatMap(evidenceOf), now)
  const documents = attempts.reduce(
    (sum, { message, outcome }) => sum + (outcome.kind === 'sent' ? message.documentIds.length : 0),
    0,
  )
  if (tally.sent > 0) await noteSent(trx, link.code, { messages: tally.sent, documents }, now)
}

const tallyOf = (outcomes: readonly Outcome[]): BatchTally => {
  const count = (kind: Outcome['kind']) => outcomes.filter((each) => each.kind === kind).length
  const sent = count('sent')
  const failures = outcomes.flatMap((each) => (each.kind === 'unavailable' ? [each.reason] : []))
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

/** The version of the work is the round of sending: 0 for the first. */
const evidenceOf = ({
  work: { version: round },
  message,
  outcome,
}: Attempt): readonly Evidence[] => {
  const state = outcome.kind === 'sent' ? 'sent' : 'undelivered'
  return evidenceOn(message, {
    key: round === 0 ? `${state}:${message.id}` : `${state}:${message.id}:${round}`,
    state,
    rank: ownRank(OWN_RANK[state], round),
    info: outcome.kind === 'sent' ? undefined : outcome.reason,
  })
}
