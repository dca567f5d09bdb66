/**
 * Rows of a table as a request brings them: a JSON array or a sheet. Either way what is said of a row
 * is told where it stands: by a pointer into the body, or at its cell.
 */
import type { Table } from '../catalogue/message.ts'
import type { Assembled } from '../codec/sheet/assemble.ts'
import { encodingOf } from '../codec/sheet/encoding.ts'
import { XLSX } from '../codec/sheet/parts.ts'
import { readSheets, type SheetFault } from '../codec/sheet/read.ts'
import type { HandedRow, RowFault } from '../flow/bonded-rows.ts'
import { BONDED_BODY_BYTES_MAX, BONDED_ROWS_MAX } from '../kernel/bonded-limits.ts'
import { at, errorsFirst, type Fault, refuses } from '../kernel/fault.ts'
import { SHEET_BYTES_MAX, SHEET_CSV_BYTES_MAX, SHEET_FAULTS_TOLD_MAX } from '../kernel/limits.ts'
import { isEncoded, isRecord, mediaTypeOf, readJson } from './body.ts'
import { charsetOf, FORM, fileOf } from './form.ts'
import { rowsMissing } from './intake-faults.ts'
import type { ProblemCode } from './problems.ts'
import { placedFaults } from './sheets.ts'

export const TABLE_MEDIA_TYPES = [
  'application/json',
  XLSX,
  'text/csv',
  'application/vnd.ms-excel',
  FORM,
] as const

/** Every problem that reading such a body may end with. */
export const TABLE_PROBLEMS = [
  ...(['BODY-NOT-UTF8', 'BODY-NOT-JSON', 'BODY-WRONG-SHAPE', 'SHEET-UNREADABLE'] as const),
  ...(['ROWS-TOO-MANY', 'ROWS-REFUSED'] as const),
] satisfies readonly ProblemCode[]

export type TableRead =
  | {
      readonly kind: 'rows'
      /** What stands beside the rows in a JSON body, unchecked; a sheet has nothing there. */
      readonly beside: Readonly<Record<string, unknown>>
      readonly rows: readonly HandedRow[]
      /** Faults of rows where they stand, those that refuse first; of the many, the first. */
      readonly place: (faults: readonly RowFault[]) => readonly Fault[]
    }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly faults: readonly Fault[] }

/** What one request may bring; a sheet is bounded in bytes like every other. */
export interface TableBounds {
  readonly rowsMax: number
  /** Of a JSON body. */
  readonly bytesMax: number
}

const BONDED: TableBounds = { rowsMax: BONDED_ROWS_MAX, bytesMax: BONDED_BODY_BYTES_MAX }

/** `member` is the array in a JSON body. */
export const readTable = async (
  request: Request,
  table: Table,
  member: string,
  bounds: TableBounds = BONDED,
): Promise<TableRead> => {
  const media = mediaTypeOf(request)
  if (isEncoded(request) || !TABLE_MEDIA_TYPES.some((type) => type === media))
    return refused('CONTENT-TYPE-WRONG')
  return media === 'application/json'
    ? readJsonRows(request, member, bounds)
    : readSheetRows(request, table, bounds)
}

const refused = (code: ProblemCode, faults: readonly Fault[] = []): TableRead => ({
  ...{ kind: 'refused', code, faults },
})

const readJsonRows = async (
  request: Request,
  member: string,
  { rowsMax, bytesMax }: TableBounds,
): Promise<TableRead> => {
  const read = await readJson(request, bytesMax)
  if (read.kind === 'problem') return refused(read.code)
  const body = isRecord(read.value) ? read.value : {}
  const { [member]: listed, ...beside } = body
  if (!Array.isArray(listed) || listed.length === 0)
    return refused('BODY-WRONG-SHAPE', [rowsMissing(member)])
  if (listed.length > rowsMax) return refused('ROWS-TOO-MANY')
  return {
    ...{ kind: 'rows', beside },
    rows: listed.map((record: unknown) => ({ record, faults: [] })),
    place: (faults) => bounded(faults.map(({ index, fault }) => pointedAt(member, index, fault))),
  }
}

/** A fault of a row, pointed into the body. */
export const pointedAt = (member: string, index: number, fault: Fault): Fault => ({
  ...fault,
  pointer: `${at(at('', member), index)}${fault.pointer}`,
})

const readSheetRows = async (
  request: Request,
  table: Table,
  { rowsMax }: TableBounds,
): Promise<TableRead> => {
  const isText = mediaTypeOf(request) === 'text/csv'
  const bytesMax = isText ? SHEET_CSV_BYTES_MAX : SHEET_BYTES_MAX
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax)
    return refused('BODY-TOO-LARGE')
  const { steps } = await readSheets(fileOf(request), {
    entry: table,
    name: table.code,
    declared: encodingOf(charsetOf(request)),
    keep: false,
    // A table has neither.
    blanks: { guid: () => '', appTime: () => '' },
  })
  const rows: { readonly tab: string; readonly item: Assembled }[] = []
  const ofFile: SheetFault[] = []
  for await (const step of steps) {
    ofFile.push(...step.faults)
    rows.push(...step.documents.map((item) => ({ tab: step.tab, item })))
    if (rows.length > rowsMax) return refused('ROWS-TOO-MANY')
  }
  if (refuses(ofFile)) return refused('SHEET-UNREADABLE', bounded(ofFile))
  const placed = (faults: readonly RowFault[]): readonly Fault[] => {
    const byRow = new Map<number, Fault[]>()
    for (const { index, fault } of faults) byRow.set(index, [...(byRow.get(index) ?? []), fault])
    return [...byRow].flatMap(([index, own]) => {
      const row = rows[index]
      return row === undefined ? [] : placedFaults(row.tab, row.item, own)
    })
  }
  return {
    ...{ kind: 'rows', beside: {} },
    rows: rows.map(({ item }) => ({
      ...{ record: item.document, faults: item.faults.map(({ fault }) => fault) },
    })),
    place: (faults) => bounded([...ofFile, ...placed(faults)]),
  }
}

const bounded = (faults: readonly Fault[]): readonly Fault[] =>
  errorsFirst(faults).slice(0, SHEET_FAULTS_TOLD_MAX)
