/**
 * What buyers have used of their year (财关税〔2018〕49号): the office's own book, by id number and
 * calendar year, over everything it let pass. Value is price, freight and insurance of the list.
 * Cancellations and returns give back. Only so many buyers are remembered.
 */
import type { FieldRecord } from '../catalogue/message.ts'
import { add, type Decimal, proportion, readDecimal, subtract, ZERO } from '../kernel/decimal.ts'

/** What one list takes of a buyer's year. */
export interface YearUse {
  /** Buyer and year. */
  readonly key: string
  readonly value: Decimal
}

export interface Years {
  /** Whether the list would take its buyer above the limit of his year. */
  exceeds(use: YearUse): boolean
  take(use: YearUse): void
  giveBack(use: YearUse): void
}

/** CNY, since 2019. */
const YEAR_MAX = readDecimal('26000') ?? ZERO

export const createYears = (remember: number): Years => {
  const used = new Map<string, Decimal>()
  const move = (key: string, value: Decimal): void => {
    used.set(key, value)
    if (used.size <= remember) return
    for (const oldest of used.keys()) {
      used.delete(oldest)
      return
    }
  }
  const usedBy = ({ key }: YearUse): Decimal => used.get(key) ?? ZERO
  return {
    exceeds: (use) => add(usedBy(use), use.value) > YEAR_MAX,
    take: (use) => move(use.key, add(usedBy(use), use.value)),
    giveBack: (use) => move(use.key, subtract(usedBy(use), use.value)),
  }
}

/** Undefined for a document that names no buyer. */
export const yearUseOf = (
  head: FieldRecord,
  facts: FieldRecord,
  amount: Decimal,
  appTime: string,
): YearUse | undefined => {
  const { buyerIdNumber } = head
  if (buyerIdNumber === undefined) return undefined
  const costs = [facts.freight, facts.insuredFee].map((text) => readDecimal(text ?? '') ?? ZERO)
  return { key: `${appTime.slice(0, 4)} ${buyerIdNumber}`, value: add(amount, ...costs) }
}

/** The part of it that goods sent back make up; costs are not given back. */
export const returnedUse = (
  { key }: YearUse,
  listed: readonly FieldRecord[],
  lines: readonly FieldRecord[],
): YearUse => ({ key, value: returnedPrices(listed, lines) })

/** The prices of goods sent back, by the part of each line. */
export const returnedPrices = (
  listed: readonly FieldRecord[],
  lines: readonly FieldRecord[],
): Decimal => {
  const prices = lines.map(({ gnum, qty }) => {
    const goods = listed.find((each) => each.gnum === gnum)
    const [price, part, whole] = [goods?.totalPrice, qty, goods?.qty].map(
      (text) => readDecimal(text ?? '') ?? ZERO,
    )
    return proportion(price ?? ZERO, part ?? ZERO, whole ?? ZERO) ?? ZERO
  })
  return add(ZERO, ...prices)
}
