/**
 * Sums of the ledger put together, so that reading them takes no longer the more was told. A batch adds
 * rows to `ledger_sum` and waits for nobody; what is here takes the oldest of them away and adds them to
 * the rows of their keys, and to the figures that are kept of them. Readers see the one or the other,
 * never both.
 */
import { sql } from 'kysely'
import { correctTotals, TOTALLED, takeRates } from './ledger-totals.ts'
import type { Trx } from './transaction.ts'

/** Names the folding among advisory locks: one does it at a time, the others leave it to him. */
const FOLD_LOCK = 7_302

const holdsFolding = async (trx: Trx): Promise<boolean> => {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(${FOLD_LOCK}) as held`.execute(trx)
  return rows[0]?.held === true
}

/** Waits for who is folding, and lets nobody fold until this transaction is over. */
export const lockFolding = async (trx: Trx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${FOLD_LOCK})`.execute(trx)
}

/** Puts so many rows together at most; gives how many there were, 0 when another is at it. */
export const foldSums = async (trx: Trx, limit: number): Promise<number> => {
  if (!(await holdsFolding(trx))) return 0
  const { rows } = await sql<{ taken: number }>`
    with taken as (
      delete from ledger_sum where id <= (
        select max(o.id) from (select id from ledger_sum order by id limit ${limit}) o
      )
      returning *
    ),
    cell as materialized (
      select dim, scope, zone, month, key, direction, trade_mode, currency, recorded,
        sum(count) as count, sum(amount) as amount
      from taken group by 1, 2, 3, 4, 5, 6, 7, 8, 9
    ),
    folded as (
      insert into ledger_fold (dim, scope, zone, month, key, direction, trade_mode, currency, recorded,
        count, amount)
      select * from cell
      on conflict (dim, scope, zone, month, key, direction, trade_mode, currency, recorded) do update
        set count = ledger_fold.count + excluded.count, amount = ledger_fold.amount + excluded.amount
    ),
    folded_alone as (
      insert into ledger_dim_fold (dim, scope, month, key, currency, recorded, count, amount)
      select dim, scope, month, key, currency, recorded, sum(count), sum(amount)
      from cell where dim <> '' group by 1, 2, 3, 4, 5, 6
      on conflict (dim, scope, month, key, currency, recorded) do update
        set count = ledger_dim_fold.count + excluded.count,
          amount = ledger_dim_fold.amount + excluded.amount
    ),
    ${TOTALLED}
    select count(*)::integer as taken from taken`.execute(trx)
  return rows[0]?.taken ?? 0
}

/** Makes the figures of a month anew at the rates in force; false when another is folding. */
export const remakeMonth = async (trx: Trx, month: string): Promise<boolean> => {
  if (!(await holdsFolding(trx))) return false
  await takeRates(trx, month)
  await correctTotals(trx, month)
  return true
}
