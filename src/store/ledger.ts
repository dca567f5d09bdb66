/**
 * The ledger of what counts. An entry says what a document or a settlement counts for from a moment
 * on, or no longer; nothing is ever changed, so that every figure can be shown as of any moment. Sums
 * are added in the same statement, and no writer waits for another.
 */
import { type RawBuilder, sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export type LedgerScope = 'declared' | 'released' | 'settled'

/** What an entry counts by, beside the columns it has. */
export type LedgerDim =
  | 'merchant'
  | 'platform'
  | 'declarant'
  | 'warehouse'
  | 'carrier'
  | 'country'
  | 'institution'
  /** How long customs took, in steps of `catalogue/clearance.ts`; of released lists alone. */
  | 'clearance'
  /** Why no zone is decided. */
  | 'undecided'
  /** Goods came back: counts the lists, which count on, by what is taken off their value. */
  | 'returned'

export interface LedgerPart {
  /** Three digits. */
  readonly currency: string
  /** First two digits of the commodity code; '' where there is none. */
  readonly chapter: string
  /** Decimal text in that currency, signed as it counts. */
  readonly amount: string
}

export interface LedgerEntry {
  readonly lane: number
  readonly subjectId: string
  readonly scope: LedgerScope
  readonly cause: 'state' | 'return' | 'settlement'
  /** yyyyMM in China. */
  readonly month: string
  readonly direction: 'import' | 'export'
  /** '' where none is decided. */
  readonly zone: string
  readonly tradeMode: string
  readonly count: -1 | 0 | 1
  readonly dims: Readonly<Partial<Record<LedgerDim, string>>>
  readonly parts: readonly LedgerPart[]
}

const ENTRY = {
  ...{ lane: 'smallint', subjectId: 'uuid', scope: 'text', cause: 'text', month: 'text' },
  ...{ direction: 'text', zone: 'text', tradeMode: 'text', count: 'smallint' },
  ...{ dims: 'json', parts: 'json' },
}

/** Names the ledger among advisory locks: writers share it, a seal waits until they are done. */
const LEDGER_LOCK = 7_301

/** Writes entries and adds them up; `now` is moved behind the seal where another clock is ahead. */
export const appendEntries = async (
  trx: Trx,
  entries: readonly LedgerEntry[],
  now: Date,
): Promise<void> => {
  if (entries.length === 0) return
  await shareLedger(trx)
  const texts = entries.map((entry) => ({
    ...entry,
    ...{ dims: JSON.stringify(entry.dims), parts: JSON.stringify(entry.parts) },
  }))
  await sql`
    with ${entriesFrom(sql`select * from ${rowsOf('r', ENTRY, texts)}`, now)}
    select`.execute(trx)
}

/** To be taken in a statement before the one that reads the seal: that one must see what stands. */
export const shareLedger = async (trx: Trx): Promise<void> => {
  await sql`select ${shareOfLedger}`.execute(trx)
}

/** The same as a part of a statement that is sent anyway; in the text, of which there is one then. */
export const shareOfLedger = sql`pg_advisory_xact_lock_shared(${sql.raw(String(LEDGER_LOCK))})`

/** The moment at which something is recorded by whoever shares the ledger. */
export const behindSeal = (now: Date): RawBuilder<unknown> =>
  sql`(select greatest(${now}::timestamptz, k.at + interval '1 microsecond') from ledger_seal k)`

/**
 * Common table expressions that write what `rows` selects (columns as in `LedgerEntry`) and its sums.
 * The count goes with the first part, and within a chapter with its first one.
 */
export const entriesFrom = (rows: RawBuilder<unknown>, now: Date): RawBuilder<unknown> => sql`
  entry as (
    insert into ledger_entry (lane, subject_id, scope, cause, recorded_at, month, direction, zone,
      trade_mode, count, dims, parts)
    select r.lane, r."subjectId", r.scope, r.cause,
      ${behindSeal(now)},
      r.month, r.direction, r.zone, r."tradeMode", r.count, r.dims::jsonb, r.parts::jsonb
    from (${rows}) r
    returning *
  ),
  ${SUMS}`

/** Rows of `entry` by part. */
export const PARTS = sql`
  part as materialized (
    select e.*, to_char(e.recorded_at at time zone 'Asia/Shanghai', 'YYYYMM') as recorded,
      p.value ->> 'currency' as currency, p.value ->> 'chapter' as chapter,
      (p.value ->> 'amount')::numeric as amount, p.ordinality = 1 as is_first,
      row_number() over (
        partition by e.subject_id, e.seq, p.value ->> 'chapter' order by p.ordinality
      ) = 1 as leads
    from entry e, jsonb_array_elements(e.parts) with ordinality p
  )`

/** What they add up to. What came back counts its lists, although it takes none of them out. */
export const ADDED = sql`
  select recorded, scope, '' as dim, '' as key, month, direction, zone, trade_mode, currency,
    sum(case when is_first then count else 0 end) as count, sum(amount) as amount
  from part group by 1, 2, 5, 6, 7, 8, 9
  union all
  select recorded, scope, 'chapter', chapter, month, direction, zone, trade_mode, currency,
    sum(case when leads then count else 0 end), sum(amount)
  from part where chapter <> '' group by 1, 2, 4, 5, 6, 7, 8, 9
  union all
  select x.recorded, x.scope, d.key, d.value, x.month, x.direction, x.zone, x.trade_mode,
    x.currency, sum(case when not x.is_first then 0
      when d.key = 'returned' then -sign(x.amount)::integer else x.count end), sum(x.amount)
  from part x, jsonb_each_text(x.dims) d group by 1, 2, 3, 4, 5, 6, 7, 8, 9`

/** Adds up the rows of `entry`; common table expressions as well. */
const SUMS = sql`
  ${PARTS},
  added as (
    insert into ledger_sum (recorded, scope, dim, key, month, direction, zone, trade_mode, currency,
      count, amount)
    ${ADDED}
  )`

/** Waits for those who are writing, and lets nobody write until this transaction is over. */
export const lockLedger = async (trx: Trx): Promise<void> => {
  await sql`select pg_advisory_xact_lock(${LEDGER_LOCK})`.execute(trx)
}

/** Up to which moment the ledger is sealed. */
export const findSeal = async (db: Db): Promise<Date> =>
  (await db.selectFrom('ledger_seal').select('at').executeTakeFirstOrThrow()).at

/**
 * Seals the ledger up to a moment: waits for those who are writing, so that nothing is recorded at or
 * before it any more. A later seal stays.
 */
export const sealLedger = async (trx: Trx, at: Date): Promise<void> => {
  await lockLedger(trx)
  await sql`update ledger_seal set at = greatest(at, ${at})`.execute(trx)
}
