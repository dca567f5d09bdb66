/**
 * Dispatch: wraps a message in the DXP envelope and hands it to the transport. Messages are leased,
 * not claimed: sending talks to the far side, and no transaction stays open meanwhile. A crash
 * after sending and before noting it sends the same id and the same bytes again.
 */
import { rootOf } from '../catalogue/index.ts'
import { localDateTime } from '../kernel/clock.ts'
import { failureFacts } from '../kernel/failure.ts'
import { laneOfId } from '../kernel/ids.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, DISPATCH_ATTEMPTS_MAX } from '../kernel/limits.ts'
import { type Evidence, writeEvidence } from '../store/evidence.ts'
import { findMessages, markMessages, type StoredMessage } from '../store/messages.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { finishWork, leaseWork, postponeWork, type WorkItem } from '../store/work.ts'
import { wrapEnvelope } from '../wire/envelope.ts'
import type { SendOutcome } from '../wire/types.ts'
import { messageSealContext } from './compose.ts'
import { kindFacts } from './kinds.ts'
import { OWN_RANK } from './status.ts'
import type { FlowDeps, RunBatch } from './types.ts'

export const dispatchBatch: RunBatch = async (deps, limit) => {
  const now = deps.clock.now()
  const until = new Date(now.getTime() + deps.leaseSeconds * 1000)
  const first = now.getTime() % LANE_COUNT
  const leased = await inTransaction(deps.db, (trx) =>
    leaseWork(trx, { stage: 'dispatch', limit, first, now, until }),
  )
  if (leased.length === 0) return 0
  const messages = new Map(
    (
      await findMessages(
        deps.db,
        leased.map((work) => ({ lane: work.lane, id: work.subject })),
      )
    ).map((message) => [message.id, message]),
  )
  const attempts = await Promise.all(
    leased.map(async (work): Promise<Attempt> => {
      const message = messages.get(work.subject)
      if (message === undefined) throw new Error(`message ${work.subject} is not stored`)
      return { work, message, outcome: await trySend(deps, message) }
    }),
  )
  await inTransaction(deps.db, (trx) => settle(deps, trx, attempts))
  for (const { outcome, message } of attempts)
    if (outcome.kind === 'sent') deps.meter.add('sent', message.documentIds.length)
    else deps.log.warn(`dispatch.${outcome.kind}`, { copMsgId: message.copMsgId })
  return leased.length
}

interface Attempt {
  readonly work: WorkItem
  readonly message: StoredMessage
  readonly outcome: SendOutcome
}

/** A message that cannot even be wrapped must not keep those leased with it from being settled. */
const trySend = async (deps: FlowDeps, message: StoredMessage): Promise<SendOutcome> => {
  try {
    return await send(deps, message)
  } catch (problem) {
    deps.log.error('dispatch.failed', { copMsgId: message.copMsgId, ...failureFacts(problem) })
    return { kind: 'unavailable', reason: 'INTERNAL' }
  }
}

const send = async (deps: FlowDeps, message: StoredMessage): Promise<SendOutcome> => {
  const envelope = wrapEnvelope({
    copMsgId: message.copMsgId,
    senderId: message.senderDxpId,
    receiverIds: [message.receiverDxpId],
    createdAt: localDateTime(message.createdAt),
    messageType: rootOf({ code: message.kind }),
    data: deps.sealer.open(message.sealed, messageSealContext(message.copMsgId)),
  })
  return deps.transport.send(message.copMsgId, envelope)
}

const settle = async (deps: FlowDeps, trx: Trx, attempts: readonly Attempt[]): Promise<void> => {
  const now = deps.clock.now()
  const retried = attempts.filter(isRetried)
  const ended = attempts.filter((attempt) => !isRetried(attempt))
  await finishWork(
    trx,
    'dispatch',
    ended.map((attempt) => attempt.work),
  )
  await postponeWork(
    trx,
    'dispatch',
    retried.map(({ work }) => ({ ...work, runAt: nextTry(now, work) })),
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
}

const isRetried = ({ outcome, work }: Attempt): boolean =>
  outcome.kind === 'unavailable' && work.attempts < DISPATCH_ATTEMPTS_MAX

/** Exponential, spread by a quarter so that messages that failed together do not return together. */
const nextTry = (now: Date, work: WorkItem): Date => {
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (work.attempts - 1))
  const spread = (Number.parseInt(work.subject.slice(0, 4), 16) / 0xffff) * 0.25
  return new Date(now.getTime() + full * (1 - spread))
}

const evidenceOf = ({ message, outcome }: Attempt): readonly Evidence[] => {
  const state = outcome.kind === 'sent' ? 'sent' : 'undelivered'
  return message.documentIds.map((documentId, i) => ({
    lane: laneOfId(documentId),
    documentId,
    version: message.documentVersions[i] ?? 1,
    key: `${state}:${message.id}`,
    state,
    rank: OWN_RANK[state],
    returnTime: '',
    info: outcome.kind === 'sent' ? undefined : outcome.reason,
    messageId: message.id,
  }))
}
