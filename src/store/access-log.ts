/**
 * The log of who was shown original payment data or the bytes of a reply: written in the transaction
 * that shows it or hands it to customs, never changed, and deleted by its age alone.
 */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { AccessLogTable, Db } from './tables.ts'
import { inTransaction, type Trx } from './transaction.ts'

export interface Access {
  readonly id: string
  /** An enterprise's id, `operator` or `customs`. */
  readonly actor: string
  /** The signed-in user, where it was one. */
  readonly userId: string | null
  readonly what: AccessLogTable['what']
  /** Whose data it was; '' of a reply, which may speak of several. */
  readonly enterpriseId: string
  /** '' of a reply. */
  readonly orderNo: string
  readonly paymentId: string | null
  readonly replyId: string | null
  readonly requestId: string
}

const COLUMNS = {
  ...{ id: 'uuid', actor: 'text', userId: 'text', what: 'text', enterpriseId: 'text' },
  ...{ orderNo: 'text', paymentId: 'uuid', replyId: 'uuid', requestId: 'text' },
}

export const logAccess = async (
  trx: Trx,
  accesses: readonly Access[],
  now: Date,
): Promise<void> => {
  if (accesses.length === 0) return
  await sql`
    insert into access_log (id, at, actor, user_id, what, enterprise_id, order_no, payment_id,
      reply_id, request_id)
    select r.id, ${now}, r.actor, r."userId", r.what, r."enterpriseId", r."orderNo", r."paymentId",
      r."replyId", r."requestId"
    from ${rowsOf('r', COLUMNS, accesses)}`.execute(trx)
}

/** Newest first; `enterpriseId` null is everybody's. */
export const listAccesses = async (
  db: Db,
  filter: {
    readonly enterpriseId: string | null
    readonly what?: Access['what'] | undefined
    readonly from?: Date | undefined
    readonly to?: Date | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly (Access & { readonly at: Date })[]> => {
  const { enterpriseId, what = null, from = null, to = null, after = null, limit } = filter
  const found = await sql<Access & { at: Date }>`
    select id, at, actor, user_id as "userId", what, enterprise_id as "enterpriseId",
      order_no as "orderNo", payment_id as "paymentId", reply_id as "replyId",
      request_id as "requestId"
    from access_log
    where (${enterpriseId}::text is null or enterprise_id = ${enterpriseId})
      and (${what}::text is null or what = ${what})
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
