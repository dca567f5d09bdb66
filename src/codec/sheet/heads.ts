/**
 * The heads of a sheet: which column holds which field. The first row may hold Chinese names, wire
 * names or whole paths; when the second row holds paths, it is the one that counts, and the first
 * is for people. Heads that are wrong refuse the sheet: a column passed over is a value lost.
 */
import type { SheetEntry } from '../../catalogue/message.ts'
import type { Fault } from '../../kernel/fault.ts'
import { nearestName } from '../nearest.ts'
import { perEntry } from '../shape.ts'
import { columnsOf, type SheetColumn } from './columns.ts'
import { cellFault, fileFault } from './faults.ts'
import type { Row } from './row.ts'
import { NOTE_MARK } from './workbook.ts'

export interface HeadFault {
  readonly fault: Fault
  readonly row: number
  readonly column: number | undefined
  /** The field, where it is known. */
  readonly of?: SheetColumn
}

export interface Heads {
  readonly entry: SheetEntry
  /** By column of the sheet; undefined for one that is not read. */
  readonly columns: readonly (SheetColumn | undefined)[]
  /** Columns without any head: what stands in them is told as not read. */
  readonly isHeadless: (column: number) => boolean
  /** Row of the heads that count. */
  readonly row: number
  readonly faults: readonly HeadFault[]
}

/** Heads from the first one or two rows that are not blank. */
export const readHeads = (entry: SheetEntry, first: Row, second: Row | undefined): Heads => {
  const isPathRow = second !== undefined && hasPathRow(entry, second)
  const row = isPathRow ? second : first
  const faults: HeadFault[] = []
  if (!isPathRow && share(entry, first, 'any') < 0.5)
    faults.push({ fault: fileFault('HEADS_MISSING'), row: first.number, column: undefined })
  else {
    faults.push(...faultsOfRow(entry, row))
    if (isPathRow) faults.push(...differences(entry, first, second))
    faults.push(...missing(entry, row))
  }
  const columns: (SheetColumn | undefined)[] = []
  const told = new Set<number>()
  for (const { column, text } of [...first.cells, ...row.cells]) {
    told.add(column)
    const found = nameOf(entry, text)
    if (typeof found === 'object') columns[column] = found
  }
  // The second row counts; a column that only the first one names is none of ours.
  for (const { column } of first.cells)
    if (!row.cells.some((cell) => cell.column === column)) columns[column] = undefined
  return { entry, columns, isHeadless: (column) => !told.has(column), row: row.number, faults }
}

/** Whether the second row belongs to the heads: it does when it holds wire names. */
export const hasPathRow = (entry: SheetEntry, second: Row): boolean =>
  share(entry, second, 'wire') > 0.5

type Named = SheetColumn | 'ambiguous' | 'note' | undefined

/** Full width as half width, without blanks and the mark of required columns. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\s*]+/g, '')
    .toLowerCase()

const names: (entry: SheetEntry) => ReadonlyMap<string, SheetColumn | 'ambiguous'> = perEntry(
  (entry) => {
    const columns = columnsOf(entry)
    const found = new Map<string, SheetColumn | 'ambiguous'>()
    for (const column of columns) {
      const key = plain(column.name)
      found.set(key, found.has(key) ? 'ambiguous' : column)
    }
    // Heads and paths are the only ones of their kind, so they win over bare names.
    for (const column of columns) {
      found.set(plain(column.head), column)
      found.set(plain(column.path), column)
    }
    return found
  },
)

const nameOf = (entry: SheetEntry, text: string): Named =>
  text.trim().startsWith(NOTE_MARK) ? 'note' : names(entry).get(plain(text))

/** How much of a row names fields: in the words of the wire alone, or in any way. */
const share = (entry: SheetEntry, row: Row, by: 'wire' | 'any'): number => {
  const cells = row.cells.filter(({ text }) => !text.trim().startsWith(NOTE_MARK))
  const naming = cells.filter(({ text }) => {
    const named = nameOf(entry, text)
    if (named === undefined || by === 'any') return named !== undefined
    return named === 'ambiguous' || (typeof named === 'object' && isWireName(named, text))
  })
  return cells.length === 0 ? 0 : naming.length / cells.length
}

const isWireName = ({ name, path }: SheetColumn, text: string): boolean =>
  plain(path) === plain(text) || plain(name) === plain(text)

const faultsOfRow = (entry: SheetEntry, row: Row): readonly HeadFault[] => {
  const seen = new Set<string>()
  const known = columnsOf(entry).flatMap(({ path, head }) => [path, head])
  return row.cells.flatMap(({ column, text }): readonly HeadFault[] => {
    const named = nameOf(entry, text)
    const at = (fault: Fault): readonly HeadFault[] => [{ fault, row: row.number, column }]
    if (named === 'note') return []
    if (named === 'ambiguous') return at(fileFault('COLUMN_AMBIGUOUS'))
    if (named === undefined) return at(fileFault('COLUMN_UNKNOWN', nearestName(text.trim(), known)))
    if (seen.has(named.path)) return at(fileFault('COLUMN_TWICE'))
    seen.add(named.path)
    return []
  })
}

/** Both rows name a field of a column, and not the same. */
const differences = (entry: SheetEntry, first: Row, second: Row): readonly HeadFault[] =>
  second.cells.flatMap(({ column, text }): readonly HeadFault[] => {
    const above = first.cells.find((cell) => cell.column === column)
    const shown = above === undefined ? undefined : nameOf(entry, above.text)
    const meant = nameOf(entry, text)
    if (typeof shown !== 'object' || typeof meant !== 'object' || shown === meant) return []
    return [{ fault: fileFault('HEADS_DIFFER'), row: second.number, column }]
  })

/** Columns without which no document of the kind can be right. */
const missing = (entry: SheetEntry, row: Row): readonly HeadFault[] => {
  const given = new Set(row.cells.map(({ text }) => nameOf(entry, text)))
  const groups = new Set(
    [...given].flatMap((named) => (typeof named === 'object' ? [named.group] : [])),
  )
  return columnsOf(entry)
    .filter(({ rule, isFilled }) => rule.required && !isFilled)
    .filter((column) => !given.has(column) && (column.group.min > 0 || groups.has(column.group)))
    .map((column) => ({
      fault: cellFault('COLUMN_MISSING', column.rule.code, '', column.rule.subject),
      row: row.number,
      column: undefined,
      of: column,
    }))
}
