/** Accessors every room leans on: head, lines, key, the personal part out and back in. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { Message } from '../../src/catalogue/message.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { orderReply } from '../../src/catalogue/messages/order-reply.ts'
import {
  headOfDocument,
  joinSensitive,
  keyOf,
  linesOf,
  splitSensitive,
} from '../../src/codec/document.ts'
import { generateDocument, seeded } from '../support/documents.ts'

const entries: readonly Message[] = messages

describe('splitSensitive and joinSensitive', () => {
  it('give back the very same document, key by key, for every kind', () => {
    fc.assert(
      fc.property(fc.constantFrom(...entries), fc.integer(), (entry, seed) => {
        const document = generateDocument(entry, seeded(seed))
        const { plain, sensitive } = splitSensitive(entry, document)
        expect(JSON.stringify(joinSensitive(entry, plain, sensitive))).toBe(
          JSON.stringify(document),
        )
      }),
      { seed: 1, numRuns: 400 },
    )
  })

  it('leave no sensitive field in the plain part, and name each by its pointer', () => {
    const document = generateDocument(order, seeded(2), { shape: 'maximal' })
    const { plain, sensitive } = splitSensitive(order, document)
    expect(Object.keys(sensitive)).toEqual([
      '/OrderHead/buyerRegNo',
      '/OrderHead/buyerName',
      '/OrderHead/buyerTelephone',
      '/OrderHead/buyerIdNumber',
      '/OrderHead/consignee',
      '/OrderHead/consigneeTelephone',
      '/OrderHead/consigneeAddress',
    ])
    const head = headOfDocument(order, plain)
    for (const pointer of Object.keys(sensitive))
      expect(head).not.toHaveProperty(pointer.slice('/OrderHead/'.length))
  })
})

describe('headOfDocument, linesOf, keyOf', () => {
  it('find head, lines and key in a document of groups', () => {
    const document = generateDocument(order, seeded(3), { lines: 3 })
    const head = headOfDocument(order, document)
    expect(keyOf(order, document)).toEqual([head.orderNo, head.ebpCode])
    expect(keyOf(order, head)).toEqual(keyOf(order, document))
    expect(linesOf(order, document, 'OrderList')).toBe(document.OrderList)
    expect(linesOf(order, document, 'OrderHead')).toEqual([head])
    expect(() => linesOf(order, document, 'NoSuchList')).toThrow('no group')
  })

  it('take a flat node as its own head', () => {
    const document = generateDocument(orderReply, seeded(4))
    expect(headOfDocument(orderReply, document)).toBe(document)
    expect(keyOf(orderReply, document)).toEqual([document.orderNo, document.ebpCode])
  })

  it('give empty texts for a key that is not there, rather than fail', () => {
    expect(keyOf(order, {})).toEqual(['', ''])
    expect(headOfDocument(order, { OrderHead: 'text' })).toEqual({})
  })
})
