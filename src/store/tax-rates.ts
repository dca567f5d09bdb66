/** Rates of import taxes by commodity code: seeded once, then edited or loaded. */
import { sql } from 'kysely'
import { type TaxRate, taxRates } from '../catalogue/tax-rates.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

/** All editions of these codes: a batch has documents of several days. */
export const findTaxRates = async (
  db: Db,
  codes: readonly string[],
): Promise<readonly TaxRate[]> => {
  if (codes.length === 0) return []
  return (await ratesUnder(codes).execute(db)).rows
}

/** Figures as text, so that none loses a digit on its way through JSON. */
export const ratesUnder = (codes: readonly string[]) => sql<TaxRate>`
  select code, valid_from::text as "validFrom", valid_to::text as "validTo",
    tier_unit as "tierUnit", tier_from::text as "tierFrom", duty::text, vat::text,
    ad_valorem::text as "adValorem", per_unit::text as "perUnit", unit, confidence, source, note
  from tax_rate where code = any(${[...codes]}::text[])`

const COLUMNS = {
  ...{ code: 'text', validFrom: 'date', validTo: 'date', tierUnit: 'text', tierFrom: 'numeric' },
  ...{ duty: 'numeric', vat: 'numeric', adValorem: 'numeric', perUnit: 'numeric', unit: 'text' },
  ...{ confidence: 'text', source: 'text', note: 'text' },
}

/** Fills a table that has no row at all: what somebody ended or deleted must not come back. */
export const seedTaxRates = async (db: Db): Promise<void> => {
  await sql`
    insert into tax_rate (code, valid_from, valid_to, tier_unit, tier_from, duty, vat, ad_valorem,
      per_unit, unit, confidence, source, note)
    select r.code, r."validFrom", r."validTo", r."tierUnit", r."tierFrom", r.duty, r.vat,
      r."adValorem", r."perUnit", r.unit, r.confidence, r.source, r.note
    from ${rowsOf('r', COLUMNS, taxRates)}
    where not exists (select from tax_rate)
    on conflict do nothing`.execute(db)
}
