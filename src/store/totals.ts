/**
 * Figures out of the ledger. What is asked for as known now, by zone and month and one thing more, comes
 * out of figures that are kept (`totals-kept.ts`); else what is split or chosen by at most one of
 * enterprise, country and chapter comes out of the sums; as of a moment, of the sums up to the nearer end
 * of its month and the entries between the two; by two of them, out of the entries. CNY are made of other
 * currencies here, at the rates of the month that each amount counts in, so that a rate that changes
 * restates all figures by itself.
 */
import { type RawBuilder, sql } from 'kysely'
import { YUAN } from '../catalogue/measures.ts'
import { stamp17 } from '../kernel/clock.ts'
import { TOTALS_GAPS_MAX, TOTALS_ROWS_MAX } from '../kernel/ledger-limits.ts'
import { monthAfter, startOfMonth } from '../kernel/months.ts'
import type { Db } from './tables.ts'
import {
  dimsAsked,
  type Facts,
  isColumn,
  monthsAsked,
  OTHERS,
  type TotalsAsked,
  type TotalsDim,
  type TotalsFound,
  type TotalsRow,
} from './totals-asked.ts'
import { keptFacts } from './totals-kept.ts'

export const findTotals = async (db: Db, asked: TotalsAsked): Promise<TotalsFound> =>
  (await findKept(db, asked)) ?? findAddedUp(db, asked)

/** From the figures that are kept; undefined for what is not, or not at the rates in force. */
export const findKept = async (db: Db, asked: TotalsAsked): Promise<TotalsFound | undefined> => {
  const kept = keptFacts(asked)
  return kept && findIn(db, asked, kept)
}

/** The same without the figures that are kept; they must be equal. */
export const findAddedUp = async (db: Db, asked: TotalsAsked): Promise<TotalsFound> => {
  const { asOf } = asked
  const found = await findIn(db, asked, {
    rows: factsOf(asked),
    rates: ratesOf(asOf),
    stale: NEVER,
  })
  return found ?? { rows: [], gaps: [] }
}

const NEVER = sql`select where false`

/** Undefined where the facts turn out stale. */
const findIn = async (
  db: Db,
  { by }: TotalsAsked,
  { rows: facts, rates, stale }: Facts,
): Promise<TotalsFound | undefined> => {
  const limit = isColumn(by) ? sql`true` : sql`place <= ${TOTALS_ROWS_MAX}`
  const { rows } = await sql<
    TotalsRow & { key: string | null; currency: string | null; month: string }
  >`
    with rates as materialized (${rates}),
    -- Thousands of rows are added up here, and once: by key, and by what has no rate.
    added as materialized (
      select f.key, f.is_named, w.gap, case when w.gap then f.month end as month,
        case when w.gap then f.currency end as currency, sum(f.count) as count,
        sum(f.amount * coalesce(w.rate, 1)) as amount
      from (${facts}) f
      left join rates r on r.currency = f.currency and r.month = f.month
      cross join lateral (
        select x.rate, x.rate is null as gap
        from (select case f.currency when ${YUAN} then 1 else r.rate end as rate) x
      ) w
      group by 1, 2, 3, 4, 5
    ),
    -- What no key takes is the rest of the whole: without an enterprise of that role, a country, a code.
    valued as (
      select key, gap, month, currency, count, amount from added
      union all
      select '', gap, month, currency, -count, -amount from added where is_named
    ),
    lacking as (
      select key from valued where gap group by key, month, currency having sum(amount) <> 0
    ),
    keyed as (
      select key, sum(count) as count, coalesce(sum(amount) filter (where not gap), 0) as amount
      from valued group by 1
    ),
    placed as (
      select k.*, row_number() over (order by key = '', amount desc, key) as place
      from keyed k where count <> 0 or amount <> 0 or key in (select key from lacking)
    )
    (select case when ${limit} then key else ${OTHERS} end as key, sum(count)::float8 as count,
      trim_scale(sum(amount))::text as amount, null as currency, null as month
    from placed group by 1)
    union all
    (select '', sum(count)::float8, trim_scale(sum(amount))::text, currency, month
    from valued where gap group by currency, month
    having sum(count) <> 0 or sum(amount) <> 0
    limit ${TOTALS_GAPS_MAX})
    union all
    (select null, 0, '0', null, null where exists (${stale}))
    order by month, currency, key`.execute(db)
  if (rows.some(({ key }) => key === null)) return undefined
  return {
    rows: rows
      .filter(({ currency }) => currency === null)
      .map(({ key, count, amount }) => ({ key, count, amount })),
    gaps: rows.flatMap(({ currency, month, count, amount }) =>
      currency === null ? [] : [{ currency, month, count, amount }],
    ),
  }
}

const factsOf = (asked: TotalsAsked): RawBuilder<unknown> => {
  const { asOf, now } = asked
  const [dim, ...more] = dimsAsked(asked)
  if (more.length > 0)
    return fromEntries(asked, asOf === undefined ? sql`true` : sql`e.recorded_at <= ${asOf}`)
  if (asOf === undefined) return fromSums(asked, dim, sql`true`)
  const month = stamp17(asOf).slice(0, 6)
  const [start, end] = [startOfMonth(month), startOfMonth(monthAfter(month, 1))]
  // Nothing is recorded behind now: a moment ago is told by the whole month, however long it runs.
  const left = Math.min(Number(end), Number(now)) - Number(asOf)
  if (left < Number(asOf) - Number(start))
    return sql`
      ${fromSums(asked, dim, sql`e.recorded <= ${month}`)}
      union all
      select b.key, b.month, b.currency, -b.count, -b.amount, b.is_named
      from (${fromEntries(asked, sql`e.recorded_at > ${asOf} and e.recorded_at < ${end}`)}) b`
  return sql`
    ${fromSums(asked, dim, sql`e.recorded < ${month}`)}
    union all
    ${fromEntries(asked, sql`e.recorded_at >= ${start} and e.recorded_at <= ${asOf}`)}`
}

/** What every row must be, whichever table it comes from. */
const matching = (asked: TotalsAsked): RawBuilder<unknown> => {
  const [from, to] = monthsAsked(asked)
  return sql.join(
    [
      sql`e.scope = any(${asked.scopes}::text[])`,
      sql`e.month between ${from} and ${to}`,
      ...Object.entries(asked.where).map(
        ([column, value]) => sql`${sql.ref(`e.${column}`)} = ${value}`,
      ),
    ],
    sql` and `,
  )
}

/** Whether it is asked for by nothing but one dimension and the month. */
const isAlone = ({ by, where }: TotalsAsked): boolean =>
  [by, ...Object.keys(where)].every(
    (name) => name === 'month' || !isColumn(name as TotalsAsked['by']),
  )

const fromSums = (
  asked: TotalsAsked,
  dim: TotalsDim | undefined,
  recorded: RawBuilder<unknown>,
): RawBuilder<unknown> => {
  const { by, of } = asked
  const figures = dim !== undefined && isAlone(asked) ? 'ledger_dim_figure' : 'ledger_figure'
  const matched = sql`e where ${matching(asked)} and ${recorded}`
  const from = sql`from ${sql.table(figures)} ${matched}`
  const values = sql`e.month, e.currency, e.count, e.amount`
  if (dim === undefined)
    return sql`select ${sql.ref(`e.${by}`)} as key, ${values}, false as is_named ${from} and dim = ''`
  const chosen = of[dim]
  if (chosen !== undefined) {
    const key = isColumn(by) ? sql.ref(`e.${by}`) : sql`e.key`
    return sql`
      select ${key} as key, ${values}, false as is_named ${from} and dim = ${dim} and e.key = ${chosen}`
  }
  return sql`
    select e.key, ${values}, true as is_named ${from} and dim = ${dim}
    union all
    select '', ${values}, false from ledger_figure ${matched} and dim = ''`
}

/** A chapter is one of a part, everything else is one of the entry. */
const fromEntries = (asked: TotalsAsked, recorded: RawBuilder<unknown>): RawBuilder<unknown> => {
  const { by, of } = asked
  const chosen = Object.entries(of).map(([dim, value]) =>
    dim === 'chapter' ? sql`p.chapter = ${value}` : sql`e.dims ->> ${dim} = ${value}`,
  )
  const isOfChapters = by === 'chapter' || of.chapter !== undefined
  // Asked only where it matters: it costs three quarters of the time over a month's entries.
  const leads = sql`,
    row_number() over (partition by q.value ->> 'chapter' order by q.ordinality) = 1 as leads`
  const from = sql`
    from ledger_entry e cross join lateral (
      select q.value ->> 'currency' as currency, q.value ->> 'chapter' as chapter,
        (q.value ->> 'amount')::numeric as amount, q.ordinality = 1 as is_first
        ${isOfChapters ? leads : sql``}
      from jsonb_array_elements(e.parts) with ordinality q
    ) p
    where ${sql.join([matching(asked), recorded, ...chosen], sql` and `)}`
  const once = (flag: 'is_first' | 'leads') =>
    sql`case when ${sql.ref(`p.${flag}`)} then e.count else 0 end`
  const key =
    by === 'chapter'
      ? sql`p.chapter`
      : isColumn(by)
        ? sql.ref(`e.${by}`)
        : sql`coalesce(e.dims ->> ${by}, '')`
  const counted = isOfChapters ? once('leads') : once('is_first')
  const rows = sql`
    select ${key} as key, e.month, p.currency, ${counted} as count, p.amount, false as is_named ${from}`
  if (by !== 'chapter' || of.chapter !== undefined) return rows
  // A list of several chapters counts in each of them, and the rest takes that back.
  return sql`
    ${rows}
    union all
    select '', e.month, p.currency, ${once('is_first')} - ${once('leads')}, 0, false
    ${from}`
}

/** CNY for one unit, by currency and month (yyyyMM), as known at a moment. */
const ratesOf = (asOf: Date | undefined): RawBuilder<unknown> =>
  asOf === undefined
    ? sql`select currency, replace(month, '-', '') as month, rate from exchange_rate`
    : sql`
      select distinct on (currency, month) currency, replace(month, '-', '') as month, rate
      from exchange_rate_edition where recorded_at <= ${asOf}
      order by currency, month, recorded_at desc`

export const zoneNames = async (db: Db) =>
  db.selectFrom('zone').select(['code', 'zh', 'en']).orderBy('code').execute()

/** Whether one of these enterprises has this code. */
export const isCodeOf = async (
  db: Db,
  enterpriseIds: readonly string[],
  code: string,
): Promise<boolean> => {
  const found = await db
    .selectFrom('enterprise')
    .select('id')
    .where('id', 'in', ['', ...enterpriseIds])
    .where((row) => row.or([row('customs_code', '=', code), row('credit_code', '=', code)]))
    .executeTakeFirst()
  return found !== undefined
}

/** Registered names of enterprises, by either of their codes. */
export const enterpriseNames = async (
  db: Db,
  codes: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const found = await sql<{ code: string; name: string }>`
    select c.code, e.name from unnest(${[...codes]}::text[]) c (code)
    join enterprise e on e.customs_code = c.code or e.credit_code = c.code`.execute(db)
  return new Map(found.rows.map(({ code, name }) => [code, name]))
}
