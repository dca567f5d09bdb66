/**
 * The list of places where we part from the official schema holds no dead line: each has a message
 * that the schema takes and the check refuses under that line alone, or the other way about. That
 * the list lacks none is what the conformance suite shows. Our schema states what the official one
 * states, so it stands for it here.
 */
import { describe, expect, it } from 'vitest'
import { messages } from '../../src/catalogue/index.ts'
import type { AnyDocument, FieldRecord, Message } from '../../src/catalogue/message.ts'
import { exportList } from '../../src/catalogue/messages/export-list.ts'
import { formatReply } from '../../src/catalogue/messages/format-reply.ts'
import { importList } from '../../src/catalogue/messages/import-list.ts'
import { importReturn } from '../../src/catalogue/messages/import-return.ts'
import { masterNote } from '../../src/catalogue/messages/master-note.ts'
import { order } from '../../src/catalogue/messages/order.ts'
import { orderReply } from '../../src/catalogue/messages/order-reply.ts'
import { taxBill } from '../../src/catalogue/messages/tax-bill.ts'
import { waybill } from '../../src/catalogue/messages/waybill.ts'
import { checkDocument } from '../../src/codec/check.ts'
import { fieldAt, stricter, strictnessOf, wider } from '../../src/codec/differences.ts'
import { readMessage } from '../../src/codec/read.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { xsdOf } from '../../src/codec/xsd.ts'
import { signatureXsd } from '../../src/codec/xsd-signature.ts'
import type { Fault } from '../../src/kernel/fault.ts'
import { LINES_PER_DOCUMENT_MAX } from '../../src/kernel/limits.ts'
import { generateDocument, seeded } from '../support/documents.ts'
import { dummySignature, generateHead, textOfTree, treeOf } from '../support/messages.ts'
import { refereeOf } from '../support/schemas.ts'

const encoder = new TextEncoder()

/** As it stands, nothing left out, with a signature where one belongs. */
const verbatim = (entry: Message, document: AnyDocument): string =>
  textOfTree(
    treeOf(entry, [document], generateHead(entry, seeded(91))),
    entry.sort === 'declaration' ? dummySignature : '',
  )

const refusal = (entry: Message, xml: string): string | undefined =>
  refereeOf({ 'main.xsd': xsdOf(entry), 'xmldsig.xsd': signatureXsd() }, 'main.xsd').refusal(xml)

const faultsOf = (entry: Message, xml: string): readonly Fault[] => {
  const read = readMessage(encoder.encode(xml))
  if (read.kind === 'unreadable') return read.faults
  const { faults, documents } = read.message
  return [
    ...faults,
    ...documents.flatMap((one) => [...one.faults, ...checkDocument(entry, one.document).faults]),
  ].filter(({ severity }) => severity === 'error')
}

/** A generated document with values put in; an undefined one is left out. */
const withValues = (
  entry: Message,
  group: string,
  values: Readonly<Record<string, string | undefined>>,
): AnyDocument => {
  const made = generateDocument(entry, seeded(92), { shape: 'maximal', lines: 1 })
  const change = (record: FieldRecord): FieldRecord =>
    Object.fromEntries(
      Object.entries({ ...record, ...values }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    )
  const old = made[group]
  if (group === '') return change(made as FieldRecord)
  return { ...made, [group]: Array.isArray(old) ? old.map(change) : change(Object(old)) }
}

const head = (entry: Message, group: string, name: string, value: string | undefined): Example => ({
  entry,
  xml: verbatim(entry, withValues(entry, group, { [name]: value })),
  value,
})

interface Example {
  readonly entry: Message
  readonly xml: string
  readonly value: string | undefined
}

const tooManyLines = (): Example => {
  const made = generateDocument(masterNote, seeded(93), { shape: 'minimal', lines: 1 })
  const [line] = made.WayBillList as readonly FieldRecord[]
  const lines = Array(LINES_PER_DOCUMENT_MAX + 1).fill(line)
  return {
    entry: masterNote,
    xml: verbatim(masterNote, { ...made, WayBillList: lines }),
    value: undefined,
  }
}

const withAttribute = (): Example => {
  const xml = verbatim(order, generateDocument(order, seeded(94), { shape: 'minimal' }))
    .replace('<ceb:Order>', '<ceb:Order xsi:schemaLocation="a b">')
    .replace(' xmlns:ceb', ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ceb')
  return { entry: order, xml, value: undefined }
}

/** By the title of the line. */
const examples: Readonly<Record<string, () => Example>> = {
  'Required by the published field table': () =>
    head(waybill, 'LogisticsHead', 'insuredFee', undefined),
  'Required in the case that the table names': () =>
    head(importList, 'InventoryList', 'qty2', undefined),
  'Required, and left empty': () => head(exportList, 'InventoryHead', 'copNo', ''),
  'Empty, and filled in by the schema': () => head(exportList, 'InventoryHead', 'fFlag', ''),
  'Blanks alone': () => head(order, 'OrderHead', 'orderNo', '  '),
  'Blanks at the ends count': () => head(importList, 'InventoryHead', 'customsCode', ' 801'),
  'One of the published values': () => head(order, 'OrderHead', 'appType', '7'),
  'A moment that exists': () => head(order, 'OrderHead', 'appTime', '20230229000000'),
  'Numbers in one form': () => head(order, 'OrderHead', 'freight', '+5.'),
  'Digits counted as written': () => head(order, 'OrderHead', 'freight', '1.500000'),
  'The shorter of two published lengths': () =>
    head(importReturn, 'InvtRefundHead', 'buyerIdNumber', 'x'.repeat(21)),
  'Counted from one': () => head(masterNote, 'WayBillHead', 'msgSeqNo', '0'),
  'Not above its partner': () => ({
    entry: masterNote,
    xml: verbatim(
      masterNote,
      withValues(masterNote, 'WayBillHead', { msgSeqNo: '3', msgCount: '2' }),
    ),
    value: '3',
  }),
  'At most 10,000 lines where the schema sets no bound': tooManyLines,
  'No attributes inside': withAttribute,
}

describe('what the check asks beyond the schema', () => {
  it('has an example for every line', () => {
    expect(Object.keys(examples)).toEqual(stricter.map(({ title }) => title))
  })

  it.each(Object.entries(examples))('%s', (title, make) => {
    const { entry, xml, value } = make()
    expect(refusal(entry, xml)).toBeUndefined()
    const faults = faultsOf(entry, xml)
    expect(faults.length).toBeGreaterThan(0)
    for (const fault of faults) expect(strictnessOf(entry, fault, value)?.title).toBe(title)
  })

  it('binds fields that are there, each line some', () => {
    const all: readonly Message[] = messages
    const fields = all.flatMap((entry) =>
      'fields' in entry.body
        ? Object.values(entry.body.fields)
        : Object.values(entry.body.groups).flatMap((group) => Object.values(group.fields)),
    )
    for (const { title, concerns } of stricter)
      expect([title, concerns === undefined || fields.some(concerns)]).toEqual([title, true])
    expect(fieldAt(order, '/OrderList/0/qty')?.zh).toBe('数量')
    expect(fieldAt(order, '/BaseTransfer/copCode')?.zh).toBe('传输企业代码')
    expect(fieldAt(order, '/OrderList')).toBeUndefined()
  })

  it('says nothing of what the schema refuses as well', () => {
    const [fault] = checkDocument(
      order,
      withValues(order, 'OrderHead', { orderNo: 'x'.repeat(61) }),
    ).faults
    if (fault === undefined) throw new Error('no fault')
    expect(fault.code).toBe('CEB311-orderNo-TOO_LONG')
    expect(strictnessOf(order, fault, 'x'.repeat(61))).toBeUndefined()
  })
})

describe('what the reader takes beyond the schema', () => {
  const made = generateDocument(order, seeded(95), { shape: 'minimal' })
  const sound = verbatim(order, made)
  const list = generateDocument(importList, seeded(95), { shape: 'minimal' })
  const reply = generateDocument(orderReply, seeded(95), { shape: 'minimal' })
  const bill = generateDocument(taxBill, seeded(95), { shape: 'minimal' })
  const transfer = /<ceb:BaseTransfer>.*<\/ceb:BaseTransfer>/
  const extension = '<ceb:ExtendMessage><ceb:anything/></ceb:ExtendMessage>'

  const cases: Readonly<Record<keyof typeof wider, readonly [Message, string]>> = {
    blanks: [order, sound.replace('<ceb:appTime>', '$& ')],
    transfer: [order, sound.replace(transfer, '$&$&')],
    unsigned: [importList, verbatim(importList, list).replace(dummySignature, '')],
    extension: [order, sound.replace(dummySignature, extension + dummySignature)],
    namespace: [
      orderReply,
      verbatim(orderReply, reply)
        .replaceAll('ceb:', '')
        .replace(/ xmlns(:ceb)?="[^"]*"/, ''),
    ],
    customs: [
      orderReply,
      verbatim(orderReply, reply)
        .replace(/guid="[^"]*"/, 'guid="x"')
        .replace('<ceb:orderNo>', '<ceb:news>1</ceb:news><ceb:orderNo>'),
    ],
    longer: [
      formatReply,
      verbatim(formatReply, {
        ...generateDocument(formatReply, seeded(95), { shape: 'minimal' }),
        returnTime: '2024-06-18 09:30:15',
      }),
    ],
    table: [
      taxBill,
      verbatim(taxBill, bill).replace('</ceb:TaxHeadRd>', '<ceb:orderNo>DD1</ceb:orderNo>$&'),
    ],
  }

  it.each(Object.entries(cases))('%s', (name, [entry, xml]) => {
    expect([name, refusal(entry, xml) !== undefined]).toEqual([name, true])
    expect(faultsOf(entry, xml)).toEqual([])
    expect(wider[name as keyof typeof wider].reason.length).toBeGreaterThan(20)
  })

  it('never writes what only the table has, though it keeps it', () => {
    const read = readMessage(encoder.encode(cases.table[1]))
    if (read.kind !== 'message') throw new Error('unreadable')
    const [document] = read.message.documents.map((one) => one.document)
    expect(document?.TaxHeadRd).toMatchObject({ orderNo: 'DD1' })
    const written = writeMessage(taxBill, [document ?? {}], { guid: read.message.guid })
    expect(written.canonical).not.toContain('DD1')
    expect(refusal(taxBill, written.canonical)).toBeUndefined()
  })
})
