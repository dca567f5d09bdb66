/**
 * Unanswered: a message that was handed over and of which nothing was heard for a long while is sent
 * again, with the same id and the same bytes, because between us and customs things get lost that
 * nobody tells: a queue is deleted with what was in it. Customs knows a CopMsgId that it has seen,
 * so a message that did arrive does no harm. After some rounds an operator is told, and the message
 * stays noted as silent until customs says something of it.
 */
import { DAY_MS } from '../kernel/clock.ts'
import { UNANSWERED_BATCH_MAX, UNANSWERED_ROUNDS_MAX } from '../kernel/limits.ts'
import { UNANSWERED_TOLD_DAYS } from '../kernel/link-limits.ts'
import { awaitMessages, takeOverdue } from '../store/awaited.ts'
import { findMessages, type StoredMessage } from '../store/messages.ts'
import { findStandings, lockMessages } from '../store/resend.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { queueAgain } from './resend.ts'
import type { FlowDeps } from './types.ts'

/** A message that was sent just now, and the round of sending it was: 0 for the first. */
export interface JustSent {
  readonly lane: number
  readonly id: string
  readonly round: number
}

/** Has messages looked at when their time has come, each round after twice as long. */
export const watchSent = async (
  { resendMs }: Pick<FlowDeps, 'resendMs'>,
  trx: Trx,
  sent: readonly JustSent[],
  now: Date,
): Promise<void> => {
  if (resendMs === 0) return
  await awaitMessages(
    trx,
    sent.map(({ lane, id, round }) => ({ lane, id, round, dueAt: dueAfter(resendMs, round, now) })),
  )
}

const dueAfter = (resendMs: number, round: number, now: Date): Date =>
  new Date(now.getTime() + resendMs * 2 ** Math.min(round, UNANSWERED_ROUNDS_MAX))

/** Sends again what is due and unanswered; how many messages. */
export const resendUnanswered = async (deps: FlowDeps): Promise<number> => {
  if (deps.resendMs === 0) return 0
  let resent = 0
  for (;;) {
    // Every batch takes rows away, so this ends.
    const { due, again } = await inTransaction(deps.db, (trx) => resendBatch(deps, trx))
    resent += again
    if (due < UNANSWERED_BATCH_MAX) break
  }
  if (resent > 0) deps.wake('dispatch')
  return resent
}

const resendBatch = async (
  deps: FlowDeps,
  trx: Trx,
): Promise<{ readonly due: number; readonly again: number }> => {
  const now = deps.clock.now()
  const overdue = await takeOverdue(trx, UNANSWERED_BATCH_MAX, now)
  const silent = overdue.filter(({ isAnswered }) => !isAnswered)
  await lockMessages(trx, silent)
  const standings = await findStandings(trx, silent)
  // What is on its way again is awaited again then; what the exchange refused waits for a person.
  const waiting = silent.filter(({ id }) => {
    const standing = standings.get(id)
    return standing !== undefined && !standing.pending && standing.stuck === 0
  })
  const messages = await findMessages(trx, waiting)
  const isFollowed = ({ id }: StoredMessage): boolean => standings.get(id)?.superseded !== false
  const isWorthwhile = (message: StoredMessage): boolean =>
    !isFollowed(message) && message.resentAt.length < UNANSWERED_ROUNDS_MAX
  const again = await queueAgain(deps, trx, messages.filter(isWorthwhile))
  for (const { copMsgId, resentAt } of again)
    deps.log.warn('message-sent-again', { copMsgId, round: resentAt.length + 1 })
  const given = messages.filter((message) => !isWorthwhile(message))
  for (const { copMsgId, resentAt } of given)
    deps.log.error('message-unanswered', { copMsgId, rounds: resentAt.length })
  // One that a later version has followed is no matter any more.
  const kept = given.filter((message) => !isFollowed(message) && isTold(message, now))
  const round = UNANSWERED_ROUNDS_MAX + 1
  const dueAt = dueAfter(deps.resendMs, round, now)
  await awaitMessages(
    trx,
    kept.map(({ lane, id }) => ({ lane, id, round, dueAt })),
  )
  return { due: overdue.length, again: again.length }
}

const isTold = ({ createdAt }: StoredMessage, now: Date): boolean =>
  now.getTime() - createdAt.getTime() < UNANSWERED_TOLD_DAYS * DAY_MS
