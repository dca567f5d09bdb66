/**
 * What the codec gives and takes. A written message is canonical XML (inclusive C14N 1.0 without
 * comments) of the root without its signature; the signature is inserted at `signatureAt`, so that
 * taking it out again restores exactly the digested bytes.
 */
import type { AnyDocument, FieldRecord, Message } from '../catalogue/message.ts'
import type { Fault } from '../kernel/fault.ts'

export interface Checked {
  readonly faults: readonly Fault[]
  /**
   * The document with blank optional fields left out; meaningful only when no fault refuses it.
   * Key order is wire order.
   */
  readonly document: AnyDocument
}

/** BaseTransfer and BaseSubscribe, the trailer every declaration carries. */
export interface Trailer {
  readonly transfer: {
    readonly copCode: string
    readonly copName: string
    readonly dxpId: string
    readonly note?: string
  }
  readonly subscribers?: readonly {
    readonly status: string
    readonly dxpAddress: string
    readonly note?: string
  }[]
}

export interface MessageHead {
  /** 36 characters, upper case by convention. */
  readonly guid: string
  /** Absent on replies, which have no trailer. */
  readonly trailer?: Trailer
}

export interface WrittenMessage {
  /** Canonical XML of the root element, no XML declaration. */
  readonly canonical: string
  /** Index in `canonical` (UTF-16 units) where `ds:Signature` belongs. */
  readonly signatureAt: number
  /** Namespace declarations in scope at the signature, prefix to URI, without `ds`. */
  readonly namespaces: Readonly<Record<string, string>>
}

export interface ReadDocument {
  /** As in the wire, text trimmed of stray blanks; still to be checked. */
  readonly document: AnyDocument
  /** Faults of structure: unknown, repeated or misplaced elements. */
  readonly faults: readonly Fault[]
}

export interface ReadMessage {
  readonly entry: Message
  readonly guid: string
  readonly documents: readonly ReadDocument[]
  readonly transfer: FieldRecord | undefined
  readonly subscribers: readonly FieldRecord[]
  /** True when a `ds:Signature` element is there; it is not verified here. */
  readonly signed: boolean
  /** Faults of the message as a whole; with an error among them no document may be taken. */
  readonly faults: readonly Fault[]
}

/** Either a message, or the faults that kept it from being one (not XML, DOCTYPE, unknown root). */
export type ReadResult =
  | { readonly kind: 'message'; readonly message: ReadMessage }
  | { readonly kind: 'unreadable'; readonly faults: readonly Fault[] }
