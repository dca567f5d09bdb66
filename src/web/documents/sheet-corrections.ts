/** Faulty documents of a sheet between two requests: read, sealed into the form, opened, corrected. */
import type { AnyDocument, Declaration } from '../../catalogue/message.ts'
import { changeDocument, documentPlaces, isPersonal } from '../../codec/changes.ts'
import { encodingOf } from '../../codec/sheet/encoding.ts'
import { readSheets } from '../../codec/sheet/read.ts'
import type { FlowDeps } from '../../flow/types.ts'
import { charsetOf, fileOf } from '../../http/form.ts'
import { stamp14 } from '../../kernel/clock.ts'
import { CORRECTED_DOCUMENTS_MAX, CORRECTED_SEALED_MAX } from './document-limits.ts'
import type { SheetCell, ToCorrect } from './sheet-parts.tsx'

/** The documents that the faults stand in, at most so many; a fault of no cell is of its document. */
export const faultyDocuments = async (
  { clock, ids }: Pick<FlowDeps, 'clock' | 'ids'>,
  upload: Request,
  entry: Declaration,
  faults: readonly (SheetCell & { readonly sheet: string | null; readonly row: number | null })[],
): Promise<readonly ToCorrect[]> => {
  const reading = await readSheets(fileOf(upload), {
    ...{ entry, name: entry.code, declared: encodingOf(charsetOf(upload)), keep: false },
    blanks: { guid: () => ids.next().toUpperCase(), appTime: () => stamp14(clock.now()) },
  })
  const found: ToCorrect[] = []
  for await (const { tab, documents } of reading.steps)
    for (const { document, rows, entry: kind } of documents) {
      const cells = faults.filter(
        ({ sheet, row, severity }) =>
          sheet === tab &&
          row !== null &&
          rows[0] <= row &&
          row <= rows[1] &&
          severity !== 'warning',
      )
      if (cells.length === 0 || kind.code !== entry.code) continue
      found.push({ rows, document, cells: cells.map((cell) => shownCell(entry, document, cell)) })
      // Reading on would only find what is corrected in the sheet.
      if (found.length > CORRECTED_DOCUMENTS_MAX) return found
    }
  return found
}

/** A cell with its value, unless that leads to a person; its pointer leads into the document. */
export const shownCell = (
  entry: Declaration,
  document: AnyDocument,
  cell: SheetCell,
): SheetCell => {
  const pointer = cell.pointer.replace(/^\/documents\/\d+/, '')
  const value = documentPlaces(document).get(pointer)
  return { ...cell, pointer, ...(isPersonal(entry, pointer) ? {} : { value: value ?? '' }) }
}

const CONTEXT = 'sheet-correction'
type Sealer = FlowDeps['sealer']
type KeptDocument = Pick<ToCorrect, 'rows' | 'document'>

export interface Kept {
  readonly documents: readonly KeptDocument[]
  /** Good documents of the sheet that were checked and not taken: the correction must not hide them. */
  readonly checked: number
}

/** As many of them as a form has room for, sealed. */
export const sealKept = (
  sealer: Sealer,
  documents: readonly ToCorrect[],
  checked: number,
): { readonly kept: string; readonly shown: readonly ToCorrect[] } => {
  let shown = documents
  while (Buffer.byteLength(JSON.stringify(shown.map(keptOf))) > CORRECTED_SEALED_MAX)
    shown = shown.slice(0, -1)
  if (shown.length === 0) return { kept: '', shown }
  const kept: Kept = { documents: shown.map(keptOf), checked }
  const sealed = sealer.seal(Buffer.from(JSON.stringify(kept)), CONTEXT)
  return { kept: Buffer.from(sealed).toString('base64url'), shown }
}

const keptOf = ({ rows, document }: ToCorrect): KeptDocument => ({ rows, document })

/** Undefined for what was not sealed here. */
export const openKept = (sealer: Sealer, text: string): Kept | undefined => {
  try {
    const opened = sealer.open(Buffer.from(text, 'base64url'), CONTEXT)
    // Sealed by `sealKept`, so of its shape.
    return JSON.parse(Buffer.from(opened).toString()) as Kept
  } catch {
    return undefined
  }
}

/** Name of the input of a cell of the n-th document. */
export const cellName = (index: number, pointer: string): string => `cell.${index}${pointer}`

/** An empty cell of a personal field was not shown, so it stays; any other takes its field away. */
export const withCells = (
  { rows, document }: KeptDocument,
  index: number,
  values: Readonly<Record<string, string>>,
): ToCorrect => {
  const prefix = `cell.${index}/`
  const changes = Object.entries(values)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => ({
      pointer: name.slice(prefix.length - 1),
      after: value.trim() === '' ? null : value.trim(),
    }))
    .filter(({ after, pointer }) => after !== null || !values[`personal.${index}${pointer}`])
  return { rows, document: changeDocument(document, changes), cells: [] }
}
