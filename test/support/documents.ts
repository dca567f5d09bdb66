/**
 * Valid documents of any kind, made from the catalogue alone, so that a new entry is tested by
 * being listed. Seeded: the same seed gives the same documents on every machine. Names and numbers
 * are random characters and belong to nobody.
 */
import { findCodeList } from '../../src/catalogue/code-lists/index.ts'
import type { Field, When } from '../../src/catalogue/field.ts'
import type { AnyDocument, Fields, Group, Message } from '../../src/catalogue/message.ts'
import { mostOf, whensOf } from '../../src/codec/rule.ts'
import { stamp17 } from '../../src/kernel/clock.ts'

/** Gives numbers from 0 up to 1. */
export type Random = () => number

export interface DocumentOptions {
  /** `minimal`: required fields alone and shortest. `maximal`: all fields and longest. */
  readonly shape?: 'minimal' | 'maximal' | 'random'
  /** Most lines of a group, beside its own bound. */
  readonly lines?: number
}

/** A small generator of good enough quality (mulberry32). */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const LINES_MAX = 4

/** One valid document in wire order. */
export const generateDocument = (
  entry: Message,
  random: Random,
  { shape = 'random', lines = LINES_MAX }: DocumentOptions = {},
): AnyDocument => {
  const source: Source = { random, shape }
  if ('fields' in entry.body) return recordOf(source, entry.body.fields, {})
  const document: Record<string, Record<string, string> | Record<string, string>[]> = {}
  const groups = Object.entries<Group>(entry.body.groups).flatMap(([name, group]) => {
    const count = countOf(source, group, lines)
    return count === 0 ? [] : [{ name, group, count }]
  })
  // What conditions may speak of beside the record itself: the head, and the groups that are there.
  let outside: Readonly<Record<string, string>> = Object.fromEntries(
    groups.map(({ name }) => [name, 'there']),
  )
  for (const [place, { name, group, count }] of groups.entries()) {
    if (group.max === 1) {
      const record = recordOf(source, group.fields, outside)
      if (place === 0) outside = { ...outside, ...record }
      document[name] = record
    } else
      document[name] = Array.from({ length: count }, () => recordOf(source, group.fields, outside))
  }
  return document
}

/** A guid as messages carry it, 36 characters. */
export const generateGuid = (random: Random): string =>
  'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => pick(random, [...'0123456789ABCDEF']))

export const pick = <T>(random: Random, values: readonly T[]): T => {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new Error('nothing to pick from')
  return value
}

interface Source {
  readonly random: Random
  readonly shape: 'minimal' | 'maximal' | 'random'
}

const between = ({ random, shape }: Source, min: number, max: number): number => {
  if (shape === 'minimal') return min
  if (shape === 'maximal') return max
  return min + Math.floor(random() * (max - min + 1))
}

const countOf = (source: Source, group: Group, lines: number): number =>
  between(source, group.min, Math.max(group.min, Math.min(group.max, lines)))

/** What making a record asks of its fields again and again. */
interface Plan {
  readonly fields: readonly (readonly [string, Field])[]
  readonly conditional: readonly (readonly [string, Field, readonly When[]])[]
  readonly bounded: readonly (readonly [string, string])[]
  readonly triggers: ReadonlyMap<string, readonly string[]>
}

const plans = new WeakMap<Fields, Plan>()

const planOf = (fields: Fields): Plan => {
  const known = plans.get(fields)
  if (known !== undefined) return known
  // Never written, so never part of what is written and read again.
  const all = Object.entries(fields).filter(([, field]) => field.textOnly !== true)
  const plan: Plan = {
    fields: all,
    conditional: all.flatMap(([name, field]) => {
      const whens = whensOf(field)
      return whens.length === 0 ? [] : [[name, field, whens] as const]
    }),
    bounded: all.flatMap(([name, { notAbove }]) =>
      notAbove === undefined ? [] : [[name, notAbove] as const],
    ),
    triggers: new Map(all.map(([name]) => [name, triggersOf(fields, name)])),
  }
  plans.set(fields, plan)
  return plan
}

const recordOf = (
  source: Source,
  of: Fields,
  outside: Readonly<Record<string, string>>,
): Record<string, string> => {
  const { fields, conditional, bounded, triggers } = planOf(of)
  const chosen: Record<string, string> = {}
  for (const [name, field] of fields) {
    const needed = field.required || field.textRequires === true
    const wanted =
      source.shape === 'maximal' || (source.shape === 'random' && source.random() < 0.6)
    if (needed || wanted) chosen[name] = valueFrom(source, field, triggers.get(name) ?? [])
  }
  // A condition may hang on a field that is itself conditional; a few rounds settle it.
  for (let round = 0; round < conditional.length; round += 1) {
    const visible = { ...outside, ...chosen }
    const lacking = conditional.filter(
      ([name, , whens]) => chosen[name] === undefined && whens.some((when) => holds(when, visible)),
    )
    if (lacking.length === 0) break
    for (const [name, field] of lacking) chosen[name] = valueFrom(source, field, [])
  }
  for (const [name, other] of bounded) {
    const [one, two] = [chosen[name], chosen[other]]
    // Both are numbers, or moments of one length.
    if (one !== undefined && two !== undefined && Number(one) > Number(two))
      [chosen[name], chosen[other]] = [two, one]
  }
  // Wire order, whatever was added last.
  return Object.fromEntries(
    fields.flatMap(([name]) => {
      const value = chosen[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const holds = (when: When, visible: Readonly<Record<string, string>>): boolean => {
  if ('present' in when) return visible[when.present] !== undefined
  if ('absent' in when) return visible[when.absent] === undefined
  const value = visible[when.field]
  if (value === undefined) return false
  return 'in' in when ? when.in.includes(value) : !when.notIn.includes(value)
}

/** Values of a field that set off a condition elsewhere, so that conditions are met often. */
const triggersOf = (fields: Fields, name: string): readonly string[] =>
  Object.values(fields).flatMap(({ requiredWhen: when }) => {
    if (when === undefined || !('field' in when) || when.field !== name) return []
    return 'in' in when ? when.in : when.notIn
  })

const valueFrom = (source: Source, field: Field, triggers: readonly string[]): string => {
  const { random } = source
  if (field.fixed !== undefined) return field.fixed
  if (field.values !== undefined) return pick(random, Object.keys(field.values))
  if (field.moment !== undefined) return momentOf(source, field.moment)
  if (field.kind === 'decimal') return decimalOf(source, field)
  if (field.kind === 'int') return intOf(source, field)
  if (triggers.length > 0 && random() < 0.5) return pick(random, triggers)
  const codes = codesOf(field)
  if (codes.length > 0) return pick(random, codes)
  const min = Math.max(1, field.length ?? field.min ?? 1)
  const max = mostOf(field) ?? 400
  // Mostly short, as real values are; the bounds themselves come up often enough.
  const typical = source.shape === 'random' && random() < 0.8 ? Math.min(max, min + 20) : max
  const text = textOf(random, between(source, min, typical), field.raw === true)
  // A blank that the schema does not count would make the text shorter than it is.
  return field.collapse === true ? text.replace(/\s/g, '-') : text
}

/** Codes of the field's list that any message may carry on any day. */
const codesOf = (field: Field): readonly string[] => {
  const known = codesByField.get(field)
  if (known !== undefined) return known
  const list = field.list === undefined ? undefined : findCodeList(field.list)
  const { length = 0, min = length, max = length } = field
  const codes = [...(list?.standing ?? [])].filter(
    (code) =>
      code.length >= min && code.length <= max && list?.byCode.get(code)?.direction === undefined,
  )
  codesByField.set(field, codes)
  return codes
}

/** A list is long and asked for often. */
const codesByField = new WeakMap<Field, readonly string[]>()

const momentOf = ({ random, shape }: Source, length: 8 | 14 | 17): string => {
  const [first, last] = [Date.UTC(1900, 0, 2), Date.UTC(2999, 11, 30)]
  const part = shape === 'minimal' ? 0 : shape === 'maximal' ? 1 : random()
  return stamp17(new Date(first + Math.floor(part * (last - first)))).slice(0, length)
}

const digitsOf = (random: Random, count: number): string =>
  Array.from({ length: count }, () => String(Math.floor(random() * 10))).join('')

const decimalOf = (source: Source, { digits = 19, fraction = 5 }: Field): string => {
  const sign = source.shape === 'random' && source.random() < 0.05 ? '-' : ''
  const whole = digitsOf(source.random, between(source, 1, digits - fraction))
  const decimals = digitsOf(source.random, between(source, 0, fraction))
  return `${sign}${whole}${decimals === '' ? '' : `.${decimals}`}`
}

const intOf = (source: Source, { digits = 10, least = 0 }: Field): string => {
  if (source.shape === 'maximal' && digits === 10) return '2147483647'
  const value = digitsOf(source.random, between(source, 1, Math.min(digits, 9)))
  return Number(value) < least ? String(least) : value
}

/** What the wire must carry unharmed: XML's own characters, Chinese, blanks within, emoji. */
const alphabet = [
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./:;',
  ...'重庆渝关跨境电商海关申报奶粉面霜，。（）：；“”',
  ...'&<>"\'',
  ']]>',
  '&amp;',
  '\n',
  '\t',
  ' ',
  '😀',
  '𠮷',
  'é',
  '\u00a0',
  '\ufffd',
  '\ue000',
] as const
const edges = [...'ABCxyz0189重庆渝&<>"\'😀𠮷'] as const

const pieces = alphabet.map((text) => ({ text, characters: [...text] }))
const edgePieces = edges.map((text) => ({ text, characters: [...text] }))

/** `length` characters as XSD counts them; blanks only within. */
const textOf = (random: Random, length: number, raw: boolean): string => {
  let made = ''
  for (let count = 0; count < length; ) {
    const edge = count === 0 || count >= length - 1
    const { text, characters } = pick(random, edge && !raw ? edgePieces : pieces)
    const room = length - count
    made += characters.length <= room ? text : characters.slice(0, room).join('')
    count += characters.length
  }
  return made
}
