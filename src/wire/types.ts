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

/** What the exchange platform says of one delivery. */
export interface ExchangeResponse {
  readonly code: string
  readonly info: string
  /** Id of the message it speaks of; '' when its OriHead names none. */
  readonly copMsgId: string
  /** A day as it came (`xs:date`), too coarse to order anything by; '' without one. */
  readonly noticed: string
}

/** What a transfer node writes around a message for one receiver. Source: DXP schema 202205. */
export interface TransferHead {
  /** 32 digits: our node, the moment and a sequence of 10; the same for all parts of a message. */
  readonly msgId: string
  /** From 1, where a message was split because it has several receivers. */
  readonly subMsgId: string | undefined
  /** `yyyy-MM-ddTHH:mm:ss`, China time. */
  readonly sentAt: string
  /** Node that the message goes to, 1–8 characters. */
  readonly endNode: string
  /** Node that it came in by: ours, 8 digits. */
  readonly ownNode: string
}

export type EnvelopeRead =
  | { readonly kind: 'message'; readonly envelope: Envelope }
  /** DxpRep: the exchange platform answers about a delivery; not a customs reply. */
  | {
      readonly kind: 'exchange-reply'
      /** Account it is addressed to; '' when it names none. */
      readonly receiverId: string
      readonly responses: readonly ExchangeResponse[]
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
  /**
   * Hands one envelope over; never throws for a far-side failure. `givenUp` comes when nobody waits
   * for the outcome any more.
   */
  send(copMsgId: string, envelope: Uint8Array, givenUp?: AbortSignal): Promise<SendOutcome>
  /** Asks the far side for a sign of life without a message, where its protocol has a way to. */
  probe?(givenUp?: AbortSignal): Promise<SendOutcome>
  close?(): Promise<void>
}

/** What a transport or receiver tells an operator; never an address, which may hold a password. */
export interface WireLog {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void
  error(event: string, facts?: Readonly<Record<string, unknown>>): void
}

/** What takes bytes that came in; resolves when they are stored for good, and only then. */
export type Take = (bytes: Uint8Array) => Promise<void>

/** Fetches replies, where the far side does not call in by itself. */
export interface Receiver {
  /**
   * Brings whatever arrives for these DXP accounts until it is closed. Bytes are let go of only when
   * `take` resolved; when it rejects they come again. May be called again with other accounts.
   */
  listen(accounts: readonly string[], take: Take): Promise<void>
  /** Resolves when what is under way is settled. */
  close(): Promise<void>
}

/** Names of the links that settings can make, each over one protocol; also `simulator` in rehearsals. */
export type LinkCode = 'http' | 'amqp' | 'folder' | 'simulator'

/** One way to customs and back. */
export interface Link {
  readonly code: LinkCode
  readonly transport: Transport
  /** Left out where replies are posted to us. */
  readonly receiver?: Receiver
}
