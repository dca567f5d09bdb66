/** What the store's statements need to know of the catalogue, derived from it once. */
import { declarations } from '../catalogue/index.ts'
import type { KindFacts } from '../store/evidence.ts'
import { summarisedFacts } from './summarised.ts'

const awaitedParts = new Set(
  declarations.flatMap((entry) => (entry.needs ?? []).map((need) => need.part)),
)

export const kindFacts: readonly KindFacts[] = declarations.map((entry) => ({
  kind: entry.code,
  done: entry.done,
  awaited: entry.offers !== undefined && awaitedParts.has(entry.offers.part),
  trade: entry.trade !== undefined,
  direction: entry.direction,
  summarised: summarisedFacts.find((facts) => facts.kind === entry.code),
}))
