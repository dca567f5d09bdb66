/**
 * The engines take an entry they have never seen: a flat declaration, groups without bound, an
 * optional group, an export with its own trailer order, integer fields. So the other messages of
 * the standard can be pure data. These entries are made up and speak of nothing real.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decimal, int, optionalInt, optionalText, text } from '../../src/catalogue/field.ts'
import { checkCatalogue } from '../../src/catalogue/integrity.ts'
import type { Declaration, Message, Reply } from '../../src/catalogue/message.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { joinSensitive, keyOf, linesOf, splitSensitive } from '../../src/codec/document.ts'
import { readMessage, readThoroughly } from '../../src/codec/read.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import { zodOf } from '../../src/codec/zod.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { dummySignature, generateHead, signedMessage } from '../support/messages.ts'
import { canonical, refereeOf } from '../support/schemas.ts'

const guid = text({ zh: '系统唯一序号', length: 36 })
const common = { sort: 'declaration', nodeMax: 100, signature: 'optional', done: [] } as const

/** Export, an optional unbounded list, a required text that the schema lets be empty. */
const departure: Declaration = {
  ...common,
  code: 'CEB901',
  zh: '测试出口单',
  en: 'Made-up export note',
  direction: 'export',
  node: 'Departure',
  reply: 'CEB902',
  key: ['copNo'],
  owners: [{ role: 'carrier', field: 'copNo' }],
  body: {
    groups: {
      DepartureHead: {
        min: 1,
        max: 1,
        zh: '表头',
        fields: {
          guid,
          appType: text({ zh: '报送类型', length: 1, values: { '1': '新增' } }),
          appTime: text({ zh: '报送时间', length: 14, moment: 14 }),
          copNo: text({ zh: '企业内部编号', min: 0, max: 20 }),
          msgCount: int({ zh: '报文总数', digits: 9 }),
          person: optionalText({ zh: '联系人', max: 30, sensitive: true }),
          leaveTime: text({ zh: '离境时间', length: 14, moment: 14 }),
        },
      },
      DepartureList: {
        min: 0,
        max: Number.POSITIVE_INFINITY,
        zh: '表体',
        fields: {
          gnum: optionalInt({ zh: '序号', digits: 4 }),
          weight: decimal({ zh: '重量' }),
          reason: optionalText({ zh: '原因', max: 10, requiredWhen: { present: 'person' } }),
        },
      },
    },
  },
}

const departureReply: Reply = {
  code: 'CEB902',
  sort: 'reply',
  zh: '测试出口回执',
  en: 'Made-up export reply',
  direction: 'export',
  node: 'DepartureReturn',
  nodeMax: Number.POSITIVE_INFINITY,
  answers: 'CEB901',
  key: ['copNo'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['2', '399'],
  way: ['2', '399'],
  body: {
    fields: {
      copNo: text({ zh: '企业内部编号', max: 20 }),
      returnStatus: text({ zh: '回执状态', max: 10 }),
      returnTime: text({ zh: '回执时间', length: 17, moment: 17 }),
      returnInfo: text({ zh: '回执信息', max: 1000 }),
    },
  },
}

/** Import, no groups, one document a message. */
const single: Declaration = {
  ...common,
  code: 'CEB903',
  zh: '测试扁平单',
  en: 'Made-up flat note',
  direction: 'import',
  node: 'Status',
  nodeMax: 1,
  signature: 'required',
  reply: 'CEB902',
  key: ['copNo'],
  owners: [{ role: 'carrier', field: 'copNo' }],
  body: {
    fields: {
      guid,
      copNo: text({ zh: '企业内部编号', max: 20, sensitive: true }),
      state: text({ zh: '状态', length: 1, values: { R: '收', S: '发' } }),
      note: optionalText({ zh: '备注', max: 1000 }),
    },
  },
}

const made: readonly Message[] = [departure, departureReply, single]
const find = (code: string) => made.find((entry) => entry.code === code)
const encoder = new TextEncoder()

describe('an entry nobody has seen', () => {
  it('is a sound catalogue', () => {
    expect(() => checkCatalogue([departure, departureReply])).not.toThrow()
  })

  it('is generated, checked, written canonically, valid by its schema, and read back', () => {
    fc.assert(
      fc.property(fc.constantFrom(...made), fc.integer(), (entry, seed) => {
        const random = seeded(seed)
        const documents = Array.from({ length: Math.min(3, entry.nodeMax) }, () =>
          generateDocument(entry, random),
        )
        for (const document of documents) {
          expect(checkDocument(entry, document)).toEqual({ faults: [], document })
          const { plain, sensitive } = splitSensitive(entry, document)
          expect(JSON.stringify(joinSensitive(entry, plain, sensitive))).toBe(
            JSON.stringify(document),
          )
        }
        const xml = signedMessage(entry, documents, generateHead(entry, random))
        expect(canonical(xml)).toBe(xml)
        expect(referee(entry).refusal(xml)).toBeUndefined()
        const result = readMessage(encoder.encode(xml), find)
        expect(result).toEqual(readThoroughly(xml, find))
        if (result.kind !== 'message') throw new Error('unreadable')
        expect(result.message.faults).toEqual([])
        expect(result.message.documents).toEqual(
          documents.map((document) => ({ document, faults: [] })),
        )
      }),
      { seed: 71, numRuns: 150 },
    )
  })

  it('on export has its signature before the extension, in reader and schema', () => {
    const extension =
      '<ceb:ExtendMessage><ceb:name>n</ceb:name><ceb:version>1</ceb:version>' +
      '<ceb:Message></ceb:Message></ceb:ExtendMessage>'
    const random = seeded(72)
    const document = generateDocument(departure, random)
    const xml = signedMessage(departure, [document], generateHead(departure, random))
    const right = xml.replace(dummySignature, dummySignature + extension)
    const wrong = xml.replace(dummySignature, extension + dummySignature)
    const told = (text: string) => {
      const result = readMessage(encoder.encode(text), find)
      return result.kind === 'message' && result.message.faults.map((fault) => fault.code)
    }
    // That nothing of the extension goes on is told each time.
    expect(told(right)).toEqual(['CEB901-ExtendMessage-NOT_KEPT'])
    expect(told(wrong)).toEqual(['CEB901-ExtendMessage-NOT_KEPT', 'CEB901-Signature-MISPLACED'])
    expect(referee(departure).refusal(right)).toBeUndefined()
    expect(referee(departure).refusal(wrong)).toBeDefined()
  })

  it('never has its required text blank, even where the schema allows it', () => {
    const document = generateDocument(departure, seeded(73), { shape: 'minimal' })
    const blank = { DepartureHead: { ...Object(document.DepartureHead), copNo: '' } }
    expect(checkDocument(departure, blank).faults.map((fault) => fault.code)).toEqual([
      'CEB901-copNo-EMPTY',
    ])
    const reply = generateDocument(departureReply, seeded(73))
    expect(checkDocument(departureReply, { ...reply, copNo: ' ' }).faults).toHaveLength(1)
  })

  it('may have no lines, or more than any bounded list', () => {
    const document = generateDocument(departure, seeded(74), { shape: 'minimal' })
    expect(document).not.toHaveProperty('DepartureList')
    expect(linesOf(departure, document, 'DepartureList')).toEqual([])
    const lines = Array.from({ length: 5_000 }, () => ({ weight: '1' }))
    expect(checkDocument(departure, { ...document, DepartureList: lines }).faults).toEqual([])
    expect(checkDocument(departure, { ...document, DepartureList: [] })).toEqual({
      faults: [],
      document,
    })
  })

  it('looks for the field a line hangs on in the line first, then in the head', () => {
    const document = generateDocument(departure, seeded(75), { shape: 'minimal' })
    const withPerson = {
      DepartureHead: { ...Object(document.DepartureHead), person: '合成' },
      DepartureList: [{ weight: '1' }, { weight: '1', reason: 'x' }],
    }
    expect(checkDocument(departure, withPerson).faults.map((fault) => fault.pointer)).toEqual([
      '/DepartureList/0/reason',
    ])
  })

  it('has a key and an OpenAPI description', () => {
    const document = generateDocument(single, seeded(76))
    expect(keyOf(single, document)).toEqual([document.copNo])
    for (const entry of made)
      expect(
        zodOf(entry).safeParse(generateDocument(entry, seeded(77), { shape: 'minimal' })).success,
      ).toBe(true)
  })
})

const referees = new Map(
  made.map((entry) => [
    entry,
    refereeOf({ 'main.xsd': xsdOf(entry), 'xmldsig.xsd': signatureXsd() }, 'main.xsd'),
  ]),
)

function referee(entry: Message) {
  const found = referees.get(entry)
  if (found === undefined) throw new Error('no referee')
  return found
}
