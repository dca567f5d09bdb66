/**
 * Cells as spreadsheet programs leave them: numbers for codes, counts of days for dates, formulas,
 * merged ranges. What is certain is read right, what is lost is told at its cell.
 */
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument, FieldRecord } from '../../src/catalogue/message.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { findMerges } from '../../src/codec/sheet/merges.ts'
import { columnName } from '../../src/codec/sheet/row.ts'
import { plainNumber, stampOfSerial } from '../../src/codec/sheet/values.ts'
import { lookOf } from '../../src/codec/sheet/workbook.ts'
import {
  BLANK_GUID,
  BLANK_TIME,
  csvOf,
  once,
  type RawWorkbook,
  rawParts,
  readAll,
  textCell,
  textRow,
  zipOf,
} from '../support/sheets.ts'

const order = getDeclaration('CEB311')
const columns = columnsOf(order)
const paths = columns.map(({ path }) => path)
/** Styles of `rawParts`: 0 plain, 1 a date, then the formats given. */
const FORMATS = ['0000', 'yyyy&quot;年&quot;m', '[h]:mm', '0.00', '[Red]0', '@'] as const

/** One row of orders whose cells are XML, by path; the others are blank. */
const readCells = async (
  cells: Readonly<Record<string, string>>,
  more: Partial<RawWorkbook> = {},
) => {
  const given = Object.keys(cells)
  const heads = [...given, ...paths.filter((path) => !given.includes(path))]
  const rows = `${textRow(heads)}<row>${given.map((path) => cells[path]).join('')}</row>`
  const read = await readAll(order, zipOf(rawParts({ rows, formats: FORMATS, ...more })))
  const [document] = read.documents
  return { ...read, head: headOf(document), lines: linesOf(document) }
}

const headOf = (document: AnyDocument | undefined): FieldRecord =>
  (document?.OrderHead ?? {}) as FieldRecord
const linesOf = (document: AnyDocument | undefined): readonly FieldRecord[] =>
  (document?.OrderList ?? []) as readonly FieldRecord[]

const number = (value: string, style = 0): string => `<c s="${style}"><v>${value}</v></c>`

describe('a number', () => {
  it.each([
    ['12.5', '12.5'],
    ['19.989999999999998', '19.99'],
    ['0.30000000000000004', '0.3'],
    ['1E-2', '0.01'],
    ['1.5E+3', '1500'],
    ['-0.5', '-0.5'],
    ['0', '0'],
    ['100', '100'],
    ['123456789012345', '123456789012345'],
  ])('%s is the amount %s', async (stored, value) => {
    const { head, faults } = await readCells({ 'OrderHead.freight': number(stored) })
    expect([head.freight, faults]).toEqual([value, []])
  })

  it('of more digits than a number keeps is told as lost', async () => {
    const { head, faults } = await readCells({
      'OrderHead.buyerIdNumber': number('5.0010119900307E+17'),
      'OrderHead.freight': number('1234567890123456'),
    })
    expect(faults).toEqual([
      '2 A CEB311-buyerIdNumber-LOST_DIGITS',
      '2 B CEB311-freight-LOST_DIGITS',
    ])
    expect(head.buyerIdNumber).toBeUndefined()
  })

  it('in a code of fixed length gets its zeros back where the list knows them, and is refused elsewhere', async () => {
    const { lines, head, faults } = await readCells({
      'OrderList.unit': number('7'),
      'OrderList.country': number('142'),
      'OrderHead.consigneeDistrict': number('1234'),
    })
    expect(lines[0]).toMatchObject({ unit: '007', country: '142' })
    expect(head.consigneeDistrict).toBe('1234')
    expect(faults).toEqual([
      '2 A CEB311-unit-ZEROS_RESTORED',
      '2 C CEB311-consigneeDistrict-LOST_ZEROS',
    ])
  })

  it('in a text is taken and told, because zeros may be lost', async () => {
    const { head, faults } = await readCells({ 'OrderHead.orderNo': number('12') })
    expect(head.orderNo).toBe('12')
    expect(faults).toEqual(['2 A CEB311-orderNo-NUMBER_IN_TEXT'])
  })

  it('shown with zeros in front has them', async () => {
    const { head, faults } = await readCells({ 'OrderHead.orderNo': number('12', 2) })
    expect([head.orderNo, faults]).toEqual(['0012', []])
  })

  it('that stands for a listed value is that value', async () => {
    const { head, faults } = await readCells({ 'OrderHead.appType': number('2') })
    expect([head.appType, faults]).toEqual(['2', []])
  })
})

describe('a moment', () => {
  it.each([
    [number('46204.395833333336', 1), '20260701093000'],
    [number('46204', 1), '20260701000000'],
    [number('46204.39583'), '20260701093000'],
    [number('20260701093000'), '20260701093000'],
    [textCell('2026-07-01 9:30'), '20260701093000'],
    [textCell('2026/7/1 09:30:15'), '20260701093015'],
    [textCell('2026年7月1日'), '20260701000000'],
    [textCell('20260701093000 '), '20260701093000'],
    ['<c t="d"><v>2026-07-01T09:30:00.000</v></c>', '20260701093000'],
  ])('%s is %s', async (cell, value) => {
    const { head, faults } = await readCells({ 'OrderHead.appTime': cell })
    expect([head.appTime, faults]).toEqual([value, []])
  })

  it('counts from another day where the workbook says so', async () => {
    const cells = { 'OrderHead.appTime': number('44742', 1) }
    expect((await readCells(cells, { date1904: true })).head.appTime).toBe('20260701000000')
  })

  it.each([
    [1, 1900, '19000101000000'],
    [59, 1900, '19000228000000'],
    [60, 1900, '19000229000000'],
    [61, 1900, '19000301000000'],
    [2958465, 1900, '99991231000000'],
    [1, 1904, '19040102000000'],
    [45000.999999, 1900, '20230316000000'],
  ] as const)('%d of %d is %s', (serial, epoch, stamp) => {
    expect(stampOfSerial(serial, epoch)).toBe(stamp)
  })

  it('in a text is told: what was typed there is lost', async () => {
    const { faults } = await readCells({ 'OrderList.gmodel': number('45000', 1) })
    expect(faults).toEqual(['2 A CEB311-gmodel-DATE_IN_TEXT'])
  })
})

describe('a number format', () => {
  it.each([
    [14, undefined, 'date'],
    [31, undefined, 'date'],
    [57, undefined, 'date'],
    [2, undefined, 'plain'],
    [200, 'yyyy"年"m"月"d"日"', 'date'],
    [200, '[$-804]aaaa', 'plain'],
    [200, '[h]:mm:ss', 'date'],
    [200, 'General', 'plain'],
    [200, '0.00"days"', 'plain'],
    [200, '#,##0.00_);[Red]\\(#,##0.00\\)', 'plain'],
    [200, '0000', 'zeros'],
  ])('%d %s shows %s', (id, code, look) => {
    expect(lookOf(id, code).look).toBe(look)
  })
})

describe('a formula', () => {
  it('gives the result that the file holds', async () => {
    const { head, lines, faults } = await readCells({
      'OrderHead.freight': '<c><f>A1*2</f><v>59.97</v></c>',
      'OrderHead.consignee': '<c t="str"><f>A1&amp;B1</f><v>张三</v></c>',
      'OrderHead.note': '<c t="str"><f>""</f><v></v></c>',
      'OrderList.qty': '<c><f t="shared" si="0"/><v>3</v></c>',
    })
    expect(head).toMatchObject({ freight: '59.97', consignee: '张三' })
    expect(head.note).toBeUndefined()
    expect([lines[0]?.qty, faults]).toEqual(['3', []])
  })

  it('without one is refused at its cell', async () => {
    const { faults } = await readCells({
      'OrderHead.freight': '<c><f>A1*2</f></c>',
      'OrderHead.discount': '<c><f>A1*2</f><v/></c>',
      'OrderHead.orderNo': '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      'OrderHead.consignee': '<c t="b"><v>1</v></c>',
    })
    expect(faults).toEqual([
      '2 A CEB311-freight-NO_CACHED_VALUE',
      '2 B CEB311-discount-NO_CACHED_VALUE',
      '2 C CEB311-orderNo-ERROR_VALUE',
      '2 D CEB311-consignee-BOOLEAN',
    ])
  })
})

describe('a text', () => {
  it('loses blanks at its ends, of whatever script, and keeps those within', async () => {
    const { head } = await readCells({
      'OrderHead.orderNo': textCell(' \u3000A 1\u00a0\n\t'),
      'OrderHead.consignee': textCell('\u3000\u00a0 '),
      'OrderHead.note': textCell('\ufeff\u2003备 注\u200b\u2060'),
    })
    expect(head).toMatchObject({ orderNo: 'A 1', note: '备 注' })
    expect(head.consignee).toBeUndefined()
  })

  it('may be shared, of several runs, with reading aids and escapes', async () => {
    const shared = [
      '<r><rPr><b/></rPr><t>张</t></r><r><t xml:space="preserve">三 </t></r><rPh sb="0" eb="1"><t>zhang</t></rPh>',
      '<t>a_x000D_b_x005F_x000D_</t>',
      '<t/>',
    ]
    const { head } = await readCells(
      {
        'OrderHead.consignee': '<c t="s"><v>0</v></c>',
        'OrderHead.note': '<c t="s"><v>1</v></c>',
        'OrderHead.orderNo': '<c t="s"><v>2</v></c>',
      },
      { shared },
    )
    expect(head).toMatchObject({ consignee: '张三', note: 'a\rb_x000D_' })
    expect(head.orderNo).toBeUndefined()
  })

  it('of a drop-down list is its code', async () => {
    const { head, lines, faults } = await readCells({
      'OrderHead.appType': textCell('2 变更'),
      'OrderHead.orderType': textCell('I'),
      'OrderList.unit': textCell('007 个'),
      'OrderHead.buyerIdType': textCell('1 something else'),
    })
    expect(head).toMatchObject({ appType: '2', orderType: 'I', buyerIdType: '1 something else' })
    expect([lines[0]?.unit, faults]).toEqual(['007', []])
  })
})

describe('a merged range', () => {
  const table = (after: string, ...rows: readonly (readonly string[])[]) =>
    readAll(
      order,
      zipOf(
        rawParts({
          rows: [
            ['OrderHead.orderNo', 'OrderHead.ebpCode', 'OrderList.gnum', 'OrderList.unit', ...rest],
            ...rows,
          ]
            .map(
              (row, i) =>
                `<row r="${i + 1}">${row.map((text, c) => (text === '' ? '' : textCell(text).replace('<c ', `<c r="${columnName(c)}${i + 1}" `))).join('')}</row>`,
            )
            .join(''),
          after,
        }),
      ),
    )
  const rest = paths.filter((path) => !/orderNo|ebpCode|gnum|unit/.test(path))

  it('down its column holds for every row it covers', async () => {
    const merged = '<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="D2:D3"/></mergeCells>'
    const { documents, faults } = await table(
      merged,
      ['A', 'p', '1', '007'],
      ['', '', '2', ''],
      ['', '', '3', '011'],
      ['B', 'p', '1', '007'],
    )
    expect(faults).toEqual([])
    expect(documents.map((document) => headOf(document).orderNo)).toEqual(['A', 'B'])
    expect(linesOf(documents[0]).map(({ unit }) => unit)).toEqual(['007', '007', '011'])
  })

  it('is found whatever the pieces the sheet comes in', async () => {
    const sheet = `<row><c><v>1</v></c></row><x:mergeCells><x:mergeCell  ref="B9:B10" /><x:mergeCell foo="1" ref='A1:C2'></x:mergeCell></x:mergeCells><z${' '.repeat(999)}/><mergeCell ref="D3:D4"/>`
    for (const piece of [1, 2, 3, 7, 11, 64, 9_999])
      expect((await findMerges(once(sheet, piece))).map(({ top, right }) => [top, right])).toEqual([
        [1, 2],
        [3, 3],
        [9, 1],
      ])
  })

  it('across columns is refused at the columns it covers', async () => {
    const { faults } = await table('<mergeCells><mergeCell ref="C2:D2"/></mergeCells>', [
      'A',
      'p',
      '1',
      '',
    ])
    expect(faults).toEqual(['2 D CEB311-unit-COVERED'])
  })
})

describe('rows', () => {
  const rowsOf = (...rows: readonly (readonly string[])[]) =>
    readAll(
      order,
      csvOf([
        [
          'OrderHead.orderNo',
          'OrderHead.ebpCode',
          'OrderHead.consignee',
          'OrderList.gnum',
          ...others,
        ],
        ...rows,
      ]),
    )
  const others = paths.filter((path) => !/orderNo|ebpCode|consignee$|gnum/.test(path))

  it('that follow each other with the same key, or none, are one document', async () => {
    const { documents, found } = await rowsOf(
      ['A', 'p', 'x', '1'],
      ['A', 'p', 'x', '2'],
      [],
      ['', '', '', '3'],
      ['A', 'q', 'x', '1'],
      ['B', '', 'x', '1'],
    )
    expect(documents.map((document) => linesOf(document).length)).toEqual([3, 1, 1])
    expect(found.map(({ rows }) => rows)).toEqual([
      [2, 5],
      [6, 6],
      [7, 7],
    ])
  })

  it('of one document must agree about its head', async () => {
    const { faults } = await rowsOf(['A', 'p', 'x', '1'], ['A', 'p', 'y', '2'], ['', '', '', '3'])
    expect(faults).toEqual(['3 C CEB311-consignee-CONFLICT'])
  })

  it('of one document must stand together', async () => {
    const { faults } = await rowsOf(
      ['A', 'p', 'x', '1'],
      ['B', 'p', 'x', '1'],
      ['A', 'p', 'x', '2'],
    )
    expect(faults).toEqual(['4 A CEB311-orderNo-NOT_TOGETHER'])
  })

  it('leave to us what nobody who writes sheets has at hand', async () => {
    const { documents, found } = await rowsOf(['A', 'p', 'x', '1'])
    expect(headOf(documents[0])).toMatchObject({
      ...{ guid: BLANK_GUID, appType: '1', appTime: BLANK_TIME, appStatus: '2' },
    })
    expect(found[0]?.filled).toEqual(['guid', 'appType', 'appTime', 'appStatus'])
  })

  it('lead every pointer to its cell', async () => {
    const { found } = await rowsOf(['A', 'p', 'x', '1'], ['', '', '', '2'], ['B', 'p', 'x', '1'])
    const placeOf = (pointer: string) => {
      const { row, column } = found[0]?.placeOf(pointer) ?? {}
      return `${column === undefined ? '-' : columnName(column)}${row}`
    }
    const unit = columnName(4 + others.indexOf('OrderList.unit'))
    expect(
      [
        '/OrderHead/consignee',
        '/OrderList/1/gnum',
        '/OrderList/1/unit',
        '/OrderList',
        '',
        '/nothing',
      ].map(placeOf),
    ).toEqual(['C2', 'D3', `${unit}3`, 'D2', 'A2', 'A2'])
  })
})

describe('in a CSV', () => {
  const cellOf = async (path: string, text: string) => {
    const heads = [path, ...paths.filter((other) => other !== path)]
    const { documents, faults } = await readAll(order, csvOf([heads, [text, 'x']]))
    return [headOf(documents[0])[path.slice(10)], faults[0]]
  }

  it('what Excel made of a number is told, and what kept it from doing so is taken off', async () => {
    expect(await cellOf('OrderHead.orderNo', '1.23457E+17')).toEqual([
      ...[undefined, '2 A CEB311-orderNo-LOST_DIGITS'],
    ])
    expect(await cellOf('OrderHead.consigneeDistrict', '1234')).toEqual([
      ...['1234', '2 A CEB311-consigneeDistrict-LOST_ZEROS'],
    ])
    expect(await cellOf('OrderHead.orderNo', '="0012"')).toEqual(['0012', undefined])
    expect(await cellOf('OrderHead.orderNo', "'001234567890123456789")).toEqual([
      ...['001234567890123456789', undefined],
    ])
    expect(await cellOf('OrderHead.orderNo', '\t0012')).toEqual(['0012', undefined])
    expect((await cellOf('OrderHead.orderNo', '=A1+1'))[1]).toMatch(/NO_CACHED_VALUE$/)
    expect(await cellOf('OrderHead.appTime', '2026/7/1 9:30')).toEqual([
      '20260701093000',
      undefined,
    ])
  })
})

it('plain numbers never have an exponent', () => {
  for (const value of [1e-7, 1.5e-5, 1e14, 123456.789, -2e-3, 0])
    expect(Number(plainNumber(value))).toBe(value)
  expect(plainNumber(1e-7)).toBe('0.0000001')
})
