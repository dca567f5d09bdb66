/**
 * Admission judges one document by itself: known kind, right shape, and handed in by somebody who
 * may. What passes becomes a draft, ready to be stored; nothing here reads or writes rows.
 */
import { hash } from 'node:crypto'
import { findDeclaration, headOf } from '../catalogue/index.ts'
import { MERCHANT_FIELD } from '../catalogue/match-fields.ts'
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type FieldRecord,
  type PartLink,
} from '../catalogue/message.ts'
import type { RuleCode } from '../catalogue/rules/index.ts'
import { checkDocument } from '../codec/check.ts'
import { headOfDocument, keyOf, linesOf, splitSensitive, withHead } from '../codec/document.ts'
import { at, type Fault, refuses } from '../kernel/fault.ts'
import { laneOf } from '../kernel/lane.ts'
import { type Counts, countsOf, yuanOf } from '../rules/counts.ts'
import type { Principal } from '../store/access.ts'
import type { NewDocument, StoredDocument } from '../store/documents.ts'
import type { ClosedMandate } from '../store/mandates.ts'
import type { DecidedZone, ZoneRule } from '../store/reference.ts'
import type { RuleValues } from '../store/rule-values.ts'
import type { Sealer } from '../store/seal.ts'
import { type DrawClaim, drawOf } from './bonded-draw.ts'
import { eligibilityWarnings } from './eligibility.ts'
import type { Finding } from './findings.ts'
import { identityFindings } from './identity.ts'
import { intakeFault } from './intake-faults.ts'
import { marksOf } from './marks.ts'
import { lapsingWarnings, ownerOf } from './ownership.ts'
import { decideList } from './placing.ts'
import { buyerHash, claimOf, type QuotaClaim } from './quota.ts'
import { OWN_RANK } from './status.ts'
import { sumFindings } from './sums.ts'
import { withheldOf } from './tax-estimate.ts'
import type { Handed } from './types.ts'

/** A document fit to be stored; id, version and its work follow when it is. */
export type Draft = Omit<NewDocument, 'id' | 'version' | 'workLane' | 'workSubject' | 'party'>

export type Admission =
  | { readonly kind: 'refused'; readonly faults: readonly Fault[] }
  | {
      readonly kind: 'admitted'
      readonly draft: Draft
      readonly document: AnyDocument
      readonly warnings: readonly Fault[]
      /** What rules found in it by itself; what follows is decided for the whole batch. */
      readonly findings: readonly Finding[]
      /** What it draws on its buyer's year. */
      readonly claim: QuotaClaim | undefined
      /** What it draws on a bonded book. */
      readonly draw: DrawClaim | undefined
      /** Hash of its content with these values where its own were only filled in. */
      readonly hashWith?: (held: Pick<StoredDocument, 'guid' | 'appTime'>) => Uint8Array
    }

export interface AdmissionContext {
  readonly principals: readonly Principal[]
  /** Mandates that do not hold today, where a refusal has to be explained. */
  readonly closed?: readonly ClosedMandate[]
  /** China date, yyyy-MM-dd. */
  readonly today: string
  readonly submittedBy: string
  readonly sealer: Sealer
  readonly zoneRules: readonly ZoneRule[]
  readonly ruleValues: RuleValues
  /** Codes of enterprises that need no look; those found right are added. */
  readonly knownCodes: Set<string>
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
  const placed = placedOf(context, entry, checked.document, head)
  const pointer = group === undefined ? '' : at('', group)
  const principals = principalsFor(context, handed)
  const owner = ownerOf(entry, head, { ...context, principals, zone: placed.zone, pointer })
  if (owner.kind === 'refused') return { kind: 'refused', faults: [...faults, owner.fault] }
  const draft = draftOf(context, entry, checked.document, head, owner.principal, placed)
  const warnings = [
    ...faults,
    ...lapsingWarnings(entry, owner, context.today, pointer),
    ...eligibilityWarnings(entry, checked.document, context.ruleValues),
  ]
  const { document } = checked
  const findings = findingsOf(context, entry, document, head)
  const claim = claimOf(entry, document, head, draft.buyerHash)
  const draw = drawOf(entry, document, head)
  const told = { warnings, findings }
  const admitted = { kind: 'admitted', draft, document, claim, draw, ...told } as const
  const filled = handed.filled ?? []
  if (filled.length === 0) return admitted
  return {
    ...admitted,
    hashWith: ({ guid, appTime }) => {
      const values = Object.entries({ guid, appTime }).filter(([name]) => filled.includes(name))
      const asHeld = withHead(entry, checked.document, Object.fromEntries(values))
      return contentOf(entry, asHeld).hash
    },
  }
}

const principalsFor = (
  { principals }: AdmissionContext,
  { senderId }: Handed,
): readonly Principal[] =>
  senderId === undefined ? principals : principals.filter(({ id }) => id === senderId)

/** What is deleted is judged no more: it shall go, whatever is wrong with it. */
const findingsOf = (
  { today, knownCodes }: AdmissionContext,
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
): readonly Finding[] =>
  head.appType === APP_TYPE.delete
    ? []
    : [
        ...identityFindings(entry, document, today.replaceAll('-', ''), knownCodes),
        ...sumFindings(entry, document, head),
      ]

/** A document as it is stored: what may lie open, what may not, and the hash of both. */
const contentOf = (entry: Declaration, document: AnyDocument) => {
  const split = splitSensitive(entry, document)
  const payload = JSON.stringify(split.plain)
  const sensitive = JSON.stringify(split.sensitive)
  return { payload, sensitive, hash: hash('sha256', payload + sensitive, 'buffer') }
}

const draftOf = (
  context: AdmissionContext,
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
  principal: Principal,
  placed: Placed,
): Draft => {
  const [number = '', ...owner] = keyOf(entry, document)
  const guid = head.guid ?? ''
  const content = contentOf(entry, document)
  const orderNo = entry.consignment === undefined ? null : (head[entry.consignment] ?? null)
  const appType = head.appType ?? APP_TYPE.new
  // A deletion brings nothing to its consignment, waits for nobody and asks nothing of others.
  const isDeletion = appType === APP_TYPE.delete
  const stands = orderNo !== null && !isDeletion
  const needs = stands ? needsOf(entry, head, orderNo) : NO_NEEDS
  const waits = needs.size > 0 && principal.waitsForCompanions
  const buyer = entry.buyer === undefined ? undefined : head[entry.buyer]
  return {
    lane: laneOf(number),
    kind: entry.code,
    number,
    owner: owner.join(SEPARATOR),
    senderId: principal.id,
    submittedBy: context.submittedBy,
    client: head[MERCHANT_FIELD] ?? principal.codes[0] ?? '',
    mandateId: principal.mandateId,
    guid,
    appType,
    appTime: head.appTime ?? '',
    payload: content.payload,
    sealed: context.sealer.seal(Buffer.from(content.sensitive), sealContext(guid)),
    contentHash: content.hash,
    buyerHash: buyer === undefined ? null : buyerHash(context.sealer, buyer),
    // Not spread: an object literal with a spread inside is slow to copy ever after.
    zone: placed.zone,
    tradeMode: placed.tradeMode,
    amount: placed.amount,
    counts: placed.counts,
    orderNo,
    orderLane: orderNo === null ? null : laneOf(orderNo),
    offer: stands && entry.offers !== undefined ? partText(entry.offers, head) : null,
    marks: stands && entry.offers !== undefined ? marksOf(entry, document, context.sealer) : null,
    doubts: null,
    withheld: stands ? withheldOf(entry, document) : null,
    needs: (orderNo !== null && needs.get(orderNo)?.join(LIST_SEPARATOR)) || null,
    others: [...needs]
      .filter(([other]) => other !== orderNo)
      .map(([other, texts]) => ({
        ...{ lane: laneOf(other), number: other, needs: texts.join(LIST_SEPARATOR) },
      })),
    targets: isDeletion ? [] : targetsOf(entry, document, head),
    state: waits ? 'waiting' : 'ready',
    rank: waits ? OWN_RANK.waiting : OWN_RANK.ready,
    stage: waits ? 'match' : 'compose',
  }
}

/** Joins values that may hold any printable character; XML 1.0 cannot carry this one, nor the next. */
const SEPARATOR = '\u001e'
const LIST_SEPARATOR = '\u001f'

/** Rules that a document breaks by itself, as they are stored beside it; null for none. */
export const doubtsText = (broken: readonly RuleCode[]): string | null =>
  [...new Set(broken)].join(LIST_SEPARATOR) || null

const NO_NEEDS: ReadonlyMap<string, readonly string[]> = new Map()

/** What the document goes with, by the number it is found under. */
const needsOf = (
  entry: Declaration,
  head: FieldRecord,
  orderNo: string,
): ReadonlyMap<string, readonly string[]> => {
  if (entry.needs === undefined) return NO_NEEDS
  const needs = new Map<string, string[]>()
  const day = (head.appTime ?? '').slice(0, 8)
  for (const need of entry.needs) {
    if (need.until !== undefined && day >= need.until) continue
    const number = need.via === undefined ? orderNo : head[need.via]
    if (number === undefined) continue
    const found = needs.get(number)
    if (found === undefined) needs.set(number, [partText(need, head)])
    else found.push(partText(need, head))
  }
  return needs
}

/** Numbers of the documents it asks customs to act on, each once. */
export const targetsOf = (
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
): readonly string[] => {
  const { acts } = entry
  if (acts === undefined) return []
  const records = acts.group === undefined ? [head] : linesOf(entry, document, acts.group)
  return [...new Set(records.flatMap((record) => record[acts.by] ?? []))]
}

/** Key text of the owner part of a business key, as stored. */
export const ownerText = (values: readonly string[]): string => values.join(SEPARATOR)

/** The values again; one that was empty is ''. */
export const ownerParts = (text: string): readonly string[] => text.split(SEPARATOR)

/** What binds the sealed part to its document version. */
export const sealContext = (guid: string): string => `document/${guid}`

const partText = (link: PartLink, head: FieldRecord): string =>
  [link.part, ...link.on.map((field) => head[field] ?? '')].join(SEPARATOR)

/** What a draft waits for, one by one. */
export const needsIn = (needs: string): readonly string[] => needs.split(LIST_SEPARATOR)

/** How offers and needs of a part begin. */
export const partPrefix = (part: string): string => `${part}${SEPARATOR}`

/** The part of an offer or a need, and the values that tie it to the others. */
export const partOf = (offer: string): string => offer.slice(0, offer.indexOf(SEPARATOR))
export const linkOf = (offer: string): string => offer.slice(offer.indexOf(SEPARATOR))

type Placed = Pick<Draft, 'zone' | 'tradeMode' | 'amount' | 'counts'>

const UNCOUNTED: Placed = { zone: null, tradeMode: null, amount: null, counts: null }

/** A list of no zone also counts by why that is so. */
const placedCounts = (counts: Counts, decided: DecidedZone): Counts =>
  decided.zone === null
    ? { ...counts, dims: { ...counts.dims, undecided: decided.because } }
    : counts

const placedOf = (
  context: AdmissionContext,
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
): Placed => {
  const { trade } = entry
  if (trade === undefined) return UNCOUNTED
  const counts = countsOf(trade, head, linesOf(entry, document, trade.lines.group))
  const decided = decideList(context.zoneRules, trade, head)
  return {
    zone: decided.zone,
    tradeMode: head[trade.mode] ?? null,
    amount: yuanOf(counts),
    // What asks for a deletion counts for nothing.
    counts: head.appType === APP_TYPE.delete ? null : JSON.stringify(placedCounts(counts, decided)),
  }
}
