/**
 * Sums over settlement records and over what is open: totals that tie, open items by age, and what
 * sellers received and paid in a year; out of the sums that are kept, or out of the records. Restored
 * records state money again that others state, and count nowhere but where they are named.
 */
import { type RawBuilder, sql } from 'kysely'
import { natures } from '../catalogue/settlement.ts'
import { type SettlementSight, seenBySight } from './settlements.ts'
import { COUNTED, COUNTED_RMB, lineSums, SIGN } from './settlements-counted.ts'
import { sumsOf } from './settlements-sums.ts'
import type { SettlementSource } from './settlements-then.ts'
import type { Db } from './tables.ts'

/**
 * Whether figures come out of the sums, which know everybody's of now and nothing else. An own sight is
 * bounded by the records that it sees; as of a moment the records of then are added up.
 */
const readsSums = (source: SettlementSource, sight: unknown): boolean =>
  source.isSummed && sight === null

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
  const sums = readsSums(source, sight)
    ? sumsOf('settlement_sum', sql`month between ${from} and ${to}`)
    : sumsOfRecords(source, { sight, from, to })
  const found = await sql<SettlementTotal>`
    select u.month, u.institution_id as "institutionId", e.name as institution, u.direction, u.currency,
      u.count::float8 as count, u.refunds::float8 as refunds, ${textOf('gross')}, ${textOf('costs')},
      ${textOf('net')}, ${textOf('lines')}, ${textOf('matched')},
      trim_scale(u.lines - u.matched)::text as unmatched, ${textOf('over')}, ${textOf('rmb')},
      ${textOf('counted')}
    from ${sums} u join ${source.parties} e on e.id = u.institution_id
    order by 1, 2, 4, 5 limit ${limit}`.execute(db)
  return found.rows
}

const textOf = (figure: string): RawBuilder<unknown> => {
  const column = sql.ref(`u.${figure}`)
  return sql`trim_scale(${column})::text as ${sql.ref(figure)}`
}

/** What the sums are of, out of the records themselves. */
const sumsOfRecords = (
  source: SettlementSource,
  { sight, from, to }: Omit<TotalsFilter, 'limit'>,
): RawBuilder<unknown> => {
  const { records, counted = sql`${SIGN} * ${COUNTED_RMB}` } = source
  return sql`(
    select s.month, s.institution_id, s.direction, s.currency,
      count(*) filter (where s.nature = ${natures.actual}) as count,
      count(*) filter (where s.nature = ${natures.refund}) as refunds, sum(${SIGN} * s.gross) as gross,
      sum(${SIGN} * s.costs) as costs, sum(${SIGN} * s.net) as net, sum(${SIGN} * l.lines) as lines,
      sum(${SIGN} * l.matched) as matched, sum(${SIGN} * l.over) as over, sum(${SIGN} * s.rmb) as rmb,
      sum(${counted}) as counted
    from ${records} s cross join lateral ${lineSums(source)} l
    where ${COUNTED} and s.month between ${from} and ${to} and ${seenBySight(sight)}
    group by 1, 2, 3, 4
  )`
}

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

export const sumOpenLists = (
  db: Db,
  source: SettlementSource,
  codes: readonly string[] | null,
  ages: Ages,
): Promise<readonly AgeSum[]> =>
  sumByAge(
    db,
    readsSums(source, codes)
      ? sumsOf('settlement_open_sum', sql`what = 'lists'`)
      : sql`(
        select l.released_on as day, l.currency, count(*) as count,
          coalesce(sum(l.open_amount), 0) as amount,
          count(*) filter (where l.open_amount is null) as gaps
        from ${source.lists} l where l.is_open and ${ofSellers(codes)} group by 1, 2
      )`,
    ages,
  )

/** `days` has day, currency, count, amount and gaps. */
const sumByAge = async (
  db: Db,
  days: RawBuilder<unknown>,
  ages: Ages,
): Promise<readonly AgeSum[]> => {
  const found = await sql<AgeSum>`
    select ${placeOf(sql`u.day`, ages)} as place, u.currency, sum(u.count)::float8 as count,
      trim_scale(sum(u.amount))::text as amount, sum(u.gaps)::float8 as "withoutRate"
    from ${days} u group by 1, 2 order by 1, 2`.execute(db)
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

export const sumOpenLines = (
  db: Db,
  source: SettlementSource,
  sight: SettlementSight | null,
  ages: Ages,
): Promise<readonly AgeSum[]> =>
  sumByAge(
    db,
    readsSums(source, sight)
      ? sumsOf('settlement_open_sum', sql`what = 'lines'`)
      : sql`(
        select s.value_date as day, s.currency, count(*) as count, sum(${SIGN} * i.amount) as amount,
          count(*) filter (where i.reason = 'rate') as gaps
        from ${source.openLines} where i.reason is not null and ${seenBySight(sight)} group by 1, 2
      )`,
    ages,
  )

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
  const rows = sql`
    select i.settlement_id as "settlementId", s.number, i.position, s.value_date::text as "valueDate",
      i.order_no as "orderNo", i.list_no as "listNo", i.reason, s.currency,
      trim_scale(${SIGN} * i.amount)::text as amount
    from ${openLines} where i.reason is not null and ${seenBySight(sight)}
      and ${after === undefined ? sql`true` : sql`(i.settlement_id, i.position) > (${after[0]}::uuid, ${after[1]}::smallint)`}`
  // Everybody's are walked in their order; an own sight has few of them, and those are found first.
  const found = await sql<OpenLine>`
    select * from (${rows} ${sight === null ? sql`` : sql`offset 0`}) o
    order by o."settlementId", o.position limit ${limit}`.execute(db)
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

/**
 * Sellers that receive or pay more than the least amount in the year; the greatest first. Everything is
 * converted at the few rates of the year first, so that what sellers have by month is gone through once.
 */
export const findSellerYears = async (
  db: Db,
  source: SettlementSource,
  asked: RegistrationAsked,
): Promise<readonly SellerYear[]> => {
  const { parties } = source
  const { from, limit } = asked
  const found = await sql<SellerYear>`
    with ${factors(source, asked)}, ${sellerMonths(source, asked)},
    given as materialized (
      select m.seller, sum(m.amount * f.factor) filter (where m.direction in ('1', '3')) as received,
        sum(m.amount * f.factor) filter (where m.direction in ('2', '4')) as paid
      from months m left join factor f on f.currency = m.currency and f.month = m.month group by 1
    ),
    gap as materialized (
      select m.seller, coalesce(f.lacks, m.currency) || ' ' || m.month as lacks
      from months m left join factor f on f.currency = m.currency and f.month = m.month
      where f.factor is null group by 1, 2 having sum(m.records) <> 0
    ),
    named as materialized (
      select g.seller as given, coalesce(a.customs_code, b.customs_code, b.credit_code, g.seller) as seller,
        coalesce(a.name, b.name) as name, g.received, g.paid
      from given g
      left join ${parties} a on a.customs_code = g.seller and a.is_known
      left join ${parties} b on b.credit_code = g.seller and b.is_known
    ),
    gaps as (
      select n.seller, array_agg(distinct g.lacks) as gaps
      from gap g join named n on n.given = g.seller group by 1
    ),
    year as (
      select n.seller, min(n.name) as name, coalesce(sum(n.received), 0) as received,
        coalesce(sum(n.paid), 0) as paid
      from named n group by 1
    )
    select y.seller, y.name, round(y.received, 2)::text as received, round(y.paid, 2)::text as paid,
      coalesce(g.gaps, '{}') as gaps
    from year y left join gaps g on g.seller = y.seller
    where greatest(round(y.received, 2), round(y.paid, 2)) > ${from}::numeric or g.gaps is not null
    order by greatest(y.received, y.paid) desc, y.seller limit ${limit}`.execute(db)
  return found.rows
}

/** `factor`: USD for one unit by month, null where a rate is missing, and which one it `lacks`. */
const factors = (
  { rates }: SettlementSource,
  { year, dollar, yuan }: RegistrationAsked,
): RawBuilder<unknown> => sql`
  rate as materialized (
    select r.currency, replace(r.month, '-', '') as month, r.rate from ${rates} r
    where r.month between ${`${year}-01`} and ${`${year}-12`}
  ),
  factor as materialized (
    select c.currency, m.month, case when c.currency = ${dollar} then 1
        else (case when c.currency = ${yuan} then 1 else o.rate end) / d.rate end as factor,
      case when c.currency <> ${yuan} and o.rate is null then c.currency else ${dollar} end as lacks
    from (select currency from rate union values (${dollar}::text), (${yuan}::text)) c
    cross join (
      select ${year}::text || lpad(n::text, 2, '0') as month from generate_series(1, 12) n
    ) m
    left join rate o on o.currency = c.currency and o.month = m.month
    left join rate d on d.currency = ${dollar} and d.month = m.month
  )`

/** `months`: what sellers, under the codes that were given, received or paid by month; maybe in several rows. */
const sellerMonths = (
  source: SettlementSource,
  { codes, year, basis }: RegistrationAsked,
): RawBuilder<unknown> => {
  const within = sql`between ${`${year}01`} and ${`${year}12`}`
  // Read twice, which is cheaper than a copy of it.
  if (readsSums(source, codes))
    return sql`months as not materialized (
      select u.seller, u.month, u.direction, u.currency, u.records, ${sql.ref(`u.${basis}`)} as amount
      from settlement_seller_sum u where u.month ${within}
    )`
  const seen = codes === null ? sql`true` : sql`s.seller = any(${[...codes]}::text[])`
  return sql`months as materialized (
    select s.seller, s.month, s.direction, s.currency, count(*) as records,
      sum(${SIGN} * ${sql.ref(`s.${basis}`)}) as amount
    from ${source.records} s where ${COUNTED} and s.month ${within} and ${seen} group by 1, 2, 3, 4
  )`
}
