/**
 * Replies that did not fold, for the operator: listed with what is wrong and what to do, one with all
 * that it holds, its bytes as they came, and all of them tried again by one word. Trying again counts
 * nothing twice: evidence has the same key however often it is folded.
 */
import { statusMeaning } from '../catalogue/meanings.ts'
import { stamp17 } from '../kernel/clock.ts'
import type { Fault, Text } from '../kernel/fault.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import {
  PAGE_ROWS_MAX,
  REPLY_NUMBERS_SHOWN_MAX,
  REPLY_SINGLES_SHOWN_MAX,
  RETRY_REPLIES_MAX,
} from '../kernel/limits.ts'
import { findReplies, TROUBLED_STATES } from '../store/replies.ts'
import {
  type AsideReply,
  findAside,
  findListedReply,
  findRepliesByState,
  type ListedReply,
  requeueReplies,
  type TroubledState,
} from '../store/reply-trouble.ts'
import type { ReplyTable } from '../store/tables.ts'
import { inTransaction } from '../store/transaction.ts'
import { type Asker, noteDeeds } from './access.ts'
import { replySealContext } from './receive.ts'
import { explainReply, type ReplyProblem } from './reply-problems.ts'
import { EXCHANGE_REPLY, type ReplyContent, readReply } from './reply-reading.ts'
import { exchangeWords, type ToldCode, unmatchedSealContext } from './reply-words.ts'
import type { FlowDeps } from './types.ts'

/** A number in a reply that found no document. */
export interface AsideNumber {
  readonly kind: string
  readonly number: string
  readonly name: string | null
  readonly returnStatus: string
}

export interface ReplySummary extends Omit<ListedReply, 'receivedAt'> {
  readonly receivedAt: string
  /** Null when nothing is wrong. */
  readonly explanation: ReplyProblem | null
  /** Numbers put aside: the first of them, and how many there are. */
  readonly numbers: readonly AsideNumber[]
  readonly numberCount: number
  /** What the exchange platform answered; null for a reply of customs. */
  readonly responses: readonly ExchangeWords[] | null
}

export interface ExchangeWords extends ToldCode {
  /** Of the message it speaks of; null when it names none. */
  readonly copMsgId: string | null
}

/** Reply messages by state, newest first. */
export const listReplies = async (
  deps: FlowDeps,
  filter: { readonly state: ReplyTable['state']; readonly cursor?: string | undefined },
): Promise<{ readonly replies: readonly ReplySummary[]; readonly next: string | null }> => {
  const rows = await findRepliesByState(deps.db, {
    state: filter.state,
    after: filter.cursor !== undefined && isId(filter.cursor) ? filter.cursor : undefined,
    limit: PAGE_ROWS_MAX + 1,
  })
  const page = rows.slice(0, PAGE_ROWS_MAX)
  const exchange = page.filter(({ kind }) => kind === EXCHANGE_REPLY)
  const contents = await contentsOf(deps, exchange)
  const aside = await findAside(
    deps.db,
    page.flatMap(({ id, state }) => (state === 'folded' ? [] : [id])),
    REPLY_NUMBERS_SHOWN_MAX,
  )
  return {
    replies: page.map((row) =>
      summaryOf(
        row,
        aside.filter(({ replyId }) => replyId === row.id),
        contents.get(row.id),
      ),
    ),
    next: rows.length > PAGE_ROWS_MAX ? (page.at(-1)?.id ?? null) : null,
  }
}

export interface ReplyView extends ReplySummary {
  /** DXP accounts it is addressed to. */
  readonly receivers: readonly string[]
  /** Of one that cannot be read: all that is wrong. */
  readonly faults: readonly Fault[]
  /** Single replies put aside: the first of them. */
  readonly singles: readonly AsideSingle[]
}

export interface AsideSingle extends AsideNumber {
  readonly position: number
  readonly returnTime: string
  /** What the status means; null of what customs tells unasked. */
  readonly meaning: Text | null
  readonly info: string | null
}

/** One reply with what it holds; undefined when there is none. */
export const findReply = async (deps: FlowDeps, id: string): Promise<ReplyView | undefined> => {
  const row = await findListedReply(deps.db, id.toLowerCase())
  if (row === undefined) return undefined
  const content = (await contentsOf(deps, [row])).get(row.id)
  const aside = await findAside(deps.db, [row.id], REPLY_SINGLES_SHOWN_MAX)
  return {
    ...summaryOf(row, aside, content),
    receivers: receiversOf(content),
    faults: content?.kind === 'unreadable' ? content.faults : [],
    singles: aside.map((each) => singleOf(deps, each, content)),
  }
}

/**
 * The bytes as they came; undefined when there is no such reply. They may quote persons: whoever opens
 * them is written down in the transaction that reads them.
 */
export const openReply = async (
  deps: FlowDeps,
  id: string,
  asker: Asker,
): Promise<Uint8Array | undefined> =>
  inTransaction(deps.db, async (trx) => {
    const [stored] = await findReplies(trx, [{ lane: laneOfId(id), id: id.toLowerCase() }])
    if (stored === undefined) return undefined
    // A reply may speak of several enterprises.
    const deed = { what: 'reply-opened', enterpriseId: '', subject: stored.id } as const
    await noteDeeds(deps, trx, { ...asker, actor: 'operator' }, [deed])
    return deps.sealer.open(stored.sealed, replySealContext(stored.hash))
  })

export type RetryAnswer = 'not-found' | 'not-in-trouble' | 'queued'

/** Has one reply read and folded again. */
export const retryReply = async (deps: FlowDeps, id: string): Promise<RetryAnswer> => {
  const answer = await inTransaction(deps.db, async (trx): Promise<RetryAnswer> => {
    const key = id.toLowerCase()
    if ((await findListedReply(trx, key)) === undefined) return 'not-found'
    const which = { states: TROUBLED_STATES, id: key }
    const count = await requeueReplies(trx, which, 1, deps.clock.now())
    return count === 0 ? 'not-in-trouble' : 'queued'
  })
  if (answer === 'queued') deps.wake('reply')
  return answer
}

/** Has all replies in one state read and folded again, the oldest first, at most so many at a time. */
export const retryReplies = async (
  deps: FlowDeps,
  state: TroubledState,
): Promise<{ readonly retried: number; readonly more: boolean }> => {
  const retried = await inTransaction(deps.db, (trx) =>
    requeueReplies(trx, { states: [state] }, RETRY_REPLIES_MAX, deps.clock.now()),
  )
  if (retried > 0) deps.wake('reply')
  return { retried, more: retried === RETRY_REPLIES_MAX }
}

/** What replies say, from their sealed bytes. */
const contentsOf = async (
  deps: FlowDeps,
  replies: readonly { readonly id: string }[],
): Promise<ReadonlyMap<string, ReplyContent>> => {
  const stored = await findReplies(
    deps.db,
    replies.map(({ id }) => ({ lane: laneOfId(id), id })),
  )
  const latest = stamp17(deps.clock.now())
  return new Map(
    stored.map(({ id, sealed, hash }) => [
      id,
      readReply(deps.sealer.open(sealed, replySealContext(hash)), latest),
    ]),
  )
}

const summaryOf = (
  row: ListedReply,
  aside: readonly AsideReply[],
  content: ReplyContent | undefined,
): ReplySummary => ({
  ...row,
  receivedAt: row.receivedAt.toISOString(),
  explanation: explainReply(row),
  numbers: aside.slice(0, REPLY_NUMBERS_SHOWN_MAX).map(numberOf),
  numberCount: aside[0]?.count ?? 0,
  responses:
    content?.kind === 'exchange'
      ? content.responses.map(({ code, info, copMsgId }) => ({
          ...exchangeWords(code, info),
          copMsgId: copMsgId === '' ? null : copMsgId,
        }))
      : null,
})

const numberOf = ({ kind, number, name, returnStatus }: AsideReply): AsideNumber => ({
  ...{ kind, number, name, returnStatus },
})

const singleOf = (
  { sealer }: Pick<FlowDeps, 'sealer'>,
  aside: AsideReply,
  content: ReplyContent | undefined,
): AsideSingle => {
  const { replyId, position, kind, returnStatus, returnTime, info, sealedInfo } = aside
  const { zh, en } = statusMeaning(kind, returnStatus)
  return {
    ...numberOf(aside),
    ...{ position, returnTime },
    meaning: content?.kind === 'replies' ? { zh, en } : null,
    info:
      sealedInfo === null
        ? info
        : Buffer.from(sealer.open(sealedInfo, unmatchedSealContext(replyId, position))).toString(),
  }
}

const receiversOf = (content: ReplyContent | undefined): readonly string[] => {
  if (content === undefined || content.kind === 'unreadable') return []
  if (content.kind !== 'exchange') return content.receivers
  return content.receiverId === '' ? [] : [content.receiverId]
}
