/**
 * Billed taxes beside estimated ones. What stands in a row follows from all notices of its list, so
 * that it is the same in whatever order they are told.
 */
import { sql } from 'kysely'
import type { FieldRecord } from '../catalogue/message.ts'
import { shareLedger } from './ledger.ts'
import { type Sender, visibleTo } from './listing.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'
import { taxChanges } from './zone-folds.ts'

export interface TaxedDocument {
  readonly lane: number
  readonly id: string
}

/** A list as it is stored, in its current version. */
export interface LockedList extends TaxedDocument {
  readonly payload: unknown
  /** '' for undecided. */
  readonly zone: string
  readonly mode: string
}

/**
 * Keeps every other transaction from comparing these lists until this one ends; whoever comes later
 * then sees the notices of the one before; and shares the ledger.
 */
export const lockVariances = async (
  trx: Trx,
  documents: readonly TaxedDocument[],
): Promise<void> => {
  const sorted = [...documents].sort((a, b) => a.lane - b.lane || (a.id < b.id ? -1 : 1))
  const columns = { lane: 'smallint', id: 'uuid' }
  await shareLedger(trx)
  await sql`
    insert into tax_variance (lane, document_id, sender_id)
    select s.lane, s.id, s.sender_id
    from ${rowsOf('r', columns, sorted)}
    join document_state s on s.lane = r.lane and s.id = r.id
    order by s.lane, s.id
    on conflict (lane, document_id) do update set sender_id = excluded.sender_id`.execute(trx)
}

/** The lists as they are stored, in their current versions. */
export const findBilledLists = async (
  db: Db,
  documents: readonly TaxedDocument[],
): Promise<readonly LockedList[]> => {
  const found = await sql<LockedList>`
    select s.lane, s.id, d.payload, coalesce(d.zone, '') as zone, coalesce(d.trade_mode, '') as mode
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, documents)}
    join document_state s on s.lane = r.lane and s.id = r.id
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version`.execute(db)
  return found.rows
}

export interface BillTelling {
  readonly documentId: string
  readonly kind: string
  readonly number: string
  readonly time: string
  readonly status: string
  readonly head: FieldRecord
}

/** The latest telling of each kind about each bill, in the order of official time. */
export const findBillTellings = async (
  db: Db,
  documents: readonly TaxedDocument[],
  kinds: readonly string[],
): Promise<readonly BillTelling[]> => {
  const found = await sql<BillTelling>`
    select b.* from (
      select distinct on (n.lane, n.document_id, n.kind, n.number) n.document_id as "documentId",
        n.kind, n.number, n.time, n.status, n.head
      from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, documents)}
      join notice n on n.lane = r.lane and n.document_id = r.id and n.kind = any(${[...kinds]}::text[])
      order by n.lane, n.document_id, n.kind, n.number,
        n.time collate "C" desc, n.status collate "C" desc, n.hash desc
    ) b order by b.time collate "C", b.status collate "C"`.execute(db)
  return found.rows
}

/** Decimal texts, CNY. */
export interface StoredTaxes {
  readonly duty: string
  readonly consumptionTax: string
  readonly vat: string
}

export type TaxVerdict = 'within' | 'beyond' | 'unknown'

/** A bill that stands, as it counts among the taxes of its zone. */
export interface CountedBill {
  /** yyyyMM of its official time. */
  readonly month: string
  readonly zone: string
  readonly mode: string
  /** Decimal texts, CNY. */
  readonly duty: string
  readonly consumption: string
  readonly vat: string
}

export interface NewVariance extends TaxedDocument {
  readonly counted: readonly CountedBill[]
  /** Bills that stand; a list without one has no row. */
  readonly bills: number
  /** Official time of the latest telling, 17 digits. */
  readonly told: string
  readonly billed: StoredTaxes
  readonly estimated: StoredTaxes | null
  readonly tolerance: string | null
  readonly verdict: TaxVerdict
  /** Code of why nothing could be estimated. */
  readonly problem: string | null
}

const TYPES = {
  ...{ lane: 'smallint', id: 'uuid', bills: 'integer', told: 'text' },
  ...{ billedDuty: 'numeric', billedConsumption: 'numeric', billedVat: 'numeric' },
  ...{ estimatedDuty: 'numeric', estimatedConsumption: 'numeric', estimatedVat: 'numeric' },
  ...{ tolerance: 'numeric', verdict: 'text', problem: 'text', counted: 'json' },
}

/** Of lists that are locked. */
export const writeVariances = async (
  trx: Trx,
  all: readonly NewVariance[],
  now: Date,
): Promise<void> => {
  const rows = all.map(({ billed, estimated, counted, ...row }) => ({
    ...{ ...row, counted: JSON.stringify(counted) },
    ...{ billedDuty: billed.duty, billedConsumption: billed.consumptionTax, billedVat: billed.vat },
    estimatedDuty: estimated?.duty,
    estimatedConsumption: estimated?.consumptionTax,
    estimatedVat: estimated?.vat,
  }))
  await sql`
    with r as materialized (select * from ${rowsOf('r', TYPES, rows)}),
    ${taxChanges(sql`select r.lane, r.id as document_id, r.counted::jsonb as counted from r`, now)}
    update tax_variance v set bills = r.bills, told = r.told, billed_duty = r."billedDuty",
      billed_consumption = r."billedConsumption", billed_vat = r."billedVat",
      estimated_duty = r."estimatedDuty", estimated_consumption = r."estimatedConsumption",
      estimated_vat = r."estimatedVat", tolerance = r.tolerance, verdict = r.verdict,
      problem = r.problem, counted = r.counted::jsonb
    from r where v.lane = r.lane and v.document_id = r.id`.execute(trx)
  await dropUnbilled(
    trx,
    all.filter(({ bills }) => bills === 0),
  )
}

/** Takes away the rows of those lists that have no bill, and were locked by a row all the same. */
export const dropUnbilled = async (trx: Trx, lists: readonly TaxedDocument[]): Promise<void> => {
  if (lists.length === 0) return
  await sql`
    delete from tax_variance v using ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, lists)}
    where v.lane = r.lane and v.document_id = r.id and v.bills = 0`.execute(trx)
}

/** Makes the bills of lists count for what is given, and nothing else of their rows; locks them. */
export const recountBills = async (
  trx: Trx,
  lists: readonly (TaxedDocument & { readonly counted: readonly CountedBill[] })[],
  now: Date,
): Promise<void> => {
  const columns = { lane: 'smallint', id: 'uuid', counted: 'json' }
  const rows = lists.map((list) => ({ ...list, counted: JSON.stringify(list.counted) }))
  await sql`
    with r as materialized (select * from ${rowsOf('r', columns, rows)}),
    ${taxChanges(sql`select r.lane, r.id as document_id, r.counted::jsonb as counted from r`, now)}
    update tax_variance v set counted = r.counted::jsonb
    from r where v.lane = r.lane and v.document_id = r.id`.execute(trx)
}

/** How many lists have bills that do not count for what is given. */
export const countBillsAstray = async (
  db: Db,
  lists: readonly (TaxedDocument & { readonly counted: readonly CountedBill[] })[],
): Promise<number> => {
  const columns = { lane: 'smallint', id: 'uuid', counted: 'json' }
  const rows = lists.map((list) => ({ ...list, counted: JSON.stringify(list.counted) }))
  const found = await sql<{ wrong: string }>`
    select count(*) as wrong from ${rowsOf('r', columns, rows)}
    join tax_variance v on v.lane = r.lane and v.document_id = r.id
    where v.counted is distinct from r.counted::jsonb`.execute(db)
  return Number(found.rows[0]?.wrong ?? 0)
}

/** Lists that were billed, in the order of their keys, so many after one. */
export const pageOfBilled = async (
  db: Db,
  after: TaxedDocument | undefined,
  limit: number,
): Promise<readonly TaxedDocument[]> => {
  const { lane, id } = after ?? { lane: -1, id: '00000000-0000-0000-0000-000000000000' }
  const { rows } = await sql<TaxedDocument>`
    select lane, document_id as id from tax_variance
    where (lane, document_id) > (${lane}, ${id}::uuid)
    order by lane, document_id limit ${limit}`.execute(db)
  return rows
}

export interface StoredVariance {
  readonly documentId: string
  readonly bills: number
  readonly told: string
  readonly billedDuty: string
  readonly billedConsumption: string
  readonly billedVat: string
  readonly estimatedDuty: string | null
  readonly estimatedConsumption: string | null
  readonly estimatedVat: string | null
  readonly tolerance: string | null
  readonly verdict: TaxVerdict
  readonly problem: string | null
}

const COLUMNS = sql`v.document_id as "documentId", v.bills, v.told, v.billed_duty as "billedDuty",
  v.billed_consumption as "billedConsumption", v.billed_vat as "billedVat",
  v.estimated_duty as "estimatedDuty", v.estimated_consumption as "estimatedConsumption",
  v.estimated_vat as "estimatedVat", v.tolerance, v.verdict, v.problem`

export const findVariance = async (
  db: Db,
  { lane, id }: TaxedDocument,
): Promise<StoredVariance | undefined> => {
  const found = await sql<StoredVariance>`
    select ${COLUMNS} from tax_variance v
    where v.lane = ${lane} and v.document_id = ${id}::uuid and v.bills > 0`.execute(db)
  return found.rows[0]
}

export interface VarianceFilter {
  /** Whose lists may be seen, and of which kinds; null for all. */
  readonly senders: readonly Sender[] | null
  readonly enterprise?: string | undefined
  readonly verdict?: TaxVerdict | undefined
  /** Id of the last list of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface ListedVariance extends StoredVariance {
  readonly number: string
  readonly orderNo: string | null
  readonly sender: string
}

/** Newest list first. */
export const listVariances = async (
  db: Db,
  { senders, enterprise, verdict, after, limit }: VarianceFilter,
): Promise<readonly ListedVariance[]> => {
  const where = [sql`v.bills > 0`]
  if (senders !== null) {
    where.push(sql`v.sender_id = any(${senders.map(({ id }) => id)}::text[])`)
    where.push(sql.join(visibleTo(senders), sql` and `))
  }
  if (enterprise !== undefined) where.push(sql`v.sender_id = ${enterprise}`)
  if (verdict !== undefined) where.push(sql`v.verdict = ${verdict}`)
  if (after !== undefined) where.push(sql`v.document_id < ${after}::uuid`)
  const found = await sql<ListedVariance>`
    select ${COLUMNS}, s.number, s.order_no as "orderNo", e.name as sender
    from tax_variance v
    join document_state s on s.lane = v.lane and s.id = v.document_id
    join enterprise e on e.id = s.sender_id
    where ${sql.join(where, sql` and `)}
    order by v.document_id desc limit ${limit}`.execute(db)
  return found.rows
}
