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

/** A line of the log with what is called by a name now; null for what is none, or gone. */
export interface NamedAccess extends Access {
  readonly at: Date
  readonly actorName: string | null
  readonly userName: string | null
  readonly enterpriseName: string | null
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
): Promise<readonly NamedAccess[]> => {
  const { enterpriseId, what = null, who = null, from = null, to = null } = filter
  const { after = null, limit } = filter
  const found = await sql<NamedAccess>`
    select l.id, l.at, l.actor, l.user_id as "userId", l.key_id as "keyId", l.what,
      l.enterprise_id as "enterpriseId", l.order_no as "orderNo", l.subject,
      l.request_id as "requestId", a.name as "actorName", u."name" as "userName",
      e.name as "enterpriseName"
    from (
      select * from access_log
      where (${enterpriseId}::text is null or enterprise_id = ${enterpriseId})
        and (${what}::text is null or what = ${what})
        and (${who}::text is null or user_id = ${who} or key_id = ${who})
        and (${from}::timestamptz is null or at >= ${from})
        and (${to}::timestamptz is null or at < ${to})
        and (${after}::uuid is null or id < ${after}::uuid)
      order by id desc limit ${limit}
    ) l
    left join enterprise a on a.id = l.actor
    left join enterprise e on e.id = l.enterprise_id
    left join "user" u on u."id" = l.user_id
    order by l.id desc`.execute(db)
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
