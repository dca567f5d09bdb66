/**
 * What an edition restates: every line of the figures under a stable name, held against the edition
 * before. Sorted as the report reads; a line that came or went has one side only.
 */
import type { Text } from '../kernel/fault.ts'
import { differenceOf } from './amounts.ts'
import type { Change, Figure, Ranking, ReportFigures, ReportScope } from './model.ts'
import { words } from './words.ts'

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
  const [section, scope] = line.split('/')
  if (section === 'matrix') return matrix === null ? null : '0'
  if (section === 'gaps') return moreGaps ? null : '0'
  if (section === 'currencies') return currencies === null ? null : '0'
  if (section === 'zones') return zones === null ? null : '0'
  const measure = measures.find((each) => each.scope === scope)
  return section === 'directions' && measure?.month != null ? '0' : null
}

const linesOf = (figures: ReportFigures): ReadonlyMap<string, Line> => {
  const lines = new Map<string, Line>()
  const add = (name: string, label: readonly Text[], figure: Figure): void => {
    const [zh, en] = [label.map((part) => part.zh), label.map((part) => part.en)]
    const line = (what: 'count' | 'amount', value: string): void => {
      const last = { zh: words('zh')[what], en: words('en')[what] }
      lines.set(`${name}/${what}`, {
        label: { zh: [...zh, last.zh].join(' · '), en: [...en, last.en].join(' · ') },
        ...{ unit: what, value },
      })
    }
    line('count', String(figure.count))
    line('amount', figure.amount)
  }
  for (const { scope, month, yearToDate } of figures.measures) {
    if (month !== null) add(`measures/${scope}/month`, [scopeText(scope), told('month')], month)
    if (yearToDate !== null)
      add(`measures/${scope}/yearToDate`, [scopeText(scope), told('toDate')], yearToDate)
  }
  addTarget(figures, lines)
  addMatrix(figures, add)
  for (const { scope, key, label, month } of figures.directions)
    add(`directions/${scope}/${key}`, [scopeText(scope), label], month)
  for (const section of ['countries', 'chapters', 'enterprises', 'institutions'] as const)
    addRanking(section, figures[section], add)
  for (const { currency, label, direction, directionName, count, gross } of figures.currencies ??
    [])
    add(`currencies/${currency}/${direction}`, [told('gross'), label, directionName], {
      ...{ count, amount: gross },
    })
  for (const { key, label, enterprises, returns } of figures.zones ?? []) {
    const line = (what: 'active' | 'returns', value: number | null): void => {
      if (value === null) return
      const { zh, en } = told(what)
      lines.set(`zones/${key}/${what}`, {
        label: { zh: `${label.zh} · ${zh}`, en: `${label.en} · ${en}` },
        ...{ unit: 'count', value: String(value) },
      })
    }
    line('active', enterprises)
    line('returns', returns)
  }
  for (const { scope, currency, month, count, amount } of figures.gaps)
    add(
      `gaps/${scope}/${currency}/${month}`,
      [told('gaps'), scopeText(scope), same(`${currency} ${month}`)],
      { count, amount },
    )
  return lines
}

type Add = (name: string, label: readonly Text[], figure: Figure) => void

const addTarget = ({ target }: ReportFigures, lines: Map<string, Line>): void => {
  if (target === null) return
  lines.set('target/amount', { label: told('target'), unit: 'amount', value: target.amount })
}

const addMatrix = ({ matrix }: ReportFigures, add: Add): void => {
  if (matrix === null) return
  for (const { key, label, cells, total } of matrix.rows) {
    cells.forEach((cell, i) => {
      const mode = matrix.modes[i]
      if (mode !== undefined) add(`matrix/${key}/${mode.key}`, [label, mode.label], cell)
    })
    add(`matrix/${key}`, [label, told('total')], total)
  }
}

const addRanking = (
  section: 'countries' | 'chapters' | 'enterprises' | 'institutions',
  ranking: Ranking | null,
  add: Add,
): void => {
  if (ranking === null) return
  const { rows, others } = ranking
  const name = told(TITLES[section])
  for (const { key, label, count, amount } of rows)
    add(`${section}/${key}`, [name, label], { count, amount })
  if (others !== null)
    add(
      `${section}/*`,
      [name, { zh: words('zh').others(others.keys), en: words('en').others(others.keys) }],
      others,
    )
}

const TITLES = {
  countries: 'country',
  chapters: 'chapter',
  enterprises: 'enterprise',
  institutions: 'institution',
} as const

const same = (text: string): Text => ({ zh: text, en: text })

type Told = 'month' | 'toDate' | 'target' | 'total' | 'gaps' | 'gross' | 'active' | 'returns'
const told = (word: Told | (typeof TITLES)[keyof typeof TITLES]): Text => ({
  zh: words('zh')[word],
  en: words('en')[word],
})

const scopeText = (scope: ReportScope): Text => ({
  zh: words('zh').scopes[scope],
  en: words('en').scopes[scope],
})
