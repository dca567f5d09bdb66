/**
 * What is marked where: faulty cells by row and column, the text of the result column, notes. One
 * plan serves a workbook that comes back as it was and a CSV that is made into one.
 */
import { SHEET_NOTES_MAX } from '../../kernel/limits.ts'
import type { Note } from './parts.ts'
import type { Extent, SheetFault } from './read.ts'
import { columnName, columnOf } from './row.ts'
import { RESULT_NAME } from './workbook.ts'
import type { NewRow, NewSheet } from './write.ts'

/** Author of our notes, by which they are known when the workbook comes back. */
export const MARK_AUTHOR = '渝关校验'

export type Mark = 'error' | 'warning'

export interface RowMarks {
  /** By column. */
  readonly cells: ReadonlyMap<number, Mark>
  /** Text of the result column. */
  readonly text: string
}

export interface SheetMarks {
  readonly rows: ReadonlyMap<number, RowMarks>
  readonly resultColumn: number
  readonly headRow: number
  readonly notes: readonly Note[]
}

/** What the upload came to, told above the list of faults. */
export interface MarkSummary {
  readonly taken: number
  readonly refused: number
  readonly errors: number
  readonly warnings: number
}

/** Characters of one result cell or note. */
const RESULT_LENGTH_MAX = 2_000

/** The marks of each sheet that was read; a sheet without faults gets its old marks taken off. */
export const planMarks = (
  faults: readonly SheetFault[],
  extents: ReadonlyMap<string, Extent>,
): ReadonlyMap<string, SheetMarks> => {
  const planned = new Map<string, SheetMarks>()
  let notesLeft = SHEET_NOTES_MAX
  for (const [name, { headRow, lastColumn, resultColumn = lastColumn + 1 }] of extents) {
    const own = faults.filter(({ sheet, row }) => sheet === name && row !== null)
    const rows = rowsOf(own)
    const notes = notesOf(own).slice(0, notesLeft)
    notesLeft -= notes.length
    planned.set(name, { rows, resultColumn, headRow, notes })
  }
  return planned
}

const rowsOf = (faults: readonly SheetFault[]): ReadonlyMap<number, RowMarks> => {
  const byRow = new Map<number, SheetFault[]>()
  for (const fault of faults) {
    const row = fault.row ?? 0
    const found = byRow.get(row)
    if (found === undefined) byRow.set(row, [fault])
    else found.push(fault)
  }
  return new Map(
    [...byRow].map(([row, own]) => {
      const cells = new Map<number, Mark>()
      for (const { column, severity } of own)
        if (column !== null && cells.get(columnOf(column)) !== 'error')
          cells.set(columnOf(column), severity)
      return [row, { cells, text: own.map(resultText).join('\n').slice(0, RESULT_LENGTH_MAX) }]
    }),
  )
}

const resultText = ({ severity, text, cure, column }: SheetFault): string =>
  `${severity === 'error' ? '错误' : '提示'}${column === null ? '' : ` ${column}`}：${text.zh}。${cure.zh}。`

/** One for each cell. */
const notesOf = (faults: readonly SheetFault[]): readonly Note[] => {
  const texts = new Map<string, { row: number; column: number; text: string }>()
  for (const fault of faults) {
    if (fault.column === null || fault.row === null) continue
    const reference = `${fault.column}${fault.row}`
    const earlier = texts.get(reference)?.text
    const own = `${fault.text.zh}。${fault.cure.zh}。`
    const text = earlier === undefined ? own : `${earlier}\n${own}`.slice(0, RESULT_LENGTH_MAX)
    texts.set(reference, { row: fault.row, column: columnOf(fault.column), text })
  }
  return [...texts].map(([reference, note]) => ({ reference, author: MARK_AUTHOR, ...note }))
}

// ---- the sheet of results ------------------------------------------------------------------------

const TABLE = ['工作表', '单元格', '行', '列名', '字段', '级别', '问题', '怎么办', '代码'] as const
const WIDTHS = [24, 10, 8, 26, 34, 8, 70, 70, 44] as const

export const resultSheet = (faults: readonly SheetFault[], summary: MarkSummary): NewSheet => ({
  name: RESULT_NAME,
  columns: WIDTHS.map((width) => ({ width })),
  rows: resultRows(faults, summary),
})

export function* resultRows(
  faults: readonly SheetFault[],
  { taken, refused, errors, warnings }: MarkSummary,
): Generator<NewRow> {
  let number = 0
  const row = (texts: readonly string[], style: 'plain' | 'bold'): NewRow => {
    number += 1
    return { number, cells: texts.map((text, column) => ({ column, text, style })) }
  }
  yield row(
    [`接收 ${taken} 份，拒收 ${refused} 份；错误 ${errors} 处，提示 ${warnings} 处。`],
    'bold',
  )
  if (errors + warnings > faults.length)
    yield row([`这里只列出并标出其中 ${faults.length} 处；更正后重新上传可看到其余。`], 'bold')
  yield row([`批注最多 ${SHEET_NOTES_MAX} 处；每行的全部问题见“${RESULT_NAME}”列。`], 'plain')
  number += 1
  yield row(TABLE, 'bold')
  for (const { sheet, row: at, column, head, field, severity, text, cure, code } of faults)
    yield row(
      [
        sheet ?? '',
        column === null || at === null ? '' : `${column}${at}`,
        at === null ? '' : String(at),
        head ?? '',
        field ?? '',
        severity === 'error' ? '错误' : '提示',
        text.zh,
        cure.zh,
        code,
      ],
      'plain',
    )
}

/** Columns of a row that are marked or hold its result, by ascending column. */
export const markedColumns = (marks: RowMarks): readonly (readonly [number, Mark])[] =>
  [...marks.cells].sort(([a], [b]) => a - b)

/** `C5`. */
export const referenceOf = (column: number, row: number): string => `${columnName(column)}${row}`
