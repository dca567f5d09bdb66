/**
 * The ledger held against what it should say. What entries of one subject say in sum is compared with
 * what is wanted, and the difference is written as further entries, recorded now: nothing of the past
 * is changed, so figures as of an earlier moment stay what they were. Told again it writes nothing.
 */
import { type RawBuilder, sql } from 'kysely'
import { entriesFrom, type LedgerEntry } from './ledger.ts'
import { COUNTED_DIMS, type CountedKind, countsNow } from './ledger-lists.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface SubjectKey {
  readonly lane: number
  readonly id: string
}

const KEY = { lane: 'smallint', id: 'uuid' }

/**
 * A list with the same month, zone and so on is one group. It is taken out whole and put in whole where
 * anything of it differs: a count goes with all the chapters of its list.
 */
const differences = (
  cause: LedgerEntry['cause'],
  keys: RawBuilder<unknown>,
  wanted: RawBuilder<unknown>,
  scopes: readonly string[],
): RawBuilder<unknown> => sql`
  told as (
    select e.lane, e.subject_id, e.scope, e.month, e.direction, e.zone, e.trade_mode, e.dims, e.count,
      e.parts, false as is_wanted
    from ${keys} join ledger_entry e on e.lane = t.lane and e.subject_id = t.id
      and e.scope = any(${scopes}::text[]) and e.cause = ${cause}
    union all
    select w.lane, w."subjectId", w.scope, w.month, w.direction, w.zone, w."tradeMode", w.dims::jsonb,
      w.count, w.parts::jsonb, true
    from (${wanted}) w
  ),
  summed as (
    select a.lane, a.subject_id, a.scope, a.month, a.direction, a.zone, a.trade_mode, a.dims,
      a.is_wanted, p.value ->> 'currency' as currency, p.value ->> 'chapter' as chapter,
      sum(case when p.ordinality = 1 then a.count else 0 end) as count,
      sum((p.value ->> 'amount')::numeric) as amount
    from told a cross join lateral jsonb_array_elements(a.parts) with ordinality p
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  ),
  nets as (
    select lane, subject_id, scope, month, direction, zone, trade_mode, dims, is_wanted,
      sum(count) as count,
      jsonb_agg(jsonb_build_object('currency', currency, 'chapter', chapter, 'amount',
        trim_scale(amount)::text) order by currency, chapter) as parts,
      jsonb_agg(jsonb_build_object('currency', currency, 'chapter', chapter, 'amount',
        trim_scale(-amount)::text) order by currency, chapter) as negated,
      jsonb_agg(jsonb_build_array(currency, chapter, trim_scale(amount)::text)
        order by currency, chapter) filter (where amount <> 0) as amounts
    from summed group by 1, 2, 3, 4, 5, 6, 7, 8, 9
  ),
  differing as (
    select n.* from nets n
    where (n.count <> 0 or n.amounts is not null) and not exists (
      select from nets o where o.lane = n.lane and o.subject_id = n.subject_id
        and o.scope = n.scope and o.month = n.month and o.direction = n.direction
        and o.zone = n.zone and o.trade_mode = n.trade_mode and o.dims = n.dims
        and o.is_wanted <> n.is_wanted and o.count = n.count
        and o.amounts is not distinct from n.amounts
    )
  )`

const CORRECTIONS = (cause: LedgerEntry['cause']) => sql`
  select lane, subject_id as "subjectId", scope, ${cause} as cause, month, direction, zone,
    trade_mode as "tradeMode", case when is_wanted then count else -count end as count, dims,
    case when is_wanted then parts else negated end as parts
  from differing order by lane, subject_id, scope, is_wanted`

const ENTRY = {
  ...{ lane: 'smallint', subjectId: 'uuid', scope: 'text', month: 'text', direction: 'text' },
  ...{ zone: 'text', tradeMode: 'text', count: 'smallint', dims: 'json', parts: 'json' },
}

/**
 * Makes the entries of one cause and scope say what is wanted of these subjects; gives how many were
 * written. The ledger must be shared by then, in an earlier statement.
 */
export const correctEntries = async (
  trx: Trx,
  { cause, scope }: Pick<LedgerEntry, 'cause' | 'scope'>,
  keys: readonly SubjectKey[],
  wanted: readonly Omit<LedgerEntry, 'cause' | 'scope'>[],
  now: Date,
): Promise<number> => {
  if (keys.length === 0) return 0
  const { rows: found } = await sql<{ written: string }>`
    with ${differences(cause, rowsOf('t', KEY, keys), setOf(scope, wanted), [scope])},
    ${entriesFrom(CORRECTIONS(cause), now)}
    select count(*) as written from entry`.execute(trx)
  return Number(found[0]?.written ?? 0)
}

/** How many entries `correctEntries` would write. */
export const countWrongEntries = async (
  trx: Trx,
  { cause, scope }: Pick<LedgerEntry, 'cause' | 'scope'>,
  keys: readonly SubjectKey[],
  wanted: readonly Omit<LedgerEntry, 'cause' | 'scope'>[],
): Promise<number> => {
  if (keys.length === 0) return 0
  const { rows } = await sql<{ wrong: string }>`
    with ${differences(cause, rowsOf('t', KEY, keys), setOf(scope, wanted), [scope])}
    select count(*) as wrong from differing`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}

const setOf = (
  scope: LedgerEntry['scope'],
  wanted: readonly Omit<LedgerEntry, 'cause' | 'scope'>[],
): RawBuilder<unknown> => {
  const rows = wanted.map((entry) => ({
    ...{ ...entry, scope },
    ...{ dims: JSON.stringify(entry.dims), parts: JSON.stringify(entry.parts) },
  }))
  return sql`select * from ${rowsOf('r', ENTRY, rows)}`
}

/** What lists should count for by their documents and events; `counts` is of `countsNow`. */
const WANTED = sql`
  select c.lane, c.id as "subjectId", c.scope, c.month, c.direction, coalesce(d.zone, '') as zone,
    coalesce(d.trade_mode, '') as "tradeMode", 1 as count, ${COUNTED_DIMS} as dims,
    d.counts -> 'parts' as parts
  from counts c join document d on d.lane = c.lane and d.id = c.id and d.version = c.version
  where c.month is not null and d.counts is not null`

const LIST_SCOPES = ['declared', 'released']

/** Brings these lists and their entries in line with their documents; gives how many were written. */
export const correctLists = async (
  trx: Trx,
  kinds: readonly CountedKind[],
  keys: readonly SubjectKey[],
  now: Date,
): Promise<number> => {
  const set = rowsOf('t', KEY, keys)
  const { rows } = await sql<{ written: string }>`
    with ${countsNow(kinds, set)},
    kept as (
      update document_state s set counted_version = n.version, counted_month = n.month,
        declared_version = n.declared_version, declared_month = n.declared_month
      from standing n where s.lane = n.lane and s.id = n.id
        and (s.counted_version, s.counted_month, s.declared_version, s.declared_month)
          is distinct from (n.version, n.month, n.declared_version, n.declared_month)
    ),
    ${differences('state', set, WANTED, LIST_SCOPES)},
    ${entriesFrom(CORRECTIONS('state'), now)}
    select count(*) as written from entry`.execute(trx)
  return Number(rows[0]?.written ?? 0)
}

/** How many entries `correctLists` would write. */
export const countWrongLists = async (
  trx: Trx,
  kinds: readonly CountedKind[],
  keys: readonly SubjectKey[],
): Promise<number> => {
  const set = rowsOf('t', KEY, keys)
  const { rows } = await sql<{ wrong: string }>`
    with ${countsNow(kinds, set)}, ${differences('state', set, WANTED, LIST_SCOPES)}
    select count(*) as wrong from differing`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}

/** Lists of a lane in the order of their ids, so many after one. */
export const pageOfLists = async (
  db: Db,
  kinds: readonly string[],
  lane: number,
  after: string | undefined,
  limit: number,
): Promise<readonly SubjectKey[]> => {
  const { rows } = await sql<SubjectKey>`
    select lane, id from document_state
    where lane = ${lane} and id > ${after ?? '00000000-0000-0000-0000-000000000000'}::uuid
      and kind = any(${kinds}::text[])
    order by id limit ${limit}`.execute(db)
  return rows
}
