/** Indicators of zones in a month as they were known at a moment behind the seal, out of the ledger. */
import { sql } from 'kysely'
import { standing } from './ledger-cells.ts'
import type { Db } from './tables.ts'

export interface ZoneAsOf {
  /** '' for undecided. */
  readonly zone: string
  /** Merchants with released lists. */
  readonly merchants: number
  /** Lists of which goods came back. */
  readonly returns: number
  /** Released lists by step of the scale in `catalogue/clearance.ts`. */
  readonly steps: Readonly<Record<string, number>>
}

/** `month` is yyyyMM. */
export const findZonesAsOf = async (
  db: Db,
  month: string,
  asOf: Date,
): Promise<readonly ZoneAsOf[]> => {
  const dims = ['merchant', 'clearance', 'returned']
  const found = await sql<ZoneAsOf>`
    with ${standing({ from: month, to: month }, asOf, dims)}, net as (
      select zone, dim, key, sum(count) as count from standing
      where scope = 'released' group by 1, 2, 3 having sum(count) <> 0
    )
    select zone, count(*) filter (where dim = 'merchant' and count > 0)::integer as merchants,
      coalesce(sum(count) filter (where dim = 'returned'), 0)::float8 as returns,
      coalesce(json_object_agg(key, count) filter (where dim = 'clearance'), '{}') as steps
    from net group by 1 order by 1`.execute(db)
  return found.rows
}
