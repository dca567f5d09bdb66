/** The log of accesses as it is read: by the operator all of it, by an enterprise what was shown of its data. */
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { type Access, listAccesses } from '../store/access-log.ts'
import type { Caller, FlowDeps } from './types.ts'

export interface AccessView extends Omit<Access, 'at'> {
  readonly at: string
}

export interface AccessFilter {
  readonly enterprise?: string | undefined
  readonly what?: Access['what'] | undefined
  readonly from?: Date | undefined
  /** Not included. */
  readonly to?: Date | undefined
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** Newest first; `next` is the cursor of the following page, null after the last. */
export const listAccess = async (
  { db }: Pick<FlowDeps, 'db'>,
  caller: Caller,
  page: AccessFilter,
): Promise<{ readonly accesses: readonly AccessView[]; readonly next: string | null }> => {
  const limit = Math.min(page.limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  const rows = await listAccesses(db, {
    // For a member `enterprise` says who he is; for the operator, whose data was shown.
    enterpriseId: caller.operator === true ? (page.enterprise ?? null) : caller.enterpriseId,
    ...{ what: page.what, from: page.from, to: page.to },
    ...{ after: page.cursor, limit: limit + 1 },
  })
  const shown = rows.slice(0, limit)
  return {
    accesses: shown.map((row) => ({ ...row, at: row.at.toISOString() })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}
