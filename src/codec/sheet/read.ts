/**
 * A whole upload as documents, in steps: sheet by sheet, a batch of rows at a time. Each step tells
 * the documents that ended in it and the faults of file and heads. Nothing here knows who hands in.
 */
import { findDeclaration } from '../../catalogue/index.ts'
import type { SheetEntry } from '../../catalogue/message.ts'
import type { Fault } from '../../kernel/fault.ts'
import { SHEET_ROWS_MAX } from '../../kernel/limits.ts'
import { type Assembled, type Blanks, type CellPlace, createAssembler } from './assemble.ts'
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
  readonly entry: SheetEntry | undefined
  readonly blanks: Blanks
}

export interface SheetStep {
  readonly tab: string
  /** Undefined for faults of the file. */
  readonly entry: SheetEntry | undefined
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
  if (entry === undefined) return unknownTab(name)
  /** Rows that may be heads. */
  let waiting: readonly Row[] = []
  let body: Body | undefined
  const step = (done: Partial<SheetStep>): SheetStep => {
    if (body !== undefined) extents.set(name, body.extent())
    return { ...NO_STEP, tab: name, entry, ...done }
  }
  /** Heads are settled once two rows are there, or the sheet has ended. */
  const settle = (isEnd: boolean): SheetStep => {
    const [first, second] = waiting
    if (body !== undefined || first === undefined || (second === undefined && !isEnd))
      return step({})
    const heads = readHeads(entry, first, second)
    const headRows = second !== undefined && hasPathRow(entry, second) ? 2 : 1
    body = createBody(tab, heads, waiting.slice(0, headRows), options.blanks)
    const done = body.take(waiting.slice(headRows))
    const faults = heads.faults.map((fault) => locatedHead(name, fault))
    return step({ ...done, faults: [...faults, ...done.faults] })
  }
  return {
    take: (rows) => {
      if (body !== undefined) return step(body.take(rows))
      waiting = [...waiting, ...rows]
      return settle(false)
    },
    end: () => {
      const settled = settle(true)
      const last = body?.end()
      return last === undefined ? settled : { ...settled, documents: [...settled.documents, last] }
    },
    broken: (error) => {
      const row = body?.openSince()
      const open = row === undefined ? [] : [located(name, fileFault('INCOMPLETE'), { row })]
      const fault = located(name, fileFault(error.what), { row: error.row })
      return step({ faults: [...open, fault] })
    },
  }
}

/** A sheet of no kind we know: told once, and only if it holds something. */
const unknownTab = (name: string): TabReader => {
  let told = false
  return {
    take: (rows) => {
      const faults = told || rows.length === 0 ? [] : [located(name, fileFault('KIND_UNKNOWN'))]
      told ||= faults.length > 0
      return { ...NO_STEP, tab: name, faults }
    },
    end: () => ({ ...NO_STEP, tab: name }),
    broken: (error) => ({
      ...NO_STEP,
      tab: name,
      faults: [located(name, fileFault(error.what), { row: error.row })],
    }),
  }
}

/** The rows below the heads. */
interface Body {
  take(rows: readonly Row[]): Pick<SheetStep, 'documents' | 'faults' | 'rows'>
  end(): Assembled | undefined
  openSince(): number | undefined
  extent(): Extent
}

/** With faulty heads nothing is assembled; the rows are only measured. */
const createBody = (tab: Tab, heads: Heads, headRows: readonly Row[], blanks: Blanks): Body => {
  const [first] = headRows
  const assembler = heads.faults.length === 0 ? createAssembler(heads, tab, blanks) : undefined
  const headless = new Set<number>()
  let lastColumn = 0
  const widen = (row: Row): void => {
    lastColumn = Math.max(lastColumn, row.cells.at(-1)?.column ?? 0)
  }
  headRows.forEach(widen)
  /** Once for each column. */
  const headlessFaults = ({ number: row, cells }: Row): readonly SheetFault[] =>
    cells.flatMap(({ column }) => {
      if (!heads.isHeadless(column) || headless.has(column)) return []
      headless.add(column)
      return [located(tab.name, fileFault('NO_HEAD'), { row, column })]
    })
  return {
    take: (rows) => {
      rows.forEach(widen)
      if (assembler === undefined) return { documents: [], faults: [], rows: 0 }
      const faults = rows.flatMap(headlessFaults)
      const documents = rows.flatMap((row) => assembler.take(row) ?? [])
      return { documents, faults, rows: rows.length }
    },
    end: () => assembler?.end(),
    openSince: () => assembler?.openSince(),
    extent: () => ({
      headRow: first?.number ?? 1,
      lastColumn,
      resultColumn: first?.cells.find(({ text }) => text === RESULT_NAME)?.column,
    }),
  }
}

const locatedHead = (tab: string, { fault, row, column, of }: HeadFault): SheetFault =>
  located(tab, fault, { row, column, of })

/** A sheet that names a kind is of that kind; a name that is none of ours refuses it. */
const kindOf = (name: string, otherwise: SheetEntry | undefined): SheetEntry | undefined => {
  if (otherwise?.sort === 'table') return otherwise
  const code = /CEB\d{3}/i.exec(name)?.[0].toUpperCase()
  return code === undefined ? otherwise : findDeclaration(code)
}
