/**
 * The quick reader. It takes messages of the regular kind, which customs and nearly every sender
 * produce: elements in the order of the standard under one prefix, plain text or the five entities,
 * no CDATA, comments or instructions inside. The catalogue tells it which tag to expect next, so it
 * compares instead of parsing. Whatever is not as expected, right or wrong, it leaves alone and the
 * thorough reader decides; it never finds a fault in a document itself.
 */
import type { AnyDocument, FieldRecord, Message } from '../catalogue/message.ts'
import { XML_DEPTH_MAX } from '../kernel/limits.ts'
import { skipBlanks, trimBlanks } from './blanks.ts'
import { CEB_NAMESPACE, SIGNATURE_NAMESPACE } from './envelope.ts'
import { frameFaults, messageFaults, trailerFaults } from './frame.ts'
import { type GroupShape, type Shape, shapeOf } from './shape.ts'
import { trailerShape } from './trailer.ts'
import type { ReadDocument, ReadMessage } from './types.ts'
import { decodeReferences } from './xml-text.ts'

/** The message, or undefined when the thorough reader has to look. `text` is `decodeXml`'s. */
export const scanMessage = (
  text: string,
  find: (code: string) => Message | undefined,
): ReadMessage | undefined => {
  const root = scanStartTag(text, skipBlanks(text, 0))
  const entry = root === undefined ? undefined : find(codeOf(root.local))
  if (root === undefined || entry === undefined || root.isEmpty) return undefined
  if (!isBusinessScope(root)) return undefined
  const plan = planOf(entry, root.prefix)
  const cursor: Cursor = { text, at: root.end, scope: root.namespaces }
  return scanParts(plan, root, cursor)
}

/** Where the scan stands; `at` is only moved past what was understood. */
interface Cursor {
  readonly text: string
  readonly scope: ReadonlyMap<string, string>
  at: number
}

const codeOf = (local: string): string =>
  local.endsWith('Message') ? local.slice(0, -'Message'.length) : ''

/** Either all in our namespace by the root's prefix, or without any namespace at all. */
const isBusinessScope = ({ prefix, namespaces }: StartTag): boolean => {
  const uri = namespaces.get(prefix)
  return uri === CEB_NAMESPACE || (uri === undefined && prefix === '')
}

// ---- tags prepared for an entry and a prefix ----------------------------------------------------

interface Tags {
  readonly open: string
  readonly close: string
  /** `<x/>`. */
  readonly empty: string
}

interface FieldTags extends Tags {
  readonly name: string
  readonly raw: boolean
}

interface RecordTags extends Tags {
  readonly name: string | undefined
  readonly single: boolean
  readonly fields: readonly FieldTags[]
}

interface ScanPlan {
  readonly shape: Shape
  readonly node: Tags
  readonly groups: readonly RecordTags[]
  readonly transfer: RecordTags
  readonly subscriber: RecordTags
  readonly rootClose: string
}

const planOf = (entry: Message, prefix: string): ScanPlan => {
  // Only the two usual prefixes are remembered; a stranger's choice must not fill the memory.
  if (prefix !== '' && prefix !== 'ceb') return makePlan(entry, prefix)
  return (prefix === '' ? barePlans : cebPlans)(entry)
}

const makePlan = (entry: Message, prefix: string): ScanPlan => {
  const shape = shapeOf(entry)
  const node = tagsOf(prefix, entry.node)
  const trailer = (name: 'BaseTransfer' | 'BaseSubscribe'): RecordTags =>
    recordTags(prefix, trailerShape(entry, name), name)
  return {
    shape,
    node,
    groups: shape.groups.map((group) => recordTags(prefix, group, group.name ?? entry.node)),
    transfer: trailer('BaseTransfer'),
    subscriber: trailer('BaseSubscribe'),
    rootClose: tagsOf(prefix, shape.root).close,
  }
}

const barePlans = memory('')
const cebPlans = memory('ceb')

function memory(prefix: string): (entry: Message) => ScanPlan {
  const made = new WeakMap<Message, ScanPlan>()
  return (entry) => {
    const known = made.get(entry) ?? makePlan(entry, prefix)
    made.set(entry, known)
    return known
  }
}

const tagsOf = (prefix: string, name: string): Tags => {
  const qualified = prefix === '' ? name : `${prefix}:${name}`
  return { open: `<${qualified}>`, close: `</${qualified}>`, empty: `<${qualified}/>` }
}

const recordTags = (prefix: string, group: GroupShape, element: string): RecordTags => ({
  ...tagsOf(prefix, element),
  name: group.name,
  single: group.single,
  fields: group.fields.map(({ name, field }) => ({
    ...tagsOf(prefix, name),
    name,
    raw: field.raw === true,
  })),
})

// ---- the message --------------------------------------------------------------------------------

const scanParts = (plan: ScanPlan, root: StartTag, cursor: Cursor): ReadMessage | undefined => {
  const { entry, hasTrailer } = plan.shape
  const documents: ReadDocument[] = []
  let count = 0
  while (startsWith(cursor, plan.node.open)) {
    const document = scanDocument(plan, cursor)
    if (document === undefined) return undefined
    count += 1
    if (count <= entry.nodeMax) documents.push({ document, faults: noFaults })
  }
  const transfer = hasTrailer ? scanOptional(plan.transfer, cursor) : undefined
  const subscribers = hasTrailer ? scanRecords(plan.subscriber, cursor) : []
  const signed = hasTrailer && scanSignature(cursor)
  if (subscribers === undefined || !startsWith(cursor, plan.rootClose)) return undefined
  const end = skipBlanks(cursor.text, cursor.at + plan.rootClose.length)
  if (end !== cursor.text.length) return undefined
  return {
    entry,
    guid: trimBlanks(root.attributes.get('guid') ?? ''),
    documents,
    transfer,
    subscribers,
    signed,
    faults: [
      ...frameFaults(entry, root.attributes),
      ...messageFaults(entry, count, subscribers.length, transfer),
      ...trailerFaults(entry, transfer, subscribers),
    ],
  }
}

const noFaults = Object.freeze([])

/** Skips blanks, then tells whether `tag` stands there. */
const startsWith = (cursor: Cursor, tag: string): boolean => {
  cursor.at = skipBlanks(cursor.text, cursor.at)
  return cursor.text.startsWith(tag, cursor.at)
}

const scanDocument = (plan: ScanPlan, cursor: Cursor): AnyDocument | undefined => {
  if (plan.shape.flat) {
    const [only] = plan.groups
    return only === undefined ? undefined : scanRecord(only, cursor)
  }
  cursor.at += plan.node.open.length
  const document: Record<string, FieldRecord | readonly FieldRecord[]> = {}
  for (const group of plan.groups) {
    const records = scanRecords(group, cursor)
    if (records === undefined) return undefined
    const [first] = records
    if (first === undefined) continue
    // A second record of a single group is a fault, and faults are not told here.
    if (group.single && records.length > 1) return undefined
    document[group.name ?? ''] = group.single ? first : records
  }
  if (!startsWith(cursor, plan.node.close)) return undefined
  cursor.at += plan.node.close.length
  return document
}

const scanOptional = (tags: RecordTags, cursor: Cursor): FieldRecord | undefined =>
  startsWith(cursor, tags.open) ? scanRecord(tags, cursor) : undefined

const scanRecords = (tags: RecordTags, cursor: Cursor): readonly FieldRecord[] | undefined => {
  const records: FieldRecord[] = []
  while (startsWith(cursor, tags.open)) {
    const record = scanRecord(tags, cursor)
    if (record === undefined) return undefined
    records.push(record)
  }
  return records
}

/** At the start tag of a record; leaves the cursor behind its end tag. */
const scanRecord = (tags: RecordTags, cursor: Cursor): FieldRecord | undefined => {
  const { text } = cursor
  const { fields } = tags
  const record: Record<string, string> = {}
  let at = skipBlanks(text, cursor.at + tags.open.length)
  for (let i = 0; i < fields.length; i += 1) {
    const field = fields[i] as FieldTags
    if (text.startsWith(field.open, at)) {
      const start = at + field.open.length
      const end = text.indexOf('<', start)
      if (end < 0 || !text.startsWith(field.close, end)) return undefined
      const value = valueFrom(text.slice(start, end), field.raw)
      if (value === undefined) return undefined
      record[field.name] = value
      at = skipBlanks(text, end + field.close.length)
    } else if (text.startsWith(field.empty, at)) {
      record[field.name] = ''
      at = skipBlanks(text, at + field.empty.length)
    }
  }
  if (!text.startsWith(tags.close, at)) return undefined
  cursor.at = at + tags.close.length
  return record
}

const valueFrom = (source: string, raw: boolean): string | undefined => {
  // `]]>` may not stand in text; the thorough reader refuses it.
  if (source.includes('>')) return undefined
  const decoded = decodeReferences(source)
  if (typeof decoded !== 'string') return undefined
  return raw ? decoded : trimBlanks(decoded)
}

// ---- the signature, read over -------------------------------------------------------------------

interface StartTag {
  readonly prefix: string
  readonly local: string
  /** Without namespace declarations. */
  readonly attributes: ReadonlyMap<string, string>
  /** Declared on this very tag, prefix to URI; '' is the default. */
  readonly namespaces: ReadonlyMap<string, string>
  readonly isEmpty: boolean
  /** Behind the tag. */
  readonly end: number
}

/** Names of letters, digits and `_-.` only; others are for the thorough reader. */
const NAME = /<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)/y
const ATTRIBUTE = new RegExp(
  /[ \t\n]+((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)[ \t\n]*=[ \t\n]*/.source +
    /(?:"([^"<&\t\n]*)"|'([^'<&\t\n]*)')/.source,
  'y',
)
const TAG_END = /[ \t\n]*(\/?)>/y

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

const scanStartTag = (text: string, at: number): StartTag | undefined => {
  const name = match(NAME, text, at)
  if (name === null) return undefined
  const attributes = new Map<string, string>()
  const namespaces = new Map<string, string>()
  let end = NAME.lastIndex
  for (;;) {
    const found = match(ATTRIBUTE, text, end)
    if (found === null) break
    end = ATTRIBUTE.lastIndex
    const key = found[1] ?? ''
    const value = found[2] ?? found[3] ?? ''
    const prefix = key === 'xmlns' ? '' : key.startsWith('xmlns:') ? key.slice(6) : undefined
    // Repeated attributes, prefixed ones and odd declarations are for the thorough reader.
    if (prefix === undefined) {
      if (key.includes(':') || attributes.has(key)) return undefined
      attributes.set(key, value)
    } else if (value === '' || /^xml/.test(prefix) || namespaces.has(prefix)) return undefined
    else namespaces.set(prefix, value)
  }
  const close = match(TAG_END, text, end)
  if (close === null) return undefined
  return {
    prefix: name[1] ?? '',
    local: name[2] ?? '',
    attributes,
    namespaces,
    isEmpty: close[1] === '/',
    end: TAG_END.lastIndex,
  }
}

/** True when a whole signature stands at the cursor, which then stands behind it. */
const scanSignature = (cursor: Cursor): boolean => {
  const { text } = cursor
  const first = scanStartTag(text, skipBlanks(text, cursor.at))
  if (first?.local !== 'Signature' || first.isEmpty) return false
  const uri = first.namespaces.get(first.prefix) ?? cursor.scope.get(first.prefix)
  if (uri !== SIGNATURE_NAMESPACE) return false
  const end = behindElement(text, first)
  if (end === undefined) return false
  cursor.at = end
  return true
}

/** Behind the end tag of `first`, which holds elements under the same prefix and plain text. */
const behindElement = (text: string, first: StartTag): number | undefined => {
  const prefix = first.prefix === '' ? '' : `${first.prefix}:`
  const open: string[] = [prefix + first.local]
  let at = first.end
  while (open.length > 0) {
    const next = text.indexOf('<', at)
    if (next < 0 || !isQuietText(text, at, next)) return undefined
    if (text.startsWith('</', next)) {
      const tag = `${open.pop()}>`
      if (!text.startsWith(tag, next + 2)) return undefined
      at = next + 2 + tag.length
      continue
    }
    const child = scanStartTag(text, next)
    if (child === undefined || child.prefix !== first.prefix || child.namespaces.size > 0)
      return undefined
    if (!child.isEmpty) open.push(prefix + child.local)
    // The root and the signature itself are above these.
    if (open.length + 1 > XML_DEPTH_MAX) return undefined
    at = child.end
  }
  return at
}

const isQuietText = (text: string, from: number, to: number): boolean => {
  for (let i = from; i < to; i += 1) {
    const code = text.charCodeAt(i)
    if (code === 38 || code === 62) return false
  }
  return true
}
