/**
 * Settlements told from several sides, each read on its own: records, their lines, the lists that the
 * lines are matched to, and what is left of those. What the ledger counts is read beside them
 * (`flow/settlements-ties.ts`).
 */
import { type RawBuilder, sql } from 'kysely'
import { natures, type SettlementLeg, YUAN } from '../catalogue/settlement.ts'
import { seenBySight } from './settlements.ts'
import { COUNTED, COUNTED_RMB, lineSums, SIGN } from './settlements-counted.ts'
import { ofNewRates } from './settlements-lists.ts'
import { type SettlementSource, settlementsNow } from './settlements-then.ts'
import { ofSellers, type TotalsFilter } from './settlements-totals.ts'
import type { Db } from './tables.ts'

export interface LegSides {
  readonly leg: SettlementLeg
  readonly trade: 'import' | 'export'
  readonly currency: string
  /** Decimal text in the currency. */
  readonly left: string
  readonly right: string
}

/** Of lists `l`: what is left of them is about to be reckoned anew, or cannot be. */
const PENDING = sql`(l.look_at is not null or l.open_amount is null or ${ofNewRates()})`

/**
 * Of records with their value date in the months, wherever they are read: records by themselves, with
 * their lines, and what of them counts. Of the leg `ledger` the right side is nothing here.
 */
export const findRecordLegs = async (
  db: Db,
  source: SettlementSource,
  asked: Omit<TotalsFilter, 'limit'>,
): Promise<readonly LegSides[]> => {
  const found = await sql<LegSides>`
    with ${countedOf(source, asked)},
    sides (leg, trade, currency, "left", "right") as (
      select 'costs', trade, currency, sign * gross, sign * (costs + net) from counted
      union all select 'lines', trade, currency, sign * lines, sign * gross from counted
      union all select 'ledger', trade, ${YUAN}, sign * rmb, 0 from counted
    )
    ${SUMMED}`.execute(db)
  return found.rows
}

/** `counted`: the records that count, with what their lines come to. */
const countedOf = (
  source: SettlementSource,
  { sight, from, to }: Omit<TotalsFilter, 'limit'>,
): RawBuilder<unknown> => sql`
  counted as materialized (
    select s.lane, s.id, s.currency, s.gross, s.costs, s.net, ${SIGN} as sign,
      case when s.direction in ('1', '3') then 'export' else 'import' end as trade,
      l.lines, l.matched, ${COUNTED_RMB} as rmb
    from ${source.records} s cross join lateral ${lineSums(source)} l
    where ${COUNTED} and s.month between ${from} and ${to} and ${seenBySight(sight)}
  )`

/** Of `sides`. */
const SUMMED = sql`
  select leg, trade, currency, trim_scale(sum("left"))::text as "left",
    trim_scale(sum("right"))::text as "right"
  from sides group by 1, 2, 3 order by 1, 2, 3`

/**
 * The same with the lists that they settle, and of lists released in the months, as they stand now. Lists
 * that are to be looked at again, or lack a rate, are told by `findPendingLists` and left out of `open`.
 */
export const findListLegs = async (
  db: Db,
  asked: Omit<TotalsFilter, 'limit'>,
): Promise<readonly LegSides[]> => {
  const { sight, from, to } = asked
  const found = await sql<LegSides>`
    with ${countedOf(settlementsNow, asked)},
    by_list as (
      select l.list_id, c.trade, c.currency, sum(c.sign * i.amount) as amount
      from settled_list l join settlement_line i on i.list_id = l.list_id
      join counted c on c.lane = i.lane and c.id = i.settlement_id
      where l.direction = c.trade and (l.released or l.look_at is not null)
      group by 1, 2, 3
    ),
    released as materialized (
      select l.list_id, l.direction, l.currency, l.open_amount, l.parts,
        left(l.month, 4) || '-' || right(l.month, 2) as month
      from settled_list l
      where l.released and l.month between ${from} and ${to} and not ${PENDING}
        and ${ofSellers(sight?.sellerCodes ?? null)}
    ),
    taken as (
      select i.taken_of as list_id, s.currency,
        sum(case when s.nature = ${natures.refund} then -i.amount else i.amount end) as amount
      -- Either names one list; each has an index of its own, which both in one would not use.
      from (
        select r.list_id as taken_of, i.* from released r
        join settlement_line i on i.list_id = r.list_id
        union all
        select r.list_id, i.* from released r join settlement_line i on i.reserved_id = r.list_id
      ) i join settlement s on s.lane = i.lane and s.id = i.settlement_id
      group by 1, 2
    ),
    amounts as (
      select l.list_id, p.value ->> 'currency' as currency, (p.value ->> 'amount')::numeric as worth,
        0 as paid
      from released l cross join jsonb_array_elements(l.parts) p
      union all
      select list_id, currency, 0, amount from taken
    ),
    -- As it was compared: in the list's own currency, else in CNY at the rate of its month.
    valued as (
      select l.list_id, l.direction, l.currency, l.open_amount,
        round(coalesce(sum(a.worth * r.rate), 0), 5) as worth,
        round(coalesce(sum(a.paid * r.rate), 0), 5) as paid
      from released l left join amounts a on a.list_id = l.list_id
      left join exchange_rate x on x.currency = a.currency and x.month = l.month
      cross join lateral (
        select case when a.currency in (l.currency, ${YUAN}) then 1 else x.rate end as rate
      ) r
      group by 1, 2, 3, 4
    ),
    sides (leg, trade, currency, "left", "right") as (
      select 'lists', trade, currency, 0, sign * matched from counted
      union all select 'lists', trade, currency, amount, 0 from by_list
      union all select 'open', direction, currency, worth - open_amount, paid from valued
    )
    ${SUMMED}`.execute(db)
  return found.rows
}

/** Lists released in the months that are to be looked at again, or of which a rate is missing. */
export const findPendingLists = async (
  db: Db,
  { sight, from, to }: Omit<TotalsFilter, 'limit'>,
): Promise<number> => {
  const found = await sql<{ count: number }>`
    select count(*)::float8 as count from settled_list l
    where l.released and l.month between ${from} and ${to}
      and ${PENDING}
      and ${ofSellers(sight?.sellerCodes ?? null)}`.execute(db)
  return found.rows[0]?.count ?? 0
}
