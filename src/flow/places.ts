/**
 * Place and age of what waits, for its sender: at which stage a document is, for what and since
 * when, how many of his own are before it, and how long that takes, as far as anybody can know. What
 * the answer of intake calls `ready` is told here until it is sent.
 */
import { declarations } from '../catalogue/index.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { laneOfId } from '../kernel/ids.ts'
import { findPrincipals } from '../store/access.ts'
import { findParts } from '../store/consignments.ts'
import { findUnsent, type LinkState } from '../store/links.ts'
import type { FoundDocument } from '../store/listing.ts'
import {
  countDocumentsAhead,
  countMessagesAhead,
  findOwnComposing,
  findOwnMessages,
  findOwnWaiting,
  findQueuedDocument,
  findQueuedMessage,
  type OwnQueue,
} from '../store/places.ts'
import { alongKeys } from '../store/queues.ts'
import { partOf } from './admission.ts'
import { drainSeconds, type LinkStanding, secondsBetween, stateOf } from './link-status.ts'
import { NO_LINK } from './links.ts'
import type { FlowDeps } from './types.ts'

/** Where documents wait: for companions, to be packed, for a key or its signature, to be sent. */
export type WaitingStage = 'match' | 'compose' | 'sign' | 'dispatch'

export interface QueuePlace extends Text {
  readonly stage: WaitingStage
  readonly since: string
  readonly ageSeconds: number
  /** The link its message takes; null before that is settled. */
  readonly link: string | null
  readonly linkState: LinkState['state'] | null
  /** Documents of the same sender that are before it in the same queue. */
  readonly ahead: number
  /** There are more before it: counting ended there. */
  readonly aheadMore: boolean
  /** Until all that waits for the link now is out, at the pace of the last minutes; null is unknown. */
  readonly estimateSeconds: number | null
  /** Companions that are missing or not accepted yet, of a document that waits for them. */
  readonly waitsFor: readonly AwaitedPart[]
}

export interface AwaitedPart extends Text {
  readonly kind: string
  /** Handed in, and not accepted by customs yet. */
  readonly there: boolean
}

type Deps = Pick<FlowDeps, 'db' | 'clock' | 'standing'>
type Asking = Pick<FlowDeps, 'db' | 'clock'>

/** Null for a document that waits for nothing of ours. */
export const placeOf = async (deps: Deps, row: FoundDocument): Promise<QueuePlace | null> => {
  if (row.state === 'waiting') return inMatch(deps, row)
  // What is out, or could not be delivered, may be in its queue again until customs has spoken.
  const isOurs = row.returnTime === '' && (row.state === 'ready' || row.messageId !== null)
  if (!isOurs) return null
  // Asked before: whoever holds a transaction must not ask over a second connection.
  const { links } = await deps.standing()
  const { messageId } = row
  return alongKeys(deps.db, (trx) =>
    messageId === null
      ? inCompose({ ...deps, db: trx }, row)
      : inMessage({ ...deps, db: trx }, { messageId, senderId: row.senderId }, links),
  )
}

const inMatch = async (deps: Asking, row: FoundDocument): Promise<QueuePlace> => {
  const waitsFor = await awaitedBy(deps, row)
  return {
    stage: 'match',
    ...matchText(waitsFor),
    ...ageOf(deps, row.updatedAt),
    ...NOWHERE,
    waitsFor,
  }
}

const inCompose = async (deps: Asking, row: FoundDocument): Promise<QueuePlace | null> => {
  const queued = await findQueuedDocument(deps.db, row.id, row.senderId)
  if (queued === undefined) return null
  const { documents, isBounded } = await countDocumentsAhead(deps.db, queued, row.senderId)
  const canSign = await hasAllToSign(deps, row.senderId)
  const text = (await isAfterUnsent(deps, row)) ? texts.prior : texts.compose
  return {
    stage: canSign ? 'compose' : 'sign',
    ...(canSign ? text : texts.sign),
    ...ageOf(deps, queued.since),
    ...NOWHERE,
    ...{ ahead: documents, aheadMore: isBounded },
  }
}

const inMessage = async (
  deps: Asking,
  message: { readonly messageId: string; readonly senderId: string },
  links: readonly LinkStanding[],
): Promise<QueuePlace | null> => {
  const queued = await findQueuedMessage(deps.db, message, queuesOf(links))
  if (queued === undefined) return null
  const { documents, isBounded } = await countMessagesAhead(deps.db, queued, message.senderId)
  const atLink = { stage: 'dispatch', ...linkFacts(links, queued.queue) } as const
  return {
    ...(queued.stage === 'sign' ? { ...NOWHERE, ...AT_SIGNER } : atLink),
    ...ageOf(deps, queued.since),
    ...{ ahead: documents, aheadMore: isBounded, waitsFor: [] },
  }
}

/** Signers are slow where a device is behind them; the list of signing keys says how they stand. */
const AT_SIGNER = {
  stage: 'sign',
  zh: '已组报，等待签名服务或签名设备签名',
  en: 'Packed; waits for its signing service or device to sign it',
} as const

/** Where a message may wait: for a link, or for there to be one. */
const queuesOf = (links: readonly LinkStanding[]): readonly string[] => [
  ...links.map(({ code }) => code),
  NO_LINK,
]

const NOWHERE = {
  ...{ link: null, linkState: null, ahead: 0, aheadMore: false, estimateSeconds: null },
  waitsFor: [],
} as const

const ageOf = ({ clock }: Asking, since: Date): Pick<QueuePlace, 'since' | 'ageSeconds'> => ({
  since: since.toISOString(),
  ageSeconds: secondsBetween(since, clock.now()),
})

const linkFacts = (
  links: readonly LinkStanding[],
  queue: string,
): Pick<QueuePlace, 'link' | 'linkState' | 'estimateSeconds' | 'zh' | 'en'> => {
  const link = links.find(({ code }) => code === queue)
  if (link === undefined)
    return { link: null, linkState: null, estimateSeconds: null, ...texts.noLink }
  const linkState = stateOf(link)
  return { link: queue, linkState, estimateSeconds: drainSeconds(link), ...onLink[linkState] }
}

/** What no document may do without: a key in force to sign with, and an account at the exchange. */
const hasAllToSign = async ({ db, clock }: Asking, senderId: string): Promise<boolean> => {
  const now = clock.now()
  const [sender] = await findPrincipals(db, senderId, chinaDay(now), now)
  return sender?.hasKey === true && sender.hasAccount
}

const isAfterUnsent = async (
  { db }: Asking,
  { priorMessageId: id }: FoundDocument,
): Promise<boolean> => id !== null && (await findUnsent(db, [{ lane: laneOfId(id), id }])).size > 0

/** Needs that no accepted part answers, under whatever numbers the document goes by. */
const awaitedBy = async ({ db }: Asking, row: FoundDocument): Promise<readonly AwaitedPart[]> => {
  if (row.orderNo === null) return []
  const named = await findParts(db, [row.orderNo])
  const also = named.find(({ id }) => id === row.id)?.also ?? []
  const parts = [...named, ...(await findParts(db, also))]
  return parts
    .filter(({ id }) => id === row.id)
    .flatMap(({ thread, needs }) => (needs ?? []).map((need) => ({ thread, need })))
    .flatMap(({ thread, need }) => {
      const there = parts.filter((part) => part.thread === thread && part.offer === need)
      return there.some(({ accepted }) => accepted) ? [] : awaited(need, there.length > 0)
    })
}

const awaited = (need: string, there: boolean): readonly AwaitedPart[] => {
  const entry = declarations.find(({ offers }) => offers?.part === partOf(need))
  return entry === undefined ? [] : [{ kind: entry.code, zh: entry.zh, en: entry.en, there }]
}

const matchText = (waitsFor: readonly AwaitedPart[]): Text => {
  if (waitsFor.length === 0) return texts.match
  const zh = waitsFor.map((part) => `${part.zh}（${part.there ? '已交，待海关接受' : '未交'}）`)
  const en = waitsFor.map(
    (part) => `${part.en} (${part.there ? 'handed in, not accepted yet' : 'not handed in'})`,
  )
  return { zh: `等待：${zh.join('、')}`, en: `Waits for: ${en.join(', ')}` }
}

/** What an enterprise has waiting, by stage and kind. */
export interface EnterpriseQueue {
  readonly asOf: string
  readonly documents: number
  readonly more: boolean
  readonly entries: readonly EnterpriseQueueEntry[]
}

export interface EnterpriseQueueEntry extends Text {
  readonly stage: WaitingStage
  readonly kind: string
  readonly link: string | null
  readonly linkState: LinkState['state'] | null
  readonly documents: number
  readonly more: boolean
  /** Of the oldest. */
  readonly since: string
  readonly ageSeconds: number
  readonly estimateSeconds: number | null
}

export const enterpriseQueue = async (
  deps: Deps,
  enterpriseId: string,
): Promise<EnterpriseQueue> => {
  const { links } = await deps.standing()
  const entries = await alongKeys(deps.db, (trx) =>
    ownEntries({ ...deps, db: trx }, enterpriseId, links),
  )
  return {
    asOf: deps.clock.now().toISOString(),
    documents: entries.reduce((sum, { documents }) => sum + documents, 0),
    more: entries.some(({ more }) => more),
    entries,
  }
}

const ownEntries = async (
  deps: Asking,
  enterpriseId: string,
  links: readonly LinkStanding[],
): Promise<readonly EnterpriseQueueEntry[]> => {
  const { db } = deps
  const waiting = await findOwnWaiting(db, enterpriseId)
  const composing = await findOwnComposing(db, enterpriseId)
  const signing = await findOwnMessages(db, enterpriseId, 'sign', [enterpriseId])
  const dispatching = await findOwnMessages(db, enterpriseId, 'dispatch', queuesOf(links))
  const canSign = composing.length === 0 || (await hasAllToSign(deps, enterpriseId))
  const entry = (stage: WaitingStage, own: OwnQueue): EnterpriseQueueEntry => ({
    ...{ stage, kind: own.kind, link: null, linkState: null, estimateSeconds: null },
    ...(stage === 'dispatch' ? linkFacts(links, own.queue) : texts[stage]),
    ...{ documents: own.documents, more: own.isBounded },
    ...ageOf(deps, own.since),
  })
  return [
    ...waiting.map((own) => entry('match', own)),
    ...composing.map((own) => entry(canSign ? 'compose' : 'sign', own)),
    ...signing.map((own) => ({ ...entry('sign', own), ...AT_SIGNER })),
    ...dispatching.map((own) => entry('dispatch', own)),
  ]
}

const texts = {
  match: { zh: '等待对应单证', en: 'Waits for its companions' },
  compose: { zh: '等待组报签名', en: 'Waits to be packed and signed' },
  prior: {
    zh: '等待前一版本先发出',
    en: 'Waits until the version before it is out',
  },
  sign: {
    zh: '等待签名：发送企业没有有效的签名证书或 DXP 账号',
    en: 'Waits to be signed: its sender has no signing key in force, or no DXP account',
  },
  noLink: {
    zh: '已签名，排队待发；尚未设置通往海关的链路',
    en: 'Signed and queued; no link to customs is set up yet',
  },
} as const satisfies Readonly<Record<string, Text>>

const onLink: Readonly<Record<LinkState['state'], Text>> = {
  up: { zh: '已签名，排队待发', en: 'Signed and queued to be sent' },
  draining: {
    zh: '已签名，排队待发；链路刚恢复，积压正在按序发出',
    en: 'Signed and queued; the link is back and what has waited goes out in order',
  },
  down: {
    zh: '已签名，排队待发；链路中断，恢复后自动发出，无需重复提交',
    en: 'Signed and queued; the link is down, it goes out by itself once that is back. Hand nothing in twice',
  },
}
