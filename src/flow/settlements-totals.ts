/**
 * Figures of settlements: totals that tie to the fen, what is open by age, and sellers near or above
 * the line from which they register with the exchange administration.
 */

import type { RuleName } from '../catalogue/rule-values.ts'
import {
  DOLLAR,
  openReasons,
  settlement,
  settlementDirections,
  YUAN,
} from '../catalogue/settlement.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { isId } from '../kernel/ids.ts'
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import {
  REGISTRATION_SELLERS_MAX,
  SETTLEMENT_TOTALS_ROWS_MAX,
} from '../kernel/settlement-limits.ts'
import { amountOf } from '../rules/settlement.ts'
import { findRuleValues, type RuleValues } from '../store/rule-values.ts'
import {
  type AgeSum,
  findSellerYears,
  listOpenLines,
  listOpenLists,
  type OpenLine,
  type OpenList,
  type SellerYear,
  type SettlementTotal,
  sumOpenLines,
  sumOpenLists,
  sumSettlements,
} from '../store/settlements-totals.ts'
import { sightOf } from './settlements-sight.ts'
import { findTies, type SettlementTies } from './settlements-ties.ts'
import type { Caller, FlowDeps } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

export interface SettlementTotals extends SettlementTies {
  readonly asOf: string
  readonly from: string
  readonly to: string
  readonly rows: readonly (SettlementTotal & { readonly directionName: Text })[]
  /** Rows were left out because there are too many. */
  readonly truncated: boolean
}

/** Months are yyyyMM, both included. */
export const settlementTotals = async (
  deps: Deps,
  caller: Caller,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<SettlementTotals> => {
  const sight = await sightOf(deps, caller)
  const limit = SETTLEMENT_TOTALS_ROWS_MAX
  const now = deps.clock.now()
  // What is settled meanwhile is on no side of what is compared.
  const { rows, ties } = await deps.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => ({
      rows: await sumSettlements(trx, { sight, from, to, limit: limit + 1 }),
      ties: await findTies(trx, { sight, from, to, now }),
    }))
  const shown = rows.slice(0, limit).map((row) => {
    const { zh, en } = directionOf(row.direction)
    return { ...row, directionName: { zh, en } }
  })
  return {
    ...{ asOf: now.toISOString(), from, to, rows: shown },
    ...{ ...ties, truncated: rows.length > limit },
  }
}

const directionOf = (code: string): Text =>
  settlementDirections[code as keyof typeof settlementDirections]

// ---- open items ----------------------------------------------------------------------------------

export interface AgeGroup extends Omit<AgeSum, 'place'> {
  /** Days since release, or since the value date: first and last one; null: no last one. */
  readonly fromDays: number
  readonly toDays: number | null
}

export interface OpenItems {
  readonly asOf: string
  readonly lists: readonly AgeGroup[]
  readonly lines: readonly AgeGroup[]
  /** A page of what was asked for. */
  readonly openLists: readonly OpenList[]
  readonly openLines: readonly (OpenLine & { readonly why: Text })[]
  readonly next: string | null
}

export interface OpenQuery {
  readonly of: 'lists' | 'lines'
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export const openItems = async (
  deps: Deps,
  caller: Caller,
  query: OpenQuery,
): Promise<OpenItems> => {
  const now = deps.clock.now()
  const sight = await sightOf(deps, caller)
  const ages = { days: agesOf(await findRuleValues(deps.db, chinaDay(now))), today: chinaDay(now) }
  const codes = sight?.sellerCodes ?? null
  const [lists, lines] = [
    await sumOpenLists(deps.db, codes, ages),
    await sumOpenLines(deps.db, sight, ages),
  ]
  const limit = Math.min(query.limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  const [first = '', second = ''] = readOpenCursor(query.cursor ?? '', query.of) ?? []
  const isFirst = query.cursor === undefined
  const listRows =
    query.of === 'lists'
      ? await listOpenLists(deps.db, codes, {
          ...{ after: isFirst ? undefined : [first, second], limit: limit + 1 },
        })
      : []
  const lineRows =
    query.of === 'lines'
      ? await listOpenLines(deps.db, sight, {
          ...{ after: isFirst ? undefined : [second, Number(first)], limit: limit + 1 },
        })
      : []
  const openLists = listRows.slice(0, limit)
  const openLines = lineRows
    .slice(0, limit)
    .map((line) => ({ ...line, why: openReasons[line.reason as keyof typeof openReasons] }))
  const [list, line] = [openLists.at(-1), openLines.at(-1)]
  const isMore = listRows.length > limit || lineRows.length > limit
  return {
    ...{ asOf: now.toISOString(), openLists, openLines },
    lists: lists.map((sum) => groupOf(sum, ages.days)),
    lines: lines.map((sum) => groupOf(sum, ages.days)),
    next: !isMore
      ? null
      : list !== undefined
        ? `${list.releasedOn}.${list.id}`
        : `${line?.position}.${line?.settlementId}`,
  }
}

/** Positions of lines; a line has one of `SETTLEMENT_LINES_MAX`. */
const POSITION = /^\d{1,4}$/
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** A day (of lists) or a position (of lines), and an id; undefined for what is no cursor of ours. */
export const readOpenCursor = (
  cursor: string,
  of: OpenQuery['of'],
): readonly [string, string] | undefined => {
  const [first = '', second = '', ...more] = cursor.split('.')
  const isRight = of === 'lines' ? POSITION.test(first) : isDay(first)
  return isRight && isId(second) && more.length === 0 ? [first, second] : undefined
}

/** Not 30 February: the database would refuse it. */
const isDay = (text: string): boolean => {
  const at = DAY.test(text) ? new Date(`${text}T00:00:00Z`) : undefined
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}

const AGES = ['settlement-age-first', 'settlement-age-second', 'settlement-age-third'] as const

/** Figures that are no whole numbers in rising order say nothing: then there are fewer groups. */
const agesOf = (values: RuleValues): readonly number[] => {
  const days = AGES.map((name) => Number(values(name, settlement.code)?.value ?? Number.NaN))
  return [...new Set(days.filter((day) => Number.isInteger(day)))].toSorted((a, b) => a - b)
}

const groupOf = ({ place, ...sum }: AgeSum, days: readonly number[]): AgeGroup => ({
  ...{ fromDays: place === 0 ? 0 : (days[place - 1] ?? 0) + 1, toDays: days[place] ?? null },
  ...sum,
})

// ---- the registration line -----------------------------------------------------------------------

export interface RegistrationSeller extends SellerYear {
  /** `above` the line, `near` it, or unknown because a rate is missing and what is known is below. */
  readonly verdict: 'above' | 'near' | 'unknown'
}

export interface RegistrationLine {
  readonly asOf: string
  readonly year: number
  readonly basis: 'gross' | 'net'
  /** USD; null where no figure is in force, and nothing is told then. */
  readonly line: Figure | null
  readonly near: Figure | null
  readonly sellers: readonly RegistrationSeller[]
  readonly truncated: boolean
}

interface Figure {
  readonly value: string
  readonly confidence: string
  readonly source: string
}

/** Figures are those in force at the end of the year, or today in the current one. */
export const registrationLine = async (
  deps: Deps,
  caller: Caller,
  asked: number | undefined,
): Promise<RegistrationLine> => {
  const now = deps.clock.now()
  const today = chinaDay(now)
  const year = asked ?? Number(today.slice(0, 4))
  const end = `${year}-12-31`
  const values = await findRuleValues(deps.db, end < today ? end : today)
  const [line, near] = [
    figure(values, 'registration-line-usd'),
    figure(values, 'registration-near-usd'),
  ]
  const basis =
    values('registration-basis', settlement.code)?.value === 'net'
      ? ('net' as const)
      : ('gross' as const)
  const facts = { asOf: now.toISOString(), year, basis, line, near }
  if (line === null || near === null) return { ...facts, sellers: [], truncated: false }
  const codes = (await sightOf(deps, caller))?.sellerCodes ?? null
  const limit = REGISTRATION_SELLERS_MAX
  const rows = await findSellerYears(deps.db, {
    ...{ codes, year: String(year), basis, dollar: DOLLAR, yuan: YUAN, from: near.value },
    limit: limit + 1,
  })
  const sellers = rows
    .slice(0, limit)
    .map((row) => ({ ...row, verdict: verdictOf(row, line, near) }))
  return { ...facts, sellers, truncated: rows.length > limit }
}

const figure = (values: RuleValues, name: RuleName): Figure | null => {
  const found = values(name, settlement.code)
  if (found === undefined) return null
  const { value, confidence, source } = found
  return { value, confidence, source }
}

const verdictOf = (
  { received, paid }: SellerYear,
  line: Figure,
  near: Figure,
): RegistrationSeller['verdict'] => {
  const [a, b] = [amountOf(received), amountOf(paid)]
  const most = a > b ? a : b
  if (most > amountOf(line.value)) return 'above'
  return most > amountOf(near.value) ? 'near' : 'unknown'
}
