/**
 * Bars on paper: one group a month, or one bar a zone, as shapes with their figures as text. What is
 * drawn is approximate; the exact figures stand in the table beside it.
 */
import { inCount } from './amounts.ts'
import type { BarsBlock } from './outline.ts'
import {
  BLUE,
  INNER,
  LEFT,
  LINE,
  PALE_BLUE,
  type Paper,
  QUIET,
  type TextStyle,
} from './pdf-sheet.ts'

const COLORS = [BLUE, PALE_BLUE]
const LABEL: TextStyle = { size: 7 }
const HEIGHT = 88
const SCALE_WIDTH = 52

export const drawBars = (paper: Paper, bars: BarsBlock): void => {
  const greatest = Math.max(0, ...bars.series.flatMap(({ values }) => values.map(Number)))
  if (greatest === 0) return
  if (bars.shape === 'upright') drawUpright(paper, bars, greatest)
  else drawLying(paper, bars, greatest)
}

const drawTitle = (paper: Paper, { title, unit, series }: BarsBlock): void => {
  paper.write(title, LEFT, paper.y, INNER / 2, { size: 9.5, weight: 'bold' })
  paper.write(unit, LEFT + INNER * 0.6, paper.y + 2, INNER * 0.4, {
    ...{ size: 7.5, color: QUIET, align: 'right' },
  })
  let x = LEFT + paper.widthOf(title, { size: 9.5, weight: 'bold' }) + 20
  // One series needs no legend: the title says what it is.
  const named = series.length > 1 ? series : []
  named.forEach(({ name }, i) => {
    paper.fill(x, paper.y + 2, 8, 8, COLORS[i] ?? BLUE)
    paper.write(name, x + 12, paper.y + 0.5, 120, LABEL)
    x += 26 + paper.widthOf(name, LABEL)
  })
  paper.y += 18
}

/** The next of 1, 2, 2.5 and 5 times a power of ten, so that the scale has plain numbers. */
const niceStep = (greatest: number): number => {
  const rough = greatest / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  return ([1, 2, 2.5, 5].find((each) => each * power >= rough) ?? 10) * power
}

const scaleText = (value: number): string => {
  const text = value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
  return inCount(text)
}

const drawUpright = (paper: Paper, bars: BarsBlock, greatest: number): void => {
  paper.need(HEIGHT + 40)
  drawTitle(paper, bars)
  const step = niceStep(greatest)
  const steps = Math.ceil(greatest / step)
  const base = paper.y + HEIGHT
  const unit = (HEIGHT - 8) / (steps * step)
  const left = LEFT + SCALE_WIDTH
  const width = INNER - SCALE_WIDTH
  for (let i = 0; i <= steps; i += 1) {
    const y = base - i * step * unit
    paper.rule(left, y, width, LINE, i === 0 ? 0.8 : 0.4)
    paper.write(scaleText(i * step), LEFT, y - 5, SCALE_WIDTH - 6, {
      ...{ ...LABEL, color: QUIET, align: 'right' },
    })
  }
  const place = width / Math.max(bars.labels.length, 6)
  const bar = Math.min(18, (place * 0.7) / bars.series.length)
  bars.labels.forEach((label, month) => {
    const middle = left + place * (month + 0.5)
    bars.series.forEach(({ values }, i) => {
      const height = Math.max(0, Number(values[month] ?? 0)) * unit
      const x = middle + (i - bars.series.length / 2) * bar
      if (height > 0) paper.fill(x, base - height, bar - 1, height, COLORS[i] ?? BLUE)
    })
    paper.write(label, middle - place / 2, base + 4, place, { ...LABEL, align: 'center' })
  })
  paper.y = base + 22
}

const LYING_ROW = 17

const drawLying = (paper: Paper, bars: BarsBlock, greatest: number): void => {
  const [series] = bars.series
  paper.need(Math.min(bars.labels.length, 12) * LYING_ROW + 30)
  drawTitle(paper, bars)
  const left = LEFT + INNER * 0.34
  const width = INNER * 0.5
  bars.labels.forEach((label, i) => {
    paper.need(LYING_ROW)
    const value = series?.values[i] ?? '0'
    const length = (Math.max(0, Number(value)) / greatest) * width
    const y = paper.y
    paper.write(label, LEFT, y + 1.5, INNER * 0.33, { ...LABEL, size: 8 })
    paper.fill(left, y + 2, Math.max(length, 0.5), 10, BLUE)
    paper.write(withPoint(value), left + length + 5, y + 1.5, 80, { ...LABEL, size: 7.5 })
    paper.y = y + LYING_ROW
  })
  paper.y += 10
}

const withPoint = (value: string): string => {
  const [whole = '0', rest] = value.split('.')
  return rest === undefined ? inCount(whole) : `${inCount(whole)}.${rest}`
}
