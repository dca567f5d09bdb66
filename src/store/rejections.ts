/**
 * Rejections: a narrow row for each document that stands refused, kept in the transaction that moves
 * the document, and what was said, once for all who were told the same. A fold reads these rows alone.
 */
import { type RawBuilder, sql } from 'kysely'
import { FOLD_SAMPLES } from '../kernel/rejection-limits.ts'
import { type Sender, visibleTo } from './listing.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

/** What a refusal said. Its id follows from the rest. */
export interface RefusalSaying {
  readonly id: string
  /** Of the document. */
  readonly kind: string
  readonly source: 'customs' | 'exchange'
  /** Status of customs, or response code of the exchange platform. */
  readonly code: string
  readonly resultCodes: readonly string[]
  /** Of the normal form of its text; null when the catalogue knows all of the text. */
  readonly textId: string | null
  readonly sealedText: Uint8Array | null
}

const SAYING = {
  ...{ id: 'uuid', kind: 'text', source: 'text', code: 'text', resultCodes: 'text' },
  ...{ textId: 'uuid', sealedText: 'bytea' },
}

/** In the order of their ids, so that two batches that say the same wait and never in a ring. */
export const insertSayings = async (
  trx: Trx,
  sayings: ReadonlyMap<string, RefusalSaying>,
): Promise<void> => {
  if (sayings.size === 0) return
  const rows = [...sayings.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((saying) => ({ ...saying, resultCodes: saying.resultCodes.join(' ') }))
  await sql`
    insert into rejection_saying (id, kind, source, code, result_codes, text_id, sealed_text)
    select r.id, r.kind, r.source, r.code,
      coalesce(string_to_array(nullif(r."resultCodes", ''), ' '), '{}'), r."textId", r."sealedText"
    from ${rowsOf('r', SAYING, rows)}
    where not exists (select 1 from rejection_saying y where y.id = r.id)
    order by r.id
    on conflict (id) do nothing`.execute(trx)
}

export interface Refusal {
  readonly lane: number
  readonly documentId: string
  readonly version: number
  readonly key: string
  readonly saying: RefusalSaying
}

interface Place {
  readonly lane: number
  readonly id: string
}

/** Documents that now stand refused, whose rows this transaction has locked. */
export const insertRejections = async (
  trx: Trx,
  refusals: readonly Refusal[],
  now: Date,
): Promise<void> => {
  if (refusals.length === 0) return
  await insertSayings(trx, new Map(refusals.map(({ saying }) => [saying.id, saying])))
  const columns = {
    ...{ lane: 'smallint', documentId: 'uuid', version: 'integer', key: 'text', saying: 'uuid' },
  }
  const rows = refusals.map((refusal) => ({ ...refusal, saying: refusal.saying.id }))
  await sql`
    insert into rejection as j
      (lane, document_id, version, kind, sender_id, client, zone, saying, event_key, at)
    select s.lane, s.id, r.version, s.kind, s.sender_id, s.client, s.zone, r.saying, r.key, ${now}
    from ${rowsOf('r', columns, rows)}
    join document_state s on s.lane = r.lane and s.id = r."documentId"
    on conflict (lane, document_id) do update set version = excluded.version,
      zone = excluded.zone, client = excluded.client, saying = excluded.saying, event_key = excluded.event_key,
      at = excluded.at
    where (j.version, j.event_key) is distinct from (excluded.version, excluded.event_key)`.execute(
    trx,
  )
}

/** Documents that stand refused no longer. */
export const endRejections = async (trx: Trx, documents: readonly Place[]): Promise<void> => {
  if (documents.length === 0) return
  await sql`
    with r as materialized (
      select * from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, documents)}
    ), gone as (
      delete from rejection j using r where j.lane = r.lane and j.document_id = r.id
    )
    update document_state s set refused = false from r
    where s.lane = r.lane and s.id = r.id and s.refused`.execute(trx)
}

// ---- folded ----------------------------------------------------------------------------------

export interface RejectionFilter {
  /** Enterprises whose documents may be seen, and of which kinds; null for all. */
  readonly senders: readonly Sender[] | null
  readonly sender?: string | undefined
  /** Codes of one client. */
  readonly client?: readonly string[] | undefined
  readonly kind?: string | undefined
  readonly zone?: string | undefined
  /** When they were refused. */
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** Status, result code or response code. */
  readonly code?: string | undefined
  /** Of the normal form of the text. */
  readonly textId?: string | undefined
  readonly sayings?: readonly string[] | undefined
  readonly ids?: readonly string[] | undefined
}

/** The alias of `rejection` is `s`. */
const conditions = (filter: RejectionFilter): RawBuilder<unknown> => {
  const where: RawBuilder<unknown>[] = []
  if (filter.senders !== null) where.push(...visibleTo(filter.senders))
  if (filter.sender !== undefined) where.push(sql`s.sender_id = ${filter.sender}`)
  if (filter.client !== undefined) where.push(sql`s.client = any(${filter.client}::text[])`)
  if (filter.kind !== undefined) where.push(sql`s.kind = ${filter.kind}`)
  if (filter.zone !== undefined) where.push(sql`s.zone = ${filter.zone}`)
  if (filter.from !== undefined) where.push(sql`s.at >= ${filter.from}`)
  if (filter.to !== undefined) where.push(sql`s.at < ${filter.to}`)
  if (filter.ids !== undefined) where.push(sql`s.document_id = any(${filter.ids}::uuid[])`)
  if (filter.sayings !== undefined) where.push(sql`s.saying = any(${filter.sayings}::uuid[])`)
  if (filter.code !== undefined)
    where.push(sql`s.saying in (select y.id from rejection_saying y
      where y.code = ${filter.code} or ${filter.code} = any(y.result_codes))`)
  if (filter.textId !== undefined)
    where.push(
      sql`s.saying in (select y.id from rejection_saying y where y.text_id = ${filter.textId})`,
    )
  return where.length === 0 ? sql`true` : sql.join(where, sql` and `)
}

export interface FoldedSaying extends RefusalSaying {
  readonly count: number
  /** Newest documents first. */
  readonly samples: readonly string[]
}

const SAID = sql`y.id, y.kind, y.source, y.code, y.result_codes as "resultCodes",
  y.text_id as "textId", y.sealed_text as "sealedText"`

/** What was said of the documents selected, and of how many. */
export const foldRejections = async (
  db: Db,
  filter: RejectionFilter,
): Promise<readonly FoldedSaying[]> => {
  const where = conditions(filter)
  const found = await sql<FoldedSaying>`
    with folded as materialized (
      select s.saying, count(*)::integer as count
      from rejection s where ${where} and s.saying is not null group by s.saying
    )
    select ${SAID}, f.count, array(
      select s.document_id from rejection s where s.saying = f.saying and ${where}
      order by s.document_id desc limit ${FOLD_SAMPLES}
    ) as samples
    from folded f join rejection_saying y on y.id = f.saying
    order by f.count desc, y.id`.execute(db)
  return found.rows
}

/** The sayings alone, for what follows from them. */
export const findSayings = async (
  db: Db,
  filter: RejectionFilter,
): Promise<readonly RefusalSaying[]> => {
  const found = await sql<RefusalSaying>`
    select ${SAID} from rejection_saying y
    where y.id in (select s.saying from rejection s where ${conditions(filter)})`.execute(db)
  return found.rows
}

export interface RejectedRow {
  readonly lane: number
  readonly id: string
  readonly version: number
  readonly saying: string
  readonly eventKey: string
  readonly at: Date
}

/** Newest documents first; `after` is the id of the last row of the page before. */
export const findRejected = async (
  db: Db,
  filter: RejectionFilter,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly RejectedRow[]> => {
  const rest = page.after === undefined ? sql`true` : sql`s.document_id < ${page.after}::uuid`
  const found = await sql<RejectedRow>`
    select s.lane, s.document_id as id, s.version, s.saying, s.event_key as "eventKey", s.at
    from rejection s where ${conditions(filter)} and s.saying is not null and ${rest}
    order by s.document_id desc limit ${page.limit}`.execute(db)
  return found.rows
}

/** A normal form that documents were refused with. */
export const findText = async (
  db: Db,
  textId: string,
): Promise<Pick<RefusalSaying, 'kind' | 'textId' | 'sealedText'> | undefined> => {
  const found = await sql<Pick<RefusalSaying, 'kind' | 'textId' | 'sealedText'>>`
    select kind, text_id as "textId", sealed_text as "sealedText" from rejection_saying
    where text_id = ${textId} limit 1`.execute(db)
  return found.rows[0]
}

// ---- of earlier releases ---------------------------------------------------------------------

export interface UnreadRejection extends Place {
  readonly version: number
  readonly kind: string
  readonly documentId: string
  readonly key: string
  readonly returnStatus: string | null
  readonly info: string | null
  readonly sealedInfo: Uint8Array | null
  readonly resultCodes: readonly string[] | null
}

/** Rejections whose event has not been read for what it says, some of them. */
export const findUnread = async (db: Db, limit: number): Promise<readonly UnreadRejection[]> => {
  const found = await sql<UnreadRejection>`
    select j.lane, j.document_id as id, j.document_id as "documentId", j.version, j.kind, e.key,
      e.return_status as "returnStatus", e.info, e.sealed_info as "sealedInfo",
      e.result_codes as "resultCodes"
    from rejection j
    join event e on e.lane = j.lane and e.document_id = j.document_id and e.key = j.event_key
    where j.saying is null order by j.document_id limit ${limit}`.execute(db)
  return found.rows
}

export const nameRejections = async (
  trx: Trx,
  rows: readonly (Place & { readonly saying: RefusalSaying })[],
): Promise<void> => {
  if (rows.length === 0) return
  await insertSayings(trx, new Map(rows.map(({ saying }) => [saying.id, saying])))
  const named = rows.map(({ lane, id, saying }) => ({ lane, id, saying: saying.id }))
  await sql`
    update rejection j set saying = r.saying
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid', saying: 'uuid' }, named)}
    where j.lane = r.lane and j.document_id = r.id and j.saying is null`.execute(trx)
}
