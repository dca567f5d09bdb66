/** The report as files: the same report is the same bytes, and a workbook holds its very numbers. */
import { readXlsx } from 'hucre/xlsx'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildFigures } from '../../src/reports/build.ts'
import type { Report } from '../../src/reports/model.ts'
import { xlsxWriter } from '../../src/reports/xlsx.ts'
import { reportPdf } from '../../src/run/report-pdf.ts'
import { syntheticFigures } from '../support/report-figures.ts'

let report: Report
beforeAll(async () => {
  const asOf = new Date('2026-11-03T01:00:00Z')
  const figures = await buildFigures(syntheticFigures(), '2026-10', asOf)
  report = { figures, sha256: 'a'.repeat(64), publication: null }
})

describe('the workbook', () => {
  it('is the same bytes each time, and says nothing of the day it was made', async () => {
    const [first, second] = [await xlsxWriter(report, 'zh'), await xlsxWriter(report, 'zh')]
    expect(Buffer.compare(first, second)).toBe(0)
  })

  it('holds amounts as numbers with all their places, on a sheet for each part', async () => {
    const book = await readXlsx(await xlsxWriter(report, 'zh'))
    expect(book.sheets.map(({ name }) => name).slice(0, 2)).toEqual([
      '一、总体情况',
      '二、监管区域与监管方式',
    ])
    const cells = book.sheets.flatMap(({ rows }) => rows.flat())
    const { measures, countries, matrix } = report.figures
    for (const { month, yearToDate } of measures)
      for (const each of [month, yearToDate]) expect(cells).toContain(Number(each?.amount))
    for (const { amount } of countries?.rows ?? []) expect(cells).toContain(Number(amount))
    for (const { total } of matrix?.rows ?? [])
      expect(cells).toContain(Number((Number(total.amount) / 10_000).toFixed(6)))
  })
})

describe('the paper', () => {
  it('is the same bytes each time, embeds what it uses of its font and is made at the as-of moment', async () => {
    const [first, second] = [await reportPdf(report, 'zh'), await reportPdf(report, 'zh')]
    expect(Buffer.compare(first, second)).toBe(0)
    const text = Buffer.from(first).toString('latin1')
    expect(text.startsWith('%PDF-')).toBe(true)
    expect(text).toContain('(D:20261103010000Z)')
    expect(text).toMatch(/\/FontName \/[A-Z]{6}\+NotoSansHans-Regular/)
    expect(first.length).toBeLessThan(1_000_000)
    expect(Buffer.compare(first, await reportPdf(report, 'en'))).not.toBe(0)
  })
})
