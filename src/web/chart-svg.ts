/**
 * Charts rendered on the server: SVG that stands in the page itself, so that it is there without
 * script and follows the page's colours. ECharts writes a style element and style attributes, which
 * our Content-Security-Policy forbids; both are taken out, and what they said about type becomes
 * attributes of the elements.
 */
import type { EChartsCoreOption } from 'echarts/core'
import type { Look } from './charts.ts'

export interface ChartSize {
  readonly width: number
  readonly height: number
}

/** Colours of the style sheet, so that one picture serves light and dark. */
export const sheetLook: Look = {
  ink: 'var(--ink)',
  quiet: 'var(--quiet)',
  line: 'var(--line)',
  bar: 'var(--bar)',
  font: 'inherit',
}

/** Renders one chart; ECharts is loaded with the first page that needs it. */
export const renderChart = async (option: EChartsCoreOption, size: ChartSize): Promise<string> => {
  const [{ init, use }, { BarChart }, { GridComponent }, { SVGRenderer }] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ])
  use([BarChart, GridComponent, SVGRenderer])
  const chart = init(null, null, { renderer: 'svg', ssr: true, ...size })
  try {
    chart.setOption(option)
    return withoutStyle(chart.renderToSVGString())
  } finally {
    chart.dispose()
  }
}

/** Presentation attributes that ECharts writes as style. Anything else would be lost: see the test. */
const withoutStyle = (svg: string): string =>
  svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, '')
    .replace(/ style="([^"]*)"/g, (_, style: string) =>
      style
        .split(';')
        .map((rule) => rule.split(':'))
        .map(([name = '', value = '']) => (PRESENTATION.has(name) ? ` ${name}="${value}"` : ''))
        .join(''),
    )
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/^<svg /, '<svg aria-hidden="true" ')

const PRESENTATION: ReadonlySet<string> = new Set(['font-size', 'font-family', 'font-weight'])
