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
  for (const { slot, side } of own)
    marks.push(side < 0 ? NOTHING : markOf({ entry, document, head }, slot, side, sealer))
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
      ...{ rules: [lines.counts, lines.rule], kinds, isPersonal: false },
      ...{ fields: [], lines: [lines] },
    })
  }
  return [...found.values()]
}

const joined = (a: Slot, b: Slot): Slot => ({
  kinds: a.kinds,
  rules: [...new Set([...a.rules, ...b.rules])],
  isPersonal: a.isPersonal || b.isPersonal,
  fields: [...a.fields, ...b.fields],
  lines: [...a.lines, ...b.lines],
})

const slots = makeSlots()

/** Places of all marks. */
export const allPlaces: readonly number[] = slots.map((_, i) => i + 1)

/** By kind: all slots in order, and which side of each the kind is; -1 for those of other kinds. */
const slotsOf: ReadonlyMap<string, readonly { readonly slot: Slot; readonly side: number }[]> =
  new Map(
    [...new Set(slots.flatMap(({ kinds }) => kinds))].map((kind) => [
      kind,
      slots.map((slot) => ({ slot, side: slot.kinds.indexOf(kind) })),
    ]),
  )

const NOTHING = 'NULL'
const BORDER = '\u001f'

interface Marked {
  readonly entry: Declaration
  readonly document: AnyDocument
  readonly head: FieldRecord
}

const markOf = (
  { entry, document, head }: Marked,
  slot: Slot,
  side: number,
  sealer: Pick<Sealer, 'mark'>,
): string => {
  const values: string[] = []
  for (const { names, as } of slot.fields) {
    const value = head[names[side] ?? '']
    // A mark is either all there or not at all.
    if (value === undefined) return NOTHING
    values.push(canonical(as, value))
  }
  for (const lines of slot.lines) values.push(linesText(entry, document, lines, side))
  const text = values.join(BORDER)
  if (!slot.isPersonal) return String(stableHash(text))
  return String(sealer.mark(`${slot.kinds.join()}${BORDER}${text}`).readBigInt64BE())
}

/** In the order of their numbers, which need not be the order they stand in. */
const linesText = (
  entry: Declaration,
  document: AnyDocument,
  { sides, number, fields }: MatchLines,
  side: number,
): string =>
  linesOf(entry, document, sides[side]?.[1] ?? '')
    .map((line) =>
      [
        line[number] ?? '',
        ...fields.map(({ names, as }) => canonical(as, line[names[side] ?? ''] ?? '')),
      ].join(BORDER),
    )
    .sort()
    .join('\u001e')

/** Decimals are written in many ways; nearly all come in the shortest. */
const canonical = (as: ComparedAs, value: string): string => {
  if (as === 'text' || /^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/.test(value)) return value
  const read = readDecimal(value)
  return read === undefined ? value : writeDecimal(read)
}
