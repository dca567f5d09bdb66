/**
 * A tree of elements read as a message: the thorough reader, which names everything that stands
 * where it should not (unknown, repeated, misplaced, attributes, stray text) by document and JSON
 * Pointer, and still takes what is there. What a declaration must not have is an error; in a
 * message from customs an addition or another order is a warning, because the status must get home.
 */
import type { AnyDocument, FieldRecord, Message } from '../catalogue/message.ts'
import { at, type Fault } from '../kernel/fault.ts'
import { FAULTS_PER_DOCUMENT_MAX, WARNINGS_PER_DOCUMENT_MAX } from '../kernel/limits.ts'
import { trimBlanks } from './blanks.ts'
import { CEB_NAMESPACE, EXTENSION_ZH, SIGNATURE_NAMESPACE } from './envelope.ts'
import { frameFaults, messageFaults, trailerFaults } from './frame.ts'
import { nearestName } from './nearest.ts'
import { label } from './rule.ts'
import { type GroupShape, type Shape, shapeOf } from './shape.ts'
import { faultOf, type Subject, type What } from './texts.ts'
import { trailerShapesOf } from './trailer.ts'
import type { ReadDocument, ReadMessage, ReadResult } from './types.ts'
import { xmlFault } from './xml-faults.ts'
import type { XmlElement } from './xml-tree.ts'

/** Never throws; the root decides which entry it is. */
export const readTree = (
  root: XmlElement,
  find: (code: string) => Message | undefined,
): ReadResult => {
  const code = /^(.+)Message$/.exec(root.local)?.[1] ?? ''
  const entry = find(code)
  if (root.uri !== CEB_NAMESPACE && root.uri !== '') return unreadable('NAMESPACE')
  if (entry === undefined) return unreadable('UNKNOWN_MESSAGE')
  if (!sharesNamespace(root, root.uri)) return unreadable('NAMESPACE')
  return { kind: 'message', message: readRoot(entry, root) }
}

const unreadable = (what: 'NAMESPACE' | 'UNKNOWN_MESSAGE'): ReadResult => ({
  kind: 'unreadable',
  faults: [xmlFault(what)],
})

/** Business elements share a namespace; a signature and foreign extensions have their own. */
const sharesNamespace = (element: XmlElement, uri: string): boolean =>
  element.children.every(
    (child) =>
      isSignature(child) ||
      (child.uri === uri && (child.local === 'ExtendMessage' || sharesNamespace(child, uri))),
  )

const isSignature = (element: XmlElement): boolean =>
  element.local === 'Signature' && element.uri === SIGNATURE_NAMESPACE

// ---- faults -------------------------------------------------------------------------------------

/** Collects the faults of one document or of the message around them. */
interface Notes {
  readonly code: string
  /** Comes from customs: what is merely more or elsewhere is a warning. */
  readonly received: boolean
  readonly faults: Fault[]
  /** Counted apart, so that no number of warnings hides an error. */
  readonly counts: Record<Fault['severity'], number>
}

const notesOf = ({ code, sort }: Message, faults: readonly Fault[] = []): Notes => ({
  code,
  received: sort !== 'declaration',
  faults: [...faults],
  counts: { error: 0, warning: 0 },
})

const tolerated: ReadonlySet<What> = new Set<What>(['UNKNOWN', 'MISPLACED', 'ATTRIBUTE'])

const NOTES_MAX: Readonly<Record<Fault['severity'], number>> = {
  error: FAULTS_PER_DOCUMENT_MAX,
  warning: WARNINGS_PER_DOCUMENT_MAX,
}

const severityOf = (notes: Notes, what: What): Fault['severity'] =>
  notes.received && tolerated.has(what) ? 'warning' : 'error'

const isFull = ({ counts }: Notes, severity: Fault['severity']): boolean =>
  counts[severity] >= NOTES_MAX[severity]

const note = (
  notes: Notes,
  what: What,
  name: string,
  pointer: string,
  subject: Subject,
  severity = severityOf(notes, what),
): void => {
  if (isFull(notes, severity)) return
  notes.counts[severity] += 1
  notes.faults.push(faultOf(what, `${notes.code}-${name}`, pointer, subject, severity))
}

const noteUnknown = (
  notes: Notes,
  owner: { readonly name: string; readonly zh: string; readonly known: readonly string[] },
  child: string,
  pointer: string,
): void => {
  // Before the search for the nearest name: a million unknown elements must stay cheap.
  if (isFull(notes, severityOf(notes, 'UNKNOWN'))) return
  const near = nearestName(child, owner.known)
  const subject = { label: label(owner.name, owner.zh) }
  const named = near === undefined ? subject : { ...subject, near }
  note(notes, 'UNKNOWN', owner.name, at(pointer, child), named)
}

const noteFrame = (notes: Notes, element: XmlElement, pointer: string, zh: string): void => {
  const subject = { label: label(element.local, zh) }
  if (trimBlanks(element.text) !== '') note(notes, 'STRAY_TEXT', element.local, pointer, subject)
  noteAttributes(notes, element, pointer, zh)
}

const noteAttributes = (notes: Notes, element: XmlElement, pointer: string, zh: string): void => {
  for (const name of element.attributes.keys())
    note(notes, 'ATTRIBUTE', element.local, at(pointer, `@${name}`), {
      label: label(element.local, zh),
    })
}

// ---- the message --------------------------------------------------------------------------------

const readRoot = (entry: Message, root: XmlElement): ReadMessage => {
  const shape = shapeOf(entry)
  const notes = notesOf(entry, frameFaults(entry, root.attributes))
  if (trimBlanks(root.text) !== '')
    note(notes, 'STRAY_TEXT', shape.root, '', { label: label(shape.root, entry.zh) })
  const parts = partsOf(shape, root, notes)
  notes.faults.push(...messageFaults(entry, parts.count, parts.subscribers.length, parts.transfer))
  notes.faults.push(...trailerFaults(entry, parts.transfer, parts.subscribers))
  return {
    entry,
    guid: trimBlanks(root.attributes.get('guid') ?? ''),
    documents: parts.documents,
    transfer: parts.transfer,
    subscribers: parts.subscribers,
    signed: parts.signed,
    faults: notes.faults,
  }
}

interface Parts {
  readonly documents: ReadDocument[]
  readonly subscribers: FieldRecord[]
  count: number
  transfer: FieldRecord | undefined
  signed: boolean
}

/** Places of the parts in wire order; on export the signature stands before the extension. */
const placesOf = (shape: Shape): readonly string[] => [
  shape.entry.node,
  ...(shape.hasTrailer ? ['BaseTransfer', 'BaseSubscribe'] : []),
  ...(shape.hasTrailer
    ? shape.entry.direction === 'export'
      ? ['Signature', 'ExtendMessage']
      : ['ExtendMessage', 'Signature']
    : []),
]

const partsOf = (shape: Shape, root: XmlElement, notes: Notes): Parts => {
  const places = placesOf(shape)
  const parts: Parts = {
    documents: [],
    subscribers: [],
    count: 0,
    transfer: undefined,
    signed: false,
  }
  const seen = new Set<string>()
  let furthest = 0
  for (const child of root.children) {
    const name = isSignature(child) || child.local !== 'Signature' ? child.local : '?'
    const place = places.indexOf(name)
    if (isSignature(child)) parts.signed = true
    if (place < 0) {
      const known = { name: shape.root, zh: shape.entry.zh, known: places }
      noteUnknown(notes, known, child.local, '')
      continue
    }
    noteOrder(notes, shape, name, place, furthest, seen)
    readPart(shape, child, parts, notes, seen.has(name))
    furthest = Math.max(furthest, place)
    seen.add(name)
  }
  return parts
}

const noteOrder = (
  notes: Notes,
  shape: Shape,
  name: string,
  place: number,
  furthest: number,
  seen: ReadonlySet<string>,
): void => {
  const subject = { label: label(name, zhOf(shape, name)) }
  const pointer = at('', name)
  if (place < furthest && !(name === 'BaseTransfer' && seen.has(name)))
    note(notes, 'MISPLACED', name, pointer, subject)
  if (!seen.has(name) || name === shape.entry.node || name === 'BaseSubscribe') return
  // Several official samples carry BaseTransfer twice: taken, and told.
  const severity = name === 'BaseTransfer' ? 'warning' : 'error'
  note(notes, 'REPEATED', name, pointer, subject, severity)
}

const zhOf = (shape: Shape, name: string): string => {
  if (name === shape.entry.node) return shape.entry.zh
  if (name === 'Signature') return '签名'
  return trailerShapesOf(shape.entry).get(name)?.zh ?? EXTENSION_ZH
}

const readPart = (
  shape: Shape,
  child: XmlElement,
  parts: Parts,
  notes: Notes,
  again: boolean,
): void => {
  const trailer = trailerShapesOf(shape.entry).get(child.local)
  if (child.local === shape.entry.node) {
    parts.count += 1
    // A message over its cap is refused as a whole; keeping more would only cost memory.
    if (parts.count <= shape.entry.nodeMax) parts.documents.push(readDocument(shape, child))
  } else if (trailer !== undefined && !(again && trailer.single)) {
    const record = readRecord(notes, trailer, child, at('', child.local))
    if (trailer.single) parts.transfer = record
    else parts.subscribers.push(record)
  } else if (child.local === 'ExtendMessage' && !again) noteExtension(notes, child)
}

/** Told, because nothing of it goes on. */
const noteExtension = (notes: Notes, child: XmlElement): void => {
  const { local } = child
  const subject = { label: label(local, EXTENSION_ZH) }
  note(notes, 'NOT_KEPT', local, at('', local), subject, 'warning')
}

// ---- one document -------------------------------------------------------------------------------

const readDocument = (shape: Shape, node: XmlElement): ReadDocument => {
  const { entry } = shape
  const notes = notesOf(entry)
  const document = shape.flat
    ? readRecord(notes, shape.head, node, '')
    : readGroups(notes, shape, node)
  return { document, faults: notes.faults }
}

const readGroups = (notes: Notes, shape: Shape, node: XmlElement): AnyDocument => {
  noteFrame(notes, node, '', shape.entry.zh)
  const found = new Map<string, FieldRecord[]>()
  let furthest = 0
  for (const child of node.children) {
    const group = shape.byName.get(child.local)
    if (group === undefined) {
      const known = { name: shape.entry.node, zh: shape.entry.zh, known: [...shape.byName.keys()] }
      noteUnknown(notes, known, child.local, '')
      continue
    }
    const place = shape.groups.indexOf(group)
    const records = found.get(child.local) ?? []
    const pointer = at('', child.local)
    const subject = { label: label(child.local, group.zh) }
    if (group.single && records.length > 0) note(notes, 'REPEATED', child.local, pointer, subject)
    else {
      if (place < furthest) note(notes, 'MISPLACED', child.local, pointer, subject)
      const own = group.single ? pointer : at(pointer, records.length)
      records.push(readRecord(notes, group, child, own))
      found.set(child.local, records)
    }
    furthest = Math.max(furthest, place)
  }
  return documentOf(shape, found)
}

const documentOf = (
  shape: Shape,
  found: ReadonlyMap<string, readonly FieldRecord[]>,
): AnyDocument => {
  const document: Record<string, FieldRecord | readonly FieldRecord[]> = {}
  for (const group of shape.groups) {
    const name = group.name ?? ''
    const records = found.get(name)
    const [first] = records ?? []
    if (records === undefined || first === undefined) continue
    document[name] = group.single ? first : records
  }
  return document
}

const readRecord = (
  notes: Notes,
  group: GroupShape,
  element: XmlElement,
  pointer: string,
): FieldRecord => {
  noteFrame(notes, element, pointer, group.zh)
  const values = new Map<string, string>()
  let furthest = -1
  for (const child of element.children) {
    const found = group.byName.get(child.local)
    if (found === undefined) {
      const known = { name: element.local, zh: group.zh, known: [...group.byName.keys()] }
      noteUnknown(notes, known, child.local, pointer)
      continue
    }
    const own = at(pointer, child.local)
    const subject = { label: label(found.name, found.field.zh) }
    noteAttributes(notes, child, own, found.field.zh)
    if (child.children.length > 0) note(notes, 'NESTED', found.name, own, subject)
    if (values.has(found.name)) note(notes, 'REPEATED', found.name, own, subject)
    else {
      if (found.index < furthest) note(notes, 'MISPLACED', found.name, own, subject)
      values.set(found.name, found.field.raw === true ? child.text : trimBlanks(child.text))
    }
    furthest = Math.max(furthest, found.index)
  }
  return recordOf(group, values)
}

const recordOf = (group: GroupShape, values: ReadonlyMap<string, string>): FieldRecord => {
  const record: Record<string, string> = {}
  for (const { name } of group.fields) {
    const value = values.get(name)
    if (value !== undefined) record[name] = value
  }
  return record
}
