/**
 * Every field by name, and where it stands: the table under `/docs/fields`, and what the search box
 * looks through.
 */
import { messages } from '../../catalogue/index.ts'
import type { Message } from '../../catalogue/message.ts'
import { shapeOf } from '../../codec/shape.ts'

export interface FieldEntry {
  readonly name: string
  /** Its Chinese names; some fields go by several. */
  readonly zh: readonly string[]
  readonly places: readonly FieldPlace[]
}

export interface FieldPlace {
  readonly code: string
  /** Part of the address behind `#`. */
  readonly anchor: string
}

/** Of a field on the page of its message. */
export const anchorOf = (group: string | undefined, name: string): string =>
  group === undefined ? name : `${group}.${name}`

/** In the order of names. */
export const fieldIndex = (): readonly FieldEntry[] => {
  const found = new Map<string, { zh: Set<string>; places: FieldPlace[] }>()
  const entries: readonly Message[] = messages
  for (const entry of entries)
    for (const group of shapeOf(entry).groups)
      for (const { name, field } of group.fields) {
        const known = found.get(name) ?? { zh: new Set(), places: [] }
        known.zh.add(field.zh)
        // The first place of a message is enough: the page shows the others.
        if (known.places.at(-1)?.code !== entry.code)
          known.places.push({ code: entry.code, anchor: anchorOf(group.name, name) })
        found.set(name, known)
      }
  return [...found]
    .map(([name, { zh, places }]) => ({ name, zh: [...zh], places }))
    .toSorted((one, other) => (one.name.toLowerCase() < other.name.toLowerCase() ? -1 : 1))
}

/** What the script of the pages fetches; short names, for it is fetched by every reader. */
export const searchIndex = () => ({
  fields: fieldIndex().map(({ name, zh, places }) => ({
    name,
    zh,
    at: places.map(({ code, anchor }) => `${code}#${anchor}`),
  })),
  kinds: messages.map(({ code, zh, en }) => ({ code, zh, en })),
})
