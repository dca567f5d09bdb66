/**
 * The three-way check of settlements as it is kept by month: which month is to be compared next, what
 * came of it, and what that adds up to over the months that are asked for. Months of which something
 * changed are marked by the tables themselves (`settlement_touch`).
 */
import { type RawBuilder, sql } from 'kysely'
import { SETTLEMENT_TIES_STATEMENT_MS_MAX } from '../kernel/settlement-limits.ts'
import { seenBySight } from './settlements.ts'
import type { LegSides } from './settlements-ties.ts'
import { ofSellers, type TotalsFilter } from './settlements-totals.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

type Months = Pick<TotalsFilter, 'from' | 'to'>

/** Whether no more lists than that were released in the months, and their records have no more lines. */
export const areFew = async (
  db: Db,
  { sight, from, to, limit }: TotalsFilter,
): Promise<boolean> => {
  const isMore = (rows: RawBuilder<unknown>) =>
    sql`(select count(*) > ${limit} from (${rows} limit ${limit + 1}) k)`
  const found = await sql<{ few: boolean }>`
    select not (
      ${isMore(sql`
        select from settled_list l where l.released and l.month between ${from} and ${to}
          and ${ofSellers(sight?.sellerCodes ?? null)}`)}
      or ${isMore(sql`
        select from settlement s
        join settlement_line i on i.lane = s.lane and i.settlement_id = s.id
        where s.month between ${from} and ${to} and ${seenBySight(sight)}`)}
    ) as few`.execute(db)
  return found.rows[0]?.few === true
}

export interface KeptTies {
  /** When the first of the months was compared that are; null: none is. */
  readonly at: Date | null
  readonly sides: readonly LegSides[]
  /** Null where none is. */
  readonly pending: number | null
  /** Months, yyyyMM, of which there is something that was never compared. */
  readonly uncompared: readonly string[]
}

/** What is kept of the months, all of one year, added up. */
export const findKeptTies = async (db: Db, { from, to }: Months): Promise<KeptTies> => {
  const found = await sql<KeptTies>`
    with kept as (select * from settlement_tie where month between ${from} and ${to})
    select (select min(made_at) from kept) as at,
      (select sum(pending)::float8 from kept) as pending,
      coalesce((
        select jsonb_agg(s order by s.leg, s.trade, s.currency) from (
          select x.leg, x.trade, x.currency, trim_scale(sum(x."left"))::text as "left",
            trim_scale(sum(x."right"))::text as "right"
          from kept cross join lateral jsonb_to_recordset(kept.legs)
            x (leg text, trade text, currency text, "left" numeric, "right" numeric)
          group by 1, 2, 3
        ) s
      ), '[]') as sides,
      array(
        select m.month from (
          select to_char(d, 'YYYYMM') as month
          from generate_series(to_date(${from}, 'YYYYMM'), to_date(${to}, 'YYYYMM'),
            interval '1 month') d
        ) m
        where exists (select from settlement_touch t where t.month = m.month)
          and not exists (select from kept k where k.month = m.month)
        order by 1
      ) as uncompared`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new Error('a statement without a row')
  return row
}

// ---- the chore -----------------------------------------------------------------------------------

/** Names the comparison among advisory locks: one makes it at a time, the others leave it to him. */
const COMPARING_LOCK = 7_303

/**
 * As the first thing of a transaction: all it reads is of one moment, and it takes its time on one core.
 * False where another compares.
 */
export const beginComparing = async (trx: Trx): Promise<boolean> => {
  await sql`set transaction isolation level repeatable read`.execute(trx)
  const found = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(${COMPARING_LOCK}) as held,
      set_config('max_parallel_workers_per_gather', '0', true),
      set_config('statement_timeout', ${String(SETTLEMENT_TIES_STATEMENT_MS_MAX)}, true)`.execute(
    trx,
  )
  return found.rows[0]?.held === true
}

/**
 * The month to be compared next: one that never was, else the one that was longest ago. Of those that
 * changed since it is one that was compared before `changed`, of the others one of before `kept`.
 */
export const findNextMonth = async (
  trx: Trx,
  { changed, kept }: { readonly changed: Date; readonly kept: Date },
): Promise<string | undefined> => {
  const found = await sql<{ month: string }>`
    select month from (
      select m.month, t.made_at from (select distinct month from settlement_touch) m
      left join settlement_tie t on t.month = m.month
      where t.made_at is null or t.made_at < ${changed}
      union select month, made_at from settlement_tie where made_at < ${kept}
    ) c order by made_at nulls first, month limit 1`.execute(trx)
  return found.rows[0]?.month
}

/** Takes away what said that the month changed: what it says is read from now on. */
export const takeTouches = async (trx: Trx, month: string): Promise<void> => {
  await sql`delete from settlement_touch where month = ${month}`.execute(trx)
}

export interface MadeTie {
  readonly month: string
  readonly madeAt: Date
  readonly sides: readonly LegSides[]
  readonly pending: number
}

export const keepTie = async (
  trx: Trx,
  { month, madeAt, sides, pending }: MadeTie,
): Promise<void> => {
  await sql`
    insert into settlement_tie (month, made_at, legs, pending)
    values (${month}, ${madeAt}, ${JSON.stringify(sides)}::jsonb, ${pending})
    on conflict (month) do update set made_at = excluded.made_at, legs = excluded.legs,
      pending = excluded.pending`.execute(trx)
}
