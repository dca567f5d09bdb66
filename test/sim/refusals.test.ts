/** Signatures, forms and envelopes that customs refuses, and how it says so. */
import { describe, expect, it } from 'vitest'
import { getDeclaration } from '../../src/catalogue/index.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { XML_DECLARATION } from '../../src/signing/sign.ts'
import { ADDRESSES } from '../../src/sim/types.ts'
import { wrapEnvelope } from '../../src/wire/envelope.ts'
import {
  businessXml,
  consignment,
  inEnvelope,
  last,
  SENDER,
  statuses,
  testOffice,
} from './office.ts'

const ID = 'D'.repeat(36)

const deliver = (office: ReturnType<typeof testOffice>, kind: string, data: Uint8Array | string) =>
  office.customs.receive(inEnvelope(ID, `${kind}Message`, Buffer.from(data)))

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

describe('a signature', () => {
  const kinds = [
    ['CEB311', 'order', 'CEB312', '-301020'],
    ['CEB411', 'payment', 'CEB412', '-401009'],
    ['CEB511', 'waybill', 'CEB512', '-504011'],
    ['CEB621', 'list', 'CEB622', '-621029'],
  ] as const

  it.each(kinds)('over a changed %s refuses the document, which is not filed', async (...row) => {
    const [kind, part, reply, code] = row
    const office = testOffice()
    const signed = text(await businessXml(kind, [consignment(1)[part]], ID))
    deliver(office, kind, signed.replace('<ceb:appStatus>2<', '<ceb:appStatus>1<'))
    expect(statuses(office.settle(), reply)).toEqual([code])
    expect(office.customs.books().summary().messages.invalidSignatures).toBe(1)
    expect([...office.customs.books().documents()]).toEqual([])
  })

  it('that only holds without its white space is not strict enough', async () => {
    const office = testOffice()
    const signed = text(await businessXml('CEB311', [consignment(1).order], ID))
    deliver(office, 'CEB311', signed.replace('</ds:Signature>', '</ds:Signature>\n'))
    expect(statuses(office.settle(), 'CEB312')).toEqual(['-301020'])
  })

  const unsigned = () => {
    const transfer = { copCode: '500196S001', copName: '合成测试企业', dxpId: SENDER }
    const head = { guid: ID, trailer: { transfer } }
    const { order } = consignment(2)
    return XML_DECLARATION + writeMessage(getDeclaration('CEB311'), [order], head).canonical
  }

  it('that is missing refuses as well', () => {
    const office = testOffice()
    deliver(office, 'CEB311', unsigned())
    expect(statuses(office.settle(), 'CEB312')).toEqual(['-301020'])
  })

  it('is not looked at when the office was told so', () => {
    const office = testOffice({ verify: 'none' })
    deliver(office, 'CEB311', unsigned())
    expect(statuses(office.settle(), 'CEB312')).toEqual(['2', '120'])
  })
})

describe('a message that fails its form', () => {
  const refused = async (data: Uint8Array | string, type = 'CEB311') => {
    const office = testOffice()
    deliver(office, type, data)
    const arrived = office.settle()
    expect(arrived.map(({ kind }) => kind)).toEqual(['CEB900'])
    expect(office.customs.books().summary().messages.refused).toBe(1)
    const fields = last(arrived, 'CEB900') ?? {}
    expect(fields.oriCopMsgId).toBe(ID)
    expect(fields.returnStatus).toMatch(/^-\d+$/)
    return { fields, xml: text(arrived[0]?.xml ?? new Uint8Array()) }
  }

  it('because it is no XML is echoed with an unknown type', async () => {
    const { fields } = await refused('no XML at all')
    expect(fields).toMatchObject({ oriMessageType: 'Unknown', oriBizMessage: 'no XML at all' })
  })

  it('because a required field is missing names the field and echoes the XML in CDATA', async () => {
    const signed = text(await businessXml('CEB311', [consignment(1).order], ID))
    const broken = signed.replace(/<ceb:goodsValue>.*?<\/ceb:goodsValue>/, '')
    const { fields, xml } = await refused(broken)
    expect(fields.oriMessageType).toBe('CEB311Message')
    expect(fields.returnInfo).toContain('goodsValue')
    expect(fields.oriBizMessage).toBe(broken)
    expect(xml).toContain('<oriBizMessage><![CDATA[<?xml')
  })

  it('names what refuses it before codes that are merely unknown', async () => {
    const { order } = consignment(1)
    const lines = Array.from({ length: 99 }, (_, i) => ({
      ...order.OrderList[0],
      gnum: String(i + 1),
      unit: 'ZZZ',
    }))
    const last = { ...lines.pop(), totalPrice: 'x' }
    const bad = { ...order, OrderList: [...lines, last] }
    const { fields } = await refused(await businessXml('CEB311', [bad], ID))
    expect(fields.returnInfo).toContain('/OrderList/98/totalPrice')
  })

  it('refuses all its documents for one', async () => {
    const [a, b] = [consignment(1).order, consignment(2).order]
    const bad = { ...b, OrderHead: { ...b.OrderHead, buyerName: '长'.repeat(61) } }
    await refused(await businessXml('CEB311', [a, bad], ID))
  })

  it('that ends CDATA itself is echoed whole', async () => {
    const hostile = '<x><![CDATA[a]]></x> ]]> <!DOCTYPE x [<!ENTITY e "f">]>'
    const { fields } = await refused(hostile)
    expect(fields.oriBizMessage).toBe(hostile)
  })

  it('that holds characters XML has no place for is echoed without them', async () => {
    const { fields } = await refused(Buffer.from([60, 0, 1, 120, 255, 62]))
    expect(fields.oriBizMessage).toBe('<x�>')
  })

  it('because it is a reply or a kind nobody knows is refused', async () => {
    const xml = '<CEB312Message xmlns="http://www.chinaport.gov.cn/ceb" guid="x" version="1.0"/>'
    await refused(xml)
    await refused(xml.replace('CEB312', 'CEB999'))
  })

  it('with 101 documents is refused', async () => {
    const orders = Array.from({ length: 101 }, (_, n) => consignment(n).order)
    await refused(await businessXml('CEB311', orders, ID))
  })
})

describe('an envelope', () => {
  it.each(['', 'no XML', '<a/>', '<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp"/>'])(
    'that cannot be opened (%s) is not taken',
    (content) => {
      const office = testOffice()
      expect(office.customs.receive(Buffer.from(content)).kind).toBe('unreadable')
      expect(office.settle()).toEqual([])
    },
  )

  it('for another address is not taken', async () => {
    const office = testOffice()
    const data = await businessXml('CEB311', [consignment(1).order], ID)
    const envelope = inEnvelope(ID, 'CEB311Message', data, 'DXPEDCCEB0000009')
    expect(office.customs.receive(envelope)).toEqual({ kind: 'misaddressed', copMsgId: ID })
    expect(office.customs.books().summary().messages.received).toBe(0)
  })

  it('for the system of the other direction is refused by that system', async () => {
    const office = testOffice()
    const data = await businessXml('CEB311', [consignment(1).order], ID)
    office.customs.receive(inEnvelope(ID, 'CEB311Message', data, ADDRESSES.export))
    const [refusal] = office.settle()
    expect(refusal?.kind).toBe('CEB900')
    expect(refusal?.fields.returnInfo).toContain('本系统不接收该类报文')
    expect(refusal?.senderId).toBe(ADDRESSES.export)
    expect([...office.customs.books().documents()]).toEqual([])
  })

  it('is answered to BaseTransfer.dxpId, to its sender when that is no address', async () => {
    const replyTo = async (dxpId: string) => {
      const office = testOffice({ verify: 'none' })
      const transfer = { copCode: '500196S001', copName: '合成', dxpId }
      const { order } = consignment(1)
      const { canonical } = writeMessage(getDeclaration('CEB311'), [order], {
        guid: ID,
        trailer: { transfer },
      })
      office.customs.receive(
        wrapEnvelope({
          copMsgId: ID,
          senderId: 'DXPENT0000000007',
          receiverIds: ['DXPEDCCEB0000002'],
          createdAt: '2025-06-18T10:00:00',
          messageType: 'CEB311Message',
          data: Buffer.from(canonical),
        }),
      )
      return office.settle()[0]?.message.receiverId
    }
    expect(await replyTo('DXPENT0000000008')).toBe('DXPENT0000000008')
    expect(await replyTo('A-NUMBER-THAT-IS-MUCH-TOO-LONG')).toBe('DXPENT0000000007')
  })
})
