/** What the interface answers to the pages of this desk. */
import type { z } from 'zod'
import type { Totals } from '../../flow/types.ts'
import type { targetsAnswer } from '../../http/target-schemas.ts'
import type {
  billedAnswer,
  countedAnswer,
  countedDocumentAnswer,
} from '../../http/totals-document-schemas.ts'
import type { zoneAnswer, zonesAnswer } from '../../http/zone-schemas.ts'

export type Targets = z.infer<typeof targetsAnswer>
export type Zones = z.infer<typeof zonesAnswer>
export type ZoneRow = Zones['zones'][number]
export type ZoneView = z.infer<typeof zoneAnswer>
export type Counted = z.infer<typeof countedAnswer>
export type CountedDocument = z.infer<typeof countedDocumentAnswer>
export type Billed = z.infer<typeof billedAnswer>

export interface TotalsTold extends Omit<Totals, 'rows'> {
  readonly rows: readonly (Totals['rows'][number] & {
    readonly links: { readonly documents?: string }
  })[]
  readonly links: { readonly documents: string }
}
