/**
 * Notes of a sheet that gets marks. Notes and the boxes that show them are two parts that must
 * agree, so both are made anew: the notes that were there, as text, without those of an earlier
 * answer, and ours beside them. A cell that has a note of its author keeps it.
 */

import type { Content } from './mark-xlsx.ts'
import { MARK_AUTHOR, type SheetMarks } from './marks.ts'
import {
  NOTES_MIME,
  type Note,
  notesDrawing,
  notesPart,
  OFFICE,
  relationsXml,
  VML_MIME,
} from './parts.ts'
import { columnOf, rowOf } from './row.ts'
import { relationsOf, relationsPart } from './workbook.ts'
import { type NewPart, whole } from './write-zip.ts'
import { copyXml } from './xml-copy.ts'
import { feedAll } from './xml-feed.ts'
import type { Parts } from './zip.ts'

export interface NoteParts {
  /** Parts instead of those of the same name. */
  readonly made: readonly NewPart[]
  readonly contents: readonly Content[]
  /** Relation of a drawing that the sheet must name; undefined when it needs none or has one. */
  readonly drawingId: string | undefined
}

const NOTHING: NoteParts = { made: [], contents: [], drawingId: undefined }
const NOTES_ID = 'rIdYuguanNotes'
const DRAWING_ID = 'rIdYuguanDrawing'

export const notePartsOf = async (
  parts: Parts,
  sheet: string,
  marks: SheetMarks,
): Promise<NoteParts> => {
  const hasRelations = parts.has(relationsPart(sheet))
  const relations = hasRelations ? await relationsOf(parts, sheet) : []
  const notes = relations.find(({ kind }) => kind === 'comments')?.target
  const drawing = relations.find(({ kind }) => kind === 'vmlDrawing')?.target
  const earlier = notes === undefined || !parts.has(notes) ? [] : await readNotes(parts, notes)
  const others = earlier.filter(({ author }) => author !== MARK_AUTHOR)
  if (marks.notes.length === 0 && others.length === earlier.length) return NOTHING
  // Buttons and the like live in the same drawing; it is left alone, and with it the notes.
  if (drawing !== undefined && (await holdsControls(parts, drawing))) return NOTHING
  const taken = new Set(others.map(({ reference }) => reference))
  const all = [...others, ...marks.notes.filter(({ reference }) => !taken.has(reference))]
  const notesName = parts.nameOf(notes ?? besides(sheet, 'comments', 'xml'))
  const drawingName = parts.nameOf(drawing ?? besides(sheet, 'drawing', 'vml'))
  const added = [
    ...(notes === undefined ? [{ id: NOTES_ID, kind: 'comments', target: `/${notesName}` }] : []),
    ...(drawing === undefined
      ? [{ id: DRAWING_ID, kind: 'vmlDrawing', target: `/${drawingName}` }]
      : []),
  ]
  return {
    made: [
      { name: notesName, content: whole(notesPart(all)) },
      { name: drawingName, content: whole(notesDrawing(all)) },
      ...(added.length === 0 ? [] : [relationsWith(parts, sheet, added, hasRelations)]),
    ],
    contents: [
      ...(notes === undefined ? [{ part: notesName, mime: NOTES_MIME }] : []),
      ...(drawing === undefined ? [{ part: drawingName, mime: VML_MIME }] : []),
    ],
    drawingId: drawing === undefined ? DRAWING_ID : undefined,
  }
}

/** `xl/worksheets/yuguan-comments-sheet1.xml` for `xl/worksheets/sheet1.xml`. */
const besides = (sheet: string, what: string, extension: string): string =>
  sheet.replace(/([^/]*)\.xml$/i, `yuguan-${what}-$1.${extension}`)

const readNotes = async (parts: Parts, part: string): Promise<readonly Note[]> => {
  const authors: string[] = []
  const notes: Note[] = []
  let reference = ''
  let author = ''
  let text = ''
  let collects = false
  await feedAll(parts.read(part), {
    open: (name, attributes) => {
      if (name === 'comment') {
        reference = attributes.ref ?? ''
        author = authors[Number(attributes.authorId ?? 0)] ?? ''
        text = ''
      }
      if (name === 'author' || name === 't') {
        collects = true
        if (name === 'author') text = ''
      }
    },
    text: (piece) => {
      if (collects) text += piece
    },
    close: (name) => {
      if (name === 'author' || name === 't') collects = false
      if (name === 'author') authors.push(text)
      if (name !== 'comment') return
      notes.push({
        ...{ reference, author, text },
        row: rowOf(reference),
        column: columnOf(reference),
      })
    },
  })
  return notes
}

/** The drawing is not always well-formed XML; its kinds of objects can be read without. */
const holdsControls = async (parts: Parts, drawing: string): Promise<boolean> => {
  if (!parts.has(drawing)) return false
  let text = ''
  const decoder = new TextDecoder()
  for await (const piece of parts.read(drawing)) text += decoder.decode(piece, { stream: true })
  return [...text.matchAll(/ObjectType="(\w+)"/g)].some(([, kind]) => kind !== 'Note')
}

const relationsWith = (
  parts: Parts,
  sheet: string,
  added: readonly { readonly id: string; readonly kind: string; readonly target: string }[],
  hasRelations: boolean,
): NewPart => {
  const name = parts.nameOf(relationsPart(sheet))
  if (!hasRelations) return { name, content: whole(relationsXml(added)) }
  const content = copyXml(parts.read(name), {
    inside: ({ name: element, prefix }) =>
      element !== 'Relationships'
        ? ''
        : added
            .map(
              ({ id, kind, target }) =>
                `<${prefix}Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
            )
            .join(''),
  })
  return { name, content }
}
