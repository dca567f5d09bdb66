/** Corrections of many refused documents: previewed ones with all that they would do, item by item. */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface NewCorrection {
  readonly id: string
  readonly enterpriseId: string
  /** The signed-in user; null for a key. */
  readonly madeBy: string | null
  readonly sealedRequest: Uint8Array
}

export interface CorrectionItem {
  readonly lane: number
  readonly documentId: string
  /** From which it is made. */
  readonly version: number
  readonly companion: boolean
  readonly appType: string
  readonly sealedPatch: Uint8Array
}

const ITEM = {
  ...{ lane: 'smallint', documentId: 'uuid', version: 'integer', place: 'integer' },
  ...{ companion: 'boolean', appType: 'text', sealedPatch: 'bytea' },
}

/** The same preview again is the same row again, and may be applied as long as a new one. */
export const keepCorrection = async (
  trx: Trx,
  correction: NewCorrection,
  items: readonly CorrectionItem[],
  now: Date,
): Promise<void> => {
  const { id, enterpriseId, madeBy, sealedRequest } = correction
  const kept = await sql<{ fresh: boolean }>`
    insert into correction (id, enterprise_id, made_by, sealed_request, created_at)
    values (${id}, ${enterpriseId}, ${madeBy}, ${sealedRequest}, ${now})
    on conflict (id) do update set created_at = excluded.created_at
    returning xmax = 0 as fresh`.execute(trx)
  if (kept.rows[0]?.fresh !== true || items.length === 0) return
  const rows = items.map((item, place) => ({ ...item, place }))
  await sql`
    insert into correction_item
      (lane, document_id, version, correction_id, place, companion, app_type, sealed_patch)
    select r.lane, r."documentId", r.version, ${id}::uuid, r.place, r.companion, r."appType",
      r."sealedPatch"
    from ${rowsOf('r', ITEM, rows)}`.execute(trx)
}

export interface StoredCorrection {
  readonly id: string
  readonly sealedRequest: Uint8Array
  readonly createdAt: Date
  readonly appliedAt: Date | null
  /** Null while it is under way, and where it broke off. */
  readonly finishedAt: Date | null
  readonly items: number
}

const STORED = sql`c.id, c.sealed_request as "sealedRequest", c.created_at as "createdAt",
  c.applied_at as "appliedAt", c.finished_at as "finishedAt", (
    select count(*)::integer from correction_item i where i.correction_id = c.id
  ) as items`

export const findCorrection = async (
  db: Db,
  id: string,
  enterpriseId: string,
): Promise<StoredCorrection | undefined> => {
  const found = await sql<StoredCorrection>`
    select ${STORED} from correction c
    where c.id = ${id} and c.enterprise_id = ${enterpriseId}`.execute(db)
  return found.rows[0]
}

/** The latest of an enterprise, those that were applied and those that may be. */
export const findLatestCorrections = async (
  db: Db,
  enterpriseId: string,
  limit: number,
): Promise<readonly StoredCorrection[]> => {
  const found = await sql<StoredCorrection>`
    select ${STORED} from correction c where c.enterprise_id = ${enterpriseId}
    order by c.created_at desc, c.id limit ${limit}`.execute(db)
  return found.rows
}

/** It has done with all of its documents, whatever became of each. */
export const endCorrection = async (db: Db, id: string, now: Date): Promise<void> => {
  await sql`
    update correction set finished_at = coalesce(finished_at, ${now}) where id = ${id}`.execute(db)
}

export interface CorrectionPlace {
  readonly documentId: string
  /** Of the version after the one it was made from; null while there is none. */
  readonly nextGuid: string | null
}

/** All its documents, in their order; bounded as a correction is. */
export const findCorrectionPlaces = async (
  db: Db,
  id: string,
): Promise<readonly CorrectionPlace[]> => {
  const found = await sql<CorrectionPlace>`
    select i.document_id as "documentId", d.guid as "nextGuid" from correction_item i
    left join document d
      on d.lane = i.lane and d.id = i.document_id and d.version = i.version + 1
    where i.correction_id = ${id} order by i.place`.execute(db)
  return found.rows
}

/** Gives the moment it was first applied. */
export const beginCorrection = async (db: Db, id: string, now: Date): Promise<Date> => {
  const found = await sql<{ at: Date }>`
    update correction set applied_at = coalesce(applied_at, ${now}) where id = ${id}
    returning applied_at as at`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new Error(`correction ${id} is not stored`)
  return row.at
}

/** From a place on, in their order. */
export const findCorrectionItems = async (
  db: Db,
  id: string,
  from: number,
  limit: number,
): Promise<readonly CorrectionItem[]> => {
  const found = await sql<CorrectionItem>`
    select lane, document_id as "documentId", version, companion, app_type as "appType",
      sealed_patch as "sealedPatch"
    from correction_item where correction_id = ${id} and place >= ${from}
    order by place limit ${limit}`.execute(db)
  return found.rows
}

export interface VersionKey {
  readonly lane: number
  readonly id: string
  readonly version: number
}

/** Of the versions that are there: which guid each went out under. */
export const findVersionGuids = async (
  db: Db,
  keys: readonly VersionKey[],
): Promise<readonly (Pick<VersionKey, 'id' | 'version'> & { readonly guid: string })[]> => {
  if (keys.length === 0) return []
  const columns = { lane: 'smallint', id: 'uuid', version: 'integer' }
  const found = await sql<{ id: string; version: number; guid: string }>`
    select d.id, d.version, d.guid from ${rowsOf('r', columns, keys)}
    join document d on d.lane = r.lane and d.id = r.id and d.version = r.version`.execute(db)
  return found.rows
}

/** Corrections that were made from versions of a document, applied or not. */
export const findCorrectionsOf = async (
  db: Db,
  lane: number,
  documentId: string,
): Promise<readonly { readonly id: string; readonly version: number }[]> => {
  const found = await sql<{ id: string; version: number }>`
    select correction_id as id, version from correction_item
    where lane = ${lane} and document_id = ${documentId}`.execute(db)
  return found.rows
}

/** Forgets previews that nobody applied. */
export const forgetPreviews = async (db: Db, before: Date): Promise<void> => {
  await sql`delete from correction where applied_at is null and created_at < ${before}`.execute(db)
}
