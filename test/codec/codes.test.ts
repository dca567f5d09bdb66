/**
 * Every word of the two fault tables can be reached, and its texts are whole. The makers are typed
 * by the tables, so a new word without a way to it does not compile.
 */
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { AnyDocument, Message } from '../../src/catalogue/message.ts'
import { importList } from '../../src/catalogue/messages/import-list.ts'
import { masterNote } from '../../src/catalogue/messages/master-note.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { readMessage } from '../../src/codec/read.ts'
import { faultTexts, type What } from '../../src/codec/texts.ts'
import { type XmlFault, xmlFaultTexts } from '../../src/codec/xml-faults.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { generateHead, signedMessage } from '../support/messages.ts'

const encoder = new TextEncoder()
const valid = generateDocument(order, seeded(61), { shape: 'minimal', lines: 1 })
const head = generateHead(order, seeded(62))
const text = signedMessage(order, [valid], head)

const withHead = (change: Record<string, unknown>) => () =>
  checkDocument(order, { ...valid, OrderHead: { ...Object(valid.OrderHead), ...change } }).faults

const withGroup = (change: Record<string, unknown>) => () =>
  checkDocument(order, { ...valid, ...change }).faults

const listWith = (change: Record<string, unknown>) => (): readonly Fault[] => {
  const list = generateDocument(importList, seeded(63), { shape: 'minimal', lines: 1 })
  return checkDocument(importList, {
    ...list,
    InventoryHead: { ...Object(list.InventoryHead), ...change },
  }).faults
}

const masterNoteWith = (change: Record<string, unknown>) => (): readonly Fault[] => {
  const made = generateDocument(masterNote, seeded(64), { shape: 'minimal', lines: 1 })
  return checkDocument(masterNote, {
    ...made,
    WayBillHead: { ...Object(made.WayBillHead), ...change },
  }).faults
}

/** A field of our own with a least length above one, which no entry has yet. */
const atLeastTwo: Message = {
  ...order,
  body: {
    fields: {
      orderNo: { kind: 'text', required: true, zh: '订单编号', min: 2, max: 60 },
    },
  },
}

const readFaults = (xml: string): readonly Fault[] => {
  const result = readMessage(encoder.encode(xml))
  if (result.kind === 'unreadable') return result.faults
  return [...result.message.faults, ...result.message.documents.flatMap((one) => one.faults)]
}

const read = (from: string | RegExp, to: string) => () => readFaults(text.replace(from, to))
const orders = (documents: readonly AnyDocument[]) => () =>
  readFaults(signedMessage(order, documents, head))

const makers: Readonly<Record<What, () => readonly Fault[]>> = {
  MISSING: withGroup({ OrderHead: undefined }),
  REQUIRED_WHEN: listWith({ tradeMode: '1210', emsNo: '' }),
  EMPTY: withHead({ orderNo: '' }),
  WRONG_TYPE: withHead({ orderNo: 12 }),
  NOT_A_RECORD: () => checkDocument(order, null).faults,
  NOT_A_LIST: withGroup({ OrderList: {} }),
  TOO_LONG: withHead({ orderNo: 'x'.repeat(61) }),
  TOO_SHORT: () => checkDocument(atLeastTwo, { orderNo: '1' }).faults,
  WRONG_LENGTH: withHead({ guid: 'x' }),
  NOT_DECIMAL: withHead({ goodsValue: '1e5' }),
  NOT_INTEGER: withGroup({ OrderList: [{ ...Object(valid.OrderList)[0], gnum: '1.5' }] }),
  TOO_MANY_DIGITS: withHead({ goodsValue: '1.123456' }),
  TOO_SMALL: masterNoteWith({ msgSeqNo: '0' }),
  ABOVE: masterNoteWith({ msgSeqNo: '3', msgCount: '2' }),
  NOT_A_TIME: withHead({ appTime: '20230229000000' }),
  NOT_ALLOWED: withHead({ appType: '7' }),
  NOT_LISTED: listWith({ customsCode: '8099' }),
  // Serbia and Montenegro, until 2006.
  NOT_IN_FORCE: listWith({ appTime: '20240618093015', country: '349' }),
  BAD_CHARACTER: withHead({ orderNo: 'a\u0000' }),
  UNKNOWN: withHead({ actualPaid: '1' }),
  REPEATED: read('<ceb:orderNo>', '<ceb:orderNo>1</ceb:orderNo><ceb:orderNo>'),
  MISPLACED: read(/(<ceb:OrderHead>.*<\/ceb:OrderHead>)(.*)(<\/ceb:Order>)/, '$2$1$3'),
  ATTRIBUTE: read('<ceb:orderNo>', '<ceb:orderNo a="1">'),
  STRAY_TEXT: read('<ceb:orderNo>', 'x<ceb:orderNo>'),
  NESTED: read('<ceb:orderNo>', '<ceb:orderNo><ceb:a/>'),
  NOT_KEPT: read('</ceb:CEB311Message>', '<ceb:ExtendMessage/></ceb:CEB311Message>'),
  TOO_MANY_DOCUMENTS: orders(Array(101).fill(valid)),
  TOO_FEW_DOCUMENTS: orders([]),
  TOO_MANY_LINES: withGroup({ OrderList: Array(100).fill(Object(valid.OrderList)[0]) }),
  TOO_FEW_LINES: withGroup({ OrderList: [] }),
}

const xmlMakers: Readonly<Record<XmlFault, () => readonly Fault[]>> = {
  EMPTY: () => readFaults(''),
  ENCODING: () => readFaults(`<?xml version="1.0" encoding="GBK"?>${text}`),
  NOT_UTF8: () => {
    const result = readMessage(Uint8Array.of(0x3c, 0x61, 0xff))
    return result.kind === 'unreadable' ? result.faults : []
  },
  MALFORMED: () => readFaults('<a>'),
  DOCTYPE: () => readFaults(`<!DOCTYPE a>${text}`),
  ENTITY: read('<ceb:orderNo>', '<ceb:orderNo>&b;'),
  TOO_DEEP: () => readFaults('<a>'.repeat(17)),
  TOO_MANY_ELEMENTS: () => readFaults(`<a>${'<a/>'.repeat(300_000)}</a>`),
  NAMESPACE: read('chinaport.gov.cn/ceb', 'chinaport.gov.cn/other'),
  UNKNOWN_MESSAGE: () => readFaults('<CEB999Message/>'),
}

const isWhole = (fault: Fault): void => {
  for (const { zh, en } of [fault.text, fault.cure]) {
    expect(zh).toMatch(/[\u4e00-\u9fff]/)
    expect(en).toMatch(/^[\x20-\x7e\u4e00-\u9fff（）、…]+$/)
    for (const one of [zh, en]) expect(one).not.toMatch(/\{[a-z]+\}|undefined|Infinity|\[object/)
  }
}

describe('the fault tables', () => {
  it.each(Object.entries(makers))('%s is reachable, with whole texts', (word, make) => {
    const found = make().filter((fault) => fault.code.endsWith(`-${word}`))
    expect(found.length).toBeGreaterThan(0)
    for (const fault of found) isWhole(fault)
  })

  it.each(Object.entries(xmlMakers))('XML-%s is reachable, with whole texts', (word, make) => {
    const found = make()
    expect(found.map((fault) => fault.code)).toEqual([`XML-${word}`])
    for (const fault of found) isWhole(fault)
  })

  it('use words that can stand in a code, and never one for two things', () => {
    const words = [...Object.keys(faultTexts), ...Object.keys(xmlFaultTexts).map((w) => `XML-${w}`)]
    for (const word of words) expect(word).toMatch(/^(?:XML-)?[A-Z][A-Z0-9_]*$/)
    expect(new Set(words).size).toBe(words.length)
    for (const entry of messages) expect(entry.code).toMatch(/^CEB\d{3}$/)
  })
})
