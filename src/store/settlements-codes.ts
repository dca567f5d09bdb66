/** Transaction codes of the balance of payments: seeded once, then loaded and edited. */
import { sql } from 'kysely'
import { type BopCode, bopCodes } from '../catalogue/settlement-codes.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

const COLUMNS = {
  ...{ code: 'text', validFrom: 'date', validTo: 'date', zh: 'text', flow: 'text' },
  ...{ confidence: 'text', source: 'text', note: 'text' },
}

/** All editions of these codes: a batch has records of several days. */
export const findBopCodes = async (
  db: Db,
  codes: readonly string[],
): Promise<readonly Pick<BopCode, 'code' | 'validFrom' | 'validTo' | 'flow'>[]> => {
  const found = await sql<BopCode>`
    select code, valid_from::text as "validFrom", valid_to::text as "validTo", flow
    from bop_code where code = any(${[...codes]}::text[])`.execute(db)
  return found.rows
}

/** Fills a table that has no row at all: what somebody ended or deleted must not come back. */
export const seedBopCodes = async (db: Db): Promise<void> => {
  await sql`
    insert into bop_code (code, valid_from, valid_to, zh, flow, confidence, source, note)
    select r.code, r."validFrom", r."validTo", r.zh, r.flow, r.confidence, r.source, r.note
    from ${rowsOf('r', COLUMNS, bopCodes)}
    where not exists (select from bop_code)
    on conflict do nothing`.execute(db)
}
