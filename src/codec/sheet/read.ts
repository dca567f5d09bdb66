/**
 * A whole upload as documents, in steps: sheet by sheet, a batch of rows at a time. Each step tells
 * the documents that ended in it and the faults of file and heads. Nothing here knows who hands in.
 */
import { findDeclaration } from '../../catalogue/index.ts'
import type { Declaration } from '../../catalogue/message.ts'
import type { Fault } from '../../kernel/fault.ts'
import { SHEET_ROWS_MAX } from '../../kernel/limits.ts'
import {
  type Assembled,
  type Assembler,
  type Blanks,
  type CellPlace,
  createAssembler,
} from './assemble.ts'
import { fileFault, Unreadable } from './faults.ts'
import { type HeadFault, type Heads, hasPathRow, readHeads } from './heads.ts'
import { type Opened, type OpenOptions, openSheets } from './open.ts'
import { columnName, type Row, type Tab } from './row.ts'
import { RESULT_NAME } from './workbook.ts'

/** A fault with its place in the file, null where it has none. */
export interface SheetFault extends Fault {
  readonly sheet: string | null
  readonly row: number | null
  /** `C`. */
  readonly column: string | null
  /** `OrderHead.orderNo` and its Chinese head. */
  readonly field: string | null
  readonly head: string | null
}

export interface ReadOptions extends Pick<OpenOptions, 'declared' | 'keep' | 'name'> {
  /** Kind of sheets whose name does not say one. */
  readonly entry: Declaration | undefined
  readonly blanks: Blanks
}

export interface SheetStep {
  readonly tab: string
  /** Undefined for faults of the file. */
  readonly entry: Declaration | undefined
  readonly documents: readonly Assembled[]
  readonly faults: readonly SheetFault[]
  /** Rows below the heads that were read in this step. */
  readonly rows: number
}

export interface Reading {
  readonly steps: AsyncIterable<SheetStep>
  /** The file, for a second reading; undefined when it could not be opened. */
  readonly opened: Opened | undefined
  /** By sheet, known once its rows were read. */
  readonly extents: ReadonlyMap<string, Extent>
  /** Whether it can be given back with its faults: it could be opened, and a workbook is sound. */
  readonly canBeMarked: () => boolean
}

export interface Extent {
  /** The first row of heads. */
  readonly headRow: number
  /** From 0. */
  readonly lastColumn: number
  /** Column of results that an earlier answer put in; undefined when there is none. */
  readonly resultColumn: number | undefined
}

/** Opens the file; whatever is wrong with it is a fault of the only step. Never throws for it. */
export const readSheets = async (
  source: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): Promise<Reading> => {
  const warnings: SheetFault[] = []
  const extents = new Map<string, Extent>()
  try {
    const opened = await openSheets(source, {
      ...options,
      told: (what, tab, row) => warnings.push(located(tab, fileFault(what), { row })),
    })
    const state = { isBroken: false }
    return {
      opened,
      extents,
      steps: stepsOf(opened, options, warnings, extents, state),
      canBeMarked: () => opened.workbook === undefined || !state.isBroken,
    }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    const fault = located(null, fileFault(error.what), { row: error.row })
    const steps = single({ ...NO_STEP, faults: [fault] })
    return { opened: undefined, extents, steps, canBeMarked: () => false }
  }
}

/** The fault with its place. */
export const located = (
  tab: string | null,
  fault: Fault,
  place: { readonly [K in keyof CellPlace]?: CellPlace[K] | undefined } = {},
): SheetFault => ({
  ...fault,
  sheet: tab,
  row: place.row ?? null,
  column: place.column === undefined ? null : columnName(place.column),
  field: place.of?.path ?? null,
  head: place.of?.head ?? null,
})

const NO_STEP: SheetStep = { tab: '', entry: undefined, documents: [], faults: [], rows: 0 }

async function* single(step: SheetStep): AsyncGenerator<SheetStep> {
  yield step
}

async function* stepsOf(
  opened: Opened,
  options: ReadOptions,
  warnings: SheetFault[],
  extents: Map<string, Extent>,
  state: { isBroken: boolean },
): AsyncGenerator<SheetStep> {
  /** Rows that may still be read. */
  let budget = SHEET_ROWS_MAX
  let documents = 0
  let refused = false
  const note = (step: SheetStep): SheetStep => {
    documents += step.documents.length
    const faults = [...warnings.splice(0), ...step.faults]
    refused ||= faults.some(({ severity }) => severity === 'error')
    return { ...step, faults }
  }
  for (const tab of opened.tabs) {
    const reader = createTabReader(tab, options, extents)
    try {
      for await (const rows of tab.rows()) {
        yield note(reader.take(rows.slice(0, budget)))
        const first = rows[budget]
        budget -= rows.length
        if (first !== undefined) throw new Unreadable('TOO_MANY_ROWS', first.number)
      }
      yield note(reader.end())
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      state.isBroken = error.what !== 'TOO_MANY_ROWS'
      yield note(reader.broken(error))
      return
    }
  }
  const faults = documents > 0 || refused ? [] : [located(null, fileFault('NO_DOCUMENTS'))]
  if (warnings.length + faults.length > 0) yield note({ ...NO_STEP, faults })
}

// ---- one sheet -----------------------------------------------------------------------------------

interface TabReader {
  take(rows: readonly Row[]): SheetStep
  end(): SheetStep
  broken(error: Unreadable): SheetStep
}

const createTabReader = (
  tab: Tab,
  options: ReadOptions,
  extents: Map<string, Extent>,
): TabReader => {
  const { name } = tab
  const entry = kindOf(name, options.entry)
  /** Rows that may be heads. */
  let waiting: Row[] = []
  let heads: Heads | undefined
  let assembler: Assembler | undefined
  let lastColumn = 0
  let headRow = 0
  let resultColumn: number | undefined
  const headless = new Set<number>()

  const start = (found: Declaration): readonly SheetFault[] => {
    const [first, second] = waiting
    if (first === undefined) return []
    heads = readHeads(found, first, second)
    headRow = first.number
    resultColumn = first.cells.find(({ text }) => text === RESULT_NAME)?.column
    if (heads.faults.length === 0) assembler = createAssembler(heads, tab, options.blanks)
    return heads.faults.map((fault) => locatedHead(name, fault))
  }
  const widen = (row: Row): void => {
    lastColumn = Math.max(lastColumn, row.cells.at(-1)?.column ?? 0)
  }
  /** Once for each column. */
  const tellHeadless = (row: Row, faults: SheetFault[]): void => {
    for (const { column } of row.cells) {
      if (heads?.isHeadless(column) !== true || headless.has(column)) continue
      headless.add(column)
      faults.push(located(name, fileFault('NO_HEAD'), { row: row.number, column }))
    }
  }
  const assemble = (rows: readonly Row[], faults: SheetFault[]): SheetStep => {
    const documents: Assembled[] = []
    for (const row of rows) {
      widen(row)
      if (assembler === undefined) continue
      tellHeadless(row, faults)
      const ended = assembler.take(row)
      if (ended !== undefined) documents.push(ended)
    }
    if (heads !== undefined) extents.set(name, { headRow, lastColumn, resultColumn })
    return { tab: name, entry, documents, faults, rows: assembler === undefined ? 0 : rows.length }
  }
  /** Heads are settled once two rows are there, or the sheet has ended. */
  const settle = (isEnd: boolean): SheetStep => {
    if (entry === undefined || heads !== undefined || (waiting.length < 2 && !isEnd))
      return { ...NO_STEP, tab: name }
    const faults = [...start(entry)]
    const [, second] = waiting
    const headRows = second !== undefined && hasPathRow(entry, second) ? 2 : 1
    waiting.slice(0, headRows).forEach(widen)
    const rest = waiting.slice(headRows)
    waiting = []
    return assemble(rest, faults)
  }
  return {
    take: (rows) => {
      if (entry === undefined) return unknownKind(name, rows, waiting)
      if (heads !== undefined) return assemble(rows, [])
      waiting.push(...rows)
      return settle(false)
    },
    end: () => {
      const step = settle(true)
      const last = assembler?.end()
      return { ...step, documents: [...step.documents, ...(last === undefined ? [] : [last])] }
    },
    broken: (error) => {
      const since = assembler?.openSince()
      const open =
        since === undefined ? [] : [located(name, fileFault('INCOMPLETE'), { row: since })]
      const fault = located(name, fileFault(error.what), { row: error.row })
      return { ...NO_STEP, tab: name, entry, faults: [...open, fault] }
    },
  }
}

/** Told once, and only of a sheet that holds something. */
const unknownKind = (name: string, rows: readonly Row[], waiting: Row[]): SheetStep => {
  const isFirst = waiting.length === 0
  waiting.push(...rows.slice(0, 1))
  const faults = isFirst && rows.length > 0 ? [located(name, fileFault('KIND_UNKNOWN'))] : []
  return { ...NO_STEP, tab: name, faults }
}

const locatedHead = (tab: string, { fault, row, column, of }: HeadFault): SheetFault =>
  located(tab, fault, { row, column, of })

/** A sheet that names a kind is of that kind; a name that is none of ours refuses it. */
const kindOf = (name: string, otherwise: Declaration | undefined): Declaration | undefined => {
  const code = /CEB\d{3}/i.exec(name)?.[0].toUpperCase()
  return code === undefined ? otherwise : findDeclaration(code)
}
