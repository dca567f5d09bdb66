/**
 * The two charts as data for ECharts, used alike by the server (SVG) and the browser (live). They
 * draw approximate numbers in a fitting unit; the exact figures stand in the table beside each.
 * Colours come from the caller: style-sheet variables on the server, resolved colours in a browser.
 */
import type { EChartsCoreOption } from 'echarts/core'
import type { ShownTotals } from '../flow/types.ts'
import { localDateTime } from '../kernel/clock.ts'
import { chartUnit, wholeCount } from './figures.ts'
import { type Lang, say } from './texts.ts'

export interface Look {
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly bar: string
  readonly font: string
}

export interface ChartRequest {
  readonly totals: ShownTotals
  readonly lang: Lang
  readonly look: Look
  /** Narrow screens get shorter labels. */
  readonly narrow: boolean
}

/** One horizontal bar per zone, the greatest first. */
export const zoneChart = ({ totals, lang, look, narrow }: ChartRequest): EChartsCoreOption => {
  const rows = zoneRows(totals)
  const unit = chartUnit(
    rows.map((row) => row.amount),
    lang,
  )
  const values = rows.map((row) => unit.draw(row.amount))
  return {
    ...common(look),
    grid: { left: 4, right: 56, top: 8, bottom: 4, ...labelsInside },
    xAxis: { type: 'value', show: false, min: 0 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map((row) => shortZone(say(row.label, lang), lang)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line } },
      axisLabel: { color: look.ink, fontSize: narrow ? 11 : 12, width: 150, overflow: 'truncate' },
    },
    series: [
      {
        type: 'bar',
        ...still,
        barMaxWidth: 18,
        itemStyle: { color: look.bar, borderRadius: [0, 2, 2, 0] },
        label: { show: true, position: 'right', color: look.ink, fontSize: narrow ? 10 : 12 },
        data: values.map((value) => ({
          value,
          label: { formatter: shown(value) },
        })),
      },
    ],
  }
}

/** Twelve columns, one per month of the year; a month without trade is an empty place. */
export const monthChart = ({ totals, lang, look, narrow }: ChartRequest): EChartsCoreOption => {
  const rows = allMonths(totals)
  const unit = chartUnit(
    rows.map((row) => row.amount),
    lang,
  )
  const values = rows.map((row) => unit.draw(row.amount))
  return {
    ...common(look),
    grid: { left: 4, right: 8, top: 20, bottom: 4, ...labelsInside },
    xAxis: {
      type: 'category',
      data: rows.map((row) => monthName(row.key, lang, narrow)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: look.line } },
      axisLabel: { color: look.ink, fontSize: narrow ? 10 : 12, interval: 0 },
    },
    yAxis: {
      type: 'value',
      axisLabel: { color: look.quiet, fontSize: narrow ? 10 : 11 },
      splitLine: { lineStyle: { color: look.line } },
      splitNumber: 4,
    },
    series: [
      {
        type: 'bar',
        ...still,
        barMaxWidth: 28,
        itemStyle: { color: look.bar, borderRadius: [2, 2, 0, 0] },
        label: {
          show: !narrow,
          position: 'top',
          color: look.ink,
          fontSize: 11,
        },
        data: values.map((value) => ({
          value,
          label: { formatter: value === 0 ? '' : shown(value) },
        })),
      },
    ],
  }
}

/** Zones by value, the greatest first. */
export const zoneRows = (totals: ShownTotals): ShownTotals['rows'] =>
  [...totals.rows].sort((a, b) => Number(b.amount) - Number(a.amount) || (a.key < b.key ? -1 : 1))

/** The months of the year up to the as-of time, and later ones that have trade. */
export const monthRows = (totals: ShownTotals): ShownTotals['rows'] => {
  const current = localDateTime(new Date(totals.asOf)).slice(0, 7).replace('-', '')
  return allMonths(totals).filter((row) => row.key <= current || row.count > 0)
}

const allMonths = (totals: ShownTotals): ShownTotals['rows'] =>
  Array.from({ length: 12 }, (_, i) => {
    const month = String(i + 1).padStart(2, '0')
    const key = `${totals.year}${month}`
    const label = `${totals.year}-${month}`
    const found = totals.rows.find((row) => row.key === key)
    return found ?? { key, label: { zh: label, en: label }, count: 0, amount: '0' }
  })

/** A zone's name without what all of them share; the full name stands in the table. */
export const shortZone = (name: string, lang: Lang): string =>
  lang === 'zh'
    ? name
        .replace(/^重庆/, '')
        .replace('综合保税区', '综保区')
        .replace(/保税物流中心\(B型\)$/, '保税中心')
    : name
        .replace(/^Chongqing /, '')
        .replace('Comprehensive Bonded Zone', 'CBZ')
        .replace(/Bonded Logistics Center \(Type B\)$/, 'BLC')
        .replace('International Railway', 'Intl Railway')

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const monthName = (key: string, lang: Lang, narrow: boolean): string => {
  const month = Number(key.slice(4))
  if (narrow) return String(month)
  return lang === 'zh' ? `${month}月` : (MONTHS[month - 1] ?? String(month))
}

/** Three digits that count, or two after the point. */
const shown = (value: number): string => {
  if (value > 0 && value < 0.01) return '<0.01'
  return value < 100 ? value.toFixed(2) : wholeCount(Math.round(value))
}

const common = (look: Look): EChartsCoreOption => ({
  animation: false,
  textStyle: { fontFamily: look.font, color: look.ink },
})

/** A bar is a figure, not a button. */
const still = { cursor: 'default', emphasis: { disabled: true } } as const

/** The grid shrinks until its axis labels stand inside the given margins. */
const labelsInside = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' } as const
