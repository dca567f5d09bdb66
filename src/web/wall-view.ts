/**
 * What the wall draws beside the texts of the first page: a fixed number of bars for zones and months,
 * the same function for server and browser. A place without a bar is hidden.
 */
import { monthRows, shortZone, zoneRows } from './charts.ts'
import { chartUnit, ratio, shortAmount } from './figures.ts'
import type { Snapshot } from './snapshot.ts'
import { type Lang, say } from './texts.ts'

export interface WallBar {
  readonly label: string
  /** '' where there is none. */
  readonly value: string
  /** Of the greatest, 0 to 1. */
  readonly part: number
}

export interface WallView {
  readonly zones: readonly WallBar[]
  readonly months: readonly WallBar[]
}

/** Nine zones and what no rule places; more would not be read from afar. */
export const WALL_ZONES = 10
export const WALL_MONTHS = 12

export const viewWall = ({ zone, month }: Snapshot, lang: Lang): WallView => ({
  zones: barsOf(zoneRows(zone).slice(0, WALL_ZONES), lang, (row) =>
    shortZone(say(row.label, lang), lang),
  ),
  months: monthBars(month, lang),
})

/** Figures in one unit, which the heading names. */
const monthBars = (month: Snapshot['month'], lang: Lang): readonly WallBar[] => {
  const rows = monthRows(month)
  const unit = chartUnit(
    rows.map(({ amount }) => amount),
    lang,
  )
  return barsOf(rows, lang, ({ key }) => String(Number(key.slice(4)))).map((bar, index) => {
    const value = unit.draw(rows[index]?.amount ?? '0')
    return { ...bar, value: value === 0 ? '' : value.toFixed(value < 100 ? 1 : 0) }
  })
}

type Row = Snapshot['zone']['rows'][number]

const barsOf = (
  rows: readonly Row[],
  lang: Lang,
  labelOf: (row: Row) => string,
): readonly WallBar[] => {
  const greatest = rows.reduce(
    (most, { amount }) => (Number(amount) > Number(most) ? amount : most),
    '0',
  )
  return rows.map((row) => {
    const { value, unit } = shortAmount(row.amount, lang)
    return {
      label: labelOf(row),
      value: row.count === 0 ? '' : `${value} ${unit}`,
      part: ratio(row.amount, greatest),
    }
  })
}

/** As an attribute of a drawing. */
export const partText = (part: number): string => `${(part * 100).toFixed(2)}%`
/** Of a column that grows from below: where it begins. */
export const topText = (part: number): string => `${((1 - part) * 100).toFixed(2)}%`
