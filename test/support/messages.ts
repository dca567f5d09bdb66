/**
 * Generated documents as whole messages: heads, a signature of the right structure that signs
 * nothing, and the message as a plain tree that tests can spoil in every way.
 */
import type { AnyDocument, FieldRecord, Message } from '../../src/catalogue/message.ts'
import type { MessageHead } from '../../src/codec/types.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { generateGuid, type Random } from './documents.ts'

export const generateHead = (entry: Message, random: Random): MessageHead => {
  const guid = generateGuid(random)
  if (entry.sort !== 'declaration') return { guid }
  return {
    guid,
    trailer: {
      transfer: {
        copCode: '5000000001',
        copName: '合成测试企业 & 传输',
        dxpId: 'DXPENT0000000001',
        ...(random() < 0.5 ? { note: 'test' } : {}),
      },
      subscribers: Array.from({ length: Math.floor(random() * 3) }, (_, i) => ({
        status: 'ALL',
        dxpAddress: `DXPENT000000000${i}`,
      })),
    },
  }
}

const ds = (name: string, content: string, attributes = ''): string =>
  `<ds:${name}${attributes}>${content}</ds:${name}>`
const method = (name: string, algorithm: string): string =>
  ds(name, '', ` Algorithm="${algorithm}"`)
const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#'
const CUSTOMS = 'http://www.chinaport.gov.cn/2022/04/xmldsig#'

const signedInfo = ds(
  'SignedInfo',
  method('CanonicalizationMethod', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315') +
    method('SignatureMethod', `${CUSTOMS}sm2-sm3`) +
    ds(
      'Reference',
      ds('Transforms', method('Transform', `${XMLDSIG}enveloped-signature`)) +
        method('DigestMethod', `${CUSTOMS}sm3`) +
        ds('DigestValue', 'AAAA'),
      ' URI=""',
    ),
)

/** Structurally valid, cryptographically nothing. */
export const dummySignature = ds(
  'Signature',
  signedInfo +
    ds('SignatureValue', 'AAAA') +
    ds('KeyInfo', ds('KeyName', '0001') + ds('X509Data', ds('X509Certificate', 'AAAA'))),
  ` xmlns:ds="${XMLDSIG}"`,
)

/** Our writer's message with the dummy signature where a signature belongs. */
export const signedMessage = (
  entry: Message,
  documents: readonly AnyDocument[],
  head: MessageHead,
): string => {
  const { canonical, signatureAt } = writeMessage(entry, documents, head)
  if (entry.sort !== 'declaration') return canonical
  return canonical.slice(0, signatureAt) + dummySignature + canonical.slice(signatureAt)
}

/** An element to spoil: text, or children. */
export interface Node {
  name: string
  attributes: Record<string, string>
  content: string | Node[]
}

export const node = (name: string, content: string | Node[]): Node => ({
  name,
  attributes: {},
  content,
})

/** A message as a tree, under the prefix `ceb`. */
export const treeOf = (
  entry: Message,
  documents: readonly AnyDocument[],
  head: MessageHead,
): Node => {
  const root = node(`${entry.code}Message`, [
    ...documents.map((document) => node(entry.node, contentOf(document))),
    ...(head.trailer === undefined ? [] : trailerOf(head.trailer)),
  ])
  root.attributes = {
    'xmlns:ceb': 'http://www.chinaport.gov.cn/ceb',
    guid: head.guid,
    version: '1.0',
  }
  return root
}

const contentOf = (document: AnyDocument): Node[] =>
  Object.entries(document).flatMap(([name, value]) => {
    if (typeof value === 'string') return [node(name, value)]
    const records: readonly FieldRecord[] = isList(value) ? value : [value]
    return records.map((record) => node(name, fieldsOf(record)))
  })

const isList = (value: FieldRecord | readonly FieldRecord[]): value is readonly FieldRecord[] =>
  Array.isArray(value)

const fieldsOf = (record: FieldRecord): Node[] =>
  Object.entries(record).map(([name, value]) => node(name, value))

const trailerOf = ({ transfer, subscribers = [] }: NonNullable<MessageHead['trailer']>): Node[] => [
  node('BaseTransfer', [
    node('copCode', transfer.copCode),
    node('copName', transfer.copName),
    node('dxpMode', 'DXP'),
    node('dxpId', transfer.dxpId),
    ...(transfer.note === undefined ? [] : [node('note', transfer.note)]),
  ]),
  ...subscribers.map(({ status, dxpAddress }) =>
    node('BaseSubscribe', [
      node('status', status),
      node('dxpMode', 'DXP'),
      node('dxpAddress', dxpAddress),
    ]),
  ),
]

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

/** `closing` is put before the root's end tag as it is: a signature, or nothing. */
export const textOfTree = (root: Node, closing = ''): string => {
  const attributes = Object.entries(root.attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('')
  const content =
    typeof root.content === 'string'
      ? escaped(root.content)
      : root.content.map((child) => textOfTree(child)).join('')
  return `<ceb:${root.name}${attributes}>${content}${closing}</ceb:${root.name}>`
}
