/** The uploaded file with its faults marked, as a workbook whatever it was. */
import { markCsv } from './mark-csv.ts'
import { markWorkbook } from './mark-xlsx.ts'
import type { MarkSummary } from './marks.ts'
import type { Reading, SheetFault } from './read.ts'

/** Only of a reading that `canBeMarked`, after its steps were read. */
export const markSheets = (
  { opened, extents }: Reading,
  faults: readonly SheetFault[],
  summary: MarkSummary,
): ReadableStream<Uint8Array> => {
  if (opened === undefined) throw new Error('what could not be opened cannot be marked')
  if (opened.workbook !== undefined) return markWorkbook(opened.workbook, faults, extents, summary)
  const [tab] = opened.tabs
  if (tab === undefined) throw new Error('a CSV has one sheet')
  return markCsv(tab, faults, extents, summary)
}
