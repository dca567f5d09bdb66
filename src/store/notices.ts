/**
 * What customs tells of a document unasked, kept as it was told: the same telling once, all tellings
 * of one thing side by side.
 */
import { sql } from 'kysely'
import type { AnyDocument, FieldRecord } from '../catalogue/message.ts'
import { laneOfId } from '../kernel/ids.ts'
import { NOTICE_LINES_SHOWN_BYTES, NOTICES_SHOWN_MAX } from '../kernel/limits.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface NewNotice {
  /** Of the document. */
  readonly lane: number
  readonly documentId: string
  /** Code of the notice. */
  readonly kind: string
  /** Its key as one text. */
  readonly number: string
  readonly time: string
  readonly status: string
  /** Of its content; tells two tellings of one moment apart. */
  readonly hash: Uint8Array
  /** JSON texts, without what is sealed. */
  readonly head: string
  readonly lines: string | null
  readonly sealed: Uint8Array | null
  readonly replyId: string
}

/** In one order, so that two batches wait for each other and never in a ring. */
export const insertNotices = async (
  db: Db,
  notices: readonly NewNotice[],
  now: Date,
): Promise<void> => {
  if (notices.length === 0) return
  const columns = {
    ...{ lane: 'smallint', documentId: 'uuid', kind: 'text', number: 'text', time: 'text' },
    ...{ status: 'text', hash: 'bytea', sealed: 'bytea', replyId: 'uuid' },
    ...{ head: 'json', lines: 'json' },
  }
  const rows = notices.map((row) => ({ ...row, lines: row.lines ?? 'null' })).sort(byKey)
  await sql`
    insert into notice
      (lane, document_id, kind, number, time, status, hash, head, lines, sealed, reply_id, at)
    select r.lane, r."documentId", r.kind, r.number, r.time, r.status, r.hash, r.head,
      nullif(r.lines::text, 'null')::json, r.sealed, r."replyId", ${now}
    from ${rowsOf('r', columns, rows)} on conflict do nothing`.execute(db)
}

const keyOf = (row: NewNotice): string =>
  [row.documentId, row.kind, row.number, row.time, row.status].join()
const byKey = (a: NewNotice, b: NewNotice): number => (keyOf(a) < keyOf(b) ? -1 : 1)

export interface StoredNotice {
  readonly kind: string
  readonly number: string
  readonly time: string
  readonly status: string
  readonly head: FieldRecord
  /** Groups of lines; null when there are none, or more than is shown. */
  readonly lines: AnyDocument | null
  readonly sealed: Uint8Array | null
  readonly at: Date
}

/** The latest `NOTICES_SHOWN_MAX` of a document, in the order of their official time. */
export const findNotices = async (db: Db, id: string): Promise<readonly StoredNotice[]> => {
  const found = await sql<StoredNotice>`
    select kind, number, time, status, head, sealed, at,
      case when pg_column_size(lines) <= ${NOTICE_LINES_SHOWN_BYTES} then lines end as lines
    from notice where lane = ${laneOfId(id)} and document_id = ${id}::uuid
    order by time collate "C" desc, status collate "C" desc, hash desc
    limit ${NOTICES_SHOWN_MAX}`.execute(db)
  return found.rows.reverse()
}
