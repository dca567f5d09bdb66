/**
 * Which documents go together. They are tied by numbers: an order's, mostly, and where a document
 * goes by a number of its own (the export waybill), by what another names as that number. Two
 * enterprises may use the same number for different things, and neither must learn of the other's.
 */
import { CONSIGNMENT_THREADS_MAX } from '../kernel/limits.ts'
import { type ConsignmentDocument, findParts } from '../store/consignments.ts'
import type { Db } from '../store/tables.ts'
import { linkOf, partOf } from './admission.ts'

export interface Companions {
  readonly parts: readonly ConsignmentDocument[]
  /** Ids of those the caller may see. */
  readonly own: ReadonlySet<string>
}

/** Undefined unless at least one document under the number itself is the caller's to see. */
export const companionsUnder = async (
  db: Db,
  number: string,
  isOwn: (part: ConsignmentDocument) => boolean,
): Promise<Companions | undefined> => {
  const named = await findParts(db, [number])
  const mine = named.filter(isOwn)
  if (mine.length === 0) return undefined
  const together = companionsOf(mine, named)
  const parts = [...together, ...(await awaitedElsewhere(db, together))]
  return { parts, own: new Set(parts.filter(isOwn).map((part) => part.id)) }
}

/** What they go with under other numbers; whatever else goes under those is another matter. */
const awaitedElsewhere = async (
  db: Db,
  together: readonly ConsignmentDocument[],
): Promise<readonly ConsignmentDocument[]> => {
  const numbers = [...new Set(together.flatMap((part) => part.also ?? []))]
  const there = await findParts(db, numbers.slice(0, CONSIGNMENT_THREADS_MAX))
  const ids = new Set(together.map((part) => part.id))
  const waiting = there.filter((part) => ids.has(part.id))
  return there.filter(
    (part) =>
      ids.has(part.id) ||
      waiting.some((one) => one.thread === part.thread && one.needs?.includes(part.offer)),
  )
}

/**
 * A document belongs to the list that waits for it, and to others that offer their parts under the
 * same codes.
 */
export const companionsOf = (
  mine: readonly ConsignmentDocument[],
  named: readonly ConsignmentDocument[],
): readonly ConsignmentDocument[] => {
  const found = new Set(mine)
  // A set gives what is added to it while it is walked.
  for (const one of found)
    for (const other of named)
      if (
        one.needs?.includes(other.offer) ||
        other.needs?.includes(one.offer) ||
        linkOf(one.offer) === linkOf(other.offer)
      )
        found.add(other)
  return named.filter((part) => found.has(part))
}

/** Parts that documents wait for and nobody offers under that number, each once. */
export const missingParts = (parts: readonly ConsignmentDocument[]): readonly string[] => [
  ...new Set(
    parts.flatMap(({ thread, needs }) =>
      (needs ?? [])
        .filter((need) => !parts.some((part) => part.thread === thread && part.offer === need))
        .map(partOf),
    ),
  ),
]
