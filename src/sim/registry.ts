/**
 * The documents a customs office holds: by their own key, and by the order number that ties a
 * consignment together. Decides by `appType` and `appTime` whether a document may come in. Holds
 * what is compared until it is matched, never whole documents, and only so many consignments.
 */
import type { Situation } from '../catalogue/error-codes.ts'
import { findMessage, headOf } from '../catalogue/index.ts'
import type { AnyDocument, Declaration, FieldRecord, PartLink } from '../catalogue/message.ts'
import { headOfDocument, keyOf, linesOf } from '../codec/document.ts'
import { perEntry } from '../codec/shape.ts'
import { add, type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { detached, detachedAll } from './detached.ts'
import { type Compared, comparedOf } from './match.ts'

/**
 * `open` taken, `draft` only kept, `decided` matched with its companions or used by a list that
 * was; the last two make room for a new document under the same key.
 */
export type Standing = 'open' | 'draft' | 'decided' | 'refused' | 'deleted'

/** One document as filed: facts of all its versions, comparable content of the last one. */
export interface Filed {
  readonly entry: Declaration
  /** Kind and key as one text. */
  readonly id: string
  readonly key: readonly string[]
  orderNo: string
  guid: string
  appTime: string
  versions: number
  standing: Standing
  /** Head fields that its replies repeat. */
  echo: FieldRecord
  /** What the match looks at; forgotten once it was done. */
  compared: Compared | undefined
  /** What it brings to its consignment, and what it waits for. */
  offer: string | undefined
  wants: readonly Want[]
  /** Sum of the prices of its lines, for a kind that counts in the trade totals. */
  amount: Decimal
  /** DXP address its replies go to. */
  receiverId: string
  /** Official status of the latest reply whose time has come, and its official time. */
  status: string
  statusAt: number
  /** Official time of the last reply planned, and when that is due: milliseconds. */
  repliedAt: number
  busyUntil: number
  counted: boolean
  /** Numbers given by customs, by field name. */
  given: Readonly<Record<string, string>>
}

export interface Want {
  readonly part: string
  readonly offer: string
}

export interface Consignment {
  readonly orderNo: string
  /** Every document of it, in order of arrival; four as a rule. */
  readonly filed: Filed[]
}

export type Admission =
  | { readonly kind: 'taken'; readonly filed: Filed; readonly consignment: Consignment }
  /** Not taken; `filed` holds the facts for the answer and is not kept, `held` is what stands. */
  | {
      readonly kind: 'refused'
      readonly filed: Filed
      readonly held: Filed | undefined
      readonly situation: Situation
    }

export interface Registry {
  /** A document of a message whose signature does not hold is never taken. */
  admit(entry: Declaration, document: AnyDocument, receiverId: string, isSigned: boolean): Admission
  find(kind: string, key: readonly string[]): Filed | undefined
  all(): Iterable<Filed>
}

export const createRegistry = (remember: number): Registry => {
  const byKey = new Map<string, Filed>()
  const consignments = new Map<string, Consignment>()

  const consignmentOf = (orderNo: string): Consignment => {
    const known = consignments.get(orderNo)
    if (known !== undefined) return known
    const made: Consignment = { orderNo, filed: [] }
    consignments.set(orderNo, made)
    if (consignments.size > remember) forgetOldest()
    return made
  }

  // One iterator for good: a new one would step over everything forgotten before it.
  const oldestFirst = consignments.values()
  const forgetOldest = (): void => {
    const oldest = oldestFirst.next().value
    if (oldest === undefined) return
    for (const { id } of oldest.filed) byKey.delete(id)
    consignments.delete(oldest.orderNo)
  }

  return {
    admit: (entry, document, receiverId, isSigned) => {
      const head = headOfDocument(entry, document)
      const key = keyOf(entry, document)
      const fresh = file(entry, key, head, document, receiverId)
      const held = byKey.get(fresh.id)
      const situation = isSigned ? objection(held, head) : 'bad-signature'
      if (situation !== undefined) {
        if (held !== undefined) {
          fresh.repliedAt = held.repliedAt
          fresh.given = held.given
        }
        return { kind: 'refused', filed: fresh, held, situation }
      }
      // A new version may name another order.
      const former = held === undefined ? undefined : consignments.get(held.orderNo)?.filed
      if (held !== undefined && former !== undefined) former.splice(former.indexOf(held), 1)
      const filed = held === undefined ? fresh : replace(held, fresh)
      const consignment = consignmentOf(filed.orderNo)
      byKey.set(filed.id, filed)
      consignment.filed.push(filed)
      return { kind: 'taken', filed, consignment }
    },
    find: (kind, key) => byKey.get(idOf(kind, key)),
    all: () => byKey.values(),
  }
}

/** The documents that `filed` waits for and that are there, by part; and the parts missing. */
export const companionsOf = (
  filed: Filed,
  consignment: Consignment,
): { readonly found: ReadonlyMap<string, Filed>; readonly missing: readonly string[] } => {
  const found = new Map<string, Filed>()
  const missing: string[] = []
  for (const want of filed.wants) {
    const partner = findOffer(consignment, want.offer)
    if (partner === undefined) missing.push(want.part)
    else found.set(want.part, partner)
  }
  return { found, missing }
}

const findOffer = (consignment: Consignment, offer: string): Filed | undefined => {
  for (const filed of consignment.filed)
    if (filed.offer === offer && (filed.standing === 'open' || filed.standing === 'decided'))
      return filed
  return undefined
}

const offerOf = (link: PartLink, head: FieldRecord): string =>
  [link.part, ...link.on.map((field) => head[field] ?? '')].join(BORDER)

/** Stands in no value of XML. */
const BORDER = '\u0000'
const NEW = '1'
const DELETE = '3'
const DRAFT = '1'

/** What speaks against a document under a key that `held` may stand for; undefined for nothing. */
const objection = (held: Filed | undefined, head: FieldRecord): Situation | undefined => {
  const isNew = head.appType === NEW
  if (held === undefined || held.standing === 'deleted') return isNew ? undefined : 'no-original'
  if ((head.appTime ?? '') < held.appTime) return 'stale'
  if (held.standing === 'refused' || held.standing === 'draft') return undefined
  if (isNew) return 'duplicate'
  return held.standing === 'decided' ? 'already-declared' : undefined
}

const file = (
  entry: Declaration,
  key: readonly string[],
  head: FieldRecord,
  document: AnyDocument,
  receiverId: string,
): Filed => ({
  entry,
  id: idOf(entry.code, key),
  key: detachedAll(key),
  ...identity(entry, head),
  versions: 1,
  standing: head.appType === DELETE ? 'deleted' : head.appStatus === DRAFT ? 'draft' : 'open',
  echo: detached(head, echoedFields(entry)),
  compared: comparedOf(entry, document),
  offer: entry.offers === undefined ? undefined : offerOf(entry.offers, head),
  wants: (entry.needs ?? []).map((need) => ({ part: need.part, offer: offerOf(need, head) })),
  amount: amountOf(entry, document),
  receiverId,
  status: '',
  statusAt: 0,
  repliedAt: 0,
  busyUntil: 0,
  counted: false,
  given: {},
})

/** The next version under a key; what the office has given and counted stays. */
const replace = (held: Filed, fresh: Filed): Filed =>
  Object.assign(held, {
    orderNo: fresh.orderNo,
    guid: fresh.guid,
    appTime: fresh.appTime,
    versions: held.versions + 1,
    standing: fresh.standing,
    echo: fresh.echo,
    compared: fresh.compared,
    offer: fresh.offer,
    wants: fresh.wants,
    amount: fresh.amount,
    receiverId: fresh.receiverId,
  })

const identity = (entry: Declaration, head: FieldRecord) => {
  const { consignment = '' } = entry
  const [orderNo = '', guid = '', appTime = ''] = detachedAll([
    head[consignment] ?? '',
    head.guid ?? '',
    head.appTime ?? '',
  ])
  return { orderNo, guid, appTime }
}

/** Fields of the reply that the declaration's head has too, without its guid. */
const echoedFields: (entry: Declaration) => readonly string[] = perEntry((entry) => {
  if (entry.sort !== 'declaration') return []
  const reply = findMessage(entry.reply)
  if (reply?.sort !== 'reply') return []
  const own = headOf(entry).fields
  const given = new Set(['guid', ...(reply.gives ?? [])])
  return Object.keys(headOf(reply).fields).filter((name) => name in own && !given.has(name))
})

const amountOf = (entry: Declaration, document: AnyDocument): Decimal => {
  const { trade } = entry
  if (trade === undefined) return ZERO
  return linesOf(entry, document, trade.group).reduce<Decimal>(
    (sum, line) => add(sum, readDecimal(line[trade.amount] ?? '') ?? ZERO),
    ZERO,
  )
}

const idOf = (kind: string, key: readonly string[]): string => [kind, ...key].join(BORDER)
