/**
 * Sums of the ledger put together, so that reading them takes no longer the more was told. A batch adds
 * rows to `ledger_sum` and waits for nobody; what is here takes the oldest of them away and adds them to
 * the rows of their keys. Readers see the one or the other, never both.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** Names the folding among advisory locks: one does it at a time, the others leave it to him. */
const FOLD_LOCK = 7_302

/** Puts so many rows together at most; gives how many there were, 0 when another is at it. */
export const foldSums = async (trx: Trx, limit: number): Promise<number> => {
  const { rows: held } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(${FOLD_LOCK}) as held`.execute(trx)
  if (held[0]?.held !== true) return 0
  const { rows } = await sql<{ taken: number }>`
    with taken as (
      delete from ledger_sum where id <= (
        select max(o.id) from (select id from ledger_sum order by id limit ${limit}) o
      )
      returning *
    ),
    folded as (
      insert into ledger_fold (dim, scope, zone, month, key, direction, trade_mode, currency, recorded,
        count, amount)
      select dim, scope, zone, month, key, direction, trade_mode, currency, recorded, sum(count),
        sum(amount)
      from taken group by 1, 2, 3, 4, 5, 6, 7, 8, 9
      on conflict (dim, scope, zone, month, key, direction, trade_mode, currency, recorded) do update
        set count = ledger_fold.count + excluded.count, amount = ledger_fold.amount + excluded.amount
    ),
    folded_alone as (
      insert into ledger_dim_fold (dim, scope, month, key, currency, recorded, count, amount)
      select dim, scope, month, key, currency, recorded, sum(count), sum(amount)
      from taken where dim <> '' group by 1, 2, 3, 4, 5, 6
      on conflict (dim, scope, month, key, currency, recorded) do update
        set count = ledger_dim_fold.count + excluded.count,
          amount = ledger_dim_fold.amount + excluded.amount
    )
    select count(*)::integer as taken from taken`.execute(trx)
  return rows[0]?.taken ?? 0
}

/** Takes all sums away, for whoever adds the entries up again; waits for who puts them together. */
export const clearSums = async (trx: Trx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${FOLD_LOCK})`.execute(trx)
  await sql`
    with fine as (delete from ledger_fold), alone as (delete from ledger_dim_fold)
    delete from ledger_sum`.execute(trx)
}

/** Keys of one enterprise, country or chapter alone that are not what the other sums come to. */
export const countWrongFolds = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    select count(*) as wrong from (
      select from (
        select dim, scope, month, key, currency, recorded, count, amount from ledger_dim_figure
        union all
        select dim, scope, month, key, currency, recorded, -count, -amount
        from ledger_figure where dim <> ''
      ) f
      group by dim, scope, month, key, currency, recorded
      having sum(count) <> 0 or sum(amount) <> 0
    ) w`.execute(db)
  return Number(rows[0]?.wrong ?? 0)
}
