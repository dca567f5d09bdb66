/** A CSV as a workbook with its faults marked: the only way to mark what has no colours. */
import { Unreadable } from './faults.ts'
import {
  type MarkSummary,
  markedColumns,
  planMarks,
  resultSheet,
  type SheetMarks,
} from './marks.ts'
import type { Extent, SheetFault } from './read.ts'
import type { Row, Tab } from './row.ts'
import { RESULT_NAME } from './workbook.ts'
import { type NewCell, type NewRow, type NewSheet, sheetName, writeWorkbook } from './write.ts'

export const markCsv = (
  tab: Tab,
  faults: readonly SheetFault[],
  extents: ReadonlyMap<string, Extent>,
  summary: MarkSummary,
): ReadableStream<Uint8Array> => {
  const marks = planMarks(faults, extents).get(tab.name)
  const sheet: NewSheet = {
    name: sheetName(tab.name),
    columns: [],
    rows: markedRows(tab, marks),
    ...(marks === undefined ? {} : { notes: marks.notes }),
  }
  return writeWorkbook([sheet, resultSheet(faults, summary)])
}

async function* markedRows(tab: Tab, marks: SheetMarks | undefined): AsyncGenerator<NewRow> {
  let last = 0
  try {
    for await (const rows of tab.rows())
      for (const row of rows) {
        last = row.number
        yield markedRow(row, marks)
      }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    // What cannot be read was told as a fault; the rows before it are all there is to give back.
    const text = marks?.rows.get(last + 1)?.text ?? ''
    const column = marks?.resultColumn ?? 0
    yield { number: last + 1, cells: [{ column, text, style: 'error' }] }
  }
}

const markedRow = ({ number, cells }: Row, marks: SheetMarks | undefined): NewRow => {
  const made = new Map<number, NewCell>()
  for (const { column, text } of cells) made.set(column, { column, text, style: 'text' })
  const own = marks?.rows.get(number)
  for (const [column, style] of own === undefined ? [] : markedColumns(own))
    made.set(column, { column, text: made.get(column)?.text ?? '', style })
  if (marks !== undefined) {
    const text = number === marks.headRow ? RESULT_NAME : (own?.text ?? '')
    made.delete(marks.resultColumn)
    if (text !== '') made.set(marks.resultColumn, { column: marks.resultColumn, text })
  }
  return { number, cells: [...made.values()].sort((a, b) => a.column - b.column) }
}
