/**
 * Refusals and taxes of zones with the moment at which they were learnt: what is added to the sums of
 * `zone-folds.ts` is kept here as well, in the same statement, and never changed, for figures as of a moment.
 */
import { type RawBuilder, sql } from 'kysely'
import { behindSeal } from './ledger.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/**
 * A common table expression that keeps what `rows` selects: month, zone, refusals, taxes. Whoever writes
 * shares the ledger since a statement before.
 */
export const zoneEntriesFrom = (rows: RawBuilder<unknown>, now: Date): RawBuilder<unknown> => sql`
  zone_entries as (
    insert into zone_entry (recorded_at, month, zone, refusals, taxes)
    select ${behindSeal(now)}, r.month, r.zone, sum(r.refusals), sum(r.taxes)
    from (${rows}) r group by r.month, r.zone having sum(r.refusals) <> 0 or sum(r.taxes) <> 0
  )`

/** What the entries lack of the sums: columns month, zone, refusals, taxes. */
const LACKING = sql`
  select month, zone, sum(refusals) as refusals, sum(taxes) as taxes from (
    select month, zone, count as refusals, 0 as taxes from refusal_sum
    union all select month, zone, 0, duty + consumption + vat from tax_sum
    union all select month, zone, -refusals, -taxes from zone_entry
  ) k group by 1, 2 having sum(refusals) <> 0 or sum(taxes) <> 0`

/** In how many months of zones the entries are not what the sums are. */
export const countWrongZoneEntries = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    select count(*) as wrong from (${LACKING}) k`.execute(db)
  return Number(rows[0]?.wrong ?? 0)
}

/** Adds what they lack, as learnt now; the ledger must be locked by then. */
export const correctZoneEntries = async (trx: Trx, now: Date): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with lacking as (${LACKING}), ${zoneEntriesFrom(sql`select * from lacking`, now)}
    select count(*) as wrong from lacking`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}
