/** Tax that orders say was collected, for lists that go with them. */
import { sql } from 'kysely'
import type { TaxRate } from '../catalogue/tax-rates.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'
import { ratesUnder } from './tax-rates.ts'

export interface WithheldAsked {
  readonly index: number
  /** Of the number of the consignment. */
  readonly lane: number
  readonly orderNo: string
  /** What the list waits for, as its companion offers it. */
  readonly offer: string
}

export interface Withheld {
  /** What the companions that are there say; one index may have several, or none. */
  readonly told: readonly { readonly index: number; readonly value: string }[]
  /** Rates under the codes asked for. */
  readonly rates: readonly TaxRate[]
}

/** Both in one statement; companions that say zero have collected nothing and are left out. */
export const findWithheld = async (
  db: Db,
  asked: readonly WithheldAsked[],
  codes: readonly string[],
): Promise<Withheld> => {
  if (asked.length === 0) return { told: [], rates: [] }
  const columns = { index: 'integer', lane: 'smallint', orderNo: 'text', offer: 'text' }
  const found = await sql<Withheld>`
    with told as (
      select r.index, p.withheld as value
      from ${rowsOf('r', columns, asked)}
      join consignment_part p on p.lane = r.lane and p.order_no = r."orderNo" and p.offer = r.offer
      where p.withheld ~ '[1-9]'
    )
    select coalesce((select json_agg(told) from told), '[]') as told,
      coalesce((
        select json_agg(q) from (${ratesUnder(codes)}) q where exists (select from told)
      ), '[]') as rates`.execute(db)
  return found.rows[0] ?? { told: [], rates: [] }
}
