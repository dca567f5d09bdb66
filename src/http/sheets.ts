/**
 * Handing in what a sheet holds: documents go to the intake in batches as they are read, and what
 * comes back is told by sheet, row and column. Everything is counted; what is told is bounded, errors
 * before warnings.
 */
import { headOf } from '../catalogue/index.ts'
import { headOfDocument } from '../codec/document.ts'
import type { Assembled } from '../codec/sheet/assemble.ts'
import { located, type Reading, type SheetFault } from '../codec/sheet/read.ts'
import type { DocumentResult, Handed, IntakeAnswer } from '../flow/types.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import {
  SHEET_BATCH_DOCUMENTS,
  SHEET_BATCH_LINES,
  SHEET_FAULTS_TOLD_MAX,
  SHEET_RESULTS_TOLD_MAX,
  SHEET_WARNINGS_TOLD_MAX,
} from '../kernel/limits.ts'

/** One document of a sheet and what became of it; a refused one has no id. */
export interface SheetResult {
  readonly sheet: string
  readonly rows: readonly [first: number, last: number]
  readonly kind: string
  readonly taken: boolean
  readonly id?: string
  readonly version?: number
  readonly state?: string
  readonly duplicate?: true
}

export interface TabSummary {
  readonly name: string
  readonly kind: string | null
  readonly rows: number
  readonly taken: number
  readonly refused: number
}

export interface SheetSummary {
  readonly taken: number
  readonly refused: number
  /** Below the heads. */
  readonly rows: number
  readonly errors: number
  readonly warnings: number
  readonly sheets: readonly TabSummary[]
  /** The first of all. */
  readonly results: readonly SheetResult[]
  readonly faults: readonly SheetFault[]
}

export type SheetsTaken =
  | {
      readonly kind: 'taken'
      readonly summary: SheetSummary
      /** Faults to be marked, more than are told. */
      readonly marks: readonly SheetFault[]
      /** Every batch had been handed in with this key before. */
      readonly replayed: boolean
    }
  | { readonly kind: 'key-reused' }

export interface SheetBatch {
  /** From 0. */
  readonly number: number
  readonly handed: readonly Handed[]
  /** The documents as the sheet has them, without what was filled in: the same sheet, the same text. */
  readonly content: () => string
}

export interface TakeSheetsOptions {
  readonly take: (batch: SheetBatch) => Promise<IntakeAnswer>
  /** How many faults are kept to be marked. */
  readonly marksMax: number
}

/** Reads to the end and hands in what it reads. */
export const takeSheets = async (
  reading: Reading,
  { take, marksMax }: TakeSheetsOptions,
): Promise<SheetsTaken> => {
  const tally = createTally(marksMax)
  let waiting: Waiting[] = []
  let lines = 0
  let batches = 0
  let replayed = 0
  const handIn = async (): Promise<boolean> => {
    const now = waiting
    waiting = []
    lines = 0
    const answer = await take({
      number: batches,
      handed: now.map(({ item }) => ({
        kind: item.entry.code,
        document: item.document,
        faults: item.faults.map(({ fault }) => fault),
        filled: item.filled,
      })),
      content: () => JSON.stringify(now.map(({ item }) => contentOf(item))),
    })
    if (answer.kind === 'key-reused') return false
    batches += 1
    if (answer.replayed) replayed += 1
    for (const result of answer.results) {
      const one = now[result.index]
      if (one !== undefined) tally.result(one, result)
    }
    return true
  }
  for await (const { tab, entry, documents, faults, rows } of reading.steps) {
    tally.step(tab, entry?.code ?? null, rows, faults)
    for (const item of documents) {
      waiting.push({ tab, item })
      lines += item.lines
      const isFull = waiting.length >= SHEET_BATCH_DOCUMENTS || lines >= SHEET_BATCH_LINES
      if (isFull && !(await handIn())) return { kind: 'key-reused' }
    }
  }
  if (waiting.length > 0 && !(await handIn())) return { kind: 'key-reused' }
  const { summary, marks } = tally.end()
  return { kind: 'taken', summary, marks, replayed: batches > 0 && replayed === batches }
}

interface Waiting {
  readonly tab: string
  readonly item: Assembled
}

/** A document without the values that were filled in, which differ from time to time. */
const contentOf = ({ entry, document, filled }: Assembled): unknown => {
  const blanked = (record: object): unknown =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !filled.includes(name)))
  const { group } = headOf(entry)
  if (group === undefined) return [entry.code, blanked(document)]
  return [entry.code, { ...document, [group]: blanked(headOfDocument(entry, document)) }]
}

// ---- counting and telling ------------------------------------------------------------------------

const createTally = (marksMax: number) => {
  const tabs = new Map<
    string,
    { kind: string | null; rows: number; taken: number; refused: number }
  >()
  const results: SheetResult[] = []
  const told = { error: [] as SheetFault[], warning: [] as SheetFault[] }
  const marks: SheetFault[] = []
  const counts = { error: 0, warning: 0 }
  const toldMax = { error: SHEET_FAULTS_TOLD_MAX, warning: SHEET_WARNINGS_TOLD_MAX }
  const tell = (faults: readonly SheetFault[]): void => {
    for (const fault of faults) {
      const { severity } = fault
      counts[severity] += 1
      if (told[severity].length < toldMax[severity]) told[severity].push(fault)
      if (marks.length < marksMax) marks.push(fault)
    }
  }
  const tabOf = (name: string, kind: string | null) => {
    const tab = tabs.get(name) ?? { kind, rows: 0, taken: 0, refused: 0 }
    tabs.set(name, tab)
    return tab
  }
  return {
    step: (tab: string, kind: string | null, rows: number, faults: readonly SheetFault[]): void => {
      // A sheet that nobody wrote into is none.
      if (rows > 0) tabOf(tab, kind).rows += rows
      tell(faults)
    },
    result: ({ tab, item }: Waiting, result: DocumentResult): void => {
      const taken = !refuses(result.faults ?? [])
      tabOf(tab, item.entry.code)[taken ? 'taken' : 'refused'] += 1
      if (results.length < SHEET_RESULTS_TOLD_MAX) results.push(resultOf(tab, item, result, taken))
      tell(placedFaults(tab, item, result.faults ?? []))
    },
    end: () => {
      const sheets = [...tabs].map(([name, tab]) => ({ name, ...tab }))
      const sum = (of: 'rows' | 'taken' | 'refused'): number =>
        sheets.reduce((all, tab) => all + tab[of], 0)
      const summary: SheetSummary = {
        ...{ taken: sum('taken'), refused: sum('refused'), rows: sum('rows') },
        ...{ errors: counts.error, warnings: counts.warning, sheets, results },
        faults: [...told.error, ...told.warning],
      }
      return { summary, marks }
    },
  }
}

const resultOf = (
  sheet: string,
  { entry, rows }: Assembled,
  { id, version, state, duplicate }: DocumentResult,
  taken: boolean,
): SheetResult => ({
  ...{ sheet, rows, kind: entry.code, taken },
  ...(id === undefined ? {} : { id }),
  ...(version === undefined ? {} : { version }),
  ...(state === undefined || !taken ? {} : { state }),
  ...(duplicate === undefined ? {} : { duplicate }),
})

/**
 * Faults at their cells. Those of the reading know their place; the others are led there by their
 * pointer. Where a cell could not be read, what the check says of its absence is no news.
 */
export const placedFaults = (
  tab: string,
  item: Assembled,
  faults: readonly Fault[],
): readonly SheetFault[] => {
  const known = [...item.faults]
  const unreadable = new Set(
    known.flatMap(({ fault }) => (fault.severity === 'error' ? [fault.pointer] : [])),
  )
  return faults.flatMap((fault): readonly SheetFault[] => {
    const index = known.findIndex(
      (own) => own.fault.code === fault.code && own.fault.pointer === fault.pointer,
    )
    const [own] = index === -1 ? [] : known.splice(index, 1)
    if (own !== undefined) return [located(tab, fault, own.place)]
    if (unreadable.has(fault.pointer)) return []
    return [located(tab, fault, item.placeOf(fault.pointer))]
  })
}
