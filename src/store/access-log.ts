/**
 * The log of who opened what others may not see, and who changed accounts, keys, mandates or reference
 * data: written with the deed, never changed, and deleted by its age alone. It holds ids and no
 * personal value.
 */
import { sql } from 'kysely'
import type { AccessDeed } from './access-deeds.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import { inTransaction } from './transaction.ts'

export interface Access {
  readonly id: string
  /** An enterprise's id, `operator`, `committee` or `customs`. */
  readonly actor: string
  /** The signed-in user, where it was one. */
  readonly userId: string | null
  /** The API key, where it was one. */
  readonly keyId: string | null
  readonly what: AccessDeed
  /** Whose it was; '' of a reply, which may speak of several, and of what is the gateway's own. */
  readonly enterpriseId: string
  /** Of payment data; else ''. */
  readonly orderNo: string
  /** Id or name of what it was done to. */
  readonly subject: string
  readonly requestId: string
}

const COLUMNS = {
  ...{ id: 'uuid', actor: 'text', userId: 'text', keyId: 'text', what: 'text' },
  ...{ enterpriseId: 'text', orderNo: 'text', subject: 'text', requestId: 'text' },
}

export const logAccess = async (db: Db, accesses: readonly Access[], now: Date): Promise<void> => {
  if (accesses.length === 0) return
  await sql`
    insert into access_log (id, at, actor, user_id, key_id, what, enterprise_id, order_no, subject,
      request_id)
    select r.id, ${now}, r.actor, r."userId", r."keyId", r.what, r."enterpriseId", r."orderNo",
      r.subject, r."requestId"
    from ${rowsOf('r', COLUMNS, accesses)}`.execute(db)
}

/** Newest first; `enterpriseId` null is everybody's. */
export const listAccesses = async (
  db: Db,
  filter: {
    readonly enterpriseId: string | null
    readonly what?: AccessDeed | undefined
    /** A user or an API key. */
    readonly who?: string | undefined
    readonly from?: Date | undefined
    readonly to?: Date | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly (Access & { readonly at: Date })[]> => {
  const { enterpriseId, what = null, who = null, from = null, to = null } = filter
  const { after = null, limit } = filter
  const found = await sql<Access & { at: Date }>`
    select id, at, actor, user_id as "userId", key_id as "keyId", what,
      enterprise_id as "enterpriseId", order_no as "orderNo", subject, request_id as "requestId"
    from access_log
    where (${enterpriseId}::text is null or enterprise_id = ${enterpriseId})
      and (${what}::text is null or what = ${what})
      and (${who}::text is null or user_id = ${who} or key_id = ${who})
      and (${from}::timestamptz is null or at >= ${from})
      and (${to}::timestamptz is null or at < ${to})
      and (${after}::uuid is null or id < ${after}::uuid)
    order by id desc limit ${limit}`.execute(db)
  return found.rows
}

/** Forgets accesses before a moment, at most so many; how many it were. */
export const forgetAccesses = async (db: Db, before: Date, limit: number): Promise<number> =>
  inTransaction(db, async (trx) => {
    await sql`select set_config('yuguan.forgetting', 'on', true)`.execute(trx)
    const gone = await sql<{ id: string }>`
      delete from access_log where id in (
        select id from access_log where at < ${before} order by at limit ${limit}
      ) returning id`.execute(trx)
    return gone.rows.length
  })
