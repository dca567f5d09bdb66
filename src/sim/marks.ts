/**
 * Which mark concerns a document. A mark ends the document's own number (copNo, logisticsNo …); at
 * the end of an order number it concerns the list that waits for its companions, or the companion
 * whose word stands before it: `…-ORDER-SILENT`, `…-PAYMENT-LATE`.
 */
import { declarations } from '../catalogue/index.ts'
import type { Declaration, FieldRecord } from '../catalogue/message.ts'
import { perEntry } from '../codec/shape.ts'

/** The mark with its dash; undefined for none. Whether anybody knows it is not asked here. */
export const findMark = (entry: Declaration, head: FieldRecord): string | undefined => {
  const { own, shared, word } = placesOf(entry)
  return (
    (own === undefined ? undefined : ownMark(head[own] ?? '')) ??
    (shared === undefined ? undefined : sharedMark(head[shared] ?? '', word))
  )
}

interface Places {
  /** Field whose mark concerns this document. */
  readonly own: string | undefined
  /** Field whose mark concerns it when no word of a part stands before, or its own. */
  readonly shared: string | undefined
  /** Word of its part; undefined for the one that waits. */
  readonly word: string | undefined
}

const placesOf: (entry: Declaration) => Places = perEntry((entry) => {
  if (entry.sort !== 'declaration') throw new Error(`${entry.code} is no declaration`)
  const { key, consignment, offers, needs } = entry
  // A number that ties companions together is the list's, even where it names another document.
  const isShared = declarations.some((other) => other.needs && other.consignment === consignment)
  const isOwn = key[0] !== consignment || !isShared
  const shared = isShared && (needs ?? offers) !== undefined ? consignment : undefined
  return {
    own: isOwn ? key[0] : undefined,
    shared,
    word: needs === undefined && offers !== undefined ? wordOf(offers.part) : undefined,
  }
})

/** `export-order` is marked by `ORDER`, as `order` is: they never share a number. */
const wordOf = (part: string): string => part.slice(part.lastIndexOf('-') + 1).toUpperCase()

const ownMark = (number: string): string | undefined => {
  const dash = number.lastIndexOf('-')
  return dash < 0 ? undefined : asMark(number.slice(dash))
}

const sharedMark = (number: string, word: string | undefined): string | undefined => {
  const dash = number.lastIndexOf('-')
  if (dash < 0) return undefined
  const before = number.slice(number.lastIndexOf('-', dash - 1) + 1, dash)
  const meant = words.has(before) ? before : undefined
  return meant === word ? asMark(number.slice(dash)) : undefined
}

/** Serial numbers have dashes too. */
const asMark = (text: string): string | undefined => (/^-[A-Z]/.test(text) ? text : undefined)

const words: ReadonlySet<string> = new Set(
  declarations.flatMap(({ offers, needs }) =>
    offers === undefined || needs !== undefined ? [] : [wordOf(offers.part)],
  ),
)
