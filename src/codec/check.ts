/**
 * Checks one document against its catalogue entry and tells all faults at once. Takes what somebody
 * handed in (parsed JSON, or what the reader made of XML) and gives it back in wire order, trimmed
 * and without blank optional fields. Sources: XSD 202205 and the published field table.
 *
 * Nearly every document is right. The first pass therefore only asks whether anything is wrong,
 * allocating nothing; whatever it cannot wave through goes to the thorough pass, which decides.
 */
import type { CodeList } from '../catalogue/code-lists/index.ts'
import type { When } from '../catalogue/field.ts'
import type { AnyDocument, Entry, FieldRecord } from '../catalogue/message.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX, WARNINGS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { collapseBlanks, trimBlanks } from './blanks.ts'
import { codeFault, type NearCodes, nearCodes } from './code-fault.ts'
import { isMoment } from './moment.ts'
import { nearestName } from './nearest.ts'
import { type Bound, type GroupRule, type MessageRules, type Rule, rulesOf } from './rule.ts'
import { faultOf, type Subject, type What } from './texts.ts'
import type { Checked } from './types.ts'

type Unknowns = Readonly<Record<string, unknown>>

/** All faults of one document; never throws, whatever `input` is. */
export const checkDocument = (entry: Entry, input: unknown): Checked => {
  const rules = rulesOf(entry)
  return documentPasses(rules, input)
    ? { faults: noFaults, document: input as AnyDocument }
    : judgeDocument(rules, input)
}

/** Faults of one record by itself, for the parts of a message that belong to no document. */
export const checkRecord = (group: GroupRule, record: FieldRecord, pointer: string): Fault[] => {
  if (recordPasses(group, record, record, record)) return []
  const judge = judgeOf(record, record)
  judgeRecord(judge, group, record, pointer)
  return judge.faults
}

/** The same for a record as somebody handed it in; gives it back as it shall be. */
export const judgeInput = (
  group: GroupRule,
  input: Readonly<Record<string, unknown>>,
  pointer: string,
): { readonly faults: readonly Fault[]; readonly record: FieldRecord } => {
  const judge = judgeOf(input, input)
  const record = judgeRecord(judge, group, input, pointer)
  return { faults: judge.faults, record }
}

const noFaults: readonly Fault[] = Object.freeze([])
const nothing: Unknowns = Object.freeze({})

export const isRecord = (value: unknown): value is Unknowns =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a field that may otherwise be left out is needed. */
const isNeeded = (rule: Rule, record: Unknowns, head: Unknowns, document: Unknowns): boolean =>
  rule.whens?.some((when) => holds(when, record, head, document)) === true

const holds = (when: When, record: Unknowns, head: Unknowns, document: Unknowns): boolean => {
  if ('absent' in when)
    return isNothing(record[when.absent] ?? head[when.absent] ?? document[when.absent])
  const name = 'field' in when ? when.field : when.present
  const value = record[name] ?? head[name]
  if (typeof value !== 'string') return false
  const text = value.trim()
  if ('present' in when) return text !== ''
  return 'in' in when ? when.in.includes(text) : text !== '' && !when.notIn.includes(text)
}

const isNothing = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (Array.isArray(value) && value.length === 0)

// ---- first pass: nothing to say, nothing to change --------------------------------------------

const documentPasses = (rules: MessageRules, input: unknown): boolean => {
  if (!isRecord(input)) return false
  if (rules.flat) return recordPasses(rules.head, input, input, input)
  const { groups } = rules
  const headName = rules.head.shape.name ?? ''
  const head = input[headName]
  if (!isRecord(head)) return false
  let next = 0
  for (const name in input) {
    while (groups[next]?.shape.min === 0 && groups[next]?.shape.name !== name) next += 1
    const group = groups[next]
    // A group out of order, unknown, or left out: the thorough pass knows what to do.
    if (group === undefined || group.shape.name !== name) return false
    if (!groupPasses(group, input[name], head, input)) return false
    next += 1
  }
  while (groups[next]?.shape.min === 0) next += 1
  return next === groups.length
}

const groupPasses = (
  group: GroupRule,
  value: unknown,
  head: Unknowns,
  document: Unknowns,
): boolean => {
  if (group.shape.single) return isRecord(value) && recordPasses(group, value, head, document)
  if (!Array.isArray(value) || value.length === 0) return false
  if (value.length < group.shape.min || value.length > group.linesMax) return false
  for (let i = 0; i < value.length; i += 1) {
    const line: unknown = value[i]
    if (!isRecord(line) || !recordPasses(group, line, head, document)) return false
  }
  return true
}

const recordPasses = (
  { rules, bounds }: GroupRule,
  record: Unknowns,
  head: Unknowns,
  document: Unknowns,
): boolean => {
  const count = rules.length
  let next = 0
  for (const name in record) {
    let rule = rules[next]
    while (rule !== undefined && rule.name !== name) {
      if (!mayBeAbsent(rule, record, head, document)) return false
      next += 1
      rule = rules[next]
    }
    if (rule === undefined || !valuePasses(rule, record[name])) return false
    next += 1
  }
  for (; next < count; next += 1) {
    const rule = rules[next]
    if (rule !== undefined && !mayBeAbsent(rule, record, head, document)) return false
  }
  for (let i = 0; i < bounds.length; i += 1) if (isAbove(bounds[i] as Bound, record)) return false
  return true
}

const mayBeAbsent = (rule: Rule, record: Unknowns, head: Unknowns, document: Unknowns): boolean =>
  !rule.required && (rule.whens === undefined || !isNeeded(rule, record, head, document))

/** False as well when one of the two is not there or is not sound, which is told elsewhere. */
const isAbove = ({ rule, other }: Bound, record: Unknowns): boolean => {
  const [one, two] = [record[rule.name], record[other]]
  // Sound moments of one length are digits alone, so numbers compare them as well.
  return valuePasses(rule, one) && valuePasses(rule, two) && Number(one) > Number(two)
}

const valuePasses = (rule: Rule, value: unknown): boolean => {
  if (typeof value !== 'string') return false
  if (rule.allowed !== undefined) return rule.allowed.has(value)
  if (rule.codes !== undefined) return rule.codes.has(value)
  if (rule.moment !== 0) return isMoment(value, rule.moment)
  if (rule.kind === 'decimal') return isDecimal(value, rule.digits, rule.fraction)
  if (rule.kind === 'int') return isInteger(value, rule.digits) && Number(value) >= rule.least
  return (
    value.length <= rule.max &&
    value.length >= rule.min &&
    isPlainText(value) &&
    !(rule.collapse && value.includes('  '))
  )
}

/** Fewer characters than this are within 32 bits whatever they are. */
const INT_DIGITS_SAFE = 10

const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** First place from `start` on that is no digit; stays inside the text, where reading is fast. */
const afterDigits = (value: string, start: number): number => {
  let i = start
  while (i < value.length && isDigit(value.charCodeAt(i))) i += 1
  return i
}

/** Digits are counted as written: leading zeros too. */
const isDecimal = (value: string, digits: number, fraction: number): boolean => {
  const start = value.length > 0 && value.charCodeAt(0) === 45 ? 1 : 0
  const point = afterDigits(value, start)
  const whole = point - start
  if (whole === 0) return false
  if (point === value.length) return whole <= digits
  if (value.charCodeAt(point) !== 46) return false
  const decimals = value.length - point - 1
  return (
    decimals > 0 &&
    decimals <= fraction &&
    whole + decimals <= digits &&
    afterDigits(value, point + 1) === value.length
  )
}

const isInteger = (value: string, digits: number): boolean => {
  const start = value.length > 0 && value.charCodeAt(0) === 45 ? 1 : 0
  const count = value.length - start
  return (
    count > 0 && count <= digits && afterDigits(value, start) === value.length && fitsInt(value)
  )
}

const fitsInt = (value: string): boolean => {
  if (value.length < INT_DIGITS_SAFE) return true
  const number = Number(value)
  return number >= -2147483648 && number <= 2147483647
}

/**
 * True for text that needs no second look: no control character, no surrogate (a pair counts as one
 * character, so lengths must be recounted), no blank at either end.
 */
const isPlainText = (value: string): boolean => {
  const last = value.length - 1
  for (let i = 0; i <= last; i += 1) {
    const code = value.charCodeAt(i)
    if (code < 0x20 || (code >= 0xd800 && (code < 0xe000 || code > 0xfffd))) return false
  }
  if (last < 0) return false
  const first = value.charCodeAt(0)
  if (first === 0x20 || value.charCodeAt(last) === 0x20) return false
  // Blanks beyond ASCII: a text of nothing else is blank, which `trim` decides in the second pass.
  return first < 0x80 || !(first === 0xa0 || first === 0xfeff || /^\s/.test(value))
}

// ---- second pass: every fault, and the document as it shall be ---------------------------------

interface Judge {
  readonly faults: Fault[]
  readonly head: Unknowns
  readonly document: Unknowns
  /** Warnings have a cap of their own: lines are judged and errors told however many there are. */
  errors: number
  warnings: number
  /** Near codes by list and value: lines repeat their mistakes. */
  readonly near: NearCodes
}

const judgeOf = (head: Unknowns, document: Unknowns): Judge => ({
  faults: [],
  head,
  document,
  errors: 0,
  warnings: 0,
  near: new Map(),
})

const told = (judge: Judge, what: What, code: string, pointer: string, subject: Subject): void => {
  if (isFull(judge)) return
  judge.errors += 1
  judge.faults.push(faultOf(what, code, pointer, subject))
}

const warned = (judge: Judge, what: What, rule: Rule, pointer: string, subject: Subject): void => {
  if (judge.warnings >= WARNINGS_PER_DOCUMENT_MAX) return
  judge.warnings += 1
  judge.faults.push(faultOf(what, rule.code, pointer, subject, 'warning'))
}

const isFull = (judge: Judge): boolean => judge.errors >= FAULTS_PER_DOCUMENT_MAX

const judgeDocument = (rules: MessageRules, input: unknown): Checked => {
  if (!isRecord(input)) {
    const judge = judgeOf(nothing, nothing)
    told(judge, 'NOT_A_RECORD', rules.code, '', rules.subject)
    return { faults: judge.faults, document: {} }
  }
  if (rules.flat) {
    const judge = judgeOf(input, input)
    return { document: judgeRecord(judge, rules.head, input, ''), faults: judge.faults }
  }
  const head = input[rules.head.shape.name ?? '']
  const judge = judgeOf(isRecord(head) ? head : nothing, input)
  const document: Record<string, FieldRecord | readonly FieldRecord[]> = {}
  for (const group of rules.groups) {
    const name = group.shape.name ?? ''
    const judged = judgeGroup(judge, group, input[name], at('', name))
    if (judged !== undefined) document[name] = judged
  }
  const known = rules.groups.map((group) => group.shape.name ?? '')
  tellUnknown(judge, rules.code, rules.subject, input, '', known)
  return { faults: judge.faults, document }
}

const judgeGroup = (
  judge: Judge,
  group: GroupRule,
  value: unknown,
  pointer: string,
): FieldRecord | readonly FieldRecord[] | undefined => {
  const { shape, code, subject } = group
  if (value === undefined) {
    if (shape.min > 0) told(judge, 'MISSING', code, pointer, subject)
    return undefined
  }
  if (shape.single) {
    if (isRecord(value)) return judgeRecord(judge, group, value, pointer)
    told(judge, 'NOT_A_RECORD', code, pointer, subject)
    return undefined
  }
  if (!Array.isArray(value)) {
    told(judge, 'NOT_A_LIST', code, pointer, subject)
    return undefined
  }
  if (value.length < shape.min) told(judge, 'TOO_FEW_LINES', code, pointer, subject)
  if (value.length > group.linesMax) told(judge, 'TOO_MANY_LINES', code, pointer, subject)
  const lines: FieldRecord[] = []
  // Lines beyond the cap are not looked at: the document is refused and has to be split first.
  const count = Math.min(value.length, group.linesMax)
  for (let i = 0; i < count && !isFull(judge); i += 1) {
    const line: unknown = value[i]
    if (isRecord(line)) lines.push(judgeRecord(judge, group, line, at(pointer, i)))
    else told(judge, 'NOT_A_RECORD', code, at(pointer, i), subject)
  }
  // An optional group without lines is left out, as the wire would leave it out.
  return lines.length === 0 && shape.min === 0 ? undefined : lines
}

const judgeRecord = (
  judge: Judge,
  group: GroupRule,
  record: Unknowns,
  pointer: string,
): FieldRecord => {
  const kept: Record<string, string> = {}
  for (const rule of group.rules) {
    const value = judgeValue(judge, rule, record, pointer)
    if (value !== undefined) kept[rule.name] = value
  }
  for (const bound of group.bounds)
    if (isAbove(bound, kept)) {
      const { rule, subject } = bound
      told(judge, 'ABOVE', rule.code, at(pointer, rule.name), subject)
    }
  const known = group.rules.map((rule) => rule.name)
  tellUnknown(judge, group.code, group.subject, record, pointer, known)
  return kept
}

const judgeValue = (
  judge: Judge,
  rule: Rule,
  record: Unknowns,
  pointer: string,
): string | undefined => {
  const given = record[rule.name]
  const tell = (what: What): void =>
    told(judge, what, rule.code, at(pointer, rule.name), rule.subject)
  if (given !== undefined && typeof given !== 'string') {
    tell('WRONG_TYPE')
    return undefined
  }
  if (given === undefined || given.trim() === '') {
    const needed = isNeeded(rule, record, judge.head, judge.document)
    if (given !== undefined && rule.mayBeEmpty && rule.keepsEmpty) return rule.raw ? given : ''
    if (rule.required) tell(given === undefined ? 'MISSING' : 'EMPTY')
    else if (needed) tell('REQUIRED_WHEN')
    else if (given !== undefined && !rule.mayBeEmpty) tell('EMPTY')
    return undefined
  }
  const value = rule.raw ? given : rule.collapse ? collapseBlanks(given) : trimBlanks(given)
  const found = faultsOfValue(rule, value)
  if (rule.list !== undefined)
    judgeCode(judge, rule, rule.list, value, found, at(pointer, rule.name))
  else for (const what of found) tell(what)
  return value
}

/** A code of the wrong form, or one that its list does not know; either with the codes near it. */
const judgeCode = (
  judge: Judge,
  rule: Rule,
  list: CodeList,
  value: string,
  found: readonly What[],
  pointer: string,
): void => {
  const what =
    found.length === 0 ? codeFault(rule.codes, list, value, judge.head.appTime) : undefined
  if (found.length === 0 && what === undefined) return
  const codes = nearCodes(judge.near, list, value)
  const subject = codes === undefined ? rule.subject : { ...rule.subject, codes }
  for (const form of found) told(judge, form, rule.code, pointer, subject)
  if (what === undefined) return
  if (list.complete) told(judge, what, rule.code, pointer, subject)
  else warned(judge, what, rule, pointer, subject)
}

const faultsOfValue = (rule: Rule, value: string): readonly What[] => {
  if (rule.kind === 'decimal') return decimalFaults(rule, value)
  if (rule.kind === 'int') return integerFaults(rule, value)
  if (rule.allowed !== undefined) return rule.allowed.has(value) ? [] : ['NOT_ALLOWED']
  const found: What[] = []
  if (!rule.raw && hasBadCharacter(value)) found.push('BAD_CHARACTER')
  const length = characters(value)
  if (rule.exact && length !== rule.max) found.push('WRONG_LENGTH')
  else if (length > rule.max) found.push('TOO_LONG')
  else if (length < rule.min) found.push('TOO_SHORT')
  else if (rule.moment !== 0 && !isMoment(value, rule.moment)) found.push('NOT_A_TIME')
  return found
}

const decimalFaults = (rule: Rule, value: string): readonly What[] => {
  if (!/^-?\d+(?:\.\d+)?$/.test(value)) return ['NOT_DECIMAL']
  return isDecimal(value, rule.digits, rule.fraction) ? [] : ['TOO_MANY_DIGITS']
}

const integerFaults = (rule: Rule, value: string): readonly What[] => {
  if (!/^-?\d+$/.test(value)) return ['NOT_INTEGER']
  if (!isInteger(value, rule.digits)) return ['TOO_MANY_DIGITS']
  return Number(value) < rule.least ? ['TOO_SMALL'] : []
}

/** Characters as XSD counts them: a surrogate pair is one. */
export const characters = (value: string): number => {
  let count = value.length
  for (let i = 0; i + 1 < value.length; i += 1) {
    const code = value.charCodeAt(i)
    if (code >= 0xd800 && code <= 0xdbff && isLow(value.charCodeAt(i + 1))) {
      count -= 1
      i += 1
    }
  }
  return count
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff

/** Production 2 of XML 1.0: what no XML text can hold, not even as a character reference. */
export const hasBadCharacter = (value: string): boolean =>
  /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(value)

const tellUnknown = (
  judge: Judge,
  code: string,
  subject: Subject,
  record: Unknowns,
  pointer: string,
  known: readonly string[],
): void => {
  for (const name of Object.keys(record)) {
    if (known.includes(name)) continue
    if (isFull(judge)) return
    const near = nearestName(name, known)
    const named = near === undefined ? subject : { ...subject, near }
    told(judge, 'UNKNOWN', code, at(pointer, name), named)
  }
}
