/**
 * Workbooks we write, looked at through another library: templates, and uploads that come back with
 * their faults marked, everything else as it was.
 */
import { readXlsx } from 'hucre/xlsx'
import { describe, expect, it } from 'vitest'
import { declarations, getDeclaration } from '../../src/catalogue/index.ts'
import { bytesOf } from '../../src/codec/sheet/bytes.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { markSheets } from '../../src/codec/sheet/mark.ts'
import type { SheetFault } from '../../src/codec/sheet/read.ts'
import { writeTemplate } from '../../src/codec/sheet/template.ts'
import { openParts } from '../../src/codec/sheet/zip.ts'
import { SHEET_NOTES_MAX } from '../../src/kernel/limits.ts'
import {
  type Bytes,
  csvOf,
  openBytes,
  rawParts,
  readAll,
  rowsOf,
  textRow,
  workbookOf,
  zipOf,
} from '../support/sheets.ts'

const order = getDeclaration('CEB311')
const columns = columnsOf(order)
const heads = columns.map(({ path }) => path)

const collected = async (stream: ReadableStream<Uint8Array>): Promise<Bytes> => {
  const pieces: Uint8Array[] = []
  for await (const piece of bytesOf(stream)) pieces.push(piece)
  return new Uint8Array(Buffer.concat(pieces))
}

const SUMMARY = { taken: 1, refused: 1, errors: 2, warnings: 1 }

const fault = (
  row: number | null,
  column: string | null,
  more: Partial<SheetFault> = {},
): SheetFault => ({
  ...{ code: 'X-Y-Z', pointer: '', severity: 'error' },
  text: { zh: '有误', en: 'wrong' },
  cure: { zh: '更正', en: 'mend' },
  ...{ sheet: 'CEB311', row, column, field: null, head: null },
  ...more,
})

/** The file marked with these faults, once it has been read. */
const marked = async (file: Bytes | string, faults: readonly SheetFault[]): Promise<Bytes> => {
  const reading = await openBytes(order, file, { keep: true, name: 'CEB311' })
  for await (const _ of reading.steps);
  expect(reading.canBeMarked()).toBe(true)
  return collected(markSheets(reading, faults, SUMMARY))
}

const rows = (...numbers: readonly string[]): string[][] => [
  heads,
  ...numbers.map((text) => heads.map((path) => (path === 'OrderHead.orderNo' ? text : ''))),
]

describe('a template', () => {
  it.each(declarations.map((entry) => [entry.code, entry] as const))(
    'of %s has all that is needed',
    async (code, entry) => {
      const book = await readXlsx(await collected(writeTemplate([entry], '20261015')), {
        readStyles: true,
      })
      const [sheet, notes, lists] = book.sheets
      const own = columnsOf(entry)
      expect(sheet?.name).toMatch(new RegExp(`^${code} .{1,24}$`))
      expect(sheet?.rows[1]).toEqual(own.map(({ path }) => path))
      expect(sheet?.rows[0]?.map((head) => String(head).replace('*', ''))).toEqual(
        own.map(({ head }) => head),
      )
      expect(notes?.name).toBe('#说明')
      expect(lists?.veryHidden).toBe(true)
      for (const [i, { codes, field, head }] of own.entries()) {
        const note = sheet?.cells?.get(`0,${i}`)?.comment?.text ?? ''
        expect(note).toContain(field.zh)
        const list = sheet?.dataValidations?.find(({ range }) =>
          range.startsWith(`${columnLetter(i)}3:`),
        )
        expect([head, list === undefined]).toEqual([head, codes === undefined])
        if (list === undefined) continue
        // The formula leads to the codes, each with its meaning.
        const [, column = '', last = ''] =
          /\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)$/.exec(list.formula1 ?? '') ?? []
        const offers = (lists?.rows ?? [])
          .slice(0, Number(last))
          .map((row) => String(row[columnIndex(column)]))
        expect(offers.length).toBeGreaterThan(0)
        for (const offer of offers) expect(codes?.has(offer.split(' ')[0] ?? '')).toBe(true)
      }
      // Filled in by nobody, it holds no document and no other fault.
      const blank = await readAll(undefined, await collected(writeTemplate([entry], '20261015')))
      expect(blank.faults).toEqual(['- - SHEET-NO_DOCUMENTS'])
    },
  )

  it('is the same bytes for the same day', async () => {
    const make = () => collected(writeTemplate([order], '20261015'))
    expect(Buffer.from(await make()).equals(Buffer.from(await make()))).toBe(true)
  })
})

const columnLetter = (i: number): string =>
  i < 26
    ? String.fromCharCode(65 + i)
    : `${columnLetter(Math.floor(i / 26) - 1)}${columnLetter(i % 26)}`
const columnIndex = (name: string): number =>
  [...name].reduce((index, letter) => index * 26 + letter.charCodeAt(0) - 64, 0) - 1

describe('a marked workbook', () => {
  const RESULT = heads.length

  it('has fills, notes, a column and a sheet of results, and the rest as it was', async () => {
    const file = await workbookOf([
      { name: 'CEB311', rows: rows('A', 'B', 'C') },
      { name: '#mine', rows: [['kept', 12.5, true]] },
    ])
    const back = await readXlsx(
      await marked(file, [
        fault(2, 'F'),
        fault(2, 'F', { text: { zh: '又有误', en: 'wrong again' } }),
        fault(3, 'A', { severity: 'warning' }),
        fault(3, null),
        fault(null, null),
      ]),
      { readStyles: true },
    )
    const [sheet, other, results] = back.sheets
    const fillOf = (key: string) => JSON.stringify(sheet?.cells?.get(key)?.style?.fill ?? null)
    expect(fillOf('1,5')).toContain('FFC7CF')
    expect(fillOf('2,0')).toContain('FFEB9D')
    expect(fillOf('3,5')).not.toContain('FF')
    expect(sheet?.rows.map((row) => row[RESULT] ?? null)).toEqual([
      '#校验结果',
      '错误 F：有误。更正。\n错误 F：又有误。更正。',
      '提示 A：有误。更正。\n错误：有误。更正。',
      null,
    ])
    expect(sheet?.rows.map((row) => row[5])).toEqual(['OrderHead.orderNo', 'A', 'B', 'C'])
    expect(other?.rows).toEqual([['kept', 12.5, true]])
    expect(results?.name).toBe('#校验结果')
    expect(results?.rows.length).toBe(4 + 5)
    const again = await readAll(order, await marked(file, [fault(2, 'F')]))
    expect(again.documents).toHaveLength(3)
  })

  it('copies what it does not understand, byte for byte, and formulas as they are', async () => {
    const row = `<row r="2" spans="1:3" ht="20"><c r="A2" s="2"><f>B1&amp;"&lt;"</f><v>7</v></c><c r="F2" t="str"><f>UPPER("a")</f><v>A</v></c></row>`
    const picture = Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 7) % 256))
    const file = zipOf([
      ...rawParts({
        rows: textRow(heads) + row,
        formats: ['0.0'],
        after: '<pageMargins left="1"/>',
      }),
      { name: 'xl/media/picture.png', bytes: picture },
    ])
    const parts = await openParts(new Blob([await marked(file, [fault(2, 'F')])]))
    const read = async (name: string): Promise<Buffer> => {
      const pieces: Uint8Array[] = []
      for await (const piece of parts.read(name)) pieces.push(piece)
      return Buffer.concat(pieces)
    }
    expect((await read('xl/media/picture.png')).equals(picture)).toBe(true)
    const sheet = (await read('xl/worksheets/sheet1.xml')).toString()
    expect(sheet).toContain('<c r="A2" s="2"><f>B1&amp;&quot;&lt;&quot;</f><v>7</v></c>')
    expect(sheet).toMatch(/<c r="F2" t="str" s="\d+"><f>UPPER\(&quot;a&quot;\)<\/f><v>A<\/v><\/c>/)
    expect(sheet).toMatch(
      /<\/sheetData><pageMargins left="1"\/><legacyDrawing [^>]+\/><\/worksheet>$/,
    )
  })

  it('keeps notes of others, and takes ours off when they no longer hold', async () => {
    const template = await collected(writeTemplate([order], '20261015'))
    const [sheet] = (await readXlsx(template)).sheets
    const named = (faults: readonly SheetFault[]) =>
      faults.map((each) => ({ ...each, sheet: sheet?.name ?? null }))
    const notesOf = async (file: Bytes) => {
      const [own] = (await readXlsx(file, { readStyles: true })).sheets
      return [...(own?.cells ?? [])].filter(([, cell]) => cell.comment !== undefined).length
    }
    const once = await marked(template, named([fault(2, 'A'), fault(2, 'B'), fault(1, 'C')]))
    // C1 has a note of the template already.
    expect(await notesOf(once)).toBe(columns.length + 2)
    expect(await notesOf(await marked(once, named([fault(2, 'B')])))).toBe(columns.length + 1)
    const clean = await marked(once, [])
    expect(await notesOf(clean)).toBe(columns.length)
    const [back] = (await readXlsx(clean, { readStyles: true })).sheets
    expect(JSON.stringify(back?.cells?.get('1,0')?.style?.fill ?? null)).not.toContain('FFC7CF')
    expect(back?.rows[1]?.[RESULT] ?? null).toBeNull()
    expect((await readXlsx(clean)).sheets.map(({ name }) => name)).toEqual(
      (await readXlsx(once)).sheets.map(({ name }) => name),
    )
  })

  it('stays sound where its maker wrote it in other ways', async () => {
    const prefixed = `<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>${rows(
      'A',
      'B',
    )
      .map(textRow)
      .join('')
      .replace(/<(\/?)(row|c|is|t)\b/g, '<$1x:$2')}</x:sheetData><x:tableParts/></x:worksheet>`
    const parts = rawParts({ rows: prefixed }).map((part) => ({
      ...part,
      name: part.name
        .replace('xl/', 'XL/')
        .replaceAll('/', part.name.includes('sheet1') ? '\\' : '/'),
    }))
    const read = await readAll(order, await marked(zipOf(parts), [fault(2, 'A'), fault(3, 'F')]))
    expect([read.documents.length, read.faults]).toEqual([2, []])
  })

  it('has so many notes and no more', async () => {
    const numbers = Array.from({ length: SHEET_NOTES_MAX + 10 }, (_, i) => `N${i}`)
    const faults = numbers.map((_, i) => fault(i + 2, 'F'))
    const back = await readXlsx(await marked(csvOf(rows(...numbers)), faults), { readStyles: true })
    const cells = [...(back.sheets[0]?.cells?.values() ?? [])]
    expect(cells.filter(({ comment }) => comment !== undefined)).toHaveLength(SHEET_NOTES_MAX)
    expect(back.sheets[0]?.rows.at(-1)?.[RESULT]).toContain('有误')
  })
})

describe('a marked CSV', () => {
  it('is a workbook with its texts as they were', async () => {
    const values = ['0012', '5001011990030712345', '=1+1', '张三,"x"\ny']
    const table = rows(...values)
    const back = await readXlsx(await marked(csvOf(table), [fault(2, 'F')]), { readStyles: true })
    expect(back.sheets[0]?.rows.slice(1).map((row) => row[5])).toEqual(values)
    expect(back.sheets[0]?.cells?.get('1,5')?.type).toBe('string')
  })

  it('that cannot be read to its end has what could be, and the reason', async () => {
    const torn = `${csvOf(rows('A'))}"x`
    const back = await readXlsx(await marked(torn, [fault(3, null)]))
    expect(back.sheets[0]?.rows.length).toBe(3)
    expect(JSON.stringify(back.sheets[0]?.rows[2])).toContain('有误')
  })

  it('holds the documents that it held', async () => {
    const table = rowsOf(order, [])
    const file = csvOf([...table, ...rows('A').slice(1)])
    const read = await readAll(order, await marked(file, [fault(3, 'A')]))
    expect(read.documents).toEqual((await readAll(order, file)).documents)
  })
})
