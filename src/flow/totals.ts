/**
 * Totals: value and count of released lists, in a named scope, with the distance to the target. The
 * slots are kept by the transaction of every status change (`store/evidence.ts`); a rebuild from
 * documents and events gives the same figures to the fen.
 */
import { declarations } from '../catalogue/index.ts'
import { chinaDay, stamp17 } from '../kernel/clock.ts'
import { add, readDecimal, writeDecimal, ZERO } from '../kernel/decimal.ts'
import type { Text } from '../kernel/fault.ts'
import { rebuildTotals, sumTotals, type TotalsKey, zoneNames } from '../store/totals.ts'
import { inTransaction } from '../store/transaction.ts'
import { findTarget } from '../store/year-targets.ts'
import { kindFacts } from './kinds.ts'
import type { FlowDeps, Totals, TotalsBy } from './types.ts'

export interface TotalsQuery {
  /** Calendar year, China time; the current one when left out. */
  readonly year?: number | undefined
  readonly by: TotalsBy
}

export const totals = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  query: TotalsQuery,
): Promise<Totals> => {
  const now = deps.clock.now()
  const year = query.year ?? Number(stamp17(now).slice(0, 4))
  const column = COLUMN[query.by]
  const sums = await sumTotals(deps.db, { scope: SCOPE, year, by: column })
  const names = query.by === 'zone' ? await zoneLabels(deps) : undefined
  const rows = sums.map((row) => ({ ...row, label: labelOf(query.by, row.key, names) }))
  const amount = add(...rows.map((row) => readDecimal(row.amount) ?? ZERO))
  const target = await findTarget(deps.db, { year, on: chinaDay(now) })
  return {
    scope: SCOPE,
    definition,
    asOf: now.toISOString(),
    year,
    by: query.by,
    rows,
    total: {
      count: rows.reduce((sum, row) => sum + row.count, 0),
      amount: writeDecimal(amount),
    },
    target: target && {
      year,
      amount: plain(target.amount),
      progress: fraction(amount, readDecimal(plain(target.amount)) ?? ZERO),
      source: target.source,
    },
    sources: SOURCES,
  }
}

/** Computes the totals anew from documents and events; an operator's command. */
export const rebuild = async (deps: Pick<FlowDeps, 'db'>): Promise<void> =>
  inTransaction(deps.db, (trx) => rebuildTotals(trx, kindFacts))

const SCOPE = 'released'

/** What the figures are made of: the declarations that count, and the replies that say so. */
const SOURCES = declarations.flatMap(({ trade, code, reply }) => (trade ? [code, reply] : []))

const definition: Text = {
  zh: '已放行（含结关）进口清单的商品总价之和，人民币；按首次放行的北京时间月份计；每份清单只计一次，退单、撤销不计；出口清单可为外币，暂不计入',
  en: 'Sum of line totals of released (or closed) import lists in CNY, by the China-time month of first release; each list once, refused and cancelled ones not; export lists, which may be in foreign currency, not yet',
}

const COLUMN: Readonly<Record<TotalsBy, TotalsKey>> = {
  zone: 'zone',
  mode: 'trade_mode',
  month: 'month',
  direction: 'direction',
}

const zoneLabels = async (deps: Pick<FlowDeps, 'db'>): Promise<ReadonlyMap<string, Text>> =>
  new Map((await zoneNames(deps.db)).map(({ code, zh, en }) => [code, { zh, en }]))

const directions: Readonly<Record<string, Text>> = {
  import: { zh: '进口', en: 'Import' },
  export: { zh: '出口', en: 'Export' },
}

const labelOf = (by: TotalsBy, key: string, zones: ReadonlyMap<string, Text> | undefined): Text => {
  if (by === 'zone')
    return (
      zones?.get(key) ?? { zh: key === '' ? '未归属' : key, en: key === '' ? 'Undecided' : key }
    )
  if (by === 'direction') return directions[key] ?? { zh: key, en: key }
  if (by === 'month') {
    const month = `${key.slice(0, 4)}-${key.slice(4)}`
    return { zh: month, en: month }
  }
  return { zh: key, en: key }
}

/** `numeric` text without trailing zeros. */
const plain = (amount: string): string =>
  amount.replace(/\.?0+$/, (end) => (end.includes('.') ? '' : end))

/** a / b with 8 places, rounded down: progress is never overstated. */
const fraction = (a: bigint, b: bigint): string => {
  if (b === 0n) return '0'
  const scaled = ((a * 100_000_000n) / b).toString().padStart(9, '0')
  return `${scaled.slice(0, -8)}.${scaled.slice(-8)}`
}
