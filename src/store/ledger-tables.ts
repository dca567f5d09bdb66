/** Row types of what is counted; `tables.ts` has no room for more. */
import type { Generated } from 'kysely'

export interface LedgerEntryTable {
  lane: number
  subject_id: string
  scope: string
  seq: Generated<string>
  cause: string
  recorded_at: Date
  month: string
  direction: string
  zone: string
  trade_mode: string
  count: number
  dims: unknown
  parts: unknown
}

export interface LedgerSumTable {
  id: Generated<string>
  recorded: string
  scope: string
  dim: string
  key: string
  month: string
  direction: string
  zone: string
  trade_mode: string
  currency: string
  count: string
  amount: string
}

export interface LedgerSealTable {
  one: Generated<boolean>
  at: Date
}

export interface ExchangeRateEditionTable {
  currency: string
  month: string
  recorded_at: Date
  rate: string | null
  announced_on: string | null
  source: string | null
}

export interface MeasureTable {
  scope: string
  valid_from: string
  valid_to: string | null
  parts: string
  zh: string
  en: string
  confidence: string
  source: string
}
