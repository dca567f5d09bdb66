/**
 * What a figure is made of: the documents and settlements that its entries of the ledger leave
 * counted as of a moment, page by page within one scope and month. Entries of one subject that cancel
 * each other out are not shown.
 */
import { type RawBuilder, sql } from 'kysely'
import { UNMEASURED } from '../catalogue/clearance.ts'
import type { CountedSet } from '../catalogue/counted-sets.ts'
import type { LedgerDim, LedgerScope } from './ledger.ts'
import { type Sender, visibleTo } from './listing.ts'
import type { Db } from './tables.ts'

/** A figure of the ledger: what is counted, when, where and of whom. */
export interface Slice {
  readonly scopes: readonly LedgerScope[]
  /** yyyyMM, both included. */
  readonly from: string
  readonly to: string
  /** '' is the undecided zone. */
  readonly zone?: string | undefined
  readonly mode?: string | undefined
  readonly direction?: string | undefined
  readonly dims: Readonly<Partial<Record<LedgerDim, string>>>
  /** Two digits: only the parts of this chapter count. */
  readonly chapter?: string | undefined
  readonly only?: CountedSet | undefined
  readonly asOf: Date
}

/** Who looks: documents of these senders, settlements that name these codes; null for all. */
export type Sight = {
  readonly senders: readonly Sender[]
  readonly codes: readonly string[]
} | null

export interface CountedMonth {
  readonly month: string
  readonly scope: LedgerScope
}

/** Months and scopes in which the slice has figures, in order. */
export const findCountedMonths = async (db: Db, slice: Slice): Promise<readonly CountedMonth[]> => {
  const where = placeConditions('s', slice)
  const found = await sql<CountedMonth>`
    select distinct s.month, s.scope from ledger_figure s
    where s.dim = '' and s.scope = any(${slice.scopes}::text[])
      and s.month between ${slice.from} and ${slice.to} and ${sql.join(where, sql` and `)}
    order by s.month, s.scope`.execute(db)
  return found.rows
}

export interface CountedAmount {
  /** Three digits. */
  readonly currency: string
  /** Decimal text in that currency, signed as it counts. */
  readonly amount: string
  /** CNY for one unit as known at the moment; null where it is missing. */
  readonly rate: string | null
  /** CNY, exact and not rounded; null where the rate is missing. */
  readonly cny: string | null
  /** Chapters with goods in that currency. */
  readonly chapters: readonly string[]
}

/** A subject as it counts in one scope, month, direction, zone and mode. */
export interface CountedRow extends CountedMonth {
  readonly id: string
  readonly direction: string
  readonly zone: string
  readonly mode: string
  readonly count: number
  readonly dims: Readonly<Partial<Record<LedgerDim, string>>>
  readonly amounts: readonly CountedAmount[]
  /** Since when it counts so. */
  readonly since: Date
  /** Of a document; null for a settlement. */
  readonly kind: string | null
  readonly number: string | null
  readonly state: string | null
}

export interface CountedPage {
  readonly rows: readonly CountedRow[]
  /** Subject to go on after; null when the month is at its end. */
  readonly next: string | null
}

/** The counted subjects of a month after one, in the order of their ids; at most `limit` of them. */
export const findCounted = async (
  db: Db,
  slice: Slice,
  sight: Sight,
  page: CountedMonth & { readonly after: string | null; readonly limit: number },
): Promise<CountedPage> => {
  const { month, scope, after, limit } = page
  const found = await sql<CountedRow & { readonly counts: boolean }>`
    with picked as (
      select e.subject_id as id, min(e.lane) as lane from ${entriesSeen(scope, sight)}
      where ${entryConditions(slice, { month, scope })}
        and ${after === null ? sql`true` : sql`e.subject_id > ${after}::uuid`}
      group by e.subject_id order by e.subject_id limit ${limit + 1}
    ), ${netOf(slice, { month, scope })}
    select ${scope} as scope, ${month} as month, n.subject_id as id, n.direction, n.zone, n.mode,
      n.count, n.dims, coalesce(n.amounts, '[]') as amounts, n.since, s.kind, s.number, s.state,
      n.count <> 0 or n.amounts is not null as counts
    from net n left join document_state s on s.lane = n.lane and s.id = n.subject_id
    order by n.subject_id, n.direction, n.zone, n.mode`.execute(db)
  const ids = [...new Set(found.rows.map(({ id }) => id))]
  const beyond = ids.length > limit ? ids.at(-1) : undefined
  return {
    rows: found.rows.flatMap(({ counts, ...row }) => (counts && row.id !== beyond ? [row] : [])),
    next: beyond === undefined ? null : (ids.at(-2) ?? null),
  }
}

/** What entries come to by currency and month, of what somebody sees. */
export interface SliceSum {
  readonly month: string
  readonly currency: string
  readonly count: number
  readonly amount: string
  readonly cny: string | null
}

/** The sums of a slice as far as somebody sees it, added up from its entries. */
export const sumCounted = async (
  db: Db,
  slice: Slice,
  sight: Sight,
  { month, scope }: CountedMonth,
): Promise<readonly SliceSum[]> => {
  const found = await sql<SliceSum>`
    with ${ratesOf(month, slice.asOf)}
    select ${month} as month, p.currency, sum(case when p.leads then ${countOf(slice)} else 0 end)::int as count,
      trim_scale(sum(p.amount))::text as amount,
      trim_scale(sum(p.amount) * min(r.rate))::text as cny
    from ${entriesSeen(scope, sight)}
    cross join lateral ${partsOf(slice)} left join rate r on r.currency = p.currency
    where ${entryConditions(slice, { month, scope })}
    group by p.currency order by p.currency`.execute(db)
  return found.rows
}

/**
 * The same of a set of all that is counted, as it is known now, out of the sums; undefined where no sum
 * is kept of it.
 */
export const sumOnly = async (db: Db, slice: Slice): Promise<readonly SliceSum[] | undefined> => {
  const { only, chapter, dims } = slice
  if (only === undefined || chapter !== undefined || Object.keys(dims).length > 0) return undefined
  const dimOf = (dim: LedgerDim) => sql`case s.dim when ${dim} then s.key end`
  const found = await sql<SliceSum>`
    select s.month, s.currency, sum(s.count)::int as count,
      trim_scale(sum(s.amount) * ${signOf(slice)})::text as amount,
      trim_scale(sum(s.amount) * ${signOf(slice)} * min(case s.currency when ${YUAN} then 1 else r.rate end))::text as cny
    from ledger_figure s
    left join exchange_rate r on r.currency = s.currency and replace(r.month, '-', '') = s.month
    where s.dim in ('clearance', 'returned', 'undecided') and ${isOnly(only, dimOf)}
      and s.scope = any(${slice.scopes}::text[]) and s.month between ${slice.from} and ${slice.to}
      and ${sql.join([...placeConditions('s', slice)], sql` and `)}
    group by 1, 2 having sum(s.count) <> 0 or sum(s.amount) <> 0 order by 1, 2`.execute(db)
  return found.rows
}

/** Nothing is read of documents that the caller may not see. */
const entriesSeen = (scope: LedgerScope, sight: Sight): RawBuilder<unknown> => {
  if (sight === null) return sql`ledger_entry e`
  if (scope === 'settled')
    return sql`(
      select * from ledger_entry f where f.dims ->> 'merchant' = any(${sight.codes}::text[])
        or f.dims ->> 'institution' = any(${sight.codes}::text[])
    ) e`
  return sql`(
    select s.lane as of_lane, s.id as of_id from document_state s
    where ${sql.join([...visibleTo(sight.senders)], sql` and `)}
  ) o join ledger_entry e on e.lane = o.of_lane and e.subject_id = o.of_id`
}

const placeConditions = (alias: string, slice: Slice): readonly RawBuilder<unknown>[] => {
  const { zone, mode, direction } = slice
  const column = (name: string) => sql.ref(`${alias}.${name}`)
  return [
    sql`true`,
    ...(zone === undefined ? [] : [sql`${column('zone')} = ${zone}`]),
    ...(mode === undefined ? [] : [sql`${column('trade_mode')} = ${mode}`]),
    ...(direction === undefined ? [] : [sql`${column('direction')} = ${direction}`]),
  ]
}

const entryConditions = (slice: Slice, { month, scope }: CountedMonth): RawBuilder<unknown> =>
  sql.join(
    [
      sql`e.scope = ${scope} and e.month = ${month} and e.recorded_at <= ${slice.asOf}`,
      ...placeConditions('e', slice),
      ...Object.entries(slice.dims).map(([dim, key]) => sql`e.dims ->> ${dim} = ${key}`),
      ...(slice.only === undefined ? [] : [isOnly(slice.only, (dim) => sql`e.dims ->> ${dim}`)]),
      ...(slice.chapter === undefined
        ? []
        : [sql`e.parts @> ${JSON.stringify([{ chapter: slice.chapter }])}::jsonb`]),
    ],
    sql` and `,
  )

/** What is told of a value of the dimension that a set is of; null where there is none. */
const isOnly = (
  only: CountedSet,
  keyOf: (dim: LedgerDim) => RawBuilder<unknown>,
): RawBuilder<unknown> => {
  switch (only) {
    case 'measured':
      return sql`${keyOf('clearance')} <> ${UNMEASURED}`
    case 'unmeasured':
      return sql`${keyOf('clearance')} = ${UNMEASURED}`
    case 'returned':
      return sql`${keyOf('returned')} is not null`
    default:
      return sql`${keyOf('undecided')} = ${only}`
  }
}

/** What an entry `e` counts; what came back counts its lists, as in the sums. */
const countOf = ({ only }: Slice): RawBuilder<unknown> =>
  only === 'returned' ? sql`-sign((e.parts -> 0 ->> 'amount')::numeric)::integer` : sql`e.count`

/** What came back is told as it is taken off: above zero. */
const signOf = ({ only }: Slice): RawBuilder<unknown> => sql.raw(only === 'returned' ? '-1' : '1')

/** The parts of an entry `e` that the slice counts; the first of them carries the count. */
const partsOf = (slice: Slice): RawBuilder<unknown> => sql`(
    select x.value ->> 'currency' as currency, x.value ->> 'chapter' as chapter,
      (x.value ->> 'amount')::numeric * ${signOf(slice)} as amount, row_number() over (order by x.ordinality) = 1 as leads
    from jsonb_array_elements(e.parts) with ordinality x
    ${slice.chapter === undefined ? sql`` : sql`where x.value ->> 'chapter' = ${slice.chapter}`}
  ) p`

/** `rate`: customs' rates of a month as they were known at a moment; the yuan itself is one. */
const ratesOf = (month: string, asOf: Date): RawBuilder<unknown> => sql`
  rate as (
    select k.currency, k.rate from (
      select distinct on (x.currency) x.currency, x.rate from exchange_rate_edition x
      where x.month = ${`${month.slice(0, 4)}-${month.slice(4)}`} and x.recorded_at <= ${asOf}
      order by x.currency, x.recorded_at desc
    ) k where k.currency <> ${YUAN}
    union all select ${YUAN}, 1
  )`

const YUAN = '142'

/**
 * `net`: what the picked subjects count for in a month, each by direction, zone and mode. Counts and
 * money are put together by grouping: a join of the two, or with what is picked, would be guessed to be
 * of one row and compare each of ten thousand with every other.
 */
const netOf = (slice: Slice, of: CountedMonth): RawBuilder<unknown> => sql`
  ${ratesOf(of.month, slice.asOf)},
  mine as (
    select e.* from picked k
    join ledger_entry e on e.lane = k.lane and e.subject_id = k.id and ${entryConditions(slice, of)}
  ),
  counted as (
    select subject_id, direction, zone, trade_mode as mode, min(lane) as lane,
      sum(${countOf(slice)})::int as count,
      coalesce(max(recorded_at) filter (where count > 0), max(recorded_at)) as since,
      (array_agg(dims order by count desc, seq desc))[1] as dims
    from mine e group by 1, 2, 3, 4
  ),
  part as (
    select e.subject_id, e.direction, e.zone, e.trade_mode as mode, p.currency, p.chapter,
      sum(p.amount) as amount
    from mine e cross join lateral ${partsOf(slice)}
    group by 1, 2, 3, 4, 5, 6 having sum(p.amount) <> 0
  ),
  money as (
    select q.subject_id, q.direction, q.zone, q.mode, jsonb_agg(jsonb_build_object(
      'currency', q.currency, 'amount', trim_scale(q.amount)::text, 'rate', trim_scale(r.rate)::text,
      'cny', trim_scale(q.amount * r.rate)::text, 'chapters', coalesce(q.chapters, '[]')
    ) order by q.currency) as amounts
    from (
      select subject_id, direction, zone, mode, currency, sum(amount) as amount,
        jsonb_agg(chapter order by chapter) filter (where chapter <> '') as chapters
      from part group by 1, 2, 3, 4, 5
    ) q left join rate r on r.currency = q.currency
    group by 1, 2, 3, 4
  ),
  net as (
    select subject_id, direction, zone, mode, min(lane) as lane, min(count) as count,
      min(since) as since, (array_agg(dims) filter (where dims is not null))[1] as dims,
      (array_agg(amounts) filter (where amounts is not null))[1] as amounts
    from (
      select subject_id, direction, zone, mode, lane, count, since, dims, null::jsonb as amounts
      from counted
      union all
      select subject_id, direction, zone, mode, null, null, null, null, amounts from money
    ) u group by 1, 2, 3, 4
  )`

/** Whether a document counts in a figure, or ever did. */
export const isCounted = async (
  db: Db,
  { lane, id }: { readonly lane: number; readonly id: string },
): Promise<boolean> => {
  const found = await sql`
    select from ledger_entry where lane = ${lane} and subject_id = ${id}::uuid limit 1`.execute(db)
  return found.rows.length > 0
}

/** Whether the ledger says the same now as at that moment. */
export const isNewest = async (db: Db, at: Date): Promise<boolean> => {
  const found = await sql`select from ledger_entry where recorded_at > ${at} limit 1`.execute(db)
  return found.rows.length === 0
}
