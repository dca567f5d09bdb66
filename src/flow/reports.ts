/**
 * Monthly reports: a draft of any month as of any moment, and the editions that were published. The
 * ledger is sealed up to the moment first, so that the same question has the same answer for ever. A
 * month that comes out otherwise later gets a further edition, which says what it restates; none is
 * changed or deleted.
 */
import { createHash } from 'node:crypto'
import type { Fault } from '../kernel/fault.ts'
import {
  REPORT_EDITIONS_MAX,
  REPORT_FIGURES_LENGTH_MAX,
  REPORT_SIGN_OFFS_MAX,
} from '../kernel/report-limits.ts'
import { buildFigures, isOver } from '../reports/build.ts'
import { changesBetween } from '../reports/changes.ts'
import type { Change, Publication, Report, ReportFigures, ReportStatus } from '../reports/model.ts'
import { sealLedger } from '../store/ledger.ts'
import {
  findLastReport,
  findReport,
  insertReport,
  insertSignOff,
  listReportRows,
  lockReports,
  type ReportRow,
  type WholeReport,
} from '../store/reports.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { type ReportFault, reportFault } from './report-faults.ts'
import { reportFigures } from './report-figures.ts'
import type { FlowDeps } from './types.ts'

export interface ReportRequest {
  /** yyyy-MM in China. */
  readonly month: string
  /** Now unless told. */
  readonly asOf?: Date | undefined
}

/** A report that nobody publishes: of any month, also one that has not ended. */
export const draftReport = async (
  deps: FlowDeps,
  request: ReportRequest,
): Promise<Report | { readonly faults: readonly Fault[] }> => {
  const now = deps.clock.now()
  const asOf = request.asOf ?? now
  if (asOf > now) return { faults: [reportFault('asOf-IN_FUTURE')] }
  const { figures, sha256 } = await made(deps, request.month, asOf)
  return { figures, sha256, publication: null }
}

export type PublishAnswer =
  | { readonly kind: 'published' | 'unchanged'; readonly publication: Publication }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }

/**
 * The next edition of a month. Where no line differs from the last one, there is nothing to publish,
 * and that one is told.
 */
export const publishReport = async (
  deps: FlowDeps,
  request: ReportRequest,
  by: string,
): Promise<PublishAnswer> => {
  const now = deps.clock.now()
  const asOf = request.asOf ?? now
  const wrong = (what: ReportFault): PublishAnswer => ({
    ...{ kind: 'wrong', faults: [reportFault(what)] },
  })
  if (asOf > now) return wrong('asOf-IN_FUTURE')
  if (!isOver(request.month, asOf)) return wrong('month-NOT_OVER')
  const fresh = await made(deps, request.month, asOf)
  return inTransaction(deps.db, async (trx) => {
    await lockReports(trx, request.month)
    const last = await findLastReport(trx, request.month)
    if (last !== undefined) {
      if (request.asOf !== undefined && asOf <= last.asOf) return wrong('asOf-BEFORE_LAST')
      if (last.edition >= REPORT_EDITIONS_MAX) return wrong('month-EDITIONS_FULL')
    }
    const changes = last === undefined ? [] : changesBetween(figuresIn(last.figures), fresh.figures)
    if (last !== undefined && changes.length === 0)
      return { kind: 'unchanged', publication: publicationOf(last) }
    const publication = await write(trx, deps, { request, asOf, now, by, fresh, last, changes })
    return { kind: 'published', publication }
  })
}

interface Made {
  readonly figures: ReportFigures
  readonly text: string
  readonly sha256: string
}

const made = async (deps: FlowDeps, month: string, asOf: Date): Promise<Made> => {
  await inTransaction(deps.db, (trx) => sealLedger(trx, asOf))
  const figures = await buildFigures(reportFigures(deps), month, asOf)
  const text = JSON.stringify(figures)
  if (text.length > REPORT_FIGURES_LENGTH_MAX)
    throw new Error(`figures of ${month} have ${text.length} characters`)
  return { figures, text, sha256: createHash('sha256').update(text).digest('hex') }
}

const write = async (
  trx: Trx,
  deps: FlowDeps,
  what: {
    readonly request: ReportRequest
    readonly asOf: Date
    readonly now: Date
    readonly by: string
    readonly fresh: Made
    readonly last: WholeReport | undefined
    readonly changes: readonly Change[]
  },
): Promise<Publication> => {
  const { request, fresh, last } = what
  const changesText = JSON.stringify(what.changes)
  const row = {
    ...{ id: deps.ids.next(), month: request.month, edition: (last?.edition ?? 0) + 1 },
    ...{ asOf: what.asOf, publishedAt: what.now, publishedBy: what.by },
    ...{ figures: fresh.text, sha256: fresh.sha256, changesText },
  }
  await insertReport(trx, row)
  return publicationOf({ ...row, signOffs: [] })
}

/** The latest month first, and of each its editions, the latest first. */
export const listReports = async (
  { db }: Pick<FlowDeps, 'db'>,
  page: {
    readonly month?: string | undefined
    readonly cursor?: string | undefined
    readonly limit: number
  },
): Promise<{ readonly reports: readonly ReportSummary[]; readonly next: string | null }> => {
  const { month, cursor, limit } = page
  const rows = await listReportRows(db, { month, after: cursor, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  return {
    reports: shown.map((row) => ({ ...summaryOf(row), changes: row.changes })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}

/** With the number of lines it restates, where the publication has the lines. */
export interface ReportSummary extends Omit<Publication, 'changes'> {
  readonly changes: number
}

export const findEdition = async (
  { db }: Pick<FlowDeps, 'db'>,
  id: string,
): Promise<Report | undefined> => {
  const row = await findReport(db, id)
  return row === undefined
    ? undefined
    : {
        ...{ figures: figuresIn(row.figures), sha256: row.sha256 },
        publication: publicationOf(row),
      }
}

export type SignOffAnswer =
  | { readonly kind: 'signed'; readonly publication: Publication }
  | { readonly kind: 'unknown' | 'signed-already' | 'superseded' | 'too-many' }

/** Makes an edition final: the last one of its month, once for each role. */
export const signOffReport = async (
  deps: FlowDeps,
  id: string,
  { role, by }: { readonly role: string; readonly by: string },
): Promise<SignOffAnswer> =>
  inTransaction(deps.db, async (trx): Promise<SignOffAnswer> => {
    const found = await findReport(trx, id)
    if (found === undefined) return { kind: 'unknown' }
    // No edition comes between: whoever publishes takes the same lock.
    await lockReports(trx, found.month)
    const last = await findLastReport(trx, found.month)
    if (last?.id !== found.id) return { kind: 'superseded' }
    if (last.signOffs.length >= REPORT_SIGN_OFFS_MAX) return { kind: 'too-many' }
    const isNew = await insertSignOff(trx, id, { role, by, at: deps.clock.now() })
    if (!isNew) return { kind: 'signed-already' }
    const signed = await findReport(trx, id)
    return signed === undefined
      ? { kind: 'unknown' }
      : { kind: 'signed', publication: publicationOf(signed) }
  })

const statusOf = ({ edition, signOffs }: Pick<ReportRow, 'edition' | 'signOffs'>): ReportStatus => {
  if (signOffs.length > 0) return 'final'
  return edition === 1 ? 'preliminary' : 'revised'
}

const summaryOf = (
  row: Omit<ReportRow, 'changes' | 'publishedBy'>,
): Omit<Publication, 'changes'> => ({
  id: row.id,
  number: `YG-${row.month}-${String(row.edition).padStart(2, '0')}`,
  ...{ month: row.month, edition: row.edition, status: statusOf(row) },
  ...{ asOf: row.asOf.toISOString(), publishedAt: row.publishedAt.toISOString() },
  ...{ sha256: row.sha256, signOffs: row.signOffs },
})

const publicationOf = (
  row: Omit<ReportRow, 'changes' | 'publishedBy'> & Pick<WholeReport, 'changesText'>,
): Publication => ({ ...summaryOf(row), changes: changesIn(row.changesText) })

/** Our own text, stored as it was made. */
const figuresIn = (text: string): ReportFigures => JSON.parse(text) as ReportFigures
const changesIn = (text: string): readonly Change[] => JSON.parse(text) as readonly Change[]
