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

/** What the entries lack of the sums, of all months or of one: columns month, zone, refusals, taxes. */
const lacking = (month?: string): RawBuilder<unknown> => {
  const where = month === undefined ? sql`` : sql`where month = ${month}`
  return sql`
    select month, zone, sum(refusals) as refusals, sum(taxes) as taxes from (
      select month, zone, count as refusals, 0 as taxes from refusal_sum ${where}
      union all select month, zone, 0, duty + consumption + vat from tax_sum ${where}
      union all select month, zone, -refusals, -taxes from zone_entry ${where}
    ) k group by 1, 2 having sum(refusals) <> 0 or sum(taxes) <> 0`
}

/** Months in which the entries are not what the sums are, with the number of zones where they are not. */
export const findWrongZoneEntries = async (
  db: Db,
): Promise<readonly { readonly month: string; readonly wrong: number }[]> => {
  const { rows } = await sql<{ month: string; wrong: number }>`
    select month, count(*)::integer as wrong from (${lacking()}) k
    group by month order by month`.execute(db)
  return rows
}

/** Adds what a month lacks, as learnt now; the ledger must be locked by then. */
export const correctZoneEntries = async (trx: Trx, month: string, now: Date): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with lacking as (${lacking(month)}), ${zoneEntriesFrom(sql`select * from lacking`, now)}
    select count(*) as wrong from lacking`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}
