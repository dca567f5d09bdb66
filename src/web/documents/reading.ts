/** What the shared views read from the interface, with the shapes its routes tell. */
import type { z } from 'zod'
import { getDeclaration } from '../../catalogue/index.ts'
import type { AnyDocument } from '../../catalogue/message.ts'
import { headOfDocument } from '../../codec/document.ts'
import type { buyerQuota } from '../../http/quota-schemas.ts'
import type { versionList } from '../../http/rejection-schemas.ts'
import type { consignment, documentView, timeline } from '../../http/schemas.ts'
import type { Answered, Api } from '../desk/api.ts'
import { CONSIGNMENT_DOCUMENTS_MAX } from './document-limits.ts'

export type Consignment = z.infer<typeof consignment>
export type Comparison = Consignment['comparisons'][number]
export type DocumentTold = z.infer<typeof documentView>
export type Step = z.infer<typeof timeline>['entries'][number]
export type Version = z.infer<typeof versionList>['versions'][number]
export type BuyerQuota = z.infer<typeof buyerQuota>

/** A document with its story. */
export interface Told {
  readonly document: DocumentTold
  readonly steps: readonly Step[]
}

/** The whole content of a document, personal values in clear: for the interface, never for a page. */
export const contentOf = ({ document }: DocumentTold): AnyDocument =>
  // A stored document was checked by the catalogue before it was kept.
  document as AnyDocument

/** Reads a document and its story at once. */
export const readTold = async (api: Api, id: string): Promise<Answered<Told>> => {
  const path = `/api/v1/documents/${encodeURIComponent(id)}`
  const [document, story] = await Promise.all([
    api.get<DocumentTold>(path),
    api.get<z.infer<typeof timeline>>(`${path}/timeline`),
  ])
  if (document.kind === 'problem') return document
  const steps = story.kind === 'ok' ? story.value.entries : []
  return { ...document, value: { document: document.value, steps } }
}

/** The reader's own documents of a consignment, in its order; of many the first. */
export const readOwn = async (api: Api, { documents }: Consignment): Promise<readonly Told[]> => {
  const ids = documents.flatMap(({ id }) => id ?? []).slice(0, CONSIGNMENT_DOCUMENTS_MAX)
  const told = await Promise.all(ids.map((id) => readTold(api, id)))
  return told.flatMap((each) => (each.kind === 'ok' ? each.value : []))
}

/**
 * The year of the buyer of a document, where its kind names one; the list's own first, since only it
 * draws on the quota. The personal number goes in the body and nowhere else.
 */
export const readQuota = async (
  api: Api,
  told: readonly Told[],
): Promise<BuyerQuota | undefined> => {
  const numbers = told
    .map(({ document }) => ({ document, entry: getDeclaration(document.kind) }))
    .filter(({ entry }) => entry.direction === 'import' && entry.buyer !== undefined)
    .sort((a, b) => Number(b.entry.quota !== undefined) - Number(a.entry.quota !== undefined))
    .map(({ document, entry }) => headOfDocument(entry, contentOf(document))[entry.buyer ?? ''])
  const buyerIdNumber = numbers.find((number) => number !== undefined && number !== '')
  if (buyerIdNumber === undefined) return undefined
  const found = await api.post<BuyerQuota>('/api/v1/quota', { buyerIdNumber })
  return found.kind === 'ok' ? found.value : undefined
}
