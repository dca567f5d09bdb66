/** What a report asks of the house: figures in a scope, as of a moment. It knows no more of it. */
import type { Text } from '../kernel/fault.ts'
import type { ReportScope, SettledCurrency, ZoneIndicators } from './model.ts'

export type FiguresBy =
  | 'month'
  | 'zone'
  | 'mode'
  | 'direction'
  | 'country'
  | 'chapter'
  | 'enterprise'
  | 'institution'

export interface FiguresQuery {
  readonly scope: ReportScope
  readonly by: FiguresBy
  readonly year: number
  /** yyyyMM; the whole year without it. */
  readonly month?: string
  readonly mode?: string
  readonly asOf: Date
}

export interface FiguresAnswer {
  readonly definition: Text
  readonly sources: readonly string[]
  readonly rows: readonly {
    readonly key: string
    readonly label: Text
    readonly count: number
    readonly amount: string
  }[]
  readonly total: { readonly count: number; readonly amount: string }
  readonly target: { readonly amount: string; readonly source: string } | undefined
  readonly gaps: readonly {
    readonly currency: string
    readonly month: string
    readonly count: number
    readonly amount: string
  }[]
}

export interface FiguresSource {
  /** undefined where nothing tells it: shown as such, never as nothing. */
  totals(query: FiguresQuery): Promise<FiguresAnswer | undefined>
  /** What was settled in a month (yyyyMM) by currency; left out where nothing tells. */
  currencies?(month: string, asOf: Date): Promise<readonly SettledCurrency[]>
  /** Indicators of zones in a month; left out where nothing tells. */
  zones?(month: string, asOf: Date): Promise<readonly ZoneIndicators[]>
}
