/**
 * Sending again: the whole message with the same id and the same bytes, by new dispatch work. The
 * exchange platform's trouble brings it about, or somebody's word when documents could not be
 * delivered. It is evidence like any other step: a new round of sending outranks the one before, so
 * all documents of the message stand queued again, except those that customs answered already.
 */
import { isId, laneOfId } from '../kernel/ids.ts'
import { MESSAGE_ROUNDS_MAX } from '../kernel/limits.ts'
import {
  RESEND_BATCH_MAX,
  RESEND_COUNTED_MAX,
  RESEND_LOOKED_MAX,
  RESEND_MESSAGES_MAX,
} from '../kernel/link-limits.ts'
import { TROUBLED_COUNTED_MAX } from '../kernel/operator-limits.ts'
import { type Evidence, writeEvidence } from '../store/evidence.ts'
import { findDocuments } from '../store/listing.ts'
import { findMessages, type StoredMessage } from '../store/messages.ts'
import {
  beginRounds,
  countTroubled,
  findStandings,
  findTroubled,
  lockMessages,
  type MessageStanding,
} from '../store/resend.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { addWork } from '../store/work.ts'
import { sending } from './compose.ts'
import { kindFacts } from './kinds.ts'
import { linksOf } from './links.ts'
import { sees, visibleSenders } from './sight.ts'
import { OWN_RANK, ownRank } from './status.ts'
import type { Caller, FlowDeps } from './types.ts'

/** A message to be sent again, not before that moment. */
export interface Sending {
  readonly message: StoredMessage
  readonly at: Date
}

/** Gives the ids of the messages for which work was added; one that somebody else took is missing. */
export const sendAgain = async (
  deps: Pick<FlowDeps, 'links'>,
  trx: Trx,
  sendings: readonly Sending[],
): Promise<ReadonlySet<string>> => {
  const begun = await beginRounds(
    trx,
    sendings.map(({ message, at }) => ({
      ...{ lane: message.lane, id: message.id, round: message.resentAt.length, at },
    })),
  )
  const due = sendings.filter(({ message }) => begun.has(message.id))
  if (due.length === 0) return begun
  const linkOf = await linksOf(deps, trx, [...new Set(due.map(({ message }) => message.senderId))])
  const moments = new Map(due.map(({ at }) => [at.getTime(), at]))
  for (const [time, at] of moments) {
    const work = due
      .filter((each) => each.at.getTime() === time)
      .map(({ message }) => ({
        ...sending(message, linkOf(message.senderId, message.kind)),
        version: message.resentAt.length + 1,
      }))
    await addWork(trx, work, at)
  }
  return begun
}

/** One step of ours on every document of a message. */
export const evidenceOn = (
  message: Pick<StoredMessage, 'id' | 'documentIds' | 'documentVersions'>,
  fact: Pick<Evidence, 'key' | 'state' | 'rank'> & Partial<Pick<Evidence, 'info' | 'replyId'>>,
): readonly Evidence[] =>
  message.documentIds.map((documentId, i) => ({
    lane: laneOfId(documentId),
    documentId,
    version: message.documentVersions[i] ?? 1,
    returnTime: '',
    messageId: message.id,
    ...fact,
  }))

// ---- on somebody's word ----------------------------------------------------------------------

export type ResendAnswer =
  | { readonly kind: 'not-found' }
  /** It is on its way, or customs answered it. */
  | { readonly kind: 'not-needed' }
  /** The message holds documents that were changed and sent anew since. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'too-often' }
  | { readonly kind: 'queued'; readonly messageId: string; readonly documents: number }

/** Sends the message of one document again. */
export const resendDocument = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
): Promise<ResendAnswer> => {
  if (!isId(id)) return { kind: 'not-found' }
  const answer = await inTransaction(deps.db, async (trx): Promise<ResendAnswer> => {
    const [row] = await findDocuments(trx, [id.toLowerCase()])
    if (row === undefined || !sees(await visibleSenders({ ...deps, db: trx }, caller), row))
      return { kind: 'not-found' }
    const isStuck =
      row.returnTime === '' && (row.state === 'undelivered' || row.state === 'unknown')
    if (!isStuck || row.messageId === null) return { kind: 'not-needed' }
    const key = keyOf(row.messageId)
    await lockMessages(trx, [key])
    const [message] = await findMessages(trx, [key])
    const standing = (await findStandings(trx, [key])).get(key.id)
    if (message === undefined || standing === undefined)
      throw new Error(`message ${key.id} is not stored`)
    const refused = objection(message, standing)
    if (refused !== undefined) return { kind: refused }
    const sent = await queueAgain(deps, trx, [message])
    if (sent.length === 0) return { kind: 'not-needed' }
    return { kind: 'queued', messageId: message.id, documents: message.documentIds.length }
  })
  if (answer.kind === 'queued') deps.wake('dispatch')
  return answer
}

export interface ResentAll {
  readonly messages: number
  readonly documents: number
  /** Messages that wait for a person but are not sent again: changed since, or sent too often. */
  readonly left: number
  /** There are messages that were not looked at: ask again with `next`. */
  readonly more: boolean
  /** The last message looked at, when there are more. */
  readonly next: string | null
  /** Messages in trouble that were not looked at; counting ends at some ten thousand. */
  readonly remaining: number
}

export interface WantedResends {
  /** Only messages that take this link. */
  readonly link?: string | undefined
  /** Goes on after this message, the `next` of the answer before. */
  readonly after?: string | undefined
}

/**
 * Sends messages with undelivered documents again, batch by batch, each in a transaction of its own:
 * one that breaks off leaves those before it sent, and asking again goes on with the others.
 */
export const resendAll = async (
  deps: FlowDeps,
  { link, after }: WantedResends = {},
): Promise<ResentAll> => {
  let [messages, documents, left, looked] = [0, 0, 0, 0]
  let last = after === undefined ? undefined : keyOf(after.toLowerCase())
  let isEnd = false
  while (!isEnd && messages < RESEND_MESSAGES_MAX && looked < RESEND_LOOKED_MAX) {
    const from = last
    const batch = await inTransaction(deps.db, (trx) => resendBatch(deps, trx, from, link))
    messages += batch.sent.length
    documents += batch.sent.reduce((sum, { documentIds }) => sum + documentIds.length, 0)
    left += batch.left
    looked += batch.keys.length
    last = batch.keys.at(-1) ?? last
    isEnd = batch.keys.length < RESEND_BATCH_MAX
    if (batch.sent.length > 0) deps.wake('dispatch')
  }
  const remaining = isEnd ? 0 : await countTroubled(deps.db, last, RESEND_COUNTED_MAX)
  const more = remaining > 0
  return { messages, documents, left, more, next: more ? (last?.id ?? null) : null, remaining }
}

/** For a glance: messages in trouble, some of which may be on their way again. */
export const countStuck = async ({
  db,
}: Pick<FlowDeps, 'db'>): Promise<{ readonly messages: number; readonly more: boolean }> => {
  const found = await countTroubled(db, undefined, TROUBLED_COUNTED_MAX + 1)
  return {
    messages: Math.min(found, TROUBLED_COUNTED_MAX),
    more: found > TROUBLED_COUNTED_MAX,
  }
}

const keyOf = (id: string) => ({ lane: laneOfId(id), id })

interface ResentBatch {
  /** Messages looked at. */
  readonly keys: readonly { readonly lane: number; readonly id: string }[]
  readonly sent: readonly StoredMessage[]
  readonly left: number
}

const resendBatch = async (
  deps: FlowDeps,
  trx: Trx,
  after: { readonly lane: number; readonly id: string } | undefined,
  link: string | undefined,
): Promise<ResentBatch> => {
  const keys = await findTroubled(trx, after, RESEND_BATCH_MAX)
  await lockMessages(trx, keys)
  const standings = await findStandings(trx, keys)
  const stuck = keys.filter(({ id }) => (standings.get(id)?.stuck ?? 0) > 0)
  const found = await findMessages(trx, stuck)
  const linkOf = await linksOf(deps, trx, [...new Set(found.map(({ senderId }) => senderId))])
  const due: StoredMessage[] = []
  let left = 0
  for (const message of found) {
    const standing = standings.get(message.id)
    if (standing === undefined || standing.pending) continue
    if (link !== undefined && linkOf(message.senderId, message.kind) !== link) continue
    if (objection(message, standing) === undefined) due.push(message)
    else left += 1
  }
  return { keys, sent: await queueAgain(deps, trx, due), left }
}

const objection = (
  message: StoredMessage,
  standing: MessageStanding,
): 'not-needed' | 'superseded' | 'too-often' | undefined => {
  if (standing.pending || standing.stuck === 0) return 'not-needed'
  if (standing.superseded) return 'superseded'
  return message.resentAt.length >= MESSAGE_ROUNDS_MAX ? 'too-often' : undefined
}

/** Gives those that were queued. */
export const queueAgain = async (
  deps: FlowDeps,
  trx: Trx,
  messages: readonly StoredMessage[],
): Promise<readonly StoredMessage[]> => {
  const now = deps.clock.now()
  const begun = await sendAgain(
    deps,
    trx,
    messages.map((message) => ({ message, at: now })),
  )
  const sent = messages.filter(({ id }) => begun.has(id))
  const evidence = sent.flatMap((message) => {
    const round = message.resentAt.length + 1
    const key = `resend:${message.id}:${round}`
    return evidenceOn(message, { key, state: 'ready', rank: ownRank(OWN_RANK.ready, round) })
  })
  await writeEvidence(trx, kindFacts, evidence, now)
  return sent
}
