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
import type { SettlementSight } from '../store/settlements.ts'
import type { SettlementSource } from '../store/settlements-then.ts'
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
import { countedLink } from './settlements-links.ts'
import { sightOf } from './settlements-sight.ts'
import { momentOfStanding, standingAt, toldTogether } from './settlements-standing.ts'
import { findTies, type SettlementTies } from './settlements-ties.ts'
import type { Caller, FlowDeps, Moment } from './types.ts'

type Deps = Pick<FlowDeps, 'db' | 'clock'>

/** What is matched is null as of a moment from which that was not kept. */
type Unmatched = 'matched' | 'unmatched' | 'over'

export interface SettlementTotals extends SettlementTies, Moment {
  readonly from: string
  readonly to: string
  readonly rows: readonly (Omit<SettlementTotal, Unmatched> & {
    readonly [name in Unmatched]: string | null
  } & {
    readonly directionName: Text
    /** The records that the row counts; null for whoever sees figures alone. */
    readonly links: { readonly records: string | null }
  })[]
  /** Rows were left out because there are too many. */
  readonly truncated: boolean
  /** Of what is null or left out as of a moment, and of what is not compared. */
  readonly untold: Text | null
}

export interface SettlementTotalsQuery {
  /** Months, yyyyMM, both included. */
  readonly from: string
  readonly to: string
  /** As known at this moment, not later than now; as known now when left out. */
  readonly asOf?: Date | undefined
  /** Id of the enterprise in whose name it is asked, where that was chosen. */
  readonly enterprise?: string | undefined
}

/** `opensRecords`: the caller may see records, not their figures alone. */
export const settlementTotals = async (
  deps: Deps,
  caller: Caller,
  { from, to, asOf, enterprise }: SettlementTotalsQuery,
  opensRecords: boolean,
): Promise<SettlementTotals> => {
  const sight = await sightOf(deps, caller)
  const limit = SETTLEMENT_TOTALS_ROWS_MAX
  const standing = await standingAt(deps, asOf)
  const { source, isKept, untold } = standing
  // What is settled meanwhile is on no side of what is compared.
  const { rows, compared } = await deps.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const rows = await sumSettlements(trx, source, { sight, from, to, limit: limit + 1 })
      const told = rows.length > limit ? undefined : rows
      return { rows, compared: await findTies(trx, { sight, from, to, standing, rows: told }) }
    })
  const shown = rows.slice(0, limit).map((row) => {
    const { zh, en } = directionOf(row.direction)
    return {
      ...{ ...row, directionName: { zh, en } },
      ...(isKept ? {} : { matched: null, unmatched: null, over: null }),
      links: { records: opensRecords ? countedLink({ ...row, asOf, enterprise }) : null },
    }
  })
  return {
    ...{ ...momentOfStanding(standing), from, to, rows: shown },
    ...{ ...compared.ties, truncated: rows.length > limit },
    untold: toldTogether(asOf === undefined ? [compared.untold] : [untold, LISTS_UNTOLD]),
  }
}

/** As of a moment. */
const LISTS_UNTOLD: Text = {
  zh: '以过去时刻询问时，不与清单核对（“清单”“未结”“所列合计”三项和待核对清单数只有现在的数）',
  en: 'As of a moment, records are not compared with lists: the legs lists, open and sums, and what is pending, are told as of now alone',
}

const directionOf = (code: string): Text =>
  settlementDirections[code as keyof typeof settlementDirections]

// ---- open items ----------------------------------------------------------------------------------

export interface AgeGroup extends Omit<AgeSum, 'place'> {
  /** Days since release, or since the value date: first and last one; null: no last one. */
  readonly fromDays: number
  readonly toDays: number | null
}

/** Null as of a moment from which it was not kept what was open. */
export interface OpenItems extends Moment {
  readonly lists: readonly AgeGroup[] | null
  readonly lines: readonly AgeGroup[] | null
  /** A page of what was asked for. */
  readonly openLists: readonly OpenList[] | null
  readonly openLines: readonly (OpenLine & { readonly why: Text })[] | null
  readonly next: string | null
  /** Why it is null, and of what is of now as of a moment. */
  readonly untold: Text | null
}

export interface OpenQuery {
  readonly of: 'lists' | 'lines'
  /** As known at this moment, not later than now; as known now when left out. */
  readonly asOf?: Date | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

export const openItems = async (
  deps: Deps,
  caller: Caller,
  query: OpenQuery,
): Promise<OpenItems> => {
  const standing = await standingAt(deps, query.asOf)
  const moment = momentOfStanding(standing)
  const { source, untold, isKept, at } = standing
  if (!isKept) {
    const nothing = { lists: null, lines: null, openLists: null, openLines: null, next: null }
    return { ...moment, ...nothing, untold }
  }
  const sight = await sightOf(deps, caller)
  const today = chinaDay(at)
  const ages = { days: agesOf(await findRuleValues(deps.db, today)), today }
  const lists = await sumOpenLists(deps.db, source, sight?.sellerCodes ?? null, ages)
  const lines = await sumOpenLines(deps.db, source, sight, ages)
  return {
    ...{ ...moment, ...(await pageOfOpen(deps, source, sight, query)) },
    lists: lists.map((sum) => groupOf(sum, ages.days)),
    lines: lines.map((sum) => groupOf(sum, ages.days)),
    untold: query.asOf === undefined ? null : AGES_OF_NOW,
  }
}

/** As of a moment. */
const AGES_OF_NOW: Text = {
  zh: '账龄分组用所问当日有效、现在所录的数值，其修改没有留存何时所为',
  en: 'Groups of age go by the figures in force on the day of the moment as they are entered now; when they were edited is not kept',
}

const pageOfOpen = async (
  { db }: Deps,
  source: SettlementSource,
  sight: SettlementSight | null,
  { of, cursor, limit: size = PAGE_ROWS }: OpenQuery,
) => {
  const limit = Math.min(size, PAGE_ROWS_MAX)
  const [first = '', second = ''] = readOpenCursor(cursor ?? '', of) ?? []
  const isFirst = cursor === undefined
  const listRows =
    of === 'lists'
      ? await listOpenLists(db, source, sight?.sellerCodes ?? null, {
          ...{ after: isFirst ? undefined : [first, second], limit: limit + 1 },
        })
      : []
  const lineRows =
    of === 'lines'
      ? await listOpenLines(db, source, sight, {
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
    ...{ openLists, openLines },
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

export interface RegistrationLine extends Moment {
  readonly year: number
  readonly basis: 'gross' | 'net'
  /** USD; null where no figure is in force, and nothing is told then. */
  readonly line: Figure | null
  readonly near: Figure | null
  readonly sellers: readonly RegistrationSeller[]
  readonly truncated: boolean
  /** Of what is of now as of a moment. */
  readonly untold: Text | null
}

export interface RegistrationQuery {
  /** That of the moment when left out. */
  readonly year?: number | undefined
  /** As known at this moment, not later than now; as known now when left out. */
  readonly asOf?: Date | undefined
}

interface Figure {
  readonly value: string
  readonly confidence: string
  readonly source: string
}

/** Figures are those in force at the end of the year, or on the day of the moment in its own year. */
export const registrationLine = async (
  deps: Deps,
  caller: Caller,
  { year: asked, asOf }: RegistrationQuery,
): Promise<RegistrationLine> => {
  const standing = await standingAt(deps, asOf)
  const today = chinaDay(standing.at)
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
  const untold = asOf === undefined ? null : LINE_OF_NOW
  const facts = { ...momentOfStanding(standing), year, basis, line, near, untold }
  if (line === null || near === null) return { ...facts, sellers: [], truncated: false }
  const codes = (await sightOf(deps, caller))?.sellerCodes ?? null
  const limit = REGISTRATION_SELLERS_MAX
  const rows = await findSellerYears(deps.db, standing.source, {
    ...{ codes, year: String(year), basis, dollar: DOLLAR, yuan: YUAN, from: near.value },
    limit: limit + 1,
  })
  const sellers = rows
    .slice(0, limit)
    .map((row) => ({ ...row, verdict: verdictOf(row, line, near) }))
  return { ...facts, sellers, truncated: rows.length > limit }
}

/** As of a moment. */
const LINE_OF_NOW: Text = {
  zh: '登记线、提示线和计算口径用所问当日有效、现在所录的数值，企业的两个代码按现在登记的归为一家；二者的修改没有留存何时所为',
  en: 'The line, what is near it and the basis are those in force on the day of the moment as they are entered now, and the two codes of an enterprise go together as they are registered now; when these were edited is not kept',
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
