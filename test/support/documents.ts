/**
 * Valid documents of any kind, made from the catalogue alone, so that a new entry is tested by
 * being listed. Seeded: the same seed gives the same documents on every machine. Names and numbers
 * are random characters and belong to nobody.
 */
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

const recordOf = (
  source: Source,
  fields: Fields,
  outside: Readonly<Record<string, string>>,
): Record<string, string> => {
  const chosen: Record<string, string> = {}
  for (const [name, field] of Object.entries(fields)) {
    // Never written, so never part of what is written and read again.
    if (field.textOnly === true) continue
    const needed = field.required || field.textRequires === true
    const wanted =
      source.shape === 'maximal' || (source.shape === 'random' && source.random() < 0.6)
    if (needed || wanted) chosen[name] = valueFrom(source, field, triggersOf(fields, name))
  }
  // A condition may hang on a field that is itself conditional; a few rounds settle it.
  for (let round = 0; round < Object.keys(fields).length; round += 1) {
    const lacking = Object.entries(fields).filter(
      ([name, field]) =>
        chosen[name] === undefined &&
        whensOf(field).some((when) => holds(when, { ...outside, ...chosen })),
    )
    if (lacking.length === 0) break
    for (const [name, field] of lacking) chosen[name] = valueFrom(source, field, [])
  }
  for (const [name, { notAbove }] of Object.entries(fields)) {
    const [one, two] = [chosen[name], chosen[notAbove ?? '']]
    if (notAbove === undefined || one === undefined || two === undefined) continue
    // Both are numbers, or moments of one length.
    if (Number(one) > Number(two)) [chosen[name], chosen[notAbove]] = [two, one]
  }
  // Wire order, whatever was added last.
  return Object.fromEntries(
    Object.keys(fields).flatMap((name) => {
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
  const min = Math.max(1, field.length ?? field.min ?? 1)
  const max = mostOf(field) ?? 400
  // Mostly short, as real values are; the bounds themselves come up often enough.
  const typical = source.shape === 'random' && random() < 0.8 ? Math.min(max, min + 20) : max
  const text = textOf(random, between(source, min, typical), field.raw === true)
  // A blank that the schema does not count would make the text shorter than it is.
  return field.collapse === true ? text.replace(/\s/g, '-') : text
}

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

/** `length` characters as XSD counts them; blanks only within. */
const textOf = (random: Random, length: number, raw: boolean): string => {
  const characters: string[] = []
  while (characters.length < length) {
    const edge = characters.length === 0 || characters.length >= length - 1
    const next = pick(random, edge && !raw ? edges : alphabet)
    characters.push(...[...next].slice(0, length - characters.length))
  }
  return characters.join('')
}
