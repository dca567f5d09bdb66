/**
 * What an edition restates: every line of the figures under a stable name, held against the edition
 * before. Sorted as the report reads; a line that came or went has one side only.
 */
import type { Text } from '../kernel/fault.ts'
import { monthAfter } from '../kernel/months.ts'
import { differenceOf } from './amounts.ts'
import {
  type Change,
  type Figure,
  type Ranking,
  type ReportFigures,
  type ReportScope,
  reportScopes,
} from './model.ts'
import { type Words, words } from './words.ts'

interface Line {
  readonly label: Text
  readonly unit: Change['unit']
  readonly value: string
}

export const changesBetween = (before: ReportFigures, now: ReportFigures): readonly Change[] => {
  const old = linesOf(before)
  const fresh = linesOf(now)
  const names = new Set([...fresh.keys(), ...old.keys()])
  return [...names].flatMap((line): Change[] => {
    const known = fresh.get(line) ?? old.get(line)
    if (known === undefined) return []
    const was = old.get(line)?.value ?? absent(line, before)
    const is = fresh.get(line)?.value ?? absent(line, now)
    if (was === is) return []
    const difference = was === null || is === null ? null : differenceOf(is, was)
    return [
      {
        ...{ line, label: known.label, unit: known.unit },
        ...{ before: was, now: is, difference },
      },
    ]
  })
}

/** Where all there is has its line, a line that is not there is nothing; elsewhere it is not known. */
const absent = (line: string, figures: ReportFigures): '0' | null => {
  const { matrix, measures, moreGaps, currencies, zones } = figures
  const [section, scope, what = ''] = line.split('/')
  if (section === 'matrix') return matrix === null ? null : '0'
  if (section === 'gaps') return moreGaps ? null : '0'
  if (section === 'currencies') return currencies === null ? null : '0'
  if (section === 'zones') return zones === null || !ZONE_COUNTS.has(what) ? null : '0'
  const measure = measures.find((each) => each.scope === scope)
  return section === 'directions' && measure?.month != null ? '0' : null
}

/** Puts a line under a name, called by its parts. */
type Put = (
  name: string,
  label: readonly Text[],
  unit: Change['unit'],
  value: string | null,
) => void

const linesOf = (figures: ReportFigures): ReadonlyMap<string, Line> => {
  const lines = new Map<string, Line>()
  const put: Put = (name, parts, unit, value) => {
    if (value === null) return
    const of = (lang: 'zh' | 'en') => parts.map((part) => part[lang]).join(' · ')
    lines.set(name, { label: { zh: of('zh'), en: of('en') }, unit, value })
  }
  putMeasures(figures, put)
  put('target/amount', [told('target')], 'amount', figures.target?.amount ?? null)
  putMonths(figures, put)
  putMatrix(figures, put)
  for (const { scope, key, label, month } of figures.directions)
    putFigure(put, `directions/${scope}/${key}`, [scopeText(scope), label], month)
  for (const section of ['countries', 'chapters', 'enterprises', 'institutions'] as const)
    putRanking(section, figures[section], put)
  putCurrencies(figures, put)
  putZones(figures, put)
  for (const { scope, currency, month, count, amount } of figures.gaps) {
    const label = [told('gaps'), scopeText(scope), same(`${currency} ${month}`)]
    putFigure(put, `gaps/${scope}/${currency}/${month}`, label, { count, amount })
  }
  return lines
}

const putFigure = (put: Put, name: string, label: readonly Text[], figure: Figure | null): void => {
  if (figure === null) return
  put(`${name}/count`, [...label, told('count')], 'count', String(figure.count))
  put(`${name}/amount`, [...label, told('amount')], 'amount', figure.amount)
}

/** With what each is compared with: growth is restated where its base is. */
const putMeasures = ({ measures, month: of }: ReportFigures, put: Put): void => {
  for (const { scope, month, yearToDate } of measures) {
    const name = `measures/${scope}`
    const line = (what: string, label: readonly Text[], figure: Figure | null | undefined) =>
      putFigure(put, `${name}/${what}`, [scopeText(scope), ...label], figure ?? null)
    const [before, last] = [same(monthsAgo(of, 1)), same(monthsAgo(of, 12))]
    line('month', [told('month')], month)
    line('month/previous', [told('monthBase'), before], month?.previous)
    line('month/lastYear', [told('yearBase'), last], month?.lastYear)
    line('yearToDate', [told('toDate')], yearToDate)
    line('yearToDate/lastYear', [told('yearBase'), told('toDate')], yearToDate?.lastYear)
  }
}

/** yyyy-MM */
const monthsAgo = (month: string, ago: number): string => {
  const key = monthAfter(month.replace('-', ''), -ago)
  return `${key.slice(0, 4)}-${key.slice(4)}`
}

/** The report's own month and the one before are among the measures. */
const putMonths = ({ months }: ReportFigures, put: Put): void => {
  for (const { month, amounts } of months.slice(0, -2))
    for (const scope of reportScopes)
      putFigure(put, `months/${month}/${scope}`, [scopeText(scope), same(month)], amounts[scope])
}

const putMatrix = ({ matrix }: ReportFigures, put: Put): void => {
  if (matrix === null) return
  for (const { key, label, cells, total } of matrix.rows) {
    cells.forEach((cell, i) => {
      const mode = matrix.modes[i]
      if (mode !== undefined) putFigure(put, `matrix/${key}/${mode.key}`, [label, mode.label], cell)
    })
    putFigure(put, `matrix/${key}`, [label, told('total')], total)
  }
}

const putRanking = (
  section: 'countries' | 'chapters' | 'enterprises' | 'institutions',
  ranking: Ranking | null,
  put: Put,
): void => {
  if (ranking === null) return
  const { rows, others } = ranking
  const name = told(TITLES[section])
  for (const { key, label, previous, ...figure } of rows) {
    putFigure(put, `${section}/${key}`, [name, label], figure)
    put(`${section}/${key}/previous`, [name, label, told('previousMonth')], 'amount', previous)
  }
  const [zh, en] = [words('zh'), words('en')].map((of) => of.others(others?.keys ?? null))
  putFigure(put, `${section}/*`, [name, { zh: zh ?? '', en: en ?? '' }], others)
}

const TITLES = {
  countries: 'country',
  chapters: 'chapter',
  enterprises: 'enterprise',
  institutions: 'institution',
} as const

const putCurrencies = ({ currencies }: ReportFigures, put: Put): void => {
  for (const { currency, label, direction, directionName, ...row } of currencies ?? []) {
    const name = `currencies/${currency}/${direction}`
    const of = [label, directionName]
    putFigure(put, name, [told('gross'), ...of], { count: row.count, amount: row.gross })
    put(`${name}/costs`, [told('costs'), ...of], 'amount', row.costs)
    put(`${name}/net`, [told('net'), ...of], 'amount', row.net)
    put(`${name}/yuan`, [told('inYuan'), ...of], 'amount', row.amount)
  }
}

/** Lists and their value are those of the matrix. */
const putZones = ({ zones }: ReportFigures, put: Put): void => {
  for (const { key, label, ...zone } of zones ?? []) {
    const name = `zones/${key}`
    const count = (what: 'active' | 'returns', value: number | null): void =>
      put(`${name}/${what}`, [label, told(what)], 'count', value === null ? null : String(value))
    put(`${name}/tax`, [label, told('tax')], 'amount', zone.tax)
    count('active', zone.enterprises)
    put(`${name}/median`, [label, told('median')], 'minutes', zone.medianMinutes)
    put(`${name}/p95`, [label, told('p95')], 'minutes', zone.p95Minutes)
    put(`${name}/refused`, [label, told('refused')], 'ratio', zone.refusedShare)
    count('returns', zone.returns)
  }
}

/** What a zone that is not there has none of. */
const ZONE_COUNTS: ReadonlySet<string> = new Set(['active', 'returns'])

const same = (text: string): Text => ({ zh: text, en: text })

type Told = {
  [K in keyof Words]: Words[K] extends string ? K : never
}[keyof Words]

const told = (word: Told): Text => ({ zh: words('zh')[word], en: words('en')[word] })

const scopeText = (scope: ReportScope): Text => ({
  zh: words('zh').scopes[scope],
  en: words('en').scopes[scope],
})
