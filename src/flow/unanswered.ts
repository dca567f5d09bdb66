/**
 * Unanswered: a message that was handed over and of which nothing was heard for a long while is sent
 * again, with the same id and the same bytes, because between us and customs things get lost that
 * nobody tells: a queue is deleted with what was in it. Customs knows a CopMsgId that it has seen,
 * so a message that did arrive does no harm. After some rounds an operator is told.
 */
import { UNANSWERED_BATCH_MAX, UNANSWERED_ROUNDS_MAX } from '../kernel/limits.ts'
import { awaitMessages, takeOverdue } from '../store/awaited.ts'
import { findMessages, type StoredMessage } from '../store/messages.ts'
import { findStandings } from '../store/resend.ts'
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
  const due = sent.map(({ lane, id, round }) => ({
    ...{ lane, id },
    dueAt: new Date(now.getTime() + resendMs * 2 ** Math.min(round, UNANSWERED_ROUNDS_MAX)),
  }))
  await awaitMessages(trx, due)
}

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
  const overdue = await takeOverdue(trx, UNANSWERED_BATCH_MAX, deps.clock.now())
  const silent = overdue.filter(({ isAnswered }) => !isAnswered)
  const standings = await findStandings(trx, silent)
  // What is on its way again is awaited again then; what the exchange refused waits for a person.
  const waiting = silent.filter(({ id }) => {
    const standing = standings.get(id)
    return standing !== undefined && !standing.pending && standing.stuck === 0
  })
  const messages = await findMessages(trx, waiting)
  const isWorthwhile = ({ id, resentAt }: StoredMessage): boolean =>
    standings.get(id)?.superseded === false && resentAt.length < UNANSWERED_ROUNDS_MAX
  const again = await queueAgain(deps, trx, messages.filter(isWorthwhile))
  for (const { copMsgId, resentAt } of again)
    deps.log.warn('message-sent-again', { copMsgId, round: resentAt.length + 1 })
  for (const message of messages)
    if (!isWorthwhile(message))
      deps.log.error('message-unanswered', {
        ...{ copMsgId: message.copMsgId, rounds: message.resentAt.length },
      })
  return { due: overdue.length, again: again.length }
}
