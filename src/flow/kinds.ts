/** What the store's statements need to know of the catalogue, derived from it once. */
import { declarations } from '../catalogue/index.ts'
import type { KindFacts } from '../store/evidence.ts'

export const kindFacts: readonly KindFacts[] = declarations.map((entry) => ({
  kind: entry.code,
  done: entry.done,
  trade: entry.trade !== undefined,
  direction: entry.direction,
}))
