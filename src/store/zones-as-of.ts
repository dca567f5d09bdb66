/** Indicators of zones in a month as they were known at a moment behind the seal. */
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
  /** Replies that refused a version of a list, and taxes billed, CNY; null while that was not kept yet. */
  readonly refusals: number | null
  readonly taxes: string | null
}

/** Of a month and zone: replies that refused a version of a list, and taxes billed, CNY. */
export interface KnownThen {
  readonly month: string
  readonly zone: string
  readonly refusals: number
  readonly taxes: string
}

/**
 * Refusals and taxes of months, of one zone if it is named; null as of a moment from which they were not
 * kept. `since` is when that began.
 */
export const findKnownThen = async (
  db: Db,
  {
    months,
    zone,
    asOf,
  }: {
    readonly months: readonly string[]
    readonly zone: string | undefined
    readonly asOf: Date
  },
): Promise<{ readonly since: Date; readonly known: readonly KnownThen[] | null }> => {
  const isInZone = zone === undefined ? sql`true` : sql`e.zone = ${zone}`
  const found = await sql<{ since: Date; known: readonly KnownThen[] | null }>`
    select s.at as since, case when s.at <= ${asOf} then coalesce(k.known, '[]') end as known
    from zone_entry_start s cross join (
      select json_agg(c) as known from (
        select e.month, e.zone, sum(e.refusals)::float8 as refusals,
          trim_scale(sum(e.taxes))::text as taxes
        from zone_entry e
        where e.month = any(${months}::text[]) and e.recorded_at <= ${asOf} and ${isInZone}
        group by 1, 2
      ) c
    ) k`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new Error('it is kept since when refusals and taxes are')
  return row
}

/** `month` is yyyyMM. A zone of which nothing was known is left out. */
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
    ), trade as (
      select zone, count(*) filter (where dim = 'merchant' and count > 0)::integer as merchants,
        coalesce(sum(count) filter (where dim = 'returned'), 0)::float8 as returns,
        coalesce(json_object_agg(key, count) filter (where dim = 'clearance'), '{}') as steps
      from net group by 1
    ), told as (
      select e.zone, sum(e.refusals)::float8 as refusals, sum(e.taxes) as taxes from zone_entry e
      where e.month = ${month} and e.recorded_at <= ${asOf} group by 1
    )
    select zone, coalesce(t.merchants, 0) as merchants, coalesce(t.returns, 0) as returns,
      coalesce(t.steps, '{}') as steps,
      case when s.at <= ${asOf} then coalesce(k.refusals, 0) end as refusals,
      case when s.at <= ${asOf} then trim_scale(coalesce(k.taxes, 0))::text end as taxes
    from zone_entry_start s cross join (trade t full join told k using (zone)) order by 1`.execute(
    db,
  )
  return found.rows
}
