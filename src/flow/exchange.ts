/**
 * Answers of the exchange platform (DxpRep): they speak of a delivery, not of documents, so each one
 * is evidence on every document of the message that it names. What they say ranks with our own
 * steps, below any word of customs: once customs has answered, the exchange must have delivered. A
 * refusal leaves the documents undelivered; trouble that passes has the message sent again; a code
 * that nobody published may be either, so that a person is asked.
 */
import { exchangeVerdict } from '../catalogue/exchange-codes.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { EXCHANGE_RESEND_FIRST_MS, EXCHANGE_RESENDS_MAX } from '../kernel/limits.ts'
import type { Evidence } from '../store/evidence.ts'
import { findMessages, markMessages, type StoredMessage } from '../store/messages.ts'
import { findStandings, lockMessages, type MessageStanding } from '../store/resend.ts'
import type { Trx } from '../store/transaction.ts'
import type { ExchangeResponse } from '../wire/types.ts'
import { refusalOf } from './refusals.ts'
import { eventSealContext, keptText } from './reply-words.ts'
import { evidenceOn, sendAgain } from './resend.ts'
import { EXCHANGE_REFUSED_RANK, OWN_RANK, ownRank } from './status.ts'
import type { FlowDeps } from './types.ts'

/** One answer of the platform, in the reply that brought it. */
export interface ExchangeAnswer {
  readonly replyId: string
  readonly receivedAt: Date
  readonly receiverId: string
  readonly responses: readonly ExchangeResponse[]
}

export interface Answered {
  readonly evidence: readonly Evidence[]
  /** Replies that name a message we never sent, or not from the account they are addressed to. */
  readonly unmatched: readonly string[]
}

export const foldExchange = async (
  deps: FlowDeps,
  trx: Trx,
  answers: readonly ExchangeAnswer[],
  now: Date,
): Promise<Answered> => {
  if (answers.length === 0) return { evidence: [], unmatched: [] }
  const said = answers.flatMap((answer) =>
    answer.responses.map((response) => ({ answer, response })),
  )
  const named = [...new Set(said.map(({ response }) => response.copMsgId.toLowerCase()))]
  const keys = named.filter(isId).map((id) => ({ lane: laneOfId(id), id }))
  await lockMessages(trx, keys)
  const messages = new Map((await findMessages(trx, keys)).map((each) => [each.id, each]))
  const standings = await findStandings(trx, keys)
  const known: Said[] = []
  const unmatched = new Set<string>()
  for (const { answer, response } of said) {
    const message = messages.get(response.copMsgId.toLowerCase())
    const standing = message && standings.get(message.id)
    if (message?.senderDxpId !== answer.receiverId || standing === undefined)
      unmatched.add(answer.replyId)
    else known.push({ replyId: answer.replyId, ...saidOf(answer, response, message, standing) })
  }
  const begun = await sendAgain(deps, trx, retried(known, now))
  await markMessages(trx, problems(known), now)
  return {
    evidence: known.flatMap((each) => evidenceOf(deps, each, begun)),
    unmatched: [...unmatched],
  }
}

interface Said {
  readonly replyId: string
  readonly message: StoredMessage
  readonly standing: MessageStanding
  readonly code: string
  readonly info: string
  /** The sending it speaks of. It follows from stored times alone, so it is the same at every fold. */
  readonly round: number
}

const saidOf = (
  { receivedAt }: ExchangeAnswer,
  { code, info }: ExchangeResponse,
  message: StoredMessage,
  standing: MessageStanding,
): Omit<Said, 'replyId'> => ({
  ...{ message, standing, code, info },
  round: message.resentAt.filter((at) => at <= receivedAt).length,
})

/** Whether the message was not queued again since, and a document of it still waits for customs. */
const isLatest = ({ message, standing, round }: Said): boolean =>
  round === message.resentAt.length && standing.open > 0

/** Trouble passes: the message goes again by itself, later each time. */
const retried = (known: readonly Said[], now: Date) => {
  const due = known.filter(
    (said) =>
      exchangeVerdict(said.code) === 'trouble' &&
      isLatest(said) &&
      !said.standing.pending &&
      !said.standing.superseded &&
      said.round < EXCHANGE_RESENDS_MAX,
  )
  const messages = new Map(due.map(({ message }) => [message.id, message]))
  return [...messages.values()].map((message) => ({
    message,
    at: new Date(now.getTime() + EXCHANGE_RESEND_FIRST_MS * 2 ** message.resentAt.length),
  }))
}

const problems = (known: readonly Said[]) =>
  known.filter(isLatest).map(({ message, code }) => ({
    ...{ lane: message.lane, id: message.id, sent: false, problem: `DXP ${code}` },
  }))

/** `exchange:` and the message, round and code: what is told twice of one sending is one event. */
const KEY = /^exchange:[^:]+:\d+:(.+)$/

/** The code of an event that the exchange platform brought about; undefined for any other. */
export const exchangeCodeOf = ({ key }: Pick<Evidence, 'key'>): string | undefined =>
  KEY.exec(key)?.[1]

const evidenceOf = (
  deps: FlowDeps,
  said: Said,
  begun: ReadonlySet<string>,
): readonly Evidence[] => {
  const { message, replyId, code, info } = said
  const key = `exchange:${message.id}:${said.round}:${code}`
  const stand = standOf(said, begun)
  const refusal = refusalOf(deps.sealer, stand.state, {
    ...{ kind: message.kind, source: 'exchange', code, info, resultCodes: [] },
  })
  return evidenceOn(message, { key, replyId, ...stand }).map((event) => ({
    ...event,
    refusal,
    // Whatever the platform wrote may quote a person.
    ...keptText(deps.sealer, { info, isKnown: info === '', resultCodes: [] }, () =>
      eventSealContext(event),
    ),
  }))
}

const standOf = (
  { message, standing, code, round }: Said,
  begun: ReadonlySet<string>,
): Pick<Evidence, 'state' | 'rank'> => {
  const verdict = exchangeVerdict(code)
  if (verdict === 'unknown') return { state: 'unknown', rank: ownRank(OWN_RANK.unknown, round) }
  const refused = { state: 'undelivered', rank: ownRank(EXCHANGE_REFUSED_RANK, round) } as const
  if (verdict === 'refused') return refused
  if (begun.has(message.id) || message.resentAt.length > round)
    return { state: 'ready', rank: ownRank(OWN_RANK.ready, round + 1) }
  // It goes out anyway.
  if (standing.pending) return { state: 'ready', rank: ownRank(OWN_RANK.ready, round) }
  // Customs has answered all of it.
  return standing.open === 0 ? { state: 'sent', rank: ownRank(OWN_RANK.sent, round) } : refused
}
