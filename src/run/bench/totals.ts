/**
 * Totals over a year of lists: what the committee's desk asks, through the flow and over HTTP, live and
 * as of earlier moments; how a figure opens and goes out as a file; how long it takes to check and to
 * rebuild all of it, and how much room it takes. Needs the PostgreSQL that DATABASE_URL names; the
 * database it makes is dropped at the end, unless `--keep` leaves it and names it; with `--made` the one
 * that DATABASE_URL names is measured as it is. Its tables are kept off the log, and nothing waits for
 * the disk while they are filled: reading is what is measured.
 */
import { sql } from 'kysely'
import { foldLedger } from '../../flow/ledger-folding.ts'
import { type TotalsQuery, totals } from '../../flow/totals.ts'
import { checkTotals, rebuild } from '../../flow/totals-rebuild.ts'
import { zonesView } from '../../flow/zones.ts'
import { EVERYWHERE } from '../../store/ledger-totals.ts'
import type { Db } from '../../store/tables.ts'
import type { RunningGateway } from '../node.ts'
import {
  type Asked,
  askedIn,
  type BenchDatabase,
  type Desk,
  get,
  round,
  tell,
  timed,
  times,
  withDatabase,
} from './measuring.ts'
import { makeYear } from './year.ts'
import { catchUp } from './year-chores.ts'

export interface TotalsFigures {
  readonly name: 'totals'
  readonly lists: number
  readonly loadSeconds: number
  readonly listsPerSecondLoaded: number
  /** Of all tables with their indexes. */
  readonly databaseBytesPerList: number
  readonly ledgerEntries: number
  /** Rows of sums as batches told them, and put together: by all, and by one dimension alone. */
  readonly sumsTold: number
  readonly sumsFolded: number
  readonly sumsAlone: number
  /** Rows of figures that are kept by year and month. */
  readonly figuresKept: number
  readonly foldSeconds: number
  /** Of the slowest question by its median. */
  readonly slowestQuestion: string
  readonly slowestMedianMs: number
  /** Each question: median and 95th percentile, milliseconds, and how many times it was asked. */
  readonly questions: Readonly<Record<string, Asked>>
  readonly exportRowsPerSecond: number
  readonly checkSeconds: number
  readonly differences: number
  readonly rebuildSeconds: number
}

const LISTS_DEFAULT = 5_000_000
const SEED = 5
const YEAR = 2025
/** About so many lists are written at once. */
const LISTS_AT_ONCE = 16_000

export const benchTotals = (
  server: string | undefined,
  lists = LISTS_DEFAULT,
  from: BenchDatabase = {},
): Promise<TotalsFigures> =>
  withDatabase('totals', server, from, (gateway, db) =>
    measure(gateway, db, from.made === true ? undefined : lists),
  )

/** Makes so many lists, or takes those that are there. */
const measure = async (
  gateway: RunningGateway,
  db: Db,
  wanted: number | undefined,
): Promise<TotalsFigures> => {
  const lists = wanted ?? (await countLists(db))
  const made = await prepare(db, lists, wanted === undefined)
  const { key } = await gateway.accounts.createOperatorKey({
    ...{ name: 'bench', scopes: ['operator', 'documents:read', 'totals:read'] },
  })
  const desk: Desk = { gateway, key }
  const questions: Record<string, Asked> = {}
  const year = wanted === undefined ? await yearOf(db) : String(YEAR)
  for (const question of [...questionsOf(year), ...pagesOf(year), `${ZONES}${year}11`]) {
    const asked = await askOften(desk, question)
    questions[question] = asked
    tell(question, asked)
  }
  const [slowest = ['', undefined]] = Object.entries(questions).sort(
    ([, a], [, b]) => b.medianMs - a.medianMs,
  )
  const exported = await timed(() => exportRows(desk, exportOf(year)))
  const exportRowsPerSecond = Math.round(exported.value / exported.seconds)
  tell('export', { rows: exported.value, exportRowsPerSecond })
  const deps = { db, clock: { now: () => new Date() } }
  const check = await timed(() => checkTotals(deps))
  tell('check', { ...check.value, seconds: round(check.seconds) })
  const again = await timed(() => rebuild(deps))
  return {
    ...{ name: 'totals', lists, ...made },
    ...{ slowestQuestion: slowest[0], slowestMedianMs: slowest[1]?.medianMs ?? 0, questions },
    ...{ exportRowsPerSecond, checkSeconds: round(check.seconds) },
    differences: check.value.corrected + check.value.sums,
    rebuildSeconds: round(again.seconds),
  }
}

const countLists = async (db: Db): Promise<number> => {
  const { rows } = await sql<{ lists: number }>`
    select count(*)::integer as lists from document_state
    where kind in ('CEB603', 'CEB621')`.execute(db)
  return rows[0]?.lists ?? 0
}

/** In which most lists count: a few of its last days are released in the next. */
const yearOf = async (db: Db): Promise<string> => {
  const { rows } = await sql<{ year: string }>`
    select period as year from ledger_total
    where length(period) = 4 and dim = '' and zone = ${EVERYWHERE}
    group by period order by sum(count) desc limit 1`.execute(db)
  return rows[0]?.year ?? String(YEAR)
}

const prepare = async (db: Db, lists: number, isThere: boolean) => {
  const daysAtOnce = Math.min(31, Math.ceil((LISTS_AT_ONCE * 365) / lists))
  const load = await timed(async () => {
    if (!isThere) await makeYear(db, { lists, seed: SEED, year: YEAR, daysAtOnce, unlogged: true })
  })
  const { sums: sumsTold } = await sizesOf(db)
  const fold = await timed(() => foldLedger({ db }, Number.POSITIVE_INFINITY))
  await catchUp(db)
  const { bytes, entries, folded, alone, kept } = await sizesOf(db)
  const made = {
    loadSeconds: round(load.seconds),
    listsPerSecondLoaded: isThere ? 0 : Math.round(lists / load.seconds),
    databaseBytesPerList: Math.round(bytes / lists),
    ...{ ledgerEntries: entries, sumsTold, sumsFolded: folded, sumsAlone: alone },
    figuresKept: kept,
    foldSeconds: round(fold.seconds),
  }
  tell('made', made)
  return made
}

/** What is asked of the totals of a year, as it stands in the URL. */
const questionsOf = (year: string): readonly string[] =>
  [
    ...['zone', 'mode', 'month', 'direction', 'country', 'chapter', 'enterprise'].map(
      (by) => `by=${by}`,
    ),
    'by=zone&scope=declared',
    'by=zone&scope=settled',
    'by=zone&scope=policy',
    'by=month&scope=policy',
    `by=mode&zone=CQ-LLGY&month=${year}11`,
    `by=enterprise&month=${year}11`,
    `by=enterprise&zone=CQ-LLGY&month=${year}11`,
    'by=country&zone=CQ-LLGY',
    'by=month&enterprise=500196M001',
    'by=enterprise&country=110',
    `by=zone&asOf=${year}-10-30T15:59:59.999Z`,
    `by=zone&asOf=${year}-09-30T15:59:59.999Z`,
    `by=zone&asOf=${year}-01-31T15:59:59.999Z`,
    `by=enterprise&asOf=${year}-09-15T15:59:59.999Z`,
  ].map((question) => `${question}&year=${year}`)

const pagesOf = (year: string): readonly string[] => [
  `documents?month=${year}11&zone=CQ-LLGY&limit=50`,
  `documents?month=${year}11&enterprise=500196M001&limit=50`,
]
const ZONES = 'zones?month='
const exportOf = (year: string): string => `export.csv?month=${year}02&zone=CQ-XY`

const askOften = async (desk: Desk, question: string): Promise<Asked> => {
  const isPage = question.startsWith('documents?')
  const flow = { ...desk.gateway.flow, db: desk.gateway.database.report.db }
  const inside = isPage ? [] : await times(() => askInside(flow, question))
  const path = question.startsWith(ZONES)
    ? `/${question}`
    : `/totals${isPage ? '/' : '?'}${question}`
  const http = await times(async () => void (await (await get(desk, path)).arrayBuffer()))
  return askedIn(inside.length === 0 ? http : inside, http)
}

const askInside = async (flow: RunningGateway['flow'], question: string): Promise<void> => {
  if (question.startsWith(ZONES)) await zonesView(flow, { month: question.slice(ZONES.length) })
  else await totals(flow, queryOf(question))
}

const queryOf = (question: string): TotalsQuery => {
  const { asOf, year, ...others } = Object.fromEntries(new URLSearchParams(question))
  return {
    ...(others as Pick<TotalsQuery, 'by'>),
    ...{ year: Number(year), asOf: asOf === undefined ? undefined : new Date(asOf) },
  }
}

/** Rows of a file, read to its end. */
const exportRows = async (desk: Desk, path: string): Promise<number> => {
  const answer = await get(desk, `/totals/${path}`)
  let rows = -1
  for await (const bytes of answer.body ?? [])
    for (const byte of bytes as Uint8Array) if (byte === NEWLINE) rows += 1
  return rows
}

const NEWLINE = 10

const sizesOf = async (db: Db) => {
  const found = await sql<
    Readonly<Record<'bytes' | 'entries' | 'sums' | 'folded' | 'alone' | 'kept', number>>
  >`
    select pg_database_size(current_database())::float8 as bytes,
      (select count(*) from ledger_entry)::integer as entries,
      (select count(*) from ledger_sum)::integer as sums,
      (select count(*) from ledger_fold)::integer as folded,
      (select count(*) from ledger_dim_fold)::integer as alone,
      (select count(*) from ledger_total)::integer as kept`.execute(db)
  return found.rows[0] ?? { bytes: 0, entries: 0, sums: 0, folded: 0, alone: 0, kept: 0 }
}
