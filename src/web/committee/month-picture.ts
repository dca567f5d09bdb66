/**
 * The months of a year as a drawing, wide and narrow. Figures change less often than pages are read,
 * so the last drawings are kept by what they show.
 */
import type { Totals } from '../../flow/types.ts'
import { renderChart, sheetLook } from '../chart-svg.ts'
import { monthChart } from '../charts.ts'
import type { Picture } from '../pictures.ts'
import type { Lang } from '../texts.ts'

/** Languages, scopes and years that are looked at side by side. */
const KEPT_MAX = 24
const WIDE = { width: 760, height: 400 }
const NARROW = { width: 340, height: 260 }

const kept = new Map<string, Promise<Picture>>()

export const monthPicture = (totals: Totals, lang: Lang): Promise<Picture> => {
  const key = JSON.stringify([lang, totals.year, totals.rows.map((row) => [row.key, row.amount])])
  const drawn = kept.get(key) ?? draw(totals, lang)
  kept.delete(key)
  kept.set(key, drawn)
  const [oldest] = kept.keys()
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  return drawn
}

const draw = async (totals: Totals, lang: Lang): Promise<Picture> => {
  const [wide, narrow] = await Promise.all([
    renderChart(monthChart({ totals, lang, look: sheetLook, narrow: false }), WIDE),
    renderChart(monthChart({ totals, lang, look: sheetLook, narrow: true }), NARROW),
  ])
  return { wide, narrow }
}
