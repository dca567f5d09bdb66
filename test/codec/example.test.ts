/**
 * Example documents: the check finds nothing in them, our schema takes them as XML, and they belong
 * to nobody. Every entry of the catalogue has them by being listed.
 */
import { describe, expect, it } from 'vitest'
import { optionalText, text } from '../../src/catalogue/field.ts'
import { findMessage, messages } from '../../src/catalogue/index.ts'
import { type AnyDocument, type Message, message } from '../../src/catalogue/message.ts'
import { zones } from '../../src/catalogue/zones/index.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { headOfDocument } from '../../src/codec/document.ts'
import { exampleOf, exampleXml } from '../../src/codec/example.ts'
import { readMessage } from '../../src/codec/read.ts'
import { shapeOf } from '../../src/codec/shape.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import { isResidentId } from '../../src/kernel/check-digits.ts'
import { syntheticEnterprises } from '../../src/sim/enterprises.ts'
import { dummySignature } from '../support/messages.ts'
import { refereeOf } from '../support/schemas.ts'

const entries: readonly Message[] = messages
const variants = ['minimal', 'full'] as const
const each = entries.flatMap((entry) =>
  variants.map((variant) => [entry.code, variant, entry] as const),
)

const entryOf = (code: string): Message => {
  const entry = findMessage(code)
  if (entry === undefined) throw new Error(`no ${code}`)
  return entry
}

const headOf = (code: string, variant: 'minimal' | 'full') => {
  const entry = entryOf(code)
  return headOfDocument(entry, exampleOf(entry, variant))
}

/** Every value with the field it stands in. */
const valuesOf = (entry: Message, document: AnyDocument) =>
  shapeOf(entry).groups.flatMap((group) => {
    const value = group.name === undefined ? document : document[group.name]
    const records = Array.isArray(value) ? value : value === undefined ? [] : [value]
    return records.flatMap((record) =>
      group.fields
        .filter(({ name }) => name in record)
        .map(({ name, field }) => ({ name, field, value: String(record[name]) })),
    )
  })

describe('an example', () => {
  it.each(each)('%s %s has no fault and no warning', (_code, variant, entry) => {
    const example = exampleOf(entry, variant)
    const { faults, document } = checkDocument(entry, example)
    expect(faults).toEqual([])
    expect(document).toBe(example)
    expect(exampleOf(entry, variant)).toEqual(example)
  })

  it.each(each)('%s %s passes the schema as XML and is read back', (_code, variant, entry) => {
    const xml = exampleXml(entry, variant)
    const referee = refereeOf(
      { 'main.xsd': xsdOf(entry), 'xmldsig.xsd': signatureXsd() },
      'main.xsd',
    )
    const closing = entry.sort === 'declaration' ? dummySignature : ''
    expect(referee.refusal(xml.replace(/<\/[^<]+>\s*$/, `${closing}$&`))).toBeUndefined()
    const read = readMessage(Buffer.from(xml))
    if (read.kind === 'unreadable') throw new Error(JSON.stringify(read.faults))
    expect(read.message.faults).toEqual([])
    expect(read.message.documents).toEqual([{ document: exampleOf(entry, variant), faults: [] }])
  })

  it.each(entries.map((entry) => [entry.code, entry] as const))(
    '%s full holds every field but those of another case and those that customs fills in',
    (_code, entry) => {
      const given = new Set(
        entries.flatMap((other) => {
          if (other.sort === 'reply' && other.answers === entry.code) return other.gives ?? []
          return other.sort === 'notice' && other.about.kind === entry.code ? other.gives : []
        }),
      )
      const there = new Set(valuesOf(entry, exampleOf(entry, 'full')).map(({ name }) => name))
      for (const { fields } of shapeOf(entry).groups)
        for (const { name, field } of fields) {
          const isElsewhere = field.requiredWhen !== undefined || field.textOnly === true
          const isLater = given.has(name) && !field.required
          if (!isElsewhere && !isLater) expect(there).toContain(name)
        }
    },
  )

  it('brings what its case asks for, and not what another does', () => {
    expect(headOf('CEB621', 'full')).toMatchObject({ tradeMode: '1210', areaCode: '500166S101' })
    expect(headOf('CEB621', 'full')).not.toHaveProperty('trafNo')
    expect(headOf('CEB621', 'minimal')).toMatchObject({ tradeMode: '9610', trafNo: 'SYN001' })
    expect(headOf('CEB621', 'minimal')).not.toHaveProperty('emsNo')
    // Without lists, the period is asked for.
    expect(headOf('CEB701', 'minimal')).toHaveProperty('startTime')
    expect(headOf('CEB701', 'full')).not.toHaveProperty('startTime')
  })

  it('shows the first step of an answer, and the last', () => {
    expect(headOf('CEB622', 'minimal')).toMatchObject({ returnStatus: '2' })
    expect(headOf('CEB622', 'full')).toMatchObject({ returnStatus: '899', returnInfo: '结关' })
    expect(headOf('CEB604', 'full').returnInfo).toBe('[Code:2600;Desc:放行]')
  })

  it('fits the others: what is paid, and what the answer repeats', () => {
    expect(headOf('CEB411', 'full').amountPaid).toBe(headOf('CEB311', 'full').acturalPaid)
    const { goodsValue, freight, taxTotal, discount, acturalPaid } = headOf('CEB311', 'full')
    const sum = Number(goodsValue) + Number(freight) + Number(taxTotal) - Number(discount)
    expect(sum.toFixed(2)).toBe(acturalPaid)
    for (const entry of entries) {
      if (entry.sort !== 'reply') continue
      const asked = headOf(entry.answers, 'full')
      for (const field of entry.key) expect(headOf(entry.code, 'full')[field]).toBe(asked[field])
    }
  })

  it('names nobody: enterprises of the synthetic cast, persons who are made up', () => {
    const cast = syntheticEnterprises(zones)
    const names = new Map(cast.all.map(({ customsCode, name }) => [customsCode, name]))
    const parties = ['ebp', 'ebc', 'pay', 'logistics', 'agent', 'area', 'iac', 'owner', 'operator']
    for (const [, variant, entry] of each)
      for (const { name, field, value } of valuesOf(entry, exampleOf(entry, variant))) {
        const party = parties.find((prefix) => name === `${prefix}Code`)
        if (party !== undefined) expect(names.has(value)).toBe(true)
        const named = parties.find((prefix) => name === `${prefix}Name`)
        if (named !== undefined) expect([...names.values()]).toContain(value)
        if (field.sensitive && /IdNumber$/.test(name)) expect(isResidentId(value)).toBe(true)
        else if (field.sensitive) expect(value).toMatch(/测试|合成|SYN|^154\d{8}$|^1$/)
      }
  })

  it('is there for an entry whose names nobody knows', () => {
    const made = message({
      ...{ code: 'CEB991', sort: 'notice', zh: '测试报文', en: 'Made up', direction: 'import' },
      ...{ node: 'Thing', nodeMax: 1, key: ['thingNo'], meanings: {}, gives: [] },
      about: { kind: 'CEB621', by: 'thingNo', follows: '800' },
      status: { code: 'thingState', time: 'thingTime' },
      body: {
        fields: {
          thingNo: text({ zh: '编号', length: 7 }),
          thingName: text({ zh: '名称', max: 2 }),
          thingState: text({ zh: '状态', max: 3, values: { x1: '甲' } }),
          thingTime: text({ zh: '时间', length: 17, moment: 17 }),
          thingNote: optionalText({ zh: '说明', min: 9, max: 9 }),
        },
      },
    })
    expect(exampleOf(made)).toEqual({
      thingNo: '0000001',
      thingName: '合成',
      thingState: 'x1',
      thingTime: '20260701093000000',
      thingNote: '合成示例00000',
    })
    expect(checkDocument(made, exampleOf(made)).faults).toEqual([])
    expect(exampleXml(made)).toContain('<ceb:thingNo>0000001</ceb:thingNo>')
  })
})
