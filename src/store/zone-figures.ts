/**
 * Figures of zones, read from sums alone: whatever is stored, the figures of a month cost what its
 * sums cost. What is on its way now is counted from the documents that are, up to a limit.
 */
import { type RawBuilder, sql } from 'kysely'
import { YUAN } from '../catalogue/measures.ts'
import type { CountedRole } from '../catalogue/message.ts'
import { firstIdAt } from '../kernel/ids.ts'
import { everyLane } from '../kernel/lane.ts'
import { ZONE_QUEUE_LOOK_MAX, ZONE_UNITS_MAX, ZONES_MAX } from '../kernel/zone-limits.ts'
import { standing } from './ledger-cells.ts'
import { EVERYWHERE, staleRates, tradeKey } from './ledger-totals.ts'
import type { RefusalSaying } from './rejections.ts'
import type { Db } from './tables.ts'

/** Months, yyyyMM, and the zone if it is one alone; '' is undecided. */
export interface ZonesAsked {
  readonly months: readonly string[]
  readonly zone?: string | undefined
  /** Taxes and refusals are not asked for. */
  readonly ledgerOnly?: boolean
}

/** Sums lie by zone before month: a zone that is named is not searched for among all months. */
const EVERY_ZONE = sql`any(array(select code from zone union all select ''))`

const inZone = (
  { zone }: Pick<ZonesAsked, 'zone'>,
  column: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  zone === undefined ? sql`${column} = ${EVERY_ZONE}` : sql`${column} = ${zone}`

/**
 * Where figures of zones come from: what is kept of them, or the sums, while a rate of their months is
 * not the one they are kept at.
 */
export type ZoneSource = 'kept' | 'sums' | MomentAsked

/** Behind the seal; nothing is recorded behind `now`. */
export interface MomentAsked {
  readonly asOf: Date
  readonly now: Date
}

/** Whether what is kept of these months is at the rates in force. */
export const findSource = async (db: Db, months: readonly string[]): Promise<ZoneSource> => {
  const stale = months.map((month) => sql`(${staleRates(month, month)})`)
  const found = await sql`${sql.join(stale, sql` union all `)} limit 1`.execute(db)
  return found.rows.length === 0 ? 'kept' : 'sums'
}

/**
 * Rows of `dim, scope, month, zone, key, currency, rate, count, amount` of months; `rate` is null where
 * there is none. The key of '' is direction and mode.
 */
const figures = (
  source: ZoneSource,
  { months, zone }: ZonesAsked,
  dims: readonly string[],
  scopes: readonly string[],
): RawBuilder<unknown> => {
  if (typeof source === 'object') return figuresAt(source, { months, zone }, dims, scopes)
  const where = sql`f.dim = any(${dims}::text[]) and f.scope = any(${scopes}::text[])`
  const key = sql`case f.dim when '' then ${tradeKey(sql`f.direction`, sql`f.trade_mode`)} else f.key end`
  const toldIn = (table: 'ledger_sum' | 'ledger_figure') => sql`
    select f.dim, f.scope, f.month, f.zone, ${key} as key, f.currency,
      case f.currency when ${YUAN} then 1 else r.rate end as rate, f.count, f.amount
    from ${sql.table(table)} f left join (
      select currency, replace(month, '-', '') as month, rate from exchange_rate
    ) r on r.currency = f.currency and r.month = f.month
    where ${where} and f.month = any(${months}::text[]) and ${inZone({ zone }, sql`f.zone`)}`
  if (source === 'sums') return toldIn('ledger_figure')
  const place = zone === undefined ? sql`f.zone <> ${EVERYWHERE}` : sql`f.zone = ${zone}`
  return sql`
    select f.dim, f.scope, f.period as month, f.zone, f.key, f.currency,
      case f.currency when '' then 1 end as rate, f.count, f.amount
    from ledger_total f
    where f.period = any(${months}::text[]) and ${where} and ${place}
    union all
    ${toldIn('ledger_sum')}`
}

/** The same as of a moment. */
const figuresAt = (
  { asOf, now }: MomentAsked,
  { months, zone }: ZonesAsked,
  dims: readonly string[],
  scopes: readonly string[],
): RawBuilder<unknown> => {
  const sorted = [...months].sort()
  const span = { from: sorted[0] ?? '', to: sorted.at(-1) ?? '' }
  return sql`
    select f.dim, f.scope, f.month, f.zone,
      case f.dim when '' then ${tradeKey(sql`f.direction`, sql`f.trade_mode`)} else f.key end as key,
      f.trade_mode, f.currency, case f.currency when ${YUAN} then 1 else r.rate end as rate, f.count,
      f.amount
    from (
      with ${standing(span, asOf, dims, now)} select * from standing
    ) f left join (
      select distinct on (currency, month) currency, replace(month, '-', '') as month, rate
      from exchange_rate_edition where recorded_at <= ${asOf}
      order by currency, month, recorded_at desc
    ) r on r.currency = f.currency and r.month = f.month
    where f.scope = any(${scopes}::text[]) and f.month = any(${months}::text[])
      and ${inZone({ zone }, sql`f.zone`)}`
}

export interface MissingRate {
  readonly currency: string
  /** In that currency. */
  readonly amount: string
}

export interface TradeCell {
  readonly scope: 'declared' | 'released'
  readonly month: string
  readonly zone: string
  readonly direction: 'import' | 'export'
  readonly mode: string
  readonly count: number
  /** CNY as exact as amount times rate is; what has no rate is not in it. */
  readonly amount: string
  readonly missing: readonly MissingRate[] | null
}

/** Amounts of cells that have a currency because they have no rate. */
const MISSING = sql`jsonb_agg(jsonb_build_object('currency', currency,
  'amount', trim_scale(amount)::text) order by currency)
  filter (where currency is not null and amount <> 0)`

export interface ActiveEnterprises {
  readonly month: string
  /** Null for all zones together, in which an enterprise of two zones is one. */
  readonly zone: string | null
  readonly role: CountedRole
  readonly enterprises: number
}

/**
 * Enterprises with lists released in months, by role. What is kept is counted in the order of the index
 * `ledger_total_active`, thousands of rows of it; sums that are not put together yet turn few of them.
 */
export const findActive = async (
  db: Db,
  source: ZoneSource,
  months: readonly string[],
  roles: readonly CountedRole[],
  zone: string | undefined,
): Promise<readonly ActiveEnterprises[]> => {
  const wanted = sql`f.scope = 'released' and f.dim = any(${roles}::text[])`
  if (typeof source === 'object') return findActiveAt(db, source, { months, zone }, roles)
  const city = zone === undefined ? sql`, (${EVERYWHERE})` : sql``
  const toldIn = (table: 'ledger_sum' | 'ledger_figure') => sql`
    select f.month, f.dim, c.zone, f.key, sum(f.count) as count from ${sql.table(table)} f
    cross join lateral (values (f.zone)${city}) c (zone)
    where ${wanted} and f.month = any(${months}::text[]) and ${inZone({ zone }, sql`f.zone`)}
    group by 1, 2, 3, 4`
  const place = zone === undefined ? sql`true` : sql`f.zone = ${zone}`
  /** What is kept of the same enterprise, in all currencies. */
  const countOf = (month: RawBuilder<unknown>, n: RawBuilder<unknown>) => sql`
    select coalesce(sum(k.count), 0) as count from ledger_total k
    where k.period = ${month} and k.dim = ${n}.dim and k.scope = 'released' and k.zone = ${n}.zone
      and k.key = ${n}.key`
  const kept = sql`
    select month, dim, zone, count(*) as count from (
      select f.period as month, f.dim, f.zone, f.key from ledger_total f
      where ${wanted} and f.period = any(${months}::text[]) and f.period like '______' and f.sign <> 0
        and ${place}
      group by f.period, f.dim, f.zone, f.key
      -- Few have more than one currency, and next to none a count below zero in one of them.
      having min(f.sign) > 0 or max(f.sign) > 0 and (${countOf(sql`f.period`, sql`f`)}) > 0
    ) k group by month, dim, zone
    union all
    select n.month, n.dim, n.zone, (t.count + n.count > 0)::integer - (t.count > 0)::integer
    from (${toldIn('ledger_sum')}) n cross join lateral (${countOf(sql`n.month`, sql`n`)}) t`
  const added = sql`
    select month, dim, zone, 1 as count from (${toldIn('ledger_figure')}) f where count > 0`
  const found = await sql<ActiveEnterprises>`
    select month, nullif(zone, ${EVERYWHERE}) as zone, dim as role, sum(count)::integer as enterprises
    from (${source === 'kept' ? kept : added}) active
    group by 1, 2, 3 having sum(count) > 0 order by 1, 2, 3`.execute(db)
  return found.rows
}

const findActiveAt = async (
  db: Db,
  moment: MomentAsked,
  asked: ZonesAsked,
  roles: readonly CountedRole[],
): Promise<readonly ActiveEnterprises[]> => {
  const city = asked.zone === undefined ? sql`, (${EVERYWHERE})` : sql``
  const found = await sql<ActiveEnterprises>`
    select month, nullif(zone, ${EVERYWHERE}) as zone, dim as role, count(*)::integer as enterprises
    from (
      select f.month, c.zone, f.dim, f.key from (${figuresAt(moment, asked, roles, ['released'])}) f
      cross join lateral (values (f.zone)${city}) c (zone)
      group by 1, 2, 3, 4 having sum(f.count) > 0
    ) active group by 1, 2, 3 order by 1, 2, 3`.execute(db)
  return found.rows
}

export interface ClearanceCell {
  readonly month: string
  readonly zone: string
  /** Null where modes are not told apart. */
  readonly mode: string | null
  /** Lists by step of the scale in `catalogue/clearance.ts`. */
  readonly steps: Readonly<Record<string, number>>
}

/** Of one zone and month by mode, which is kept by nothing but the sums. */
export const findClearanceByMode = async (
  db: Db,
  moment: MomentAsked | undefined,
  month: string,
  zone: string,
): Promise<readonly ClearanceCell[]> => {
  const rows =
    moment === undefined
      ? sql`select * from ledger_figure
          where dim = 'clearance' and scope = 'released' and month = ${month} and zone = ${zone}`
      : figuresAt(moment, { months: [month], zone }, ['clearance'], ['released'])
  const found = await sql<ClearanceCell>`
    with step as (
      select trade_mode as mode, key, sum(count) as count from (${rows}) f
      group by 1, 2 having sum(count) <> 0
    )
    select ${month} as month, ${zone} as zone, mode, json_object_agg(key, count) as steps
    from step group by mode`.execute(db)
  return found.rows
}

export interface RefusedCount
  extends Pick<RefusalSaying, 'kind' | 'source' | 'code' | 'resultCodes' | 'textId'> {
  readonly month: string
  readonly zone: string
  readonly count: number
}

/** Rows of refusals and bills lie by month: a condition that leaves all zones would only be planned. */
const ofZone = (zone: string | undefined): RawBuilder<unknown> =>
  zone === undefined ? sql`true` : sql`zone = ${zone}`

const refusedOf = (month: string, zone: string): RawBuilder<unknown> => sql`
  select f.month, f.zone, f.count, y.kind, y.source, y.code, y.result_codes as "resultCodes",
    y.text_id as "textId"
  from (
    select month, zone, saying, sum(count)::float8 as count from refusal_sum
    where month = ${month} and ${ofZone(zone)}
    group by 1, 2, 3 having sum(count) <> 0
  ) f join rejection_saying y on y.id = f.saying`

export interface TaxCell {
  readonly month: string
  readonly zone: string
  readonly mode: string
  readonly bills: number
  /** Decimal texts, CNY. */
  readonly duty: string
  readonly consumption: string
  readonly vat: string
}

/** Refusals of months, whatever was said. */
const refusedInAll = (
  months: readonly string[],
  zone: string | undefined,
): RawBuilder<unknown> => sql`
  select month, zone, sum(count)::float8 as count from refusal_sum
  where month = any(${months}::text[]) and ${ofZone(zone)}
  group by 1, 2 having sum(count) <> 0`

const taxesOf = (months: readonly string[], zone: string | undefined): RawBuilder<unknown> => sql`
  select month, zone, trade_mode as mode, sum(bills)::float8 as bills,
    round(sum(duty), 2)::text as duty, round(sum(consumption), 2)::text as consumption,
    round(sum(vat), 2)::text as vat
  from tax_sum where month = any(${months}::text[]) and ${ofZone(zone)}
  group by 1, 2, 3
  having sum(bills) <> 0 or sum(duty) <> 0 or sum(consumption) <> 0 or sum(vat) <> 0
  order by 1, 2, 3`

export interface ReturnCell {
  readonly month: string
  readonly zone: string
  /** Lists of which goods came back. */
  readonly lists: number
  /** CNY, what was taken off the released value: above zero. */
  readonly amount: string
  readonly missing: readonly MissingRate[] | null
}

export interface UndecidedCount {
  readonly scope: 'declared' | 'released'
  readonly because: string
  readonly count: number
}

/** What sums tell of zones, in no order but that of `trade` and `taxes`. */
export interface SummedCells {
  readonly trade: readonly TradeCell[]
  /** One a month and zone, all steps in it: apart they would be thousands. Of all zones the first month. */
  readonly clearance: readonly ClearanceCell[]
  /** What came back of released lists, in the month in which it counts. */
  readonly returns: readonly ReturnCell[]
  /** Lists of no zone by why that is so. */
  readonly undecided: readonly UndecidedCount[]
  readonly taxes: readonly TaxCell[]
  /** Of one zone in the first of the months, by what was said. */
  readonly refused: readonly RefusedCount[]
  readonly refusedInAll: readonly Pick<RefusedCount, 'month' | 'zone' | 'count'>[]
}

const CELL_DIMS = ['', 'clearance', 'returned', 'undecided']

/**
 * All in one statement: reading the rows costs less than asking for each. Why lists are undecided is that
 * of the first of the months.
 */
export const findSummedCells = async (
  db: Db,
  source: ZoneSource,
  asked: ZonesAsked,
): Promise<SummedCells> => {
  const { months, zone, ledgerOnly = false } = asked
  const [month = ''] = months
  const rows = figures(source, asked, CELL_DIMS, ['declared', 'released'])
  const all = (cells: RawBuilder<unknown>) =>
    sql`(select coalesce(json_agg(c), '[]') from (${cells}) c)`
  const found = await sql<SummedCells>`
    with cell as materialized (
      select dim, scope, month, zone, key, case when rate is null then currency end as currency,
        sum(count) as count, sum(amount * coalesce(rate, 1)) as amount
      from (${rows}) f
      where f.dim <> 'clearance' or f.month = any(${zone === undefined ? [month] : months}::text[])
      group by 1, 2, 3, 4, 5, 6
    )
    select ${all(sql`
      select scope, month, zone, split_part(key, ' ', 1) as direction,
        split_part(key, ' ', 2) as mode, sum(count)::float8 as count,
        ${YUAN_OF_CELLS} as amount, ${MISSING} as missing
      from cell where dim = '' group by scope, month, zone, key
      having sum(count) <> 0 or bool_or(amount <> 0)
      order by scope, month, zone, key`)} as trade,
    ${all(sql`
      select month, zone, null as mode, json_object_agg(key, count) as steps from (
        select month, zone, key, sum(count)::float8 as count from cell
        where dim = 'clearance' and scope = 'released'
        group by month, zone, key having sum(count) <> 0
      ) step group by month, zone`)} as clearance,
    ${all(sql`
      select month, zone, sum(count)::float8 as lists, ${YUAN_OF_CELLS} as amount, ${MISSING} as missing
      from (
        select month, zone, currency, count, -amount as amount from cell
        where dim = 'returned' and scope = 'released'
      ) back group by month, zone having sum(count) <> 0 or bool_or(amount <> 0)`)} as returns,
    ${all(sql`
      select scope, key as because, sum(count)::float8 as count from cell
      where dim = 'undecided' and month = ${month}
      group by scope, key having sum(count) <> 0 order by scope, key`)} as undecided,
    ${ledgerOnly ? NONE : all(taxesOf(months, zone))} as taxes,
    ${ledgerOnly || zone === undefined ? NONE : all(refusedOf(month, zone))} as refused,
    ${ledgerOnly ? NONE : all(refusedInAll(months, zone))} as "refusedInAll"`.execute(db)
  const nothing = {
    trade: [],
    clearance: [],
    returns: [],
    undecided: [],
    taxes: [],
    refused: [],
    refusedInAll: [],
  }
  return found.rows[0] ?? nothing
}

const NONE = sql`json_build_array()`

const YUAN_OF_CELLS = sql`
  trim_scale(coalesce(sum(amount) filter (where currency is null), 0))::text`

// ---- now ---------------------------------------------------------------------------------------

export interface ZoneQueue {
  readonly zone: string
  readonly state: string
  readonly count: number
}

export interface ZoneQueues {
  readonly rows: readonly ZoneQueue[]
  /** More documents are on their way than were looked at. */
  readonly more: boolean
}

/**
 * Lists in these states now: the older ones of those that the clock chore keeps, the young ones among
 * all that came in since it looked.
 */
export const findZoneQueues = async (
  db: Db,
  {
    kinds,
    states,
    since,
  }: {
    readonly kinds: readonly string[]
    readonly states: readonly string[]
    /** Up to when the chore has looked at what came in. */
    readonly since: Date
  },
  zone: string | undefined,
): Promise<ZoneQueues> => {
  const first = firstIdAt(since)
  const found = await sql<{ looked: number; rows: ZoneQueue[] | null }>`
    with young as materialized (
      select s.kind, s.zone, s.state from document_state s
      where s.lane = any(${everyLane}::smallint[]) and s.id >= ${first}::uuid
      limit ${ZONE_QUEUE_LOOK_MAX + 1}
    ), older as materialized (
      select s.kind, s.zone, s.state
      from (
        select * from open_stage where document_id < ${first}::uuid limit ${ZONE_QUEUE_LOOK_MAX + 1}
      ) o join document_state s on s.lane = o.lane and s.id = o.document_id
    ), counted as (
      select coalesce(zone, '') as zone, state, count(*) as count
      from (select * from young union all select * from older) l
      where kind = any(${kinds}::text[]) and state = any(${states}::text[])
        and ${inZone({ zone }, sql`coalesce(zone, '')`)}
      group by 1, 2
    )
    select (select json_agg(c order by c.zone, c.state) from counted c) as rows,
      greatest((select count(*) from young), (select count(*) from older))::integer as looked`.execute(
    db,
  )
  const { rows, looked } = found.rows[0] ?? { rows: null, looked: 0 }
  return { rows: rows ?? [], more: looked > ZONE_QUEUE_LOOK_MAX }
}

export interface StockCell {
  readonly zone: string
  /** Unit code of 3 digits. */
  readonly unit: string
  readonly items: number
  readonly stock: string
  /** Of it held by documents under way. */
  readonly reserved: string
}

/** What the bonded books of zones hold, by unit: a book gives no value. */
export const findStock = async (
  db: Db,
  zone: string | undefined,
): Promise<readonly StockCell[]> => {
  const found = await sql<StockCell>`
    select b.zone, i.unit, count(*)::integer as items, trim_scale(sum(a.stock))::text as stock,
      trim_scale(sum(a.reserved))::text as reserved
    from bonded_book b
    join bonded_item i on i.lane = b.lane and i.ems_no = b.ems_no
    join hold_account a on a.lane = i.lane and a.id = i.account_id
    where ${inZone({ zone }, sql`b.zone`)}
    group by 1, 2 order by 1, 2 limit ${zone === undefined ? ZONES_MAX * ZONE_UNITS_MAX : ZONE_UNITS_MAX}`.execute(
    db,
  )
  return found.rows
}

// ---- reference ---------------------------------------------------------------------------------

export interface ZoneFacts {
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly type: string
  readonly approved: string | null
  readonly district: string
  readonly confidence: string
  readonly sources: readonly string[]
  /** Rules that place lists there on the day. */
  readonly rules: number
}

export const findZones = async (db: Db, on: string): Promise<readonly ZoneFacts[]> => {
  const found = await sql<ZoneFacts>`
    select z.code, z.zh, z.en, z.type, z.approved, z.district, z.confidence, z.sources, (
      select count(*)::integer from zone_rule r where r.zone = z.code
        and r.valid_from <= ${on}::date and (r.valid_to is null or ${on}::date <= r.valid_to)
    ) as rules
    from zone z order by z.code limit ${ZONES_MAX}`.execute(db)
  return found.rows
}
