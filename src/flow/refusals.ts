/**
 * What a refusal said, as others may have been told the same: status, result codes, and the normal
 * form of a text that the catalogue does not know. That form may still quote somebody, so it is kept
 * sealed, and goes by a keyed hash.
 */
import type { State } from '../catalogue/message.ts'
import { refusalStates } from '../catalogue/statuses.ts'
import { normalText } from '../codec/normal-text.ts'
import { isKnownText, readReplyText } from '../codec/reply-text.ts'
import { derivedId } from '../kernel/ids.ts'
import type { RefusalSaying } from '../store/rejections.ts'
import type { Sealer } from '../store/seal.ts'

export interface Refused {
  /** Of the document. */
  readonly kind: string
  readonly source: RefusalSaying['source']
  readonly code: string
  readonly info: string
  readonly resultCodes: readonly string[]
}

/** Undefined for what refuses nothing. */
export const refusalOf = (
  sealer: Sealer,
  state: State,
  refused: Refused,
): RefusalSaying | undefined =>
  refusalStates.includes(state) ? refusedAs(sealer, refused) : undefined

export const refusedAs = (sealer: Sealer, refused: Refused): RefusalSaying => {
  const { kind, source, code, resultCodes } = refused
  const text = unknownText(refused)
  const textId = text === undefined ? null : textIdOf(sealer, kind, text)
  return {
    ...{ kind, source, code, resultCodes, textId },
    id: derivedId('saying', kind, source, code, resultCodes.join(' '), textId ?? ''),
    sealedText:
      text === undefined || textId === null
        ? null
        : sealer.seal(Buffer.from(text, 'utf8'), textSealContext(textId)),
  }
}

/** Id of the normal form of a text; undefined when the catalogue knows all of it. */
export const textIdIn = (sealer: Sealer, refused: Refused): string | undefined => {
  const text = unknownText(refused)
  return text === undefined ? undefined : textIdOf(sealer, refused.kind, text)
}

const unknownText = ({ source, info }: Refused): string | undefined => {
  const read = readReplyText(info)
  if (source === 'customs' && isKnownText(info, read)) return undefined
  const text = normalText(read)
  return text === '' ? undefined : text
}

const textIdOf = (sealer: Sealer, kind: string, text: string): string =>
  derivedId('text', kind, Buffer.from(sealer.lookup(text)).toString('hex'))

/** The normal form again; null where there is none. */
export const openText = (
  sealer: Sealer,
  { textId, sealedText }: Pick<RefusalSaying, 'textId' | 'sealedText'>,
): string | null =>
  textId === null || sealedText === null
    ? null
    : Buffer.from(sealer.open(sealedText, textSealContext(textId))).toString('utf8')

/** What binds a normal form to its id. */
const textSealContext = (textId: string): string => `text/${textId}`
