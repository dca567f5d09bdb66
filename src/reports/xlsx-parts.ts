/**
 * Small parts of the report's workbook (ECMA-376): contents, styles, and the native charts with what
 * anchors them. The exact figures are in the cells; charts refer to those cells.
 */
import { escapeXml, OFFICE, relationsXml, SHEET_MIME } from '../codec/sheet/parts.ts'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const DRAWING = 'http://schemas.openxmlformats.org/drawingml/2006'
const MIME = 'application/vnd.openxmlformats-officedocument'
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const DARK = 'FF1F4E79'

/** Number formats of our own; the ids below 164 are the programs'. */
const FORMATS = ['#,##0.00', '#,##0', '0.0%', '+0.0%;-0.0%;0.0%'] as const

type Format = (typeof FORMATS)[number]

interface CellStyle {
  readonly font?: 'plain' | 'bold' | 'title' | 'quiet' | 'head' | 'heading'
  readonly fill?: 'head' | 'total'
  readonly format?: Format
  readonly align?: 'right' | 'wrap'
  readonly border?: 'line'
}

const bordered = (format: Format): CellStyle => ({ format, border: 'line' })
const total = (format: Format): CellStyle => ({
  ...{ format, border: 'line', font: 'bold', fill: 'total' },
})

/** Styles by name; a cell names its place in this list. */
const styles = {
  plain: {},
  title: { font: 'title' },
  heading: { font: 'heading' },
  bold: { font: 'bold' },
  quiet: { font: 'quiet' },
  wrapped: { align: 'wrap' },
  quietWrapped: { font: 'quiet', align: 'wrap' },
  head: { font: 'head', fill: 'head', align: 'wrap', border: 'line' },
  headRight: { font: 'head', fill: 'head', align: 'right', border: 'line' },
  text: { border: 'line', align: 'wrap' },
  figure: { border: 'line', align: 'right' },
  amount: bordered('#,##0.00'),
  count: bordered('#,##0'),
  share: bordered('0.0%'),
  growth: bordered('+0.0%;-0.0%;0.0%'),
  totalText: { font: 'bold', fill: 'total', border: 'line' },
  totalAmount: total('#,##0.00'),
  totalCount: total('#,##0'),
  totalShare: total('0.0%'),
  totalGrowth: total('+0.0%;-0.0%;0.0%'),
} as const satisfies Readonly<Record<string, CellStyle>>

export type StyleName = keyof typeof styles
const names = Object.keys(styles)
export const styleId = (name: StyleName): number => names.indexOf(name)

const FONTS = ['plain', 'bold', 'title', 'quiet', 'head', 'heading'] as const
const FILLS = ['head', 'total'] as const
const FORMAT_ID_FIRST = 164

const font = (size: number, weight: '' | '<b/>', color = ''): string =>
  `<font>${weight}<sz val="${size}"/>${color}<name val="等线"/></font>`

export const stylesPart = (): string => {
  const blue = `<color rgb="${DARK}"/>`
  const fonts = [
    ...[font(11, ''), font(11, '<b/>'), font(18, '<b/>', blue)],
    ...[font(10, '', '<color rgb="FF5F6B7A"/>'), font(11, '<b/>', '<color rgb="FFFFFFFF"/>')],
    font(13, '<b/>', blue),
  ]
  const solid = (rgb: string): string =>
    `<fill><patternFill patternType="solid"><fgColor rgb="${rgb}"/><bgColor indexed="64"/></patternFill></fill>`
  const fills = [
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    ...[solid(DARK), solid('FFEEF2F7')],
  ]
  const side = (name: string): string => `<${name} style="thin"><color rgb="FFC9D1DB"/></${name}>`
  const line = `<border>${side('left')}${side('right')}${side('top')}${side('bottom')}<diagonal/></border>`
  const formats = FORMATS.map(
    (code, i) => `<numFmt numFmtId="${FORMAT_ID_FIRST + i}" formatCode="${escapeXml(code)}"/>`,
  )
  const cells = Object.values<CellStyle>(styles).map(cellFormat)
  return `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts count="${formats.length}">${formats.join('')}</numFmts><fonts count="${fonts.length}">${fonts.join('')}</fonts><fills count="4">${fills.join('')}</fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>${line}</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${cells.length}">${cells.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}

const cellFormat = ({ font: face = 'plain', fill, format, align, border }: CellStyle): string => {
  const numFmt = format === undefined ? 0 : FORMAT_ID_FIRST + FORMATS.indexOf(format)
  const fillId = fill === undefined ? 0 : 2 + FILLS.indexOf(fill)
  const alignment =
    align === undefined
      ? ''
      : align === 'right'
        ? '<alignment horizontal="right" vertical="top"/>'
        : '<alignment vertical="top" wrapText="1"/>'
  return `<xf numFmtId="${numFmt}" fontId="${FONTS.indexOf(face)}" fillId="${fillId}" borderId="${border === undefined ? 0 : 1}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">${alignment}</xf>`
}

// ---- contents ------------------------------------------------------------------------------------

export const contentsPart = (sheets: number, charts: readonly number[]): string => {
  const override = (part: string, mime: string): string =>
    `<Override PartName="${part}" ContentType="${mime}"/>`
  const each = Array.from({ length: sheets }, (_, i) => [
    override(`/xl/worksheets/sheet${i + 1}.xml`, SHEET_MIME),
    charts.includes(i)
      ? override(`/xl/drawings/drawing${i + 1}.xml`, `${MIME}.drawing+xml`) +
        override(`/xl/charts/chart${i + 1}.xml`, `${MIME}.drawingml.chart+xml`)
      : '',
  ])
  return `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('/xl/workbook.xml', `${MIME}.spreadsheetml.sheet.main+xml`)}${override('/xl/styles.xml', `${MIME}.spreadsheetml.styles+xml`)}${override('/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml')}${each.flat().join('')}</Types>`
}

export const corePart = (title: string, subject: string, madeAt: string): string => {
  const moment = `${madeAt.slice(0, 19)}Z`
  return `${DECLARATION}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escapeXml(title)}</dc:title><dc:subject>${escapeXml(subject)}</dc:subject><dc:creator>Yuguan</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${moment}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${moment}</dcterms:modified></cp:coreProperties>`
}

/** The package's own relations: its book, and what is told of it. */
export const rootRelations = (): string =>
  relationsXml([{ id: 'rId1', kind: 'officeDocument', target: 'xl/workbook.xml' }]).replace(
    '</Relationships>',
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
  )

// ---- charts --------------------------------------------------------------------------------------

/** A chart over cells of one sheet; rows from 1, columns by their letters. */
export interface Chart {
  readonly title: string
  readonly unit: string
  readonly shape: 'upright' | 'lying'
  readonly sheet: string
  readonly labels: { readonly column: string; readonly from: number; readonly to: number }
  readonly series: readonly { readonly name: string; readonly column: string }[]
  /** Row from 1 at which its top stands. */
  readonly top: number
}

const COLORS = ['1F4E79', '9FB8D3']

export const chartPart = (chart: Chart): string => {
  const { title, unit, shape, sheet, labels, series } = chart
  const cells = (column: string): string =>
    `'${sheet.replaceAll("'", "''")}'!$${column}$${labels.from}:$${column}$${labels.to}`
  const each = series.map(
    ({ name, column }, i) =>
      `<c:ser><c:idx val="${i}"/><c:order val="${i}"/><c:tx><c:v>${escapeXml(name)}</c:v></c:tx><c:spPr><a:solidFill><a:srgbClr val="${COLORS[i] ?? COLORS[0]}"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/><c:cat><c:strRef><c:f>${escapeXml(cells(labels.column))}</c:f></c:strRef></c:cat><c:val><c:numRef><c:f>${escapeXml(cells(column))}</c:f></c:numRef></c:val></c:ser>`,
  )
  const lying = shape === 'lying'
  const heading = `<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr><a:r><a:rPr lang="zh-CN" sz="1100" b="1"/><a:t>${escapeXml(`${title} (${unit})`)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/>`
  const axes = `<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="${lying ? 'maxMin' : 'minMax'}"/></c:scaling><c:delete val="0"/><c:axPos val="${lying ? 'l' : 'b'}"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/><c:axPos val="${lying ? 'b' : 'l'}"/><c:majorGridlines/><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/><c:crosses val="${lying ? 'max' : 'autoZero'}"/></c:valAx>`
  const legend =
    series.length > 1 ? '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>' : ''
  return `${DECLARATION}<c:chartSpace xmlns:c="${DRAWING}/chart" xmlns:a="${DRAWING}/main" xmlns:r="${OFFICE}"><c:roundedCorners val="0"/><c:chart>${heading}<c:plotArea><c:layout/><c:barChart><c:barDir val="${lying ? 'bar' : 'col'}"/><c:grouping val="clustered"/><c:varyColors val="0"/>${each.join('')}<c:gapWidth val="60"/><c:axId val="1"/><c:axId val="2"/></c:barChart>${axes}</c:plotArea>${legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>`
}

const CHART_ROWS = 18
const CHART_COLUMNS = 6

export const drawingPart = ({ title, top }: Chart): string =>
  `${DECLARATION}<xdr:wsDr xmlns:xdr="${DRAWING}/spreadsheetDrawing" xmlns:a="${DRAWING}/main"><xdr:twoCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${top - 1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>${CHART_COLUMNS}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>${top - 1 + CHART_ROWS}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to><xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="${escapeXml(title)}"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="${DRAWING}/chart"><c:chart xmlns:c="${DRAWING}/chart" xmlns:r="${OFFICE}" r:id="rId1"/></a:graphicData></a:graphic></xdr:graphicFrame><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>`

/** Rows that a chart covers. */
export const CHART_HEIGHT_ROWS = CHART_ROWS + 1
