/**
 * The far side of the wall: the DXP envelope and the transports that carry it. Transports differ
 * in how bytes travel, never in which bytes.
 */
import type { Fault } from '../kernel/fault.ts'

/** One DxpMsg: routing plus the business XML. Source: DXP schema 202205. */
export interface Envelope {
  /** 1–255 characters; the sender's id of the message, repeated unchanged on every re-send. */
  readonly copMsgId: string
  readonly senderId: string
  readonly receiverIds: readonly string[]
  /** `yyyy-MM-ddTHH:mm:ss`, China time. The wire spells it CreatTime. */
  readonly createdAt: string
  /** Root element of the business XML, e.g. `CEB311Message`. */
  readonly messageType: string
  /** The business XML, complete with its declaration. */
  readonly data: Uint8Array
}

export type EnvelopeRead =
  | { readonly kind: 'message'; readonly envelope: Envelope }
  /** DxpRep: the exchange platform answers about a delivery; not a customs reply. */
  | {
      readonly kind: 'exchange-reply'
      readonly responses: readonly { readonly code: string; readonly info: string }[]
      readonly copMsgId: string | undefined
    }
  | { readonly kind: 'unreadable'; readonly faults: readonly Fault[] }

export type SendOutcome =
  | { readonly kind: 'sent' }
  /** The far side cannot take it now: retry later with the same bytes. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The far side will never take these bytes: an operator must look. */
  | { readonly kind: 'refused'; readonly reason: string }

export interface Transport {
  readonly name: string
  /** Hands one envelope over; never throws for a far-side failure. */
  send(copMsgId: string, envelope: Uint8Array): Promise<SendOutcome>
}
