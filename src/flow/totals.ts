/**
 * Totals: value and count of lists and settlements, in a named scope, with its definition, its gaps and
 * the distance to the target. What counts is kept by the transaction of every change
 * (`store/ledger.ts`); as of a moment the same question always has the same answer.
 */
import { declarations, findAct } from '../catalogue/index.ts'
import type { CountedRole } from '../catalogue/message.ts'
import { exchangeRates } from '../catalogue/reference/taxes.ts'
import { TARGET_SCOPE } from '../catalogue/scoreboard.ts'
import { chinaDay, stamp17 } from '../kernel/clock.ts'
import { type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { apportioned } from '../rules/yuan.ts'
import { findSeal, sealLedger } from '../store/ledger.ts'
import { findMeasure, type Measure } from '../store/measures.ts'
import { findTotals, isCodeOf } from '../store/totals.ts'
import type { TotalsColumn, TotalsDim } from '../store/totals-asked.ts'
import { inTransaction } from '../store/transaction.ts'
import { findTarget, type YearTarget } from '../store/year-targets.ts'
import { labelsOf } from './totals-labels.ts'
import type { TotalsScope } from './totals-links.ts'
import type { FlowDeps, Moment, Totals, TotalsBy } from './types.ts'

export interface TotalsQuery {
  /** Calendar year, China time; the current one when left out. */
  readonly year?: number | undefined
  readonly by: TotalsBy
  /** `released` when left out. */
  readonly scope?: TotalsScope | undefined
  /** As whose an enterprise counts; `merchant` when left out. */
  readonly role?: CountedRole | undefined
  /** yyyyMM */
  readonly month?: string | undefined
  /** '' for what no rule places. */
  readonly zone?: string | undefined
  readonly mode?: string | undefined
  readonly direction?: 'import' | 'export' | undefined
  readonly enterprise?: string | undefined
  readonly country?: string | undefined
  readonly chapter?: string | undefined
  readonly institution?: string | undefined
  /** As known at this moment, not later than now; as known now when left out. */
  readonly asOf?: Date | undefined
}

export const totals = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  query: TotalsQuery,
): Promise<Totals> => {
  const now = deps.clock.now()
  const at = query.asOf ?? now
  const year = query.year ?? Number(stamp17(at).slice(0, 4))
  const { scope = 'released', by } = query
  if (query.asOf !== undefined) await sealUpTo(deps, query.asOf)
  const measure = (await findMeasure(deps.db, scope, at)) ?? undefined
  const [found, target] = await Promise.all([
    findTotals(deps.db, {
      ...{ scopes: measure?.parts ?? [], year, asOf: query.asOf, now },
      ...{ by: keptAs(by, query), where: columnsOf(query), of: dimsOf(query) },
    }),
    findTargetFor(deps, year, query, at),
  ])
  const labels = await labelsOf(deps.db, by, found.rows, query.asOf)
  const shown = apportioned(found.rows.map(({ amount }) => amount))
  return {
    ...{ scope, definition: definitionOf(measure), ...momentOf(query.asOf, at), year, by },
    rows: found.rows.map(({ key, count }, i) => ({
      ...{ key, label: labels(key), count, amount: shown.amounts[i] ?? '0' },
    })),
    total: { count: countOf(found.rows), amount: shown.total },
    target: target && targetBeside(target, query, shown.total),
    sources: sourcesOf(measure),
    gaps: found.gaps,
  }
}

export interface YearsQuery extends Pick<TotalsQuery, 'zone' | 'asOf'> {
  /** One after the other, the earliest first. */
  readonly years: readonly number[]
  readonly scope: TotalsScope
}

/** A year's months, with what could not be converted of them. */
export type YearMonths = Pick<Totals, 'year' | 'total' | 'gaps'> & {
  readonly rows: readonly Pick<Totals['rows'][number], 'key' | 'count' | 'amount'>[]
}

/**
 * The months of several years, as `totals` tells them: the definition is read once, and targets, which
 * nobody asked for, not at all.
 */
export const monthsOfYears = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  { years, scope, ...query }: YearsQuery,
): Promise<Pick<Totals, 'definition' | 'sources'> & { readonly years: readonly YearMonths[] }> => {
  const { asOf } = query
  if (asOf !== undefined) await sealUpTo(deps, asOf)
  const now = deps.clock.now()
  const measure = (await findMeasure(deps.db, scope, asOf ?? now)) ?? undefined
  const [since = 0, year = since] = [years[0], years.at(-1)]
  const found = await findTotals(deps.db, {
    ...{ scopes: measure?.parts ?? [], year, since, asOf, now, by: 'month', of: {} },
    where: columnsOf({ ...query, by: 'month' }),
  })
  const told = years.map((each) => {
    const isOfYear = (month: string) => month.startsWith(String(each))
    const rows = found.rows.filter(({ key }) => isOfYear(key))
    const shown = apportioned(rows.map(({ amount }) => amount))
    return {
      ...{ year: each, gaps: found.gaps.filter(({ month }) => isOfYear(month)) },
      rows: rows.map(({ key, count }, i) => ({ key, count, amount: shown.amounts[i] ?? '0' })),
      total: { count: countOf(rows), amount: shown.total },
    }
  })
  return { definition: definitionOf(measure), sources: sourcesOf(measure), years: told }
}

/**
 * The moment that an answer is told for. What is told as of now may still be recorded before it; only of
 * a moment that was asked for, and thereby sealed, the same question has the same answer for ever.
 */
export const momentOf = (asked: Date | undefined, at: Date): Moment => ({
  ...{ asOf: at.toISOString(), provisional: asked === undefined },
})

const countOf = (rows: readonly { readonly count: number }[]): number =>
  rows.reduce((sum, { count }) => sum + count, 0)

/** Whether somebody may see figures by enterprise: of the one with this code, or of all. */
export const mayReadEnterprises = async (
  { db }: Pick<FlowDeps, 'db'>,
  seen: readonly string[] | 'all',
  code: string | undefined,
): Promise<boolean> => seen === 'all' || (code !== undefined && (await isCodeOf(db, seen, code)))

/** Nothing is recorded at or before the moment any more; once is enough. */
export const sealUpTo = async ({ db }: Pick<FlowDeps, 'db'>, at: Date): Promise<void> => {
  if ((await findSeal(db)) < at) await inTransaction(db, (trx) => sealLedger(trx, at))
}

const COLUMN: Readonly<Partial<Record<TotalsBy, TotalsColumn>>> = {
  ...{ zone: 'zone', mode: 'trade_mode', month: 'month', direction: 'direction' },
}

/** What it is by, as the ledger names it. */
const keptAs = (by: TotalsBy, { role = 'merchant' }: TotalsQuery): TotalsColumn | TotalsDim => {
  if (by === 'enterprise') return role
  return COLUMN[by] ?? (by as 'country' | 'chapter' | 'institution')
}

const given = <K extends string>(values: Readonly<Record<K, string | undefined>>) =>
  Object.fromEntries(
    Object.entries<string | undefined>(values).filter(([, value]) => value !== undefined),
  ) as Partial<Record<K, string>>

const columnsOf = ({ zone, mode, month, direction }: TotalsQuery) =>
  given({ zone, trade_mode: mode, month, direction })

const dimsOf = ({ role = 'merchant', enterprise, country, chapter, institution }: TotalsQuery) =>
  given<TotalsDim>({
    ...given({ [role]: enterprise }),
    ...given({ country, chapter, institution }),
  } as Record<TotalsDim, string>)

/** What narrows a figure down to less than what a target is of. */
const NARROWER = [
  ...(['month', 'mode', 'direction', 'enterprise', 'country', 'chapter', 'institution'] as const),
]

/** The target of the year beside a total; progress only where the total is all of what the target is of. */
export const targetBeside = (
  { amount, source, year, zone }: YearTarget,
  query: Omit<TotalsQuery, 'by'>,
  reached: string,
): NonNullable<Totals['target']> => {
  const comparable =
    query.scope === TARGET_SCOPE && NARROWER.every((name) => query[name] === undefined)
  return {
    ...{ year: Number(year), zone, amount, source, comparable },
    progress: comparable ? fraction(decimal(reached), decimal(amount)) : null,
  }
}

/** Undecided lists are of no zone that could have a share. */
export const findTargetFor = async (
  { db }: Pick<FlowDeps, 'db'>,
  year: number,
  { zone, asOf }: Pick<TotalsQuery, 'zone' | 'asOf'>,
  at: Date,
): Promise<YearTarget | undefined> =>
  zone === ''
    ? undefined
    : findTarget(db, { year, on: chinaDay(at), knownAt: asOf, zone: zone ?? '' })

/** A measure that somebody deleted measures nothing, and says so. */
export const definitionOf = (measure: Measure | undefined): Totals['definition'] =>
  measure === undefined
    ? { zh: '当日没有生效的口径定义', en: 'No definition is in force on that day' }
    : {
        zh: `${measure.zh}。来源：${measure.source}；可信度 ${measure.confidence}`,
        en: `${measure.en}. Source: ${measure.source}; confidence ${measure.confidence}`,
      }

/** What lists are made of: declarations that count, their returns, and the replies that say so. */
const LISTS = declarations.flatMap((entry) => {
  const back = entry.trade && findAct(entry.code, 'return')
  return entry.trade ? [entry.code, entry.reply, ...(back ? [back.code, back.reply] : [])] : []
})

export const sourcesOf = (measure: Measure | undefined): readonly string[] => {
  const parts = measure?.parts ?? []
  return [
    ...(parts.includes('declared') || parts.includes('released') ? LISTS : []),
    ...(parts.includes('settled') ? ['settlements'] : []),
    exchangeRates.name,
  ]
}

const decimal = (text: string): Decimal => readDecimal(text) ?? ZERO

/** a / b with 8 places, rounded down: progress is never overstated. */
const fraction = (a: bigint, b: bigint): string => {
  if (b === 0n || a <= 0n) return '0'
  const scaled = ((a * 100_000_000n) / b).toString().padStart(9, '0')
  return `${scaled.slice(0, -8)}.${scaled.slice(-8)}`
}
