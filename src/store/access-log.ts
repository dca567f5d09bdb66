/**
 * The log of who was shown original payment data: written in the transaction that shows it or hands
 * it to customs, never changed, never deleted.
 */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { AccessLogTable, Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface Access {
  readonly id: string
  /** An enterprise's id, `operator` or `customs`. */
  readonly actor: string
  /** The signed-in user, where it was one. */
  readonly userId: string | null
  readonly what: AccessLogTable['what']
  /** Whose data it was. */
  readonly enterpriseId: string
  readonly orderNo: string
  readonly paymentId: string
  readonly requestId: string
}

const COLUMNS = {
  ...{ id: 'uuid', actor: 'text', userId: 'text', what: 'text', enterpriseId: 'text' },
  ...{ orderNo: 'text', paymentId: 'uuid', requestId: 'text' },
}

export const logAccess = async (
  trx: Trx,
  accesses: readonly Access[],
  now: Date,
): Promise<void> => {
  if (accesses.length === 0) return
  await sql`
    insert into access_log (id, at, actor, user_id, what, enterprise_id, order_no, payment_id,
      request_id)
    select r.id, ${now}, r.actor, r."userId", r.what, r."enterpriseId", r."orderNo", r."paymentId",
      r."requestId"
    from ${rowsOf('r', COLUMNS, accesses)}`.execute(trx)
}

/** Newest first; `enterpriseId` null is everybody's. */
export const listAccesses = async (
  db: Db,
  filter: {
    readonly enterpriseId: string | null
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly (Access & { readonly at: Date })[]> => {
  const { enterpriseId, after = null, limit } = filter
  const found = await sql<Access & { at: Date }>`
    select id, at, actor, user_id as "userId", what, enterprise_id as "enterpriseId",
      order_no as "orderNo", payment_id as "paymentId", request_id as "requestId"
    from access_log
    where (${enterpriseId}::text is null or enterprise_id = ${enterpriseId})
      and (${after}::uuid is null or id < ${after}::uuid)
    order by id desc limit ${limit}`.execute(db)
  return found.rows
}
