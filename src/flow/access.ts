/** The log of accesses as it is read: by the operator all of it, by an enterprise what was shown of its data. */
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { type Access, listAccesses } from '../store/access-log.ts'
import type { Caller, FlowDeps } from './types.ts'

export interface AccessView extends Omit<Access, 'at'> {
  readonly at: string
}

/** Newest first; `next` is the cursor of the following page, null after the last. */
export const listAccess = async (
  { db }: Pick<FlowDeps, 'db'>,
  caller: Caller,
  page: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
): Promise<{ readonly accesses: readonly AccessView[]; readonly next: string | null }> => {
  const limit = Math.min(page.limit ?? PAGE_ROWS, PAGE_ROWS_MAX)
  const rows = await listAccesses(db, {
    enterpriseId: caller.operator === true ? null : caller.enterpriseId,
    ...{ after: page.cursor, limit: limit + 1 },
  })
  const shown = rows.slice(0, limit)
  return {
    accesses: shown.map((row) => ({ ...row, at: row.at.toISOString() })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}
