/** Tax that orders say was collected, for lists that go with them. */
import { sql } from 'kysely'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface WithheldAsked {
  readonly index: number
  /** Of the number of the consignment. */
  readonly lane: number
  readonly orderNo: string
  /** What the list waits for, as its companion offers it. */
  readonly offer: string
}

/** What the companions that are there say; one index may have several, or none. */
export const findWithheld = async (
  db: Db,
  asked: readonly WithheldAsked[],
): Promise<readonly { readonly index: number; readonly value: string }[]> => {
  if (asked.length === 0) return []
  const columns = { index: 'integer', lane: 'smallint', orderNo: 'text', offer: 'text' }
  const found = await sql<{ index: number; value: string }>`
    select r.index, p.withheld as value
    from ${rowsOf('r', columns, asked)}
    join consignment_part p on p.lane = r.lane and p.order_no = r."orderNo" and p.offer = r.offer
    where p.withheld is not null`.execute(db)
  return found.rows
}
