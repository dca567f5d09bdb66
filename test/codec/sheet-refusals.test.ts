/** Files that cannot be read, in whole or from a row on: each gets a code, and where possible its row. */
import { deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { columnName } from '../../src/codec/sheet/row.ts'
import {
  LINE_BYTES_MAX,
  SHEET_COLUMNS_MAX,
  SHEET_INFLATED_BYTES_MAX,
  SHEET_PARTS_MAX,
  SHEET_RATIO_FROM_BYTES,
  SHEET_ROWS_MAX,
  SHEET_TABS_MAX,
} from '../../src/kernel/limits.ts'
import {
  csvOf,
  gb18030,
  once,
  rawParts,
  readAll,
  textCell,
  textRow,
  workbookOf,
  type ZipPart,
  zipOf,
} from '../support/sheets.ts'

const order = getDeclaration('CEB311')
const paths = columnsOf(order).map(({ path }) => path)
const heads = paths.map((path) => path)
const required = ['OrderHead.orderNo', 'OrderHead.ebpCode']

/** A sheet whose rows give an order number alone. */
const rows = (...numbers: readonly string[]): string =>
  [heads, ...numbers.map((text) => [...heads.map((path) => (path === required[0] ? text : ''))])]
    .map(textRow)
    .join('')

const codes = async (bytes: Parameters<typeof readAll>[1]): Promise<readonly string[]> =>
  (await readAll(order, bytes)).faults

const changed = (
  parts: readonly ZipPart[],
  name: string,
  change: (part: ZipPart) => ZipPart,
): readonly ZipPart[] => parts.map((part) => (part.name.endsWith(name) ? change(part) : part))

const sound = rawParts({ rows: rows('A') })

it('the workbook that the others are made from is sound', async () => {
  const { documents, faults } = await readAll(order, zipOf(sound))
  expect([documents.length, faults]).toEqual([1, []])
})

describe('a workbook is refused', () => {
  it('with a password', async () => {
    const sheets = [{ name: 'CEB311', rows: [heads] }]
    const locked = await workbookOf(sheets, { encryption: { password: 'synthetic', spinCount: 1 } })
    expect(await codes(locked)).toEqual(['- - SHEET-PASSWORD'])
    const oldZip = changed(sound, 'workbook.xml', (part) => ({ ...part, claims: { flags: 1 } }))
    expect(await codes(zipOf(oldZip))).toEqual(['- - SHEET-PASSWORD'])
  })

  it('of another format', async () => {
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(512)])
    expect(await codes(compound)).toEqual(['- - SHEET-OLD_WORKBOOK'])
    const binary = [...sound, { name: 'xl/workbook.bin', bytes: 'x' }]
    expect(await codes(zipOf(binary))).toEqual(['- - SHEET-BINARY_WORKBOOK'])
    expect(await codes(zipOf([{ name: 'a.txt', bytes: 'a' }]))).toEqual(['- - SHEET-NOT_A_SHEET'])
    const letter = changed(sound, 'workbook.xml', (part) => ({ ...part, bytes: '<document/>' }))
    expect(await codes(zipOf(letter))).toEqual(['- - SHEET-NOT_A_SHEET'])
  })

  it.each([
    ['cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    [
      'without its beginning',
      (bytes: Buffer) => Buffer.concat([Buffer.from('PK'), bytes.subarray(99)]),
    ],
    ['with a byte changed', (bytes: Buffer) => Buffer.from(bytes).fill(0xff, 60, 64)],
  ])('%s', async (_what, spoil) => {
    expect(await codes(spoil(Buffer.from(zipOf(sound))))).toEqual(['- - SHEET-BROKEN'])
  })

  it.each([
    ['a sheet that is not there', 'workbook.xml.rels', 'worksheets/none.xml'],
    ['a sheet with a wrong checksum', 'sheet1.xml', undefined],
  ])('with %s', async (_what, name, target) => {
    const parts = changed(sound, name, (part) =>
      target === undefined
        ? { ...part, claims: { crc: 7 } }
        : { ...part, bytes: String(part.bytes).replace('worksheets/sheet1.xml', target) },
    )
    expect(await codes(zipOf(parts))).toEqual(['- - SHEET-BROKEN'])
  })

  it.each([
    ['workbook.xml', '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>'],
    ['styles.xml', '<styleSheet>'],
    ['styles.xml', '<styleSheet>&nothing;</styleSheet>'],
  ])('whose %s is %s', async (name, bytes) => {
    const parts = changed(sound, name, (part) => ({ ...part, bytes }))
    expect(await codes(zipOf(parts))).toEqual(['- - SHEET-BROKEN'])
  })

  it('with too many sheets', async () => {
    const sheets = Array.from({ length: SHEET_TABS_MAX + 1 }, (_, i) => ({
      name: `s${i}`,
      rows: [],
    }))
    expect(await codes(await workbookOf(sheets))).toEqual(['- - SHEET-TOO_MANY_TABS'])
  })
})

describe('a zip bomb is refused', () => {
  it('that says how large it is', async () => {
    const parts = changed(sound, 'sheet1.xml', (part) => ({
      ...part,
      claims: { size: SHEET_INFLATED_BYTES_MAX + 1 },
    }))
    expect(await codes(zipOf(parts))).toEqual(['- - SHEET-TOO_BIG_INSIDE'])
  })

  it('that says how well it is packed', async () => {
    const parts = changed(sound, 'sheet1.xml', (part) => ({
      ...part,
      claims: { size: 2 * SHEET_RATIO_FROM_BYTES },
    }))
    expect(await codes(zipOf(parts))).toEqual(['- - SHEET-TOO_COMPRESSED'])
  })

  it('that lies about it, after a bounded part of what comes out', async () => {
    const bytes = Buffer.alloc(10 * SHEET_RATIO_FROM_BYTES, 0x20)
    expect(deflateRawSync(bytes).length * 200).toBeLessThan(bytes.length)
    const parts = changed(sound, 'sheet1.xml', (part) => ({ ...part, bytes, claims: { size: 9 } }))
    const [fault] = await codes(zipOf(parts))
    expect(fault).toMatch(/SHEET-(?:TOO_COMPRESSED|BROKEN)$/)
  })

  it('of more parts than a workbook has', async () => {
    const parts = Array.from({ length: SHEET_PARTS_MAX }, (_, i) => ({ name: `a${i}`, bytes: '' }))
    expect(await codes(zipOf([...sound, ...parts]))).toEqual(['- - SHEET-TOO_MANY_PARTS'])
  })

  it('of one text without end', async () => {
    const long = `<?xml version="1.0"?><worksheet><sheetData><row><c><v>${'1'.repeat(3 * 1024 * 1024)}`
    const parts = changed(sound, 'sheet1.xml', (part) => ({ ...part, bytes: long }))
    expect(await codes(zipOf(parts))).toEqual(['1 - SHEET-BROKEN'])
  })
})

describe('reading ends at the row', () => {
  const broken = async (xml: string) => {
    const { documents, faults } = await readAll(
      order,
      zipOf(
        rawParts({ rows: `<?xml version="1.0"?><worksheet><sheetData>${rows('A', 'B')}${xml}` }),
      ),
    )
    return { documents: documents.length, faults }
  }

  it('where the XML breaks; the document before it is told as incomplete', async () => {
    expect(await broken('<row r="4"><c></row>')).toEqual({
      documents: 1,
      faults: ['3 - SHEET-INCOMPLETE', '4 - SHEET-BROKEN'],
    })
    expect((await broken('<row r="2"/>')).faults).toContain('4 - SHEET-BROKEN')
    expect((await broken('<row r="4"><c r="B4"/><c r="A4"/></row>')).faults).toContain(
      '4 - SHEET-BROKEN',
    )
    expect((await broken('<row r="4"><c t="s"><v>9</v></c></row>')).faults).toContain(
      '4 - SHEET-BROKEN',
    )
  })

  it('that reaches too far to the right', async () => {
    const cell = textCell('x').replace('<c ', `<c r="${columnName(SHEET_COLUMNS_MAX)}4" `)
    expect((await broken(`<row r="4">${cell}</row>`)).faults).toContain(
      '4 - SHEET-TOO_MANY_COLUMNS',
    )
  })

  it('with a text longer than a cell holds', async () => {
    const long = textCell('x'.repeat(32_768))
    expect((await broken(`<row r="4">${long}</row>`)).faults).toContain('4 - SHEET-CELL_TOO_LONG')
  })

  it('that is one too many', async () => {
    async function* endless() {
      yield Buffer.from(csvOf([heads]))
      const line = `${heads.map((path) => (path === required[0] ? 'A' : '')).join(',')}\n`
      for (let i = 0; i <= SHEET_ROWS_MAX; i += 1_000) yield Buffer.from(line.repeat(1_000))
    }
    const faults = await codes(endless())
    expect(faults.at(-1)).toBe(`${SHEET_ROWS_MAX + 1} - SHEET-TOO_MANY_ROWS`)
  }, 60_000)
})

describe('a CSV', () => {
  const table = (...numbers: readonly string[]) =>
    csvOf([
      heads,
      ...numbers.map((text) => heads.map((path) => (path === required[0] ? text : ''))),
    ])
  const join = (...parts: readonly (string | Uint8Array)[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part)))

  it('names the row where its bytes are neither UTF-8 nor GB18030', async () => {
    const spoilt = join(table('A', 'B'), Buffer.from([0xff, 0xff, 0x0a]), 'C\r\n')
    expect((await codes(spoilt)).at(-1)).toBe('4 - SHEET-ENCODING')
  })

  it('names the row where another encoding begins', async () => {
    const mixed = join(table('重庆', 'B'), gb18030('渝关,渝关\r\n'))
    expect((await codes(mixed)).at(-1)).toBe('4 - SHEET-ENCODING_MIXED')
  })

  it('is told apart by its bytes whatever was declared, also after much that is ASCII', async () => {
    const numbers = Array.from({ length: 3_000 }, (_, i) => `ORDER-${i}`)
    for (const [declared, bytes] of [
      ['utf-8', gb18030(table(...numbers, '渝关'))],
      ['gb18030', Buffer.from(table(...numbers, '渝关'))],
      [undefined, gb18030(table(...numbers, '渝关'))],
      [undefined, join('\ufeff', table(...numbers, '渝关'))],
      [
        undefined,
        Buffer.from(`\ufeff${table(...numbers, '渝关').replaceAll(',', '\t')}`, 'utf16le'),
      ],
    ] as const) {
      const { documents, faults } = await readAll(order, once(bytes, 1_000), { declared })
      expect(JSON.stringify(documents.at(-1))).toContain('"orderNo":"渝关"')
      expect(faults.filter((fault) => !fault.endsWith('ENCODING_DECLARED'))).toEqual([])
      expect(faults.length).toBe(declared === 'utf-8' ? 1 : 0)
    }
  })

  it.each([
    ['opened in the middle of a cell', 'a"b,c\n', '3 - SHEET-QUOTES'],
    ['never closed', '"a,b\nc\n', '3 - SHEET-QUOTES'],
    ['followed by text', '"a"b,c\n', '3 - SHEET-QUOTES'],
  ])('names the row of a quote that is %s', async (_what, line, fault) => {
    expect((await codes(join(table('A'), line))).at(-1)).toBe(fault)
  })

  it('counts rows as the program shows them: breaks inside quotes are none, blank lines are', async () => {
    const { found } = await readAll(
      order,
      join(table('"A\nA"'.slice(1, -1)), '\r\n', table('B').split('\r\n')[1] ?? ''),
    )
    expect(found.map((item) => item.rows[0])).toEqual([2, 4])
  })

  it('may be separated by semicolons or tabs', async () => {
    for (const delimiter of [';', '\t']) {
      const rows = [heads, heads.map((path) => (path === required[0] ? 'A;\t,' : ''))]
      expect((await readAll(order, csvOf(rows, delimiter))).documents).toHaveLength(1)
    }
  })

  it('with a line that has no end is given up', async () => {
    const faults = await codes(join(table('A'), 'x'.repeat(2 * LINE_BYTES_MAX)))
    expect(faults.at(-1)).toBe('3 - SHEET-CELL_TOO_LONG')
  })
})

describe('heads', () => {
  const without = (...names: readonly string[]) => heads.filter((path) => !names.includes(path))

  it('that name nothing, twice, or not clearly are told at their cell', async () => {
    expect(await codes(csvOf([[...heads, 'OrderHead.orderNoo'], ['x']]))).toEqual([
      '1 AR SHEET-COLUMN_UNKNOWN',
    ])
    expect(await codes(csvOf([[...heads, '订单编号'], ['x']]))).toEqual(['1 AR SHEET-COLUMN_TWICE'])
    expect(await codes(csvOf([[...without('OrderHead.note'), 'note'], ['x']]))).toEqual([
      '1 AQ SHEET-COLUMN_AMBIGUOUS',
    ])
  })

  it('of both rows must agree', async () => {
    const zh = columnsOf(order).map(({ head }) => head)
    const [first = '', second = '', ...others] = zh
    expect(await codes(csvOf([[second, first, ...others], heads, ['x']]))).toEqual([
      '2 A SHEET-HEADS_DIFFER',
      '2 B SHEET-HEADS_DIFFER',
    ])
  })

  it('may lack what a document may lack, and nothing else', async () => {
    expect(
      await codes(csvOf([without('OrderHead.guid', 'OrderHead.note'), ['', '', 'I', 'A']])),
    ).toEqual([])
    expect(await codes(csvOf([without('OrderHead.orderNo', 'OrderList.qty'), ['x']]))).toEqual([
      '1 - CEB311-orderNo-COLUMN_MISSING',
      '1 - CEB311-qty-COLUMN_MISSING',
    ])
  })

  it('are known in any order, width and case, with the mark of required columns', async () => {
    const spelt = columnsOf(order).map(({ head, path }, i) =>
      i % 2 === 0 ? ` ${head} *`.normalize('NFKC') : path.toUpperCase(),
    )
    const reversed = [...spelt].reverse()
    const row = heads.map((path) => (path === required[0] ? 'A' : '')).reverse()
    const { documents, faults } = await readAll(order, csvOf([reversed, row]))
    expect([documents.length, faults]).toEqual([1, []])
  })

  it('with a # are passed over; columns without any are told once', async () => {
    const row = heads.map((path) => (path === required[0] ? 'A' : ''))
    const { documents, faults } = await readAll(
      order,
      csvOf([
        [...heads, '#mine', ''],
        [...row, 'x', 'y'],
        [...row, 'x', 'y'],
      ]),
    )
    expect(documents).toHaveLength(1)
    expect(faults).toEqual(['2 AS SHEET-NO_HEAD'])
  })
})

describe('sheets', () => {
  it('that are hidden, notes or empty are not read, and the first is told', async () => {
    const own = [heads, heads.map((path) => (path === required[0] ? 'A' : ''))]
    const { documents, faults } = await readAll(
      order,
      await workbookOf([
        { name: 'CEB311', rows: own },
        { name: 'old', rows: own, hidden: true },
        { name: '#notes', rows: own },
        { name: 'Sheet3', rows: [] },
      ]),
    )
    expect([documents.length, faults]).toEqual([1, ['- - SHEET-TAB_HIDDEN']])
  })

  it.each(['CEB312 回执', 'CEB999'])('named %s are of no kind that is handed in', async (name) => {
    const bytes = await workbookOf([{ name, rows: [heads, ['x']] }])
    expect(await codes(bytes)).toEqual(['- - SHEET-KIND_UNKNOWN'])
  })
})
