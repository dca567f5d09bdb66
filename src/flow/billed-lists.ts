/** What a figure of billed taxes opens to: its lists page by page, with what their bills add up to. */
import { findDeclaration } from '../catalogue/index.ts'
import type { Text } from '../kernel/fault.ts'
import { type BilledAsked, type BilledRow, findBilled, sumBilled } from '../store/billed-lists.ts'
import { momentOf } from './totals.ts'
import { documentLink } from './totals-links.ts'
import type { FlowDeps, Moment } from './types.ts'
import { billedLink } from './zone-links.ts'

export interface BilledAnswer
  extends Moment,
    Omit<BilledRow, 'id' | 'kind' | 'number' | 'zone' | 'mode'> {
  readonly month: string
  readonly rows: readonly (BilledRow & {
    readonly name: Text | null
    readonly links: { readonly self: string }
  })[]
  /** Id of the last list of this page; null after the last. */
  readonly next: string | null
  readonly links: { readonly next?: string }
}

export const billedLists = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  asked: BilledAsked,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<BilledAnswer> => {
  const [sum, found] = await Promise.all([
    sumBilled(db, asked),
    findBilled(db, asked, { after: cursor, limit: limit + 1 }),
  ])
  const ids = [...new Set(found.map(({ id }) => id))]
  const next = ids.length > limit ? (ids[limit - 1] ?? null) : null
  const { month, zone, mode } = asked
  return {
    ...{ month, ...sum, ...momentOf(undefined, clock.now()) },
    rows: found
      .filter(({ id }) => next === null || id <= next)
      .map((row) => {
        const entry = findDeclaration(row.kind)
        return {
          ...row,
          name: entry === undefined ? null : { zh: entry.zh, en: entry.en },
          links: { self: documentLink(row.id) },
        }
      }),
    next,
    links: next === null ? {} : { next: billedLink(month, zone, mode, { cursor: next, limit }) },
  }
}
