/**
 * Sums of the ledger held against its entries, a slice at a time: each statement reads a part of one
 * scope and month, and what it adds up lies in a table of the transaction's own, so that neither the
 * time of a statement nor memory grows with the ledger. The transaction sees one moment throughout;
 * entries and their sums are written together, so nobody is kept from writing.
 */
import { type RawBuilder, sql } from 'kysely'
import { LEDGER_SLICE_ENTRIES } from '../kernel/ledger-limits.ts'
import { ADDED, type LedgerScope, PARTS } from './ledger.ts'
import { cellsOf, PLACES } from './ledger-totals.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

const SCOPES: readonly LedgerScope[] = ['declared', 'released', 'settled']

const SUM_KEY = sql`dim, scope, zone, month, key, direction, trade_mode, currency, recorded`

/** Months of which there are entries or sums, yyyyMM. They lie by other things first: one look for each. */
export const findLedgerMonths = async (db: Db): Promise<readonly string[]> => {
  const { rows } = await sql<{ month: string }>`
    with recursive entry as (
      (select scope, month from ledger_entry order by scope, month limit 1)
      union all
      select n.scope, n.month from entry p cross join lateral (
        select e.scope, e.month from ledger_entry e where (e.scope, e.month) > (p.scope, p.month)
        order by e.scope, e.month limit 1
      ) n
    ), fold as (
      (select dim, scope, zone, month from ledger_fold order by dim, scope, zone, month limit 1)
      union all
      select n.dim, n.scope, n.zone, n.month from fold p cross join lateral (
        select f.dim, f.scope, f.zone, f.month from ledger_fold f
        where (f.dim, f.scope, f.zone, f.month) > (p.dim, p.scope, p.zone, p.month)
        order by f.dim, f.scope, f.zone, f.month limit 1
      ) n
    )
    select month from entry union select month from fold
    union select month from ledger_sum
    union select month from ledger_dim_fold
    union select period from ledger_total where period like '______' order by 1`.execute(db)
  return rows.map(({ month }) => month)
}

/** Keys of the sums of a month that are not what its entries add up to. */
export const countWrongSums = (trx: Trx, month: string): Promise<number> =>
  compared(
    trx,
    month,
    (differing) => sql`with recursive ${differing} select count(*) as wrong from differing`,
  )

/**
 * Adds what the sums of a month lack, as further rows: right as well beside what others write
 * meanwhile. Gives how many keys were wrong.
 */
export const correctSums = (trx: Trx, month: string): Promise<number> =>
  compared(
    trx,
    month,
    (differing) => sql`
      with recursive ${differing}, corrected as (
        insert into ledger_sum (${SUM_KEY}, count, amount) select * from differing
      )
      select count(*) as wrong from differing`,
  )

const compared = async (
  trx: Trx,
  month: string,
  telling: (differing: RawBuilder<unknown>) => RawBuilder<{ wrong: string }>,
): Promise<number> => {
  // Tens of thousands of keys at once: they would be written to disk and read again.
  await sql`set local work_mem = '64MB'`.execute(trx)
  let wrong = 0
  for (const scope of SCOPES) {
    await countEntries(trx, scope, month)
    const { rows } = await telling(differing(scope, month)).execute(trx)
    wrong += Number(rows[0]?.wrong ?? 0)
  }
  return wrong
}

const NOTHING_BEFORE = '00000000-0000-0000-0000-000000000000'

/** Fills `ledger_counted` with what the entries of a scope and month add up to, in parts. */
const countEntries = async (trx: Trx, scope: LedgerScope, month: string): Promise<void> => {
  await sql`
    create temporary table if not exists ledger_counted (like ledger_fold) on commit drop`.execute(
    trx,
  )
  await sql`truncate ledger_counted`.execute(trx)
  let after: string | null = NOTHING_BEFORE
  while (after !== null) {
    const found: { rows: { until: string | null }[] } = await sql<{ until: string | null }>`
      select subject_id as until from ledger_entry
      where scope = ${scope} and month = ${month} and subject_id > ${after}::uuid
      order by subject_id offset ${LEDGER_SLICE_ENTRIES} limit 1`.execute(trx)
    const until: string | null = found.rows[0]?.until ?? null
    await sql`
      with entry as (
        select * from ledger_entry where scope = ${scope} and month = ${month}
          and subject_id > ${after}::uuid
          and ${until === null ? sql`true` : sql`subject_id <= ${until}::uuid`}
      ), ${PARTS}, added as (${ADDED})
      insert into ledger_counted (${SUM_KEY}, count, amount)
      select ${SUM_KEY}, count, amount from added`.execute(trx)
    after = until
  }
}

/** `differing`: what the sums of a scope and month lack of what was counted. */
const differing = (scope: LedgerScope, month: string): RawBuilder<unknown> => sql`
  ${PLACES},
  told as (
    select ${SUM_KEY}, count, amount from ledger_counted
    union all
    select ${SUM_KEY}, -count, -amount from ledger_sum where scope = ${scope} and month = ${month}
    union all
    select f.dim, f.scope, f.zone, f.month, f.key, f.direction, f.trade_mode, f.currency, f.recorded,
      -f.count, -f.amount
    from place p cross join lateral (
      select * from ledger_fold f
      where f.dim = p.dim and f.scope = p.scope and p.scope = ${scope} and f.zone = p.zone and f.month = ${month} offset 0
    ) f
  ),
  differing as (
    select ${SUM_KEY}, sum(count)::bigint as count, sum(amount) as amount from told
    group by ${SUM_KEY} having sum(count) <> 0 or sum(amount) <> 0
  )`

// ---- sums of one thing alone -------------------------------------------------------------------

const ALONE_KEY = sql`dim, scope, month, key, currency, recorded`

/** `differing`: what the sums of one enterprise, country or chapter alone lack of the other sums. */
const differingAlone = (month: string): RawBuilder<unknown> => sql`
  ${cellsOf(month)},
  differing as (
    select ${ALONE_KEY}, sum(count)::bigint as count, sum(amount) as amount from (
      select ${ALONE_KEY}, count, amount from cell where dim <> ''
      union all
      select a.dim, a.scope, a.month, a.key, a.currency, a.recorded, -a.count, -a.amount
      from ledger_dim_fold a where a.month = ${month}
    ) f group by ${ALONE_KEY} having sum(count) <> 0 or sum(amount) <> 0
  )`

export const countWrongAlone = async (db: Db, month: string): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with recursive ${differingAlone(month)} select count(*) as wrong from differing`.execute(db)
  return Number(rows[0]?.wrong ?? 0)
}

/** Makes them what the others come to; gives how many were not. The lock of folding must be held. */
export const correctAlone = async (trx: Trx, month: string): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with recursive ${differingAlone(month)}, corrected as (
      insert into ledger_dim_fold (${ALONE_KEY}, count, amount) select * from differing
      on conflict (${ALONE_KEY}) do update set count = ledger_dim_fold.count + excluded.count,
        amount = ledger_dim_fold.amount + excluded.amount
    )
    select count(*) as wrong from differing`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}
