/**
 * Admission judges one document by itself: known kind, right shape, and handed in by somebody who
 * may. What passes becomes a draft, ready to be stored; nothing here reads or writes rows.
 */
import { createHash } from 'node:crypto'
import { findDeclaration, headOf } from '../catalogue/index.ts'
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type FieldRecord,
  type PartLink,
} from '../catalogue/message.ts'
import { checkDocument } from '../codec/check.ts'
import { headOfDocument, keyOf, linesOf, splitSensitive } from '../codec/document.ts'
import { add, readDecimal, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { at, type Fault, refuses } from '../kernel/fault.ts'
import { laneOf } from '../kernel/lane.ts'
import type { Principal } from '../store/access.ts'
import type { NewDocument } from '../store/documents.ts'
import { decideZone, type ZoneRule } from '../store/reference.ts'
import type { Sealer } from '../store/seal.ts'
import { intakeFault } from './intake-faults.ts'
import { ownerOf } from './ownership.ts'
import { OWN_RANK } from './status.ts'
import type { Handed } from './types.ts'

/** A document fit to be stored; id, version and its work follow when it is. */
export type Draft = Omit<NewDocument, 'id' | 'version' | 'workLane' | 'workSubject'>

export type Admission =
  | { readonly kind: 'refused'; readonly faults: readonly Fault[] }
  | { readonly kind: 'admitted'; readonly draft: Draft; readonly warnings: readonly Fault[] }

export interface AdmissionContext {
  readonly principals: readonly Principal[]
  readonly submittedBy: string
  readonly sealer: Sealer
  readonly zoneRules: readonly ZoneRule[]
}

export const admit = (context: AdmissionContext, handed: Handed): Admission => {
  const entry = findDeclaration(handed.kind)
  if (entry === undefined)
    return { kind: 'refused', faults: [intakeFault('DOCUMENT', 'UNKNOWN_KIND')] }
  const checked = checkDocument(entry, handed.document)
  const faults = [...(handed.faults ?? []), ...checked.faults]
  if (refuses(faults)) return { kind: 'refused', faults }
  const head = headOfDocument(entry, checked.document)
  const group = headOf(entry).group
  const owner = ownerOf(entry, head, context.principals, group === undefined ? '' : at('', group))
  if (owner.kind === 'refused') return { kind: 'refused', faults: [...faults, owner.fault] }
  const draft = draftOf(context, entry, checked.document, head, owner.principal)
  return { kind: 'admitted', draft, warnings: faults }
}

const draftOf = (
  context: AdmissionContext,
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
  principal: Principal,
): Draft => {
  const [number = '', ...owner] = keyOf(entry, document)
  const guid = head.guid ?? ''
  const split = splitSensitive(entry, document)
  const payload = JSON.stringify(split.plain)
  const sensitive = JSON.stringify(split.sensitive)
  const orderNo = entry.consignment === undefined ? null : (head[entry.consignment] ?? null)
  const appType = head.appType ?? APP_TYPE.new
  // A deletion brings nothing to its consignment and waits for nobody.
  const stands = orderNo !== null && appType !== APP_TYPE.delete
  const waits = stands && entry.needs !== undefined && principal.waitsForCompanions
  const buyer = entry.buyer === undefined ? undefined : head[entry.buyer]
  return {
    lane: laneOf(number),
    kind: entry.code,
    number,
    owner: owner.join(SEPARATOR),
    senderId: principal.id,
    submittedBy: context.submittedBy,
    guid,
    appType,
    appTime: head.appTime ?? '',
    payload,
    sealed: context.sealer.seal(Buffer.from(sensitive), sealContext(guid)),
    contentHash: createHash('sha256').update(payload).update(sensitive).digest(),
    buyerHash: buyer === undefined ? null : context.sealer.lookup(buyer),
    ...tradeOf(context, entry, document, head),
    orderNo,
    orderLane: orderNo === null ? null : laneOf(orderNo),
    offer: stands && entry.offers !== undefined ? partText(entry.offers, head) : null,
    needs: waits ? (entry.needs ?? []).map((need) => partText(need, head)).join('\u001f') : null,
    state: waits ? 'waiting' : 'ready',
    rank: waits ? OWN_RANK.waiting : OWN_RANK.ready,
    stage: waits ? 'match' : 'compose',
  }
}

/** Joins values that may hold any printable character; XML 1.0 cannot carry this one. */
const SEPARATOR = '\u001e'

/** Key text of the owner part of a business key, as stored. */
export const ownerText = (values: readonly string[]): string => values.join(SEPARATOR)

/** What binds the sealed part to its document version. */
export const sealContext = (guid: string): string => `document/${guid}`

const partText = (link: PartLink, head: FieldRecord): string =>
  [link.part, ...link.on.map((field) => head[field] ?? '')].join(SEPARATOR)

/** The part of an offer or a need, and the values that tie it to the others. */
export const partOf = (offer: string): string => offer.slice(0, offer.indexOf(SEPARATOR))
export const linkOf = (offer: string): string => offer.slice(offer.indexOf(SEPARATOR))

const tradeOf = (
  context: AdmissionContext,
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
): Pick<Draft, 'zone' | 'tradeMode' | 'amount'> => {
  const trade = entry.trade
  if (trade === undefined) return { zone: null, tradeMode: null, amount: null }
  const amounts = linesOf(entry, document, trade.group).map(
    (line) => readDecimal(line[trade.amount] ?? '') ?? ZERO,
  )
  const zone = decideZone(context.zoneRules, {
    warehouse: head[trade.warehouse],
    site: head[trade.site],
    office: head[trade.office],
    on: (head.appTime ?? '').replace(/^(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3'),
  })
  return {
    zone: zone ?? null,
    tradeMode: head[trade.mode] ?? null,
    amount: writeDecimal(add(...amounts)),
  }
}
