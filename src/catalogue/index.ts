/**
 * The explicit list of all messages we speak; every set ("all declarations") is derived from it.
 * A new message is one file in `messages/` and one line here.
 */
import { checkCatalogue } from './integrity.ts'
import type { Declaration, Fields, FormatReply, Group, Message, Reply } from './message.ts'
import { formatReply } from './messages/format-reply.ts'
import { importList } from './messages/import-list.ts'
import { importListReply } from './messages/import-list-reply.ts'
import { order } from './messages/order.ts'
import { orderReply } from './messages/order-reply.ts'
import { payment } from './messages/payment.ts'
import { paymentReply } from './messages/payment-reply.ts'
import { waybill } from './messages/waybill.ts'
import { waybillReply } from './messages/waybill-reply.ts'

export const messages = [
  order,
  orderReply,
  payment,
  paymentReply,
  waybill,
  waybillReply,
  importList,
  importListReply,
  formatReply,
] as const satisfies readonly Message[]

checkCatalogue(messages)

const all: readonly Message[] = messages

const byCode: ReadonlyMap<string, Message> = new Map(all.map((entry) => [entry.code, entry]))

/** The entry of a code like `CEB311`; undefined for a code we do not speak. */
export const findMessage = (code: string): Message | undefined => byCode.get(code)

const isDeclaration = (entry: Message): entry is Declaration => entry.sort === 'declaration'
const isReply = (entry: Message): entry is Reply => entry.sort === 'reply'
const isFormatReply = (entry: Message): entry is FormatReply => entry.sort === 'format-reply'

export const declarations: readonly Declaration[] = all.filter(isDeclaration)
export const replies: readonly Reply[] = all.filter(isReply)
export const formatReplies: readonly FormatReply[] = all.filter(isFormatReply)

export const findDeclaration = (code: string): Declaration | undefined =>
  declarations.find((entry) => entry.code === code)

/** A declaration that must exist, because its code was stored by us. */
export const getDeclaration = (code: string): Declaration => {
  const found = findDeclaration(code)
  if (found === undefined) throw new Error(`no declaration ${code} in the catalogue`)
  return found
}

export const rootOf = (entry: { readonly code: string }): string => `${entry.code}Message`

/** Name and fields of the group that carries the key: the first one, or none for a flat node. */
export const headOf = (
  entry: Message,
): { readonly group: string | undefined; readonly fields: Fields } => {
  if ('fields' in entry.body) return { group: undefined, fields: entry.body.fields }
  const [first] = Object.entries<Group>(entry.body.groups)
  if (first === undefined) throw new Error(`${entry.code} has no group`)
  return { group: first[0], fields: first[1].fields }
}
