/**
 * Settlement records: where each stands, all its versions as they were handed in, and its lines. A
 * record's row is locked before anything of it changes; the lists that its lines are for come after
 * (`settlements-lists.ts`), both in the order of their keys.
 */
import { type RawBuilder, sql } from 'kysely'
import type { OpenReason, SettlementDirection } from '../catalogue/settlement.ts'
import { behindSeal, shareLedger } from './ledger.ts'
import { rowsOf } from './rows.ts'
import { COUNTED } from './settlements-counted.ts'
import { keepLines } from './settlements-editions.ts'
import { type SettlementSource, settlementsNow } from './settlements-then.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface SettlementKey {
  readonly lane: number
  readonly number: string
  readonly institutionId: string
}

/** Amounts are decimal text, in `currency` but for `rmb`. */
export interface SettlementRow extends SettlementKey {
  readonly id: string
  readonly version: number
  readonly state: 'in-force' | 'withdrawn'
  readonly nature: string
  readonly reference: string | null
  readonly seller: string
  readonly direction: SettlementDirection
  readonly currency: string
  /** yyyyMM of the value date. */
  readonly month: string
  /** yyyy-MM-dd */
  readonly valueDate: string
  readonly bopCode: string
  readonly gross: string
  readonly costs: string
  readonly net: string
  readonly rmb: string
}

export interface HeldSettlement extends SettlementRow {
  readonly contentHash: Uint8Array | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

const ROW = {
  ...{ lane: 'smallint', id: 'uuid', institutionId: 'text', number: 'text', version: 'integer' },
  ...{ state: 'text', nature: 'text', reference: 'text', seller: 'text', direction: 'text' },
  ...{ currency: 'text', month: 'text', valueDate: 'date', bopCode: 'text', gross: 'numeric' },
  ...{ costs: 'numeric', net: 'numeric', rmb: 'numeric' },
}

/** The row alias is `s`. */
export const SETTLEMENT_COLUMNS = sql`s.lane, s.id, s.institution_id as "institutionId", s.number,
  s.version, s.state, s.nature, s.reference, s.seller, s.direction, s.currency, s.month,
  s.value_date::text as "valueDate", s.bop_code as "bopCode", trim_scale(s.gross)::text as gross,
  trim_scale(s.costs)::text as costs, trim_scale(s.net)::text as net,
  trim_scale(s.rmb)::text as rmb, s.created_at as "createdAt", s.updated_at as "updatedAt"`

const HASH = sql`(
  select v.content_hash from settlement_version v
  where v.lane = s.lane and v.settlement_id = s.id and v.version = s.version
) as "contentHash"`

const KEY = { lane: 'smallint', number: 'text', institutionId: 'text' }

/** Those that are there, locked; the others are nobody's until they are stored. */
export const lockByNumber = async (
  trx: Trx,
  keys: readonly SettlementKey[],
): Promise<readonly HeldSettlement[]> => {
  const found = await sql<HeldSettlement>`
    with s as (
      update settlement s set version = s.version from ${rowsOf('r', KEY, keys)}
      where s.lane = r.lane and s.number = r.number and s.institution_id = r."institutionId"
      returning s.*
    )
    select ${SETTLEMENT_COLUMNS}, ${HASH} from s`.execute(trx)
  return found.rows
}

const ID = { lane: 'smallint', id: 'uuid' }
export interface SettlementId {
  readonly lane: number
  readonly id: string
}

export const lockById = async (
  trx: Trx,
  ids: readonly SettlementId[],
): Promise<readonly HeldSettlement[]> => {
  const found = await sql<HeldSettlement>`
    with s as (
      update settlement s set version = s.version from ${rowsOf('r', ID, ids)}
      where s.lane = r.lane and s.id = r.id returning s.*
    )
    select ${SETTLEMENT_COLUMNS}, ${HASH} from s order by s.id`.execute(trx)
  return found.rows
}

/** Stores new records and new versions of those that are there; gives the ids it wrote. */
export const putSettlements = async (
  trx: Trx,
  rows: readonly SettlementRow[],
  now: Date,
): Promise<ReadonlySet<string>> => {
  const written = await sql<{ id: string }>`
    insert into settlement (lane, id, institution_id, number, version, state, nature, reference,
      seller, direction, currency, month, value_date, bop_code, gross, costs, net, rmb, created_at,
      updated_at)
    select r.lane, r.id, r."institutionId", r.number, r.version, r.state, r.nature, r.reference,
      r.seller, r.direction, r.currency, r.month, r."valueDate", r."bopCode", r.gross, r.costs,
      r.net, r.rmb, ${now}, ${now}
    from ${rowsOf('r', ROW, rows)}
    on conflict (lane, number, institution_id) do update set
      version = excluded.version, state = excluded.state, nature = excluded.nature,
      reference = excluded.reference, seller = excluded.seller, direction = excluded.direction,
      currency = excluded.currency, month = excluded.month, value_date = excluded.value_date,
      bop_code = excluded.bop_code, gross = excluded.gross, costs = excluded.costs,
      net = excluded.net, rmb = excluded.rmb, updated_at = excluded.updated_at
    where settlement.id = excluded.id and settlement.version = excluded.version - 1
    returning id`.execute(trx)
  return new Set(written.rows.map(({ id }) => id))
}

export interface NewVersion {
  readonly lane: number
  readonly id: string
  readonly version: number
  readonly verb: 'given' | 'changed' | 'withdrawn'
  /** JSON text as handed in; null of a withdrawal. */
  readonly record: string | null
  readonly contentHash: Uint8Array | null
  readonly reason: string | null
  readonly submittedBy: string
  readonly mandateId: string | null
}

const VERSION = {
  ...{ lane: 'smallint', id: 'uuid', version: 'integer', verb: 'text', record: 'text' },
  ...{ contentHash: 'bytea', reason: 'text', submittedBy: 'text', mandateId: 'uuid' },
}

/**
 * Recorded behind the seal of the ledger, as what they count for is: what was settled as of a moment
 * is told from them.
 */
export const insertVersions = async (
  trx: Trx,
  rows: readonly NewVersion[],
  now: Date,
): Promise<void> => {
  await shareLedger(trx)
  await sql`
    insert into settlement_version (lane, settlement_id, version, verb, record, content_hash, reason,
      submitted_by, mandate_id, at)
    select r.lane, r.id, r.version, r.verb, r.record::jsonb, r."contentHash", r.reason,
      r."submittedBy", r."mandateId", ${behindSeal(now)}
    from ${rowsOf('r', VERSION, rows)}`.execute(trx)
}

/** What a line is matched to, or why to nothing. */
export interface LineMatch {
  readonly listId: string | null
  /** List not released yet of which the line takes its amount ahead; then `reason` says so. */
  readonly reservedId: string | null
  readonly reason: OpenReason | null
}

export interface LineRow extends SettlementId, LineMatch {
  readonly position: number
  readonly orderNo: string | null
  readonly listNo: string | null
  readonly agentCode: string | null
  /** Decimal text in the record's currency, greater than zero. */
  readonly amount: string
}

const LINE = {
  ...{ lane: 'smallint', id: 'uuid', position: 'smallint', orderNo: 'text', listNo: 'text' },
  ...{ agentCode: 'text', amount: 'numeric', listId: 'uuid', reservedId: 'uuid', reason: 'text' },
}

/** Puts lines in place of those that the records had; the records are written before them. */
export const replaceLines = async (
  trx: Trx,
  ids: readonly SettlementId[],
  lines: readonly LineRow[],
  now: Date,
): Promise<void> => {
  await sql`
    delete from settlement_line l using ${rowsOf('r', ID, ids)}
    where l.lane = r.lane and l.settlement_id = r.id`.execute(trx)
  if (lines.length > 0) await insertLines(trx, lines)
  await keepLines(trx, ids, now)
}

const insertLines = async (trx: Trx, lines: readonly LineRow[]): Promise<void> => {
  await sql`
    insert into settlement_line (lane, settlement_id, position, order_no, list_no, agent_code, amount,
      list_id, reserved_id, reason)
    select r.lane, r.id, r.position, r."orderNo", r."listNo", r."agentCode", r.amount, r."listId",
      r."reservedId", r.reason
    from ${rowsOf('r', LINE, lines)}`.execute(trx)
}

const MATCH = {
  ...{ lane: 'smallint', id: 'uuid', position: 'smallint', listId: 'uuid', reservedId: 'uuid' },
  reason: 'text',
}

/** Tells lines which list they are matched to, or why to none. */
export const rematchLines = async (
  trx: Trx,
  lines: readonly LineRow[],
  now: Date,
): Promise<void> => {
  if (lines.length === 0) return
  await sql`
    update settlement_line l set list_id = r."listId", reserved_id = r."reservedId",
      reason = r.reason
    from ${rowsOf('r', MATCH, lines)}
    where l.lane = r.lane and l.settlement_id = r.id and l.position = r.position`.execute(trx)
  await keepLines(trx, lines, now)
}

/** In the order of records and positions. */
export const findLines = async (
  db: Db,
  ids: readonly SettlementId[],
): Promise<readonly LineRow[]> => {
  if (ids.length === 0) return []
  const found = await sql<LineRow>`
    select l.lane, l.settlement_id as id, l.position, l.order_no as "orderNo",
      l.list_no as "listNo", l.agent_code as "agentCode", trim_scale(l.amount)::text as amount,
      l.list_id as "listId", l.reserved_id as "reservedId", l.reason
    from ${rowsOf('r', ID, ids)}
    join settlement_line l on l.lane = r.lane and l.settlement_id = r.id
    order by l.settlement_id, l.position`.execute(db)
  return found.rows
}

export interface Reference {
  readonly institutionId: string
  readonly number: string
}

/** Records in force that refer to these: refunds of them, and flows restored behind them. */
export const findReferring = async (
  db: Db,
  references: readonly Reference[],
): Promise<readonly (SettlementRow & { readonly reference: string })[]> => {
  if (references.length === 0) return []
  const columns = { institutionId: 'text', number: 'text' }
  const found = await sql<SettlementRow & { reference: string }>`
    select ${SETTLEMENT_COLUMNS} from ${rowsOf('r', columns, references)}
    join settlement s on s.institution_id = r."institutionId" and s.reference = r.number
      and s.state = 'in-force'
    order by s.id`.execute(db)
  return found.rows
}

/** Institutions whose records may be seen, and codes of sellers; null: everybody's. */
export interface SettlementSight {
  readonly institutionIds: readonly string[]
  readonly sellerCodes: readonly string[]
}

/** Condition on the alias `s`. */
export const seenBySight = (sight: SettlementSight | null): RawBuilder<unknown> =>
  sight === null
    ? sql`true`
    : sql`(s.institution_id = any(${sight.institutionIds}::text[])
        or s.seller = any(${sight.sellerCodes}::text[]))`

export interface SettlementFilter {
  readonly sight: SettlementSight | null
  /** Of the value date; a month is yyyyMM. */
  readonly year?: number | undefined
  readonly month?: string | undefined
  readonly direction?: string | undefined
  readonly seller?: string | undefined
  readonly number?: string | undefined
  readonly state?: string | undefined
  readonly currency?: string | undefined
  readonly institution?: string | undefined
  /** Only what counts: in force, and no money that another record states as well. */
  readonly counted?: boolean | undefined
  /** Id of the last one of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Newest first. */
export const listSettlements = async (
  db: Db,
  filter: SettlementFilter,
  source: SettlementSource = settlementsNow,
): Promise<readonly HeldSettlement[]> => {
  const { month, direction, seller, number, state, currency, institution, after } = filter
  const { year } = filter
  const where = [
    seenBySight(filter.sight),
    ...(year === undefined ? [] : [sql`s.month between ${`${year}01`} and ${`${year}12`}`]),
    ...(month === undefined ? [] : [sql`s.month = ${month}`]),
    ...(direction === undefined ? [] : [sql`s.direction = ${direction}`]),
    ...(seller === undefined ? [] : [sql`s.seller = ${seller}`]),
    ...(number === undefined ? [] : [sql`s.number = ${number}`]),
    ...(state === undefined ? [] : [sql`s.state = ${state}`]),
    ...(currency === undefined ? [] : [sql`s.currency = ${currency}`]),
    ...(institution === undefined ? [] : [sql`s.institution_id = ${institution}`]),
    ...(filter.counted === true ? [COUNTED] : []),
    ...(after === undefined ? [] : [sql`s.id < ${after}::uuid`]),
  ]
  const found = await sql<HeldSettlement>`
    select ${SETTLEMENT_COLUMNS}, null as "contentHash" from ${source.records} s
    where ${sql.join(where, sql` and `)} order by s.id desc limit ${filter.limit}`.execute(db)
  return found.rows
}

/** Undefined when there is none that may be seen. */
export const findSettlement = async (
  db: Db,
  { lane, id }: SettlementId,
  sight: SettlementSight | null,
): Promise<HeldSettlement | undefined> => {
  const found = await sql<HeldSettlement>`
    select ${SETTLEMENT_COLUMNS}, null as "contentHash" from settlement s
    where s.lane = ${lane} and s.id = ${id}::uuid and ${seenBySight(sight)}`.execute(db)
  return found.rows[0]
}

export interface VersionRow extends Omit<NewVersion, 'contentHash' | 'record' | 'lane' | 'id'> {
  readonly record: unknown
  readonly at: Date
}

/** Newest first. */
export const findVersions = async (
  db: Db,
  { lane, id }: SettlementId,
  limit: number,
): Promise<readonly VersionRow[]> => {
  const found = await sql<VersionRow>`
    select v.version, v.verb, v.record, v.reason, v.submitted_by as "submittedBy",
      v.mandate_id as "mandateId", v.at
    from settlement_version v where v.lane = ${lane} and v.settlement_id = ${id}::uuid
    order by v.version desc limit ${limit}`.execute(db)
  return found.rows
}
