/**
 * What makers of documents about other documents share: a list (or a return) with the numbers customs
 * gave it, and a head that takes over what both have. Such documents are made from the others, as
 * the enterprises make them.
 */
import { headOf } from '../catalogue/index.ts'
import type { AnyDocument, Declaration, FieldRecord } from '../catalogue/message.ts'
import { headOfDocument } from '../codec/document.ts'
import { stamp14 } from '../kernel/clock.ts'
import type { Cast } from './enterprises.ts'
import { type Drawn, guidOf, serialOf, shortSerialOf } from './synthetic.ts'

export interface AfterwardsSettings extends Drawn {
  readonly enterprises: Cast
  /** A mark of the simulator's table of fates; ends the document's own number. */
  readonly fate?: string
  readonly at: Date
}

/** A document that customs has, and the numbers it was given. */
export interface Declared {
  readonly entry: Declaration
  readonly document: AnyDocument
  readonly given: FieldRecord
}

/** Head of the document: what it says itself, else what the first of the others says. */
export const headFrom = (
  entry: Declaration,
  settings: AfterwardsSettings,
  [first]: readonly Declared[],
  own: FieldRecord,
): FieldRecord => {
  const other = first === undefined ? {} : headOfDocument(first.entry, first.document)
  const values: FieldRecord = {
    ...other,
    ...own,
    guid: guidOf(settings, Number(entry.code.slice(3))),
    appType: '1',
    appTime: stamp14(settings.at),
    appStatus: '2',
  }
  const withheld = new Set(NOT_TAKEN_OVER.filter((name) => !(name in own)))
  const head: Record<string, string> = {}
  for (const name of Object.keys(headOf(entry).fields)) {
    const value = values[name]
    if (value !== undefined && !withheld.has(name)) head[name] = value
  }
  return head
}

/** Numbers of the other document, and remarks on it. */
const NOT_TAKEN_OVER = ['preNo', 'invtNo', 'note', 'loctNo']

/** The document's own number; a mark needs room, because some kinds have only twenty characters. */
export const ownNumber = (letter: string, settings: AfterwardsSettings): string => {
  const { fate = '' } = settings
  return `${letter}${fate === '' ? serialOf(settings) : shortSerialOf(settings)}${fate}`
}

/** A value from the head of the other document, or a number it was given. */
export const factOf = ({ entry, document, given }: Declared, name: string): string =>
  given[name] ?? headOfDocument(entry, document)[name] ?? ''

/** Not split over several documents. */
export const WHOLE = { msgCount: '1', msgSeqNo: '1' }
