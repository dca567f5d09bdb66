/**
 * The monthly report as plain data: what it says, without how it looks. The figures of a month as of
 * a moment are a function of both, so that the same question gives the same text of JSON; what
 * publication adds (number, edition, what changed) stands beside them. Amounts are CNY as decimal
 * text unless a currency is named; ratios are decimal fractions with six places.
 */
import type { Text } from '../kernel/fault.ts'

export const reportScopes = ['declared', 'released', 'settled', 'policy'] as const
export type ReportScope = (typeof reportScopes)[number]

export interface Figure {
  readonly count: number
  readonly amount: string
}

/** A figure with those it is held against; null where nothing was counted then. */
export interface Compared extends Figure {
  readonly previous: Figure | null
  readonly lastYear: Figure | null
  readonly previousGrowth: string | null
  readonly lastYearGrowth: string | null
}

export interface Measure {
  readonly scope: ReportScope
  readonly definition: Text
  readonly sources: readonly string[]
  /** null where nothing tells this scope. */
  readonly month: Compared | null
  /** From January on; `previous` says nothing and is null. */
  readonly yearToDate: Compared | null
}

export interface TargetLine {
  readonly scope: ReportScope
  readonly year: number
  readonly amount: string
  readonly reached: string
  /** Never below zero. */
  readonly left: string
  readonly progress: string | null
  /** Part of the year that is over with the month, as an even pace would have it. */
  readonly evenPace: string
  readonly source: string
}

export interface Keyed {
  readonly key: string
  readonly label: Text
}

export interface Matrix {
  readonly scope: ReportScope
  readonly modes: readonly Keyed[]
  readonly rows: readonly (Keyed & { readonly cells: readonly Figure[]; readonly total: Figure })[]
  readonly total: { readonly cells: readonly Figure[]; readonly total: Figure }
}

export interface Ranked extends Keyed, Figure {
  readonly share: string | null
  readonly previous: string | null
  readonly growth: string | null
}

export interface Ranking {
  readonly scope: ReportScope
  /** The greatest first; what names none comes last. */
  readonly rows: readonly Ranked[]
  /** What the rows leave out: how many keys, null where that is not known, and their sum. */
  readonly others: (Figure & { readonly keys: number | null; readonly share: string | null }) | null
  readonly total: Figure
}

export interface Gap {
  readonly scope: ReportScope
  readonly currency: string
  /** yyyy-MM whose rate is missing. */
  readonly month: string
  readonly count: number
  /** In that currency. */
  readonly amount: string
}

export interface SettledCurrency {
  readonly currency: string
  readonly label: Text
  /** Code of the business (结汇, 购汇, RMB in or out), and its name. */
  readonly direction: string
  readonly directionName: Text
  readonly count: number
  /** In the currency itself, refunds taken off. */
  readonly gross: string
  readonly costs: string
  readonly net: string
  /** CNY as it counts as settled: without lines that are over. */
  readonly amount: string
}

/** Indicators of a zone; null is not known. */
export interface ZoneIndicators extends Keyed {
  readonly lists: number
  readonly amount: string
  readonly tax: string | null
  /** Merchants with released lists. */
  readonly enterprises: number | null
  readonly medianMinutes: string | null
  readonly p95Minutes: string | null
  readonly refusedShare: string | null
  readonly returns: number | null
}

export interface MonthFigure {
  readonly month: string
  readonly amounts: Readonly<Record<ReportScope, Figure>>
}

export interface ReportFigures {
  readonly format: 'yuguan-monthly-report/1'
  /** yyyy-MM in China. */
  readonly month: string
  readonly asOf: string
  /** Whether the month had ended then. */
  readonly isOver: boolean
  readonly measures: readonly Measure[]
  readonly target: TargetLine | null
  readonly months: readonly MonthFigure[]
  /** As other splits: null where nothing tells it. */
  readonly matrix: Matrix | null
  readonly directions: readonly (Keyed & {
    readonly scope: ReportScope
    readonly month: Figure
    readonly share: string | null
  })[]
  readonly countries: Ranking | null
  readonly chapters: Ranking | null
  readonly enterprises: Ranking | null
  readonly institutions: Ranking | null
  readonly currencies: readonly SettledCurrency[] | null
  readonly zones: readonly ZoneIndicators[] | null
  readonly gaps: readonly Gap[]
  /** There are more gaps than are listed. */
  readonly moreGaps: boolean
}

/** One line of the figures that was restated; null where the line was not there. */
export interface Change {
  readonly line: string
  readonly label: Text
  readonly unit: 'count' | 'amount' | 'minutes' | 'ratio'
  readonly before: string | null
  readonly now: string | null
  readonly difference: string | null
}

export interface SignOff {
  readonly role: string
  readonly by: string
  readonly at: string
}

export type ReportStatus = 'preliminary' | 'revised' | 'final'

export interface Publication {
  readonly id: string
  readonly number: string
  readonly month: string
  readonly edition: number
  /** `final` once signed off. */
  readonly status: ReportStatus
  readonly asOf: string
  readonly publishedAt: string
  /** SHA-256 of the figures as JSON text, hexadecimal. */
  readonly sha256: string
  readonly changes: readonly Change[]
  readonly signOffs: readonly SignOff[]
}

/** What a writer is given; without a publication it is a draft. */
export interface Report {
  readonly figures: ReportFigures
  readonly sha256: string
  readonly publication: Publication | null
}

export type ReportLang = 'zh' | 'en'

/** Makes the printed form; bytes follow from the report and the language alone. */
export type ReportWriter = (report: Report, lang: ReportLang) => Promise<Uint8Array<ArrayBuffer>>
