/** Published reports and who signed them off: added to, never changed. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface StoredSignOff {
  readonly role: string
  readonly by: string
  /** ISO. */
  readonly at: string
}

/** An edition without its figures, which are large. */
export interface ReportRow {
  readonly id: string
  readonly month: string
  readonly edition: number
  readonly asOf: Date
  readonly publishedAt: Date
  readonly publishedBy: string
  readonly sha256: string
  readonly changes: number
  readonly signOffs: readonly StoredSignOff[]
}

export interface WholeReport extends ReportRow {
  /** JSON texts. */
  readonly figures: string
  readonly changesText: string
}

export interface NewReport {
  readonly id: string
  readonly month: string
  readonly edition: number
  readonly asOf: Date
  readonly publishedAt: Date
  readonly publishedBy: string
  readonly figures: string
  readonly sha256: string
  readonly changesText: string
}

/** Names the publishing of reports among advisory locks; the month is the second half. */
const REPORT_LOCK = 7_302

/** One at a time for a month (yyyy-MM): editions are numbered without gaps. */
export const lockReports = async (trx: Trx, month: string): Promise<void> => {
  const number = Number(month.replace('-', ''))
  await sql`select pg_advisory_xact_lock(${REPORT_LOCK}::integer, ${number}::integer)`.execute(trx)
}

const signOffs = sql`
  coalesce((
    select json_agg(json_build_object('role', s.role, 'by', s.signed_by,
      'at', to_char(s.signed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      order by s.signed_at, s.role)
    from report_sign_off s where s.report_id = r.id
  ), '[]')`

const HEAD = sql`
  r.id, r.month, r.edition, r.as_of as "asOf", r.published_at as "publishedAt",
  r.published_by as "publishedBy", r.sha256, json_array_length(r.changes::json) as changes,
  ${signOffs} as "signOffs"`

const WHOLE = sql`${HEAD}, r.figures, r.changes as "changesText"`

/** The last edition of a month. */
export const findLastReport = async (
  db: Db | Trx,
  month: string,
): Promise<WholeReport | undefined> => {
  const found = await sql<WholeReport>`
    select ${WHOLE} from report r where r.month = ${month} order by r.edition desc limit 1
  `.execute(db)
  return found.rows[0]
}

export const findReport = async (db: Db | Trx, id: string): Promise<WholeReport | undefined> => {
  const found = await sql<WholeReport>`
    select ${WHOLE} from report r where r.id = ${id}`.execute(db)
  return found.rows[0]
}

/** The latest month first, and of a month the last edition; `after` is the last id of the page before. */
export const listReportRows = async (
  db: Db,
  filter: {
    readonly month?: string | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly ReportRow[]> => {
  const { month = null, after = null, limit } = filter
  const found = await sql<ReportRow>`
    select ${HEAD} from report r
    where (${month}::text is null or r.month = ${month})
      and (${after}::uuid is null or (r.month, r.edition) < (
        select a.month, a.edition from report a where a.id = ${after}))
    order by r.month desc, r.edition desc limit ${limit}`.execute(db)
  return found.rows
}

export const insertReport = async (trx: Trx, report: NewReport): Promise<void> => {
  await sql`
    insert into report (id, month, edition, as_of, published_at, published_by, figures, sha256,
      changes)
    values (${report.id}, ${report.month}, ${report.edition}, ${report.asOf},
      ${report.publishedAt}, ${report.publishedBy}, ${report.figures}, ${report.sha256},
      ${report.changesText})`.execute(trx)
}

/** False when that role has signed this edition already. */
export const insertSignOff = async (
  trx: Trx,
  reportId: string,
  signOff: { readonly role: string; readonly by: string; readonly at: Date },
): Promise<boolean> => {
  const written = await sql`
    insert into report_sign_off (report_id, role, signed_by, signed_at)
    values (${reportId}, ${signOff.role}, ${signOff.by}, ${signOff.at})
    on conflict do nothing`.execute(trx)
  return written.numAffectedRows === 1n
}
