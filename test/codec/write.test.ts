/** Our bytes are canonical XML, the same that a general library and libxml2 would make. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { AnyDocument, Message } from '../../src/catalogue/message.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { orderReply } from '../../src/catalogue/messages/order-reply.ts'
import { readMessage } from '../../src/codec/read.ts'
import { writeMessage } from '../../src/codec/write.ts'
import {
  composeWithFastXmlParser,
  composeWithXmlbuilder2,
  prefixed,
} from '../../src/run/bench/oracles.ts'
import { declarationSamples, kindSamples } from '../../src/run/bench/samples.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { generateHead, signedMessage } from '../support/messages.ts'
import { canonical } from '../support/schemas.ts'

const entries: readonly Message[] = messages
const encoder = new TextEncoder()

/** Any kind with up to five documents of it, and a head. */
const batch = fc
  .tuple(fc.constantFrom(...entries), fc.integer(), fc.integer({ min: 1, max: 5 }))
  .map(([entry, seed, count]) => {
    const random = seeded(seed)
    const documents = Array.from({ length: Math.min(count, entry.nodeMax) }, () =>
      generateDocument(entry, random),
    )
    return { entry, documents, head: generateHead(entry, random) }
  })

const withoutAmpersands = (documents: readonly AnyDocument[]): AnyDocument[] =>
  JSON.parse(JSON.stringify(documents).replaceAll('&', '+'))

describe('writeMessage', () => {
  it('writes what libxml2 holds to be canonical already', () => {
    fc.assert(
      fc.property(batch, ({ entry, documents, head }) => {
        const written = writeMessage(entry, documents, head).canonical
        expect(canonical(written)).toBe(written)
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  it('writes the bytes of xmlbuilder2, canonicalised', () => {
    fc.assert(
      fc.property(batch, ({ entry, documents: generated, head }) => {
        // xmlbuilder2 leaves a text like &amp; as it is, taking it for an escape; libxml2 has the
        // last word on those, in the test above.
        const documents = withoutAmpersands(generated)
        const written = writeMessage(entry, documents, head).canonical
        expect(written).toBe(canonical(composeWithXmlbuilder2(entry, documents, head)))
      }),
      { seed: 12, numRuns: 300 },
    )
  })

  it('writes for the measured samples exactly what both libraries write', () => {
    for (const { entry, documents } of [...declarationSamples(20), ...kindSamples(1)]) {
      const head = generateHead(entry, seeded(13))
      const written = writeMessage(entry, documents, head).canonical
      expect(composeWithXmlbuilder2(entry, documents, head)).toBe(written)
      expect(composeWithFastXmlParser(entry, documents.map(prefixed), head)).toBe(written)
    }
  })

  it('is read back as the same documents, guid and transfer, for every kind', () => {
    fc.assert(
      fc.property(batch, ({ entry, documents, head }) => {
        const result = readMessage(encoder.encode(writeMessage(entry, documents, head).canonical))
        if (result.kind !== 'message') throw new Error(JSON.stringify(result.faults))
        const { message } = result
        expect(message.entry).toBe(entry)
        expect(message.guid).toBe(head.guid)
        expect(message.faults).toEqual([])
        expect(message.signed).toBe(false)
        expect(message.documents.flatMap((read) => read.faults)).toEqual([])
        const texts = (all: readonly AnyDocument[]) => all.map((one) => JSON.stringify(one))
        expect(texts(message.documents.map((read) => read.document))).toEqual(texts(documents))
        const { note, ...transfer } = head.trailer?.transfer ?? {}
        const expected = { ...transfer, dxpMode: 'DXP', ...(note === undefined ? {} : { note }) }
        expect(message.transfer).toEqual(head.trailer === undefined ? undefined : expected)
      }),
      { seed: 14, numRuns: 500 },
    )
  })

  it('names a place for the signature from which removing it restores the written bytes', () => {
    fc.assert(
      fc.property(batch, ({ entry, documents, head }) => {
        const { canonical: written, signatureAt, namespaces } = writeMessage(entry, documents, head)
        expect(written.slice(signatureAt)).toBe(`</ceb:${entry.code}Message>`)
        expect(namespaces).toEqual({ ceb: 'http://www.chinaport.gov.cn/ceb' })
        const result = readMessage(encoder.encode(signedMessage(entry, documents, head)))
        if (result.kind !== 'message') throw new Error(JSON.stringify(result.faults))
        expect(result.message.signed).toBe(entry.sort === 'declaration')
      }),
      { seed: 15, numRuns: 100 },
    )
  })

  it('never writes an empty optional element, and keeps an empty required one', () => {
    const reply = { guid: '', ebpCode: 'P', returnInfo: '' }
    expect(writeMessage(orderReply, [reply], { guid: 'G' }).canonical).toBe(
      '<ceb:CEB312Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" guid="G" version="1.0">' +
        '<ceb:OrderReturn><ceb:guid></ceb:guid><ceb:ebpCode>P</ceb:ebpCode>' +
        '<ceb:returnInfo></ceb:returnInfo></ceb:OrderReturn></ceb:CEB312Message>',
    )
    const document = generateDocument(order, seeded(5), { shape: 'minimal' })
    const head = { ...Object(document.OrderHead), note: '', batchNumbers: '' }
    const { canonical: written } = writeMessage(order, [{ ...document, OrderHead: head }], {
      guid: 'G',
    })
    expect(written).not.toContain('ceb:note')
    expect(written).not.toContain('ceb:batchNumbers')
  })

  it('escapes as canonical XML does, carriage returns and attributes too', () => {
    const special = 'a&b<c>d"e\'f\tg\nh\ri'
    const { canonical: written } = writeMessage(orderReply, [{ orderNo: special }], {
      guid: special,
    })
    expect(written).toContain('<ceb:orderNo>a&amp;b&lt;c&gt;d"e\'f\tg\nh&#xD;i</ceb:orderNo>')
    expect(written).toContain('guid="a&amp;b&lt;c>d&quot;e\'f&#x9;g&#xA;h&#xD;i"')
    expect(canonical(written)).toBe(written)
  })
})
