/**
 * Reading one reply message: what it says, about which documents. Reading is lenient where customs
 * is, and needs only what folding needs: the key, the status code and the official time. Pure.
 */

import { exchangeMeaning, resultMeaning, statusMeaning } from '../catalogue/meanings.ts'
import type { AnyDocument, FieldRecord, FormatReply, Notice, Reply } from '../catalogue/message.ts'
import { officialStatus } from '../catalogue/statuses.ts'
import { headOfDocument, keyOf } from '../codec/document.ts'
import { readMessage } from '../codec/read.ts'
import { isKnownText, readReplyText } from '../codec/reply-text.ts'
import { readStamp } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import { laneOf } from '../kernel/lane.ts'
import { REPLY_TEXT_LENGTH_MAX } from '../kernel/limits.ts'
import type { Evidence } from '../store/evidence.ts'
import type { UnknownCode } from '../store/unknown-codes.ts'
import { readEnvelope } from '../wire/envelope.ts'
import type { ExchangeResponse } from '../wire/types.ts'
import { ownerText } from './admission.ts'

/** What a single reply says, without the document it says it about. */
export type Saying = Pick<Evidence, 'state' | 'rank' | 'returnTime'> & {
  readonly returnStatus: string
  readonly info: string
  /** The catalogue knows all of the text, so it may lie open. */
  readonly isKnown: boolean
  /** Result codes in the text, each once. */
  readonly resultCodes: readonly string[]
  /** Codes that nobody published. */
  readonly unknown: readonly UnknownCode[]
}

/** One reply about one document. */
export interface Single {
  readonly position: number
  /** Code of the declaration it answers. */
  readonly kind: string
  readonly lane: number
  /** '' when the reply leaves it out: then it goes by the numbers that customs gives. */
  readonly number: string
  /** The rest of the key, its parts joined; a part that the reply leaves out is ''. */
  readonly owner: string
  readonly saying: Saying
  /** Numbers customs gives, name and value. */
  readonly given: Given
}

export type Given = readonly (readonly [name: string, number: string])[]

/** What customs tells of one document unasked. */
export interface Telling {
  readonly position: number
  /** Code of the notice, and of the declaration it tells of. */
  readonly code: string
  readonly kind: string
  /** Number that customs gave the document, and its name. */
  readonly number: string
  readonly name: string
  /** The notice's own key, its parts joined. */
  readonly key: string
  readonly status: string
  /** 17 digits of official time. */
  readonly time: string
  readonly given: Given
  readonly document: AnyDocument
  /** Its status, when nobody published it. */
  readonly unknown: readonly UnknownCode[]
}

export type ReplyContent =
  | {
      readonly kind: 'unreadable'
      readonly problem: string
      readonly faults: readonly Fault[]
    }
  /** The exchange platform spoke, not customs. */
  | {
      readonly kind: 'exchange'
      readonly receiverId: string
      readonly responses: readonly ExchangeResponse[]
      readonly unknown: readonly UnknownCode[]
    }
  | {
      readonly kind: 'replies'
      readonly code: string
      readonly receivers: readonly string[]
      readonly singles: readonly Single[]
      /** Replies inside that lack a key, a status or a time that can be. */
      readonly incomplete: number
    }
  | {
      readonly kind: 'notices'
      readonly code: string
      readonly receivers: readonly string[]
      readonly tellings: readonly Telling[]
      /** Notices inside that lack a number, a status or a time that can be. */
      readonly incomplete: number
    }
  | {
      readonly kind: 'format'
      readonly code: string
      readonly receivers: readonly string[]
      readonly copMsgId: string
      readonly saying: Saying
    }

/**
 * `latest` bounds the official time, 17 digits: one from far in the future would outrank every true
 * reply that comes after it.
 */
export const readReply = (bytes: Uint8Array, latest: string): ReplyContent => {
  const read = readEnvelope(bytes)
  if (read.kind === 'unreadable') return unreadable(read.faults)
  if (read.kind === 'exchange-reply') return exchangeReply(read.receiverId, read.responses)
  const inner = readMessage(read.envelope.data)
  if (inner.kind === 'unreadable') return unreadable(inner.faults)
  const { entry, documents } = inner.message
  const receivers = read.envelope.receiverIds
  if (entry.sort === 'declaration')
    return { kind: 'unreadable', problem: `${entry.code}-NOT_A_REPLY`, faults: [] }
  const heads = documents.map(({ document }) => headOfDocument(entry, document))
  if (entry.sort === 'format-reply') return formatReply(entry, receivers, heads[0], latest)
  const of = { code: entry.code, receivers }
  if (entry.sort === 'notice') {
    const tellings = documents.flatMap(
      ({ document }, position) => telling(entry, document, position, latest) ?? [],
    )
    return { kind: 'notices', ...of, tellings, incomplete: heads.length - tellings.length }
  }
  const singles = heads.flatMap((head, position) => single(entry, head, position, latest) ?? [])
  return { kind: 'replies', ...of, singles, incomplete: heads.length - singles.length }
}

/** Problem texts are for a list on a page; longer ones are cut. */
const PROBLEM_LENGTH_MAX = 500

const unreadable = (faults: readonly Fault[]): ReplyContent => ({
  ...{ kind: 'unreadable', problem: codes(faults), faults },
})

const codes = (faults: readonly Fault[]): string =>
  faults
    .map((fault) => fault.code)
    .join(' ')
    .slice(0, PROBLEM_LENGTH_MAX)

/** Four digits by its text; of what is no code only a mark is kept. */
const exchangeReply = (receiverId: string, said: readonly ExchangeResponse[]): ReplyContent => {
  const responses = said.map((response) => ({
    ...response,
    code: /^\d{1,10}$/.test(response.code) ? response.code : '?',
    info: response.info.slice(0, REPLY_TEXT_LENGTH_MAX),
  }))
  const unknown = responses
    .filter(({ code }) => !exchangeMeaning(code).known)
    .map(({ code }): UnknownCode => ({ kind: EXCHANGE_REPLY, sort: 'exchange', code }))
  return { kind: 'exchange', receiverId, responses, unknown }
}

/** Root element of what the exchange platform answers. */
export const EXCHANGE_REPLY = 'DxpRep'

const formatReply = (
  entry: FormatReply,
  receivers: readonly string[],
  head: FieldRecord | undefined,
  latest: string,
): ReplyContent => {
  const copMsgId = head?.[entry.refused]
  const saying = head === undefined ? undefined : sayingOf(entry.code, entry.status, head, latest)
  if (copMsgId === undefined || saying === undefined)
    return { kind: 'unreadable', problem: `${entry.code}-INCOMPLETE`, faults: [] }
  return { kind: 'format', code: entry.code, receivers, copMsgId, saying }
}

const single = (
  entry: Reply,
  head: FieldRecord,
  position: number,
  latest: string,
): Single | undefined => {
  const [number = '', ...owner] = keyOf(entry, head)
  const saying = sayingOf(entry.answers, entry.status, head, latest)
  const given = givenIn(entry.gives ?? [], head)
  if (saying === undefined || (number === '' && given.length === 0)) return undefined
  return {
    position,
    kind: entry.answers,
    lane: laneOf(number),
    number,
    owner: ownerText(owner),
    saying,
    given,
  }
}

const givenIn = (names: readonly string[], head: FieldRecord): Given =>
  names.flatMap((name) => {
    const value = head[name]
    return value === undefined || value === '' ? [] : [[name, value] as const]
  })

const telling = (
  entry: Notice,
  document: AnyDocument,
  position: number,
  latest: string,
): Telling | undefined => {
  const head = headOfDocument(entry, document)
  const number = head[entry.about.by] ?? ''
  const status = head[entry.status.code] ?? ''
  const time = officialTime(head[entry.status.time], latest)
  if (number === '' || status === '' || time === undefined) return undefined
  return {
    ...{ position, code: entry.code, kind: entry.about.kind, number, name: entry.about.by },
    ...{ key: ownerText(keyOf(entry, document)), status, time, document },
    given: givenIn(entry.gives, head),
    unknown: Object.hasOwn(entry.meanings, status)
      ? []
      : [{ kind: entry.code, sort: 'status', code: /^[0-9A-Z]{1,3}$/.test(status) ? status : '?' }],
  }
}

/** 17 digits by the schema; the text of CEB900 allows other forms, and seconds must do. */
const officialTime = (text: string | undefined, latest: string): string | undefined => {
  const digits = (text ?? '').replace(/\D/g, '').slice(0, 17)
  const time = digits.length >= 14 ? digits.padEnd(17, '0') : ''
  return readStamp(time) === undefined || time > latest ? undefined : time
}

const sayingOf = (
  kind: string,
  names: Reply['status'],
  head: FieldRecord,
  latest: string,
): Saying | undefined => {
  const returnStatus = head[names.code] ?? ''
  const returnTime = officialTime(head[names.time], latest)
  if (returnStatus === '' || returnTime === undefined) return undefined
  const { state, rank } = officialStatus(returnStatus)
  const info = head[names.info] ?? ''
  const text = readReplyText(info)
  const resultCodes =
    text.items.length === 0 ? NONE : [...new Set(text.items.map(({ code }) => code))]
  const isKnown = isKnownText(info, text)
  const unknown = unknownCodes(kind, returnStatus, resultCodes)
  return { state, rank, returnTime, returnStatus, info, resultCodes, isKnown, unknown }
}

const NONE: readonly never[] = Object.freeze([])

const unknownCodes = (
  kind: string,
  returnStatus: string,
  resultCodes: readonly string[],
): readonly UnknownCode[] => {
  const results = resultCodes
    .filter((code) => !resultMeaning(code).known)
    .map((code): UnknownCode => ({ kind, sort: 'result', code }))
  if (statusMeaning(kind, returnStatus).known) return results.length === 0 ? NONE : results
  // By its text a signed number; whatever else was written is nothing to be shown in a list.
  const code = /^-?\d{1,9}$/.test(returnStatus) ? returnStatus : '?'
  return [{ kind, sort: 'status', code }, ...results]
}
