/**
 * What was settled in a month as it was known at a moment behind the seal, out of the versions of the
 * records, which are only ever added to: of each record the last version recorded by then counts.
 */
import { sql } from 'kysely'
import { natures, type SettlementDirection } from '../catalogue/settlement.ts'
import type { Db } from './tables.ts'

export interface SettledSum {
  readonly currency: string
  readonly direction: SettlementDirection
  /** Actual records; refunds are taken off the amounts. */
  readonly count: number
  /** Decimal text in the currency. */
  readonly gross: string
  readonly costs: string
  readonly net: string
  /** CNY without what is over, as the ledger counts it; decimal text. */
  readonly rmb: string
}

/** `month` is yyyyMM; what counts in it, or did, has an entry there. */
export const findSettledSums = async (
  db: Db,
  month: string,
  asOf: Date,
): Promise<readonly SettledSum[]> => {
  const found = await sql<SettledSum>`
    with named as (
      select e.lane, e.subject_id as settlement_id,
        sum((e.parts -> 0 ->> 'amount')::numeric) as counted
      from ledger_entry e
      where e.scope = 'settled' and e.month = ${month} and e.recorded_at <= ${asOf}
      group by 1, 2
    ), standing as (
      select v.record -> 'SettlementHead' as head, n.counted
      from named n cross join lateral (
        select v.verb, v.record from settlement_version v
        where v.lane = n.lane and v.settlement_id = n.settlement_id and v.at <= ${asOf}
        order by v.version desc limit 1
      ) v
      where v.verb <> 'withdrawn'
        and left(v.record -> 'SettlementHead' ->> 'valueDate', 6) = ${month}
        and v.record -> 'SettlementHead' ->> 'nature' <> ${natures.restored}
    ), money as (
      select head ->> 'currency' as currency, head ->> 'direction' as direction,
        head ->> 'nature' = ${natures.actual} as is_actual,
        case when head ->> 'nature' = ${natures.refund} then -1 else 1 end as sign,
        (head ->> 'gross')::numeric as gross, (head ->> 'net')::numeric as net,
        counted
      from standing
    )
    select currency, direction, count(*) filter (where is_actual)::float8 as count,
      trim_scale(sum(sign * gross))::text as gross,
      trim_scale(sum(sign * (gross - net)))::text as costs,
      trim_scale(sum(sign * net))::text as net, trim_scale(sum(counted))::text as rmb
    from money group by 1, 2 order by 1, 2`.execute(db)
  return found.rows
}
