/** The documents behind an account, and all documents again for a recount of what they hold. */
import { sql } from 'kysely'
import { type AnyDocument, APP_TYPE, type State } from '../catalogue/message.ts'
import type { HoldSort } from './hold-accounts.ts'
import type { HoldFacts } from './holds.ts'
import { type Sender, visibleTo } from './listing.ts'
import type { Db } from './tables.ts'
import type { Trx } from './transaction.ts'

export interface HoldingDocument {
  readonly id: string
  readonly kind: string
  readonly number: string
  readonly orderNo: string | null
  readonly state: State
  /** Decimal text. */
  readonly asked: string
  readonly reserved: string
  readonly committed: string
  readonly restored: string
}

export interface OwnHolds {
  readonly documents: readonly HoldingDocument[]
  /** Of all of them, shown or not. */
  readonly reserved: string
  readonly committed: string
  readonly count: number
}

/** Documents that hold something of an account, newest first, as far as these senders' may be seen. */
export const findOwnHolds = async (
  db: Db,
  accountId: string,
  senders: readonly Sender[] | null,
  limit: number,
): Promise<OwnHolds> => {
  const seen = senders === null ? sql`true` : sql.join(visibleTo(senders), sql` and `)
  const own = sql`
    from hold h join document_state s on s.lane = h.lane and s.id = h.document_id
    where h.account_id = ${accountId} and ${seen}`
  const found = await sql<HoldingDocument>`
    select s.id, s.kind, s.number, s.order_no as "orderNo", s.state, h.asked, h.reserved,
      h.committed, h.restored
    ${own} order by s.id desc limit ${limit}`.execute(db)
  const sums = await sql<{ reserved: string; committed: string; count: string }>`
    select coalesce(sum(h.reserved), 0) as reserved, coalesce(sum(h.committed), 0) as committed,
      count(*) as count ${own}`.execute(db)
  const { reserved = '0', committed = '0', count = '0' } = sums.rows[0] ?? {}
  return { documents: found.rows, reserved, committed, count: Number(count) }
}

/** Takes everything of a sort away, for a recount. Writers wait until its transaction ends. */
export const clearHolds = async (trx: Trx, sort: HoldSort): Promise<void> => {
  await sql`lock table hold, hold_account in exclusive mode`.execute(trx)
  await sql`delete from hold where sort = ${sort}`.execute(trx)
  await sql`
    update hold_account set reserved = 0, committed = 0 where sort = ${sort}`.execute(trx)
}

export interface CountedDocument {
  readonly lane: number
  readonly id: string
  readonly takenAt: Date
  readonly payload: AnyDocument
  readonly buyerHash: Uint8Array | null
  /** The current version asks to delete it. */
  readonly leaves: boolean
  /** What was asked for before that had been refused already. */
  readonly wasRefused: boolean
}

/**
 * Documents of a kind in the version that says what they ask for, which is the newest that is no
 * deletion; page by page in the order of their keys.
 */
export const findCounted = async (
  trx: Trx,
  { kind, refused }: HoldFacts,
  after: { readonly lane: number; readonly id: string } | undefined,
  limit: number,
): Promise<readonly CountedDocument[]> => {
  const beyond =
    after === undefined ? sql`` : sql`and (s.lane, s.id) > (${after.lane}, ${after.id})`
  const found = await sql<CountedDocument>`
    select s.lane, s.id, d.created_at as "takenAt", d.payload, d.buyer_hash as "buyerHash",
      d.version < s.version as leaves,
      d.version < s.version and (
        select e.state from event e
        where e.lane = s.lane and e.document_id = s.id and e.version = d.version
        order by e.return_time <> '' desc, e.return_time collate "C" desc, e.rank desc limit 1
      ) = any(${refused}::text[]) as "wasRefused"
    from document_state s
    cross join lateral (
      select * from document d
      where d.lane = s.lane and d.id = s.id and d.version <= s.version
        and d.app_type <> ${APP_TYPE.delete}
      order by d.version desc limit 1
    ) d
    where s.kind = ${kind} ${beyond} order by s.lane, s.id limit ${limit}`.execute(trx)
  return found.rows
}
