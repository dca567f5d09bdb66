/**
 * Two versions of a document, place by place, and a document with places changed. A place is a JSON
 * Pointer (RFC 6901) to one text of it.
 */
import type { AnyDocument, FieldRecord, Message } from '../catalogue/message.ts'
import { at } from '../kernel/fault.ts'
import { fieldAt } from './differences.ts'

export interface Difference {
  readonly pointer: string
  /** Null where the version has no such place. */
  readonly before: string | null
  readonly after: string | null
}

/** In the order of the older one, then what the newer one has beside it. */
export const documentDifferences = (
  before: AnyDocument,
  after: AnyDocument,
): readonly Difference[] => {
  const old = documentPlaces(before)
  const now = documentPlaces(after)
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((pointer) => {
    const pair = { before: old.get(pointer) ?? null, after: now.get(pointer) ?? null }
    return pair.before === pair.after ? [] : [{ pointer, ...pair }]
  })
}

/** Every text of a document by its place. */
export const documentPlaces = (document: AnyDocument): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  const record = (fields: FieldRecord, pointer: string): void => {
    for (const [name, value] of Object.entries(fields)) found.set(at(pointer, name), value)
  }
  for (const [name, value] of Object.entries(document)) {
    const pointer = at('', name)
    if (typeof value === 'string') found.set(pointer, value)
    else if (isList(value)) for (const [i, line] of value.entries()) record(line, at(pointer, i))
    else record(value, pointer)
  }
  return found
}

const isList = (value: FieldRecord | readonly FieldRecord[]): value is readonly FieldRecord[] =>
  Array.isArray(value)

/** A value to stand at a place; null takes away what stands there. */
export interface Change {
  readonly pointer: string
  readonly after: string | null
}

/** Places of records that are not there stay so. */
export const changeDocument = (document: AnyDocument, changes: readonly Change[]): AnyDocument => {
  const changed: Record<string, AnyDocument[string]> = { ...document }
  for (const { pointer, after } of changes) {
    const [first = '', ...rest] = pointer.split('/').slice(1).map(unescaped)
    const value = changed[first]
    const name = rest.at(-1)
    if (name === undefined) put(changed, first, after)
    else if (value === undefined || typeof value === 'string') continue
    else if (!isList(value)) changed[first] = put({ ...value }, name, after)
    else {
      const [line = ''] = rest
      changed[first] = value.map((record, i) =>
        String(i) === line ? put({ ...record }, name, after) : record,
      )
    }
  }
  return changed
}

const put = <T extends Record<string, unknown>>(
  record: T,
  name: string,
  value: string | null,
): T => {
  const fields: Record<string, unknown> = record
  if (value === null) delete fields[name]
  else fields[name] = value
  return record
}

const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~')

/** Chinese name of the field at a place; null for none that the kind has. */
export const labelAt = (entry: Message, pointer: string): string | null =>
  fieldAt(entry, pointer)?.zh ?? null

/** Whether what stands at a place leads to a person. */
export const isPersonal = (entry: Message, pointer: string): boolean =>
  fieldAt(entry, pointer)?.sensitive === true

/** Enough of a personal value to tell it from another, and no more. Short ones show a character. */
export const maskedValue = (value: string): string => {
  const signs = [...value]
  const shown = Math.min(4, Math.floor(signs.length / 4))
  if (shown === 0) return `${signs.slice(0, 1).join('')}***`
  return `${signs.slice(0, shown).join('')}***${signs.slice(-shown).join('')}`
}
