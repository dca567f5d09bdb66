/**
 * A code is looked up in the list of its field: what a list does not have is a warning that names
 * the codes near it, and neither hides a fault nor refuses what customs may know.
 */
import { describe, expect, it } from 'vitest'
import { findCodeList } from '../../src/catalogue/code-lists/index.ts'
import { declarations } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { exportList } from '../../src/catalogue/messages/export-list.ts'
import { exportReturn } from '../../src/catalogue/messages/export-return.ts'
import { importList } from '../../src/catalogue/messages/import-list.ts'
import { importListReply } from '../../src/catalogue/messages/import-list-reply.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { checkDocument, checkRecord } from '../../src/codec/check.ts'
import { exampleOf } from '../../src/codec/example.ts'
import { rulesOf } from '../../src/codec/rule.ts'
import { type Fault, refuses } from '../../src/kernel/fault.ts'
import {
  CODE_NAME_LENGTH_MAX,
  CODE_SEARCHES_PER_DOCUMENT_MAX,
  WARNINGS_PER_DOCUMENT_MAX,
} from '../../src/kernel/limits.ts'
import { declarationSamples, kindSamples } from '../../src/run/bench/samples.ts'
import { makeConsignment, syntheticEnterprises } from '../../src/sim/consignments.ts'
import { generateDocument, seeded } from '../support/documents.ts'

type Loose = Record<string, string>

/** A valid document with some values of its head and of its first line replaced. */
const spoilt = (entry: Message, head: Loose, line: Loose = {}): Record<string, unknown> => {
  const made = generateDocument(entry, seeded(71), { shape: 'maximal', lines: 1 })
  const [[headName, first], [lineName, lines] = ['', []]] = Object.entries(made) as [
    [string, Loose],
    [string, Loose[]]?,
  ]
  return {
    [headName]: { ...first, appTime: '20240618093015', ...head },
    [lineName]: lines.map((each) => ({ ...each, ...line })),
  }
}

const faultsOf = (entry: Message, head: Loose, line: Loose = {}): readonly Fault[] =>
  checkDocument(entry, spoilt(entry, head, line)).faults

const told = ({ code, pointer, severity }: Fault): string => `${severity} ${code} ${pointer}`

describe('a code that its list does not have', () => {
  it('is a warning at its field, which names the nearest codes and why the list may lack it', () => {
    const faults = faultsOf(importList, { customsCode: '8031' })
    expect(faults.map(told)).toEqual([
      'warning CEB621-customsCode-NOT_LISTED /InventoryHead/customsCode',
    ])
    expect(refuses(faults)).toBe(false)
    expect(faults[0]?.text).toEqual({
      zh: '申报海关代码（customsCode）的代码不在关区代码表（1085 项，截至 2019-11）中',
      en: 'customsCode (申报海关代码) has a code that is not among the 1085 customs offices known in 2019-11',
    })
    expect(faults[0]?.cure.zh).toBe(
      '核对代码，可能应为 8301（贵阳总关）或 8013（重庆西永综合保税区）或 8011（重庆江北机场国际快件中心）。' +
        '代码表取自 2019 年的公开数据，可能不全或已有变动；确认海关使用该代码后可照常提交',
    )
    expect(faults[0]?.cure.en).toMatch(/^Check the code: probably 8301 \(贵阳总关\) or 8013 /)
  })

  it('says so without a guess where nothing is near', () => {
    const [fault] = faultsOf(exportList, { POD: '0AA0' })
    expect(fault?.code).toBe('CEB603-POD-NOT_LISTED')
    expect(fault?.cure.zh).toMatch(/^核对代码。代码表/)
    expect(fault?.cure.en).toMatch(/^Check the code\. The list/)
  })

  it.each([
    [exportList, 'fCurrency', 'USD', '502（美元）'],
    [exportReturn, 'country', 'CN', '142（中国）'],
    [exportReturn, 'country', '美国', '502（美国）'],
    [exportReturn, 'trafMode', 'y', 'Y（保税港区）'],
    [exportList, 'tradeMode', '9160', '9610（跨境贸易电子商务）'],
    [exportList, 'wrapType', '8', '7（其他）'],
  ] as const)('%#: %o names the code for what was written', (entry, field, value, code) => {
    const faults = faultsOf(entry, { [field]: value })
    expect(faults.map(({ severity, code: word }) => `${severity} ${word}`)).toEqual([
      `warning ${entry.code}-${field}-NOT_LISTED`,
    ])
    expect(faults[0]?.cure.zh).toContain(`，可能应为 ${code}`)
  })

  it.each([
    ['unit', '千克', 'WRONG_LENGTH', '035（千克）'],
    ['unit', '35', 'WRONG_LENGTH', '035（千克）'],
    ['unit1', 'kg', 'WRONG_LENGTH', '035（千克）'],
    ['country', '美国', 'WRONG_LENGTH', '502（美国）'],
    ['country', 'United States', 'WRONG_LENGTH', '502（美国）'],
    ['tradeCountry', 'South Korea', 'TOO_LONG', '133（韩国）'],
  ] as const)('%s: %s is a fault of form whose cure names the code', (field, value, what, code) => {
    const faults = faultsOf(importList, {}, { [field]: value })
    expect(faults.map(told)).toEqual([`error CEB621-${field}-${what} /InventoryList/0/${field}`])
    expect(faults[0]?.cure.zh).toContain(`，可能应为 ${code}`)
    expect(faults[0]?.cure.en).toContain(`: probably ${code.slice(0, 3)} (`)
  })

  it('is told of modes of the other direction too', () => {
    const said = (entry: Message, tradeMode: string): readonly string[] =>
      faultsOf(entry, { tradeMode }).map(({ code }) => code)
    for (const mode of ['9710', '9810', '9661', '1261'])
      expect(said(importList, mode)).toEqual(['CEB621-tradeMode-NOT_LISTED'])
    for (const mode of ['9610', '1210', '1239', '9710', '9810'])
      expect(said(exportList, mode)).toEqual([])
    for (const mode of ['9661', '1261']) expect(said(exportReturn, mode)).toEqual([])
  })

  it('is a fault where the list is complete', () => {
    const { head } = rulesOf(importList)
    const complete = {
      ...head,
      rules: head.rules.map((rule) =>
        rule.list === undefined ? rule : { ...rule, list: { ...rule.list, complete: true } },
      ),
    }
    const record = spoilt(importList, { customsCode: '8031' }).InventoryHead as Loose
    expect(checkRecord(complete, record, '').map(told)).toEqual([
      'error CEB621-customsCode-NOT_LISTED /customsCode',
    ])
    expect(checkRecord(head, record, '').map(told)).toEqual([
      'warning CEB621-customsCode-NOT_LISTED /customsCode',
    ])
  })

  it('passes where customs writes it, where no list is at hand, and where the value is fixed', () => {
    const reply = generateDocument(importListReply, seeded(72), { shape: 'maximal' })
    const head = { ...Object(reply), customsCode: '8099' }
    expect(checkDocument(importListReply, head).faults).toEqual([])
    expect(findCodeList('hs')).toBeUndefined()
    expect(faultsOf(importList, {}, { gcode: '0000000000' })).toEqual([])
    expect(faultsOf(order, { currency: '502' }).map(told)).toEqual([
      'error CEB311-currency-NOT_ALLOWED /OrderHead/currency',
    ])
  })
})

describe('a code out of use', () => {
  it('is a warning that names what took its place, by the day of submission', () => {
    const faults = faultsOf(exportList, { country: '349', appTime: '20240618093015' })
    expect(faults.map(told)).toEqual(['warning CEB603-country-NOT_IN_FORCE /InventoryHead/country'])
    expect(faults[0]?.cure.zh).toBe('改用当日有效的代码，可能应为 358（塞尔维亚）或 359（黑山）')
    expect(faultsOf(exportList, { country: '349', appTime: '20060603235959' })).toEqual([])
    const again = faultsOf(exportList, { country: '349', appTime: '20060604000000' })
    expect(again.map(({ code }) => code)).toEqual(['CEB603-country-NOT_IN_FORCE'])
  })
})

describe('warnings', () => {
  /** A list of 99 lines, three unknown units a line, and a real fault in the last line. */
  const noisy = (unit: (n: number) => string): Record<string, unknown> => {
    const made = spoilt(importList, {})
    const [line] = made.InventoryList as Loose[]
    const lines = Array.from({ length: 99 }, (_, n) => ({
      ...line,
      unit: unit(3 * n),
      unit1: unit(3 * n + 1),
      unit2: unit(3 * n + 2),
      price: n === 98 ? '1e5' : '1',
    }))
    return { ...made, InventoryList: lines }
  }

  it('never hide a fault behind their number, nor cut the document short', () => {
    const document = noisy((n) => String(200 + n))
    const { faults, document: checked } = checkDocument(importList, document)
    const errors = faults.filter(({ severity }) => severity === 'error')
    expect(errors.map(told)).toEqual(['error CEB621-price-NOT_DECIMAL /InventoryList/98/price'])
    expect(faults.length).toBe(errors.length + WARNINGS_PER_DOCUMENT_MAX)
    expect(checked.InventoryList).toEqual(document.InventoryList)
  })

  it('name near codes for each line that repeats a mistake, and for so many different ones', () => {
    const cured = (document: unknown): number =>
      checkDocument(importList, document).faults.filter(({ cure }) => cure.zh.includes('可能应为'))
        .length
    expect(cured(noisy(() => '150'))).toBe(WARNINGS_PER_DOCUMENT_MAX)
    expect(cured(noisy((n) => `1${'ABCDEFGHIJ'.charAt(n % 10)}${Math.floor(n / 10) % 10}`))).toBe(
      CODE_SEARCHES_PER_DOCUMENT_MAX,
    )
  })

  it('do not repeat what was written, however long it is', () => {
    const secret = 'S3cr3t'.repeat(1_000)
    expect(secret.length).toBeGreaterThan(CODE_NAME_LENGTH_MAX)
    const said = JSON.stringify([
      faultsOf(importList, { customsCode: secret }),
      faultsOf(exportReturn, { country: 'S3c' }),
    ])
    expect(said).not.toContain('S3c')
  })
})

describe('documents of ours', () => {
  it('carry no code that is not listed: synthetic consignments of every zone and mode', () => {
    const enterprises = syntheticEnterprises(zones)
    const at = new Date('2025-06-18T02:00:00Z')
    const entries = new Map(declarations.map((entry) => [entry.code, entry]))
    const kinds = { order: 'CEB311', payment: 'CEB411', waybill: 'CEB511', list: 'CEB621' } as const
    for (const zone of zones)
      for (const mode of ['1210', '9610'] as const)
        for (let n = 0; n < 60; n += 1) {
          const made = makeConsignment({ n, seed: 7, zone, mode, enterprises, at })
          for (const part of ['order', 'payment', 'waybill', 'list'] as const) {
            const entry = entries.get(kinds[part])
            if (entry === undefined) throw new Error(`${kinds[part]} is no declaration`)
            expect(checkDocument(entry, made[part]).faults).toEqual([])
          }
        }
  })

  it.each(
    [...declarationSamples(3), ...kindSamples(3)].map((one) => [one.entry.code, one] as const),
  )('carry no code that is not listed: sample of the bench, %s', (_, { entry, documents }) => {
    for (const document of documents) expect(checkDocument(entry, document).faults).toEqual([])
  })

  it.each(declarations.map((entry) => [entry.code, entry] as const))(
    'carry no code that is not listed: examples of %s',
    (_, entry) => {
      for (const variant of ['minimal', 'full'] as const) {
        const { faults } = checkDocument(entry, exampleOf(entry, variant))
        expect(faults.filter(({ code }) => /-(?:NOT_LISTED|NOT_IN_FORCE)$/.test(code))).toEqual([])
      }
    },
  )
})
