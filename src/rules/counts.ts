/**
 * What a list counts by in the totals of trade: enterprises by role, country, and its amounts by
 * currency and chapter of the tariff. Pure. Amounts stay in their own currency; which rate makes CNY
 * of them follows from the month they count in, and that is not known when a list is handed in.
 */
import { YUAN } from '../catalogue/measures.ts'
import type { CountedRole, FieldRecord, Trade } from '../catalogue/message.ts'
import { add, type Decimal, readDecimal, writeDecimal, ZERO } from '../kernel/decimal.ts'

export interface CountedPart {
  /** Three digits. */
  readonly currency: string
  /** First two digits of the commodity code; '' where there is none. */
  readonly chapter: string
  /** Decimal text in that currency. */
  readonly amount: string
}

export interface Counts {
  readonly dims: Readonly<Partial<Record<CountedRole | 'country' | 'undecided', string>>>
  /** By currency and chapter, each pair once; at least one. */
  readonly parts: readonly CountedPart[]
}

export const countsOf = (
  trade: Trade,
  head: FieldRecord,
  lines: readonly FieldRecord[],
): Counts => {
  const named = Object.entries({ ...trade.parties, country: trade.country })
    .map(([dim, field]) => [dim, head[field] ?? ''] as const)
    .filter(([, value]) => value !== '')
  const parts = partsOf(
    trade,
    lines.map((line) => ({ line, amount: amountOf(trade, line) })),
  )
  return {
    dims: Object.fromEntries(named),
    parts: parts.length === 0 ? [{ currency: YUAN, chapter: '', amount: '0' }] : parts,
  }
}

/** The sum where all of it is in CNY. */
export const yuanOf = ({ parts }: Counts): string | null =>
  parts.every(({ currency }) => currency === YUAN)
    ? writeDecimal(add(...parts.map(({ amount }) => readDecimal(amount) ?? ZERO)))
    : null

/** Amounts of lines, merged and in one order, so that the same list always gives the same parts. */
export const partsOf = (
  trade: Trade,
  lines: readonly { readonly line: FieldRecord; readonly amount: Decimal }[],
): readonly CountedPart[] => {
  const sums = new Map<string, Decimal>()
  for (const { line, amount } of lines) {
    const key = `${currencyOf(trade, line)} ${chapterOf(trade, line)}`
    sums.set(key, add(sums.get(key) ?? ZERO, amount))
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, amount]) => {
      const [currency = '', chapter = ''] = key.split(' ')
      return { currency, chapter, amount: writeDecimal(amount) }
    })
}

/** What a line counts, in its own currency. */
export const amountOf = ({ lines }: Trade, line: FieldRecord): Decimal =>
  readDecimal(line[lines.amount] ?? '') ?? ZERO

const currencyOf = ({ lines }: Trade, line: FieldRecord): string =>
  /^\d{3}$/.test(lines.currency) ? lines.currency : (line[lines.currency] ?? '')

const chapterOf = ({ lines }: Trade, line: FieldRecord): string =>
  /^\d\d/.exec(line[lines.code] ?? '')?.[0] ?? ''
