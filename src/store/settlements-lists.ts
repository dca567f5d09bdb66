/**
 * Lists as settlements see them: what each counts for in the ledger after returns, and what of it is
 * settled, or reserved as long as it is declared and not released. The row of a list is locked by whoever changes what is settled of it, so that any number
 * of writers together never settle more than it is worth.
 */
import { type RawBuilder, sql } from 'kysely'
import { settledLists } from '../catalogue/settlement.ts'
import { laneOfId } from '../kernel/ids.ts'
import { laneOf } from '../kernel/lane.ts'
import { SETTLEMENT_TARGETS_MAX } from '../kernel/settlement-limits.ts'
import { rowsOf } from './rows.ts'
import type { SettlementId } from './settlements.ts'
import { keepLists } from './settlements-editions.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

const LIST = { lane: 'smallint', id: 'uuid' }

const keysOf = (ids: readonly string[]): readonly SettlementId[] =>
  ids.map((id) => ({ lane: laneOfId(id), id })).toSorted(byKey)

const byKey = (a: SettlementId, b: SettlementId): number =>
  a.lane - b.lane || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

export interface NamedLine {
  /** Place among the lines asked about. */
  readonly index: number
  readonly orderNo: string | null
  readonly listNo: string | null
  readonly agentCode: string | null
}

export interface Target {
  readonly index: number
  readonly listId: string
}

const kinds = [...settledLists.kinds]

/**
 * Lists that the lines name: by the number of the list where there is one, else by the order. Whose
 * they are and whether they are released is not asked here.
 */
export const findTargets = async (
  db: Db,
  lines: readonly NamedLine[],
): Promise<readonly Target[]> => {
  const given = lines.filter(({ listNo, agentCode }) => listNo !== null && agentCode === null)
  const own = lines.filter(({ listNo, agentCode }) => listNo !== null && agentCode !== null)
  const orders = lines.filter(({ listNo, orderNo }) => listNo === null && orderNo !== null)
  const withLane = (rows: readonly NamedLine[], number: 'listNo' | 'orderNo') =>
    rows.map((row) => ({ ...row, number: row[number], lane: laneOf(row[number] ?? '') }))
  const columns = { index: 'integer', lane: 'smallint', number: 'text', agentCode: 'text' }
  const found = await sql<Target>`
    select r.index, c.document_id as "listId"
    from ${rowsOf('r', columns, withLane(given, 'listNo'))}
    join customs_number c on c.lane = r.lane and c.number = r.number
      and c.name = ${settledLists.number}
    union
    select r.index, s.id from ${rowsOf('r', columns, withLane(own, 'listNo'))}
    join document_state s on s.lane = r.lane and s.kind = any(${kinds}::text[])
      and s.number = r.number and s.owner = r."agentCode"
    union
    select r.index, p."listId" from ${rowsOf('r', columns, withLane(orders, 'orderNo'))}
    cross join lateral (
      select p.document_id as "listId" from consignment_part p
      where p.lane = r.lane and p.order_no = r.number and p.kind = any(${kinds}::text[])
      limit ${SETTLEMENT_TARGETS_MAX}
    ) p
    order by 1, 2`.execute(db)
  return found.rows
}

export interface Refreshing {
  readonly now: Date
  /** Has them all looked at by the chore; else those that changed since they were looked at. */
  readonly look: boolean
}

/**
 * Brings rows of lists in line with the ledger, and locks them until the end of the transaction: the
 * entries of a list say whether it counts as released, for how much after returns, and where; else
 * whether it does as declared. Lists the ledger never spoke of get no row. `done` are the states in
 * which a list is released.
 */
export const refreshLists = async (
  trx: Trx,
  ids: readonly string[],
  done: readonly string[],
  { now, look }: Refreshing,
): Promise<void> => {
  if (ids.length === 0) return
  const facts = sql.raw(
    'released, declared, merchant, direction, zone, trade_mode, month, parts'
      .split(', ')
      .map((name) => `l.${name} is distinct from excluded.${name}`)
      .join(' or '),
  )
  await sql`
    insert into settled_list as l (lane, list_id, released, declared, merchant, direction, zone,
      trade_mode, month, released_on, parts, currency, is_open, look_at)
    select r.lane, r.id, n.released, n.declared, coalesce(t.dims ->> 'merchant', ''), t.direction,
      t.zone, t.trade_mode, t.month, coalesce(d.day, to_date(t.month, 'YYYYMM')), v.parts, '',
      n.released, ${look ? now : null}::timestamptz
    from ${rowsOf('r', LIST, keysOf(ids))}
    join lateral (
      select coalesce(sum(e.count) filter (where e.scope = 'released'), 0) > 0 as released,
        coalesce(sum(e.count) filter (where e.scope = 'declared'), 0) > 0 as declared
      from ledger_entry e
      where e.lane = r.lane and e.subject_id = r.id and e.scope in ('declared', 'released')
      having count(*) > 0
    ) n on true
    join lateral (
      select e.scope, e.dims, e.direction, e.zone, e.trade_mode, e.month from ledger_entry e
      where e.lane = r.lane and e.subject_id = r.id and e.scope in ('declared', 'released')
        and e.count = 1
      order by e.scope = case when n.released then 'released' else 'declared' end desc, e.seq desc
      limit 1
    ) t on true
    cross join lateral (
      select coalesce(jsonb_agg(jsonb_build_object('currency', x.currency,
        'amount', trim_scale(x.amount)::text) order by x.currency), '[]') as parts
      from (
        select p.value ->> 'currency' as currency, sum((p.value ->> 'amount')::numeric) as amount
        from ledger_entry e, jsonb_array_elements(e.parts) p
        where e.lane = r.lane and e.subject_id = r.id and e.scope = t.scope group by 1
      ) x
    ) v
    left join lateral (
      select to_date(left(min(e.return_time), 8), 'YYYYMMDD') as day from event e
      join document_state s on s.lane = e.lane and s.id = e.document_id and s.version = e.version
      where e.lane = r.lane and e.document_id = r.id and e.state = any(${done}::text[])
        and e.return_time <> ''
    ) d on true
    order by r.lane, r.id
    on conflict (lane, list_id) do update set
      released = excluded.released, declared = excluded.declared, merchant = excluded.merchant,
      direction = excluded.direction, zone = excluded.zone, trade_mode = excluded.trade_mode,
      month = excluded.month, released_on = excluded.released_on, parts = excluded.parts,
      look_at = case when ${look} or ${facts} then ${now} else l.look_at end`.execute(trx)
  await keepLists(trx, keysOf(ids), now)
}

export interface ListFacts {
  readonly id: string
  readonly released: boolean
  /** Customs has it, released or not, and did not refuse it. */
  readonly declared: boolean
  readonly merchant: string
  readonly direction: 'import' | 'export'
  readonly zone: string
  readonly tradeMode: string
  /** Of release, else of declaration: yyyyMM. */
  readonly month: string
  readonly parts: readonly { readonly currency: string; readonly amount: string }[]
  /** What each record in force takes of it, decimal text in its currency; refunds are negative. */
  readonly settled: readonly {
    readonly settlementId: string
    readonly currency: string
    readonly amount: string
    /** Ahead of release. */
    readonly reserved: boolean
  }[]
}

/** Of lists whose rows are locked. */
export const readListFacts = async (
  trx: Trx,
  ids: readonly string[],
  refund: string,
): Promise<readonly ListFacts[]> => {
  if (ids.length === 0) return []
  const found = await sql<ListFacts>`
    select l.list_id as id, l.released, l.declared, l.merchant, l.direction, l.zone, l.trade_mode as "tradeMode",
      l.month, l.parts, coalesce((
        select jsonb_agg(jsonb_build_object('settlementId', x.id, 'currency', x.currency,
          'amount', trim_scale(x.amount)::text, 'reserved', x.reserved))
        from (
          select s.id, s.currency, i.list_id is null as reserved,
            sum(case when s.nature = ${refund} then -i.amount else i.amount end) as amount
          from settlement_line i join settlement s on s.lane = i.lane and s.id = i.settlement_id
          where i.list_id = l.list_id or i.reserved_id = l.list_id group by 1, 2, 3
        ) x
      ), '[]') as settled
    from ${rowsOf('r', LIST, keysOf(ids))}
    join settled_list l on l.lane = r.lane and l.list_id = r.id`.execute(trx)
  return found.rows
}

export interface ListStanding {
  readonly id: string
  readonly currency: string
  /** Decimal text; null where a rate is missing. */
  readonly open: string | null
  readonly isOpen: boolean
  /** A rate was used for it, or is missing. */
  readonly byRate: boolean
}

const STANDING = {
  ...{ lane: 'smallint', id: 'uuid', currency: 'text', open: 'numeric', isOpen: 'boolean' },
  ...{ byRate: 'boolean', looked: 'boolean' },
}

/** What was looked at waits for no other look. */
export const writeStandings = async (
  trx: Trx,
  standings: readonly ListStanding[],
  now: Date,
  looked: readonly string[] = [],
): Promise<void> => {
  if (standings.length === 0) return
  const isLooked = new Set(looked)
  const rows = standings.map((row) => ({
    ...{ ...row, lane: laneOfId(row.id), looked: isLooked.has(row.id) },
  }))
  await sql`
    update settled_list l set currency = r.currency, open_amount = r.open, is_open = r."isOpen",
      by_rate = l.by_rate or r."byRate", look_at = case when r.looked then null else l.look_at end
    from ${rowsOf('r', STANDING, rows)}
    where l.lane = r.lane and l.list_id = r.id`.execute(trx)
  await keepLists(trx, rows, now)
}

// ---- the chore -----------------------------------------------------------------------------------

export interface FollowedTo {
  /** As the database writes it: to the microsecond. */
  readonly recordedAt: string
  readonly seq: string
}

export const lockFollowed = async (trx: Trx): Promise<FollowedTo | undefined> => {
  const found = await sql<FollowedTo>`
    select recorded_at::text as "recordedAt", seq from settlement_follow
    for update skip locked`.execute(trx)
  return found.rows[0]
}

/** Lists that the ledger speaks of after what was followed, up to a moment that is sealed. */
export const followLedger = async (
  trx: Trx,
  after: FollowedTo,
  upTo: Date,
  limit: number,
): Promise<{ readonly ids: readonly string[]; readonly to: FollowedTo; readonly rows: number }> => {
  const found = await sql<FollowedTo & { id: string }>`
    select e.subject_id as id, e.recorded_at::text as "recordedAt", e.seq from ledger_entry e
    where e.scope in ('declared', 'released') and e.recorded_at >= ${after.recordedAt}::timestamptz
      and e.recorded_at <= ${upTo}
      and (e.recorded_at, e.seq) > (${after.recordedAt}::timestamptz, ${after.seq}::bigint)
    order by e.recorded_at, e.seq limit ${limit}`.execute(trx)
  const to = found.rows.at(-1) ?? after
  return { ids: [...new Set(found.rows.map(({ id }) => id))], to, rows: found.rows.length }
}

export const noteFollowed = async (trx: Trx, { recordedAt, seq }: FollowedTo): Promise<void> => {
  await sql`
    update settlement_follow set recorded_at = ${recordedAt}::timestamptz, seq = ${seq}::bigint`.execute(
    trx,
  )
}

/** Lists that are due to be looked at, the longest due first. */
export const findDueLists = async (
  db: Db,
  now: Date,
  limit: number,
): Promise<readonly string[]> => {
  const found = await sql<{ id: string }>`
    select list_id as id from settled_list where look_at <= ${now}
    order by look_at, list_id limit ${limit}`.execute(db)
  return found.rows.map(({ id }) => id)
}

/**
 * Of lists `l`: a rate that was used or missed for them was entered or changed since it was followed.
 * While lists are walked, all of those months are meant until the end of the walk.
 */
export const ofNewRates = (): RawBuilder<unknown> => sql`(l.by_rate and l.month in (
  select replace(e.month, '-', '') from exchange_rate_edition e cross join settlement_follow f
  where e.recorded_at > f.rates_at
))`

/** Begins a walk over the lists of editions up to a moment, where there are any and none is under way. */
export const beginRates = async (trx: Trx, upTo: Date): Promise<void> => {
  await sql`
    update settlement_follow f set rates_to = ${upTo}, rates_month = ''
    where f.rates_to is null and exists (
      select from exchange_rate_edition e
      where e.recorded_at > f.rates_at and e.recorded_at <= ${upTo}
    )`.execute(trx)
}

/**
 * The next step of the walk: lists for which a rate was used, or missed, that was entered or changed
 * are due, so many at most. They are walked by month and each once, however often what is due is looked
 * at meanwhile; behind the last of them the editions are followed. Gives how many it were.
 */
export const lookAgainByRates = async (trx: Trx, now: Date, limit: number): Promise<number> => {
  const found = await sql<{ count: number }>`
    with walked as materialized (
      select l.month, l.lane, l.list_id from settlement_follow f
      cross join lateral (
        select distinct replace(e.month, '-', '') as month from exchange_rate_edition e
        where e.recorded_at > f.rates_at and e.recorded_at <= f.rates_to
      ) m
      cross join lateral (
        select l.month, l.lane, l.list_id from settled_list l
        where l.by_rate and l.month = m.month
          and (l.month, l.lane, l.list_id) > (f.rates_month, f.rates_lane, f.rates_list)
        order by l.month, l.lane, l.list_id limit ${limit}
      ) l
      order by 1, 2, 3 limit ${limit}
    ), due as (
      select l.lane, l.list_id from walked w
      join settled_list l on l.lane = w.lane and l.list_id = w.list_id
      order by l.lane, l.list_id for update of l
    ), looked as (
      update settled_list l set look_at = least(l.look_at, ${now}::timestamptz) from due d
      where l.lane = d.lane and l.list_id = d.list_id returning 1
    ), counted as (
      select count(*)::integer as count from walked
    ), moved as (
      update settlement_follow f set rates_month = w.month, rates_lane = w.lane,
        rates_list = w.list_id
      from (select * from walked order by 1 desc, 2 desc, 3 desc limit 1) w, counted c
      where c.count = ${limit}
    ), ended as (
      update settlement_follow f set rates_at = f.rates_to, rates_to = null from counted c
      where c.count < ${limit} and f.rates_to is not null
    )
    select count from counted`.execute(trx)
  return found.rows[0]?.count ?? 0
}

/** Has lists looked at again: something that was settled of them is settled no more. */
export const lookAgain = async (trx: Trx, ids: readonly string[], now: Date): Promise<void> => {
  if (ids.length === 0) return
  await sql`
    update settled_list l set look_at = ${now} from ${rowsOf('r', LIST, keysOf(ids))}
    where l.lane = r.lane and l.list_id = r.id`.execute(trx)
}

/**
 * Records with lines that are matched to these lists or, being open, name them; oldest first, so many
 * after one.
 */
export const findConcerned = async (
  db: Db,
  ids: readonly string[],
  limit: number,
  after?: string,
): Promise<readonly SettlementId[]> => {
  const found = await sql<SettlementId>`
    with k as (
      select s.lane, s.id, s.order_no, s.number, s.owner from ${rowsOf('r', LIST, keysOf(ids))}
      join document_state s on s.lane = r.lane and s.id = r.id
    )
    select x.lane, x.id from (
      select l.lane, l.settlement_id as id from k join settlement_line l on l.list_id = k.id
      union
      select l.lane, l.settlement_id from k join settlement_line l on l.reserved_id = k.id
      union
      select l.lane, l.settlement_id from k join settlement_line l on l.reason is not null
        and l.order_no = k.order_no
      union
      select l.lane, l.settlement_id from k join settlement_line l on l.reason is not null
        and l.list_no = k.number and l.agent_code = k.owner
      union
      select l.lane, l.settlement_id from k join customs_number c on c.document_id = k.id
        and c.name = ${settledLists.number}
      join settlement_line l on l.reason is not null and l.list_no = c.number
    ) x where ${after === undefined ? sql`true` : sql`x.id > ${after}::uuid`}
    order by x.id limit ${limit}`.execute(db)
  return found.rows
}

/** Rates of customs in these months, CNY for one unit, decimal text; months are yyyyMM. */
export const findRates = async (
  db: Db,
  months: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const dashed = [...new Set(months)].map((month) => `${month.slice(0, 4)}-${month.slice(4)}`)
  const found = await sql<{ currency: string; month: string; rate: string }>`
    select currency, month, trim_scale(rate)::text as rate from exchange_rate
    where month = any(${dashed}::text[])`.execute(db)
  return new Map(
    found.rows.map(({ currency, month, rate }) => [`${month.replace('-', '')} ${currency}`, rate]),
  )
}
