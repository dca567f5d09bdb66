/**
 * The charts in the browser: drawn on a canvas, because ECharts' SVG needs inline style that our
 * Content-Security-Policy forbids. Colours are those of the style sheet as they stand now; they are
 * read again when the reader's system turns light or dark.
 */
import { BarChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { type ECharts, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { type Look, monthChart, zoneChart } from '../charts.ts'
import type { Snapshot } from '../snapshot.ts'
import type { Lang } from '../texts.ts'

/** Cards narrower than this get the short labels. */
const NARROW_BELOW_PX = 460
const NARROW_HEIGHT_PX = 260
const WIDE_HEIGHT_PX = 300

export const createCharts = (): ((snapshot: Snapshot, lang: Lang) => void) => {
  use([BarChart, GridComponent, CanvasRenderer])
  const drawn = new Map<HTMLElement, ECharts>()
  let last: { readonly snapshot: Snapshot; readonly lang: Lang } | undefined

  const draw = (): void => {
    if (last === undefined) return
    const look = sheetColours()
    for (const place of document.querySelectorAll<HTMLElement>('[data-chart]')) {
      const narrow = place.clientWidth < NARROW_BELOW_PX
      const size = { width: place.clientWidth, height: narrow ? NARROW_HEIGHT_PX : WIDE_HEIGHT_PX }
      const chart = drawn.get(place) ?? replacePicture(place, size)
      drawn.set(place, chart)
      chart.resize(size)
      const isZone = place.dataset.chart === 'zone'
      const totals = isZone ? last.snapshot.zone : last.snapshot.month
      const request = { totals, lang: last.lang, look, narrow }
      chart.setOption(isZone ? zoneChart(request) : monthChart(request), { notMerge: true })
    }
  }

  addEventListener('resize', draw)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  return (snapshot, lang) => {
    last = { snapshot, lang }
    draw()
  }
}

/** The table beside it is the readable twin, so the canvas is hidden from readers of text. */
const replacePicture = (
  place: HTMLElement,
  size: { readonly width: number; readonly height: number },
): ECharts => {
  const canvas = document.createElement('div')
  canvas.setAttribute('aria-hidden', 'true')
  place.replaceChildren(canvas)
  return init(canvas, null, { renderer: 'canvas', ...size })
}

const sheetColours = (): Look => {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string): string => style.getPropertyValue(name).trim()
  return {
    ink: colour('--ink'),
    quiet: colour('--quiet'),
    line: colour('--line'),
    bar: colour('--bar'),
    font: getComputedStyle(document.body).fontFamily,
  }
}
