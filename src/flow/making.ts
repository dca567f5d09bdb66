/**
 * Makes the document that cancels or returns a list from the list itself: fields of the same name are
 * taken over, others follow as the catalogue says, and the request may say more. Lines may be chosen,
 * each in part; quantities in other units shrink in the same proportion, exactly or not at all. Pure.
 */
import { findMessage, headOf } from '../catalogue/index.ts'
import type { AnyDocument, Declaration, FieldRecord, Making } from '../catalogue/message.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { type Decimal, proportion, readDecimal, writeDecimal, ZERO } from '../kernel/decimal.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { leftOf, lineNumber, takenBy } from '../rules/returns.ts'
import { type ActionFault, actionFault } from './action-faults.ts'

/** What the request says of the document; pointers lead into it. */
export interface Asked {
  /** Head fields beside those that are taken over, or instead of them. */
  readonly fields?: FieldRecord
  /** Lines by their number; left out: all that is left of the list. */
  readonly lines?: readonly AskedLine[]
}
export type AskedLine = Readonly<Record<string, string | undefined>>

export interface Source {
  readonly entry: Declaration
  readonly document: AnyDocument
  /** The number customs gave it. */
  readonly number: string
}

export interface Made {
  readonly document: AnyDocument
  readonly faults: readonly Fault[]
  /** Nothing is left to be asked for. */
  readonly isEmpty: boolean
}

/**
 * `given` are head fields that are the gateway's own to fill; `earlier` the lines of returns that are
 * accepted or under way.
 */
export const makeDocument = (
  entry: Declaration,
  source: Source,
  given: FieldRecord,
  asked: Asked,
  earlier: readonly FieldRecord[],
): Made => {
  const { head, faults } = makeHead(entry, source, given, asked)
  const { group } = headOf(entry)
  const rule = entry.acts?.making?.lines
  if (group === undefined || rule === undefined) {
    const lines = asked.lines === undefined ? [] : [refuse(entry, 'LINES_NOT_TAKEN', 'lines')]
    return { document: head, faults: [...faults, ...lines], isEmpty: false }
  }
  const made = makeLines(entry, source, rule, asked, earlier)
  return {
    document: { [group]: head, [rule.group]: made.lines },
    faults: [...faults, ...made.faults],
    isEmpty: asked.lines === undefined && made.lines.length === 0 && made.faults.length === 0,
  }
}

const refuse = (entry: Declaration, what: ActionFault, name: string, pointer = at('', name)) =>
  actionFault(entry.code, what, { name, pointer })

/** A remark on one document says nothing of another. */
const REMARK = 'note'

const makeHead = (
  entry: Declaration,
  source: Source,
  given: FieldRecord,
  asked: Asked,
): { readonly head: FieldRecord; readonly faults: readonly Fault[] } => {
  const { acts, key } = entry
  const making = acts?.making
  const reply = findMessage(entry.reply)
  // Numbers that its own reply gives are its own: the list's are another's.
  const gives = reply?.sort === 'reply' ? (reply.gives ?? []) : []
  const own = new Set([REMARK, ...gives, ...(making?.own ?? [])])
  const fixed = new Set<string>([...Object.keys(given), ...key, acts?.by ?? ''])
  const from = headOfDocument(source.entry, source.document)
  const { fields = {} } = asked
  const head: Record<string, string> = {}
  for (const [name, field] of Object.entries(headOf(entry).fields)) {
    const value = given[name] ?? (fixed.has(name) ? undefined : fields[name])
    const taken = own.has(name) || field.textOnly === true ? undefined : from[name]
    const rule = making?.derived?.[name]
    const follows = rule === undefined ? taken : rule.values[from[rule.from] ?? '']
    const chosen = name === acts?.by ? source.number : (value ?? follows)
    if (chosen !== undefined) head[name] = chosen
  }
  // Names the kind does not have stay in, for the check to tell.
  for (const [name, value] of Object.entries(fields))
    if (!(name in head) && !fixed.has(name)) head[name] = value
  const faults = Object.keys(fields)
    .filter((name) => fixed.has(name) && fields[name] !== head[name])
    .map((name) => refuse(entry, 'FIELD_FIXED', name, at('/fields', name)))
  return { head, faults }
}

/** Where lines stand that the request does not name one by one. */
const ALL_LINES = '/lines'

type LineRule = NonNullable<Making['lines']>

interface Wanted {
  readonly line: FieldRecord
  readonly asked: AskedLine
  readonly pointer: string
}

const makeLines = (
  entry: Declaration,
  source: Source,
  rule: LineRule,
  asked: Asked,
  earlier: readonly FieldRecord[],
): { readonly lines: readonly FieldRecord[]; readonly faults: readonly Fault[] } => {
  const listed = linesOf(source.entry, source.document, rule.of)
  const taken = new Map(
    [rule.quantity, ...rule.scaled].map((quantity) => [
      quantity,
      takenBy(earlier, { number: rule.number, quantity }),
    ]),
  )
  const faults: Fault[] = []
  const tell = (what: ActionFault, name: string, pointer: string): undefined => {
    faults.push(refuse(entry, what, name, pointer))
  }
  const wanted =
    asked.lines === undefined
      ? listed.map((line): Wanted => ({ line, asked: {}, pointer: ALL_LINES }))
      : chosenLines(listed, rule, asked.lines, tell)
  const group = 'groups' in entry.body ? (entry.body.groups[rule.group]?.fields ?? {}) : {}
  const lines = wanted.flatMap((item) => {
    const quantities = quantitiesOf(rule, item, taken, tell)
    if (quantities === undefined) return []
    const line: Record<string, string> = {}
    for (const name of Object.keys(group)) {
      const value = quantities[name] ?? (name === REMARK ? item.asked[name] : item.line[name])
      if (value !== undefined) line[name] = value
    }
    return [line]
  })
  return { lines, faults }
}

type Tell = (what: ActionFault, name: string, pointer: string) => undefined

const chosenLines = (
  listed: readonly FieldRecord[],
  rule: LineRule,
  asked: readonly AskedLine[],
  tell: Tell,
): readonly Wanted[] => {
  const seen = new Set<string>()
  return asked.flatMap((item, index) => {
    const pointer = at('/lines', index)
    const number = lineNumber(item[rule.number] ?? '')
    const line = listed.find((one) => lineNumber(one[rule.number] ?? '') === number)
    if (line === undefined || seen.has(number)) {
      tell(
        line === undefined ? 'UNKNOWN_LINE' : 'LINE_TWICE',
        rule.number,
        at(pointer, rule.number),
      )
      return []
    }
    seen.add(number)
    return [{ line, asked: item, pointer }]
  })
}

type Taken = ReadonlyMap<string, ReadonlyMap<string, Decimal>>

/** Quantities of one line as asked for; undefined when there is nothing, or something wrong. */
const quantitiesOf = (
  rule: LineRule,
  wanted: Wanted,
  taken: Taken,
  tell: Tell,
): FieldRecord | undefined => {
  const { line, asked, pointer } = wanted
  const placeOf = (name: string) => (pointer === ALL_LINES ? pointer : at(pointer, name))
  const number = lineNumber(line[rule.number] ?? '')
  const listedOf = (name: string) => readDecimal(line[name] ?? '') ?? ZERO
  const takenOf = (name: string) => taken.get(name)?.get(number)
  const listed = listedOf(rule.quantity)
  const left = leftOf(listed, takenOf(rule.quantity))
  const text = asked[rule.quantity]
  if (text === undefined && left === ZERO) {
    if (pointer !== ALL_LINES) tell('ABOVE_LEFT', rule.quantity, placeOf(rule.quantity))
    return undefined
  }
  const bounded = (name: string, value: Decimal | undefined, whole: Decimal, rest: Decimal) => {
    const place = placeOf(name)
    if (value === undefined || value <= ZERO) return tell('NOT_POSITIVE', name, place)
    if (value > whole) return tell('ABOVE_LISTED', name, place)
    return value > rest ? tell('ABOVE_LEFT', name, place) : value
  }
  const share =
    text === undefined ? left : bounded(rule.quantity, readDecimal(text.trim()), listed, left)
  if (share === undefined) return undefined
  const found: Record<string, string> = { [rule.quantity]: writeDecimal(share) }
  let isSound = true
  for (const name of rule.scaled) {
    if (line[name] === undefined) continue
    const whole = listedOf(name)
    const rest = leftOf(whole, takenOf(name))
    const said = asked[name]
    const value =
      said === undefined
        ? (proportion(whole, share, listed) ?? tell('NOT_EXACT', name, placeOf(name)))
        : bounded(name, readDecimal(said.trim()), whole, rest)
    if (value === undefined) isSound = false
    else found[name] = writeDecimal(value)
  }
  return isSound ? found : undefined
}
