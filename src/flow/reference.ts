/**
 * Reference tables: loading a file, whole or not at all, and showing what holds on a day. Anybody
 * who is known may look; who may load is decided where the call comes in.
 */
import type { ReferenceColumn, ReferenceRow, ReferenceTable } from '../catalogue/reference/index.ts'
import {
  formatOf,
  type ReferenceFault,
  type ReferenceOptions,
  type ReferenceRead,
  readReference,
  unknownFault,
} from '../codec/reference.ts'
import { chinaDay, readStamp } from '../kernel/clock.ts'
import { readDecimal } from '../kernel/decimal.ts'
import type { Text } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { REFERENCE_PAGE_ROWS_MAX } from '../kernel/reference-limits.ts'
import {
  findReferenceRows,
  findTableState,
  findUnknownNames,
  type LoadCounts,
  loadReferenceRows,
} from '../store/reference-tables.ts'
import type { FlowDeps } from './types.ts'

export interface LoadRequest extends ReferenceOptions {
  readonly table: ReferenceTable
  readonly bytes: AsyncIterable<Uint8Array>
  /** Rows of the same editions that the file does not have go. */
  readonly replace: boolean
  readonly dryRun: boolean
  readonly by: string
}

export type LoadAnswer =
  | {
      readonly kind: 'loaded'
      readonly counts: LoadCounts & { readonly rows: number }
      /** Warnings alone. */
      readonly faults: readonly ReferenceFault[]
    }
  | {
      readonly kind: 'refused'
      readonly faults: readonly ReferenceFault[]
      readonly errors: number
    }

export const loadReference = async (deps: FlowDeps, request: LoadRequest): Promise<LoadAnswer> => {
  const { table, replace, dryRun, by } = request
  const read = await readReference(table, request.bytes, request)
  const { rows, faults, errors } = read
  if (errors > 0) return { kind: 'refused', faults, errors }
  const unknown = await unknownIn(deps, table, read)
  if (unknown.length > 0)
    return {
      ...{ kind: 'refused', errors: unknown.length },
      faults: [...faults, ...unknown].slice(0, FAULTS_PER_DOCUMENT_MAX),
    }
  const options = { replace, dryRun, by, id: deps.ids.next(), at: deps.clock.now() }
  const counts = await loadReferenceRows(deps.db, table, rows, options)
  deps.log.info('reference-loaded', { table: table.name, rows: rows.length, dryRun, ...counts })
  return { kind: 'loaded', counts: { rows: rows.length, ...counts }, faults }
}

/** Rows that name what another table must have and has not. */
const unknownIn = async (
  { db }: FlowDeps,
  table: ReferenceTable,
  { rows, numbers }: Pick<ReferenceRead, 'rows' | 'numbers'>,
): Promise<readonly ReferenceFault[]> => {
  const { known } = table
  if (known === undefined) return []
  const nameOf = (row: ReferenceRow): string => String(row[known.column])
  const unknown = await findUnknownNames(db, known, [...new Set(rows.map(nameOf))])
  return rows.flatMap((row, index) =>
    unknown.has(nameOf(row)) ? [unknownFault(table, known.column, numbers[index] ?? 0)] : [],
  )
}

export interface ReferenceAsked {
  /** `yyyy-MM-dd`; today when undefined. */
  readonly on?: string | undefined
  /** Every row, of whatever day. */
  readonly all?: boolean
  readonly hs?: string | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export interface ReferenceView extends Text {
  readonly name: string
  /** The day rows are shown for; null for all of them and for tables without days. */
  readonly on: string | null
  /** Rows in all, whatever their day. */
  readonly total: number
  /** First day of the edition in force, of a table of editions; null when none is loaded for the day. */
  readonly edition: string | null
  readonly loadedAt: string | null
  readonly loadedBy: string | null
  /** How a file looks. */
  readonly columns: readonly {
    readonly name: string
    readonly zh: string
    readonly en: string
    readonly required: boolean
    readonly format: Text
  }[]
  readonly rows: readonly ReferenceRow[]
  readonly next: string | null
}

export const showReference = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  table: ReferenceTable,
  asked: ReferenceAsked,
): Promise<ReferenceView> => {
  const { db, clock } = deps
  const day = asked.on ?? chinaDay(clock.now())
  const dated = table.dating !== 'none' && asked.all !== true
  const limit = asked.limit ?? REFERENCE_PAGE_ROWS_MAX
  const found = await findReferenceRows(db, table, {
    on: dated ? day : undefined,
    hs: asked.hs,
    after: asked.cursor === undefined ? undefined : readCursor(table, asked.cursor),
    limit: limit + 1,
  })
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  const state = await findTableState(db, table, day)
  return {
    ...{ name: table.name, zh: table.zh, en: table.en, on: dated ? day : null },
    ...{ total: state.rows, edition: state.edition, loadedBy: state.loadedBy },
    loadedAt: state.loadedAt?.toISOString() ?? null,
    columns: table.columns.map((column) => ({
      ...{ name: column.name, zh: column.zh, en: column.en, required: column.required === true },
      format: formatOf(column),
    })),
    rows,
    next: last === undefined ? null : writeCursor(table, last),
  }
}

const writeCursor = (table: ReferenceTable, row: ReferenceRow): string =>
  Buffer.from(JSON.stringify(table.key.map((name) => row[name]))).toString('base64url')

/** The key that a cursor holds; undefined for a text that is no cursor of this table. */
export const readCursor = (
  { key, columns }: ReferenceTable,
  cursor: string,
): readonly string[] | undefined => {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
  if (!Array.isArray(value) || value.length !== key.length) return undefined
  const fits = key.every((name, i) => {
    const text: unknown = value[i]
    const as = columns.find((column) => column.name === name)?.as
    return typeof text === 'string' && isCell(text, as)
  })
  return fits ? value : undefined
}

/** Whether the database takes the text for a value of such a column. */
const isCell = (text: string, as: ReferenceColumn['as'] | undefined): boolean => {
  if (as === 'date')
    return /^\d{4}-\d\d-\d\d$/.test(text) && readStamp(text.replaceAll('-', '')) !== undefined
  return as === 'decimal' ? readDecimal(text) !== undefined : !text.includes('\0')
}

/** The rows as a file that can be loaded again. */
export const referenceCsv = (
  { columns }: ReferenceTable,
  rows: readonly ReferenceRow[],
): string => {
  const lines = rows.map((row) => columns.map(({ name }) => cellOf(row[name])).join())
  return `${[columns.map(({ name }) => name).join(), ...lines].join('\r\n')}\r\n`
}

const cellOf = (value: string | boolean | null | undefined): string => {
  const text = typeof value === 'boolean' ? (value ? 'yes' : 'no') : (value ?? '')
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
