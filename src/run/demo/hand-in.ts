/**
 * Hands documents in as their enterprises would: batches over the HTTP interface, each document with
 * the API key of its owner, whom the catalogue names. Answers are read; a document that is refused
 * ends the demonstration, because all of its documents are meant to be taken.
 */
import { getDeclaration } from '../../catalogue/index.ts'
import type { AnyDocument, Declaration, State } from '../../catalogue/message.ts'
import { headOfDocument, keyOf } from '../../codec/document.ts'
import type { DocumentResult } from '../../flow/types.ts'
import type { Fate } from '../../sim/fates.ts'
import type { DemoEnterprises } from './enterprises.ts'

export interface ToHandIn {
  readonly entry: Declaration
  readonly document: AnyDocument
  /** Where it is to end; undefined when nobody asks. */
  readonly expected: State | undefined
  /** The fate it bears, for one that is told of by its fate. */
  readonly fate: Fate | undefined
}

export interface HandedIn extends ToHandIn {
  /** As the gateway knows it. */
  readonly id: string
  readonly number: string
  /** Customs code of its owner, who sees it. */
  readonly owner: string
}

export interface HandInSettings {
  readonly url: string
  readonly enterprises: DemoEnterprises
}

/** Documents of one request; well below what the gateway takes at once. */
const BATCH_DOCUMENTS = 400

/** In the order handed in. */
export const handIn = async (
  settings: HandInSettings,
  items: readonly ToHandIn[],
): Promise<readonly HandedIn[]> => {
  const batches = new Map<string, Batch>()
  for (const [index, item] of items.entries()) {
    const owner = ownerOf(settings.enterprises, item)
    const name = `${owner} ${item.entry.code}`
    const batch = batches.get(name) ?? { owner, kind: item.entry.code, items: [] }
    batch.items.push({ index, item })
    batches.set(name, batch)
  }
  const handed: HandedIn[] = []
  const posts = [...batches.values()].map((batch) => post(settings, batch, handed))
  await Promise.all(posts)
  return handed
}

interface Batch {
  readonly owner: string
  readonly kind: string
  readonly items: { readonly index: number; readonly item: ToHandIn }[]
}

/** The first enterprise that may hand it in and has a key here. */
const ownerOf = ({ cast, keys }: DemoEnterprises, { entry, document }: ToHandIn): string => {
  const head = headOfDocument(entry, document)
  for (const { role, field } of entry.owners) {
    const owner = cast.all.find(
      ({ customsCode, roles }) => customsCode === head[field] && roles.includes(role),
    )
    if (owner !== undefined && keys.has(owner.customsCode)) return owner.customsCode
  }
  throw new Error(`${entry.code}: nobody may hand it in`)
}

const post = async (
  { url, enterprises }: HandInSettings,
  { owner, kind, items }: Batch,
  handed: HandedIn[],
): Promise<void> => {
  const entry = getDeclaration(kind)
  for (let from = 0; from < items.length; from += BATCH_DOCUMENTS) {
    const some = items.slice(from, from + BATCH_DOCUMENTS)
    const response = await fetch(`${url}/api/v1/documents`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${enterprises.keys.get(owner) ?? ''}`,
      },
      body: JSON.stringify({ kind, documents: some.map(({ item }) => item.document) }),
    })
    if (response.status !== 200) {
      // Faults and problems never hold personal data, so they may be shown.
      throw new Error(`${kind}: HTTP ${response.status} ${(await response.text()).slice(0, 2_000)}`)
    }
    // Our own interface; its shape is that of the type.
    const { results } = (await response.json()) as { readonly results: readonly DocumentResult[] }
    for (const [i, { index, item }] of some.entries()) {
      const [number = ''] = keyOf(entry, item.document)
      handed[index] = { ...item, id: results[i]?.id ?? '', number, owner }
    }
  }
}
