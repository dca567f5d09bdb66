/**
 * Customs' exchange rates: one for a currency and a month, as announced. Nothing is seeded and
 * nothing stands in for a month that is missing.
 */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export interface ExchangeRate {
  /** Three digits, as the messages write it. */
  readonly currency: string
  /** `yyyy-MM` in which it is used. */
  readonly month: string
  /** CNY for one unit of the currency, decimal text. */
  readonly rate: string
  /** `yyyy-MM-dd` */
  readonly announcedOn: string
  readonly source: string
}

/** The rate that customs uses on a day, `yyyy-MM-dd`; undefined when none is entered. */
export const findExchangeRate = async (
  db: Db,
  currency: string,
  on: string,
): Promise<ExchangeRate | undefined> => {
  const found = await sql<ExchangeRate>`
    select currency, month, trim_scale(rate)::text as rate, announced_on::text as "announcedOn",
      source
    from exchange_rate where currency = ${currency} and month = ${on.slice(0, 7)}`.execute(db)
  return found.rows[0]
}
