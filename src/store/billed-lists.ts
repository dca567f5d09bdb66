/** Lists whose tax bills stand, by the month of the bill and the place in which it counts. */
import { type RawBuilder, sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { TaxedDocument } from './tax-variances.ts'
import type { Trx } from './transaction.ts'

export interface BilledAsked {
  /** yyyyMM, of the bill. */
  readonly month: string
  /** '' is undecided; all of them when undefined. */
  readonly zone?: string | undefined
  readonly mode?: string | undefined
}

/** Decimal texts, CNY. */
export interface BilledSum {
  readonly bills: number
  readonly duty: string
  readonly consumptionTax: string
  readonly vat: string
  readonly total: string
}

export interface BilledRow extends BilledSum {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly zone: string
  readonly mode: string
}

const SUMS = sql`trim_scale(coalesce(sum(x.duty), 0))::text as duty,
  trim_scale(coalesce(sum(x.consumption), 0))::text as "consumptionTax",
  trim_scale(coalesce(sum(x.vat), 0))::text as vat,
  trim_scale(coalesce(sum(x.duty + x.consumption + x.vat), 0))::text as total`

const placeOf = ({ zone, mode }: BilledAsked, modeColumn: string) => {
  const isInZone = zone === undefined ? sql`true` : sql`x.zone = ${zone}`
  return mode === undefined
    ? isInZone
    : sql`${isInZone} and ${sql.ref(`x.${modeColumn}`)} = ${mode}`
}

/** What these lists were billed in all, out of the sums. */
export const sumBilled = async (db: Db, asked: BilledAsked): Promise<BilledSum> => {
  const found = await sql<BilledSum>`
    select coalesce(sum(x.bills), 0)::float8 as bills, ${SUMS} from tax_sum x
    where x.month = ${asked.month} and ${placeOf(asked, 'trade_mode')}`.execute(db)
  const [sum] = found.rows
  if (sum === undefined) throw new Error('a sum has a row')
  return sum
}

/** The lane in the id of the document of a row. */
const laneIn = (alias: string): RawBuilder<unknown> =>
  sql`(get_byte(uuid_send(${sql.ref(`${alias}.document_id`)}), 8) & 63)`

/**
 * So many of them after one, in the order of their ids; one in two places is two rows. Each place of the
 * month gives a page out of its key, and of these the first are taken: what a page costs depends neither
 * on how many were billed in the month nor on how many before it.
 */
export const findBilled = async (
  db: Db,
  asked: BilledAsked,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly BilledRow[]> => {
  const { month } = asked
  const rest = page.after === undefined ? sql`true` : sql`b.document_id > ${page.after}::uuid`
  const found = await sql<BilledRow>`
    with place as materialized (
      select distinct x.zone, x.trade_mode from tax_sum x
      where x.month = ${month} and ${placeOf(asked, 'trade_mode')}
    ), page as materialized (
      select distinct l.document_id from place x cross join lateral (
        select b.document_id from billed_list b
        where b.month = ${month} and b.zone = x.zone and b.trade_mode = x.trade_mode and ${rest}
        order by b.document_id limit ${page.limit}
      ) l
      order by 1 limit ${page.limit}
    )
    select p.document_id as id, s.kind, s.number, x.zone, x.mode, count(*)::integer as bills, ${SUMS}
    from page p
    join tax_variance v on v.lane = ${laneIn('p')} and v.document_id = p.document_id
    join document_state s on s.lane = v.lane and s.id = v.document_id
    cross join lateral jsonb_to_recordset(v.counted)
      x (month text, zone text, mode text, duty numeric, consumption numeric, vat numeric)
    where x.month = ${month} and ${placeOf(asked, 'mode')}
    group by 1, 2, 3, 4, 5 order by 1, 4, 5`.execute(db)
  return found.rows
}

// ---- held against what bills count for -----------------------------------------------------------

/** Places of these lists that are missing, as columns of the table. */
const unplaced = (lists: readonly TaxedDocument[]): RawBuilder<unknown> => sql`
  select distinct c.month, c.zone, c.mode, v.document_id
  from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, lists)}
  join tax_variance v on v.lane = r.lane and v.document_id = r.id
  cross join lateral jsonb_to_recordset(v.counted) c (month text, zone text, mode text)
  where not exists (
    select from billed_list b where b.month = c.month and b.zone = c.zone
      and b.trade_mode = c.mode and b.document_id = v.document_id
  )`

export const countUnplaced = async (db: Db, lists: readonly TaxedDocument[]): Promise<number> => {
  if (lists.length === 0) return 0
  const { rows } = await sql<{ wrong: number }>`
    select count(*)::integer as wrong from (${unplaced(lists)}) u`.execute(db)
  return rows[0]?.wrong ?? 0
}

/** Of lists that are locked; gives how many places it added. */
export const placeBilled = async (trx: Trx, lists: readonly TaxedDocument[]): Promise<number> => {
  if (lists.length === 0) return 0
  const { numAffectedRows = 0n } = await sql`
    insert into billed_list (month, zone, trade_mode, document_id) ${unplaced(lists)}
    on conflict do nothing`.execute(trx)
  return Number(numAffectedRows)
}

export interface BilledPlace {
  /** yyyyMM, of the bill. */
  readonly month: string
  readonly zone: string
  readonly mode: string
  readonly documentId: string
}

const PLACE = { month: 'text', zone: 'text', mode: 'text', documentId: 'uuid' }

/** Of rows `b` of the table: no bill of the list counts there. */
const IS_STALE = sql`not exists (
  select from tax_variance v
  cross join lateral jsonb_to_recordset(v.counted) c (month text, zone text, mode text)
  where v.lane = ${laneIn('b')} and v.document_id = b.document_id
    and c.month = b.month and c.zone = b.zone and c.mode = b.trade_mode
)`

/** In the order of their keys, so many after one. */
export const pageOfPlaces = async (
  db: Db,
  after: BilledPlace | undefined,
  limit: number,
): Promise<readonly (BilledPlace & { readonly isStale: boolean })[]> => {
  const rest =
    after === undefined
      ? sql`true`
      : sql`(b.month, b.zone, b.trade_mode, b.document_id)
          > (${after.month}, ${after.zone}, ${after.mode}, ${after.documentId}::uuid)`
  const found = await sql<BilledPlace & { isStale: boolean }>`
    select b.month, b.zone, b.trade_mode as mode, b.document_id as "documentId",
      ${IS_STALE} as "isStale"
    from billed_list b where ${rest}
    order by b.month, b.zone, b.trade_mode, b.document_id limit ${limit}`.execute(db)
  return found.rows
}

/** Of lists that are locked: takes out what is stale still; gives how many places it were. */
export const removeStalePlaces = async (
  trx: Trx,
  places: readonly BilledPlace[],
): Promise<number> => {
  const { numAffectedRows = 0n } = await sql`
    delete from billed_list b using ${rowsOf('r', PLACE, places)}
    where b.month = r.month and b.zone = r.zone and b.trade_mode = r.mode
      and b.document_id = r."documentId" and ${IS_STALE}`.execute(trx)
  return Number(numAffectedRows)
}
