/**
 * What the first page says, as texts under names: one function for the server, which puts them into
 * the page, and for the browser, which puts them in again when figures change. So the two never
 * differ. A name here is a `data-text` in `home.tsx`.
 */
import { codeOf, findCodeList } from '../catalogue/code-lists/index.ts'
import type { TargetsView } from '../flow/targets.ts'
import type { ShownTotals } from '../flow/types.ts'
import type { Text } from '../kernel/fault.ts'
import { monthRows, zoneRows } from './charts.ts'
import {
  chartUnit,
  chinaTime,
  elapsedOfYear,
  evenPace,
  exactAmount,
  percent,
  ratio,
  share,
  shortAmount,
  wholeCount,
} from './figures.ts'
import type { Snapshot } from './snapshot.ts'
import { outcomeText, rangeText, scopeNames, shortText } from './target-words.ts'
import { fill, type Lang, listed, say, texts } from './texts.ts'

export interface HomeView {
  /** By the name of the place they stand in. */
  readonly texts: Readonly<Record<PlaceName, string>>
  /** Lengths of the progress bar, 0 to 1. */
  readonly reached: number
  readonly elapsed: number
  readonly tables: Readonly<Record<TableName, TableView>>
}

export type PlaceName =
  | 'asOf'
  | 'heading'
  | 'amount'
  | 'amountUnit'
  | 'amountExact'
  | 'percent'
  | 'target'
  | 'remaining'
  | 'pace'
  | 'elapsed'
  | 'barLabel'
  | 'counted'
  | 'forecast'
  | 'forecastRange'
  | 'forecastMethod'
  | 'outcome'
  | 'scope'
  | 'partsScope'
  | 'modes'
  | 'gaps'
  | 'zoneUnit'
  | 'monthUnit'

export type TableName = 'zone' | 'month'

export interface TableView {
  readonly rows: readonly RowView[]
  readonly total: RowView
}

export interface RowView {
  readonly label: string
  readonly count: string
  readonly amount: string
  readonly share: string
}

export const viewHome = (snapshot: Snapshot, lang: Lang): HomeView => {
  const { year: told } = snapshot
  const { done, target, progress, left, year, asOf, forecast, outcome } = told
  const elapsed = elapsedOfYear(year, asOf)
  const amount = shortAmount(done.amount, lang)
  const elapsedShown = `${Math.floor(elapsed * 100)} %`
  const reachedShown = progress === null ? '' : percent(progress)
  const scope = scopeText(told.scope, lang)
  return {
    reached: target === null ? 0 : ratio(done.amount, target.amount),
    elapsed,
    texts: {
      asOf: fill(say(texts.asOf, lang), { time: chinaTime(asOf) }),
      heading: fill(say(target ? texts.progressHeading : texts.yearHeading, lang), {
        ...{ year: String(year), scope },
      }),
      amount: amount.value,
      amountUnit: amount.unit,
      amountExact: money(done.amount, lang),
      percent: reachedShown,
      target: target
        ? fill(say(texts.target, lang), { amount: shortText(target.amount, lang) })
        : say(texts.noTarget, lang),
      remaining: left === null ? '–' : shortText(left, lang),
      pace: target ? shortText(evenPace(target.amount, elapsed), lang) : '–',
      forecast: forecast ? shortText(forecast.amount, lang) : say(texts.forecastNone, lang),
      forecastRange: forecast ? rangeText(forecast, lang) : (told.noForecast?.[lang] ?? ''),
      forecastMethod: forecast?.text[lang] ?? '',
      outcome: outcomeText(outcome, lang),
      scope,
      partsScope: snapshot.zone.scope === told.scope ? '' : say(texts.partsReleased, lang),
      elapsed: fill(say(texts.elapsed, lang), { percent: elapsedShown }),
      barLabel: fill(say(texts.progressLabel, lang), {
        percent: reachedShown,
        elapsed: elapsedShown,
      }),
      counted: wholeCount(done.count),
      modes: modesOf(snapshot.mode, lang),
      gaps: gapsOf(told, lang),
      zoneUnit: unitOf(snapshot.zone, lang),
      monthUnit: unitOf(snapshot.month, lang),
    },
    tables: {
      zone: tableOf(snapshot.zone, zoneRows(snapshot.zone), lang),
      month: tableOf(snapshot.month, monthRows(snapshot.month), lang),
    },
  }
}

const tableOf = (totals: ShownTotals, rows: ShownTotals['rows'], lang: Lang): TableView => ({
  rows: rows.map((row) => {
    const label = say(row.label, lang)
    if (row.count === 0) return { label, count: '–', amount: '–', share: '–' }
    return {
      label,
      count: wholeCount(row.count),
      amount: exactAmount(row.amount),
      share: share(row.amount, totals.total.amount),
    }
  }),
  total: {
    label: say(texts.total, lang),
    count: wholeCount(totals.total.count),
    amount: exactAmount(totals.total.amount),
    share: share(totals.total.amount, totals.total.amount),
  },
})

/** `1210 保税电商 81.0 %，9610 直购进口 19.0 %`; a mode without a name here shows its code. */
const modesOf = ({ rows, total }: ShownTotals, lang: Lang): string => {
  const names: Readonly<Record<string, Text>> = { 1210: texts.mode1210, 9610: texts.mode9610 }
  const parts = rows.map(
    (row) => `${say(names[row.key] ?? row.label, lang)} ${share(row.amount, total.amount)}`,
  )
  return parts.length === 0 ? '–' : parts.join(lang === 'zh' ? '，' : ', ')
}

/** What has no rate is in no amount, and that is said; empty where nothing is missing. */
const gapsOf = ({ year, gaps: all }: TargetsView, lang: Lang): string => {
  // Those of earlier years bear on the forecast alone.
  const gaps = all.filter(({ month }) => month.startsWith(String(year)))
  if (gaps.length === 0) return ''
  const list = findCodeList('currency')
  const nameOf = (code: string): string => {
    const row = list && codeOf(list, code)
    return row === undefined ? code : say({ zh: row.zh, en: row.en ?? row.zh }, lang)
  }
  const named = gaps
    .slice(0, GAPS_NAMED_MAX)
    .map(({ currency, month }) => `${nameOf(currency)} ${month.slice(0, 4)}-${month.slice(4)}`)
  const more = gaps.length > GAPS_NAMED_MAX ? ['…'] : []
  return fill(say(texts.gaps, lang), { gaps: listed([...named, ...more], lang) })
}

/** Gaps that are named; the answer of the totals has all of them. */
const GAPS_NAMED_MAX = 6

/** As an attribute of the bar; a sliver stays visible as soon as there is anything. */
export const barWidth = (part: number): string =>
  part === 0 ? '0' : `${Math.max(part * 100, LEAST_PERCENT).toFixed(3)}%`

/** Two pixels of a wide screen. */
const LEAST_PERCENT = 0.15

/** What the numbers of a chart are. */
const unitOf = ({ scope, rows }: ShownTotals, lang: Lang): string => {
  const { unit } = chartUnit(
    rows.map((row) => row.amount),
    lang,
  )
  return fill(say(texts.chartUnit, lang), { scope: scopeText(scope, lang), unit })
}

const money = (amount: string, lang: Lang): string => yuanText(exactAmount(amount), lang)

const yuanText = (figure: string, lang: Lang): string =>
  lang === 'zh' ? `${figure} 元` : `CNY ${figure}`

/** What a scope is called. */
export const scopeText = (scope: string, lang: Lang): string => scopeNames[scope]?.[lang] ?? scope
