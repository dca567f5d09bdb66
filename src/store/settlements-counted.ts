/**
 * What a settlement record counts for: whether at all, on which side, and what its lines come to. The row
 * alias of a record is `s`, that of the sums of its lines `l`.
 */
import { type RawBuilder, sql } from 'kysely'
import { natures } from '../catalogue/settlement.ts'
import type { SettlementSource } from './settlements-then.ts'

/** Of a record `s`: it counts. Restored records state money again that others state. */
export const COUNTED = sql`(s.state = 'in-force' and s.nature <> ${natures.restored})`

/** Refunds take away. */
export const SIGN = sql`(case when s.nature = ${natures.refund} then -1 else 1 end)`

/** What the lines of a record `s` come to. */
export const lineSums = ({
  linesOf,
}: Pick<SettlementSource, 'linesOf'>): RawBuilder<unknown> => sql`(
  select coalesce(sum(i.amount), 0) as lines,
    coalesce(sum(i.amount) filter (where i.list_id is not null), 0) as matched,
    coalesce(sum(i.amount) filter (where i.reason = 'over'), 0) as over,
    count(*) filter (where i.reason is not null) as open_lines,
    coalesce(sum(i.amount) filter (where i.reason is not null), 0) as open_amount,
    count(*) filter (where i.reason = 'rate') as open_gaps
  from ${linesOf} i
)`

/** CNY without what is over, rounded down to the fen. */
export const COUNTED_RMB = sql`(
  s.rmb - coalesce(div(s.rmb * 100 * l.over, nullif(l.lines, 0)), 0) / 100)`
