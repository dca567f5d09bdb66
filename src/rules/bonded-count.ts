/**
 * A physical count beside the book. Pure: takes what was found and what the book says, both of the
 * same moment, and tells the differences; positive means that more was found.
 */
import { add, type Decimal, subtract, ZERO } from '../kernel/decimal.ts'

export interface Counted {
  readonly itemRecordNo: string
  readonly quantity: Decimal
}

export interface CountLine {
  readonly itemRecordNo: string
  readonly counted: Decimal
  readonly booked: Decimal
  readonly difference: Decimal
}

/** One line per item, in the order of their numbers; rows of the same item are added up. */
export const compareCount = (
  counted: readonly Counted[],
  booked: ReadonlyMap<string, Decimal>,
): readonly CountLine[] => {
  const found = new Map<string, Decimal>()
  for (const { itemRecordNo, quantity } of counted)
    found.set(itemRecordNo, add(found.get(itemRecordNo) ?? ZERO, quantity))
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([itemRecordNo, quantity]) => {
      const stock = booked.get(itemRecordNo) ?? ZERO
      const difference = subtract(quantity, stock)
      return { itemRecordNo, counted: quantity, booked: stock, difference }
    })
}
