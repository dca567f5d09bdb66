/**
 * Builds the figures of a month as of a moment, from a bounded number of questions: each scope by
 * month for two years, the month by what it is split by, and the month before for growth.
 */
import { monthAfter, startOfMonth } from '../kernel/months.ts'
import {
  REPORT_GAPS_MAX,
  REPORT_MODES_MAX,
  REPORT_RANKS_MAX,
  REPORT_ZONES_MAX,
} from '../kernel/report-limits.ts'
import { growthOf } from '../rules/growth.ts'
import { byAmount, differenceOf, isNegative, ratioOf, sumOf } from './amounts.ts'
import type { FiguresAnswer, FiguresBy, FiguresSource } from './figures.ts'
import {
  type Compared,
  type Figure,
  type Gap,
  type Keyed,
  type Matrix,
  type Measure,
  type MonthFigure,
  type Ranking,
  type ReportFigures,
  type ReportScope,
  reportScopes,
  type TargetLine,
} from './model.ts'

/** `month` is yyyy-MM. Throws nothing of its own: a month without trade is a report of zeros. */
export const buildFigures = async (
  source: FiguresSource,
  month: string,
  asOf: Date,
): Promise<ReportFigures> => {
  const months = await monthsOf(source, month, asOf)
  const splits = await splitsOf(source, month, asOf)
  const { gaps, moreGaps } = gapsOf(months.answers, month)
  return {
    format: 'yuguan-monthly-report/1',
    month,
    asOf: asOf.toISOString(),
    isOver: isOver(month, asOf),
    measures: reportScopes.map((scope) => measureOf(scope, months.answers, month)),
    target: targetOf(months.answers, month),
    months: seriesOf(months.answers, month),
    ...splits,
    ...{ gaps, moreGaps },
  }
}

/** Whether a month (yyyy-MM) lies wholly before a moment, in China time. */
export const isOver = (month: string, at: Date): boolean =>
  at >= startOfMonth(monthAfter(keyOf(month), 1))

/** So many months later than a yyyy-MM, as such. */
const shift = (month: string, by: number): string => dashed(monthAfter(keyOf(month), by))
const dashed = (key: string): string => `${key.slice(0, 4)}-${key.slice(4)}`
const yearOf = (month: string): number => Number(month.slice(0, 4))
const keyOf = (month: string): string => month.replace('-', '')

// ---- months --------------------------------------------------------------------------------------

type ByScope = ReadonlyMap<
  ReportScope,
  { readonly now: FiguresAnswer | undefined; readonly before: FiguresAnswer | undefined }
>

const monthsOf = async (
  source: FiguresSource,
  month: string,
  asOf: Date,
): Promise<{ readonly answers: ByScope }> => {
  const answers = new Map<
    ReportScope,
    { now: FiguresAnswer | undefined; before: FiguresAnswer | undefined }
  >()
  for (const scope of reportScopes) {
    const ask = (year: number) => source.totals({ scope, by: 'month', year, asOf })
    answers.set(scope, { now: await ask(yearOf(month)), before: await ask(yearOf(month) - 1) })
  }
  return { answers }
}

/** Of a scope in some months; null where nothing was counted in any. */
const figureIn = (
  answers: ByScope,
  scope: ReportScope,
  months: readonly string[],
): Figure | null => {
  const found = answers.get(scope)
  const keys = new Set(months.map(keyOf))
  const rows = [...(found?.before?.rows ?? []), ...(found?.now?.rows ?? [])].filter(({ key }) =>
    keys.has(key),
  )
  return rows.length === 0 ? null : summed(rows)
}

const summed = (rows: readonly Figure[]): Figure => ({
  count: rows.reduce((sum, { count }) => sum + count, 0),
  amount: sumOf(rows.map(({ amount }) => amount)),
})

const NONE: Figure = { count: 0, amount: '0' }

const compared = (
  now: Figure | null,
  previous: Figure | null,
  lastYear: Figure | null,
): Compared => {
  const { count, amount } = now ?? NONE
  return {
    ...{ count, amount, previous, lastYear },
    previousGrowth: growthOf(amount, previous?.amount),
    lastYearGrowth: growthOf(amount, lastYear?.amount),
  }
}

/** The months of the year up to this one. */
const upTo = (month: string): readonly string[] =>
  Array.from({ length: Number(month.slice(5)) }, (_, i) => shift(`${month.slice(0, 4)}-01`, i))

const measureOf = (scope: ReportScope, answers: ByScope, month: string): Measure => {
  const asked = answers.get(scope)?.now
  const months = upTo(month)
  const inMonths = (list: readonly string[]) => figureIn(answers, scope, list)
  const lastYear = months.map((each) => shift(each, -12))
  return {
    scope,
    definition: asked?.definition ?? { zh: '', en: '' },
    sources: asked?.sources ?? [],
    month:
      asked === undefined
        ? null
        : compared(inMonths([month]), inMonths([shift(month, -1)]), inMonths([shift(month, -12)])),
    yearToDate: asked === undefined ? null : compared(inMonths(months), null, inMonths(lastYear)),
  }
}

const seriesOf = (answers: ByScope, month: string): readonly MonthFigure[] =>
  upTo(month).map((each) => {
    const of = (scope: ReportScope) => figureIn(answers, scope, [each]) ?? NONE
    return {
      month: each,
      amounts: {
        ...{ declared: of('declared'), released: of('released') },
        ...{ settled: of('settled'), policy: of('policy') },
      },
    }
  })

/** The target speaks of the policy's measure, and so does the distance to it. */
const targetOf = (answers: ByScope, month: string): TargetLine | null => {
  const target = answers.get('policy')?.now?.target
  if (target === undefined) return null
  const reached = (figureIn(answers, 'policy', upTo(month)) ?? NONE).amount
  const left = differenceOf(target.amount, reached)
  return {
    ...{ scope: 'policy', year: yearOf(month), amount: target.amount, reached },
    left: isNegative(left) ? '0' : left,
    progress: ratioOf(reached, target.amount),
    evenPace: ratioOf(month.slice(5), '12') ?? '0',
    source: target.source,
  }
}

/**
 * Of the months that the report shows: this year's up to its own, and those of last year. What the
 * policy adds up has the gaps of its parts.
 */
const gapsOf = (answers: ByScope, month: string): Pick<ReportFigures, 'gaps' | 'moreGaps'> => {
  const parts = [...answers].filter(([scope]) => scope !== 'policy')
  const all = parts.flatMap(([scope, { now, before }]) =>
    [...(before?.gaps ?? []), ...(now?.gaps ?? [])]
      .filter((gap) => gap.month <= keyOf(month))
      .map((gap): Gap => ({ scope, ...gap, month: dashed(gap.month) })),
  )
  return { gaps: all.slice(0, REPORT_GAPS_MAX), moreGaps: all.length > REPORT_GAPS_MAX }
}

// ---- splits --------------------------------------------------------------------------------------

type Splits = Pick<
  ReportFigures,
  | 'matrix'
  | 'directions'
  | 'countries'
  | 'chapters'
  | 'enterprises'
  | 'institutions'
  | 'currencies'
  | 'zones'
>

const splitsOf = async (source: FiguresSource, month: string, asOf: Date): Promise<Splits> => {
  const ask = (scope: ReportScope, by: FiguresBy, of = month, mode?: string) =>
    source.totals({
      ...{ scope, by, year: yearOf(of), month: keyOf(of), asOf },
      ...(mode === undefined ? {} : { mode }),
    })
  const ranked = async (scope: ReportScope, by: FiguresBy): Promise<Ranking | null> =>
    rankingOf(scope, await ask(scope, by), await ask(scope, by, shift(month, -1)))
  return {
    matrix: await matrixOf('released', (by, mode) => ask('released', by, month, mode)),
    directions: [
      ...directionsOf('declared', await ask('declared', 'direction')),
      ...directionsOf('released', await ask('released', 'direction')),
      ...directionsOf('settled', await ask('settled', 'direction')),
    ],
    countries: await ranked('released', 'country'),
    chapters: await ranked('released', 'chapter'),
    enterprises: await ranked('released', 'enterprise'),
    institutions: await ranked('settled', 'institution'),
    currencies: (await source.currencies?.(keyOf(month), asOf)) ?? null,
    zones: (await source.zones?.(keyOf(month), asOf)) ?? null,
  }
}

const directionsOf = (
  scope: ReportScope,
  answer: FiguresAnswer | undefined,
): ReportFigures['directions'] =>
  (answer?.rows ?? []).map(({ key, label, count, amount }) => ({
    ...{ scope, key, label, month: { count, amount } },
    share: ratioOf(amount, answer?.total.amount ?? '0'),
  }))

const rankingOf = (
  scope: ReportScope,
  now: FiguresAnswer | undefined,
  before: FiguresAnswer | undefined,
): Ranking | null => {
  if (now === undefined) return null
  const last = new Map((before?.rows ?? []).map(({ key, amount }) => [key, amount]))
  const sorted = [...now.rows].sort(
    (a, b) => byAmount(a.amount, b.amount) || (a.key < b.key ? -1 : 1),
  )
  const named = sorted.filter(({ key }) => key !== NAMELESS && key !== BEYOND)
  const shown = [
    ...named.slice(0, REPORT_RANKS_MAX),
    ...sorted.filter(({ key }) => key === NAMELESS),
  ]
  const beyond = sorted.filter(({ key }) => key === BEYOND)
  const rest = [...named.slice(REPORT_RANKS_MAX), ...beyond]
  const left = summed(rest)
  const share = (amount: string) => ratioOf(amount, now.total.amount)
  return {
    scope,
    rows: shown.map(({ key, label, count, amount }) => ({
      ...{ key, label, count, amount, share: share(amount) },
      previous: last.get(key) ?? null,
      growth: growthOf(amount, last.get(key)),
    })),
    others:
      rest.length === 0
        ? null
        : { ...left, keys: beyond.length > 0 ? null : rest.length, share: share(left.amount) },
    total: { count: now.total.count, amount: now.total.amount },
  }
}

/** Key of what names none, and of what totals do not list one by one. */
const NAMELESS = ''
const BEYOND = '*'

const OTHER_MODES: Keyed = { key: '*', label: { zh: '其他方式', en: 'Other modes' } }

/** Zones by modes; modes beyond the columns of a page are one. */
const matrixOf = async (
  scope: ReportScope,
  ask: (by: FiguresBy, mode?: string) => Promise<FiguresAnswer | undefined>,
): Promise<Matrix | null> => {
  const zones = await ask('zone')
  const byMode = await ask('mode')
  if (zones === undefined || byMode === undefined) return null
  const all = [...byMode.rows].sort((a, b) => (a.key < b.key ? -1 : 1))
  const own = all.length > REPORT_MODES_MAX ? all.slice(0, REPORT_MODES_MAX - 1) : all
  const columns: (FiguresAnswer | undefined)[] = []
  for (const { key } of own) columns.push(await ask('zone', key))
  const rows = zoneOrder(zones.rows)
    .slice(0, REPORT_ZONES_MAX)
    .map(({ key, label, count, amount }) => {
      const cells = columns.map((column) => cellOf(column, key))
      return { key, label, ...withRest(cells, { count, amount }, own.length < all.length) }
    })
  const cells = own.map(({ count, amount }) => ({ count, amount }))
  return {
    scope,
    modes: [
      ...own.map(({ key, label }) => ({ key, label })),
      ...(own.length < all.length ? [OTHER_MODES] : []),
    ],
    rows,
    total: withRest(cells, zones.total, own.length < all.length),
  }
}

/** The greatest first, and what is undecided last of all. */
const zoneOrder = (rows: FiguresAnswer['rows']): FiguresAnswer['rows'] =>
  [...rows].sort(
    (a, b) =>
      Number(a.key === '') - Number(b.key === '') ||
      byAmount(a.amount, b.amount) ||
      (a.key < b.key ? -1 : 1),
  )

const cellOf = (column: FiguresAnswer | undefined, zone: string): Figure => {
  const { count, amount } = column?.rows.find(({ key }) => key === zone) ?? NONE
  return { count, amount }
}

const withRest = (cells: readonly Figure[], whole: Figure, hasRest: boolean) => {
  const total = { count: whole.count, amount: whole.amount }
  if (!hasRest) return { cells, total }
  const own = summed(cells)
  const rest = {
    count: total.count - own.count,
    amount: differenceOf(total.amount, own.amount),
  }
  return { cells: [...cells, rest], total }
}
