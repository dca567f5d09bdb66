/** Which document a mark concerns, where several bear the number it ends. */
import { describe, expect, it } from 'vitest'
import { declarations } from '../../src/catalogue/index.ts'
import type { FieldRecord } from '../../src/catalogue/message.ts'
import { findMark, placeOfMark } from '../../src/sim/marks.ts'

/** Kinds that a mark in this field concerns, when all of them bear the number. */
const concerned = (head: FieldRecord, kinds: readonly string[]): string[] =>
  declarations
    .filter((entry) => kinds.includes(entry.code) && findMark(entry, head) !== undefined)
    .map(({ code }) => code)

const IMPORT = ['CEB311', 'CEB411', 'CEB511', 'CEB621', 'CEB623', 'CEB625']
const EXPORT = ['CEB303', 'CEB403', 'CEB603']

describe('a mark', () => {
  it.each([
    ['YG1-0000001-R1300', ['CEB621']],
    ['YG1-0000001-ORDER-R1300', ['CEB311']],
    ['YG1-0000001-PAYMENT-SILENT', ['CEB411']],
    ['YG1-0000001-WAYBILL-LATE', ['CEB511']],
    ['YG1-0000001-LIST-LATE', ['CEB621']],
    ['YG1-0000001', []],
    ['', []],
    ['-', []],
  ])('of the order number %s concerns %j of an import', (orderNo, kinds) => {
    expect(concerned({ orderNo }, IMPORT)).toEqual(kinds)
  })

  it.each([
    ['YE1-0000001-R1300', ['CEB603']],
    ['YE1-0000001-ORDER-R1300', ['CEB303']],
    ['YE1-0000001-RECEIPT-R1300', ['CEB403']],
  ])('of the order number %s concerns %j of an export', (orderNo, kinds) => {
    expect(concerned({ orderNo }, EXPORT)).toEqual(kinds)
  })

  it.each([
    ['WB1-0000001-SILENT', ['CEB505', 'CEB511']],
    ['WB1-0000001-DELIVER-SILENT', ['CEB513']],
  ])('of the waybill number %s concerns %j', (logisticsNo, kinds) => {
    const all = [...IMPORT, ...EXPORT, 'CEB505', 'CEB513', 'CEB507', 'CEB509']
    expect(concerned({ logisticsNo }, all)).toEqual(kinds)
  })

  it('of a return is not that of its tally', () => {
    const kinds = ['CEB213', 'CEB215']
    expect(concerned({ coElNo: 'T1-1-R1300' }, kinds)).toEqual(['CEB213'])
    expect(concerned({ coElNo: 'T1-1-TALLY-R1300' }, kinds)).toEqual(['CEB215'])
  })

  it('has a place in every kind, where it is found again', () => {
    for (const entry of declarations) {
      const { field, ending } = placeOfMark(entry, '-SILENT')
      expect(findMark(entry, { [field]: `X1-0000001${ending}` }), entry.code).toBe('-SILENT')
      expect(placeOfMark(entry, '').ending).toBe('')
    }
  })
})
