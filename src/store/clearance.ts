/** How long customs took for a list, as one step of the scale in `catalogue/clearance.ts`. */
import { type RawBuilder, sql } from 'kysely'
import { CLEARANCE_RATIO, CLEARANCE_STEPS, UNMEASURED } from '../catalogue/clearance.ts'

/** In the text of the statement. */
const RATIO = sql.raw(String(CLEARANCE_RATIO))
const LAST = sql.raw(String(CLEARANCE_STEPS - 1))

/**
 * The step between two official times of 17 digits, as three digits. Customs' clocks may disagree: a
 * first word after the release is no time at all.
 */
export const clearanceOf = (from: RawBuilder<unknown>, to: RawBuilder<unknown>) => sql`
  case when ${from} is null then ${UNMEASURED} else lpad(least(${LAST}, floor(ln(greatest(1,
    extract(epoch from official_moment(${to}) - official_moment(${from})))::float8)
    / ln(${RATIO}::float8)))::integer::text, 3, '0') end`
