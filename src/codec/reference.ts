/**
 * Reads a CSV of a reference table: heads in any order, by name or by Chinese name; every row checked
 * against the table's columns, all faults told by row and column. Encodings, delimiters and the ways
 * spreadsheet programs write codes are those of sheets. A file is taken whole or not at all.
 */
import type { ReferenceColumn, ReferenceRow, ReferenceTable } from '../catalogue/reference/table.ts'
import { readStamp } from '../kernel/clock.ts'
import { at, type Fault, type Text } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { REFERENCE_ROWS_MAX, REFERENCE_TEXT_LENGTH_MAX } from '../kernel/reference-limits.ts'
import { hasBadCharacter } from './check.ts'
import { nearestName } from './nearest.ts'
import { rowsOfCsv } from './sheet/csv.ts'
import type { Encoding } from './sheet/encoding.ts'
import { fileFault, Unreadable } from './sheet/faults.ts'
import { columnName, type Row } from './sheet/row.ts'

export interface ReferenceFault extends Fault {
  /** From 1, as a spreadsheet program counts; null where the whole file is meant. */
  readonly row: number | null
  /** Letters of a spreadsheet program; null where no column of the file is meant. */
  readonly column: string | null
}

export interface ReferenceRead {
  readonly rows: readonly ReferenceRow[]
  /** Where in the file each of them stands, from 1. */
  readonly numbers: readonly number[]
  /** The first of them; with an error among them nothing of the file counts. */
  readonly faults: readonly ReferenceFault[]
  /** All errors, told or not. */
  readonly errors: number
}

export interface ReferenceOptions {
  /** From the Content-Type. */
  readonly declared?: Encoding | undefined
  /** Texts by column for cells that are blank or columns that the file does not have. */
  readonly given?: Readonly<Record<string, string | undefined>>
}

export const readReference = async (
  table: ReferenceTable,
  bytes: AsyncIterable<Uint8Array>,
  { declared, given = {} }: ReferenceOptions = {},
): Promise<ReferenceRead> => {
  const reading: Reading = {
    table,
    given,
    faults: [],
    errors: 0,
    keys: new Map(),
    rows: [],
    numbers: [],
  }
  const csv = rowsOfCsv(bytes, {
    declared,
    told: (what, row) => tell(reading, { ...fileFault(what), row, column: null }),
  })
  let heads: Heads | undefined
  try {
    for await (const batch of csv)
      for (const row of batch) {
        if (heads === undefined) {
          heads = readHeads(reading, row)
          if (heads === undefined) return answerOf(reading)
        } else if (reading.keys.size + reading.errors >= REFERENCE_ROWS_MAX)
          throw new Unreadable('TOO_LONG', row.number)
        else readRow(reading, heads, row)
      }
  } catch (problem) {
    if (!(problem instanceof Unreadable)) throw problem
    tell(reading, { ...fileFault(problem.what), row: problem.row ?? null, column: null })
  }
  if (reading.errors === 0 && reading.rows.length === 0)
    tell(reading, { ...fileFault('EMPTY'), row: null, column: null })
  return answerOf(reading)
}

interface Reading {
  readonly table: ReferenceTable
  readonly given: Readonly<Record<string, string | undefined>>
  readonly faults: ReferenceFault[]
  errors: number
  /** Row of the file by key. */
  readonly keys: Map<string, number>
  readonly rows: ReferenceRow[]
  readonly numbers: number[]
}

/** Place in the file of each column; undefined where the file has none. */
type Heads = ReadonlyMap<string, number>

const answerOf = ({ rows, numbers, faults, errors }: Reading): ReferenceRead => ({
  rows: errors === 0 ? rows : [],
  numbers: errors === 0 ? numbers : [],
  faults,
  errors,
})

const tell = (reading: Reading, fault: ReferenceFault): void => {
  if (fault.severity === 'error') reading.errors += 1
  if (reading.faults.length < FAULTS_PER_DOCUMENT_MAX) reading.faults.push(fault)
}

/** Undefined when no row below these heads could be understood. */
const readHeads = (reading: Reading, { number, cells }: Row): Heads | undefined => {
  const { columns } = reading.table
  const heads = new Map<string, number>()
  for (const { column, text } of cells) {
    const head = text.trim()
    if (head.startsWith('#')) continue
    const found = columns.find(({ name, zh }) =>
      [name.toLowerCase(), zh].includes(head.toLowerCase()),
    )
    const place = { row: number, column: columnName(column) }
    if (found === undefined) {
      const near = nearestName(
        head,
        columns.map(({ name }) => name),
      )
      tell(reading, { ...fileFault('COLUMN_UNKNOWN', near), ...place })
    } else if (heads.has(found.name)) tell(reading, { ...fileFault('COLUMN_TWICE'), ...place })
    else heads.set(found.name, column)
  }
  if (heads.size === 0) tell(reading, { ...fileFault('HEADS_MISSING'), row: number, column: null })
  else
    for (const column of columns)
      if (column.required && !heads.has(column.name) && !reading.given[column.name])
        tell(reading, faultAt(column, 'COLUMN_MISSING', number, undefined))
  return reading.errors > 0 ? undefined : heads
}

const readRow = (reading: Reading, heads: Heads, { number, cells }: Row): void => {
  const { table, given } = reading
  const before = reading.errors
  const row: Record<string, string | boolean | null> = {}
  const texts = new Map(cells.map(({ column, text }) => [column, text.trim()]))
  for (const column of table.columns) {
    const place = heads.get(column.name)
    const found = (place === undefined ? '' : texts.get(place)) || (given[column.name] ?? '').trim()
    const value = readCell(column, found)
    if (typeof value !== 'object' || value === null) row[column.name] = value
    else tell(reading, faultAt(column, value.what, number, place))
  }
  if (reading.errors > before) return
  const problem = problemOf(reading, row, number)
  if (problem === undefined) {
    reading.rows.push(row)
    reading.numbers.push(number)
  } else tell(reading, { ...problem, column: nameOf(heads.get(problem.named)) })
}

type What = 'COLUMN_MISSING' | 'MISSING' | 'TOO_LONG' | 'NOT_ALLOWED' | 'WRONG_FORM'
type Value = string | boolean | null | { readonly what: What }

const readCell = (column: ReferenceColumn, text: string): Value => {
  if (text === '') {
    if (column.required) return { what: 'MISSING' }
    return column.as === 'text' ? '' : (column.blank ?? null)
  }
  switch (column.as) {
    case 'text':
      return textOf(column, text)
    case 'date':
      return dayOf(text) ?? { what: 'WRONG_FORM' }
    case 'flag':
      return FLAGS.get(text.toLowerCase()) ?? { what: 'WRONG_FORM' }
    case 'decimal':
      return isDecimal(column, text) ? shortest(text) : { what: 'WRONG_FORM' }
  }
}

const textOf = (column: ReferenceColumn, text: string): Value => {
  if (text.length > (column.max ?? REFERENCE_TEXT_LENGTH_MAX)) return { what: 'TOO_LONG' }
  if (hasBadCharacter(text)) return { what: 'WRONG_FORM' }
  if (column.values?.includes(text) === false) return { what: 'NOT_ALLOWED' }
  return column.form?.pattern.test(text) === false ? { what: 'WRONG_FORM' } : text
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'true', '1', '是'].map((word) => [word, true] as const),
  ...['no', 'false', '0', '否'].map((word) => [word, false] as const),
])

/** `2022-03-01`, `2022/3/1` or `20220301` as `2022-03-01`; undefined for a day that does not exist. */
const dayOf = (text: string): string | undefined => {
  const [, year = '', month = '', day = ''] =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? []
  const days = [year, month.padStart(2, '0'), day.padStart(2, '0')]
  return readStamp(days.join('')) === undefined ? undefined : days.join('-')
}

const isDecimal = ({ digits = 19, fraction = 5 }: ReferenceColumn, text: string): boolean => {
  const [, whole = '', decimals = ''] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return whole !== '' && decimals.length <= fraction && whole.length + decimals.length <= digits
}

/** `10.50` and `010.5` are one number, and one key. */
const shortest = (text: string): string => {
  const [whole = '', decimals = ''] = text.split('.')
  const rest = decimals.replace(/0+$/, '')
  return `${whole.replace(/^0+(?=\d)/, '')}${rest === '' ? '' : `.${rest}`}`
}

interface Named extends ReferenceFault {
  readonly named: string
}

/** What a whole row breaks: a key that came before, days in the wrong order, or the table's own rule. */
const problemOf = (reading: Reading, row: ReferenceRow, number: number): Named | undefined => {
  const { table, keys } = reading
  const key = JSON.stringify(table.key.map((name) => row[name]))
  const earlier = keys.get(key)
  const fault = (column: string, what: string, text: Text, cure: Text): Named => ({
    ...{ code: codeOf(column, what), pointer: pointerOf(number, column), severity: 'error' },
    ...{ text, cure, row: number, column: null, named: column },
  })
  if (earlier !== undefined)
    return fault(
      table.key[0] ?? '',
      'TWICE',
      { zh: `与第 ${earlier} 行重复`, en: `Row ${earlier} stands for the same` },
      { zh: '只保留一行', en: 'Keep one of them' },
    )
  keys.set(key, number)
  const { validFrom, validTo } = row
  if (typeof validFrom === 'string' && typeof validTo === 'string' && validTo < validFrom)
    return fault(
      'validTo',
      'BEFORE_FIRST',
      { zh: '失效日早于生效日', en: 'The last day is before the first' },
      { zh: '更正其中一个日期', en: 'Correct one of the days' },
    )
  const own = table.problem?.(row)
  return own === undefined ? undefined : fault(own.column, 'NOT_ALLOWED', own.text, own.cure)
}

/** A cell of a row of the file names what another table does not have. */
export const unknownFault = (
  { columns }: ReferenceTable,
  name: string,
  number: number,
): ReferenceFault => {
  const label = columns.find((column) => column.name === name)
  return {
    ...{ code: codeOf(name, 'UNKNOWN'), pointer: pointerOf(number, name), severity: 'error' },
    text: {
      zh: `${label?.zh ?? name}（${name}）没有登记`,
      en: `${name} (${label?.en ?? name}) is not registered`,
    },
    cure: { zh: '核对编号，或先登记', en: 'Check it, or register it first' },
    ...{ row: number, column: null },
  }
}

const nameOf = (place: number | undefined): string | null =>
  place === undefined ? null : columnName(place)

const codeOf = (column: string, what: string): string => `REFERENCE-${column}-${what}`

const pointerOf = (row: number, column: string): string => at(at('', row), column)

const faultAt = (
  column: ReferenceColumn,
  what: What,
  row: number,
  place: number | undefined,
): ReferenceFault => {
  const label = { zh: `${column.zh}（${column.name}）`, en: `${column.name} (${column.en})` }
  const format = formatOf(column)
  const [zh, en] = texts[what]
  return {
    code: codeOf(column.name, what),
    pointer: pointerOf(row, column.name),
    severity: 'error',
    text: { zh: `${label.zh}${zh}`, en: `${label.en} ${en}` },
    cure: { zh: `填写：${format.zh}`, en: `Give ${format.en}` },
    row,
    column: nameOf(place),
  }
}

const texts: Readonly<Record<What, readonly [zh: string, en: string]>> = {
  COLUMN_MISSING: ['缺少该列', 'has no column'],
  MISSING: ['为空', 'is empty'],
  TOO_LONG: ['过长', 'is too long'],
  NOT_ALLOWED: ['不在可用的取值之内', 'is none of the values taken'],
  WRONG_FORM: ['格式不对', 'has the wrong form'],
}

/** What a column holds, in words; for cures and for whoever asks how a file looks. */
export const formatOf = ({
  as,
  form,
  values,
  max,
  digits = 19,
  fraction = 5,
}: ReferenceColumn): Text => {
  if (values !== undefined) return { zh: values.join('、'), en: values.join(', ') }
  if (form !== undefined) return { zh: form.zh, en: form.en }
  const length = max ?? REFERENCE_TEXT_LENGTH_MAX
  const formats: Readonly<Record<ReferenceColumn['as'], Text>> = {
    text: { zh: `不超过 ${length} 个字符的文字`, en: `a text of at most ${length} characters` },
    date: { zh: '存在的日期，如 2022-03-01', en: 'a day that exists, such as 2022-03-01' },
    flag: { zh: '是 或 否', en: 'yes or no' },
    decimal: {
      zh: `不为负的数字，最多 ${digits} 位，其中小数 ${fraction} 位`,
      en: `a number that is not negative, at most ${digits} digits, ${fraction} of them decimals`,
    },
  }
  return formats[as]
}
