/** The check tells every fault at once, by code, pointer, name and cure, and never the value. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Field } from '../../src/catalogue/field.ts'
import { messages } from '../../src/catalogue/index.ts'
import type { AnyDocument, Message } from '../../src/catalogue/message.ts'
import { importList } from '../../src/catalogue/messages/import-list.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { waybill } from '../../src/catalogue/messages/waybill.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { shapeOf } from '../../src/codec/shape.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX } from '../../src/kernel/limits.ts'
import { generateDocument, seeded } from '../support/documents.ts'

type Loose = Record<string, unknown>

const entries: readonly Message[] = messages
const each = entries.map((entry) => [entry.code, entry] as const)

/** A copy that may be spoilt. */
const loose = (document: AnyDocument): Loose => JSON.parse(JSON.stringify(document))

const codes = (faults: readonly Fault[]): string[] => faults.map((fault) => fault.code)

/** The record at a group: the node itself, the record, or the first line; with its pointer. */
const recordIn = (document: Loose, group: string | undefined): [Loose, string] => {
  if (group === undefined) return [document, '']
  const value = document[group]
  return Array.isArray(value) ? [value[0], `/${group}/0`] : [value as Loose, `/${group}`]
}

/** Values a field must refuse, each with the only word that may be said of it. */
const badValues = (field: Field, received: boolean): readonly (readonly [string, unknown])[] => {
  const least = field.length ?? field.min ?? (field.required ? 1 : 0)
  const mayBeEmpty = field.kind === 'text' && least === 0
  const longer = received ? field.readMax : undefined
  const most = received ? field.max : (field.textMax ?? field.max)
  const all: [string, unknown][] = [
    ['WRONG_TYPE', 5],
    ['WRONG_TYPE', true],
    ['WRONG_TYPE', null],
    ['WRONG_TYPE', { a: '1' }],
    ['WRONG_TYPE', ['1']],
  ]
  const required = field.required || field.textRequires === true
  // In the maximal document a field that hangs on another's presence is always needed.
  const empty =
    field.together !== undefined ||
    (field.requiredWhen !== undefined && 'present' in field.requiredWhen)
      ? 'REQUIRED_WHEN'
      : 'EMPTY'
  if (!mayBeEmpty || (required && !received)) all.push([empty, ''], [empty, ' \t\u3000'])
  if (field.fixed !== undefined || (field.values !== undefined && !received))
    return [...all, ['NOT_ALLOWED', '~'], ['NOT_ALLOWED', 'x'.repeat(4000)]]
  if (field.kind === 'decimal')
    return [
      ...all,
      ...['1e5', '1,000', '+1', '.5', '5.', 'NaN', '0x1', '１', '1 2', '--1'].map(
        (bad): [string, string] => ['NOT_DECIMAL', bad],
      ),
      ['TOO_MANY_DIGITS', '9'.repeat((field.digits ?? 0) + 1)],
      ['TOO_MANY_DIGITS', `1.${'1'.repeat((field.fraction ?? 0) + 1)}`],
    ]
  if (field.kind === 'int')
    return [
      ...all,
      ['NOT_INTEGER', '1.5'],
      ['NOT_INTEGER', '1e5'],
      ['NOT_INTEGER', '+1'],
      ['TOO_MANY_DIGITS', '9'.repeat((field.digits ?? 10) + 1)],
      ...(field.digits === undefined
        ? [['TOO_MANY_DIGITS', '2147483648'] as [string, string]]
        : []),
      ...(field.least === undefined || received
        ? []
        : [['TOO_SMALL', String(field.least - 1)] as [string, string]]),
    ]
  if (field.raw !== true) {
    const filler = 'x'.repeat(Math.max(0, (longer ?? field.length ?? most ?? 2) - 1))
    if (field.moment === undefined || longer !== undefined)
      all.push(['BAD_CHARACTER', `${filler}\u0001`], ['BAD_CHARACTER', `${filler}\ud800`])
  }
  if (longer !== undefined) return [...all, ['TOO_LONG', '1'.repeat(longer + 1)]]
  if (field.length !== undefined)
    all.push(
      ['WRONG_LENGTH', '1'.repeat(field.length + 1)],
      ...(field.length > 1
        ? [['WRONG_LENGTH', '1'.repeat(field.length - 1)] as [string, string]]
        : []),
    )
  else {
    if (most !== undefined) all.push(['TOO_LONG', '😀'.repeat(most + 1)])
    if (least > 1) all.push(['TOO_SHORT', '1'.repeat(least - 1)])
  }
  if (field.moment !== undefined)
    all.push(['NOT_A_TIME', '20230229240000000'.slice(0, field.moment)])
  return all
}

describe('checkDocument', () => {
  it.each(each)('%s: takes every valid document as it is', (_, entry) => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('minimal', 'maximal', 'random'), (seed, shape) => {
        const document = generateDocument(entry, seeded(seed), { shape })
        const checked = checkDocument(entry, document)
        expect(checked.faults).toEqual([])
        expect(JSON.stringify(checked.document)).toBe(JSON.stringify(document))
      }),
      { seed: 21, numRuns: 100 },
    )
  })

  it.each(each)(
    '%s: tells of each field each thing that can be wrong, at its place',
    (_, entry) => {
      const received = entry.sort !== 'declaration'
      const whole = generateDocument(entry, seeded(22), { shape: 'maximal', lines: 1 })
      for (const group of shapeOf(entry).groups)
        for (const { name, field } of group.fields) {
          const cases = [...badValues(field, received), ...absence(field, received)]
          for (const [what, value] of cases) {
            const document = loose(whole)
            const [record, pointer] = recordIn(document, group.name)
            if (value === undefined) delete record[name]
            else record[name] = value
            const { faults } = checkDocument(entry, document)
            const found = faults.filter((fault) => fault.pointer === `${pointer}/${name}`)
            expect({ name, value, codes: codes(found) }).toEqual({
              name,
              value,
              codes: [`${entry.code}-${name}-${what}`],
            })
            const [fault] = found
            expect(fault?.text.zh).toContain(`${field.zh}（${name}）`)
            expect(fault?.text.en).toContain(name)
            for (const text of [fault?.text.zh, fault?.text.en, fault?.cure.zh, fault?.cure.en]) {
              expect(text).not.toBe('')
              expect(text).not.toMatch(/[{}]|undefined|Infinity/)
            }
          }
        }
    },
  )

  it('tells all faults of a document at once, in wire order', () => {
    const document = loose(generateDocument(order, seeded(23), { shape: 'minimal', lines: 2 }))
    const [head] = recordIn(document, 'OrderHead')
    const [line] = recordIn(document, 'OrderList')
    head.appTime = '20230229000000'
    head.goodsValue = '1e5'
    head.currency = '502'
    delete head.acturalPaid
    head.buyerName = ''
    line.qty = 1
    expect(checkDocument(order, document).faults.map((f) => `${f.code} ${f.pointer}`)).toEqual([
      'CEB311-appTime-NOT_A_TIME /OrderHead/appTime',
      'CEB311-goodsValue-NOT_DECIMAL /OrderHead/goodsValue',
      'CEB311-acturalPaid-MISSING /OrderHead/acturalPaid',
      'CEB311-currency-NOT_ALLOWED /OrderHead/currency',
      'CEB311-buyerName-EMPTY /OrderHead/buyerName',
      'CEB311-qty-WRONG_TYPE /OrderList/0/qty',
    ])
  })

  it('never repeats the value, which may be personal', () => {
    const secret = 'S3cr3t-Zhang'
    const document = loose(generateDocument(order, seeded(24), { shape: 'maximal', lines: 1 }))
    const [head] = recordIn(document, 'OrderHead')
    for (const name of Object.keys(head)) head[name] = secret.repeat(300)
    const { faults } = checkDocument(order, document)
    expect(faults.length).toBeGreaterThan(20)
    expect(JSON.stringify(faults)).not.toContain('S3cr3t')
  })

  it('names the nearest known field when one is misspelt', () => {
    const document = loose(generateDocument(order, seeded(25), { shape: 'minimal' }))
    const [head] = recordIn(document, 'OrderHead')
    head.actualPaid = head.acturalPaid
    head['a/b~c'] = 'x'
    document.OrderLists = []
    const unknown = checkDocument(order, document).faults
    expect(unknown.map((fault) => `${fault.code} ${fault.pointer}`)).toEqual([
      'CEB311-OrderHead-UNKNOWN /OrderHead/actualPaid',
      'CEB311-OrderHead-UNKNOWN /OrderHead/a~1b~0c',
      'CEB311-Order-UNKNOWN /OrderLists',
    ])
    expect(unknown[0]?.cure).toEqual({
      zh: '删除它，或改名为 acturalPaid',
      en: 'Remove it, or rename it to acturalPaid',
    })
    expect(unknown[1]?.cure.en).toBe('Remove it')
    expect(unknown[2]?.cure.en).toContain('OrderList')
  })

  it('tells missing groups, wrong kinds of groups and lines, and counts lines', () => {
    const valid = generateDocument(order, seeded(26), { shape: 'minimal' })
    const [line] = valid.OrderList as unknown as readonly Loose[]
    const told = (change: Loose) => codes(checkDocument(order, { ...valid, ...change }).faults)
    const { OrderHead: _, ...headless } = valid
    expect(codes(checkDocument(order, headless).faults)).toEqual(['CEB311-OrderHead-MISSING'])
    expect(told({ OrderHead: [] })).toEqual(['CEB311-OrderHead-NOT_A_RECORD'])
    expect(told({ OrderList: line })).toEqual(['CEB311-OrderList-NOT_A_LIST'])
    expect(told({ OrderList: ['x'] })).toEqual(['CEB311-OrderList-NOT_A_RECORD'])
    expect(told({ OrderList: [] })).toEqual(['CEB311-OrderList-TOO_FEW_LINES'])
    expect(told({ OrderList: Array(99).fill(line) })).toEqual([])
    expect(told({ OrderList: Array(100).fill(line) })).toEqual(['CEB311-OrderList-TOO_MANY_LINES'])
    expect(told({ OrderList: Array(1_000_000).fill({}) }).length).toBe(FAULTS_PER_DOCUMENT_MAX)
  })

  it('stops at its cap of faults, whatever is thrown at it', () => {
    const strange = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`x${i}`, i]))
    expect(checkDocument(order, strange).faults.length).toBe(FAULTS_PER_DOCUMENT_MAX)
  })

  it('drops blank optional fields, trims blanks, and puts fields into wire order', () => {
    const valid = generateDocument(importList, seeded(27), { shape: 'minimal' })
    const document = loose(valid)
    const [head] = recordIn(document, 'InventoryHead')
    head.preNo = ''
    head.loctNo = ' \t'
    head.copNo = '\tQD1 \r\n'
    const reversed = Object.fromEntries(Object.entries(head).reverse())
    const { faults, document: checked } = checkDocument(importList, {
      InventoryList: document.InventoryList,
      InventoryHead: reversed,
    })
    expect(faults).toEqual([])
    const expected = { ...Object(valid.InventoryHead), copNo: 'QD1' }
    expect(JSON.stringify(checked)).toBe(
      JSON.stringify({ InventoryHead: expected, InventoryList: valid.InventoryList }),
    )
  })

  it('refuses an empty optional field where the schema refuses the empty element', () => {
    const document = loose(generateDocument(importList, seeded(28), { shape: 'minimal' }))
    recordIn(document, 'InventoryHead')[0].ieDate = ''
    recordIn(document, 'InventoryList')[0].tradeCountry = ''
    expect(codes(checkDocument(importList, document).faults)).toEqual([
      'CEB621-ieDate-EMPTY',
      'CEB621-tradeCountry-EMPTY',
    ])
  })

  it('asks for what hangs on the trade mode, from the head and from a line', () => {
    const document = loose(generateDocument(importList, seeded(29), { shape: 'minimal', lines: 1 }))
    const [head] = recordIn(document, 'InventoryHead')
    const needs = (mode: string): string[] => {
      head.tradeMode = mode
      for (const name of ['emsNo', 'areaCode', 'areaName', 'trafNo', 'voyageNo', 'billNo'])
        delete head[name]
      return codes(checkDocument(importList, document).faults)
    }
    delete recordIn(document, 'InventoryList')[0].itemRecordNo
    expect(needs('1239')).toEqual([])
    expect(needs('1210')).toEqual([
      'CEB621-emsNo-REQUIRED_WHEN',
      'CEB621-areaCode-REQUIRED_WHEN',
      'CEB621-areaName-REQUIRED_WHEN',
      'CEB621-itemRecordNo-REQUIRED_WHEN',
    ])
    expect(needs('9610')).toEqual([
      'CEB621-trafNo-REQUIRED_WHEN',
      'CEB621-voyageNo-REQUIRED_WHEN',
      'CEB621-billNo-REQUIRED_WHEN',
    ])
    recordIn(document, 'InventoryList')[0].unit2 = '035'
    head.tradeMode = '1239'
    const [fault] = checkDocument(importList, document).faults
    expect(fault?.code).toBe('CEB621-qty2-REQUIRED_WHEN')
    expect(fault?.text.zh).toBe('填写了第二计量单位（unit2）时，第二数量（qty2）必填')
  })

  it('asks for what only the published text requires', () => {
    const document = loose(generateDocument(waybill, seeded(30), { shape: 'minimal' }))
    const [head] = recordIn(document, 'LogisticsHead')
    delete head.freight
    delete head.insuredFee
    expect(codes(checkDocument(waybill, document).faults)).toEqual([
      'CEB511-freight-MISSING',
      'CEB511-insuredFee-MISSING',
    ])
  })

  it('keeps 0012 and counts characters, not UTF-16 units', () => {
    const document = loose(generateDocument(order, seeded(31), { shape: 'minimal' }))
    const [head] = recordIn(document, 'OrderHead')
    head.orderNo = '0012'
    head.buyerName = '𠮷'.repeat(60)
    const { faults, document: checked } = checkDocument(order, document)
    expect(faults).toEqual([])
    expect(checked.OrderHead).toMatchObject({ orderNo: '0012', buyerName: '𠮷'.repeat(60) })
  })

  it('judges the same whatever the order of the keys', () => {
    // Reversed keys never go the quick way, so this compares the two passes.
    fc.assert(
      fc.property(
        fc.constantFrom(...entries),
        fc.integer(),
        fc.nat(),
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('', ' ', 'x ', '-1', '1.5', '\ud800'),
        ),
        (entry, seed, place, value) => {
          const document = loose(generateDocument(entry, seeded(seed)))
          const groups = shapeOf(entry).groups.filter(
            ({ name = '' }) => name === '' || name in document,
          )
          const group = groups[place % groups.length]
          const [record] = recordIn(document, group?.name)
          const names = Object.keys(record)
          record[names[place % names.length] ?? ''] = value
          const judged = checkDocument(entry, document)
          const again = checkDocument(entry, reversedKeys(document))
          expect(again.faults).toEqual(judged.faults)
          if (judged.faults.length === 0)
            expect(JSON.stringify(again.document)).toBe(JSON.stringify(judged.document))
        },
      ),
      { seed: 32, numRuns: 2_000 },
    )
  })

  it('answers anything at all with faults and never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...entries),
        fc.anything({ withNullPrototype: true }),
        (entry, value) => {
          expect(checkDocument(entry, value).faults.length).toBeGreaterThan(0)
        },
      ),
      { seed: 33, numRuns: 1_000 },
    )
    const hostile = JSON.parse('{"__proto__":{"OrderHead":{}},"constructor":"x","toString":1}')
    expect(codes(checkDocument(order, hostile).faults)).toContain('CEB311-Order-UNKNOWN')
  })
})

const absence = (field: Field, received: boolean): readonly (readonly [string, undefined])[] => {
  if (field.required || (field.textRequires === true && !received)) return [['MISSING', undefined]]
  return []
}

const reversedKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, reversedKeys(inner)]),
  )
}
