/**
 * The envelopes a message goes out in. From a terminal node it is one DxpMsg for all receivers; from
 * a transfer node one DxpMsgSv for each. Whatever stands in them follows from the message alone, so
 * that it is the same bytes however often they are sent. Source: DXP schemas 202205.
 */
import { createHash } from 'node:crypto'
import { rootOf } from '../catalogue/index.ts'
import { localDateTime, stamp14 } from '../kernel/clock.ts'
import type { StoredMessage } from '../store/messages.ts'
import { wrapEnvelope, wrapTransfer } from '../wire/envelope.ts'
import type { Envelope } from '../wire/types.ts'
import type { FlowDeps } from './types.ts'

export interface Parcel {
  /** What the far side may tell it by; of a message in one piece its CopMsgId. */
  readonly id: string
  readonly bytes: Uint8Array
}

export type MessageFacts = Pick<
  StoredMessage,
  'id' | 'kind' | 'senderDxpId' | 'receiverDxpIds' | 'copMsgId' | 'createdAt'
>

/** `data` is the signed business message. */
export const parcelsOf = (
  { transferNode }: Pick<FlowDeps, 'transferNode'>,
  message: MessageFacts,
  data: Uint8Array,
): readonly Parcel[] => {
  const { copMsgId, receiverDxpIds } = message
  const envelope: Envelope = {
    copMsgId,
    senderId: message.senderDxpId,
    receiverIds: receiverDxpIds,
    createdAt: localDateTime(message.createdAt),
    messageType: rootOf({ code: message.kind }),
    data,
  }
  if (transferNode === undefined) return [{ id: copMsgId, bytes: wrapEnvelope(envelope) }]
  const msgId = `${transferNode.own}${stamp14(message.createdAt)}${sequenceOf(message.id)}`
  return receiverDxpIds.map((receiverId, index) => {
    const part = receiverDxpIds.length === 1 ? undefined : String(index + 1)
    const head = {
      ...{ msgId, subMsgId: part, sentAt: envelope.createdAt },
      ...{ endNode: transferNode.end, ownNode: transferNode.own },
    }
    const bytes = wrapTransfer(head, { ...envelope, receiverIds: [receiverId] })
    return { id: part === undefined ? copMsgId : `${copMsgId}-${part}`, bytes }
  })
}

/**
 * Ten digits that belong to a message. A counter would have to be kept and shared; two messages of
 * one second have the same digits once in ten thousand million.
 */
const sequenceOf = (id: string): string => {
  const hash = createHash('sha256').update(id).digest().readBigUInt64BE()
  return String(hash % 10_000_000_000n).padStart(10, '0')
}
