/**
 * One more message: an entry nobody has seen, as a literal in this file, listed beside the others.
 * Nothing else is touched, and it is checked, written, read, has a schema, a page of its own and a
 * description. It speaks of nothing real.
 */
import { describe, expect, it } from 'vitest'
import { decimal, int, optionalText, text } from '../../src/catalogue/field.ts'
import { findMessage, messages } from '../../src/catalogue/index.ts'
import { checkCatalogue } from '../../src/catalogue/integrity.ts'
import { type DocumentOf, type Message, many, message, one } from '../../src/catalogue/message.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { exampleOf } from '../../src/codec/example.ts'
import { readMessage } from '../../src/codec/read.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import { zodOf } from '../../src/codec/zod.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { generateHead, signedMessage } from '../support/messages.ts'
import { canonical, refereeOf } from '../support/schemas.ts'

// ---- the one file ---------------------------------------------------------------------------------

const weighing = message({
  code: 'CEB951',
  sort: 'declaration',
  zh: '测试称重单',
  en: 'Made-up weighing note',
  direction: 'export',
  node: 'Weighing',
  nodeMax: 100,
  reply: 'CEB952',
  key: ['copNo', 'agentCode'],
  owners: [{ role: 'declarant', field: 'agentCode' }],
  signature: 'required',
  acts: { on: 'CEB603', verb: 'arrive', by: 'logisticsNo', group: 'WeighingList' },
  done: ['stored'],
  body: {
    groups: {
      WeighingHead: one('称重单表头', {
        guid: text({ zh: '系统唯一序号', length: 36 }),
        appType: text({ zh: '报送类型', length: 1, values: { '1': '新增', '2': '变更' } }),
        appTime: text({ zh: '报送时间', length: 14, moment: 14 }),
        copNo: text({ zh: '企业内部编号', max: 20 }),
        agentCode: text({ zh: '申报企业代码', max: 18 }),
        scale: optionalText({
          zh: '地磅编号',
          max: 10,
          requiredWhen: { field: 'appType', in: ['2'] },
        }),
      }),
      WeighingList: many('称重单表体', 5, {
        gnum: int({ zh: '序号', digits: 4, least: 1 }),
        logisticsNo: text({ zh: '物流运单编号', max: 60, collapse: true }),
        weight: decimal({ zh: '重量' }),
      }),
    },
  },
})

const weighingReply = message({
  code: 'CEB952',
  sort: 'reply',
  zh: '测试称重单回执',
  en: 'Made-up reply to a weighing note',
  direction: 'export',
  node: 'WeighingReturn',
  nodeMax: 100,
  answers: 'CEB951',
  key: ['copNo', 'agentCode'],
  status: { code: 'returnStatus', time: 'returnTime', info: 'returnInfo' },
  statuses: ['2', '120'],
  way: ['2', '120'],
  body: {
    fields: {
      copNo: text({ zh: '企业内部编号', max: 20 }),
      agentCode: text({ zh: '申报企业代码', max: 18 }),
      returnStatus: text({ zh: '回执状态', max: 10 }),
      returnTime: text({ zh: '回执时间', length: 17, moment: 17 }),
      returnInfo: text({ zh: '回执信息', max: 1000 }),
    },
  },
})

// ---- and the index line ---------------------------------------------------------------------------

const listed: readonly Message[] = [...messages, weighing, weighingReply]

/** The type follows from the literal. */
const document: DocumentOf<typeof weighing> = {
  WeighingHead: {
    guid: '00000951-0000-4000-8000-000000000001',
    appType: '1',
    appTime: '20240618093015',
    copNo: 'CZ0001',
    agentCode: '5000000006',
  },
  WeighingList: [{ gnum: '1', logisticsNo: 'YD0001', weight: '1.85' }],
}

const find = (code: string): Message | undefined => listed.find((entry) => entry.code === code)
const schemas = (entry: Message) =>
  refereeOf({ 'main.xsd': xsdOf(entry), 'xmldsig.xsd': signatureXsd() }, 'main.xsd')

describe('one more message', () => {
  it('is nothing that the house knows already', () => {
    expect(findMessage(weighing.code)).toBeUndefined()
    expect(() => checkCatalogue(listed)).not.toThrow()
    expect(() => checkCatalogue([...listed, weighing])).toThrow('twice')
  })

  it('is checked: sound as it is, every fault told when it is not', () => {
    expect(checkDocument(weighing, document)).toEqual({ faults: [], document })
    const spoilt = {
      WeighingHead: { ...document.WeighingHead, appType: '2' },
      WeighingList: [{ gnum: '0', logisticsNo: 'YD0001' }],
    }
    expect(checkDocument(weighing, spoilt).faults.map(({ code }) => code)).toEqual([
      'CEB951-scale-REQUIRED_WHEN',
      'CEB951-gnum-TOO_SMALL',
      'CEB951-weight-MISSING',
    ])
  })

  it.each([weighing, weighingReply] as readonly Message[])(
    '$code is written canonically, valid by its schema, and read back as it was',
    (entry) => {
      const random = seeded(81)
      const referee = schemas(entry)
      for (const shape of ['minimal', 'maximal', 'random', 'random'] as const) {
        const documents = [generateDocument(entry, random, { shape }), exampleOf(entry)]
        for (const each of documents) expect(checkDocument(entry, each).faults).toEqual([])
        const head = generateHead(entry, random)
        const xml = signedMessage(entry, documents, head)
        expect(canonical(xml)).toBe(xml)
        expect(referee.refusal(xml)).toBeUndefined()
        const read = readMessage(
          new TextEncoder().encode(writeMessage(entry, documents, head).canonical),
          find,
        )
        if (read.kind !== 'message') throw new Error('unreadable')
        expect(read.message.faults).toEqual([])
        expect(read.message.documents).toEqual(
          documents.map((each) => ({ document: each, faults: [] })),
        )
      }
    },
  )

  it('has a schema that wants its signature, and a description for the interface', () => {
    const xml = signedMessage(weighing, [document], generateHead(weighing, seeded(82)))
    const unsigned = xml.replace(/<ds:Signature.*<\/ds:Signature>/, '')
    expect(schemas(weighing).refusal(xml)).toBeUndefined()
    expect(schemas(weighing).refusal(unsigned)).toMatch(/Signature/)
    expect(zodOf(weighing).safeParse(document).success).toBe(true)
    expect(zodOf(weighing).safeParse({ ...document, WeighingList: [] }).success).toBe(false)
  })
})
