/**
 * Rows of holds and their accounts as they are written: where a document's holds shall stand, and the
 * accounts moved by the differences, in one statement. `holds.ts` says what they mean.
 */
import { sql } from 'kysely'
import { laneOfId } from '../kernel/ids.ts'
import type { HoldSort } from './hold-accounts.ts'
import { rowsOf } from './rows.ts'
import type { Trx } from './transaction.ts'

export interface HoldRow {
  readonly lane: number
  readonly documentId: string
  readonly accountId: string
  readonly sort: HoldSort
  /** Decimal text; null where the row goes. */
  readonly asked: string | null
  readonly restored: string
  readonly reserved: string
  readonly committed: string
  readonly leaves: boolean
}

export const DOCUMENT = { lane: 'smallint', documentId: 'uuid' }

/** An account after it was written. */
export interface Standing {
  readonly id: string
  readonly used: string
  readonly stock: string | null
}

const RESERVED = {
  ...DOCUMENT,
  ...{ accountId: 'uuid', accountLane: 'smallint', sort: 'text', asked: 'numeric' },
}

const HOLD = {
  ...RESERVED,
  ...{ restored: 'numeric', reserved: 'numeric', committed: 'numeric', leaves: 'boolean' },
}

const SAME_HOLD = sql`h.lane = r.lane and h.document_id = r."documentId"
  and h.account_id = r."accountId"`

/** Puts the first holds of documents that hold nothing yet, as in nearly all batches. */
export const placeNew = async (
  trx: Trx,
  rows: readonly HoldRow[],
): Promise<ReadonlyMap<string, Standing>> => {
  if (rows.length === 0) return new Map()
  const found = await sql<Standing>`
    with r as materialized (select * from ${rowsOf('r', RESERVED, rows.map(withAccountLane))}),
    kept as (
      insert into hold (lane, document_id, account_id, sort, asked, reserved)
      select r.lane, r."documentId", r."accountId", r.sort, r.asked, r.asked from r
    )
    insert into hold_account as a (lane, id, sort, reserved)
    select r."accountLane", r."accountId", r.sort, sum(r.asked) from r group by 1, 2, 3 order by 1, 2
    on conflict (lane, id) do update set reserved = a.reserved + excluded.reserved
    returning a.id, a.reserved + a.committed as used, a.stock`.execute(trx)
  return byAccount(found.rows)
}

/** Puts holds where these rows say, and moves their accounts by the differences. */
export const place = async (
  trx: Trx,
  rows: readonly HoldRow[],
): Promise<ReadonlyMap<string, Standing>> => {
  if (rows.length === 0) return new Map()
  const was = (column: string) => sql`coalesce(${sql.ref(`h.${column}`)}, 0)`
  const found = await sql<Standing>`
    with r as materialized (select * from ${rowsOf('r', HOLD, rows.map(withAccountLane))}),
    moving as materialized (
      select r."accountLane", r."accountId", r.sort, sum(r.reserved - ${was('reserved')}) as reserved,
        sum(r.committed - ${was('committed')}) as committed
      from r left join hold h on ${SAME_HOLD}
      group by 1, 2, 3
    ),
    gone as (delete from hold h using r where r.asked is null and ${SAME_HOLD}),
    kept as (
      insert into hold (lane, document_id, account_id, sort, asked, restored, reserved, committed,
        leaves)
      select r.lane, r."documentId", r."accountId", r.sort, r.asked, r.restored, r.reserved,
        r.committed, r.leaves
      from r where r.asked is not null
      on conflict (lane, document_id, account_id) do update set asked = excluded.asked,
        restored = excluded.restored, reserved = excluded.reserved, committed = excluded.committed,
        leaves = excluded.leaves
    )
    insert into hold_account as a (lane, id, sort, reserved, committed)
    select m."accountLane", m."accountId", m.sort, m.reserved, m.committed
    from moving m order by 1, 2
    on conflict (lane, id) do update set reserved = a.reserved + excluded.reserved,
      committed = a.committed + excluded.committed
    returning a.id, a.reserved + a.committed as used, a.stock`.execute(trx)
  return byAccount(found.rows)
}

const withAccountLane = (row: HoldRow) => ({ ...row, accountLane: laneOfId(row.accountId) })

const byAccount = (rows: readonly Standing[]): ReadonlyMap<string, Standing> =>
  new Map(rows.map((row) => [row.id, row]))
