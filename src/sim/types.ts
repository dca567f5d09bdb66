/**
 * The public face of the simulated customs office: what it is given, what it takes and hands out,
 * and what its books tell. The engine does no input or output and sets no timers; a pump or a test
 * asks it what is due.
 */
import type { State } from '../catalogue/message.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'

/** Milliseconds from one answer to a document to the next. */
export interface Pace {
  /** Until 2 申报中, or whatever the e-port says first. */
  readonly received: number
  /** From there, or from the arrival of the last companion, to 120 入库 or 100 退单. */
  readonly stored: number
  /** To every further step up to 800 放行. */
  readonly released: number
  readonly closed: number
  /** To what customs tells unasked (a tax bill, the result of a summary), and to each change of it. */
  readonly notice: number
  /** How long the replies of a late document are kept back. */
  readonly late: number
}

/** `demo` can be watched, `realistic` is what real replies take, `instant` waits for nothing. */
export const paces = {
  demo: { received: 0, stored: 50, released: 100, closed: 100, notice: 100, late: 1_000 },
  realistic: {
    ...{ received: 2_000, stored: 12_000, released: 2_000, closed: 60_000 },
    ...{ notice: 60_000, late: 600_000 },
  },
  instant: { received: 0, stored: 0, released: 0, closed: 0, notice: 0, late: 0 },
} as const satisfies Readonly<Record<string, Pace>>

export interface CustomsOptions {
  readonly clock: Clock
  /** Decides every id and number given; the same seed and messages give the same replies. */
  readonly seed: string
  readonly pace: Pace
  /** `strict` (default): a signature that does not verify refuses every document of the message. */
  readonly verify?: 'strict' | 'none'
  /** DXP addresses of its two systems: each takes and answers the kinds of its direction. */
  readonly addresses?: Addresses
  /** Addresses of others that get the same messages: what is for them alone is taken and not opened. */
  readonly others?: readonly string[]
  /**
   * Which released lists get tax bills: all, or only those that a mark asks it for (`marked`, the
   * default: a bench of the way to 放行 measures no more than that).
   */
  readonly taxBills?: 'all' | 'marked'
  /** Consignments kept in mind; older ones are forgotten, as if never seen. */
  readonly remember?: number
}

export interface Addresses {
  readonly import: string
  readonly export: string
}

/** As seen in practice. */
export const ADDRESSES: Addresses = { import: 'DXPEDCCEB0000002', export: 'DXPEDCCEB0000003' }

export type Received =
  | {
      readonly kind: 'taken'
      readonly copMsgId: string
      /** The message had come before; nothing was done again. */
      readonly repeated: boolean
    }
  /** Not a DxpMsg: nobody can be answered. */
  | { readonly kind: 'unreadable'; readonly faults: readonly Fault[] }
  /** A DxpMsg for another address; the exchange platform would say so (2002). */
  | { readonly kind: 'misaddressed'; readonly copMsgId: string }
  /** Too many replies wait to be fetched: send again later. */
  | { readonly kind: 'busy' }

/** One reply message on its way; the same bytes whenever it is handed out again. */
export interface Delivery {
  readonly copMsgId: string
  readonly receiverId: string
  /** A complete DxpMsg. */
  readonly envelope: Uint8Array
}

export interface Customs {
  /** Takes one DxpMsg. Never throws for what it contains. */
  receive(envelope: Uint8Array): Received
  /** Reply messages due now, at most `limit`; each is to be settled by one of the next two. */
  due(limit?: number): readonly Delivery[]
  /** The receiver has it for good. */
  delivered(copMsgId: string): void
  /** It did not arrive; handed out again after a while that grows. */
  failed(copMsgId: string): void
  /** When `due` will next have something; undefined when nothing is under way. */
  nextDueAt(): Date | undefined
  books(): Books
  /**
   * Resolves when all that it took and handed out so far outlives its process: to be awaited before
   * anybody is told. Left out by an office that forgets with its process.
   */
  kept?(): Promise<void>
}

export interface BooksSummary {
  readonly messages: {
    /** Different CopMsgIds. */
    readonly received: number
    /** Came again with the same bytes. */
    readonly repeated: number
    /** Came again with other bytes: must be 0. */
    readonly differentBytes: number
    readonly invalidSignatures: number
    /** Refused as a whole by CEB900. */
    readonly refused: number
  }
  /** By kind: documents taken, versions taken, documents refused on arrival. */
  readonly documents: Readonly<
    Record<string, { readonly taken: number; readonly versions: number; readonly refused: number }>
  >
  /**
   * Lists that count in the trade totals and reached 放行, each once; sum of their prices in CNY, less
   * those of goods that went back.
   */
  readonly released: { readonly count: number; readonly amount: string }
  /** What went back, CNY. */
  readonly returned: string
  /** The same of lists in another currency, by its code. */
  readonly foreign: Readonly<Record<string, { readonly amount: string; readonly returned: string }>>
  readonly replies: {
    /** Single replies whose time has come, by official status. */
    readonly made: Readonly<Record<string, number>>
    readonly waiting: number
  }
  /** Single notices whose time has come, by kind: tax bills, results of summaries. */
  readonly notices: Readonly<Record<string, number>>
  readonly replyMessages: {
    readonly made: number
    readonly handedOut: number
    readonly delivered: number
    readonly waiting: number
  }
}

export interface BookedMessage {
  readonly copMsgId: string
  /** Hex, over the business XML as it came first. */
  readonly sha256: string
  readonly seen: number
  readonly differentBytes: number
}

export interface BookedDocument {
  readonly kind: string
  /** Values of the catalogue's key fields. */
  readonly key: readonly string[]
  /** Number of its consignment; '' for a kind that has none. */
  readonly orderNo: string
  readonly guid: string
  readonly appTime: string
  readonly versions: number
  /** Official status of the last reply whose time has come; '' before the first. */
  readonly status: string
  /** State that another document gave it, without a reply of its own: cancelled. */
  readonly made: State | undefined
  /** Numbers that customs gave it, by field. */
  readonly given: Readonly<Record<string, string>>
}

/** What the office has seen and done; a view, always of this moment. */
export interface Books {
  summary(): BooksSummary
  message(copMsgId: string): BookedMessage | undefined
  messages(): Iterable<BookedMessage>
  document(kind: string, key: readonly string[]): BookedDocument | undefined
  documents(): Iterable<BookedDocument>
}
