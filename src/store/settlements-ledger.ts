/** What records stand for in the ledger, so that only what differs is written. */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { SettlementId } from './settlements.ts'
import type { Trx } from './transaction.ts'

export interface LedgerStanding extends SettlementId {
  readonly month: string
  readonly direction: 'import' | 'export'
  readonly zone: string
  readonly tradeMode: string
  readonly dims: Readonly<Record<string, string>>
  readonly count: number
  /** CNY, decimal text. */
  readonly amount: string
}

/** The sum of all entries of each record by what they count by, also where it comes to nothing. */
export const readLedgerStanding = async (
  trx: Trx,
  ids: readonly SettlementId[],
): Promise<readonly LedgerStanding[]> => {
  if (ids.length === 0) return []
  const found = await sql<LedgerStanding>`
    select r.lane, r.id, e.month, e.direction, e.zone, e.trade_mode as "tradeMode", e.dims,
      sum(e.count)::integer as count,
      trim_scale(sum((e.parts -> 0 ->> 'amount')::numeric))::text as amount
    from ${rowsOf('r', { lane: 'smallint', id: 'uuid' }, ids)}
    join ledger_entry e on e.lane = r.lane and e.subject_id = r.id and e.scope = 'settled'
    group by 1, 2, 3, 4, 5, 6, 7`.execute(trx)
  return found.rows
}
