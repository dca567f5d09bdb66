/** Dated rows: those that hold on a day, by columns `valid_from` and `valid_to`, both days included. */
import { type RawBuilder, sql } from 'kysely'

/** `on` is a China date, yyyy-MM-dd, or an expression that gives one. */
export const isInForce = (on: string | RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`valid_from <= ${on}::date and (valid_to is null or valid_to >= ${on}::date)`
