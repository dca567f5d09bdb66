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
  let cell: OpenCell | undefined
  let collects = false
  let inAid = false

  const openRow = (attributes: Attributes): void => {
    const number = attributes.r === undefined ? row + 1 : Number(attributes.r)
    if (!(Number.isInteger(number) && number > row && number <= ROW_NUMBER_MAX))
      throw new Unreadable('BROKEN')
    row = number
    isRowOpen = true
    column = -1
    cells = []
  }
  const openCell = (attributes: Attributes): void => {
    const at = attributes.r === undefined ? column + 1 : columnOf(attributes.r)
    if (at <= column) throw new Unreadable('BROKEN')
    if (at >= SHEET_COLUMNS_MAX) throw new Unreadable('TOO_MANY_COLUMNS', row)
    column = at
    cell = { ...NEW_CELL, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0) }
  }
  const closeCell = (open: OpenCell): void => {
    const value = readValue(open, source)
    cell = undefined
    if (value !== undefined) cells.push({ column, ...value })
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

interface OpenCell {
  type: string
  style: number
  text: string
  hasValue: boolean
  isFormula: boolean
}

const NEW_CELL: OpenCell = { type: 'n', style: 0, text: '', hasValue: false, isFormula: false }

/** undefined for a blank cell. */
const readValue = (
  { type, style, text, hasValue, isFormula }: OpenCell,
  { strings, looks }: SheetSource,
): Omit<Cell, 'column'> | undefined => {
  const { look, digits } = looks[style] ?? { look: 'plain' as const, digits: 0 }
  const made = (kind: CellKind, value: string) => ({ kind, text: value, look, digits })
  // Some programs write an empty result where they computed none; only of a text can it be empty.
  if (isFormula && (!hasValue || (text === '' && type !== 'str'))) return made('no-value', '')
  if (type === 's') {
    const shared = strings.get(text === '' ? -1 : Number(text))
    if (shared === undefined && hasValue) throw new Unreadable('BROKEN')
    return shared === undefined || isBlank(shared) ? undefined : made('text', shared)
  }
  if (isBlank(text)) return undefined
  if (type === 'str' || type === 'inlineStr') return made('text', unescapeText(text))
  if (type === 'b') return made('boolean', text)
  if (type === 'e') return made('error', text)
  if (type === 'd') return made('text', text)
  return made('number', text)
}

const isBlank = (text: string): boolean => text.trim() === ''
