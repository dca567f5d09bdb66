/**
 * Compose and sign: documents that are ready become signed messages, whose bytes and hash are kept
 * before anything is sent, so that every sending sends the same bytes. Everything of a batch
 * happens in one transaction; a crash in the middle leaves the work as it was. A signer that has to
 * be called out to is not waited for: its messages are kept unsigned, for the stage that signs them.
 */
import { createHash } from 'node:crypto'
import { getDeclaration } from '../catalogue/index.ts'
import type { AnyDocument } from '../catalogue/message.ts'
import { headOfDocument, joinSensitive } from '../codec/document.ts'
import { writeMessage } from '../codec/write.ts'
import { failureFacts } from '../kernel/failure.ts'
import { laneOfId } from '../kernel/ids.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import { COMPOSE_BYTES_MAX, COMPOSE_RETRY_SECONDS } from '../kernel/limits.ts'
import { PRIOR_RETRY_MAX_MS, PRIOR_RETRY_MS } from '../kernel/link-limits.ts'
import { signMessage, type Unsigned } from '../signing/sign.ts'
import { writeEvidence } from '../store/evidence.ts'
import { findUnsent } from '../store/links.ts'
import {
  type ComposableDocument,
  findComposable,
  findSenders,
  insertMessages,
  joinMessages,
  type NewMessage,
  type Sender,
} from '../store/messages.ts'
import { REPLY_WORK, replyWork } from '../store/replies.ts'
import { lockMessages } from '../store/resend.ts'
import { inTransaction, Overtaken, type Trx } from '../store/transaction.ts'
import { addWork, claimWork, partyOf, type WorkItem } from '../store/work.ts'
import { sealContext } from './admission.ts'
import { kindFacts } from './kinds.ts'
import { linksOf } from './links.ts'
import { type Pack, pack } from './pack.ts'
import type { FlowDeps, RunBatch } from './types.ts'
import { outgoingDocument, sortUnseen, type Unseen, unseenEvidence } from './unseen.ts'

export const composeBatch: RunBatch = async (deps, limit) => {
  const now = deps.clock.now()
  const done = await inTransaction(deps.db, async (trx) => {
    const first = now.getTime() % LANE_COUNT
    const claimed = await claimWork(trx, { stage: 'compose', limit, first, now })
    const { documents, later } = await findComposable(trx, namedBy(claimed), COMPOSE_BYTES_MAX)
    const { due, early } = await afterPrior(trx, documents)
    const unseen = await sortUnseen(trx, due)
    const packs = pack(getDeclaration, unseen.outgoing)
    const senderIds = [...new Set(packs.map((item) => item.senderId))]
    const senders = await findSenders(trx, senderIds)
    const linkOf = await linksOf(deps, trx, senderIds)
    const composed: Composed[] = []
    const blocked: ComposableDocument[] = []
    for (const item of packs) {
      const message = await tryCompose(deps, trx, item, senders.get(item.senderId), unseen.asNew)
      if (message === undefined) blocked.push(...item.documents)
      else composed.push(message)
    }
    await insertMessages(
      trx,
      composed.map((item) => item.message),
      now,
    )
    const joined = composed.flatMap(joining)
    const found = await join(trx, joined, unseen, now)
    const next = composed.map(({ message }) =>
      message.hash === null
        ? signing(message)
        : sending(message, linkOf(message.senderId, message.kind)),
    )
    await addWork(trx, next, now)
    // The key or the account lapsed after the documents were taken, or cannot be opened: they stay
    // ready and are tried again.
    await addWork(
      trx,
      blocked.map(composing),
      new Date(now.getTime() + COMPOSE_RETRY_SECONDS * 1000),
    )
    await addWork(trx, later.map(composing), now)
    await holdBack(trx, early, now)
    if (blocked.length > 0) deps.log.warn('compose.blocked', { documents: blocked.length })
    return {
      claimed: claimed.length,
      signed: next.some(({ stage }) => stage === 'dispatch'),
      unsigned: next.some(({ stage }) => stage === 'sign'),
      documents: joined.length,
      messages: composed.map(({ message }) => message),
      replies: found,
    }
  })
  for (const { copMsgId, kind, senderId, documents } of done.messages)
    deps.log.info('compose.message', {
      ...{ copMsgId, kind, enterprise: senderId, documents: documents.length },
    })
  deps.meter.add('composed', done.documents)
  if (done.signed) deps.wake('dispatch')
  if (done.unsigned) deps.wake('sign')
  if (done.replies > 0) deps.wake('reply')
  return done.claimed
}

/** Each once: a version that was held back may have been woken as well. */
const namedBy = (
  claimed: readonly WorkItem[],
): readonly Pick<ComposableDocument, 'lane' | 'id' | 'version'>[] => [
  ...new Map(
    claimed.map(({ lane, subject: id, version }) => [`${id} ${version}`, { lane, id, version }]),
  ).values(),
]

/**
 * Ties documents to their messages, says what goes out otherwise than handed in, and has the replies
 * folded that were there before; how many. Somebody may have composed one of the documents at the
 * same moment: then nothing of this batch may stay.
 */
const join = async (
  trx: Trx,
  joined: readonly ReturnType<typeof joining>[number][],
  unseen: Unseen,
  now: Date,
): Promise<number> => {
  const { count, awaiting } = await joinMessages(trx, joined)
  if (count !== joined.length) throw new Overtaken()
  await writeEvidence(trx, kindFacts, unseenEvidence(unseen, joined), now)
  await addWork(
    trx,
    awaiting.map((id) => replyWork(id, REPLY_WORK.aside)),
    now,
  )
  return awaiting.length
}

/** The work of composing one version. */
export const composing = (
  document: Pick<ComposableDocument, 'lane' | 'id' | 'version' | 'senderId'>,
) => ({
  lane: document.lane,
  stage: 'compose' as const,
  subject: document.id,
  version: document.version,
  party: partyOf(document.senderId),
})

type Addressed = Pick<NewMessage, 'lane' | 'id' | 'senderId'>

/** Each sender's messages have a queue of their own, because each has signers of its own. */
const signing = ({ lane, id, senderId }: Addressed) => ({
  ...{ lane, stage: 'sign' as const, subject: id, queue: senderId, party: partyOf(senderId) },
})

/** The work of handing a signed message to its link. */
export const sending = ({ lane, id, senderId }: Addressed, link: string) => ({
  ...{ lane, stage: 'dispatch' as const, subject: id, queue: link, party: partyOf(senderId) },
})

/**
 * A version must not overtake the one before it: it waits as long as that is still on its way out.
 * The messages before are locked, so that none of them goes again while this is composed.
 */
const afterPrior = async (
  trx: Trx,
  documents: readonly ComposableDocument[],
): Promise<{
  readonly due: readonly ComposableDocument[]
  readonly early: readonly ComposableDocument[]
}> => {
  const priors = documents.flatMap(({ priorMessageId: id }) =>
    id === null ? [] : [{ lane: laneOfId(id), id }],
  )
  if (priors.length === 0) return { due: documents, early: [] }
  await lockMessages(trx, priors)
  const unsent = await findUnsent(trx, priors)
  const isEarly = ({ priorMessageId }: ComposableDocument): boolean =>
    priorMessageId !== null && unsent.has(priorMessageId)
  return {
    due: documents.filter((document) => !isEarly(document)),
    early: documents.filter(isEarly),
  }
}

/** Looked at again after about half as long as they have waited already. */
const holdBack = async (
  trx: Trx,
  early: readonly ComposableDocument[],
  now: Date,
): Promise<void> => {
  // Each pause is twice the one before, so there are a handful of them, however many wait.
  const pauses = new Map<number, ComposableDocument[]>()
  for (const document of early) {
    const waited = Math.max(1, now.getTime() - document.createdAt.getTime())
    const doublings = Math.max(0, Math.floor(Math.log2(waited / 2 / PRIOR_RETRY_MS)))
    const ms = Math.min(PRIOR_RETRY_MAX_MS, PRIOR_RETRY_MS * 2 ** doublings)
    pauses.set(ms, [...(pauses.get(ms) ?? []), document])
  }
  for (const [ms, held] of pauses)
    await addWork(trx, held.map(composing), new Date(now.getTime() + ms))
}

interface Composed {
  readonly pack: Pack<ComposableDocument>
  readonly message: NewMessage
}

/** What is wrong with one sender's key or documents must not hold up those of all the others. */
const tryCompose: typeof compose = async (deps, trx, item, sender, asNew) => {
  try {
    return await compose(deps, trx, item, sender, asNew)
  } catch (problem) {
    // There is no message yet: its first document leads to the others.
    const [first] = item.documents
    const about = { kind: item.kind, enterprise: item.senderId, document: first?.id }
    const facts = { ...about, ...failureFacts(problem) }
    deps.log.error('compose.failed', facts)
    return undefined
  }
}

const compose = async (
  deps: FlowDeps,
  trx: Trx,
  item: Pack<ComposableDocument>,
  sender: Sender | undefined,
  asNew: ReadonlySet<string>,
): Promise<Composed | undefined> => {
  const signer = await deps.signerOf(item.senderId, trx)
  if (signer === undefined || sender === undefined) return undefined
  const entry = getDeclaration(item.kind)
  // Outbound ids are upper case by convention; CopMsgId and message guid are one and the same.
  const copMsgId = item.id.toUpperCase()
  const written = writeMessage(
    entry,
    item.documents.map((document) => outgoingDocument(document, whole(deps, document), asNew)),
    {
      guid: copMsgId,
      trailer: {
        transfer: { copCode: sender.code, copName: sender.name, dxpId: sender.dxpId },
      },
    },
  )
  const message: NewMessage = {
    lane: laneOfId(item.id),
    id: item.id,
    kind: item.kind,
    senderId: sender.id,
    senderDxpId: sender.dxpId,
    receiverDxpIds: deps.customsAddress[entry.direction === 'export' ? 'export' : 'import'],
    copMsgId,
    ...(signer === 'called-out'
      ? unsignedBytes(deps, copMsgId, written)
      : signedBytes(deps, copMsgId, await signMessage(written, signer))),
    documents: item.documents.map(({ id, version }) => ({ id, version })),
  }
  return { pack: item, message }
}

const unsignedBytes = (
  deps: Pick<FlowDeps, 'sealer'>,
  copMsgId: string,
  { canonical, signatureAt: at, namespaces }: Unsigned,
): Pick<NewMessage, 'sealed' | 'hash' | 'place'> => ({
  sealed: deps.sealer.seal(Buffer.from(canonical), unsignedSealContext(copMsgId)),
  hash: null,
  place: { at, namespaces },
})

/** Signed bytes as they are kept. */
export const signedBytes = (
  deps: Pick<FlowDeps, 'sealer'>,
  copMsgId: string,
  bytes: Uint8Array,
): { readonly sealed: Uint8Array; readonly hash: Uint8Array } => ({
  sealed: deps.sealer.seal(bytes, messageSealContext(copMsgId)),
  hash: createHash('sha256').update(bytes).digest(),
})

/** What binds a text that waits for its signature: never to be taken for a message. */
export const unsignedSealContext = (copMsgId: string): string => `unsigned/${copMsgId}`

/** What binds the sealed bytes to their message. */
export const messageSealContext = (copMsgId: string): string => `message/${copMsgId}`

/** The document with its sealed part put back. */
export const whole = (
  deps: Pick<FlowDeps, 'sealer'>,
  stored: Pick<ComposableDocument, 'kind' | 'payload' | 'sealed'>,
): AnyDocument => {
  const entry = getDeclaration(stored.kind)
  const plain = stored.payload
  if (stored.sealed === null) return plain
  const guid = headOfDocument(entry, plain).guid ?? ''
  const opened = deps.sealer.open(stored.sealed, sealContext(guid))
  const sensitive: Record<string, string> = JSON.parse(Buffer.from(opened).toString('utf8'))
  return joinSensitive(entry, plain, sensitive)
}

const joining = ({ pack: item, message }: Composed) =>
  item.documents.map(({ lane, id, version }) => ({ lane, id, version, messageId: message.id }))
