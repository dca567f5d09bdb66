/** What is asked of the totals, and what is found: shared by the ways in which figures are read. */
import type { RawBuilder } from 'kysely'
import type { LedgerScope } from './ledger.ts'

/** Columns of the sums. */
export type TotalsColumn = 'zone' | 'trade_mode' | 'month' | 'direction'
/** What sums are kept of beside. */
export type TotalsDim =
  | 'merchant'
  | 'platform'
  | 'declarant'
  | 'carrier'
  | 'warehouse'
  | 'country'
  | 'institution'
  | 'chapter'

export interface TotalsAsked {
  readonly scopes: readonly LedgerScope[]
  readonly year: number
  /** First of several years, up to `year`; that year alone when undefined. */
  readonly since?: number | undefined
  readonly by: TotalsColumn | TotalsDim
  /** Values of columns. */
  readonly where: Readonly<Partial<Record<TotalsColumn, string>>>
  /** Values of dimensions. */
  readonly of: Readonly<Partial<Record<TotalsDim, string>>>
  /** As known at this moment; as known now when undefined. */
  readonly asOf?: Date | undefined
  /** Up to when anything may be recorded. */
  readonly now: Date
}

export interface TotalsRow {
  /** '' for what names none; `OTHERS` for what is beyond the greatest `TOTALS_ROWS_MAX`. */
  readonly key: string
  /** Counts stay far below 2^53. */
  readonly count: number
  /** CNY, decimal text as exact as amount times rate is. */
  readonly amount: string
}

/** What could not be made CNY: its rate is not known. */
export interface TotalsGap {
  readonly currency: string
  /** yyyyMM */
  readonly month: string
  readonly count: number
  /** In that currency. */
  readonly amount: string
}

export interface TotalsFound {
  readonly rows: readonly TotalsRow[]
  readonly gaps: readonly TotalsGap[]
}

/** Key of the rows beyond the greatest. */
export const OTHERS = '*'

const COLUMNS: ReadonlySet<string> = new Set(['zone', 'trade_mode', 'month', 'direction'])
export const isColumn = (by: TotalsAsked['by']): by is TotalsColumn => COLUMNS.has(by)

/** First and last month, yyyyMM. */
export const monthsAsked = ({
  year,
  since = year,
}: Pick<TotalsAsked, 'year' | 'since'>): readonly [from: string, to: string] => [
  `${since}01`,
  `${year}12`,
]

/** What is chosen by, or split by, beside columns; few questions name more than one. */
export const dimsAsked = ({ by, of }: TotalsAsked): readonly TotalsDim[] => {
  const dims = new Set(Object.keys(of) as TotalsDim[])
  if (!isColumn(by)) dims.add(by)
  return [...dims]
}

/** Where an answer comes from. */
export interface Facts {
  /**
   * Rows of `key, month, currency, count, amount, is_named`, signed. What is named is not of the rest
   * that no key takes: that is what rows of '' come to, less all that are named.
   */
  readonly rows: RawBuilder<unknown>
  /** Rows of `currency, month, rate`: CNY for one unit; months as yyyyMM. */
  readonly rates: RawBuilder<unknown>
  /** Has rows where the facts cannot be read. */
  readonly stale: RawBuilder<unknown>
}
