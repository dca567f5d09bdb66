/** Reply messages as if from customs, for what the simulated office never says. */
import { findMessage } from '../../src/catalogue/index.ts'
import type { AnyDocument } from '../../src/catalogue/message.ts'
import { writeMessage } from '../../src/codec/write.ts'
import { derivedId } from '../../src/kernel/ids.ts'
import { wrapEnvelope } from '../../src/wire/envelope.ts'

export interface ListReply {
  readonly copNo: string
  /** '' leaves it out, as the standard allows. */
  readonly agentCode: string
  readonly status: string
  /** 17 digits. */
  readonly time: string
  readonly info?: string
  /** Number that customs gives the list. */
  readonly invtNo?: string
  /** DXP account it is addressed to. */
  readonly receiver: string
}

/** A CEB622 about one list, in its envelope; the same facts give the same bytes. */
export const importListReply = (said: ListReply): Uint8Array => {
  const { copNo, agentCode, status, time, info = '合成回执', invtNo, receiver } = said
  const guid = derivedId(copNo, agentCode, status, time, info).toUpperCase()
  const document = {
    guid,
    ...(agentCode === '' ? {} : { agentCode }),
    copNo,
    preNo: 'B20261015000000001',
    ...(invtNo === undefined ? {} : { invtNo }),
    returnStatus: status,
    returnTime: time,
    returnInfo: info,
  }
  return fromCustoms('CEB622', document, guid, receiver)
}

/** One document of any kind in a message from customs. */
export const fromCustoms = (
  code: string,
  document: AnyDocument,
  guid: string,
  receiver: string,
): Uint8Array => {
  const entry = findMessage(code)
  if (entry === undefined) throw new Error(`no ${code}`)
  const { canonical } = writeMessage(entry, [document], { guid })
  return wrapEnvelope({
    copMsgId: guid,
    senderId: 'DXPEDCCEB0000002',
    receiverIds: [receiver],
    createdAt: '2026-10-15T10:00:00',
    messageType: `${code}Message`,
    data: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${canonical}`),
  })
}
