/** Lines that wait for an order or a list and take nothing of any, asked by what they name. */
import { sql } from 'kysely'
import { natures, waitingReasons } from '../catalogue/settlement.ts'
import { rowsOf } from './rows.ts'
import type { LineRow } from './settlements.ts'
import type { Trx } from './transaction.ts'

export interface AskedLine
  extends Pick<LineRow, 'id' | 'position' | 'orderNo' | 'listNo' | 'agentCode'> {
  /** Money in. */
  readonly inward: boolean
  /** Codes of the seller, with a blank between them. */
  readonly sellers: string
}

export interface WaitingSum extends Pick<LineRow, 'id' | 'position' | 'orderNo' | 'listNo'> {
  readonly currency: string
  /** Decimal text, less refunds. */
  readonly waiting: string
}

const LINE = {
  ...{ id: 'uuid', position: 'smallint', orderNo: 'text', listNo: 'text', agentCode: 'text' },
  ...{ inward: 'boolean', sellers: 'text' },
}

/** What lines of other records wait with for the same, by line and currency. */
export const findWaiting = async (
  trx: Trx,
  lines: readonly AskedLine[],
): Promise<readonly WaitingSum[]> => {
  if (lines.length === 0) return []
  const found = await sql<WaitingSum>`
    with asked as materialized (select * from ${rowsOf('r', LINE, lines)}),
    same as (
      select r.*, i.lane, i.settlement_id, i.amount, i.reason from asked r
      join settlement_line i on i.reason is not null and i.order_no = r."orderNo"
        and i.list_no is null
      where r."listNo" is null
      union all
      select r.*, i.lane, i.settlement_id, i.amount, i.reason from asked r
      join settlement_line i on i.reason is not null and i.list_no = r."listNo"
        and i.agent_code is not distinct from r."agentCode"
    )
    select w.id, w.position, w."orderNo", w."listNo", s.currency, trim_scale(sum(
        case when s.nature = ${natures.refund} then -w.amount else w.amount end))::text as waiting
    from same w join settlement s on s.lane = w.lane and s.id = w.settlement_id
    where s.id <> w.id and w.reason = any(${[...waitingReasons]}::text[])
      and (s.direction in ('1', '3')) = w.inward
      and s.seller = any(string_to_array(w.sellers, ' '))
    group by 1, 2, 3, 4, 5
    having sum(case when s.nature = ${natures.refund} then -w.amount else w.amount end) > 0
    order by 1, 2, 5`.execute(trx)
  return found.rows
}
