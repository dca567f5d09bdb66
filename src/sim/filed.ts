/**
 * One document as the office files it: facts of all its versions, and of the content of the last
 * one what is compared, repeated, told of or acted upon. Goods stand in one short text, because
 * fifty thousand lists of them are kept.
 */

import { YUAN } from '../catalogue/measures.ts'
import {
  type AnyDocument,
  APP_TYPE,
  type Declaration,
  type FieldRecord,
  type Need,
  type PartLink,
  type State,
} from '../catalogue/message.ts'
import { headOfDocument, keyOf, linesOf } from '../codec/document.ts'
import { add, type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { detached, detachedAll } from './detached.ts'
import { type Fate, fateOf } from './fates.ts'
import { type Compared, comparedOf } from './match.ts'
import { KEPT_OF_LINE, type Traits, traitsOf } from './traits.ts'
import type { YearUse } from './years.ts'

/**
 * `open` taken, `draft` only kept, `decided` matched with its companions, used by a list that was,
 * or done as asked; the last two make room for a new document under the same key.
 */
export type Standing = 'open' | 'draft' | 'decided' | 'refused' | 'deleted'

export interface Filed {
  readonly entry: Declaration
  readonly traits: Traits
  /** Kind and key as one text. */
  readonly id: string
  readonly key: readonly string[]
  /** Number of its consignment; '' without one. */
  orderNo: string
  guid: string
  appTime: string
  versions: number
  standing: Standing
  fate: Fate
  /** Head fields that are kept (`traits.ts`). */
  facts: FieldRecord
  /** Lines of its goods, see `goodsOf`; '' for a kind whose goods nobody asks for. */
  goods: string
  /** What the match looks at; forgotten once it was done for good. */
  compared: Compared | undefined
  /** Numbers under which it meets others; it lives under the first. */
  places: readonly string[]
  /** What it brings to its consignment, and what it waits for. */
  offer: string | undefined
  wants: readonly Want[]
  /** Sum of the prices of its lines, for a kind that counts in the trade totals; those in CNY alone. */
  amount: Decimal
  /** The same in another currency, of a list whose prices are all in that one; else undefined. */
  foreign: ForeignAmount | undefined
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
  /** Official time of its release as planned; undefined for one that is not on the way there. */
  releasedAt: number | undefined
  /** State that another document gave it. */
  made: State | undefined
  /** Replies planned for later than this are not sent: the way it was on ended. */
  way: Ending
  /** What other documents did with it. */
  later: Later | undefined
  /** What it took of its buyer's year; undefined for what took nothing. */
  use: YearUse | undefined
}

/** Shared by what was planned together, so that all of it can be ended at once. */
export interface Ending {
  endsAt: number
}

export interface ForeignAmount {
  readonly currency: string
  readonly amount: Decimal
}

export interface Later {
  /** Quantities returned, by line number. */
  readonly returned: Map<string, Decimal>
  /** Its departure was told. */
  closed: boolean
  summarised: boolean
  /** What was told of it unasked: its tax bill, or what came of it. */
  told: Told | undefined
}

export interface Told {
  /** Numbers given with it, by field name. */
  given: Readonly<Record<string, string>>
  /** Official times of the first notice and of the last one planned, milliseconds. */
  openedAt: number
  toldAt: number
  readonly way: Ending
}

export interface Want {
  readonly part: string
  readonly offer: string
  /** Number under which it is looked for. */
  readonly place: string
}

export const fileDocument = (
  entry: Declaration,
  document: AnyDocument,
  receiverId: string,
): Filed => {
  const head = headOfDocument(entry, document)
  const traits = traitsOf(entry)
  const key = detachedAll(keyOf(entry, document))
  const id = idOf(entry.code, key)
  const [orderNo = '', guid = '', appTime = ''] = detachedAll([
    head[entry.consignment ?? ''] ?? '',
    head.guid ?? '',
    head.appTime ?? '',
  ])
  const home = orderNo === '' ? id : orderNo
  const wants = (entry.needs ?? [])
    .filter((need) => isAsked(need, appTime))
    .map((need) => wantOf(need, head, home))
  // One plain literal: objects made of spreads take twice the memory, and there are many of these.
  return {
    entry,
    traits,
    id,
    key,
    orderNo,
    guid,
    appTime,
    versions: 1,
    standing: head.appType === APP_TYPE.delete ? 'deleted' : isDraft(head) ? 'draft' : 'open',
    fate: fateOf(entry, head),
    facts: detached(head, traits.kept),
    goods: goodsText(entry, traits, document),
    compared: comparedOf(entry, document),
    places: placesOf(home, wants),
    offer: entry.offers === undefined ? undefined : offerOf(entry.offers, head),
    wants,
    amount: amountIn(entry, document, YUAN),
    foreign: foreignOf(entry, document),
    receiverId,
    status: '',
    statusAt: 0,
    repliedAt: 0,
    busyUntil: 0,
    counted: false,
    given: NONE,
    releasedAt: undefined,
    made: undefined,
    way: { endsAt: Number.POSITIVE_INFINITY },
    later: undefined,
    use: undefined,
  }
}

export const idOf = (kind: string, key: readonly string[]): string => [kind, ...key].join(BORDER)

export const laterOf = (filed: Filed): Later => {
  filed.later ??= { returned: new Map(), closed: false, summarised: false, told: undefined }
  return filed.later
}

/** Kept lines of a list's goods. */
export const goodsOf = (filed: Filed): readonly FieldRecord[] =>
  filed.goods === ''
    ? []
    : filed.goods.split(LINE).map((line) => {
        const values = line.split(BORDER)
        return Object.fromEntries(KEPT_OF_LINE.map((name, i) => [name, values[i] ?? '']))
      })

const NONE: Filed['given'] = Object.freeze({})

/** Neither stands in a value of XML. */
const BORDER = '\u0000'
const LINE = '\u0001'
const DRAFT = '1'

const isDraft = ({ appStatus }: FieldRecord): boolean => appStatus === DRAFT

const isAsked = ({ until }: Need, appTime: string): boolean =>
  until === undefined || appTime.slice(0, 8) < until

const offerOf = (link: PartLink, head: FieldRecord): string =>
  [link.part, ...link.on.map((field) => head[field] ?? '')].join(BORDER)

const wantOf = (need: Need, head: FieldRecord, home: string): Want => ({
  part: need.part,
  offer: offerOf(need, head),
  place: need.via === undefined ? home : (detachedAll([head[need.via] ?? ''])[0] ?? ''),
})

const placesOf = (home: string, wants: readonly Want[]): readonly string[] =>
  wants.length === 0 ? [home] : [...new Set([home, ...wants.map(({ place }) => place)])]

const goodsText = (entry: Declaration, { goods }: Traits, document: AnyDocument): string => {
  if (goods === undefined) return ''
  // Joined texts are copies and keep no message alive.
  return linesOf(entry, document, goods)
    .map((line) => KEPT_OF_LINE.map((name) => line[name] ?? '').join(BORDER))
    .join(LINE)
}

const amountIn = (entry: Declaration, document: AnyDocument, currency: string): Decimal => {
  const { trade } = entry
  if (trade === undefined) return ZERO
  const { lines } = trade
  return linesOf(entry, document, lines.group).reduce<Decimal>(
    (sum, line) =>
      line[lines.currency] === currency
        ? add(sum, readDecimal(line[lines.amount] ?? '') ?? ZERO)
        : sum,
    ZERO,
  )
}

const foreignOf = (entry: Declaration, document: AnyDocument): ForeignAmount | undefined => {
  const lines = entry.trade?.lines
  if (lines === undefined) return undefined
  const named = linesOf(entry, document, lines.group).map((line) => line[lines.currency] ?? '')
  const [currency = YUAN] = named
  if (currency === YUAN || named.some((each) => each !== currency)) return undefined
  return { currency: detachedAll([currency])[0] ?? '', amount: amountIn(entry, document, currency) }
}
