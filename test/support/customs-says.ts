/** Reply messages as if from customs about documents of any kind, told by the catalogue alone. */
import { findMessage, getDeclaration, headOf } from '../../src/catalogue/index.ts'
import type { FieldRecord } from '../../src/catalogue/message.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import { wrapEnvelope } from '../../src/wire/envelope.ts'
import { generateDocument, seeded } from './documents.ts'

export interface Saying {
  /** Kind of the documents that are answered. */
  readonly kind: string
  readonly status: string
  /** 17 digits. */
  readonly time: string
  /** Key fields, and whatever else the reply shall say, of each document. */
  readonly about: readonly FieldRecord[]
  /** DXP account it is addressed to. */
  readonly receiver: string
}

/** One message with a reply for each; the same sayings give the same bytes. */
export const customsSays = ({ kind, status, time, about, receiver }: Saying): Uint8Array => {
  const reply = findMessage(getDeclaration(kind).reply)
  if (reply?.sort !== 'reply') throw new Error(`nothing answers ${kind}`)
  const guid = derivedId(kind, status, time, JSON.stringify(about)).toUpperCase()
  const documents = about.map((facts, index) => {
    const filler = generateDocument(reply, seeded(index), { shape: 'minimal' })
    const said: FieldRecord = {
      ...(filler as FieldRecord),
      preNo: `B20261015${String(index).padStart(9, '0')}`,
      returnInfo: '合成回执',
      ...facts,
      guid: derivedId(guid, String(index)).toUpperCase(),
      returnStatus: status,
      returnTime: time,
    }
    const names = Object.keys(headOf(reply).fields)
    return Object.fromEntries(
      names.flatMap((name) => (said[name] === undefined ? [] : [[name, said[name]]])),
    )
  })
  const { canonical } = writeMessage(reply, documents, { guid })
  return wrapEnvelope({
    copMsgId: guid,
    senderId: 'DXPEDCCEB0000002',
    receiverIds: [receiver],
    createdAt: '2026-10-15T10:00:00',
    messageType: `${reply.code}Message`,
    data: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${canonical}`),
  })
}
