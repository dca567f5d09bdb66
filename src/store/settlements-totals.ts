/**
 * Sums over settlement records and over what is open: totals that tie, open items by age, and what
 * sellers received and paid in a year. Restored records state money again that others state, and
 * count nowhere but where they are named.
 */
import { type RawBuilder, sql } from 'kysely'
import { natures } from '../catalogue/settlement.ts'
import { COUNTED, type SettlementSight, seenBySight } from './settlements.ts'
import type { SettlementSource } from './settlements-then.ts'
import type { Db } from './tables.ts'

/** Refunds take away. The row alias is `s`. */
export const SIGN = sql`(case when s.nature = ${natures.refund} then -1 else 1 end)`

export interface SettlementTotal {
  readonly month: string
  readonly institutionId: string
  readonly institution: string
  readonly direction: string
  readonly currency: string
  /** Actual records; refunds beside them. */
  readonly count: number
  readonly refunds: number
  /** Decimal text in the currency; refunds are taken away. */
  readonly gross: string
  readonly costs: string
  readonly net: string
  readonly lines: string
  readonly matched: string
  readonly unmatched: string
  /** Of the lines not matched, those that go beyond what is left of their list. */
  readonly over: string
  /** CNY. */
  readonly rmb: string
  /** CNY without what is over: what the scope `settled` counts. */
  readonly counted: string
}

export interface TotalsFilter {
  readonly sight: SettlementSight | null
  /** First and last month, yyyyMM. */
  readonly from: string
  readonly to: string
  readonly limit: number
}

export const sumSettlements = async (
  db: Db,
  source: SettlementSource,
  { sight, from, to, limit }: TotalsFilter,
): Promise<readonly SettlementTotal[]> => {
  const { records, parties, counted = sql`${SIGN} * ${COUNTED_RMB}` } = source
  const found = await sql<SettlementTotal>`
    select s.month, s.institution_id as "institutionId", min(e.name) as institution, s.direction,
      s.currency, count(*) filter (where s.nature = ${natures.actual})::float8 as count,
      count(*) filter (where s.nature = ${natures.refund})::float8 as refunds,
      ${sumText(sql`${SIGN} * s.gross`)} as gross, ${sumText(sql`${SIGN} * s.costs`)} as costs,
      ${sumText(sql`${SIGN} * s.net`)} as net, ${sumText(sql`${SIGN} * l.lines`)} as lines,
      ${sumText(sql`${SIGN} * l.matched`)} as matched,
      ${sumText(sql`${SIGN} * (l.lines - l.matched)`)} as unmatched,
      ${sumText(sql`${SIGN} * l.over`)} as over, ${sumText(sql`${SIGN} * s.rmb`)} as rmb,
      ${sumText(counted)} as counted
    from ${records} s join ${parties} e on e.id = s.institution_id
    cross join lateral ${lineSums(source)} l
    where ${COUNTED} and s.month between ${from} and ${to} and ${seenBySight(sight)}
    group by 1, 2, 4, 5 order by 1, 2, 4, 5 limit ${limit}`.execute(db)
  return found.rows
}

/** What the lines of a record `s` come to. */
export const lineSums = ({
  linesOf,
}: Pick<SettlementSource, 'linesOf'>): RawBuilder<unknown> => sql`(
  select coalesce(sum(i.amount), 0) as lines,
    coalesce(sum(i.amount) filter (where i.list_id is not null), 0) as matched,
    coalesce(sum(i.amount) filter (where i.reason = 'over'), 0) as over
  from ${linesOf} i
)`

/** Of a record `s` with sums `l` of its lines: what is over is left out, rounded down to the fen. */
export const COUNTED_RMB = sql`(
  s.rmb - coalesce(div(s.rmb * 100 * l.over, nullif(l.lines, 0)), 0) / 100)`

const sumText = (amount: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`trim_scale(sum(${amount}))::text`

// ---- open items ----------------------------------------------------------------------------------

export interface AgeSum {
  /** Place among the groups of age, the youngest first. */
  readonly place: number
  readonly currency: string
  readonly count: number
  /** Decimal text; of what has no rate nothing is in it. */
  readonly amount: string
  /** Lists of which a rate is missing. */
  readonly withoutRate: number
}

/** Last days of the groups of age but the last one, rising; `today` is yyyy-MM-dd in China. */
export interface Ages {
  readonly days: readonly number[]
  readonly today: string
}

const placeOf = (day: RawBuilder<unknown>, { days, today }: Ages): RawBuilder<unknown> =>
  sql`(select count(*)::integer from unnest(${[...days]}::integer[]) b
    where ${today}::date - ${day} > b)`

/** Sellers by their codes; null: everybody's. */
export const ofSellers = (codes: readonly string[] | null): RawBuilder<unknown> =>
  codes === null ? sql`true` : sql`l.merchant = any(${[...codes]}::text[])`

export const sumOpenLists = async (
  db: Db,
  { lists }: SettlementSource,
  codes: readonly string[] | null,
  ages: Ages,
): Promise<readonly AgeSum[]> => {
  const found = await sql<AgeSum>`
    select ${placeOf(sql`l.released_on`, ages)} as place, l.currency, sum(l.lists)::float8 as count,
      trim_scale(sum(l.amount))::text as amount, sum(l.gaps)::float8 as "withoutRate"
    from (
      select l.released_on, l.currency, count(*) as lists, coalesce(sum(l.open_amount), 0) as amount,
        count(*) filter (where l.open_amount is null) as gaps
      from ${lists} l where l.is_open and ${ofSellers(codes)} group by 1, 2
    ) l group by 1, 2 order by 1, 2`.execute(db)
  return found.rows
}

export interface OpenList {
  readonly id: string
  readonly merchant: string
  readonly direction: string
  readonly zone: string
  readonly releasedOn: string
  readonly currency: string
  readonly open: string | null
}

export interface OpenPage {
  /** Day and id of the last row of the page before. */
  readonly after?: readonly [day: string, id: string] | undefined
  readonly limit: number
}

/** Oldest release first. */
export const listOpenLists = async (
  db: Db,
  { lists }: SettlementSource,
  codes: readonly string[] | null,
  { after, limit }: OpenPage,
): Promise<readonly OpenList[]> => {
  const found = await sql<OpenList>`
    select l.list_id as id, l.merchant, l.direction, l.zone, l.released_on::text as "releasedOn",
      l.currency, trim_scale(l.open_amount)::text as open
    from ${lists} l where l.is_open and ${ofSellers(codes)}
      and ${after === undefined ? sql`true` : sql`(l.released_on, l.list_id) > (${after[0]}::date, ${after[1]}::uuid)`}
    order by l.released_on, l.list_id limit ${limit}`.execute(db)
  return found.rows
}

export const sumOpenLines = async (
  db: Db,
  { openLines }: SettlementSource,
  sight: SettlementSight | null,
  ages: Ages,
): Promise<readonly AgeSum[]> => {
  const found = await sql<AgeSum>`
    select ${placeOf(sql`s.value_date`, ages)} as place, s.currency, count(*)::float8 as count,
      trim_scale(sum(${SIGN} * i.amount))::text as amount,
      count(*) filter (where i.reason = 'rate')::float8 as "withoutRate"
    from ${openLines} where i.reason is not null and ${seenBySight(sight)} group by 1, 2 order by 1, 2`.execute(
    db,
  )
  return found.rows
}

export interface OpenLine {
  readonly settlementId: string
  readonly number: string
  readonly position: number
  readonly valueDate: string
  readonly orderNo: string | null
  readonly listNo: string | null
  readonly reason: string
  readonly currency: string
  /** Decimal text; of a refund it is negative. */
  readonly amount: string
}

/** Oldest record first; pages go by record and position. */
export const listOpenLines = async (
  db: Db,
  { openLines }: SettlementSource,
  sight: SettlementSight | null,
  {
    after,
    limit,
  }: {
    readonly after?: readonly [id: string, position: number] | undefined
    readonly limit: number
  },
): Promise<readonly OpenLine[]> => {
  const found = await sql<OpenLine>`
    select s.id as "settlementId", s.number, i.position, s.value_date::text as "valueDate",
      i.order_no as "orderNo", i.list_no as "listNo", i.reason, s.currency,
      trim_scale(${SIGN} * i.amount)::text as amount
    from ${openLines} where i.reason is not null and ${seenBySight(sight)}
      and ${after === undefined ? sql`true` : sql`(s.id, i.position) > (${after[0]}::uuid, ${after[1]}::smallint)`}
    order by s.id, i.position limit ${limit}`.execute(db)
  return found.rows
}

// ---- the registration line -----------------------------------------------------------------------

export interface SellerYear {
  /** Customs code of a registered seller, else the code as given. */
  readonly seller: string
  /** Registered name; null where it is not registered here. */
  readonly name: string | null
  /** USD, decimal text of two places. */
  readonly received: string
  readonly paid: string
  /** Currencies and months without a rate, joined as `currency yyyyMM`. */
  readonly gaps: readonly string[]
}

export interface RegistrationAsked {
  readonly codes: readonly string[] | null
  readonly year: string
  readonly basis: 'gross' | 'net'
  readonly dollar: string
  readonly yuan: string
  /** USD, decimal text: sellers below it are left out, unless a rate of theirs is missing. */
  readonly from: string
  readonly limit: number
}

/** Sellers that receive or pay more than the least amount in the year; the greatest first. */
export const findSellerYears = async (
  db: Db,
  { records, parties, rates }: SettlementSource,
  { codes, year, basis, dollar, yuan, from, limit }: RegistrationAsked,
): Promise<readonly SellerYear[]> => {
  const amount = sql.ref(basis === 'gross' ? 's.gross' : 's.net')
  const seen = codes === null ? sql`true` : sql`s.seller = any(${[...codes]}::text[])`
  const found = await sql<SellerYear>`
    with sums as (
      select coalesce(e.customs_code, e.credit_code, s.seller) as seller, e.name, s.currency,
        s.month, sum(${SIGN} * ${amount}) filter (where s.direction in ('1', '3')) as received,
        sum(${SIGN} * ${amount}) filter (where s.direction in ('2', '4')) as paid
      from ${records} s
      left join ${parties} e
        on (e.customs_code = s.seller or e.credit_code = s.seller) and e.is_known
      where ${COUNTED} and s.month between ${`${year}01`} and ${`${year}12`} and ${seen}
      group by 1, 2, 3, 4
    ),
    rated as (
      select u.*, case when u.currency = ${dollar} then 1
        else (case when u.currency = ${yuan} then 1 else o.rate end) / d.rate end as factor,
        case when u.currency <> ${yuan} and o.rate is null then u.currency else ${dollar} end as lacks
      from sums u
      left join ${rates} o on o.currency = u.currency
        and o.month = left(u.month, 4) || '-' || right(u.month, 2)
      left join ${rates} d on d.currency = ${dollar}
        and d.month = left(u.month, 4) || '-' || right(u.month, 2)
    )
    select seller, min(name) as name,
      round(coalesce(sum(received * factor), 0), 2)::text as received,
      round(coalesce(sum(paid * factor), 0), 2)::text as paid,
      coalesce(array_agg(distinct lacks || ' ' || month) filter (where factor is null), '{}') as gaps
    from rated group by seller
    having greatest(round(coalesce(sum(received * factor), 0), 2),
        round(coalesce(sum(paid * factor), 0), 2)) > ${from}::numeric
      or bool_or(factor is null)
    order by greatest(coalesce(sum(received * factor), 0), coalesce(sum(paid * factor), 0)) desc,
      seller limit ${limit}`.execute(db)
  return found.rows
}
