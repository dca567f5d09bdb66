/**
 * Which mark concerns a document. A mark ends the document's own number (copNo, logisticsNo …). A
 * number that several documents share tells them apart by a word before the mark: at the end of an
 * order number a mark concerns the list that waits for its companions, and with the word of its part
 * a companion (`…-ORDER-SILENT`, `…-PAYMENT-LATE`); at the end of a number that a document takes over
 * from the one it acts upon, the word is that of its verb (`…-DELIVER-R1300`, `…-TALLY-LATE`).
 */
import { declarations } from '../catalogue/index.ts'
import type { Declaration, FieldRecord } from '../catalogue/message.ts'
import { perEntry } from '../codec/shape.ts'

/** The mark with its dash; undefined for none. Whether anybody knows it is not asked here. */
export const findMark = (entry: Declaration, head: FieldRecord): string | undefined => {
  for (const { field, word } of placesOf(entry)) {
    const mark = markIn(head[field] ?? '', word)
    if (mark !== undefined) return mark
  }
  return undefined
}

/** Where a mark must stand to concern a document of this kind: head field, and how it ends. */
export const placeOfMark = (
  entry: Declaration,
  mark: string,
): { readonly field: string; readonly ending: string } => {
  const place = placesOf(entry)[0]
  if (place === undefined) throw new Error(`${entry.code} bears no marks`)
  const { field, word } = place
  return { field, ending: mark === '' || word === '' ? mark : `-${word}${mark}` }
}

interface Place {
  readonly field: string
  /** Word before the mark; '' where none must stand. */
  readonly word: string
}

/** The number that most documents of the kind are marked in first. */
const placesOf: (entry: Declaration) => readonly Place[] = perEntry((entry) => {
  if (entry.sort !== 'declaration') throw new Error(`${entry.code} is no declaration`)
  const { key, consignment, offers, needs, acts } = entry
  const own = { field: key[0], word: acts?.by === key[0] ? acts.verb.toUpperCase() : '' }
  // A number that ties companions together is the list's, even where it names another document.
  const isShared =
    (needs ?? offers) !== undefined &&
    declarations.some((other) => other.needs && other.consignment === consignment)
  if (consignment === undefined || !isShared) return [own]
  const word = needs === undefined && offers !== undefined ? wordOf(offers.part) : ''
  const shared = { field: consignment, word }
  return consignment === own.field ? [shared] : [shared, own]
})

/** `export-order` is marked by `ORDER`, as `order` is: they never share a number. */
const wordOf = (part: string): string => part.slice(part.lastIndexOf('-') + 1).toUpperCase()

const markIn = (number: string, word: string): string | undefined => {
  const dash = number.lastIndexOf('-')
  // Serial numbers have dashes too, and are far more frequent.
  if (dash < 0 || !/[A-Z]/.test(number[dash + 1] ?? '')) return undefined
  const before = number.slice(number.lastIndexOf('-', dash - 1) + 1, dash)
  return (words.has(before) ? before : '') === word ? number.slice(dash) : undefined
}

const words: ReadonlySet<string> = new Set(
  declarations.flatMap((entry) => placesOf(entry).flatMap(({ word }) => (word ? [word] : []))),
)
