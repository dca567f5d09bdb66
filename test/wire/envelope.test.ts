import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import {
  XmlBufferInputProvider,
  XmlDocument,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm'
import { describe, expect, it } from 'vitest'
import { readEnvelope, wrapEnvelope, wrapTransfer } from '../../src/wire/envelope.ts'
import type { Envelope, TransferHead } from '../../src/wire/types.ts'

const NS = 'http://www.chinaport.gov.cn/dxp'
const envelope: Envelope = {
  copMsgId: '0B2C9F7E-0000-4000-8000-000000000001',
  senderId: 'DXPENT0000000001',
  receiverIds: ['DXPEDCCEB0000002'],
  createdAt: '2026-02-28T09:30:00',
  messageType: 'CEB311Message',
  data: Buffer.from('<?xml version="1.0" encoding="UTF-8"?>\n<合成/>'),
}
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const read = (xml: string) => readEnvelope(Buffer.from(xml))
const codes = (xml: string): readonly string[] => {
  const result = read(xml)
  return result.kind === 'unreadable' ? result.faults.map((fault) => fault.code) : []
}
const wrapped = text(wrapEnvelope(envelope))

const any: fc.Arbitrary<Envelope> = fc.record({
  copMsgId: fc.string({ minLength: 1, maxLength: 120, unit: 'grapheme' }).map(plain),
  senderId: fc.string({ minLength: 1, maxLength: 16, unit: 'grapheme-ascii' }).map(plain),
  receiverIds: fc.array(fc.constantFrom('DXPEDCCEB0000002', '<&>"', 'é'), {
    minLength: 1,
    maxLength: 5,
  }),
  createdAt: fc
    .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 19)),
  messageType: fc.constantFrom('', 'CEB311Message', 'CEB622Message'),
  data: fc.uint8Array({ minLength: 1, maxLength: 4_000 }).map((bytes) => Buffer.from(bytes)),
})
function plain(value: string): string {
  const kept = value.replace(/[\s\p{C}]/gu, '').slice(0, 100)
  return kept === '' ? 'A' : kept
}

describe('an envelope written here', () => {
  it('reads back as it was', () => {
    fc.assert(
      fc.property(any, (one) => {
        expect(readEnvelope(wrapEnvelope(one))).toEqual({ kind: 'message', envelope: one })
      }),
      { seed: 20260108, numRuns: 300 },
    )
  })

  it('has the shape of the schema with the prefix dxp', () => {
    expect(wrapped).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><dxp:DxpMsg xmlns:dxp="${NS}" ver="1.0">` +
        '<dxp:TransInfo><dxp:CopMsgId>0B2C9F7E-0000-4000-8000-000000000001</dxp:CopMsgId>' +
        '<dxp:SenderId>DXPENT0000000001</dxp:SenderId>' +
        '<dxp:ReceiverIds><dxp:ReceiverId>DXPEDCCEB0000002</dxp:ReceiverId></dxp:ReceiverIds>' +
        '<dxp:CreatTime>2026-02-28T09:30:00</dxp:CreatTime>' +
        '<dxp:MsgType>CEB311Message</dxp:MsgType></dxp:TransInfo>' +
        `<dxp:Data>${Buffer.from(envelope.data).toString('base64')}</dxp:Data></dxp:DxpMsg>`,
    )
  })

  it('has the same bytes every time', () => {
    expect(text(wrapEnvelope(envelope))).toBe(wrapped)
  })

  it.each([
    ['no id', { copMsgId: '' }],
    ['an id of 256 characters', { copMsgId: 'x'.repeat(256) }],
    ['a sender of 17 characters', { senderId: 'x'.repeat(17) }],
    ['no receiver', { receiverIds: [] }],
    ['six receivers', { receiverIds: ['1', '2', '3', '4', '5', '6'] }],
    ['a receiver of 17 characters', { receiverIds: ['x'.repeat(17)] }],
    ['29 February of a common year', { createdAt: '2026-02-29T00:00:00' }],
    ['a type of 31 characters', { messageType: 'x'.repeat(31) }],
  ])('is not made with %s', (_, change) => {
    expect(() => wrapEnvelope({ ...envelope, ...change })).toThrow(/DXP-/)
  })
})

const head: TransferHead = {
  msgId: '46000002202602280930000000000001',
  subMsgId: '2',
  sentAt: '2026-02-28T09:30:00',
  endNode: '00000002',
  ownNode: '46000002',
}

describe('an envelope of a transfer node', () => {
  it('reads back as the message in it', () => {
    const one = fc.tuple(any, fc.constantFrom('1', '5', undefined)).map(([each, subMsgId]) => ({
      message: { ...each, receiverIds: each.receiverIds.slice(0, 1) },
      subMsgId,
    }))
    fc.assert(
      fc.property(one, ({ message, subMsgId }) => {
        const bytes = wrapTransfer({ ...head, subMsgId }, message)
        expect(readEnvelope(bytes)).toEqual({ kind: 'message', envelope: message })
      }),
      { seed: 20260111, numRuns: 200 },
    )
  })

  it('has the routing head of the schema before the message', () => {
    expect(text(wrapTransfer(head, envelope))).toBe(
      `<?xml version="1.0" encoding="UTF-8"?><dxp:DxpMsgSv xmlns:dxp="${NS}" ver="1.0">` +
        '<dxp:SvNo Ver="1.0"><dxp:MsgId>46000002202602280930000000000001</dxp:MsgId>' +
        '<dxp:SubMsgId>2</dxp:SubMsgId><dxp:SendTime>2026-02-28T09:30:00</dxp:SendTime>' +
        '<dxp:EndNode>00000002</dxp:EndNode><dxp:StaNode>46000002</dxp:StaNode></dxp:SvNo>' +
        `${wrapped.replace(/^<\?.*?\?>/, '').replace(` xmlns:dxp="${NS}"`, '')}</dxp:DxpMsgSv>`,
    )
  })

  it.each([
    ['an id of 31 digits', { msgId: '4'.repeat(31) }, {}],
    ['an id with a letter', { msgId: `${'4'.repeat(31)}x` }, {}],
    ['a part of two characters', { subMsgId: '10' }, {}],
    ['no end', { endNode: '' }, {}],
    ['an end of nine characters', { endNode: '0'.repeat(9) }, {}],
    ['a node of our own that is short', { ownNode: '4600' }, {}],
    ['two receivers', {}, { receiverIds: ['A', 'B'] }],
    ['a message that is none', {}, { copMsgId: '' }],
  ])('is not made with %s', (_, wrong, change) => {
    expect(() => wrapTransfer({ ...head, ...wrong }, { ...envelope, ...change })).toThrow()
  })
})

const schema = fileURLToPath(new URL('../../../shared/conformance/xsd-202205/', import.meta.url))
const isThere = existsSync(schema)
if (!isThere) console.warn('skipped: no official DXP schema beside the project')

describe.skipIf(!isThere)('the official schema of the terminal node', () => {
  it('takes every envelope written here, and not one without a receiver', () => {
    const provided = {
      'xmldsig-core-schema.xsd': readFileSync(`${schema}xmldsig-core-schema.xsd`),
    }
    xmlRegisterInputProvider(new XmlBufferInputProvider(provided))
    const definition = XmlDocument.fromBuffer(
      readFileSync(`${schema}海关跨境终端节点报文定义202205.xsd`),
      { url: 'terminal.xsd' },
    )
    const validator = XsdValidator.fromDoc(definition)
    const isValid = (xml: Uint8Array): boolean => {
      const document = XmlDocument.fromBuffer(xml)
      try {
        validator.validate(document)
        return true
      } catch {
        return false
      } finally {
        document.dispose()
      }
    }
    fc.assert(
      fc.property(any, (one) => {
        expect(isValid(wrapEnvelope(one))).toBe(true)
      }),
      { seed: 20260109, numRuns: 200 },
    )
    const without = wrapped.replace(/<dxp:ReceiverId>.*<\/dxp:ReceiverId>/, '')
    expect(isValid(Buffer.from(without))).toBe(false)
    validator.dispose()
    definition.dispose()
  })
})

describe('an envelope of another writer', () => {
  const inner = wrapped.replace(/^<\?.*?\?>/, '')
  it.each([
    ['the default namespace', wrapped.replaceAll('dxp:', '').replace('xmlns:dxp', 'xmlns')],
    [
      'no namespace',
      wrapped
        .replaceAll('dxp:', '')
        .replace(` xmlns:dxp="${NS}"`, '')
        .replace(` xmlns:="${NS}"`, ''),
    ],
    ['another prefix', wrapped.replaceAll('dxp', 'p1').replace('gov.cn/p1', 'gov.cn/dxp')],
    ['a byte order mark and white space', `\uFEFF${wrapped.replaceAll('><', '>\r\n  <')}\n`],
    [
      'base64 in lines',
      wrapped.replace(/(<dxp:Data>)(.{20})(.*)(<\/dxp:Data>)/, '$1\r\n$2\n\t$3 $4'),
    ],
    [
      'standalone, a comment and a key',
      wrapped
        .replace('?>', ' standalone="yes"?><!-- <Data>eA==</Data> -->')
        .replace(
          '</dxp:Data>',
          '</dxp:Data><dxp:AddInfo><dxp:BizKey><dxp:Key name="Data">eA==</dxp:Key></dxp:BizKey></dxp:AddInfo>',
        ),
    ],
    [
      'base64 in CDATA',
      wrapped.replace('<dxp:Data>', '<dxp:Data><![CDATA[').replace('</dxp:Data>', ']]></dxp:Data>'),
    ],
    ['a fraction of a second', wrapped.replace('09:30:00', '09:30:00.123')],
    ['a time in UTC', wrapped.replace('09:30:00', '01:30:00Z')],
    ['a time in another zone', wrapped.replace('28T09:30:00', '27T20:30:00-05:00')],
    [
      'a transfer node around it',
      `<dxp:DxpMsgSv xmlns:dxp="${NS}" ver="1.0"><dxp:SvNo Ver="1.0"><dxp:MsgId>1</dxp:MsgId></dxp:SvNo>${inner}</dxp:DxpMsgSv>`,
    ],
  ])('with %s reads the same', (_, xml) => {
    expect(xml).not.toBe(wrapped)
    expect(read(xml)).toEqual({ kind: 'message', envelope })
  })

  it('gives every receiver', () => {
    const two = wrapped.replace(
      '</dxp:ReceiverId>',
      '</dxp:ReceiverId><dxp:ReceiverId>B</dxp:ReceiverId>',
    )
    expect(read(two)).toMatchObject({ envelope: { receiverIds: ['DXPEDCCEB0000002', 'B'] } })
  })

  it('may be large', () => {
    const data = Buffer.alloc(5_000_000, 'x')
    const result = readEnvelope(wrapEnvelope({ ...envelope, data }))
    expect(result.kind === 'message' && data.equals(result.envelope.data)).toBe(true)
  })
})

describe('an answer of the exchange platform', () => {
  const response = (code: string): string =>
    `<Response><ResponseCode>${code}</ResponseCode><ResponseInfo>接收方不存在</ResponseInfo>` +
    '<NoticeTime>2026-02-28</NoticeTime><OriHead><CopMsgId>A1</CopMsgId></OriHead></Response>'
  it('is no message but says what became of one', () => {
    const xml = `<DxpRep xmlns="${NS}" ver="1.0"><RecevierId>R</RecevierId>${response('2001')}</DxpRep>`
    expect(read(xml)).toEqual({
      kind: 'exchange-reply',
      receiverId: 'R',
      responses: [{ code: '2001', info: '接收方不存在', copMsgId: 'A1', noticed: '2026-02-28' }],
    })
  })

  it('speaks of each message under its own head', () => {
    const other = response('3001').replace('A1', 'B2').replace('02-28', '03-01')
    const bare = response('4711').replace(/<OriHead>.*<\/OriHead>/, '')
    expect(read(`<DxpRep>${response('2001')}${other}${bare}</DxpRep>`)).toMatchObject({
      receiverId: '',
      responses: [
        { code: '2001', copMsgId: 'A1', noticed: '2026-02-28' },
        { code: '3001', copMsgId: 'B2', noticed: '2026-03-01' },
        { code: '4711', copMsgId: '' },
      ],
    })
  })

  it('is unreadable without a code', () => {
    expect(
      codes(`<DxpRep>${response('1').replace(/<ResponseCode>.*<\/ResponseCode>/, '')}</DxpRep>`),
    ).toEqual(['DXP-ResponseCode-MISSING'])
    expect(codes('<DxpRep></DxpRep>')).toEqual(['DXP-Response-MISSING'])
  })
})

describe('an unreadable envelope', () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(1_000)}"><!ENTITY b "&a;&a;&a;&a;">]>`
  it.each([
    ['nothing', '', 'DXP-XML-MALFORMED'],
    ['no XML', '{"a":1}', 'DXP-XML-MALFORMED'],
    [
      'an entity bomb',
      wrapped.replace('?>', `?>${bomb}`).replace('CEB311', '&b;'),
      'DXP-XML-DOCTYPE',
    ],
    [
      'an external entity',
      wrapped.replace('?>', '?><!DOCTYPE x SYSTEM "file:///etc/passwd">'),
      'DXP-XML-DOCTYPE',
    ],
    ['an unknown entity', wrapped.replace('CEB311', '&b;'), 'DXP-XML-MALFORMED'],
    ['another encoding', wrapped.replace('UTF-8', 'GB18030'), 'DXP-XML-ENCODING'],
    ['a thousand levels', '<a>'.repeat(1_000) + '</a>'.repeat(1_000), 'DXP-XML-TOO_LARGE'],
    ['a million elements', `<a>${'<b/>'.repeat(1_000_000)}</a>`, 'DXP-XML-TOO_LARGE'],
    ['a million comments', `<a>${'x<!---->'.repeat(1_000_000)}</a>`, 'DXP-XML-TOO_LARGE'],
    ['a business message', '<CEB311Message/>', 'DXP-XML-UNKNOWN_ROOT'],
    ['another namespace', wrapped.replace(NS, `${NS}2`), 'DXP-XML-UNKNOWN_ROOT'],
    ['no data', wrapped.replace(/<dxp:Data>.*<\/dxp:Data>/, ''), 'DXP-Data-MISSING'],
    ['empty data', wrapped.replace(/<dxp:Data>.*<\/dxp:Data>/, '<dxp:Data/>'), 'DXP-Data-EMPTY'],
    [
      'data twice',
      wrapped.replace('</dxp:Data>', '</dxp:Data><dxp:Data>eA==</dxp:Data>'),
      'DXP-Data-REPEATED',
    ],
    [
      'data that is no base64',
      wrapped.replace('<dxp:Data>', '<dxp:Data>重'),
      'DXP-Data-NOT_BASE64',
    ],
    ['data cut short', wrapped.replace('</dxp:Data>', 'A</dxp:Data>'), 'DXP-Data-NOT_BASE64'],
    [
      'data with padding inside',
      wrapped.replace('<dxp:Data>', '<dxp:Data>eA=='),
      'DXP-Data-NOT_BASE64',
    ],
    [
      'data in the alphabet of addresses',
      wrapped.replace('<dxp:Data>', '<dxp:Data>_-_-'),
      'DXP-Data-NOT_BASE64',
    ],
    [
      'the id twice',
      wrapped.replace('</dxp:CopMsgId>', '</dxp:CopMsgId><dxp:CopMsgId>B</dxp:CopMsgId>'),
      'DXP-CopMsgId-REPEATED',
    ],
    [
      'a blank id',
      wrapped.replace(/<dxp:CopMsgId>.*<\/dxp:CopMsgId>/, '<dxp:CopMsgId> </dxp:CopMsgId>'),
      'DXP-CopMsgId-LENGTH',
    ],
    ['a long sender', wrapped.replace('DXPENT', 'DXPENT0'), 'DXP-SenderId-LENGTH'],
    ['a day that is none', wrapped.replace('02-28T', '02-30T'), 'DXP-CreatTime-WRONG_TIME'],
    ['no time', wrapped.replace('2026-02-28T09:30:00', ''), 'DXP-CreatTime-WRONG_TIME'],
    [
      'no receivers',
      wrapped.replace(/<dxp:ReceiverId>.*<\/dxp:ReceiverId>/, ''),
      'DXP-ReceiverIds-COUNT',
    ],
    ['an empty transfer node', '<DxpMsgSv/>', 'DXP-DxpMsg-MISSING'],
  ])('with %s says so', (_, xml, code) => {
    expect(codes(xml)).toEqual([code])
  })

  it('tells all faults at once, in both languages, with place and cure', () => {
    const result = read(`<DxpMsg xmlns="${NS}" ver="1.0"><TransInfo/></DxpMsg>`)
    if (result.kind !== 'unreadable') throw new Error('taken')
    expect(result.faults.map((fault) => fault.pointer).sort()).toEqual([
      '/DxpMsg/Data',
      '/DxpMsg/TransInfo/CopMsgId',
      '/DxpMsg/TransInfo/CreatTime',
      '/DxpMsg/TransInfo/MsgType',
      '/DxpMsg/TransInfo/ReceiverIds',
      '/DxpMsg/TransInfo/SenderId',
    ])
    for (const { text: told, cure } of result.faults)
      for (const words of [told.zh, told.en, cure.zh, cure.en]) expect(words).not.toMatch(/^$|[{}]/)
  })

  it('never throws and never says what stood in it', () => {
    fc.assert(
      fc.property(
        fc.nat(wrapped.length),
        fc.nat(40),
        fc.string({ unit: 'binary', maxLength: 9 }),
        (from, length, put) => {
          const result = read(wrapped.slice(0, from) + put + wrapped.slice(from + length))
          if (result.kind === 'unreadable') expect(JSON.stringify(result)).not.toContain('0B2C9F7E')
        },
      ),
      { seed: 20260110, numRuns: 3_000 },
    )
  })
})
