/**
 * What a cell says as the text of a field. Spreadsheet programs turn codes into numbers, numbers
 * into dates and dates into counts of days; what can be told for certain is read right, what is
 * lost is said, and nothing is guessed.
 */
import { DAY_MS } from '../../kernel/clock.ts'
import { offerOf, type SheetColumn } from './columns.ts'
import type { CellWhat } from './faults.ts'
import type { Cell, Tab } from './row.ts'

export interface CellRead {
  /** Undefined when the cell says nothing that could be used. */
  readonly value: string | undefined
  readonly what?: CellWhat
}

type Typing = Pick<Tab, 'typed' | 'epoch'>

export const readCell = (column: SheetColumn, cell: Cell, tab: Typing): CellRead => {
  switch (cell.kind) {
    case 'text':
      return readText(column, trimWide(cell.text), tab)
    case 'number':
      return readNumber(column, cell, tab)
    case 'boolean':
      return { value: undefined, what: 'BOOLEAN' }
    case 'error':
      return { value: undefined, what: 'ERROR_VALUE' }
    case 'no-value':
      return { value: undefined, what: 'NO_CACHED_VALUE' }
    case 'covered':
      return { value: undefined, what: 'COVERED' }
  }
}

/**
 * Without blanks at the ends; those of East Asian and web texts are blanks too. A loop: a pattern
 * would take quadratic time on a run of blanks.
 */
const trimWide = (text: string): string => {
  let start = 0
  let end = text.length
  while (start < end && isWideBlank(text.charCodeAt(start))) start += 1
  while (end > start && isWideBlank(text.charCodeAt(end - 1))) end -= 1
  return end - start === text.length ? text : text.slice(start, end)
}

/** What `\s` means, and the two blanks without width. */
const isWideBlank = (code: number): boolean =>
  code <= 0x20 ||
  (code >= 0xa0 && (code === 0xa0 || code === 0x3000 || code === 0xfeff || isRareBlank(code)))

const isRareBlank = (code: number): boolean =>
  code === 0x1680 ||
  (code >= 0x2000 && code <= 0x200b) ||
  [0x2028, 0x2029, 0x202f, 0x205f, 0x2060].includes(code)

// ---- text ---------------------------------------------------------------------------------------

const readText = (column: SheetColumn, text: string, { typed }: Typing): CellRead => {
  const { field, codes } = column
  if (field.moment !== undefined) return { value: momentOfText(text, field.moment) }
  if (field.kind !== 'text') return { value: text }
  const code = codeOf(column, text)
  if (code !== undefined) return { value: code }
  // In CSV nobody knows whether a number was meant; a program that rewrote the file has cut it.
  if (typed) return { value: text }
  if (/^\d(?:\.\d+)?E\+\d+$/i.test(text)) return { value: undefined, what: 'LOST_DIGITS' }
  return field.length !== undefined && /^\d+$/.test(text) && text.length < field.length
    ? restored(codes, text, field.length)
    : { value: text }
}

/** `1` from `1 新增`, as the drop-down lists write it; undefined when the text is no such offer. */
const codeOf = ({ codes, field }: SheetColumn, text: string): string | undefined => {
  const blank = text.search(/\s/)
  if (blank === -1) return undefined
  const code = text.slice(0, blank)
  const meaning = codes?.get(code)
  if (meaning !== undefined) return text === offerOf(code, meaning) ? code : undefined
  return codes === undefined && field.list !== undefined && /^\w+$/.test(code) ? code : undefined
}

/** Zeros put back when the code with them is a known one, otherwise said to be lost. */
const restored = (
  codes: ReadonlyMap<string, string> | undefined,
  digits: string,
  length: number,
): CellRead => {
  const padded = digits.padStart(length, '0')
  return codes?.has(padded) === true
    ? { value: padded, what: 'ZEROS_RESTORED' }
    : { value: digits, what: 'LOST_ZEROS' }
}

/** Year first, then month and day; with a time or without. */
const WRITTEN_MOMENT =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/

/** `2026-07-01 9:30` as `20260701093000`; anything else as it is, for the check to judge. */
const momentOfText = (text: string, length: 8 | 14 | 17): string => {
  const found = WRITTEN_MOMENT.exec(text)
  if (found === null) return text
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = found
  const two = (part: string): string => part.padStart(2, '0')
  const whole = `${year}${two(month)}${two(day)}${two(hour)}${two(minute)}${two(second)}`
  return whole.padEnd(17, '0').slice(0, length)
}

// ---- numbers ------------------------------------------------------------------------------------

/** Digits a spreadsheet program keeps; further ones are zeros of its making. */
const DIGITS_KEPT = 15
/** The last day it knows, 31 December 9999. */
const SERIAL_MAX = 2_958_465

const readNumber = (column: SheetColumn, cell: Cell, tab: Typing): CellRead => {
  const { field, codes } = column
  const number = Number(cell.text)
  if (!Number.isFinite(number)) return { value: cell.text }
  if (field.moment !== undefined) return readMoment(number, field.moment, tab.epoch)
  const text = plainNumber(number)
  if (Math.abs(number) >= 10 ** DIGITS_KEPT) return { value: undefined, what: 'LOST_DIGITS' }
  if (field.kind !== 'text') return { value: text }
  if (cell.look === 'date') return { value: undefined, what: 'DATE_IN_TEXT' }
  if (cell.look === 'zeros' && /^\d+$/.test(text)) return { value: text.padStart(cell.digits, '0') }
  if (field.length !== undefined && /^\d+$/.test(text)) {
    if (text.length < field.length) return restored(codes, text, field.length)
    return { value: text }
  }
  // A listed value is a value, whichever way it is stored.
  return codes?.has(text) === true ? { value: text } : { value: text, what: 'NUMBER_IN_TEXT' }
}

/** The number as everybody reads it: 15 digits, no exponent. `19.989999999999998` is 19.99. */
export const plainNumber = (number: number): string => {
  const [mantissa = '', exponent = '0'] = Number(number.toPrecision(DIGITS_KEPT))
    .toExponential()
    .split('e')
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  const point = Number(exponent) + 1
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits.padEnd(point, '0')}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** Digits that were typed as a number, or a count of days. */
const readMoment = (number: number, length: 8 | 14 | 17, epoch: 1900 | 1904): CellRead => {
  const text = plainNumber(number)
  if (/^\d+$/.test(text) && text.length === length && length < 17) return { value: text }
  if (number >= 10 ** DIGITS_KEPT) return { value: undefined, what: 'LOST_DIGITS' }
  if (number < 1 || number >= SERIAL_MAX + 1) return { value: text }
  return { value: stampOfSerial(number, epoch).padEnd(17, '0').slice(0, length) }
}

const DAY_SECONDS = 86_400

/**
 * `yyyyMMddHHmmss` of a count of days. Day 60 of the 1900 count is 29 February 1900, which never
 * was (a slip of an old program that all others keep); it comes out as 19000229, which the check
 * refuses as a moment that does not exist.
 */
export const stampOfSerial = (serial: number, epoch: 1900 | 1904): string => {
  // Times are fractions of a day and a little off; nobody means parts of a second.
  const seconds = Math.round(serial * DAY_SECONDS)
  const day = Math.floor(seconds / DAY_SECONDS)
  const clock = seconds - day * DAY_SECONDS
  if (epoch === 1900 && day === 60) return `19000229${stampOf(0, clock).slice(8)}`
  const first = epoch === 1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30)
  return stampOf(first + day * DAY_MS, clock)
}

const stampOf = (dayMs: number, seconds: number): string =>
  new Date(dayMs + seconds * 1000).toISOString().replace(/\D/g, '').slice(0, 14)
