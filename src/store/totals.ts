/**
 * Trade totals: slotted rows that a reader sums up, and the same figures computed afresh from
 * documents and events, by which the slots can be rebuilt.
 */
import { sql } from 'kysely'
import type { KindFacts } from './evidence.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export type TotalsKey = 'zone' | 'trade_mode' | 'month' | 'direction'

export interface TotalsRow {
  readonly key: string
  /** Rows are few and counts stay far below 2^53. */
  readonly count: number
  /** CNY, decimal text without trailing zeros. */
  readonly amount: string
}

export const sumTotals = async (
  db: Db,
  filter: { readonly scope: string; readonly year: number; readonly by: TotalsKey },
): Promise<readonly TotalsRow[]> => {
  const found = await sql<TotalsRow>`
    select ${sql.ref(filter.by)} as key, sum(count)::float8 as count,
      trim_scale(sum(amount))::text as amount
    from total where scope = ${filter.scope} and left(month, 4) = ${String(filter.year)}
    group by 1 having sum(count) <> 0 or sum(amount) <> 0 order by 1`.execute(db)
  return found.rows
}

export const zoneNames = async (db: Db) =>
  db.selectFrom('zone').select(['code', 'zh', 'en']).orderBy('code').execute()

/**
 * Computes released trade again from what happened and puts it in place of the slots. Writers wait
 * meanwhile: an operator's command, not a part of the flow.
 */
export const rebuildTotals = async (trx: Trx, kinds: readonly KindFacts[]): Promise<void> => {
  await sql`lock table total in exclusive mode`.execute(trx)
  await sql`delete from total`.execute(trx)
  for (const facts of kinds.filter((item) => item.trade)) {
    const done = sql`${facts.done}::text[]`
    await sql`
      with counted as (
        select s.lane, s.id, s.version, (
          select left(min(e.return_time), 6) from event e
          where e.lane = s.lane and e.document_id = s.id and e.version = s.version
            and e.state = any(${done})
        ) as month
        from document_state s where s.kind = ${facts.kind} and s.state = any(${done})
      )
      insert into total (slot, scope, direction, zone, trade_mode, month, count, amount)
      select 0, 'released', ${facts.direction}, coalesce(d.zone, ''), coalesce(d.trade_mode, ''),
        c.month, count(*), sum(coalesce(d.amount, 0))
      from counted c join document d on d.lane = c.lane and d.id = c.id and d.version = c.version
      where c.month is not null group by 4, 5, 6
      on conflict (slot, scope, direction, zone, trade_mode, month) do update
        set count = total.count + excluded.count, amount = total.amount + excluded.amount
    `.execute(trx)
  }
}
