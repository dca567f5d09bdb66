/**
 * Reply messages as customs writes them: the default namespace instead of a prefix, in a DxpMsg of
 * the same manner, original XML of a format refusal in CDATA (202205 text, CEB900). Gives complete
 * envelopes.
 */
import { create } from 'xmlbuilder2'
import { headOf, rootOf } from '../catalogue/index.ts'
import type { AnyDocument, FieldRecord, FormatReply, Message } from '../catalogue/message.ts'
import { CEB_NAMESPACE, MESSAGE_VERSION } from '../codec/envelope.ts'
import { writeMessage } from '../codec/write.ts'
import { localDateTime } from '../kernel/clock.ts'
import { wrapEnvelope } from '../wire/envelope.ts'
import type { Delivery } from './types.ts'

export interface ReplyHead {
  /** 36 characters: guid of the message and its CopMsgId. */
  readonly guid: string
  readonly senderId: string
  readonly receiverId: string
  readonly at: Date
}

export const replyMessage = (
  entry: Message,
  documents: readonly AnyDocument[],
  head: ReplyHead,
): Delivery => wrap(rootOf(entry), replyXml(entry, documents, head.guid), head)

/** The business XML of a reply message, with its declaration. */
export const replyXml = (
  entry: Message,
  documents: readonly AnyDocument[],
  guid: string,
): string => {
  const { canonical } = writeMessage(entry, documents, { guid })
  // A raw `<` cannot stand in a value, so only tags are touched.
  const plain = canonical.replaceAll('<ceb:', '<').replaceAll('</ceb:', '</')
  return `${DECLARATION}${plain.replace('xmlns:ceb=', 'xmlns=')}`
}

/** Refuses a whole message for its form; `document` holds all its fields as text. */
export const formatReplyMessage = (
  entry: FormatReply,
  document: FieldRecord,
  head: ReplyHead,
): Delivery => {
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele(CEB_NAMESPACE, rootOf(entry), {
    guid: head.guid,
    version: MESSAGE_VERSION,
  })
  const node = root.ele(CEB_NAMESPACE, entry.node)
  const { fields } = headOf(entry)
  for (const [name, value] of Object.entries(document)) {
    const element = node.ele(CEB_NAMESPACE, name)
    // CDATA cannot hold its own end: it is cut in two there.
    if (fields[name]?.raw) for (const part of value.split(/(?<=\]\])(?=>)/)) element.dat(part)
    else element.txt(value)
  }
  return wrap(rootOf(entry), root.end({ allowEmptyTags: true }), head)
}

/** A reply that breaks off in the middle: nobody can read it, nor say what it answers. */
export const garbageMessage = (entry: Message, head: ReplyHead): Delivery => {
  const root = rootOf(entry)
  return wrap(root, `${DECLARATION}<${root} xmlns="${CEB_NAMESPACE}"><${entry.node}`, head)
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

const wrap = (messageType: string, xml: string, head: ReplyHead): Delivery => {
  const { guid, senderId, receiverId, at } = head
  const prefixed = wrapEnvelope({
    copMsgId: guid,
    senderId,
    receiverIds: [receiverId],
    createdAt: localDateTime(at),
    messageType,
    data: Buffer.from(xml),
  })
  // Base64 holds no `<`, and ids are ASCII: the bytes can be taken for characters.
  const plain = Buffer.from(prefixed)
    .toString('latin1')
    .replaceAll('<dxp:', '<')
    .replaceAll('</dxp:', '</')
    .replace('xmlns:dxp=', 'xmlns=')
  return { copMsgId: guid, receiverId, envelope: Buffer.from(plain, 'latin1') }
}
