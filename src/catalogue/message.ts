/**
 * A message of the standard as one literal. Key order is wire order. `message()` only gives the
 * literal its type; `index.ts` checks the whole catalogue when it is loaded.
 *
 * JSON mirrors the XML: a document is the content of the business node, so an order is
 * `{ "OrderHead": {…}, "OrderList": [{…}] }` and a reply, whose node has no groups, is its fields.
 */
import type { Text } from '../kernel/fault.ts'
import type { Field } from './field.ts'

export type Fields = Readonly<Record<string, Field>>

export interface Group {
  readonly min: number
  /** `Infinity` for unbounded. */
  readonly max: number
  readonly zh: string
  readonly fields: Fields
}

export type Body =
  | { readonly groups: Readonly<Record<string, Group>> }
  | { readonly fields: Fields }

export type Role =
  | 'platform'
  | 'merchant'
  | 'payer'
  | 'carrier'
  | 'declarant'
  | 'warehouse'
  | 'guarantor'
  | 'bank'
  | 'site'

/** A value inside a document: a field of the first group (or of the node, when it has no groups). */
export type HeadField = string

/** `text\u0000with…`: what a document brings to its consignment, or waits for. */
export interface PartLink {
  readonly part: string
  /** Head fields whose values, with the number of the consignment, tie the two documents together. */
  readonly on: readonly HeadField[]
}

/** What a document waits for. */
export interface Need extends PartLink {
  /** Head field with the number that the other document goes by, where that is not the consignment's. */
  readonly via?: HeadField
  /** Asked for only of documents handed in before this day, yyyyMMdd (China time, by appTime). */
  readonly until?: string
}

/** What a document asks customs to do with other documents, found by a number they carry. */
export interface Act {
  /** Code of their declaration. */
  readonly on: string
  readonly verb:
    | 'cancel'
    | 'return'
    | 'tally'
    | 'arrive'
    | 'depart'
    | 'consolidate'
    | 'summarise'
    | 'deliver'
  /** Field with the number: of the head, or of each line of `group`. The other carries it, or was given it. */
  readonly by: string
  readonly group?: string
  /**
   * Head field with the merchant in whose name it asks: once granted it reaches his documents, whichever
   * agent filed them, beside those of its own sender. The others name him in `trade.parties`.
   */
  readonly merchant?: HeadField
  /** State they take once this is done; customs sends no reply of their own. */
  readonly makes?: State
  /** Official status that customs' own reply to them bears then. */
  readonly answered?: string
  /**
   * How such a document is made from the other one, beside fields of the same name, which are taken
   * over; numbers that customs gives with its own reply are not.
   */
  readonly making?: Making
}

export interface Making {
  /** Head fields it says for itself, although the other has some of the same name. */
  readonly own?: readonly HeadField[]
  /** Head fields that follow from one of the other's head; a value not listed follows in nothing. */
  readonly derived?: Readonly<
    Record<
      HeadField,
      { readonly from: HeadField; readonly values: Readonly<Record<string, string>> }
    >
  >
  /** What is asked for line by line, and the quantities of a line that may be asked for in part. */
  readonly lines?: {
    readonly group: string
    readonly of: string
    readonly number: string
    readonly quantity: string
    /** Quantities in other units, which shrink in the same proportion. */
    readonly scaled: readonly string[]
  }
}

/** Released lists that a monthly summary must name, or need not: their flag says which. */
export interface Summarised {
  readonly flag: HeadField
  /** Value of the flag when no summary follows, and when one must. */
  readonly simplified: string
  readonly consolidated: string
  /** Lists of one summary agree in these. */
  readonly office: HeadField
  readonly agent: HeadField
  readonly merchant: HeadField
  /** What speaks for or against the simplified way. */
  readonly licence: HeadField
  readonly lines: {
    readonly group: string
    readonly amount: string
    readonly currency: string
    /** Code of the currency the limits are in. */
    readonly yuan: string
  }
}

/** What of a document draws on the yearly quota of the person it is for. */
export interface Quota {
  /** Modes of trade that the quota is for, and the field that says which one it is. */
  readonly modes: readonly string[]
  readonly mode: HeadField
  /** Amounts in CNY of the head that are part of the dutiable value, beside those of the lines. */
  readonly charges: readonly HeadField[]
  readonly lines: {
    readonly group: string
    readonly number: string
    readonly amount: string
    readonly quantity: string
  }
}

/** What of a list draws on the stock of a bonded account book. */
export interface Draws {
  /** Modes of trade that draw on one, and the field that says which one it is. */
  readonly modes: readonly string[]
  readonly mode: HeadField
  /** Fields with the number of the book, and with the code of the warehouse that keeps it. */
  readonly book: HeadField
  readonly keeper: HeadField
  readonly lines: {
    readonly group: string
    readonly number: string
    readonly item: string
    /** Quantities with their units: the one in the unit of the book is drawn. */
    readonly quantities: readonly { readonly amount: string; readonly unit: string }[]
  }
}

/** A list whose import taxes follow from it and its `quota`; its amounts are in CNY. */
export interface Taxed {
  /** The day whose rates hold, `yyyyMMdd`. */
  readonly day: HeadField
  readonly lines: {
    readonly group: string
    readonly code: string
    readonly price: string
    /** Quantities with their units; the first is the traded one, `legal` the first legal one. */
    readonly quantities: readonly { readonly amount: string; readonly unit: string }[]
    readonly legal: string
  }
  /** Head field of a companion with the tax that was collected for it; zero says nothing of it. */
  readonly withheld: { readonly kind: string; readonly part: string; readonly field: HeadField }
}

/** What a list counts by in the trade totals. */
export interface Trade {
  readonly lines: {
    readonly group: string
    /** Summed up in the currency of each line. */
    readonly amount: string
    /** Field with a line's currency; or the three digits of the one that all are in. */
    readonly currency: string
    /** Field with the commodity code, whose first two digits are the chapter. */
    readonly code: string
  }
  readonly mode: HeadField
  /** Country it comes from, or goes to. */
  readonly country: HeadField
  /** Enterprises it counts for; the warehouse places it in a zone as well. */
  readonly parties: Readonly<Partial<Record<CountedRole, HeadField>>>
  /** What else places it in a zone. */
  readonly office: HeadField
  readonly site: HeadField
}

/** Roles that totals are split by. */
export type CountedRole = Extract<
  Role,
  'merchant' | 'platform' | 'declarant' | 'carrier' | 'warehouse'
>

/** Lines of goods with their tariff codes. */
export interface Goods {
  readonly group: string
  readonly hs: string
  readonly name: string
  /** The traded quantity with its unit, then the statutory ones in their order. */
  readonly quantities: readonly { readonly amount: string; readonly unit: string }[]
  /** Retail imports: bound to the positive list and to bans of sale. */
  readonly retail?: { readonly origin: string }
}

interface Common {
  /** `CEB311`; the root element is this plus `Message`. */
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly direction: 'import' | 'export' | 'both'
  /** Business node and how many of it one message holds. */
  readonly node: string
  readonly nodeMax: number
  readonly body: Body
  /**
   * Head fields that name the document, its number first. The hash of the number is the lane, and
   * a reply carries the same fields under the same names.
   */
  readonly key: readonly [HeadField, ...HeadField[]]
}

export interface Declaration extends Common {
  readonly sort: 'declaration'
  /** Code of the reply that customs answers with. */
  readonly reply: string
  /** Who may hand it in and signs it: role, and the head field that holds his code. First match wins. */
  readonly owners: readonly { readonly role: Role; readonly field: HeadField }[]
  /** Whether the schema requires `ds:Signature`; all messages are signed either way. */
  readonly signature: 'required' | 'optional'
  /** Head field with the number of the consignment (四单). */
  readonly consignment?: HeadField
  /** Head field with the personal number its buyer (or payer) is looked up by. */
  readonly buyer?: HeadField
  /** What it brings to the consignment. */
  readonly offers?: PartLink
  /** What must be accepted before it is sent. */
  readonly needs?: readonly Need[]
  readonly acts?: Act
  readonly summarised?: Summarised
  /** Draws on the quota of its `buyer`. */
  readonly quota?: Quota
  readonly draws?: Draws
  readonly taxed?: Taxed
  readonly goods?: Goods
  /** States that end its way well (group "done"). */
  readonly done: readonly State[]
  /** Makes it count in the trade totals: as declared by customs' answers, as released once `done`. */
  readonly trade?: Trade
}

export interface Reply extends Common {
  readonly sort: 'reply'
  /** Code of the declaration it answers. */
  readonly answers: string
  /** Fields with official status, official time and text; the same in every reply of the standard. */
  readonly status: { readonly code: string; readonly time: string; readonly info: string }
  /** Status codes that the text, the schema or practice shows for it; any other may come as well. */
  readonly statuses: readonly string[]
  /** Status codes that a good document is usually answered with, in this order. */
  readonly way: readonly string[]
  /** Numbers that customs gives, kept on the document. */
  readonly gives?: readonly string[]
}

/** What a notice about a tax bill says of it. */
export interface Bill {
  /** Head fields with the amounts, CNY; left out where it tells a new status alone. */
  readonly amounts?: {
    readonly duty: HeadField
    readonly consumptionTax: HeadField
    readonly vat: HeadField
  }
  /** Status of a bill that is due no longer. */
  readonly voided: string
}

/** What customs tells of a document unasked: a tax bill, the result of a summary. */
export interface Notice extends Common {
  readonly sort: 'notice'
  readonly about: {
    /** Code of the declaration it tells of. */
    readonly kind: string
    /** Head field with a number that customs gave that document under the same name. */
    readonly by: HeadField
    /** Official status of that document that it usually follows. */
    readonly follows: string
  }
  /** Fields with its status and its time. */
  readonly status: { readonly code: string; readonly time: string }
  /** Meaning of its status codes, which are its own; empty where none is published. */
  readonly meanings: Readonly<Record<string, Text>>
  /** Numbers that customs gives with it, kept on the document. */
  readonly gives: readonly string[]
  readonly bill?: Bill
}

/** CEB900: the whole message was refused for its form. */
export interface FormatReply extends Common {
  readonly sort: 'format-reply'
  readonly status: { readonly code: string; readonly time: string; readonly info: string }
  /** Field with the CopMsgId of the refused message. */
  readonly refused: string
}

export type Message = Declaration | Reply | Notice | FormatReply

/** What only travels in sheets and JSON and never to customs: every row is a record of its own. */
export interface Table extends Common {
  readonly sort: 'table'
}

/** Whatever has fields that are checked, and columns in a sheet. */
export type Entry = Message | Table

/** What a sheet may hold. */
export type SheetEntry = Declaration | Table

/** Head fields of every declaration, whatever its kind; `integrity.ts` sees that they are there. */
export const SUBMISSION_FIELDS = ['guid', 'appType', 'appTime'] as const
export const APP_TYPE = { new: '1', change: '2', delete: '3' } as const

/**
 * Where a document stands, in plain words. The first five are ours, the others follow from customs'
 * status codes (`statuses.ts`).
 */
export type State =
  | 'waiting'
  | 'blocked'
  | 'ready'
  | 'sent'
  | 'undelivered'
  | 'unknown'
  | 'drafted'
  | 'received'
  | 'forwarded'
  | 'forward-failed'
  | 'rejected'
  | 'stored'
  | 'review'
  | 'approved'
  | 'inspection'
  | 'held'
  | 'suspended'
  | 'sent-back'
  | 'released'
  | 'closed'
  | 'cancelled'

export const message = <const M extends Message>(literal: M): M => literal
export const table = <const T extends Table>(literal: T): T => literal

export const one = <const F extends Fields>(zh: string, fields: F) =>
  ({ min: 1, max: 1, zh, fields }) as const
export const many = <const F extends Fields>(zh: string, max: number, fields: F) =>
  ({ min: 1, max, zh, fields }) as const
/** As `many`, and none is enough. */
export const some = <const F extends Fields>(zh: string, max: number, fields: F) =>
  ({ min: 0, max, zh, fields }) as const

// ---- the document type that follows from a literal ------------------------------------------

type RequiredKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly required: true } ? K : never
}[keyof F]

type FieldValues<F extends Fields> = { readonly [K in RequiredKeys<F>]: string } & {
  readonly [K in Exclude<keyof F, RequiredKeys<F>>]?: string
}

type GroupValue<G extends Group> = G extends { readonly max: 1 }
  ? FieldValues<G['fields']>
  : readonly FieldValues<G['fields']>[]

type GroupKeys<G extends Readonly<Record<string, Group>>, Min extends number> = {
  [K in keyof G]: G[K] extends { readonly min: Min } ? K : never
}[keyof G]

/** `DocumentOf<typeof order>` is `{ OrderHead: { guid: string … }, OrderList: … [] }`. */
export type DocumentOf<M extends Entry> = M['body'] extends {
  readonly groups: infer G extends Readonly<Record<string, Group>>
}
  ? { readonly [K in GroupKeys<G, 1>]: GroupValue<G[K]> } & {
      readonly [K in GroupKeys<G, 0>]?: GroupValue<G[K]>
    }
  : M['body'] extends { readonly fields: infer F extends Fields }
    ? FieldValues<F>
    : never

/** Any document, as the engines see it: text, records of text, or lists of them. */
export type FieldRecord = Readonly<Record<string, string>>
export type AnyDocument = Readonly<Record<string, string | FieldRecord | readonly FieldRecord[]>>
