/**
 * The explicit list of all messages we speak; every set ("all declarations") is derived from it.
 * A new message is one file in `messages/` and one line here.
 */
import { checkCatalogue } from './integrity.ts'
import type {
  Act,
  Declaration,
  Entry,
  Fields,
  FormatReply,
  Group,
  Message,
  Notice,
  Reply,
} from './message.ts'
import { arrival } from './messages/arrival.ts'
import { arrivalReply } from './messages/arrival-reply.ts'
import { departure } from './messages/departure.ts'
import { departureReply } from './messages/departure-reply.ts'
import { exportCancellation } from './messages/export-cancellation.ts'
import { exportCancellationReply } from './messages/export-cancellation-reply.ts'
import { exportList } from './messages/export-list.ts'
import { exportListReply } from './messages/export-list-reply.ts'
import { exportOrder } from './messages/export-order.ts'
import { exportOrderReply } from './messages/export-order-reply.ts'
import { exportReturn } from './messages/export-return.ts'
import { exportReturnReply } from './messages/export-return-reply.ts'
import { exportWaybill } from './messages/export-waybill.ts'
import { exportWaybillReply } from './messages/export-waybill-reply.ts'
import { formatReply } from './messages/format-reply.ts'
import { importCancellation } from './messages/import-cancellation.ts'
import { importCancellationReply } from './messages/import-cancellation-reply.ts'
import { importList } from './messages/import-list.ts'
import { importListReply } from './messages/import-list-reply.ts'
import { importReturn } from './messages/import-return.ts'
import { importReturnReply } from './messages/import-return-reply.ts'
import { masterNote } from './messages/master-note.ts'
import { masterNoteReply } from './messages/master-note-reply.ts'
import { order } from './messages/order.ts'
import { orderReply } from './messages/order-reply.ts'
import { payment } from './messages/payment.ts'
import { paymentReply } from './messages/payment-reply.ts'
import { receipt } from './messages/receipt.ts'
import { receiptReply } from './messages/receipt-reply.ts'
import { returnTally } from './messages/return-tally.ts'
import { returnTallyReply } from './messages/return-tally-reply.ts'
import { siteEntry } from './messages/site-entry.ts'
import { siteEntryReply } from './messages/site-entry-reply.ts'
import { summary } from './messages/summary.ts'
import { summaryReply } from './messages/summary-reply.ts'
import { summaryResult } from './messages/summary-result.ts'
import { taxBill } from './messages/tax-bill.ts'
import { taxBillStatus } from './messages/tax-bill-status.ts'
import { waybill } from './messages/waybill.ts'
import { waybillReply } from './messages/waybill-reply.ts'
import { waybillStatus } from './messages/waybill-status.ts'
import { waybillStatusReply } from './messages/waybill-status-reply.ts'

export const messages = [
  exportOrder,
  exportOrderReply,
  receipt,
  receiptReply,
  exportWaybill,
  exportWaybillReply,
  arrival,
  arrivalReply,
  departure,
  departureReply,
  exportList,
  exportListReply,
  exportCancellation,
  exportCancellationReply,
  masterNote,
  masterNoteReply,
  summary,
  summaryReply,
  summaryResult,
  exportReturn,
  exportReturnReply,
  returnTally,
  returnTallyReply,
  order,
  orderReply,
  payment,
  paymentReply,
  waybill,
  waybillReply,
  waybillStatus,
  waybillStatusReply,
  importList,
  importListReply,
  importCancellation,
  importCancellationReply,
  importReturn,
  importReturnReply,
  siteEntry,
  siteEntryReply,
  taxBill,
  taxBillStatus,
  formatReply,
] as const satisfies readonly Message[]

checkCatalogue(messages)

const all: readonly Message[] = messages

const byCode: ReadonlyMap<string, Message> = new Map(all.map((entry) => [entry.code, entry]))

/** The entry of a code like `CEB311`; undefined for a code we do not speak. */
export const findMessage = (code: string): Message | undefined => byCode.get(code)

const isDeclaration = (entry: Message): entry is Declaration => entry.sort === 'declaration'
const isReply = (entry: Message): entry is Reply => entry.sort === 'reply'
const isNotice = (entry: Message): entry is Notice => entry.sort === 'notice'
const isFormatReply = (entry: Message): entry is FormatReply => entry.sort === 'format-reply'

export const declarations: readonly Declaration[] = all.filter(isDeclaration)
export const replies: readonly Reply[] = all.filter(isReply)
export const notices: readonly Notice[] = all.filter(isNotice)
export const formatReplies: readonly FormatReply[] = all.filter(isFormatReply)

/** Kinds that are placed in a zone: those that count in the trade totals. */
export const placedKinds: ReadonlySet<string> = new Set(
  declarations.filter(({ trade }) => trade !== undefined).map(({ code }) => code),
)

export const findDeclaration = (code: string): Declaration | undefined =>
  declarations.find((entry) => entry.code === code)

/** A declaration that must exist, because its code was stored by us. */
export const getDeclaration = (code: string): Declaration => {
  const found = findDeclaration(code)
  if (found === undefined) throw new Error(`no declaration ${code} in the catalogue`)
  return found
}

/** The declaration that does this to documents of that kind, `CEB623` for cancelling `CEB621`. */
export const findAct = (on: string, verb: Act['verb']): Declaration | undefined =>
  declarations.find((entry) => entry.acts?.on === on && entry.acts.verb === verb)

export const rootOf = (entry: { readonly code: string }): string => `${entry.code}Message`

/** Name and fields of the group that carries the key: the first one, or none for a flat node. */
export const headOf = (
  entry: Entry,
): { readonly group: string | undefined; readonly fields: Fields } => {
  if ('fields' in entry.body) return { group: undefined, fields: entry.body.fields }
  const [first] = Object.entries<Group>(entry.body.groups)
  if (first === undefined) throw new Error(`${entry.code} has no group`)
  return { group: first[0], fields: first[1].fields }
}

/** Kinds of a consignment in its order: what its list waits for, then the list itself. */
export const consignmentOf = (list: Declaration): readonly Declaration[] => [
  ...(list.needs ?? [])
    .filter(({ until }) => until === undefined)
    .flatMap(({ part }) => declarations.find(({ offers }) => offers?.part === part) ?? []),
  list,
]

/** The lists that count in the totals and wait for their companions, one for each direction. */
export const listOf = (direction: Declaration['direction']): Declaration => {
  const found = declarations.find(
    (entry) =>
      entry.direction === direction && entry.trade !== undefined && entry.needs !== undefined,
  )
  if (found === undefined) throw new Error(`no list waits for companions on ${direction}`)
  return found
}
