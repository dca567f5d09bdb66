/**
 * The DXP envelope: writes DxpMsg or DxpMsgSv around a business message and reads what the exchange platform
 * delivers: DxpMsg, DxpMsgSv (unwrapped) and DxpRep, with any prefix or none. Source: the DXP
 * schemas 202205 for terminal and transfer nodes. Whatever comes in is taken for hostile: document
 * types are refused, every length is checked, and nothing of it is repeated in a fault.
 */
import { create } from 'xmlbuilder2'
import type { XMLBuilder as XmlNode } from 'xmlbuilder2/lib/interfaces.js'
import { localDateTime } from '../kernel/clock.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { RECEIVERS_PER_MESSAGE_MAX } from '../kernel/limits.ts'
import {
  elementsOf,
  readXmlBytes,
  textOf,
  type XmlBroken,
  type XmlElement,
} from '../signing/xml.ts'
import { type EnvelopeFaultKind, envelopeFault, wholeFault } from './envelope-faults.ts'
import type { Envelope, EnvelopeRead, TransferHead } from './types.ts'

/**
 * The bytes of a DxpMsg in UTF-8; the same envelope always gives the same bytes. Throws when a
 * field is longer or shorter than the schema allows, which the composer has to prevent.
 */
export const wrapEnvelope = (envelope: Envelope): Uint8Array => {
  const document = create(DECLARATION)
  addMessage(document, envelope)
  return bytesOf(document, envelope.data)
}

/**
 * The bytes of a DxpMsgSv, as a transfer node sends a message to one receiver. Throws as
 * `wrapEnvelope` does, and when it is given another number of receivers.
 */
export const wrapTransfer = (head: TransferHead, envelope: Envelope): Uint8Array => {
  const { msgId, subMsgId = '1', endNode, ownNode } = head
  const isGood =
    /^\d{32}$/.test(msgId) &&
    /^.$/.test(subMsgId) &&
    /^.{1,8}$/.test(endNode) &&
    /^\d{8}$/.test(ownNode)
  if (!isGood || envelope.receiverIds.length !== 1) throw new Error('not a DXP transfer')
  const document = create(DECLARATION)
  const root = document.ele(DXP, 'dxp:DxpMsgSv', { ver: '1.0' })
  const number = root.ele(DXP, 'dxp:SvNo', { Ver: '1.0' })
  number.ele(DXP, 'dxp:MsgId').txt(msgId)
  if (head.subMsgId !== undefined) number.ele(DXP, 'dxp:SubMsgId').txt(subMsgId)
  number.ele(DXP, 'dxp:SendTime').txt(head.sentAt)
  number.ele(DXP, 'dxp:EndNode').txt(endNode)
  number.ele(DXP, 'dxp:StaNode').txt(ownNode)
  addMessage(root, envelope)
  return bytesOf(document, envelope.data)
}

const DECLARATION = { version: '1.0', encoding: 'UTF-8' } as const

const addMessage = (parent: XmlNode, envelope: Envelope): void => {
  const faults = limitFaults(envelope, '')
  if (faults.length > 0) throw new Error(`not a DXP envelope: ${faults.map((f) => f.code).join()}`)
  const root = parent.ele(DXP, 'dxp:DxpMsg', { ver: '1.0' })
  const info = root.ele(DXP, 'dxp:TransInfo')
  info.ele(DXP, 'dxp:CopMsgId').txt(envelope.copMsgId)
  info.ele(DXP, 'dxp:SenderId').txt(envelope.senderId)
  const receivers = info.ele(DXP, 'dxp:ReceiverIds')
  for (const receiverId of envelope.receiverIds)
    receivers.ele(DXP, 'dxp:ReceiverId').txt(receiverId)
  info.ele(DXP, 'dxp:CreatTime').txt(envelope.createdAt)
  info.ele(DXP, 'dxp:MsgType').txt(envelope.messageType)
  root.ele(DXP, 'dxp:Data')
}

/** Base64 has nothing to escape, and is nearly all of an envelope: it is put in at the end. */
const bytesOf = (document: XmlNode, data: Uint8Array): Uint8Array => {
  const text = document.end({ allowEmptyTags: true })
  const at = text.indexOf('</dxp:Data>')
  return Buffer.concat([
    Buffer.from(text.slice(0, at)),
    Buffer.from(bufferOf(data).toString('base64'), 'latin1'),
    Buffer.from(text.slice(at)),
  ])
}

/** Reads an envelope; every fault of its fields at once. Never throws. */
export const readEnvelope = (bytes: Uint8Array): EnvelopeRead => {
  const document = readXmlBytes(bytes)
  if (document.kind === 'broken') return unreadable(wholeFault(BROKEN[document.why]))
  const { root } = document
  const isOurs = root.namespace === DXP || root.namespace === ''
  if (isOurs && root.local === 'DxpMsg') return readMessage(root, '/DxpMsg')
  if (isOurs && root.local === 'DxpRep') return readReply(root)
  if (!isOurs || root.local !== 'DxpMsgSv') return unreadable(wholeFault('UNKNOWN_ROOT'))
  const faults: Fault[] = []
  const message = one(root, 'DxpMsg', '/DxpMsgSv', faults)
  if (message === undefined || faults.length > 0) return unreadable(...faults)
  return readMessage(message, '/DxpMsgSv/DxpMsg')
}

const DXP = 'http://www.chinaport.gov.cn/dxp'

const BROKEN: Readonly<Record<XmlBroken['why'], EnvelopeFaultKind>> = {
  doctype: 'DOCTYPE',
  encoding: 'ENCODING',
  malformed: 'MALFORMED',
  'too-deep': 'TOO_LARGE',
  'too-many': 'TOO_LARGE',
}

const readMessage = (root: XmlElement, pointer: string): EnvelopeRead => {
  const faults: Fault[] = []
  const infoAt = at(pointer, 'TransInfo')
  const info = one(root, 'TransInfo', pointer, faults)
  const field = (name: string): string => {
    const element = info && one(info, name, infoAt, faults)
    return element === undefined ? '' : textOf(element).trim()
  }
  const receivers = info && one(info, 'ReceiverIds', infoAt, faults)
  const written = field('CreatTime')
  const createdAt = readDateTime(written)
  if (written !== '' && createdAt === undefined)
    faults.push(envelopeFault('WRONG_TIME', 'CreatTime', infoAt))
  const dataElement = one(root, 'Data', pointer, faults)
  const data = dataElement && readBase64(textOf(dataElement))
  if (dataElement !== undefined && data === undefined)
    faults.push(envelopeFault('NOT_BASE64', 'Data', pointer))
  if (data?.length === 0) faults.push(envelopeFault('EMPTY', 'Data', pointer))
  const envelope: Envelope = {
    copMsgId: field('CopMsgId'),
    senderId: field('SenderId'),
    receiverIds: (receivers === undefined ? [] : named(receivers, 'ReceiverId')).map((element) =>
      textOf(element).trim(),
    ),
    createdAt: createdAt ?? '',
    messageType: field('MsgType'),
    data: data ?? new Uint8Array(),
  }
  const told = new Set(faults.map((fault) => fault.pointer))
  const beyond = info === undefined ? [] : limitFaults(envelope, infoAt)
  faults.push(...beyond.filter((fault) => !told.has(fault.pointer)))
  return faults.length === 0 ? { kind: 'message', envelope } : unreadable(...faults)
}

const readReply = (root: XmlElement): EnvelopeRead => {
  const faults: Fault[] = []
  const responses = named(root, 'Response')
  if (responses.length === 0) faults.push(envelopeFault('MISSING', 'Response', '/DxpRep'))
  const read = responses.map((response, index) => {
    const pointer = at('/DxpRep/Response', index)
    const code = one(response, 'ResponseCode', pointer, faults)
    const [head] = named(response, 'OriHead')
    return {
      code: code === undefined ? '' : textOf(code).trim(),
      info: first(response, 'ResponseInfo'),
      copMsgId: head === undefined ? '' : first(head, 'CopMsgId'),
      noticed: first(response, 'NoticeTime'),
    }
  })
  if (faults.length > 0) return unreadable(...faults)
  // The wire spells it RecevierId.
  return { kind: 'exchange-reply', receiverId: first(root, 'RecevierId'), responses: read }
}

/** Text of the first child of that name; '' without one. */
const first = (parent: XmlElement, name: string): string => {
  const [element] = named(parent, name)
  return element === undefined ? '' : textOf(element).trim()
}

const named = (parent: XmlElement, name: string): readonly XmlElement[] =>
  elementsOf(parent).filter((element) => element.local === name)

/** The only child of that name; a fault when there is none or more than one. */
const one = (
  parent: XmlElement,
  name: string,
  pointer: string,
  faults: Fault[],
): XmlElement | undefined => {
  const [first, ...others] = named(parent, name)
  if (first === undefined) faults.push(envelopeFault('MISSING', name, pointer))
  if (others.length > 0) faults.push(envelopeFault('REPEATED', name, pointer))
  return first
}

/** Characters, by the terminal-node schema. */
const LIMITS = {
  CopMsgId: [1, 255],
  SenderId: [1, 16],
  ReceiverId: [1, 16],
  MsgType: [0, 30],
} as const

const limitFaults = (envelope: Envelope, pointer: string): readonly Fault[] => {
  const faults: Fault[] = []
  const check = (name: keyof typeof LIMITS, value: string, where: string): void => {
    const [min, max] = LIMITS[name]
    const length = [...value].length
    if (length < min || length > max) faults.push(envelopeFault('LENGTH', name, where))
  }
  const { receiverIds } = envelope
  check('CopMsgId', envelope.copMsgId, pointer)
  check('SenderId', envelope.senderId, pointer)
  if (receiverIds.length === 0 || receiverIds.length > RECEIVERS_PER_MESSAGE_MAX)
    faults.push(envelopeFault('COUNT', 'ReceiverIds', pointer))
  for (const id of receiverIds) check('ReceiverId', id, at(pointer, 'ReceiverIds'))
  if (readDateTime(envelope.createdAt) === undefined)
    faults.push(envelopeFault('WRONG_TIME', 'CreatTime', pointer))
  check('MsgType', envelope.messageType, pointer)
  return faults
}

/** `xs:dateTime` as China time without fraction; a time without zone is China time already. */
const readDateTime = (text: string): string | undefined => {
  const match = DATE_TIME.exec(text)
  if (match === null) return undefined
  const [, local = '', zone] = match
  // A day that does not exist would silently become another one.
  const asUtc = new Date(`${local}Z`)
  if (Number.isNaN(asUtc.getTime()) || !asUtc.toISOString().startsWith(local)) return undefined
  if (zone === undefined) return local
  const moment = new Date(`${local}${zone}`)
  return Number.isNaN(moment.getTime()) ? undefined : localDateTime(moment)
}

const DATE_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/** The bytes of base64 with any white space in it; undefined when it is not base64. */
const readBase64 = (text: string): Uint8Array | undefined =>
  decodePacked(text) ?? decodePacked(text.replace(/[ \t\r\n]+/g, ''))

/**
 * Node leaves out what is not base64 and stops at the first `=`, so the bytes are as many as they
 * should be only when all was base64. It also takes the two signs of the address-safe alphabet.
 */
const decodePacked = (text: string): Uint8Array | undefined => {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = Buffer.from(text, 'base64')
  const isWhole = text.length % 4 === 0 && bytes.length === (text.length / 4) * 3 - padding
  return isWhole && !text.includes('-') && !text.includes('_') ? bytes : undefined
}

const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const unreadable = (...faults: readonly Fault[]): EnvelopeRead => ({ kind: 'unreadable', faults })
