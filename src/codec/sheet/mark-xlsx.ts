/**
 * The same workbook with its faults marked: the uploaded parts are copied one by one, and changed
 * only where marks go in: fills of faulty cells, their notes, a column with the results of each row
 * and a sheet that lists them all. Formats, formulas, other sheets and pictures stay as they were.
 */

import { type NoteParts, notePartsOf } from './mark-notes.ts'
import { createStyler, type Styler } from './mark-styles.ts'
import {
  type MarkSummary,
  markedColumns,
  planMarks,
  referenceOf,
  resultSheet,
  type SheetMarks,
} from './marks.ts'
import { OFFICE, SHEET_MIME } from './parts.ts'
import type { Extent, SheetFault } from './read.ts'
import { columnOf } from './row.ts'
import { RESULT_NAME, relationsPart, type Workbook } from './workbook.ts'
import { cellXml, sheetXml } from './write.ts'
import { type NewPart, writeZip } from './write-zip.ts'
import { type CopyVisitor, copyXml, type Tag } from './xml-copy.ts'

const CONTENTS = '[Content_Types].xml'

export const markWorkbook = (
  workbook: Workbook,
  faults: readonly SheetFault[],
  extents: ReadonlyMap<string, Extent>,
  summary: MarkSummary,
): ReadableStream<Uint8Array> => writeZip(markedParts(workbook, faults, extents, summary))

async function* markedParts(
  workbook: Workbook,
  faults: readonly SheetFault[],
  extents: ReadonlyMap<string, Extent>,
  summary: MarkSummary,
): AsyncGenerator<NewPart> {
  const { parts } = workbook
  const plan = planMarks(faults, extents)
  const stylesPart = workbook.partOf('styles')
  const styler = await createStyler(parts, stylesPart)
  const done = new Set<string>()
  const notes: NoteParts[] = []
  const copied = (name: string, visitor: CopyVisitor): NewPart => {
    done.add(name.toLowerCase())
    return { name: parts.nameOf(name), content: copyXml(parts.read(name), visitor) }
  }
  for (const { name, part } of workbook.sheets) {
    const marks = plan.get(name)
    if (marks === undefined) continue
    const own = await notePartsOf(parts, part, marks)
    notes.push(own)
    yield copied(part, sheetVisitor(marks, styler, own.drawingId))
    for (const made of own.made) {
      done.add(made.name.toLowerCase())
      yield made
    }
  }
  const result = resultPartOf(workbook)
  done.add(result.part.toLowerCase())
  // Of our own styles the copied workbook has none: the list is plain text.
  const content = sheetXml(resultSheet(faults, summary), 'unstyled')
  yield { name: result.part, content }
  // Styles follow the sheets, which have asked for them.
  if (stylesPart !== undefined) yield copied(stylesPart, styler.visitor())
  if (result.isNew) {
    yield copied(
      workbook.part,
      insertInside('sheets', ({ prefix }) => result.entry(prefix)),
    )
    yield copied(relationsPart(workbook.part), insertInside('Relationships', result.relation))
  }
  const overrides = [...notes.flatMap(({ contents }) => contents), ...result.contents]
  yield copied(CONTENTS, contentsVisitor(overrides))
  for (const name of parts.names)
    if (!done.has(name.toLowerCase())) yield { name, content: parts.read(name) }
}

// ---- a sheet -------------------------------------------------------------------------------------

/** What stands behind the drawing of notes in a sheet (CT_Worksheet, §18.3.1.99). */
const AFTER_DRAWING: ReadonlySet<string> = new Set([
  'legacyDrawingHF',
  'drawingHF',
  'picture',
  'oleObjects',
  'controls',
  'webPublishItems',
  'tableParts',
  'extLst',
])

/** A cell that goes into a row, in the order of columns. */
interface Inserted {
  readonly column: number
  readonly xml: (prefix: string) => string
  /** Stands in the place of a cell that is there; otherwise it only fills a gap. */
  readonly replaces: boolean
}

const insertedInto = (row: number, marks: SheetMarks, styler: Styler): readonly Inserted[] => {
  const own = marks.rows.get(row)
  const gaps = (own === undefined ? [] : markedColumns(own))
    .filter(([column]) => column !== marks.resultColumn)
    .map(([column, mark]): Inserted => {
      const reference = referenceOf(column, row)
      const xml = (prefix: string) => cellXml(reference, styler.marked(0, mark), '', prefix)
      return { column, xml, replaces: false }
    })
  const text = row === marks.headRow ? RESULT_NAME : (own?.text ?? '')
  if (text === '') return gaps
  const column = marks.resultColumn
  const xml = (prefix: string): string => cellXml(referenceOf(column, row), 0, text, prefix)
  return [...gaps, { column, xml, replaces: true }].sort((a, b) => a.column - b.column)
}

/** `drawingId` is that of a drawing the sheet does not name yet. */
const sheetVisitor = (
  marks: SheetMarks,
  styler: Styler,
  drawingId: string | undefined,
): CopyVisitor => {
  let row = 0
  let column = -1
  let waiting: readonly Inserted[] = []
  let drawing = drawingId
  const insertBefore = (end: number, prefix: string): string => {
    const now = waiting.filter(
      (each) => each.column < end || (each.column === end && each.replaces),
    )
    waiting = waiting.filter((each) => each.column > end)
    return now.map((each) => each.xml(prefix)).join('')
  }
  const drawingXml = (prefix: string): string => {
    if (drawing === undefined) return ''
    const id = drawing
    drawing = undefined
    return `<${prefix}legacyDrawing xmlns:r="${OFFICE}" r:id="${id}"/>`
  }
  const openCell = ({ attributes }: Tag) => {
    if (column === marks.resultColumn) return 'leave-out' as const
    const base = Number(attributes.s ?? 0)
    const mark = marks.rows.get(row)?.cells.get(column)
    const style = mark === undefined ? styler.unmarked(base) : styler.marked(base, mark)
    return style === base ? undefined : { ...attributes, s: String(style) }
  }
  const openRow = ({ attributes }: Tag) => {
    row = attributes.r === undefined ? row + 1 : Number(attributes.r)
    column = -1
    waiting = insertedInto(row, marks, styler)
    // How far its cells reach is a hint that no longer holds.
    const { spans: _, ...others } = attributes
    return others
  }
  return {
    before: ({ name, prefix, attributes, depth }) => {
      if (name !== 'c') return depth === 2 && AFTER_DRAWING.has(name) ? drawingXml(prefix) : ''
      column = attributes.r === undefined ? column + 1 : columnOf(attributes.r)
      return insertBefore(column, prefix)
    },
    open: (tag) => {
      if (tag.name === 'c') return openCell(tag)
      if (tag.name === 'row') return openRow(tag)
      return tag.name === 'dimension' && tag.depth === 2 ? 'leave-out' : undefined
    },
    inside: ({ name, prefix, depth }) => {
      if (name === 'row') return insertBefore(Number.POSITIVE_INFINITY, prefix)
      return depth === 1 ? drawingXml(prefix) : ''
    },
  }
}

// ---- contents and the sheet of results -----------------------------------------------------------

export interface Content {
  readonly part: string
  readonly mime: string
}

const contentsVisitor = (overrides: readonly Content[]): CopyVisitor =>
  insertInside('Types', ({ prefix }) =>
    overrides
      .map(({ part, mime }) => `<${prefix}Override PartName="/${part}" ContentType="${mime}"/>`)
      .join(''),
  )

/** Behind what the element holds already. */
export const insertInside = (name: string, text: (tag: Tag) => string): CopyVisitor => ({
  inside: (tag) => (tag.name === name ? text(tag) : ''),
})

const RESULT_ID = 'rIdYuguanResult'
const RESULT_PART = 'xl/worksheets/yuguan-result.xml'

const resultPartOf = (workbook: Workbook) => {
  const earlier = workbook.sheets.find(({ name }) => name === RESULT_NAME)
  if (earlier !== undefined)
    return { part: earlier.part, isNew: false, contents: [], entry: () => '', relation: () => '' }
  // Numbers of sheets are the file's own; one that nobody counts up to is free.
  const entry = (prefix: string): string =>
    `<${prefix}sheet xmlns:r="${OFFICE}" name="${RESULT_NAME}" sheetId="32001" r:id="${RESULT_ID}"/>`
  const relation = ({ prefix }: Tag): string =>
    `<${prefix}Relationship Id="${RESULT_ID}" Type="${OFFICE}/worksheet" Target="/${RESULT_PART}"/>`
  const contents: readonly Content[] = [{ part: RESULT_PART, mime: SHEET_MIME }]
  return { part: RESULT_PART, isNew: true, contents, entry, relation }
}
