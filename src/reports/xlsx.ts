/**
 * The report as a workbook: a sheet for each part, amounts as numbers with all their places, and
 * native charts over the cells. Bytes follow from the report and the language alone.
 */
import { workbookPart as bookPart, escapeXml, OFFICE, relationsXml } from '../codec/sheet/parts.ts'
import { columnName } from '../codec/sheet/row.ts'
import { sheetName } from '../codec/sheet/write.ts'
import { type NewPart, whole, writeZip } from '../codec/sheet/write-zip.ts'
import { wanText } from './amounts.ts'
import type { ReportWriter } from './model.ts'
import {
  type BarsBlock,
  type Block,
  type ColumnKind,
  type Outline,
  outlineOf,
  type Part,
  type Row,
  type TableBlock,
} from './outline.ts'
import {
  CHART_HEIGHT_ROWS,
  type Chart,
  chartPart,
  contentsPart,
  corePart,
  drawingPart,
  rootRelations,
  type StyleName,
  styleId,
  stylesPart,
} from './xlsx-parts.ts'

export const xlsxWriter: ReportWriter = async (report, lang) => {
  const outline = outlineOf(report, lang)
  const zip = writeZip(partsOf(outline, report.figures.asOf))
  return new Uint8Array(await new Response(zip).arrayBuffer())
}

async function* partsOf(outline: Outline, madeAt: string): AsyncGenerator<NewPart> {
  const sheets = outline.parts.map((part, i) => drawn(part, i === 0 ? outline : undefined))
  const withCharts = sheets.flatMap(({ chart }, i) => (chart === undefined ? [] : [i]))
  const part = (name: string, text: string): NewPart => ({ name, content: whole(text) })
  yield part('[Content_Types].xml', contentsPart(sheets.length, withCharts))
  yield part('_rels/.rels', rootRelations())
  yield part(
    'docProps/core.xml',
    corePart(`${outline.title} ${outline.subtitle}`, outline.number, madeAt),
  )
  yield part(
    'xl/workbook.xml',
    bookPart(sheets.map(({ name }) => ({ name, state: 'visible', hasNotes: false }))),
  )
  yield part(
    'xl/_rels/workbook.xml.rels',
    relationsXml([
      ...sheets.map((_, i) => ({
        ...{ id: `rId${i + 1}`, kind: 'worksheet', target: `worksheets/sheet${i + 1}.xml` },
      })),
      { id: `rId${sheets.length + 1}`, kind: 'styles', target: 'styles.xml' },
    ]),
  )
  yield part('xl/styles.xml', stylesPart())
  for (const [i, sheet] of sheets.entries()) {
    yield part(`xl/worksheets/sheet${i + 1}.xml`, sheetXml(sheet, outline))
    if (sheet.chart === undefined) continue
    const to = (kind: string, target: string) => relationsXml([{ id: 'rId1', kind, target }])
    const drawing = `drawing${i + 1}.xml`
    yield part(
      `xl/worksheets/_rels/sheet${i + 1}.xml.rels`,
      to('drawing', `../drawings/${drawing}`),
    )
    yield part(`xl/drawings/${drawing}`, drawingPart(sheet.chart))
    yield part(`xl/drawings/_rels/${drawing}.rels`, to('chart', `../charts/chart${i + 1}.xml`))
    yield part(`xl/charts/chart${i + 1}.xml`, chartPart(sheet.chart))
  }
}

// ---- sheets --------------------------------------------------------------------------------------

interface Sheet {
  readonly name: string
  /** XML of its rows. */
  readonly rows: string
  /** Ranges of cells that are one. */
  readonly merged: readonly string[]
  readonly widths: readonly number[]
  readonly chart: Chart | undefined
}

/** Rows one below the other; a sheet has one chart at most. */
class Rows {
  xml = ''
  next = 1
  readonly merged: string[] = []
  chart: Chart | undefined
  /** Characters, of each column. */
  readonly widths: readonly number[]

  constructor(widths: readonly number[]) {
    this.widths = widths
  }

  add(cells: readonly string[], height?: number): void {
    const size = height === undefined ? '' : ` ht="${height}" customHeight="1"`
    this.xml += `<row r="${this.next}"${size}>${cells.join('')}</row>`
    this.next += 1
  }

  say(text: string, style: StyleName): void {
    this.add([textCell(this.at(0), style, text)])
  }

  /** Over all columns, as high as its lines need: programs do not see to that in merged cells. */
  tell(text: string, style: StyleName): void {
    const width = this.widths.reduce((sum, each) => sum + each, 0)
    const lines = Math.ceil(columnsOf(text) / Math.max(width - 2, 1))
    const last = this.widths.length - 1
    if (last > 0) this.merged.push(`${this.at(0)}:${this.at(last)}`)
    this.add([textCell(this.at(0), style, text)], lines * LINE_POINTS)
  }

  skip(rows = 1): void {
    this.next += rows
  }

  at(column: number): string {
    return `${columnName(column)}${this.next}`
  }
}

const drawn = (part: Part, cover: Outline | undefined): Sheet => {
  const rows = new Rows(widthsOf(part))
  const name = sheetName(part.name)
  if (cover !== undefined) {
    rows.say(cover.title, 'title')
    rows.say(`${cover.subtitle} · ${cover.number}`, 'bold')
    rows.say(cover.standing, 'quiet')
    rows.skip()
  }
  for (const block of part.blocks) draw(rows, block, name)
  const { xml, merged, widths, chart } = rows
  return { name, rows: xml, merged, widths, chart }
}

const draw = (rows: Rows, block: Block, sheet: string): void => {
  switch (block.kind) {
    case 'heading':
      rows.say(block.text, 'heading')
      break
    case 'text':
      rows.tell(block.text, TONES[block.tone ?? 'plain'])
      break
    case 'progress':
      rows.say(block.text, 'bold')
      break
    case 'facts':
      for (const [name, value] of block.facts) rows.say(`${name}  ${value}`, 'plain')
      rows.skip()
      break
    case 'table':
      drawTable(rows, block)
      break
    case 'bars':
      drawBars(rows, block, sheet)
      break
    case 'signatures':
      rows.skip()
      rows.add(
        block.fields.map((field, i) => textCell(rows.at(i), 'bold', `${field}：`)),
        30,
      )
      break
    default:
      block satisfies never
  }
}

const drawTable = (rows: Rows, table: TableBlock): void => {
  rows.skip()
  rows.say(table.unit === '' ? table.title : `${table.title} (${table.unit})`, 'bold')
  if (table.rows.length === 0) {
    rows.say(table.empty, 'quiet')
    return
  }
  rows.add(
    table.columns.map(({ title, kind }, i) =>
      textCell(rows.at(i), kind === 'text' ? 'head' : 'headRight', title),
    ),
  )
  for (const row of table.rows)
    rows.add(
      table.columns.map(({ kind }, i) => valueCell(rows.at(i), kind, row.cells[i] ?? null, row)),
    )
}

/** Characters for each part of the width: the widest tables have some 14 parts. */
const WIDTH_PER_PART = 8
const TEXT_WIDTH_PER_PART = 11
const WIDTH_MIN = 10
/** Of a sheet without tables. */
const PLAIN_WIDTHS = [24, 24, 24, 24]

/** All tables of a part share the columns of its sheet. */
const widthsOf = ({ blocks }: Part): readonly number[] => {
  const widths: number[] = []
  for (const block of blocks)
    if (block.kind === 'table')
      block.columns.forEach(({ width, kind }, i) => {
        const wanted = width * (kind === 'text' ? TEXT_WIDTH_PER_PART : WIDTH_PER_PART)
        widths[i] = Math.max(widths[i] ?? WIDTH_MIN, Math.round(wanted))
      })
  return widths.length === 0 ? PLAIN_WIDTHS : widths
}

const LINE_POINTS = 15

/** Width in characters; a Chinese one takes two places. */
const columnsOf = (text: string): number =>
  [...text].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 2 : 1), 0)

const TONES = {
  plain: 'wrapped',
  quiet: 'quietWrapped',
  note: 'quietWrapped',
  warning: 'quietWrapped',
} as const

/** The figures that a chart draws, with the chart beside them. */
const drawBars = (rows: Rows, bars: BarsBlock, sheet: string): void => {
  rows.skip()
  rows.say(`${bars.title} (${bars.unit})`, 'bold')
  rows.add([
    textCell(rows.at(0), 'head', ''),
    ...bars.series.map(({ name }, i) => textCell(rows.at(i + 1), 'headRight', name)),
  ])
  const from = rows.next
  bars.labels.forEach((label, line) => {
    rows.add([
      textCell(rows.at(0), 'text', label),
      ...bars.series.map(({ values }, i) =>
        numberCell(rows.at(i + 1), 'amount', values[line] ?? '0'),
      ),
    ])
  })
  if (rows.chart !== undefined || bars.labels.length === 0) return
  rows.chart = {
    ...{ title: bars.title, unit: bars.unit, shape: bars.shape, sheet },
    labels: { column: 'A', from, to: rows.next - 1 },
    series: bars.series.map(({ name }, i) => ({ name, column: columnName(i + 1) })),
    top: rows.next + 1,
  }
  rows.skip(CHART_HEIGHT_ROWS)
}

/** Cells hold values with all their places; how they are shown is their style's. */
const STYLE: Readonly<Record<ColumnKind, readonly [plain: StyleName, total: StyleName]>> = {
  text: ['text', 'totalText'],
  figure: ['figure', 'totalText'],
  count: ['count', 'totalCount'],
  yuan: ['amount', 'totalAmount'],
  money: ['amount', 'totalAmount'],
  wan: ['amount', 'totalAmount'],
  share: ['share', 'totalShare'],
  growth: ['growth', 'totalGrowth'],
}

const valueCell = (at: string, kind: ColumnKind, value: string | null, { weight }: Row): string => {
  const style = STYLE[kind][weight === 'total' ? 1 : 0]
  if (value === null || value === '') return `<c r="${at}" s="${styleId(style)}"/>`
  if (kind === 'text' || kind === 'figure') return textCell(at, style, value)
  return numberCell(at, style, kind === 'wan' ? wanText(value) : value)
}

const numberCell = (at: string, style: StyleName, value: string): string =>
  `<c r="${at}" s="${styleId(style)}"><v>${value}</v></c>`

const textCell = (at: string, style: StyleName, text: string): string =>
  text === ''
    ? `<c r="${at}" s="${styleId(style)}"/>`
    : `<c r="${at}" s="${styleId(style)}" t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`

/**
 * As wide as a page, with number, as-of moment and page on every printed one; a sheet with a chart is
 * one page, so that the chart is not cut.
 */
const sheetXml = (
  { rows, merged, widths, chart }: Sheet,
  { number, standing }: Outline,
): string => {
  const columns = widths.map(
    (width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`,
  )
  const cols = columns.length === 0 ? '' : `<cols>${columns.join('')}</cols>`
  const drawing = chart === undefined ? '' : '<drawing r:id="rId1"/>'
  const cells = merged.map((range) => `<mergeCell ref="${range}"/>`).join('')
  const merges =
    merged.length === 0 ? '' : `<mergeCells count="${merged.length}">${cells}</mergeCells>`
  const page =
    chart === undefined
      ? 'orientation="landscape" fitToWidth="1" fitToHeight="0"'
      : 'orientation="portrait" fitToWidth="1" fitToHeight="1"'
  const plain = (text: string): string => escapeXml(text.replaceAll('&', '&&'))
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>${cols}<sheetData>${rows}</sheetData>${merges}<pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.3" footer="0.3"/><pageSetup paperSize="9" ${page}/><headerFooter><oddHeader>&amp;R${plain(number)}</oddHeader><oddFooter>&amp;L${plain(standing)}&amp;R&amp;P / &amp;N</oddFooter></headerFooter>${drawing}</worksheet>`
}
