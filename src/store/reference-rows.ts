/**
 * Row types of the tables of reference data: seeded or loaded, then edited, dated, each row with its
 * source. Those of the trade itself stand in `tables.ts`.
 */
import type { Generated } from 'kysely'
import type { Severity } from '../catalogue/rules/rule.ts'

export interface ZoneTable {
  code: string
  zh: string
  en: string
  type: string
  approved: string | null
  district: string
  lat: number
  lon: number
  confidence: string
  sources: string[]
}

export interface ZoneRuleTable {
  kind: 'warehouse' | 'site' | 'office'
  code: string
  zone: string
  valid_from: string
  valid_to: string | null
  confidence: string
  source: string
}

export interface RuleValueTable {
  name: string
  kind: string
  valid_from: string
  valid_to: string | null
  value: string
  confidence: string
  source: string
  note: string
}

export interface RuleEditionTable {
  rule: string
  valid_from: string
  valid_to: string | null
  severity: Severity
  confidence: string
  source: string
}

export interface RuleSwitchTable {
  enterprise_id: string
  rule: string
  severity: Severity
  set_by: string | null
  set_at: Date
}

export interface TaxRateTable {
  code: string
  valid_from: string
  valid_to: string | null
  tier_unit: Generated<string>
  tier_from: Generated<string>
  duty: string | null
  vat: string
  ad_valorem: Generated<string>
  per_unit: Generated<string>
  unit: Generated<string>
  confidence: string
  source: string
  note: Generated<string>
}

export interface ExchangeRateTable {
  currency: string
  /** `yyyy-MM` */
  month: string
  rate: string
  announced_on: string
  source: string
}

export interface RestDayTable {
  day: string
  rests: boolean
  source: string
}
