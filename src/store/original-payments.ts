/**
 * Original payment data: versions of payments, and the orders they paid for. A payment is found by
 * its number or by one of its orders; the newest version of a payment counts, older ones are kept.
 */
import { sql } from 'kysely'
import { laneOf } from '../kernel/lane.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface PaymentKey {
  readonly payTransactionId: string
  readonly ebpCode: string
}

export interface HeldPayment extends PaymentKey {
  readonly id: string
  readonly version: number
  readonly contentHash: Uint8Array
}

export interface NewPayment extends HeldPayment {
  readonly platformId: string
  readonly submittedBy: string
  readonly sealed: Uint8Array
  readonly orders: readonly string[]
}

/** The newest version of each payment that is there. */
export const findNewestPayments = async (
  trx: Trx,
  keys: readonly PaymentKey[],
): Promise<readonly HeldPayment[]> => {
  if (keys.length === 0) return []
  const columns = { lane: 'smallint', payTransactionId: 'text', ebpCode: 'text' }
  const rows = keys.map((key) => ({ ...key, lane: laneOf(key.payTransactionId) }))
  const found = await sql<HeldPayment>`
    select distinct on (p.lane, p.pay_transaction_id, p.ebp_code) p.id, p.version,
      p.pay_transaction_id as "payTransactionId", p.ebp_code as "ebpCode",
      p.content_hash as "contentHash"
    from ${rowsOf('r', columns, rows)}
    join original_payment p on p.lane = r.lane and p.pay_transaction_id = r."payTransactionId"
      and p.ebp_code = r."ebpCode"
    order by p.lane, p.pay_transaction_id, p.ebp_code, p.version desc`.execute(trx)
  return found.rows
}

/** Gives the ids of those that were stored: somebody else may have stored the same version first. */
export const insertPayments = async (
  trx: Trx,
  payments: readonly NewPayment[],
  now: Date,
): Promise<ReadonlySet<string>> => {
  if (payments.length === 0) return new Set()
  const columns = {
    ...{ lane: 'smallint', id: 'uuid', payTransactionId: 'text', ebpCode: 'text' },
    ...{ version: 'integer', platformId: 'text', submittedBy: 'text' },
    ...{ contentHash: 'bytea', sealed: 'bytea' },
  }
  const rows = payments.map((row) => ({ ...row, lane: laneOf(row.payTransactionId) }))
  const kept = await sql<{ id: string }>`
    insert into original_payment (lane, id, pay_transaction_id, ebp_code, version, platform_id,
      submitted_by, content_hash, sealed, created_at)
    select r.lane, r.id, r."payTransactionId", r."ebpCode", r.version, r."platformId",
      r."submittedBy", r."contentHash", r.sealed, ${now}
    from ${rowsOf('r', columns, rows)} on conflict do nothing returning id`.execute(trx)
  const ids = new Set(kept.rows.map(({ id }) => id))
  const orders = payments
    .filter(({ id }) => ids.has(id))
    .flatMap(({ id, platformId, orders: numbers }) =>
      numbers.map((orderNo) => ({ lane: laneOf(orderNo), orderNo, paymentId: id, platformId })),
    )
  if (orders.length === 0) return ids
  const orderColumns = { lane: 'smallint', orderNo: 'text', paymentId: 'uuid', platformId: 'text' }
  await sql`
    insert into original_payment_order (lane, order_no, payment_id, platform_id)
    select r.lane, r."orderNo", r."paymentId", r."platformId"
    from ${rowsOf('r', orderColumns, orders)}`.execute(trx)
  return ids
}

export interface StoredPayment extends PaymentKey {
  readonly id: string
  readonly version: number
  readonly platformId: string
  readonly sealed: Uint8Array
  readonly createdAt: Date
}

/** No later version of the same payment is there. */
const IS_NEWEST = sql`not exists (
  select from original_payment n where n.lane = p.lane and n.version > p.version
    and n.pay_transaction_id = p.pay_transaction_id and n.ebp_code = p.ebp_code
)`

const PAYMENTS_OF_ORDER = sql`original_payment_order o join original_payment p
  on p.lane = (get_byte(uuid_send(o.payment_id), 8) & 63) and p.id = o.payment_id`

/** Payments that cover an order as they stand now, the newest first; `platforms` null is all. */
export const findPaymentsOfOrder = async (
  db: Db,
  orderNo: string,
  platforms: readonly string[] | null,
  limit: number,
): Promise<readonly StoredPayment[]> => {
  const found = await sql<StoredPayment>`
    select p.id, p.version, p.pay_transaction_id as "payTransactionId", p.ebp_code as "ebpCode",
      p.platform_id as "platformId", p.sealed, p.created_at as "createdAt"
    from ${PAYMENTS_OF_ORDER}
    where o.lane = ${laneOf(orderNo)} and o.order_no = ${orderNo}
      and (${platforms === null} or o.platform_id = any(${platforms ?? []}::text[]))
      and ${IS_NEWEST}
    order by p.created_at desc, p.id desc limit ${limit}`.execute(db)
  return found.rows
}

/** Platforms that handed in a payment of this order: two at most, so that one is told from several. */
export const findPlatformsOfOrder = async (db: Db, orderNo: string): Promise<readonly string[]> => {
  const found = await sql<{ id: string }>`
    select distinct o.platform_id as id from ${PAYMENTS_OF_ORDER}
    where o.lane = ${laneOf(orderNo)} and o.order_no = ${orderNo} and ${IS_NEWEST}
    limit 2`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** Forgets versions handed in before a moment, at most so many; how many it were. */
export const forgetPayments = async (db: Db, before: Date, limit: number): Promise<number> => {
  const gone = await sql<{ id: string }>`
    with old as (
      select lane, id from original_payment where created_at < ${before}
      order by created_at limit ${limit}
    ),
    orders as (
      delete from original_payment_order o using old where o.payment_id = old.id
    )
    delete from original_payment p using old where p.lane = old.lane and p.id = old.id
    returning p.id`.execute(db)
  return gone.rows.length
}
