/** Row types of what zones are measured by beside the ledger; `tables.ts` has no room for more. */
import type { Generated } from 'kysely'

export interface RefusalSumTable {
  id: Generated<string>
  month: string
  zone: string
  trade_mode: string
  direction: string
  saying: string
  count: string
}

export interface TaxSumTable {
  id: Generated<string>
  month: string
  zone: string
  trade_mode: string
  bills: string
  duty: string
  consumption: string
  vat: string
}
