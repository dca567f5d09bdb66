/**
 * Marks of a document: short hashes of what its consignment is compared by, stored beside it, so that
 * documents that agree are known to agree without opening any of them. Everything that two kinds are
 * sure to carry is one mark; what may be left out is a mark of its own. Equal marks mean equal
 * values, up to one chance in four thousand million; different ones are looked into. What names a
 * person is hashed under a key.
 */
import { getDeclaration, headOf } from '../catalogue/index.ts'
import {
  type ComparedAs,
  type MatchLines,
  matchFields,
  matchLines,
  type Side,
} from '../catalogue/match-fields.ts'
import type { AnyDocument, Declaration, FieldRecord } from '../catalogue/message.ts'
import { type RuleCode, rules } from '../catalogue/rules/index.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { readDecimal, writeDecimal } from '../kernel/decimal.ts'
import { stableHash } from '../kernel/lane.ts'
import type { Sealer } from '../store/seal.ts'

/** What one mark is made of, for each of the two kinds. */
interface Slot {
  /** Its kinds: what is hashed for one pair of them is no mark of another. */
  readonly name: string
  readonly rules: readonly RuleCode[]
  readonly kinds: readonly [string, string]
  readonly isPersonal: boolean
  readonly fields: readonly { readonly names: readonly [string, string]; readonly as: ComparedAs }[]
  readonly lines: readonly MatchLines[]
}

/** As text of an array of bigints with one place for each slot; null for a kind that has none. */
export const marksOf = (
  entry: Declaration,
  document: AnyDocument,
  sealer: Pick<Sealer, 'mark'>,
): string => {
  const own = slotsOf.get(entry.code)
  if (own === undefined) return '{}'
  const head = headOfDocument(entry, document)
  const marks: string[] = []
  for (const slot of own)
    marks.push(slot === undefined ? NOTHING : markOf({ entry, document, head }, slot, sealer))
  return `{${marks.join()}}`
}

/** Places of the marks that these rules depend on, counted from 1 as the database counts. */
export const placesOf = (wanted: ReadonlySet<RuleCode>): readonly number[] =>
  slots.flatMap((slot, i) => (slot.rules.some((rule) => wanted.has(rule)) ? [i + 1] : []))

const fieldOf = ([kind, name]: Side) => headOf(getDeclaration(kind)).fields[name]

const pairOf = ([[one], [other]]: readonly [Side, Side]): readonly [string, string] => [one, other]

/**
 * What only warns is apart from what may hold a list back: it differs more often, and the match asks
 * nothing of it.
 */
const makeSlots = (): readonly Slot[] => {
  const found = new Map<string, Slot>()
  const put = (name: string, slot: Slot): void => {
    const held = found.get(name)
    found.set(name, held === undefined ? slot : joined(held, slot))
  }
  for (const { rule, sides, as } of matchFields) {
    const fields = sides.map(fieldOf)
    const isSure = fields.every((field) => field?.required === true)
    const [[, one], [, other]] = sides
    const kinds = pairOf(sides)
    const name = [...kinds, rules[rule].severity === 'warn', isSure ? '' : one].join()
    const isPersonal = fields.some((field) => field?.sensitive === true)
    put(name, {
      rules: [rule],
      name: kinds.join(),
      kinds,
      isPersonal,
      fields: [{ names: [one, other], as }],
      lines: [],
    })
  }
  for (const lines of matchLines) {
    const kinds = pairOf(lines.sides)
    const name = [...kinds, rules[lines.rule].severity === 'warn', ''].join()
    put(name, {
      ...{ rules: [lines.counts, lines.rule], name: kinds.join(), kinds, isPersonal: false },
      ...{ fields: [], lines: [lines] },
    })
  }
  return [...found.values()]
}

const joined = (a: Slot, b: Slot): Slot => ({
  name: a.name,
  kinds: a.kinds,
  rules: [...new Set([...a.rules, ...b.rules])],
  isPersonal: a.isPersonal || b.isPersonal,
  fields: [...a.fields, ...b.fields],
  lines: [...a.lines, ...b.lines],
})

const slots = makeSlots()

/** Places of all marks. */
export const allPlaces: readonly number[] = slots.map((_, i) => i + 1)

/** A slot as one of its kinds fills it. */
interface OwnSlot extends Pick<Slot, 'name' | 'isPersonal'> {
  readonly fields: readonly OwnField[]
  readonly lines: readonly {
    readonly group: string
    readonly number: string
    readonly fields: readonly OwnField[]
  }[]
}

interface OwnField {
  readonly name: string
  readonly as: ComparedAs
}

const ownOf = (
  { name, kinds, isPersonal, fields, lines }: Slot,
  kind: string,
): OwnSlot | undefined => {
  const side = kinds.indexOf(kind)
  if (side < 0) return undefined
  const named = (all: Slot['fields']): readonly OwnField[] =>
    all.map(({ names, as }) => ({ name: names[side] ?? '', as }))
  return {
    ...{ name, isPersonal, fields: named(fields) },
    lines: lines.map((each) => ({
      group: each.sides[side]?.[1] ?? '',
      number: each.number,
      fields: named(each.fields),
    })),
  }
}

/** By kind: all slots in order; undefined for those of other kinds. */
const slotsOf: ReadonlyMap<string, readonly (OwnSlot | undefined)[]> = new Map(
  [...new Set(slots.flatMap(({ kinds }) => kinds))].map((kind) => [
    kind,
    slots.map((slot) => ownOf(slot, kind)),
  ]),
)

/** Places that these kinds fill: only there can they differ from anything. */
export const placesOfKinds = (kinds: ReadonlySet<string>): readonly number[] =>
  allPlaces.filter((place) => [...kinds].some((kind) => slotsOf.get(kind)?.[place - 1]))

const SHORTEST = /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/
const NOTHING = 'NULL'
const BORDER = '\u001f'

interface Marked {
  readonly entry: Declaration
  readonly document: AnyDocument
  readonly head: FieldRecord
}

const markOf = (
  { entry, document, head }: Marked,
  slot: OwnSlot,
  sealer: Pick<Sealer, 'mark'>,
): string => {
  let text = ''
  for (const { name, as } of slot.fields) {
    const value = head[name]
    // A mark is either all there or not at all.
    if (value === undefined) return NOTHING
    text += BORDER + canonical(as, value)
  }
  for (const lines of slot.lines) text += BORDER + linesText(entry, document, lines)
  if (!slot.isPersonal) return String(stableHash(text))
  return String(sealer.mark(slot.name + text))
}

/** In the order of their numbers, which need not be the order they stand in. */
const linesText = (
  entry: Declaration,
  document: AnyDocument,
  { group, number, fields }: OwnSlot['lines'][number],
): string => {
  const texts: string[] = []
  for (const line of linesOf(entry, document, group)) {
    let text = line[number] ?? ''
    for (const { name, as } of fields) text += BORDER + canonical(as, line[name] ?? '')
    texts.push(text)
  }
  return texts.length === 1 ? (texts[0] ?? '') : texts.sort().join('\u001e')
}

/** Decimals are written in many ways; nearly all come in the shortest. */
const canonical = (as: ComparedAs, value: string): string => {
  if (as === 'text' || SHORTEST.test(value)) return value
  const read = readDecimal(value)
  return read === undefined ? value : writeDecimal(read)
}
