/**
 * Packing: which documents share a message. One kind and one sender a message, at most the cap of
 * the kind, in the order of their ids, so that the same documents always give the same messages.
 */
import type { Declaration } from '../catalogue/message.ts'
import { derivedId } from '../kernel/ids.ts'
import { DOCUMENTS_PER_MESSAGE_MAX } from '../kernel/limits.ts'

export interface Packable {
  readonly id: string
  readonly version: number
  readonly kind: string
  readonly senderId: string
}

export interface Pack<D extends Packable> {
  /** Follows from the documents alone. */
  readonly id: string
  readonly kind: string
  readonly senderId: string
  readonly documents: readonly D[]
}

export const pack = <D extends Packable>(
  entryOf: (kind: string) => Declaration,
  documents: readonly D[],
): readonly Pack<D>[] => {
  const groups = new Map<string, D[]>()
  for (const document of [...documents].sort(byId)) {
    const key = `${document.kind}/${document.senderId}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [document])
    else group.push(document)
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const cap = Math.min(entryOf(first.kind).nodeMax, DOCUMENTS_PER_MESSAGE_MAX)
    const packs: Pack<D>[] = []
    for (let start = 0; start < group.length; start += cap)
      packs.push(packed(first, group.slice(start, start + cap)))
    return packs
  })
}

const byId = (a: Packable, b: Packable): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const packed = <D extends Packable>(first: D, documents: readonly D[]): Pack<D> => ({
  id: derivedId('message', ...documents.map((document) => `${document.id}/${document.version}`)),
  kind: first.kind,
  senderId: first.senderId,
  documents,
})
