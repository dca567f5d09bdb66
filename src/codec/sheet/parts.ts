/**
 * The small parts of a workbook (ECMA-376): contents, relations, styles, notes. Rows are written
 * elsewhere, as streams.
 */
import { create } from 'xmlbuilder2'

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
export const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const MIME = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Media type of an .xlsx file. */
export const XLSX = `${MIME}.sheet`

type Node = Readonly<Record<string, unknown>>

export const xmlText = (root: Node): string =>
  create({ version: '1.0', encoding: 'UTF-8', standalone: true }, root).end()

/** Without what no XML text can hold, not even as a reference. */
const holdable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML forbids.
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '')

/** Text between tags or in an attribute. */
export const escapeXml = (text: string): string =>
  holdable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const RELATIONS_MIME = 'application/vnd.openxmlformats-package.relationships+xml'
export const NOTES_MIME = `${MIME}.comments+xml`
export const SHEET_MIME = `${MIME}.worksheet+xml`
export const VML_MIME = 'application/vnd.openxmlformats-officedocument.vmlDrawing'

// ---- styles --------------------------------------------------------------------------------------

/** Light red and light yellow, in shades that nobody else picks: marks are known by them again. */
export const MARK_FILLS = { error: 'FFFFC7CF', warning: 'FFFFEB9D' } as const

/** Cell styles of the workbooks we write, by name; a cell names its place in this list. */
const styles = {
  plain: {},
  text: { numFmtId: 49 },
  needed: { fontId: 1, fillId: 2, wraps: true },
  optional: { fontId: 1, fillId: 3, wraps: true },
  path: { fontId: 2 },
  title: { fontId: 3 },
  bold: { fontId: 4 },
  wrapped: { wraps: true },
  error: { numFmtId: 49, fillId: 4 },
  warning: { numFmtId: 49, fillId: 5 },
} as const satisfies Readonly<
  Record<string, { numFmtId?: number; fontId?: number; fillId?: number; wraps?: boolean }>
>

export type StyleName = keyof typeof styles

const styleNames = Object.keys(styles)
export const styleId = (name: StyleName): number => styleNames.indexOf(name)

const font = (size: number, more: Node = {}): Node => ({
  ...more,
  sz: { '@val': size },
  name: { '@val': '等线' },
})
const solid = (rgb: string): Node => ({
  patternFill: { '@patternType': 'solid', fgColor: { '@rgb': rgb }, bgColor: { '@indexed': 64 } },
})

export const stylesPart = (): string => {
  const white = { color: { '@rgb': 'FFFFFFFF' } }
  const fonts = [
    font(11),
    font(11, { b: {}, ...white }),
    font(9, { i: {}, color: { '@rgb': 'FF808080' } }),
    font(16, { b: {} }),
    font(11, { b: {} }),
  ]
  const fills = [
    { patternFill: { '@patternType': 'none' } },
    { patternFill: { '@patternType': 'gray125' } },
    ...['FF1F4E79', 'FF7F8FA6', MARK_FILLS.error, MARK_FILLS.warning].map(solid),
  ]
  const border = { left: {}, right: {}, top: {}, bottom: {}, diagonal: {} }
  const none = { '@numFmtId': 0, '@fontId': 0, '@fillId': 0, '@borderId': 0 }
  const cells = Object.values<{
    numFmtId?: number
    fontId?: number
    fillId?: number
    wraps?: boolean
  }>(styles).map(({ numFmtId = 0, fontId = 0, fillId = 0, wraps = false }) => ({
    '@numFmtId': numFmtId,
    '@fontId': fontId,
    '@fillId': fillId,
    '@borderId': 0,
    '@xfId': 0,
    '@applyNumberFormat': numFmtId === 0 ? 0 : 1,
    '@applyFont': fontId === 0 ? 0 : 1,
    '@applyFill': fillId === 0 ? 0 : 1,
    ...(wraps ? { '@applyAlignment': 1, alignment: { '@wrapText': 1, '@vertical': 'top' } } : {}),
  }))
  return xmlText({
    styleSheet: {
      '@xmlns': MAIN,
      fonts: { '@count': fonts.length, font: fonts },
      fills: { '@count': fills.length, fill: fills },
      borders: { '@count': 1, border },
      cellStyleXfs: { '@count': 1, xf: none },
      cellXfs: { '@count': cells.length, xf: cells },
      cellStyles: { '@count': 1, cellStyle: { '@name': 'Normal', '@xfId': 0, '@builtinId': 0 } },
    },
  })
}

// ---- contents and relations ----------------------------------------------------------------------

export interface RelationTo {
  readonly id: string
  readonly kind: string
  readonly target: string
}

export const relationsXml = (relations: readonly RelationTo[]): string =>
  xmlText({
    Relationships: {
      '@xmlns': `${PACKAGE}/relationships`,
      Relationship: relations.map(({ id, kind, target }) => ({
        '@Id': id,
        '@Type': `${OFFICE}/${kind}`,
        '@Target': target,
      })),
    },
  })

export interface SheetEntry {
  readonly name: string
  readonly state: 'visible' | 'veryHidden'
  readonly hasNotes: boolean
}

/** Contents of a workbook whose sheets are `sheet1.xml` and so on. */
export const contentsPart = (sheets: readonly SheetEntry[]): string => {
  const override = (part: string, mime: string): Node => ({
    '@PartName': part,
    '@ContentType': mime,
  })
  return xmlText({
    Types: {
      '@xmlns': `${PACKAGE}/content-types`,
      Default: [
        { '@Extension': 'rels', '@ContentType': RELATIONS_MIME },
        { '@Extension': 'xml', '@ContentType': 'application/xml' },
        { '@Extension': 'vml', '@ContentType': VML_MIME },
      ],
      Override: [
        override('/xl/workbook.xml', `${MIME}.sheet.main+xml`),
        override('/xl/styles.xml', `${MIME}.styles+xml`),
        ...sheets.map((_, i) => override(`/xl/worksheets/sheet${i + 1}.xml`, SHEET_MIME)),
        ...sheets.flatMap(({ hasNotes }, i) =>
          hasNotes ? [override(`/xl/comments${i + 1}.xml`, NOTES_MIME)] : [],
        ),
      ],
    },
  })
}

export const workbookPart = (sheets: readonly SheetEntry[]): string =>
  xmlText({
    workbook: {
      '@xmlns': MAIN,
      '@xmlns:r': OFFICE,
      sheets: {
        sheet: sheets.map(({ name, state }, i) => ({
          '@name': name,
          '@sheetId': i + 1,
          '@state': state,
          '@r:id': `rId${i + 1}`,
        })),
      },
    },
  })

// ---- notes ---------------------------------------------------------------------------------------

/** A note at a cell; rows from 1, columns from 0. */
export interface Note {
  readonly reference: string
  readonly row: number
  readonly column: number
  readonly author: string
  readonly text: string
}

export const notesPart = (notes: readonly Note[]): string => {
  const authors = [...new Set(notes.map(({ author }) => author))]
  return xmlText({
    comments: {
      '@xmlns': MAIN,
      authors: { author: authors },
      commentList: {
        comment: notes.map(({ reference, author, text }) => ({
          '@ref': reference,
          '@authorId': authors.indexOf(author),
          text: { t: { '@xml:space': 'preserve', '#': holdable(text) } },
        })),
      },
    },
  })
}

/** Ids come in blocks that the drawing must name; the first id of a block is nobody's. */
const SHAPE_BLOCK = 1024
const SHAPE_ID_FIRST = SHAPE_BLOCK + 1

/** The yellow boxes that show the notes: an old drawing format that every program still wants. */
export const notesDrawing = (notes: readonly Note[]): string => {
  const shapes = notes.map(({ row, column }, i) => {
    const anchor = `${column + 1}, 15, ${Math.max(0, row - 2)}, 10, ${column + 4}, 15, ${row + 4}, 4`
    return `<v:shape id="_x0000_s${SHAPE_ID_FIRST + i}" type="#_x0000_t202" style="position:absolute;margin-left:0;margin-top:0;width:210pt;height:90pt;z-index:${i + 1};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>${row - 1}</x:Row><x:Column>${column}</x:Column></x:ClientData></v:shape>`
  })
  const blocks = Math.floor((SHAPE_ID_FIRST + notes.length) / SHAPE_BLOCK)
  const ids = Array.from({ length: blocks }, (_, i) => i + 1).join(',')
  return `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="${ids}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>${shapes.join('')}</xml>`
}
