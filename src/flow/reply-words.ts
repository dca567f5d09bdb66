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
import { type RuleCode, rules } from '../catalogue/rules/index.ts'
import { states } from '../catalogue/statuses.ts'
import { type ReplyItem, readReplyText } from '../codec/reply-text.ts'
import type { Text } from '../kernel/fault.ts'
import { REPLY_TEXT_LENGTH_MAX } from '../kernel/limits.ts'
import type { Sealer } from '../store/seal.ts'
import { type LearnedMeaning, type Meanings, noMeanings } from './meanings.ts'
import { textIdIn } from './refusals.ts'

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
  /** Who said it: customs, the exchange platform before it, or the gateway, which holds it back. */
  readonly source: 'customs' | 'exchange' | 'gateway'
  /** Status code of customs, response code of the exchange platform, or our own state. */
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

/**
 * Null for a step of ours, which nobody said. `learned` are the meanings that operators gave to what
 * nobody published.
 */
export const reasonOf = (
  sealer: Sealer,
  kind: string,
  event: StoredSaying,
  learned: Meanings = noMeanings,
): Reason | null => {
  if (event.returnStatus === null) return null
  const info = textOf(sealer, event)
  const items: readonly ReplyItem[] =
    info === null
      ? (event.resultCodes ?? []).map((code) => ({ code, description: '' }))
      : readReplyText(info).items
  const resultCodes = [...new Set(items.map(({ code }) => code))]
  const said = { kind, source: 'customs', code: event.returnStatus, resultCodes } as const
  const textId = learned.hasTexts && info !== null ? textIdIn(sealer, { ...said, info }) : undefined
  const status = statusIn(learned, kind, event.returnStatus)
  const results = items.map(({ code, description }) =>
    toldCode(resultIn(learned, kind, code), description === '' ? null : description),
  )
  const { zh, en, known } = status
  const { cause, actors: who, cure } = leading(learned, { ...said, textId: textId ?? null }).advice
  return {
    ...{ source: 'customs', returnStatus: event.returnStatus, known, zh, en, info, results },
    ...{ cause, actors: who, cure },
  }
}

/** What the exchange platform said of the message that carried the document. */
export const exchangeReason = (
  sealer: Sealer,
  code: string,
  event: StoredSaying,
  learned: Meanings = noMeanings,
): Reason => {
  const { known, zh, en, cause } = exchangeIn(learned, code)
  const info = textOf(sealer, event)
  return {
    ...{ source: 'exchange', returnStatus: code, known, zh, en, results: [] },
    ...{ info: info === '' ? null : info, ...adviceOf(cause) },
  }
}

/** The rules that hold a list back, each with its own cure. */
export const blockedReason = (held: readonly RuleCode[]): Reason => {
  const advice = adviceOf('held-by-rules')
  const results = held.map((code): ToldCode => {
    const { zh, en, customs = null, cure } = rules[code]
    const description = customs === null ? null : `[Code:${customs}]`
    return { code, known: true, zh, en, description, ...advice, cure }
  })
  const { zh, en } = states.blocked
  return {
    ...{ source: 'gateway', returnStatus: 'blocked', known: true, zh, en, info: null, results },
    ...advice,
  }
}

/** A response of the exchange platform. */
export const exchangeWords = (code: string, info: string): ToldCode =>
  toldCode(exchangeMeaning(code), info === '' ? null : info)

const toldCode = (meaning: Meaning, description: string | null): ToldCode => {
  const { code, known, zh, en } = meaning
  return { code, known, zh, en, description, ...adviceOf(meaning.cause) }
}

type Learned = Meaning & Partial<Pick<LearnedMeaning, 'field'>>

/** The meaning of the catalogue, else the one that was learned, else that nobody knows it. */
const withLearned = (meaning: Meaning, learned: () => LearnedMeaning | undefined): Learned => {
  const found = meaning.known ? undefined : learned()
  if (found === undefined) return meaning
  const { zh, en, cause, field } = found
  return { code: meaning.code, known: true, zh, en, cause, field }
}

export const statusIn = (learned: Meanings, kind: string, code: string): Learned =>
  withLearned(statusMeaning(kind, code), () => learned.find(kind, 'status', code))

export const resultIn = (learned: Meanings, kind: string, code: string): Learned =>
  withLearned(resultMeaning(code), () => learned.find(kind, 'result', code))

export const exchangeIn = (learned: Meanings, code: string): Learned =>
  withLearned(exchangeMeaning(code), () => learned.find('', 'exchange', code))

/** What leads among all that was said. */
export interface Leading {
  readonly advice: Advice
  /** Field that an operator named with the meaning; null where the catalogue speaks. */
  readonly field: string | null
  /** A person has to read the text to know what to mend. */
  readonly asksToRead: boolean
}

export interface WhatWasSaid {
  readonly kind: string
  readonly source: 'customs' | 'exchange'
  readonly code: string
  readonly resultCodes: readonly string[]
  readonly textId: string | null
}

/**
 * Where somebody must act, a text that an operator explained says most; then a result code says more
 * than the status: the first known one that asks for something, else the first that nobody knows,
 * unless nobody knows the status either.
 */
export const leading = (learned: Meanings, said: WhatWasSaid): Leading => {
  const { kind, source, code, resultCodes, textId } = said
  if (source === 'exchange') return leadingBy(exchangeIn(learned, code))
  const status = statusIn(learned, kind, code)
  if (isIdle(status)) return leadingBy(status)
  const text = textId === null ? undefined : learned.find(kind, 'text', textId)
  if (text !== undefined) return leadingBy(text)
  const asking = resultCodes
    .map((each) => resultIn(learned, kind, each))
    .filter((each) => !isIdle(each))
  const found = asking.find(({ known }) => known) ?? (status.known ? asking[0] : undefined)
  return leadingBy(found ?? status)
}

const leadingBy = ({ cause, field = null }: Pick<Learned, 'cause' | 'field'>): Leading => ({
  advice: adviceOf(cause),
  field,
  asksToRead: causes[cause].asksToRead === true,
})

const isIdle = ({ cause }: Pick<Meaning, 'cause'>): boolean =>
  causes[cause].actors.every((name) => name === 'nobody')

export const adviceOf = (name: CauseName): Advice => {
  const { zh, en, cure, actors: who } = causes[name]
  return {
    cause: { name, zh, en },
    actors: who.map((actor) => ({ name: actor, ...actors[actor] })),
    cure,
  }
}
