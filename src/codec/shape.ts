/**
 * The shape of a message, prepared once per catalogue entry: groups and fields as arrays in wire
 * order, with look-ups by name. Every engine of the codec walks this instead of the literal, so
 * that none of them has to know whether a node holds groups (CEB311) or fields alone (CEB312).
 */
import type { Field } from '../catalogue/field.ts'
import { rootOf } from '../catalogue/index.ts'
import type { Entry, Fields, Group, Message } from '../catalogue/message.ts'

export interface GroupShape {
  /** Element name; undefined for the fields that stand in the node itself. */
  readonly name: string | undefined
  readonly zh: string
  readonly min: number
  /** `Infinity` for unbounded. */
  readonly max: number
  /** A record in JSON when true, otherwise a list of records. */
  readonly single: boolean
  readonly fields: readonly FieldShape[]
  readonly byName: ReadonlyMap<string, FieldShape>
}

export interface FieldShape {
  readonly name: string
  readonly field: Field
  /** Place in wire order within its group. */
  readonly index: number
}

export interface Shape<E extends Entry = Message> {
  readonly entry: E
  readonly root: string
  /** True when the node holds fields and no groups. */
  readonly flat: boolean
  readonly groups: readonly GroupShape[]
  /** The group that carries the key; the only one of a flat node. */
  readonly head: GroupShape
  readonly byName: ReadonlyMap<string, GroupShape>
  /** Whether BaseTransfer and its followers close the message. */
  readonly hasTrailer: boolean
}

/**
 * Makes something once per entry and remembers it. This is memory of a pure function, not state:
 * forgetting it would change nothing but the time taken, and an entry that is gone takes its
 * prepared form along.
 */
export const perEntry = <T, E extends Entry = Entry>(make: (entry: E) => T): ((entry: E) => T) => {
  const made = new WeakMap<E, T>()
  return (entry) => {
    const known = made.get(entry)
    if (known !== undefined) return known
    const fresh = make(entry)
    made.set(entry, fresh)
    return fresh
  }
}

export const shapeOf = <E extends Entry>(entry: E): Shape<E> =>
  // Made of this very entry, so that its type is known.
  shapes(entry) as Shape<E>

const shapes = perEntry((entry: Entry): Shape<Entry> => {
  const flat = 'fields' in entry.body
  const groups =
    'fields' in entry.body
      ? [groupShape(undefined, { min: 1, max: 1, zh: entry.zh, fields: entry.body.fields })]
      : Object.entries<Group>(entry.body.groups).map(([name, group]) => groupShape(name, group))
  const [head] = groups
  if (head === undefined) throw new Error(`${entry.code} has no group`)
  return {
    entry,
    root: rootOf(entry),
    flat,
    groups,
    head,
    byName: new Map(groups.map((group) => [group.name ?? '', group])),
    hasTrailer: entry.sort === 'declaration',
  }
})

/** A group as its literal says; also for the trailer, which is no part of an entry. */
export const groupShape = (name: string | undefined, group: Group): GroupShape => {
  const fields = fieldShapes(group.fields)
  return {
    name,
    zh: group.zh,
    min: group.min,
    max: group.max,
    single: group.max === 1,
    fields,
    byName: new Map(fields.map((field) => [field.name, field])),
  }
}

const fieldShapes = (fields: Fields): readonly FieldShape[] =>
  Object.entries(fields).map(([name, field], index) => ({ name, field, index }))
