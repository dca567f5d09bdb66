/**
 * Sums of settlements: what records count for by institution and by seller, and what is open by day. The
 * transaction of a change takes off what the record, or the list, was counted as before and adds what it is
 * counted as now, in rows of its own, so that no writer waits for another. Who reads adds up all rows of a
 * key; a chore puts them together (`folded`: the one row of its key that it leaves).
 */
import { type RawBuilder, sql } from 'kysely'
import { rowsOf } from './rows.ts'
import { COUNTED, COUNTED_RMB, lineSums, SIGN } from './settlements-counted.ts'
import { settlementsNow } from './settlements-then.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface CountedKey {
  readonly lane: number
  readonly id: string
}

const KEY = { lane: 'smallint', id: 'uuid' }

// ---- the sums ------------------------------------------------------------------------------------

/** Each with its key, and the figures that are added up. */
const SUMS = {
  settlement_sum: {
    key: ['month', 'institution_id', 'direction', 'currency'],
    figures: [
      ...['count', 'refunds', 'gross', 'costs', 'net', 'lines', 'matched', 'over', 'rmb'],
      'counted',
    ],
  },
  settlement_seller_sum: {
    key: ['month', 'seller', 'direction', 'currency'],
    figures: ['records', 'gross', 'net'],
  },
  settlement_open_sum: {
    key: ['what', 'day', 'direction', 'currency'],
    figures: ['count', 'amount', 'gaps'],
  },
} as const

export type SumTable = keyof typeof SUMS

const TABLES = Object.keys(SUMS) as readonly SumTable[]

const list = (names: readonly string[], of: (name: string) => string = (name) => name) =>
  sql.raw(names.map(of).join(', '))

const isSomething = (figures: readonly string[]) =>
  sql.raw(figures.map((name) => `sum(${name}) <> 0`).join(' or '))

/** `rows` has the key and the figures of the table; of keys that come to nothing nothing is added. */
const addTo = (table: SumTable, rows: RawBuilder<unknown>): RawBuilder<unknown> => {
  const { key, figures } = SUMS[table]
  return sql`
    insert into ${sql.table(table)} (${list(key)}, ${list(figures)})
    select ${list(key)}, ${list(figures, (name) => `sum(${name})`)} from (${rows}) a
    group by ${list(key)} having ${isSomething(figures)}`
}

/** All rows of a key added up, under the names of the table; `where` chooses among them. */
export const sumsOf = (table: SumTable, where: RawBuilder<unknown>): RawBuilder<unknown> => {
  const { key, figures } = SUMS[table]
  return sql`(
    select ${list(key)}, ${list(figures, (name) => `sum(${name}) as ${name}`)}
    from ${sql.table(table)} where ${where}
    group by ${list(key)} having ${isSomething(figures)}
  )`
}

// ---- records -------------------------------------------------------------------------------------

/** What a record is counted by and as, the columns of `settlement_counted`. */
const PLACE = ['month', 'value_date', 'institution_id', 'seller', 'direction', 'currency']
const FIGURES = [
  ...SUMS.settlement_sum.figures,
  ...['open_lines', 'open_amount', 'open_gaps'],
] as const
const COLUMNS = [...PLACE, ...FIGURES]

/** `changed`: of these records those that count otherwise now than they were counted last. */
const changedRecords = (records: readonly CountedKey[]): RawBuilder<unknown> => sql`
  changed as materialized (
    select w.* from (
      select s.lane, s.id as settlement_id, ${list(PLACE, (name) => `s.${name}`)},
        (k.sign > 0)::integer as count, (k.sign < 0)::integer as refunds, k.sign * s.gross as gross,
        k.sign * s.costs as costs, k.sign * s.net as net, k.sign * l.lines as lines,
        k.sign * l.matched as matched, k.sign * l.over as over, k.sign * s.rmb as rmb,
        k.sign * ${COUNTED_RMB} as counted, l.open_lines, ${SIGN} * l.open_amount as open_amount,
        l.open_gaps
      from (select distinct r.lane, r.id from ${rowsOf('r', KEY, records)}) r
      join settlement s on s.lane = r.lane and s.id = r.id
      cross join lateral ${lineSums(settlementsNow)} l
      cross join lateral (select case when ${COUNTED} then ${SIGN} else 0 end as sign) k
    ) w
    left join settlement_counted c on c.lane = w.lane and c.settlement_id = w.settlement_id
    where c.lane is null
      or (${list(COLUMNS, (name) => `c.${name}`)})
        is distinct from (${list(COLUMNS, (name) => `w.${name}`)})
  )`

/** What rows with the columns of `settlement_counted` add to each of the sums. */
const addedBy: Readonly<Record<SumTable, (rows: RawBuilder<unknown>) => RawBuilder<unknown>>> = {
  settlement_sum: (rows) =>
    sql`select ${list([...SUMS.settlement_sum.key, ...SUMS.settlement_sum.figures])} from ${rows} c`,
  settlement_seller_sum: (rows) => sql`
    select ${list(SUMS.settlement_seller_sum.key)}, count + refunds as records, gross, net
    from ${rows} c`,
  settlement_open_sum: (rows) => sql`
    select 'lines' as what, value_date as day, direction, currency, open_lines as count,
      open_amount as amount, open_gaps as gaps
    from ${rows} c`,
}

/** Counts these records, which are locked, as they stand; gives how many counted otherwise. */
export const keepCounted = async (trx: Trx, records: readonly CountedKey[]): Promise<number> => {
  const change = sql`change`
  const { rows } = await sql<{ changed: number }>`
    with ${changedRecords(records)},
    change as materialized (
      select ${list(COLUMNS)} from changed
      union all
      select ${list(PLACE, (name) => `c.${name}`)}, ${list(FIGURES, (name) => `-c.${name}`)}
      from changed w
      join settlement_counted c on c.lane = w.lane and c.settlement_id = w.settlement_id
    ),
    kept as (
      insert into settlement_counted (lane, settlement_id, ${list(COLUMNS)})
      select lane, settlement_id, ${list(COLUMNS)} from changed order by lane, settlement_id
      on conflict (lane, settlement_id) do update
        set ${list(COLUMNS, (name) => `${name} = excluded.${name}`)}
    ),
    ${sql.join(TABLES.map((table) => sql`${sql.raw(`to_${table}`)} as (${addTo(table, addedBy[table](change))})`))}
    select count(*)::integer as changed from changed`.execute(trx)
  return rows[0]?.changed ?? 0
}

/** How many of these records count otherwise than they were counted last. */
export const countUncounted = async (db: Db, records: readonly CountedKey[]): Promise<number> => {
  const { rows } = await sql<{ changed: number }>`
    with ${changedRecords(records)} select count(*)::integer as changed from changed`.execute(db)
  return rows[0]?.changed ?? 0
}

// ---- lists ---------------------------------------------------------------------------------------

/**
 * Adds what lists were open as before and are now: `rows` has is_open, released_on, direction, currency and
 * open_amount, and `sign`, which is below zero for what is taken off.
 */
export const addOpenLists = (rows: RawBuilder<unknown>): RawBuilder<unknown> =>
  addTo(
    'settlement_open_sum',
    sql`select 'lists' as what, released_on as day, direction, currency, sign as count,
      sign * coalesce(open_amount, 0) as amount,
      case when open_amount is null then sign else 0 end as gaps
    from ${rows} x where is_open`,
  )

// ---- kept small ----------------------------------------------------------------------------------

/** Names the folding of these sums among advisory locks: one does it at a time. */
const FOLD_LOCK = 7_304

/**
 * Puts so many rows of each of the sums together at most, with the row of their key that was left before;
 * gives how many there were of the one that had most, 0 while another is at it.
 */
export const foldSettlementSums = async (trx: Trx, limit: number): Promise<number> => {
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(${FOLD_LOCK}) as held`.execute(trx)
  if (rows[0]?.held !== true) return 0
  let most = 0
  for (const name of TABLES) most = Math.max(most, await foldTable(trx, name, limit))
  return most
}

const foldTable = async (trx: Trx, name: SumTable, limit: number): Promise<number> => {
  const { key, figures } = SUMS[name]
  const table = sql.table(name)
  const { rows } = await sql<{ taken: number }>`
    with taken as (
      delete from ${table} t
      using (select id from ${table} where not folded order by id limit ${limit}) o
      where t.id = o.id returning t.*
    ),
    left_before as (
      delete from ${table} f using (select distinct ${list(key)} from taken) k
      where f.folded and (${list(key, (each) => `f.${each}`)}) = (${list(key, (each) => `k.${each}`)})
      returning f.*
    ),
    put as (
      insert into ${table} (${list(key)}, ${list(figures)}, folded)
      select ${list(key)}, ${list(figures, (each) => `sum(${each})`)}, true
      from (select * from taken union all select * from left_before) t
      group by ${list(key)} having ${isSomething(figures)}
    )
    select count(*)::integer as taken from taken`.execute(trx)
  return rows[0]?.taken ?? 0
}

// ---- held against what they are made of ------------------------------------------------------------

/** Months, yyyyMM, of which there are sums, or should be. */
export const findSummedMonths = async (db: Db): Promise<readonly string[]> => {
  const { rows } = await sql<{ month: string }>`
    select month from settlement_counted
    union select month from settlement_sum
    union select month from settlement_seller_sum
    union select to_char(day, 'YYYYMM') from settlement_open_sum
    union select to_char(released_on, 'YYYYMM') from settled_list where is_open
    order by 1`.execute(db)
  return rows.map(({ month }) => month)
}

const within = (day: string, month: string): RawBuilder<unknown> => sql`
  ${sql.ref(day)} >= to_date(${month}, 'YYYYMM')
  and ${sql.ref(day)} < to_date(${month}, 'YYYYMM') + interval '1 month'`

/** What a table lacks of a month: what records were counted as, and lists that are open, less its rows. */
const lackedBy = (name: SumTable, month: string): RawBuilder<unknown> => {
  const { key, figures } = SUMS[name]
  const isOpen = name === 'settlement_open_sum'
  const counted = sql`(select * from settlement_counted where month = ${month})`
  const lists = sql`
    union all
    select 'lists', released_on, direction, currency, 1, coalesce(open_amount, 0),
      (open_amount is null)::integer
    from settled_list where is_open and ${within('released_on', month)}`
  return sql`
    ${addedBy[name](counted)} ${isOpen ? lists : sql``}
    union all
    select ${list(key)}, ${list(figures, (each) => `-${each}`)} from ${sql.table(name)}
    where ${isOpen ? within('day', month) : sql`month = ${month}`}`
}

/** How many keys of a month are not what they are made of. */
export const countWrongSettlementSums = async (db: Db, month: string): Promise<number> => {
  let wrong = 0
  for (const name of TABLES) {
    const { key, figures } = SUMS[name]
    const { rows } = await sql<{ wrong: number }>`
      select count(*)::integer as wrong from (
        select ${list(key)} from (${lackedBy(name, month)}) a
        group by ${list(key)} having ${isSomething(figures)}
      ) w`.execute(db)
    wrong += rows[0]?.wrong ?? 0
  }
  return wrong
}

/**
 * Adds what the sums of a month lack, below zero what is too much; gives how many keys were wrong. Whoever
 * settles meanwhile adds the same to both sides, and another rebuild waits: each looks and adds in one
 * statement behind the lock.
 */
export const correctSettlementSums = async (trx: Trx, month: string): Promise<number> => {
  await sql`select pg_advisory_xact_lock(${FOLD_LOCK})`.execute(trx)
  let wrong = 0
  for (const name of TABLES) {
    const { numAffectedRows = 0n } = await addTo(name, lackedBy(name, month)).execute(trx)
    wrong += Number(numAffectedRows)
  }
  return wrong
}
