/**
 * Documents from rows. A row holds one line of a document and, on the first row of the document at
 * least, its head. Rows that follow each other belong to one document as long as none of them gives
 * another key: a head may be repeated on every row or left blank after the first. In a kind without
 * lines every row is a document.
 */
import {
  type AnyDocument,
  APP_TYPE,
  type FieldRecord,
  type SheetEntry,
} from '../../catalogue/message.ts'
import { at, type Fault } from '../../kernel/fault.ts'
import { rulesOf } from '../rule.ts'
import { type GroupShape, perEntry, shapeOf } from '../shape.ts'
import { columnsOf, type SheetColumn } from './columns.ts'
import { cellFault } from './faults.ts'
import type { Heads } from './heads.ts'
import type { Row, Tab } from './row.ts'
import { readCell } from './values.ts'

/** Values for head fields that the sheet left blank, by name. */
export interface Blanks {
  readonly guid: () => string
  readonly appTime: () => string
}

export interface CellPlace {
  readonly row: number
  /** Undefined when the sheet has no column for it. */
  readonly column: number | undefined
  /** The field, where one is meant. */
  readonly of: SheetColumn | undefined
}

/** A fault of a cell: its pointer leads into the document, its place into the sheet. */
export interface CellFault {
  readonly fault: Fault
  readonly place: CellPlace
}

export interface Assembled {
  readonly entry: SheetEntry
  readonly document: AnyDocument
  /** Found while reading the cells; the document itself is still to be checked. */
  readonly faults: readonly CellFault[]
  readonly rows: readonly [first: number, last: number]
  /** Lines of all groups. */
  readonly lines: number
  /** Head fields that were blank and filled in. */
  readonly filled: readonly string[]
  /** Where in the sheet a JSON Pointer into the document leads. */
  readonly placeOf: (pointer: string) => CellPlace
}

export interface Assembler {
  /** The document that ended before this row, if one did. */
  take(row: Row): Assembled | undefined
  /** The last document. */
  end(): Assembled | undefined
  /** First row of the document that is not ended yet. */
  openSince(): number | undefined
}

export const createAssembler = (
  heads: Heads,
  tab: Pick<Tab, 'typed' | 'epoch'>,
  blanks: Blanks,
): Assembler => {
  const layout = layoutOf(heads)
  /** Row of the first document of each key. */
  const seen = new Map<string, number>()
  let open: Open | undefined
  const close = (): Assembled | undefined => {
    if (open === undefined) return undefined
    const ended = open
    open = undefined
    if (layout.hasLines) tellApart(layout, ended, seen)
    return finish(layout, ended, blanks)
  }
  return {
    take: (row) => {
      const read = readRow(layout, row, tab)
      if (read === undefined) return undefined
      let ended: Assembled | undefined
      if (open === undefined || !continues(layout, open, read)) {
        ended = close()
        open = newDocument(row.number)
      }
      addRow(layout, open, read)
      return ended
    },
    end: close,
    openSince: () => open?.firstRow,
  }
}

// ---- layout: what the columns of this sheet mean -------------------------------------------------

interface Layout {
  readonly entry: SheetEntry
  readonly heads: Heads
  /** Where each field's column stands. */
  readonly placeOf: ReadonlyMap<SheetColumn, number>
  readonly hasLines: boolean
  readonly linesMax: ReadonlyMap<GroupShape, number>
}

const layoutOf = (heads: Heads): Layout => {
  const { entry, columns } = heads
  return {
    entry,
    heads,
    placeOf: new Map(columns.flatMap((column, i) => (column === undefined ? [] : [[column, i]]))),
    hasLines: shapeOf(entry).groups.some((group) => !group.single),
    linesMax: new Map(rulesOf(entry).groups.map(({ shape, linesMax }) => [shape, linesMax])),
  }
}

const byPath: (entry: SheetEntry) => ReadonlyMap<string, SheetColumn> = perEntry(
  (entry) => new Map(columnsOf(entry).map((column) => [column.path, column])),
)

const pathOf = (group: GroupShape, name: string): string =>
  group.name === undefined ? name : `${group.name}.${name}`

// ---- one row -------------------------------------------------------------------------------------

interface RowRead {
  readonly row: number
  readonly values: readonly { readonly column: SheetColumn; readonly value: string }[]
  readonly faults: readonly { readonly column: SheetColumn; readonly fault: CellFaultMaker }[]
}

/** Its pointer is known once the row has found its document. */
type CellFaultMaker = (pointer: string) => Fault

/** Undefined when no cell of the row belongs to the document. */
const readRow = (
  { heads }: Layout,
  row: Row,
  tab: Pick<Tab, 'typed' | 'epoch'>,
): RowRead | undefined => {
  const values: { column: SheetColumn; value: string }[] = []
  const faults: { column: SheetColumn; fault: CellFaultMaker }[] = []
  for (const cell of row.cells) {
    const column = heads.columns[cell.column]
    if (column === undefined) continue
    const { value, what } = readCell(column, cell, tab)
    if (value !== undefined && value !== '') values.push({ column, value })
    if (what === undefined) continue
    const { code, subject } = column.rule
    faults.push({ column, fault: (pointer) => cellFault(what, code, pointer, subject) })
  }
  return values.length + faults.length === 0 ? undefined : { row: row.number, values, faults }
}

// ---- one document --------------------------------------------------------------------------------

interface Open {
  readonly firstRow: number
  lastRow: number
  /** Values of groups that stand once, by column. */
  readonly single: Map<SheetColumn, { readonly value: string; readonly row: number }>
  readonly lines: Map<GroupShape, { readonly row: number; readonly record: FieldRecord }[]>
  /** Lines beyond the bound are counted, not kept: the document is refused anyway. */
  lineCount: number
  readonly faults: CellFault[]
}

const newDocument = (row: number): Open => ({
  firstRow: row,
  lastRow: row,
  single: new Map(),
  lines: new Map(),
  lineCount: 0,
  faults: [],
})

/** Whether the row belongs to the open document: it gives no part of a key that differs. */
const continues = (layout: Layout, open: Open, { values, faults }: RowRead): boolean => {
  if (!layout.hasLines) return false
  const isKey = ({ group, name }: SheetColumn): boolean =>
    group === shapeOf(layout.entry).head && layout.entry.key.includes(name)
  return (
    values.every(
      ({ column, value }) => !isKey(column) || open.single.get(column)?.value === value,
    ) && faults.every(({ column }) => !isKey(column) || open.single.has(column))
  )
}

const addRow = (layout: Layout, open: Open, { row, values, faults }: RowRead): void => {
  const places = new Map<GroupShape, number>()
  open.lastRow = row
  for (const { column, value } of values) {
    if (!column.group.single) continue
    const earlier = open.single.get(column)
    if (earlier === undefined) open.single.set(column, { value, row })
    else if (earlier.value !== value) tellConflict(layout, open, column, row)
  }
  for (const group of shapeOf(layout.entry).groups) {
    const own = group.single ? [] : values.filter(({ column }) => column.group === group)
    const isFaulty = !group.single && faults.some(({ column }) => column.group === group)
    if (own.length === 0 && !isFaulty) continue
    places.set(group, addLine(layout, open, group, { row, record: recordOf(own) }))
  }
  for (const { column, fault } of faults) {
    const { group } = column
    const pointer = at(groupPointer(group, places.get(group)), column.name)
    open.faults.push({ fault: fault(pointer), place: placed(layout, column, row) })
  }
}

/** In wire order, so that the check need not sort them. */
const recordOf = (values: RowRead['values']): FieldRecord => {
  const record: Record<string, string> = {}
  for (const { column, value } of [...values].sort((a, b) => a.column.index - b.column.index))
    record[column.name] = value
  return record
}

/** Index of the line in its group. */
const addLine = (
  layout: Layout,
  open: Open,
  group: GroupShape,
  line: { readonly row: number; readonly record: FieldRecord },
): number => {
  const lines = open.lines.get(group) ?? []
  open.lines.set(group, lines)
  open.lineCount += 1
  // One more than the bound, so that the check sees that there are too many.
  if (lines.length <= (layout.linesMax.get(group) ?? 0)) lines.push(line)
  return lines.length - 1
}

const placed = (layout: Layout, of: SheetColumn, row: number): CellPlace => ({
  row,
  column: layout.placeOf.get(of),
  of,
})

const groupPointer = (group: GroupShape, line: number | undefined): string => {
  const pointer = group.name === undefined ? '' : at('', group.name)
  return line === undefined ? pointer : at(pointer, line)
}

const tellConflict = (layout: Layout, open: Open, column: SheetColumn, row: number): void => {
  const { group, name, rule } = column
  const pointer = at(groupPointer(group, undefined), name)
  const fault = cellFault('CONFLICT', rule.code, pointer, rule.subject)
  open.faults.push({ fault, place: placed(layout, column, row) })
}

/** A document whose key came before, with other rows between. */
const tellApart = (layout: Layout, open: Open, seen: Map<string, number>): void => {
  const { head } = shapeOf(layout.entry)
  const columns = layout.entry.key.flatMap(
    (name) => byPath(layout.entry).get(pathOf(head, name)) ?? [],
  )
  const key = columns.map((column) => open.single.get(column)?.value ?? '')
  const [column] = columns
  if (column === undefined || key[0] === '') return
  const text = JSON.stringify(key)
  if (!seen.has(text)) {
    seen.set(text, open.firstRow)
    return
  }
  const pointer = at(groupPointer(head, undefined), column.name)
  const fault = cellFault('NOT_TOGETHER', column.rule.code, pointer, column.rule.subject)
  open.faults.push({ fault, place: placed(layout, column, open.firstRow) })
}

const finish = (layout: Layout, open: Open, blanks: Blanks): Assembled => {
  const { entry } = layout
  const shape = shapeOf(entry)
  const filled: string[] = []
  const document: Record<string, string | FieldRecord | readonly FieldRecord[]> = {}
  for (const group of shape.groups) {
    const lines = open.lines.get(group)
    if (!group.single) {
      if (lines !== undefined) document[group.name ?? ''] = lines.map(({ record }) => record)
      continue
    }
    const record = singleRecord(layout, open, group, blanks, filled)
    if (group.name === undefined) Object.assign(document, record)
    else if (group === shape.head || Object.keys(record).length > 0) document[group.name] = record
  }
  return {
    entry,
    document,
    faults: open.faults,
    rows: [open.firstRow, open.lastRow],
    lines: open.lineCount,
    filled,
    placeOf: (pointer) => placeOf(layout, open, pointer),
  }
}

const singleRecord = (
  layout: Layout,
  open: Open,
  group: GroupShape,
  blanks: Blanks,
  filled: string[],
): FieldRecord => {
  const record: Record<string, string> = {}
  for (const column of columnsOf(layout.entry)) {
    if (column.group !== group) continue
    const given = open.single.get(column)?.value
    if (given !== undefined) record[column.name] = given
    else if (column.isFilled) {
      record[column.name] = blankOf(column.name, blanks)
      filled.push(column.name)
    }
  }
  return record
}

/** 业务状态 2, 申报; 1 would only save it. */
const APP_STATUS_DECLARED = '2'

/** What a blank says: a new document, declared now. */
const blankOf = (name: string, blanks: Blanks): string => {
  if (name === 'guid') return blanks.guid()
  if (name === 'appTime') return blanks.appTime()
  return name === 'appType' ? APP_TYPE.new : APP_STATUS_DECLARED
}

/** `/OrderList/3/qty` leads to the row of that line; what has no column leads to its row alone. */
const placeOf = (layout: Layout, open: Open, pointer: string): CellPlace => {
  const { entry } = layout
  const shape = shapeOf(entry)
  const steps = pointer.split('/').slice(1)
  const group = shape.flat ? shape.head : shape.byName.get(steps.shift() ?? '')
  if (group === undefined) return keyPlace(layout, open)
  const line = group.single ? undefined : Number(steps.shift())
  const lines = open.lines.get(group) ?? []
  const lineRow = lines[Number.isInteger(line) ? (line ?? 0) : 0]?.row
  const of = byPath(entry).get(pathOf(group, steps[0] ?? ''))
  if (of !== undefined) {
    const row = group.single ? open.single.get(of)?.row : lineRow
    return placed(layout, of, row ?? open.firstRow)
  }
  if (group === shape.head) return keyPlace(layout, open)
  const first = columnsOf(entry).find(
    (column) => column.group === group && layout.placeOf.has(column),
  )
  const row = lineRow ?? open.firstRow
  return { row, column: first === undefined ? undefined : layout.placeOf.get(first), of: undefined }
}

/** Faults of the document as a whole stand at its number. */
const keyPlace = (layout: Layout, open: Open): CellPlace => {
  const { head } = shapeOf(layout.entry)
  const of = byPath(layout.entry).get(pathOf(head, layout.entry.key[0]))
  const column = of === undefined ? undefined : layout.placeOf.get(of)
  return { row: open.firstRow, column, of: undefined }
}
