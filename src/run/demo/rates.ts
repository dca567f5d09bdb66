/**
 * Exchange rates of the year that a demonstration plays, loaded as an operator loads them: without them
 * what is priced in dollars would be a gap in every figure. They are made up and say so: one whole number
 * for all months, so that anybody can check a converted amount. A rate that somebody loaded stays.
 */
import { Readable } from 'node:stream'
import { exchangeRates } from '../../catalogue/reference/taxes.ts'
import { loadReference, referenceCsv } from '../../flow/reference.ts'
import type { FlowDeps } from '../../flow/types.ts'
import { chinaDay, readStamp } from '../../kernel/clock.ts'
import { rateDay } from '../../rules/exchange-rates.ts'
import type { YearClock } from './year-clock.ts'

/** CNY for one unit, by currency code: what the lists of the plan are priced in beside CNY. */
const RATES: Readonly<Record<string, string>> = { '502': '7' }
const SOURCE =
  '演示数据：虚构汇率，并非海关公布 / demonstration: a rate made up, not one that customs announced'

/** Of each month of the year so far, at its beginning; what is summed up to then knows them as well. */
export const loadDemoRates = async (
  flow: FlowDeps,
  clock: YearClock,
  year: number,
): Promise<void> => {
  const today = chinaDay(flow.clock.now())
  for (let number = 1; number <= MONTHS; number += 1) {
    const first = `${year}-${String(number).padStart(2, '0')}-01`
    const at = readStamp(first.replaceAll('-', ''))
    if (at === undefined || first > today) break
    clock.goTo(at)
    await loadMonth(flow, first.slice(0, 7))
  }
  clock.catchUp()
}

const MONTHS = 12

const loadMonth = async (flow: FlowDeps, month: string): Promise<void> => {
  const known = await flow.db
    .selectFrom('exchange_rate')
    .select('currency')
    .where('month', '=', month)
    .execute()
  const announcedOn = rateDay(month, new Map())
  const rows = Object.entries(RATES)
    .filter(([currency]) => !known.some((row) => row.currency === currency))
    .map(([currency, rate]) => ({ currency, month, rate, announcedOn, source: SOURCE }))
  if (rows.length === 0) return
  const loaded = await loadReference(flow, {
    table: exchangeRates,
    bytes: Readable.from([Buffer.from(referenceCsv(exchangeRates, rows))]),
    given: {},
    ...{ replace: false, dryRun: false, by: 'demo' },
  })
  if (loaded.kind === 'refused') throw new Error(`rates: ${JSON.stringify(loaded.faults)}`)
}

/**
 * CNY for one unit, of those currencies that had one rate in all months of a year: what is released in
 * them can be converted without its month.
 */
export const steadyRates = async (
  { db }: Pick<FlowDeps, 'db'>,
  year: number,
): Promise<ReadonlyMap<string, string>> => {
  const rows = await db
    .selectFrom('exchange_rate')
    .select(['currency', 'rate'])
    .where('month', '>=', `${year}-01`)
    .where('month', '<=', `${year}-12`)
    .execute()
  const rates = new Map<string, Set<string>>()
  for (const { currency, rate } of rows)
    rates.set(currency, (rates.get(currency) ?? new Set()).add(String(Number(rate))))
  return new Map(
    [...rates].flatMap(([currency, all]) =>
      all.size === 1 ? [[currency, [...all][0] ?? '']] : [],
    ),
  )
}
