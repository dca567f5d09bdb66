/** The log of accesses: how it is written, and how it is read: by the operator all of it, by an enterprise what was done about its own. */
import { PAGE_ROWS, PAGE_ROWS_MAX } from '../kernel/limits.ts'
import { type Access, listAccesses, logAccess, type NamedAccess } from '../store/access-log.ts'
import type { Db } from '../store/tables.ts'
import type { Caller, FlowDeps } from './types.ts'

/** A user or an API key, and in which request. */
export type Asker = Pick<Access, 'userId' | 'keyId' | 'requestId'>

export interface Deed extends Pick<Access, 'what' | 'enterpriseId' | 'subject'> {
  readonly orderNo?: string
}

export const actorOf = ({ operator, enterpriseId }: Caller): string =>
  operator === true ? 'operator' : enterpriseId

/**
 * The one way into the log. What is shown is written down before it is shown; what is done, in the
 * transaction that does it.
 */
export const noteDeeds = (
  { ids, clock }: Pick<FlowDeps, 'ids' | 'clock'>,
  db: Db,
  by: Asker & Pick<Access, 'actor'>,
  deeds: readonly Deed[],
): Promise<void> =>
  logAccess(
    db,
    deeds.map((deed) => ({ orderNo: '', ...deed, ...by, id: ids.next() })),
    clock.now(),
  )

export interface AccessView extends Omit<NamedAccess, 'at'> {
  readonly at: string
}

export interface AccessFilter {
  readonly enterprise?: string | undefined
  readonly what?: Access['what'] | undefined
  /** Id of a user or an API key. */
  readonly who?: string | undefined
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
    ...{ what: page.what, who: page.who, from: page.from, to: page.to },
    ...{ after: page.cursor, limit: limit + 1 },
  })
  const shown = rows.slice(0, limit)
  return {
    // People have names for operators alone.
    accesses: shown.map((row) => ({
      ...{ ...row, at: row.at.toISOString() },
      userName: caller.operator === true ? row.userName : null,
    })),
    next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  }
}
