/**
 * New workbooks: templates, and a CSV that comes back marked. Rows are asked for one at a time and
 * written as they come, so that a workbook of any length takes little memory.
 */
import {
  contentsPart,
  escapeXml,
  type Note,
  notesDrawing,
  notesPart,
  OFFICE,
  relationsXml,
  type StyleName,
  styleId,
  stylesPart,
  workbookPart,
} from './parts.ts'
import { columnName } from './row.ts'
import { type NewPart, whole, writeZip } from './write-zip.ts'

export interface NewCell {
  /** From 0. */
  readonly column: number
  readonly text: string
  readonly style?: StyleName
}

export interface NewRow {
  /** From 1. */
  readonly number: number
  readonly cells: readonly NewCell[]
  /** Points; as the program likes when left out. */
  readonly height?: number
}

/** A drop-down list for a column. */
export interface DropDown {
  readonly column: number
  readonly fromRow: number
  /** Where its values stand, as a formula: `'#码表'!$A$1:$A$3`. */
  readonly formula: string
  readonly title: string
  readonly prompt: string
}

export interface NewSheet {
  readonly name: string
  readonly state?: 'visible' | 'veryHidden'
  /** By column from 0; the style holds for cells that nobody filled in yet. */
  readonly columns: readonly { readonly width: number; readonly style?: StyleName }[]
  readonly frozenRows?: number
  readonly rows: Iterable<NewRow> | AsyncIterable<NewRow>
  readonly dropDowns?: readonly DropDown[]
  readonly notes?: readonly Note[]
}

/** A name that every program takes: 31 characters, and none of those with a meaning in formulas. */
export const sheetName = (name: string): string =>
  name.replace(/[\\/?*[\]:]/g, ' ').slice(0, SHEET_NAME_LENGTH_MAX)

const SHEET_NAME_LENGTH_MAX = 31

export const writeWorkbook = (sheets: readonly NewSheet[]): ReadableStream<Uint8Array> =>
  writeZip(partsOf(sheets))

async function* partsOf(sheets: readonly NewSheet[]): AsyncGenerator<NewPart> {
  const entries = sheets.map(({ name, state = 'visible', notes = [] }) => ({
    ...{ name, state, hasNotes: notes.length > 0 },
  }))
  const part = (name: string, text: string): NewPart => ({ name, content: whole(text) })
  yield part('[Content_Types].xml', contentsPart(entries))
  yield part(
    '_rels/.rels',
    relationsXml([{ id: 'rId1', kind: 'officeDocument', target: 'xl/workbook.xml' }]),
  )
  yield part('xl/workbook.xml', workbookPart(entries))
  const own = entries.map((_, i) => ({
    ...{ id: `rId${i + 1}`, kind: 'worksheet', target: `worksheets/sheet${i + 1}.xml` },
  }))
  const styles = { id: `rId${entries.length + 1}`, kind: 'styles', target: 'styles.xml' }
  yield part('xl/_rels/workbook.xml.rels', relationsXml([...own, styles]))
  yield part('xl/styles.xml', stylesPart())
  for (const [i, sheet] of sheets.entries()) {
    yield { name: `xl/worksheets/sheet${i + 1}.xml`, content: sheetXml(sheet) }
    const { notes = [] } = sheet
    if (notes.length === 0) continue
    yield part(`xl/comments${i + 1}.xml`, notesPart(notes))
    yield part(`xl/drawings/vmlDrawing${i + 1}.vml`, notesDrawing(notes))
    yield part(
      `xl/worksheets/_rels/sheet${i + 1}.xml.rels`,
      relationsXml([
        { id: 'rId1', kind: 'comments', target: `../comments${i + 1}.xml` },
        { id: 'rId2', kind: 'vmlDrawing', target: `../drawings/vmlDrawing${i + 1}.vml` },
      ]),
    )
  }
}

/** Rows are joined to pieces of about this many characters. */
const PIECE_LENGTH = 64 * 1024
/** The last row of a sheet; a drop-down list goes down to it. */
const ROW_LAST = 1_048_576

/** `unstyled`: for a workbook that has not our styles. */
export async function* sheetXml(
  sheet: NewSheet,
  styling: Styling = 'styled',
): AsyncGenerator<string> {
  const { columns, frozenRows = 0, dropDowns = [], notes = [] } = sheet
  let piece = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheetViews><sheetView workbookViewId="0">${paneXml(frozenRows)}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>${columnsXml(columns, styling)}<sheetData>`
  for await (const row of sheet.rows) {
    piece += rowXml(row, styling)
    if (piece.length < PIECE_LENGTH) continue
    yield piece
    piece = ''
  }
  const lists = dropDowns.map(dropDownXml).join('')
  const validations =
    lists === '' ? '' : `<dataValidations count="${dropDowns.length}">${lists}</dataValidations>`
  const drawing = notes.length === 0 ? '' : '<legacyDrawing r:id="rId2"/>'
  yield `${piece}</sheetData>${validations}${drawing}</worksheet>`
}

const paneXml = (rows: number): string =>
  rows === 0
    ? ''
    : `<pane ySplit="${rows}" topLeftCell="A${rows + 1}" activePane="bottomLeft" state="frozen"/>`

type Styling = 'styled' | 'unstyled'

const columnsXml = (columns: NewSheet['columns'], styling: Styling): string => {
  if (columns.length === 0) return ''
  const each = columns.map(
    ({ width, style = 'plain' }, i) =>
      `<col min="${i + 1}" max="${i + 1}" width="${width}" style="${idOf(style, styling)}" customWidth="1"/>`,
  )
  return `<cols>${each.join('')}</cols>`
}

const idOf = (style: StyleName, styling: Styling): number =>
  styling === 'styled' ? styleId(style) : 0

const rowXml = ({ number, cells, height }: NewRow, styling: Styling): string => {
  const own = cells.map(({ column, text, style = 'plain' }) =>
    cellXml(`${columnName(column)}${number}`, idOf(style, styling), text),
  )
  const size = height === undefined ? '' : ` ht="${height}" customHeight="1"`
  return `<row r="${number}"${size}>${own.join('')}</row>`
}

/** A cell with a text, or a blank one with a style; `prefix` is that of the sheet's own elements. */
export const cellXml = (reference: string, style: number, text: string, prefix = ''): string =>
  text === ''
    ? `<${prefix}c r="${reference}" s="${style}"/>`
    : `<${prefix}c r="${reference}" s="${style}" t="inlineStr"><${prefix}is><${prefix}t xml:space="preserve">${escapeXml(text)}</${prefix}t></${prefix}is></${prefix}c>`

/** Titles and prompts of programs hold so many characters. */
const TITLE_LENGTH_MAX = 32
const PROMPT_LENGTH_MAX = 255

/** Offers the list and takes anything else as well: the gateway judges, and it knows why. */
const dropDownXml = ({ column, fromRow, formula, title, prompt }: DropDown): string => {
  const name = columnName(column)
  const words = `promptTitle="${escapeXml(title.slice(0, TITLE_LENGTH_MAX))}" prompt="${escapeXml(prompt.slice(0, PROMPT_LENGTH_MAX))}"`
  return `<dataValidation type="list" allowBlank="1" showInputMessage="1" ${words} sqref="${name}${fromRow}:${name}${ROW_LAST}"><formula1>${escapeXml(formula)}</formula1></dataValidation>`
}
