/**
 * What customs said: how its text is kept, and how it is told with meaning, cause, who acts and cure.
 * A text that the catalogue does not know all of may quote a person; it is sealed for its row, and
 * opened only for who may see the document.
 */
import { type Actor, actors } from '../catalogue/causes/cause.ts'
import { type CauseName, causes } from '../catalogue/causes/index.ts'
import {
  exchangeMeaning,
  type Meaning,
  resultMeaning,
  statusMeaning,
} from '../catalogue/meanings.ts'
import { type ReplyItem, readReplyText } from '../codec/reply-text.ts'
import type { Text } from '../kernel/fault.ts'
import { REPLY_TEXT_LENGTH_MAX } from '../kernel/limits.ts'
import type { Sealer } from '../store/seal.ts'

// ---- kept ------------------------------------------------------------------------------------

interface KeptText {
  readonly info: string | undefined
  readonly sealedInfo: Uint8Array | undefined
  /** Digits each, joined by blanks; undefined when there are none. */
  readonly resultCodes: string | undefined
}

/** The text open or sealed; longer ones are cut, the reply's own bytes keep the rest. */
export const keptText = (
  sealer: Sealer,
  saying: {
    readonly info: string
    readonly isKnown: boolean
    readonly resultCodes: readonly string[]
  },
  /** Asked only of a text that is sealed: most are not. */
  context: () => string,
): KeptText => {
  const resultCodes = saying.resultCodes.length === 0 ? undefined : saying.resultCodes.join(' ')
  if (saying.isKnown) return { info: saying.info, sealedInfo: undefined, resultCodes }
  const text = Buffer.from(saying.info.slice(0, REPLY_TEXT_LENGTH_MAX), 'utf8')
  return { info: undefined, sealedInfo: sealer.seal(text, context()), resultCodes }
}

/** What binds a sealed text to its event. */
export const eventSealContext = (event: {
  readonly documentId: string
  readonly key: string
}): string => `event/${event.documentId}/${event.key}`

/** What binds it to a single reply that found no document. */
export const unmatchedSealContext = (replyId: string, position: number): string =>
  `unmatched/${replyId}/${position}`

// ---- told ------------------------------------------------------------------------------------

/** What follows from a code: both languages, whoever reads it. */
export interface Advice {
  /** Stable: refusals with the same cause are mended alike. */
  readonly cause: Text & { readonly name: CauseName }
  /** The likeliest first. */
  readonly actors: readonly (Text & { readonly name: Actor })[]
  readonly cure: Text
}

export interface ToldCode extends Text, Advice {
  readonly code: string
  /** False when nobody published it. */
  readonly known: boolean
  /** What customs wrote beside the code; null when nothing. */
  readonly description: string | null
}

/** What a reply said of a document, and what follows from it. */
export interface Reason extends Text, Advice {
  /** Who said it: customs, or the exchange platform before it. */
  readonly source: 'customs' | 'exchange'
  /** Status code of customs, or response code of the exchange platform. */
  readonly returnStatus: string
  readonly known: boolean
  /** The text as it came; null when none was kept. */
  readonly info: string | null
  readonly results: readonly ToldCode[]
}

interface StoredSaying {
  readonly documentId: string
  readonly key: string
  readonly returnStatus: string | null
  readonly info: string | null
  readonly sealedInfo: Uint8Array | null
  readonly resultCodes: readonly string[] | null
}

/** The text of customs as it came; null when none was kept. */
export const textOf = (sealer: Sealer, event: StoredSaying): string | null =>
  event.sealedInfo === null
    ? event.info
    : Buffer.from(sealer.open(event.sealedInfo, eventSealContext(event))).toString('utf8')

/** Null for a step of ours, which nobody said. */
export const reasonOf = (sealer: Sealer, kind: string, event: StoredSaying): Reason | null => {
  if (event.returnStatus === null) return null
  const info = textOf(sealer, event)
  const status = statusMeaning(kind, event.returnStatus)
  const items: readonly ReplyItem[] =
    info === null
      ? (event.resultCodes ?? []).map((code) => ({ code, description: '' }))
      : readReplyText(info).items
  const results = items.map(({ code, description }) =>
    toldCode(resultMeaning(code), description === '' ? null : description),
  )
  const { zh, en, known } = status
  return {
    ...{ source: 'customs', returnStatus: event.returnStatus, known, zh, en, info, results },
    ...leading(status, results),
  }
}

/** What the exchange platform said of the message that carried the document. */
export const exchangeReason = (sealer: Sealer, code: string, event: StoredSaying): Reason => {
  const { known, zh, en, cause } = exchangeMeaning(code)
  const info = textOf(sealer, event)
  return {
    ...{ source: 'exchange', returnStatus: code, known, zh, en, results: [] },
    ...{ info: info === '' ? null : info, ...adviceOf(cause) },
  }
}

/** A response of the exchange platform. */
export const exchangeWords = (code: string, info: string): ToldCode =>
  toldCode(exchangeMeaning(code), info === '' ? null : info)

const toldCode = (meaning: Meaning, description: string | null): ToldCode => {
  const { code, known, zh, en } = meaning
  return { code, known, zh, en, description, ...adviceOf(meaning.cause) }
}

/**
 * Where somebody must act, a result code says more than the status: the first known one that asks
 * for something, else the first that nobody knows, unless nobody knows the status either.
 */
const leading = (status: Meaning, results: readonly ToldCode[]): Advice => {
  const own = adviceOf(status.cause)
  if (isIdle(own)) return own
  const asking = results.filter((each) => !isIdle(each))
  const found = asking.find(({ known }) => known) ?? (status.known ? asking[0] : undefined) ?? own
  return { cause: found.cause, actors: found.actors, cure: found.cure }
}

const isIdle = (advice: Advice): boolean => advice.actors.every(({ name }) => name === 'nobody')

const adviceOf = (name: CauseName): Advice => {
  const { zh, en, cure, actors: who } = causes[name]
  return {
    cause: { name, zh, en },
    actors: who.map((actor) => ({ name: actor, ...actors[actor] })),
    cure,
  }
}
