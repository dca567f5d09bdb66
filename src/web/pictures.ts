/**
 * The charts of the page as SVG, drawn once for each set of figures and language: pages asked for
 * within the same few seconds share them.
 */
import { renderChart, sheetLook } from './chart-svg.ts'
import { monthChart, zoneChart } from './charts.ts'
import type { Snapshot } from './snapshot.ts'
import type { Lang } from './texts.ts'

export interface Picture {
  readonly wide: string
  readonly narrow: string
}

export interface Pictures {
  readonly zone: Picture
  readonly month: Picture
}

export type DrawPictures = (snapshot: Snapshot, lang: Lang) => Promise<Pictures>

export const createPictures = (): DrawPictures => {
  const drawn = new WeakMap<Snapshot, Map<Lang, Promise<Pictures>>>()
  return (snapshot, lang) => {
    const byLang = drawn.get(snapshot) ?? new Map<Lang, Promise<Pictures>>()
    drawn.set(snapshot, byLang)
    const pictures = byLang.get(lang) ?? draw(snapshot, lang)
    byLang.set(lang, pictures)
    return pictures
  }
}

/** Sizes close to those of the cards, so that type comes out at its own size. */
const WIDE = { width: 600, height: 300 }
const NARROW = { width: 330, height: 260 }

const draw = async (snapshot: Snapshot, lang: Lang): Promise<Pictures> => {
  const wide = { lang, look: sheetLook, narrow: false }
  const narrow = { lang, look: sheetLook, narrow: true }
  const [zoneWide, zoneNarrow, monthWide, monthNarrow] = await Promise.all([
    renderChart(zoneChart({ totals: snapshot.zone, ...wide }), WIDE),
    renderChart(zoneChart({ totals: snapshot.zone, ...narrow }), NARROW),
    renderChart(monthChart({ totals: snapshot.month, ...wide }), WIDE),
    renderChart(monthChart({ totals: snapshot.month, ...narrow }), NARROW),
  ])
  return {
    zone: { wide: zoneWide, narrow: zoneNarrow },
    month: { wide: monthWide, narrow: monthNarrow },
  }
}
