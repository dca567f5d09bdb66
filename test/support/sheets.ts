/**
 * Workbooks and CSV for tests. Ordinary ones come from another library than the one under test;
 * those that no program would write are put together here by hand, part by part and byte by byte.
 */
import { crc32, deflateRawSync } from 'node:zlib'
import { writeXlsx } from 'hucre/xlsx'
import type { AnyDocument, Declaration, FieldRecord } from '../../src/catalogue/message.ts'
import { linesOf } from '../../src/codec/document.ts'
import { shapeOf } from '../../src/codec/shape.ts'
import { columnsOf, type SheetColumn } from '../../src/codec/sheet/columns.ts'
import { type Reading, readSheets, type SheetStep } from '../../src/codec/sheet/read.ts'

/** Bytes of their own, as a request takes them. */
export type Bytes = Uint8Array<ArrayBuffer>

export type Value = string | number | boolean | Date | null

export interface TestSheet {
  readonly name: string
  readonly rows: readonly (readonly Value[])[]
  readonly hidden?: boolean
}

/** A workbook as spreadsheet programs write it. */
export const workbookOf = async (
  sheets: readonly TestSheet[],
  more: Readonly<Record<string, unknown>> = {},
): Promise<Bytes> =>
  new Uint8Array(
    await writeXlsx({
      ...more,
      sheets: sheets.map(({ name, rows, hidden = false }) => ({
        ...{ name, hidden },
        rows: rows.map((row) => [...row]),
      })),
    }),
  )

// ---- documents as rows ---------------------------------------------------------------------------

export interface RowOptions {
  /** The head on every row, or on the first of its document. */
  readonly head?: 'every' | 'first'
  /** Which rows of heads stand above. */
  readonly heads?: 'both' | 'zh' | 'path'
}

/** Heads and rows of documents, every column of the kind. */
export const rowsOf = (
  entry: Declaration,
  documents: readonly AnyDocument[],
  { head = 'every', heads = 'both' }: RowOptions = {},
): string[][] => {
  const columns = columnsOf(entry)
  const zh = columns.map((column) => column.head)
  const path = columns.map((column) => column.path)
  const top = heads === 'both' ? [zh, path] : heads === 'zh' ? [zh] : [path]
  return [...top, ...documents.flatMap((document) => documentRows(entry, document, head))]
}

const documentRows = (entry: Declaration, document: AnyDocument, head: string): string[][] => {
  const groups = shapeOf(entry).groups.filter(({ single }) => !single)
  const linesOfGroup = (group: SheetColumn['group']): readonly FieldRecord[] =>
    linesOf(entry, document, group.name ?? '')
  const count = Math.max(1, ...groups.map((group) => linesOfGroup(group).length))
  return Array.from({ length: count }, (_, i) =>
    columnsOf(entry).map(({ group, name }) => {
      if (!group.single) return linesOfGroup(group)[i]?.[name] ?? ''
      if (i > 0 && head === 'first') return ''
      const record = group.name === undefined ? document : document[group.name]
      return (record as FieldRecord | undefined)?.[name] ?? ''
    }),
  )
}

// ---- CSV -----------------------------------------------------------------------------------------

export const csvOf = (rows: readonly (readonly Value[])[], delimiter = ','): string =>
  `${rows.map((row) => row.map((value) => quoted(String(value ?? ''), delimiter)).join(delimiter)).join('\r\n')}\r\n`

const quoted = (text: string, delimiter: string): string =>
  /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text

/** GB18030 for what it writes in two bytes, and all of ASCII: the reverse of the platform's decoder. */
export const gb18030 = (text: string): Bytes => {
  const bytes = gbBytes()
  return Buffer.concat(
    [...text].map((character) => {
      if (character < '\u0080') return Buffer.from(character)
      const found = bytes.get(character)
      if (found === undefined) throw new Error(`${character} is not written in two bytes`)
      return found
    }),
  )
}

let gbTable: ReadonlyMap<string, Buffer> | undefined
const gbBytes = (): ReadonlyMap<string, Buffer> => {
  if (gbTable !== undefined) return gbTable
  const table = new Map<string, Buffer>()
  for (let first = 0x81; first <= 0xfe; first += 1)
    for (let second = 0x40; second <= 0xfe; second += 1) {
      const bytes = Buffer.from([first, second])
      const text = new TextDecoder('gb18030').decode(bytes)
      if ([...text].length === 1 && text !== '\ufffd') table.set(text, bytes)
    }
  gbTable = table
  return table
}

// ---- zip files by hand ---------------------------------------------------------------------------

export interface ZipPart {
  readonly name: string
  readonly bytes: Uint8Array | string
  /** What headers say instead of the truth. */
  readonly claims?: { readonly size?: number; readonly crc?: number; readonly flags?: number }
}

export const zipOf = (parts: readonly ZipPart[]): Bytes => {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes, claims = {} } of parts) {
    const plain = Buffer.from(bytes)
    const packed = deflateRawSync(plain)
    const title = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(claims.flags ?? 0, 2)
    common.writeUInt16LE(8, 4)
    common.writeUInt16LE(0x21, 8)
    common.writeUInt32LE(claims.crc ?? crc32(plain), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claims.size ?? plain.length, 18)
    common.writeUInt16LE(title.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, title, packed])
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, attributes, title]),
    )
    locals.push(local)
    offset += local.length
  }
  const whole = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(whole.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, whole, end])
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships'

export interface RawWorkbook {
  /** `<row>` elements, or a whole worksheet part when it begins with `<?xml`. */
  readonly rows: string
  readonly name?: string
  /** Texts of `<si>` elements. */
  readonly shared?: readonly string[]
  /** `cellXfs` and `numFmts` as XML. */
  readonly formats?: readonly string[]
  readonly date1904?: boolean
  /** Behind the rows: `<mergeCells>` … */
  readonly after?: string
}

/** The parts of a workbook of one sheet, to be changed and zipped. */
export const rawParts = (raw: RawWorkbook): ZipPart[] => {
  const { rows, name = 'CEB311', shared, formats = [], date1904 = false, after = '' } = raw
  const relations = (list: readonly string[]): string =>
    `<Relationships xmlns="${RELATIONS}">${list.join('')}</Relationships>`
  const relation = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`
  const numbers = formats.map((code, i) => `<numFmt numFmtId="${200 + i}" formatCode="${code}"/>`)
  const styles = formats.map((_, i) => `<xf numFmtId="${200 + i}"/>`)
  return [
    { name: '[Content_Types].xml', bytes: '<Types/>' },
    { name: '_rels/.rels', bytes: relations([relation('r', 'officeDocument', 'xl/workbook.xml')]) },
    {
      name: 'xl/workbook.xml',
      bytes: `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><workbookPr date1904="${date1904 ? 1 : 0}"/><sheets><sheet name="${name}" sheetId="1" r:id="a"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      bytes: relations([
        relation('a', 'worksheet', 'worksheets/sheet1.xml'),
        relation('b', 'styles', '/xl/styles.xml'),
        ...(shared === undefined ? [] : [relation('c', 'sharedStrings', 'sharedStrings.xml')]),
      ]),
    },
    {
      name: 'xl/styles.xml',
      bytes: `<styleSheet xmlns="${MAIN}"><numFmts>${numbers.join('')}</numFmts><fills><fill/></fills><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>${styles.join('')}</cellXfs></styleSheet>`,
    },
    ...(shared === undefined
      ? []
      : [
          {
            name: 'xl/sharedStrings.xml',
            bytes: `<sst xmlns="${MAIN}">${shared.map((text) => `<si>${text}</si>`).join('')}</sst>`,
          },
        ]),
    {
      name: 'xl/worksheets/sheet1.xml',
      bytes: rows.startsWith('<?xml')
        ? rows
        : `<worksheet xmlns="${MAIN}"><sheetData>${rows}</sheetData>${after}</worksheet>`,
    },
  ]
}

/** A cell with a text in it. */
export const textCell = (text: string): string =>
  `<c t="inlineStr"><is><t xml:space="preserve">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></is></c>`

export const textRow = (texts: readonly string[]): string =>
  `<row>${texts.map(textCell).join('')}</row>`

// ---- reading -------------------------------------------------------------------------------------

export async function* once(bytes: Uint8Array | string, piece = Number.MAX_SAFE_INTEGER) {
  const whole = Buffer.from(bytes)
  for (let at = 0; at < whole.length; at += piece) yield whole.subarray(at, at + piece)
}

export const openBytes = (
  entry: Declaration | undefined,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  more: Partial<Parameters<typeof readSheets>[1]> = {},
): Promise<Reading> =>
  readSheets(typeof bytes === 'string' || bytes instanceof Uint8Array ? once(bytes) : bytes, {
    ...{ entry, declared: undefined, keep: false, name: 'CSV' },
    blanks: { guid: () => BLANK_GUID, appTime: () => BLANK_TIME },
    ...more,
  })

export const BLANK_GUID = '0B0B0B0B-0000-7000-8000-000000000000'
export const BLANK_TIME = '20261015100000'

/** All steps of a reading as one. */
export const readAll = async (
  entry: Declaration | undefined,
  bytes: Uint8Array | string | AsyncIterable<Uint8Array>,
  more: Partial<Parameters<typeof readSheets>[1]> = {},
) => {
  const reading = await openBytes(entry, bytes, more)
  const steps: SheetStep[] = []
  for await (const step of reading.steps) steps.push(step)
  const found = steps.flatMap((step) => step.documents)
  return {
    reading,
    found,
    documents: found.map(({ document }) => document),
    /** Of the file and of cells, as `row column code`. */
    faults: [
      ...steps.flatMap((step) => step.faults),
      ...found.flatMap((item) =>
        item.faults.map(({ fault, place }) => ({
          ...fault,
          row: place.row,
          column: place.column === undefined ? null : columnLetters(place.column),
        })),
      ),
    ].map(({ row, column, code }) => `${row ?? '-'} ${column ?? '-'} ${code}`),
  }
}

const columnLetters = (column: number): string =>
  column < 26
    ? String.fromCharCode(65 + column)
    : `${columnLetters(Math.floor(column / 26) - 1)}${columnLetters(column % 26)}`
