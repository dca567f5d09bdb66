/**
 * Settlement over a year of released lists: its totals with the three-way check, what is open by age, and
 * sellers near the line of registration, through the flow and over HTTP; how long the chore takes that
 * compares a month, and a check of all. Needs the PostgreSQL that DATABASE_URL names; the database it
 * makes is dropped at the end, unless `--keep` leaves it and names it.
 */
import { sql } from 'kysely'
import { foldLedger } from '../../flow/ledger-folding.ts'
import { foldSettlements } from '../../flow/settlements-kept.ts'
import { compareSettlements } from '../../flow/settlements-ties.ts'
import { openItems, registrationLine, settlementTotals } from '../../flow/settlements-totals.ts'
import { checkAll } from '../../flow/totals-rebuild.ts'
import { SETTLEMENT_TIES_MONTHS_MAX } from '../../kernel/settlement-limits.ts'
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
import { makeSettledYear } from './settlement-year.ts'

export interface SettlementFigures {
  readonly name: 'settlement'
  readonly lists: number
  readonly records: number
  readonly loadSeconds: number
  readonly databaseBytesPerList: number
  /** Of all months together, and on average of one. */
  readonly compareSeconds: number
  readonly compareMonthSeconds: number
  readonly ties: boolean | null
  /** Each question: median and 95th percentile, milliseconds, and how many times it was asked. */
  readonly questions: Readonly<Record<string, Asked>>
  readonly checkSeconds: number
  readonly differences: number
}

const LISTS_DEFAULT = 1_000_000
const YEAR = 2025
/** What is released at the end of the year is settled in the next. */
const MONTHS_MAX = 13

export const benchSettlement = (
  server: string | undefined,
  lists = LISTS_DEFAULT,
  from: BenchDatabase = {},
): Promise<SettlementFigures> =>
  withDatabase('settlement', server, from, (gateway, db) =>
    measure(gateway, db, from.made === true ? undefined : lists),
  )

const measure = async (
  gateway: RunningGateway,
  db: Db,
  wanted: number | undefined,
): Promise<SettlementFigures> => {
  const load = await timed(async () => {
    if (wanted !== undefined) await makeSettledYear(db, { lists: wanted, year: YEAR })
  })
  await catchUp(db)
  const sizes = await sizesOf(db)
  tell('made', { ...sizes, seconds: round(load.seconds) })
  const comparing = await compareAll(gateway, db)
  tell('compared', comparing)
  const { key } = await gateway.accounts.createOperatorKey({
    ...{ name: 'bench', scopes: ['operator', 'documents:read', 'totals:read'] },
  })
  const desk: Desk = { gateway, key }
  const questions: Record<string, Asked> = {}
  for (const [path, inside] of Object.entries(questionsOf(gateway))) {
    const told = await times(async () => void (await inside()))
    const http = await times(
      async () => void (await (await get(desk, `/settlements/${path}`)).arrayBuffer()),
    )
    const asked = askedIn(told, http)
    questions[path] = asked
    tell(path, asked)
  }
  const { ties } = await settlementTotals(gateway.flow, OPERATOR, WHOLE, true)
  const check = await timed(() => checkAll({ ...gateway.flow, db }))
  return {
    ...{ name: 'settlement', ...sizes, loadSeconds: round(load.seconds), ...comparing },
    ...{ ties, questions, checkSeconds: round(check.seconds) },
    differences: check.value.corrected + check.value.sums,
  }
}

const OPERATOR = { enterpriseId: '', operator: true }
const WHOLE = { from: `${YEAR}01`, to: `${YEAR}12` }

const questionsOf = ({
  flow: all,
  database,
}: RunningGateway): Readonly<Record<string, () => Promise<object>>> => {
  const flow = { ...all, db: database.report.db }
  return {
    [`totals?year=${YEAR}`]: () => settlementTotals(flow, OPERATOR, WHOLE, true),
    'open?limit=1': () => openItems(flow, OPERATOR, { of: 'lists', limit: 1 }),
    [`registration-line?year=${YEAR}`]: () => registrationLine(flow, OPERATOR, { year: YEAR }),
  }
}

/** What the chores of a gateway would have done by now. */
const catchUp = async (db: Db): Promise<void> => {
  await foldLedger({ db }, Number.POSITIVE_INFINITY)
  await foldSettlements({ db })
  await sql`vacuum analyze`.execute(db)
}

/** Every month, in as many turns as that takes; seconds. */
const compareAll = async ({ flow }: RunningGateway, db: Db) => {
  const spent = await timed(async () => {
    for (let done = 0; done < MONTHS_MAX; done += SETTLEMENT_TIES_MONTHS_MAX)
      await compareSettlements({ db, clock: flow.clock })
  })
  const { rows } = await sql<{ months: number }>`
    select count(*)::integer as months from settlement_tie`.execute(db)
  return {
    compareSeconds: round(spent.seconds),
    compareMonthSeconds: round(spent.seconds / Math.max(1, rows[0]?.months ?? 0)),
  }
}

const sizesOf = async (db: Db) => {
  const { rows } = await sql<{ lists: number; records: number; bytes: number }>`
    select (select count(*) from settled_list)::integer as lists,
      (select count(*) from settlement)::integer as records,
      pg_database_size(current_database())::float8 as bytes`.execute(db)
  const { lists = 0, records = 0, bytes = 0 } = rows[0] ?? {}
  return { lists, records, databaseBytesPerList: Math.round(bytes / Math.max(1, lists)) }
}
