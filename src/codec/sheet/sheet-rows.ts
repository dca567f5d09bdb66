/**
 * The rows of one worksheet part, parsed as they are asked for. A formula gives the result that the
 * program stored with it: that is what its author saw and what every export of the sheet would
 * show; computing it anew could only give another value than the one he looked at. Where the file
 * holds no result, the cell says so and is refused.
 */
import { SHEET_CELL_LENGTH_MAX, SHEET_COLUMNS_MAX } from '../../kernel/limits.ts'
import { Unreadable } from './faults.ts'
import { createFiller, type Range } from './merges.ts'
import { type Cell, type CellKind, columnOf, type Row } from './row.ts'
import { type StringPool, unescapeText } from './string-pool.ts'
import type { NumberLook } from './workbook.ts'
import { type Attributes, createXmlFeed, type XmlEvents } from './xml-feed.ts'

export interface SheetSource {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly strings: StringPool
  readonly looks: readonly NumberLook[]
  readonly merges: readonly Range[]
}

export async function* rowsOfSheet(source: SheetSource): AsyncGenerator<readonly Row[]> {
  let rows: Row[] = []
  const reader = createRowReader(source, (row) => rows.push(row))
  const feed = createXmlFeed(reader.events)
  try {
    for await (const piece of source.bytes) {
      feed.feed(piece)
      if (rows.length === 0) continue
      const batch = rows
      rows = []
      yield batch
    }
    feed.end()
  } catch (error) {
    // Rows of the last piece are whole; whoever reads may still use them before the fault.
    if (rows.length > 0) yield rows
    if (!(error instanceof Unreadable)) throw error
    throw new Unreadable(error.what, error.row ?? reader.currentRow())
  }
  if (rows.length > 0) yield rows
}

/** The row number a spreadsheet may have at most (§18.3.1.73 and every program). */
const ROW_NUMBER_MAX = 1_048_576

const createRowReader = (source: SheetSource, told: (row: Row) => void) => {
  const filler = createFiller(source.merges)
  let inRows = false
  let row = 0
  let isRowOpen = false
  let column = -1
  let cells: Cell[] = []
  // A sheet has millions of cells; one at a time is open.
  const reused: OpenCell = { type: 'n', style: 0, text: '', hasValue: false, isFormula: false }
  let cell: OpenCell | undefined
  let collects = false
  let inAid = false

  const openRow = (attributes: Attributes): void => {
    row = numberOfRow(attributes, row)
    isRowOpen = true
    column = -1
    cells = []
  }
  const openCell = (attributes: Attributes): void => {
    column = columnOfCell(attributes, column, row)
    cell = reused
    cell.type = attributes.t ?? 'n'
    cell.style = attributes.s === undefined ? 0 : Number(attributes.s)
    cell.text = ''
    cell.hasValue = false
    cell.isFormula = false
  }
  const closeCell = (open: OpenCell): void => {
    const read = readCell(open, column, source)
    cell = undefined
    if (read !== undefined) cells.push(read)
  }
  const closeRow = (): void => {
    isRowOpen = false
    const filled = filler.fill(row, cells)
    if (filled.length > 0) told({ number: row, cells: filled })
  }
  const events: XmlEvents = {
    open: (name, attributes) => {
      if (name === 'sheetData') inRows = true
      if (!inRows) return
      if (name === 'row') openRow(attributes)
      else if (name === 'c') openCell(attributes)
      else if (cell === undefined) return
      else if (name === 'f') cell.isFormula = true
      else if (name === 'rPh') inAid = true
      else if (name === 'v' || (name === 't' && !inAid)) {
        cell.hasValue = true
        collects = true
      }
    },
    text: (piece) => {
      if (!collects || cell === undefined) return
      cell.text += piece
      if (cell.text.length > SHEET_CELL_LENGTH_MAX) throw new Unreadable('CELL_TOO_LONG', row)
    },
    close: (name) => {
      if (!inRows) return
      if (name === 'v' || name === 't') collects = false
      else if (name === 'rPh') inAid = false
      else if (name === 'c' && cell !== undefined) closeCell(cell)
      else if (name === 'row') closeRow()
      else if (name === 'sheetData') inRows = false
    },
  }
  return { events, currentRow: () => (isRowOpen ? row : row + 1) }
}

/** Rows without a number follow the one before. */
const numberOfRow = ({ r }: Attributes, before: number): number => {
  const number = r === undefined ? before + 1 : Number(r)
  if (Number.isInteger(number) && number > before && number <= ROW_NUMBER_MAX) return number
  throw new Unreadable('BROKEN')
}

const columnOfCell = ({ r }: Attributes, before: number, row: number): number => {
  const column = r === undefined ? before + 1 : columnOf(r)
  if (column <= before) throw new Unreadable('BROKEN')
  if (column >= SHEET_COLUMNS_MAX) throw new Unreadable('TOO_MANY_COLUMNS', row)
  return column
}

interface OpenCell {
  type: string
  style: number
  text: string
  hasValue: boolean
  isFormula: boolean
}

const PLAIN: NumberLook = { look: 'plain', digits: 0 }

/** undefined for a blank cell. */
const readCell = (open: OpenCell, column: number, source: SheetSource): Cell | undefined => {
  const { type, style, isFormula, hasValue } = open
  const { look, digits } = source.looks[style] ?? PLAIN
  // Some programs write an empty result where they computed none; only of a text can it be empty.
  if (isFormula && (!hasValue || (open.text === '' && type !== 'str')))
    return { column, kind: 'no-value', text: '', look, digits }
  const text = type === 's' ? sharedText(open, source.strings) : open.text
  if (text.trim() === '') return undefined
  const kind = KINDS.get(type) ?? 'number'
  return { column, kind, text: ESCAPED.has(type) ? unescapeText(text) : text, look, digits }
}

const sharedText = ({ text, hasValue }: OpenCell, strings: StringPool): string => {
  const shared = text === '' ? undefined : strings.get(Number(text))
  if (shared === undefined && hasValue) throw new Unreadable('BROKEN')
  return shared ?? ''
}

/** By the type of a cell (§18.18.11); anything else is a number. */
const KINDS: ReadonlyMap<string, CellKind> = new Map([
  ['s', 'text'],
  ['str', 'text'],
  ['inlineStr', 'text'],
  ['d', 'text'],
  ['b', 'boolean'],
  ['e', 'error'],
])
/** Shared texts were unescaped when they were read. */
const ESCAPED: ReadonlySet<string> = new Set(['str', 'inlineStr'])
