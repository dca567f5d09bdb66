/** The server's charts: what ECharts says by style must survive the removal of style. */
import { BarChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { describe, expect, it } from 'vitest'
import { renderChart, sheetLook } from '../../src/web/chart-svg.ts'
import { monthChart, monthRows, shortZone, zoneChart, zoneRows } from '../../src/web/charts.ts'
import { sampleTotals } from './sample-totals.ts'

const SIZE = { width: 600, height: 300 }
const zone = sampleTotals({ by: 'zone', year: 2026 })
const month = sampleTotals({ by: 'month', year: 2026 })
const options = (['zh', 'en'] as const).flatMap((lang) =>
  [false, true].flatMap((narrow) => [
    zoneChart({ totals: zone, lang, look: sheetLook, narrow }),
    monthChart({ totals: month, lang, look: sheetLook, narrow }),
  ]),
)

const untouched = (option: (typeof options)[number]): string => {
  use([BarChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE })
  chart.setOption(option)
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}

describe('a chart of the server', () => {
  it('holds no style, and every font it had by style as an attribute', async () => {
    for (const option of options) {
      const before = untouched(option)
      const properties = [...before.matchAll(/ style="([^"]*)"/g)].flatMap((match) =>
        (match[1] ?? '').split(';').flatMap((rule) => rule.split(':')[0] || []),
      )
      expect(new Set(properties)).toEqual(new Set(['font-size', 'font-family']))
      const after = await renderChart(option, SIZE)
      expect(after).not.toMatch(/style|class=|ecmeta/)
      expect(after.match(/ font-size="/g)?.length).toBe(before.match(/font-size:/g)?.length)
    }
  })

  it('takes its colours from the style sheet, so that it turns dark with the page', async () => {
    for (const option of options) {
      const svg = await renderChart(option, SIZE)
      const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map((match) => match[1])
      expect(colours.filter((colour) => !/^(?:none|var\(--\w+\))$/.test(colour ?? ''))).toEqual([])
    }
  })
})

describe('rows', () => {
  it('put the greatest zone first', () => {
    expect(zoneRows(zone).map((row) => row.key)).toEqual(['CQ-LLGY', 'CQ-XY', 'CQ-NPBLC', 'X'])
  })

  it('tell every month up to now, with or without trade, and none that is to come', () => {
    const rows = monthRows(month)
    expect(rows.map((row) => row.key)).toEqual(
      Array.from({ length: 11 }, (_, i) => `2026${String(i + 1).padStart(2, '0')}`),
    )
    expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(month.total.count)
  })

  it('shorten the names of zones without confusing two of them', async () => {
    const { zones } = await import('../../src/catalogue/zones/index.ts')
    for (const lang of ['zh', 'en'] as const) {
      const names = zones.map((each) => shortZone(each[lang], lang))
      expect(new Set(names).size).toBe(zones.length)
      expect(Math.max(...names.map((name) => name.length))).toBeLessThan(lang === 'zh' ? 10 : 27)
    }
  })
})
