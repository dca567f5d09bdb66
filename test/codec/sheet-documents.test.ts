/** Documents in sheets: whatever a kind can say goes in and comes out, in every form a sheet has. */
import { describe, expect, it } from 'vitest'
import { declarations, findDeclaration } from '../../src/catalogue/index.ts'
import type { AnyDocument, Declaration } from '../../src/catalogue/message.ts'
import { shapeOf } from '../../src/codec/shape.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { csvOf, once, type RowOptions, readAll, rowsOf, workbookOf } from '../support/sheets.ts'

const SEED = 20261015

/** Names what the sheet shall not change: blanks and line ends that spreadsheets do not keep. */
const tame = (document: AnyDocument): AnyDocument =>
  JSON.parse(JSON.stringify(document).replace(/\\[nt]|\u00a0|[\ud800-\udfff]|\ue000|\ufffd/g, '_'))

const documentsOf = (entry: Declaration, count = 4): readonly AnyDocument[] => {
  const random = seeded(SEED)
  return (['minimal', 'maximal', 'random'] as const)
    .flatMap((shape) =>
      Array.from({ length: count }, () => generateDocument(entry, random, { shape, lines: 3 })),
    )
    .map(tame)
}

const order = findDeclaration('CEB311')
const payment = findDeclaration('CEB411')
if (order === undefined || payment === undefined) throw new Error('no such kind')

describe.each(declarations.map((entry) => [entry.code, entry] as const))('%s', (_code, entry) => {
  it('has one column for each field, no two alike', () => {
    const columns = columnsOf(entry)
    const fields = shapeOf(entry).groups.flatMap((group) => group.fields)
    expect(columns).toHaveLength(fields.filter(({ field }) => field.textOnly !== true).length)
    expect(new Set(columns.map(({ head }) => head)).size).toBe(columns.length)
    expect(new Set(columns.map(({ path }) => path)).size).toBe(columns.length)
  })

  it.each<[string, RowOptions]>([
    ['heads on every row', {}],
    ['heads on the first row alone', { head: 'first' }],
    ['Chinese heads only', { heads: 'zh' }],
    ['wire names only', { heads: 'path', head: 'first' }],
  ])('comes out of a workbook as it went in: %s', async (_form, options) => {
    const documents = documentsOf(entry)
    const bytes = await workbookOf([{ name: entry.code, rows: rowsOf(entry, documents, options) }])
    const read = await readAll(undefined, bytes)
    expect(read.faults, `seed ${SEED}`).toEqual([])
    expect(read.documents).toEqual(documents)
  })

  it('comes out of a CSV as it went in, whatever the pieces it comes in', async () => {
    const documents = documentsOf(entry)
    const csv = csvOf(rowsOf(entry, documents))
    const read = await readAll(entry, once(csv, 777))
    expect(read.faults, `seed ${SEED}`).toEqual([])
    expect(read.documents).toEqual(documents)
  })
})
