/**
 * What zones are measured by beside the ledger: refusals by what was said, and the taxes of bills that
 * stand. Both are sums that the transaction of a change adds rows to, none of which is ever rewritten
 * by a writer; a chore puts rows of one key together, and a rebuild makes all of them anew.
 */
import { type RawBuilder, sql } from 'kysely'
import { ZONE_FOLD_ROWS_MIN } from '../kernel/zone-limits.ts'
import type { CountedKind } from './ledger-lists.ts'
import { insertSayings, type RefusalSaying } from './rejections.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'
import { zoneEntriesFrom } from './zone-entries.ts'

// ---- refusals --------------------------------------------------------------------------------

export interface ToldRefusal {
  readonly lane: number
  readonly documentId: string
  readonly version: number
  readonly state: string
  /** 17 digits of official time; '' where customs did not say it. */
  readonly returnTime: string
  readonly saying: RefusalSaying
}

/** States by which a declaration is refused; an unknown code refuses nothing for sure. */
export const REFUSED_STATES: readonly string[] = ['rejected', 'forward-failed']

const REFUSAL = {
  ...{ lane: 'smallint', documentId: 'uuid', version: 'integer', month: 'text' },
  ...{ direction: 'text', saying: 'uuid' },
}

/**
 * Adds refusals of lists, each of them told for the first time: a reply counts for good, whatever
 * becomes of the list, in the month of its official time and the zone of the version it refuses.
 */
export const sumRefusals = async (
  trx: Trx,
  kinds: readonly CountedKind[],
  refusals: readonly ToldRefusal[],
  now: Date,
): Promise<void> => {
  const directions = new Map(kinds.map(({ kind, direction }) => [kind, direction]))
  const told = refusals.filter(
    ({ saying, state, returnTime }) =>
      returnTime !== '' && directions.has(saying.kind) && REFUSED_STATES.includes(state),
  )
  if (told.length === 0) return
  await insertSayings(trx, new Map(told.map(({ saying }) => [saying.id, saying])))
  const rows = told.map(({ saying, returnTime, ...row }) => ({
    ...{ ...row, month: returnTime.slice(0, 6), saying: saying.id },
    direction: directions.get(saying.kind),
  }))
  await sql`
    with added as (
      insert into refusal_sum (month, zone, trade_mode, direction, saying, count)
      select r.month, coalesce(d.zone, ''), coalesce(d.trade_mode, ''), r.direction, r.saying, count(*)
      from ${rowsOf('r', REFUSAL, rows)}
      join document d on d.lane = r.lane and d.id = r."documentId" and d.version = r.version
      group by 1, 2, 3, 4, 5 returning month, zone, count
    ), ${zoneEntriesFrom(sql`select month, zone, count as refusals, 0 as taxes from added`, now)}
    select`.execute(trx)
}

export interface RefusalEvent extends Omit<ToldRefusal, 'saying'> {
  readonly zone: string
  readonly tradeMode: string
  readonly kind: string
  readonly key: string
  readonly returnStatus: string | null
  readonly info: string | null
  readonly sealedInfo: Uint8Array | null
  readonly resultCodes: readonly string[] | null
}

/** Events of a lane that refused lists, in the order of their keys, so many after one. */
export const pageOfRefusals = async (
  db: Db,
  kinds: readonly CountedKind[],
  lane: number,
  after: Pick<RefusalEvent, 'documentId' | 'key'> | undefined,
  limit: number,
): Promise<readonly RefusalEvent[]> => {
  const { documentId, key } = after ?? {
    documentId: '00000000-0000-0000-0000-000000000000',
    key: '',
  }
  const { rows } = await sql<RefusalEvent>`
    select ${REFUSAL_EVENT} from event e
    join document d on d.lane = e.lane and d.id = e.document_id and d.version = e.version
    where e.lane = ${lane} and (e.document_id, e.key) > (${documentId}::uuid, ${key})
      and ${REFUSES} and d.kind = any(${kinds.map(({ kind }) => kind)}::text[])
    order by e.document_id, e.key limit ${limit}`.execute(db)
  return rows
}

/** Events that refused these versions of lists, each of them by few. */
export const findRefusalsOf = async (
  db: Db,
  versions: readonly { readonly lane: number; readonly id: string; readonly version: number }[],
): Promise<readonly RefusalEvent[]> => {
  const { rows } = await sql<RefusalEvent>`
    select ${REFUSAL_EVENT}
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid', version: 'integer' }, versions)}
    join document d on d.lane = r.lane and d.id = r.id and d.version = r.version
    join event e on e.lane = d.lane and e.document_id = d.id and e.version = d.version
    where ${REFUSES}`.execute(db)
  return rows
}

const REFUSAL_EVENT = sql`e.lane, e.document_id as "documentId", e.key, e.version, e.state, d.kind,
  coalesce(d.zone, '') as zone, coalesce(d.trade_mode, '') as "tradeMode",
  e.return_time as "returnTime", e.return_status as "returnStatus", e.info,
  e.sealed_info as "sealedInfo", e.result_codes as "resultCodes"`

const REFUSES = sql`e.return_time <> '' and e.state = any(${REFUSED_STATES}::text[])`

/** Adds to what refusals count for; what is negative is taken out. The ledger is shared by then. */
export const addRefusals = async (
  trx: Trx,
  counts: readonly RefusalCount[],
  now: Date,
): Promise<void> => {
  if (counts.length === 0) return
  const { key, sums } = FOLDS.refusal_sum
  await sql`
    with added as (
      insert into refusal_sum (${key}, count)
      select month, zone, "tradeMode", direction, saying, ${sums} from ${rowsOf('r', COUNT, counts)}
      group by 1, 2, 3, 4, 5 having sum(count) <> 0 returning month, zone, count
    ), ${zoneEntriesFrom(sql`select month, zone, count as refusals, 0 as taxes from added`, now)}
    select`.execute(trx)
}

// ---- taxes -----------------------------------------------------------------------------------

/**
 * Common table expressions that take out what the bills of lists counted for and put in what they
 * count for now, and the places in which the lists are found by it. `rows` gives lane, document_id and counted (jsonb), of rows of `tax_variance` that
 * this transaction has locked; they stand in the same statement as whatever changes these rows.
 */
export const taxChanges = (rows: RawBuilder<unknown>, now: Date): RawBuilder<unknown> => sql`
  counted_now as materialized (${rows}),
  tax_change as (
    select c.month, c.zone, c.mode, x.sign, c.duty, c.consumption, c.vat
    from counted_now n
    join tax_variance v on v.lane = n.lane and v.document_id = n.document_id
    cross join lateral (values (v.counted, -1), (n.counted, 1)) x (counted, sign)
    cross join lateral jsonb_to_recordset(x.counted)
      c (month text, zone text, mode text, duty numeric, consumption numeric, vat numeric)
    where v.counted is distinct from n.counted
  ),
  tax_added as (
    insert into tax_sum (month, zone, trade_mode, bills, duty, consumption, vat)
    select month, zone, mode, sum(sign), sum(sign * duty), sum(sign * consumption), sum(sign * vat)
    from tax_change group by 1, 2, 3
    having sum(sign) <> 0 or sum(sign * duty) <> 0 or sum(sign * consumption) <> 0
      or sum(sign * vat) <> 0
    returning month, zone, duty + consumption + vat as taxes
  ),
  place_change as (
    select v.document_id, x.sign, c.month, c.zone, c.mode
    from counted_now n
    join tax_variance v on v.lane = n.lane and v.document_id = n.document_id
    cross join lateral (values (v.counted, -1), (n.counted, 1)) x (counted, sign)
    cross join lateral (
      select distinct c.month, c.zone, c.mode
      from jsonb_to_recordset(x.counted) c (month text, zone text, mode text)
    ) c
    where v.counted is distinct from n.counted
  ),
  -- Where a list counts before and after, nothing changes; once in each: the sum tells which.
  placed as materialized (
    select document_id, month, zone, mode, sum(sign) as sign from place_change
    group by 1, 2, 3, 4 having sum(sign) <> 0
  ),
  places_gone as (
    delete from billed_list b using placed p
    where p.sign < 0 and b.month = p.month and b.zone = p.zone and b.trade_mode = p.mode
      and b.document_id = p.document_id
  ),
  places_added as (
    insert into billed_list (month, zone, trade_mode, document_id)
    select month, zone, mode, document_id from placed where sign > 0
    on conflict do nothing
  ),
  ${zoneEntriesFrom(sql`select month, zone, 0 as refusals, taxes from tax_added`, now)}`

// ---- kept small ------------------------------------------------------------------------------

const FOLDS = {
  refusal_sum: {
    key: sql`month, zone, trade_mode, direction, saying`,
    values: sql`count`,
    sums: sql`sum(count)::bigint`,
  },
  tax_sum: {
    key: sql`month, zone, trade_mode`,
    values: sql`bills, duty, consumption, vat`,
    sums: sql`sum(bills)::bigint, sum(duty), sum(consumption), sum(vat)`,
  },
} as const

/** Puts rows of one key together where there are many; writers, who only add, do not wait. */
export const compactZoneFolds = async (trx: Trx): Promise<void> => {
  for (const [name, { key, values, sums }] of Object.entries(FOLDS)) {
    const table = sql.table(name)
    await sql`
      with grown as (
        select month from ${table} group by month having count(*) >= ${ZONE_FOLD_ROWS_MIN}
          and count(*) >= 2 * count(distinct (${key}))
      ), gone as (
        delete from ${table} f using grown g where f.month = g.month
        returning f.*
      )
      insert into ${table} (${key}, ${values})
      select ${key}, ${sums} from gone group by ${key}`.execute(trx)
  }
}

// ---- held against documents ------------------------------------------------------------------

/** What a refusal counts by. */
export interface RefusalCount {
  readonly month: string
  readonly zone: string
  readonly tradeMode: string
  readonly direction: string
  readonly saying: string
  readonly count: number
}

const COUNT = {
  ...{ month: 'text', zone: 'text', tradeMode: 'text', direction: 'text' },
  ...{ saying: 'uuid', count: 'bigint' },
}

/** `wrong`: what the sums of refusals lack of what is wanted. */
const wrongRefusals = (wanted: readonly RefusalCount[]): RawBuilder<unknown> => {
  const { key } = FOLDS.refusal_sum
  return sql`
    wrong as (
      select ${key}, sum(count)::bigint as count from (
        select month, zone, "tradeMode" as trade_mode, direction, saying, count
        from ${rowsOf('r', COUNT, wanted)}
        union all select ${key}, -count from refusal_sum
      ) w group by ${key} having sum(count) <> 0
    )`
}

/** How many keys of the sums of refusals are not what is wanted. */
export const countWrongRefusals = async (
  db: Db,
  wanted: readonly RefusalCount[],
): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with ${wrongRefusals(wanted)} select count(*) as wrong from wrong`.execute(db)
  return Number(rows[0]?.wrong ?? 0)
}

/** Adds what the sums lack, and takes away what is too much; gives how many keys were wrong. */
export const correctRefusals = async (
  trx: Trx,
  wanted: readonly RefusalCount[],
): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with ${wrongRefusals(wanted)}, corrected as (
      insert into refusal_sum (${FOLDS.refusal_sum.key}, count) select * from wrong
    )
    select count(*) as wrong from wrong`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}

/** What bills count for in a place, decimal texts, CNY. */
export interface TaxSum {
  readonly month: string
  readonly zone: string
  readonly tradeMode: string
  readonly bills: number
  readonly duty: string
  readonly consumption: string
  readonly vat: string
}

/** What the bills of a lane's lists count for, by place. */
export const sumBills = async (db: Db, lane: number): Promise<readonly TaxSum[]> => {
  const { rows } = await sql<TaxSum>`
    select c.month, c.zone, c.mode as "tradeMode", count(*)::integer as bills,
      sum(c.duty)::text as duty, sum(c.consumption)::text as consumption, sum(c.vat)::text as vat
    from tax_variance v cross join lateral jsonb_to_recordset(v.counted)
      c (month text, zone text, mode text, duty numeric, consumption numeric, vat numeric)
    where v.lane = ${lane} group by 1, 2, 3`.execute(db)
  return rows
}

const TAX = {
  ...{ month: 'text', zone: 'text', tradeMode: 'text', bills: 'bigint' },
  ...{ duty: 'numeric', consumption: 'numeric', vat: 'numeric' },
}

/** `wrong`: what the sums of taxes lack of what is wanted. */
const wrongTaxes = (wanted: readonly TaxSum[]): RawBuilder<unknown> => {
  const { key, values, sums } = FOLDS.tax_sum
  return sql`
    wrong (${key}, ${values}) as (
      select ${key}, ${sums} from (
        select month, zone, "tradeMode" as trade_mode, ${values} from ${rowsOf('r', TAX, wanted)}
        union all select ${key}, -bills, -duty, -consumption, -vat from tax_sum
      ) w group by ${key}
      having sum(bills) <> 0 or sum(duty) <> 0 or sum(consumption) <> 0 or sum(vat) <> 0
    )`
}

/** The same of taxes, by what the bills of each list count for. */
export const countWrongTaxes = async (db: Db, wanted: readonly TaxSum[]): Promise<number> => {
  const { rows } = await sql<{ wrong: string }>`
    with ${wrongTaxes(wanted)} select count(*) as wrong from wrong`.execute(db)
  return Number(rows[0]?.wrong ?? 0)
}

export const correctTaxes = async (trx: Trx, wanted: readonly TaxSum[]): Promise<number> => {
  const { key, values } = FOLDS.tax_sum
  const { rows } = await sql<{ wrong: string }>`
    with ${wrongTaxes(wanted)}, corrected as (
      insert into tax_sum (${key}, ${values}) select * from wrong
    )
    select count(*) as wrong from wrong`.execute(trx)
  return Number(rows[0]?.wrong ?? 0)
}
