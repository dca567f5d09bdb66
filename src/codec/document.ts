/**
 * Looking into a document without knowing its message: its head, its lines, its key, and the parts
 * of it that name a person. Splitting and joining are inverse, so that the personal part can be
 * stored encrypted and apart from the rest.
 */
import type { AnyDocument, Entry, FieldRecord } from '../catalogue/message.ts'
import { at } from '../kernel/fault.ts'
import { type GroupShape, perEntry, shapeOf } from './shape.ts'

export interface Split {
  /** The document without its sensitive fields. */
  readonly plain: AnyDocument
  /** JSON Pointer into the document to value. */
  readonly sensitive: Readonly<Record<string, string>>
}

const nothing: FieldRecord = Object.freeze({})

/** The record that carries the key: the first group, or the node itself when it has none. */
export const headOfDocument = (entry: Entry, document: AnyDocument): FieldRecord => {
  const { name } = shapeOf(entry).head
  if (name === undefined) return document as FieldRecord
  const head = document[name]
  return isRecord(head) ? head : nothing
}

/** The document with these values in its head. */
export const withHead = (entry: Entry, document: AnyDocument, values: FieldRecord): AnyDocument => {
  const { name } = shapeOf(entry).head
  const head = { ...headOfDocument(entry, document), ...values }
  return name === undefined ? head : { ...document, [name]: head }
}

/** Records of a group in wire order; a group of at most one gives a list of at most one. */
export const linesOf = (
  entry: Entry,
  document: AnyDocument,
  group: string,
): readonly FieldRecord[] => {
  if (!shapeOf(entry).byName.has(group)) throw new Error(`${entry.code} has no group ${group}`)
  const found = document[group]
  if (found === undefined || typeof found === 'string') return []
  return isRecord(found) ? [found] : found
}

/** Values of the entry's key fields, the number first; takes a document or its head alone. */
export const keyOf = (entry: Entry, document: AnyDocument): string[] => {
  const { name } = shapeOf(entry).head
  const head = name !== undefined && name in document ? headOfDocument(entry, document) : document
  return entry.key.map((field) => {
    const value = head[field]
    return typeof value === 'string' ? value : ''
  })
}

/** Takes the fields that lead to a person out of a checked document. */
export const splitSensitive = (entry: Entry, document: AnyDocument): Split => {
  const sensitive: Record<string, string> = {}
  const plain = mapRecords(entry, document, (group, record, pointer) =>
    secretNames(entry).has(group.name ?? '')
      ? withoutSecrets(group, record, pointer, sensitive)
      : record,
  )
  return { plain, sensitive }
}

/** Puts them back: what `splitSensitive` took apart, in wire order again. */
export const joinSensitive = (
  entry: Entry,
  plain: AnyDocument,
  sensitive: Readonly<Record<string, string>>,
): AnyDocument =>
  mapRecords(entry, plain, (group, record, pointer) =>
    secretNames(entry).has(group.name ?? '')
      ? withSecrets(group, record, pointer, sensitive)
      : record,
  )

const isRecord = (value: unknown): value is FieldRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Names of the groups that hold sensitive fields, '' for a flat node. */
const secretNames: (entry: Entry) => ReadonlySet<string> = perEntry(
  (entry) =>
    new Set(
      shapeOf(entry)
        .groups.filter((group) => group.fields.some(({ field }) => field.sensitive === true))
        .map((group) => group.name ?? ''),
    ),
)

const mapRecords = (
  entry: Entry,
  document: AnyDocument,
  change: (group: GroupShape, record: FieldRecord, pointer: string) => FieldRecord,
): AnyDocument => {
  const shape = shapeOf(entry)
  if (shape.flat) return change(shape.head, document as FieldRecord, '')
  const result: Record<string, string | FieldRecord | readonly FieldRecord[]> = {}
  for (const group of shape.groups) {
    const name = group.name ?? ''
    const value = document[name]
    if (value === undefined) continue
    if (typeof value === 'string') result[name] = value
    else if (isRecord(value)) result[name] = change(group, value, at('', name))
    else result[name] = value.map((record, i) => change(group, record, at(at('', name), i)))
  }
  return result
}

const withoutSecrets = (
  group: GroupShape,
  record: FieldRecord,
  pointer: string,
  sensitive: Record<string, string>,
): FieldRecord => {
  const plain: Record<string, string> = {}
  for (const { name, field } of group.fields) {
    const value = record[name]
    if (value === undefined) continue
    if (field.sensitive === true) sensitive[at(pointer, name)] = value
    else plain[name] = value
  }
  return plain
}

const withSecrets = (
  group: GroupShape,
  record: FieldRecord,
  pointer: string,
  sensitive: Readonly<Record<string, string>>,
): FieldRecord => {
  const whole: Record<string, string> = {}
  for (const { name, field } of group.fields) {
    const value = field.sensitive === true ? sensitive[at(pointer, name)] : record[name]
    if (value !== undefined) whole[name] = value
  }
  return whole
}
