/** The versions of a document, which are never changed, and one of them with what it holds. */
import { sql } from 'kysely'
import type { AnyDocument } from '../catalogue/message.ts'
import type { Db } from './tables.ts'

export interface ListedVersion {
  readonly version: number
  readonly guid: string
  readonly appType: string
  readonly appTime: string
  readonly submittedBy: string
  /** Of whoever handed it in. */
  readonly submitter: string
  readonly createdAt: Date
}

/** The newest first. */
export const findVersionsOf = async (
  db: Db,
  key: { readonly lane: number; readonly id: string },
  limit: number,
): Promise<readonly ListedVersion[]> => {
  const found = await sql<ListedVersion>`
    select d.version, d.guid, d.app_type as "appType", d.app_time as "appTime",
      d.submitted_by as "submittedBy", e.name as submitter, d.created_at as "createdAt"
    from document d join enterprise e on e.id = d.submitted_by
    where d.lane = ${key.lane} and d.id = ${key.id}::uuid
    order by d.version desc limit ${limit}`.execute(db)
  return found.rows
}

export interface VersionContent {
  readonly version: number
  readonly payload: AnyDocument
  readonly sealed: Uint8Array | null
}

/** Those of these versions that are there. */
export const findVersionContents = async (
  db: Db,
  key: { readonly lane: number; readonly id: string },
  versions: readonly number[],
): Promise<readonly VersionContent[]> => {
  const found = await sql<VersionContent>`
    select version, payload, sealed from document
    where lane = ${key.lane} and id = ${key.id}::uuid
      and version = any(${versions}::integer[])`.execute(db)
  return found.rows
}
