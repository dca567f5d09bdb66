/**
 * What the office says, in a single reply or notice, and how that becomes a document: replies repeat
 * the key of the document and never its guid (202205 replies); a notice is filled field by field
 * from what is known of the document and of what it tells.
 */
import { headOf } from '../catalogue/index.ts'
import type {
  AnyDocument,
  FieldRecord,
  Group,
  Message,
  Notice,
  Reply,
} from '../catalogue/message.ts'
import type { Ending, Filed } from './filed.ts'

interface Said {
  readonly filed: Filed
  readonly status: string
  /** Official time in milliseconds, and as the message says it. */
  readonly at: number
  readonly time: string
  readonly way: Ending
}

/** A single reply, its content fixed when it was planned. */
export interface SaidReply extends Said {
  readonly kind: 'reply'
  readonly entry: Reply
  readonly info: string
  readonly given: Readonly<Record<string, string>>
}

export interface SaidNotice extends Said {
  readonly kind: 'notice'
  readonly entry: Notice
  /** Values by field, beside those kept of the document. */
  readonly values: () => FieldRecord
  /** Its lines; undefined for a notice that has none this time. */
  readonly lines: (() => readonly FieldRecord[]) | undefined
}

export type Saying = SaidReply | SaidNotice

/** The way it was on ended before it was due. */
export const isOver = ({ at, way }: Saying): boolean => at > way.endsAt

export const documentOf = (saying: Saying, guid: string): AnyDocument =>
  saying.kind === 'reply' ? replyDocument(saying, guid) : noticeDocument(saying, guid)

const replyDocument = (reply: SaidReply, guid: string): FieldRecord => {
  const { filed, given } = reply
  const { code, time, info } = reply.entry.status
  const { blank, echoed } = filed.traits
  const record: Record<string, string> = {}
  for (const name of blank) record[name] = ''
  for (const name of echoed) {
    const value = filed.facts[name]
    if (value !== undefined) record[name] = value
  }
  for (const name in given) record[name] = given[name] ?? ''
  record.guid = guid
  record[code] = reply.status
  record[time] = reply.time
  record[info] = reply.info
  return record
}

const noticeDocument = (notice: SaidNotice, guid: string): AnyDocument => {
  const { entry, filed, status, time, lines } = notice
  const head = headOf(entry)
  const values: FieldRecord = {
    ...filed.facts,
    ...filed.given,
    ...notice.values(),
    ...{ guid, [entry.status.code]: status, [entry.status.time]: time },
  }
  const record = inOrder(entry, values)
  for (const [name, field] of Object.entries(head.fields))
    if (field.required && record[name] === undefined) record[name] = ''
  const group = lineGroup(entry)
  const list = lines === undefined || group === undefined ? {} : { [group]: lines() }
  return head.group === undefined ? record : { [head.group]: record, ...list }
}

/** Name of the group that holds lines; undefined for a notice that never has any. */
export const lineGroup = (entry: Notice): string | undefined =>
  'fields' in entry.body ? undefined : Object.keys(entry.body.groups)[1]

/** Names of the fields of those lines. */
export const lineFields = (entry: Notice): readonly string[] => {
  const name = lineGroup(entry)
  const groups: Readonly<Record<string, Group>> = 'fields' in entry.body ? {} : entry.body.groups
  return Object.keys(groups[name ?? '']?.fields ?? {})
}

/** Fields of the head in wire order, out of a record that may hold others too. */
export const inOrder = (entry: Message, values: FieldRecord): Record<string, string> => {
  const record: Record<string, string> = {}
  for (const name of Object.keys(headOf(entry).fields)) {
    const value = values[name]
    if (value !== undefined) record[name] = value
  }
  return record
}
