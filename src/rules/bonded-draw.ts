/**
 * What a list draws from a bonded book, and what its returns bring back. Pure. A line gives up to three
 * quantities, each in a unit of its own; the one in the unit in which the book counts the item is
 * drawn. A return names lines by their number and gives a part of the traded quantity: the same part of
 * what was drawn comes back.
 */
import type { Draws, FieldRecord } from '../catalogue/message.ts'
import { add, type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { lineNumber, takenBy } from './returns.ts'

export interface DrawnQuantity {
  readonly amount: Decimal
  /** Field it stands in. */
  readonly field: string
}

/** The quantity in this unit; undefined when the line gives none in it. */
export const quantityIn = (
  { lines }: Draws,
  line: FieldRecord,
  unit: string,
): DrawnQuantity | undefined => {
  const found = lines.quantities.find((pair) => line[pair.unit] === unit)
  const amount = found === undefined ? undefined : readDecimal(line[found.amount] ?? '')
  return found === undefined || amount === undefined ? undefined : { amount, field: found.amount }
}

/** What returns bring back of one item, in the unit of the book; never more than was drawn of a line. */
export const returnedQuantity = (
  draws: Draws,
  item: { readonly itemRecordNo: string; readonly unit: string },
  listed: readonly FieldRecord[],
  returned: readonly FieldRecord[],
  names: { readonly number: string; readonly quantity: string },
): Decimal => {
  const { lines } = draws
  const back = takenBy(returned, names)
  return add(
    ...listed
      .filter((line) => line[lines.item] === item.itemRecordNo)
      .map((line) => {
        const part = back.get(lineNumber(line[lines.number] ?? '')) ?? ZERO
        const whole = readDecimal(line[names.quantity] ?? '') ?? ZERO
        const drawn = quantityIn(draws, line, item.unit)?.amount ?? ZERO
        if (part <= ZERO) return ZERO
        if (part >= whole) return drawn
        // Down to the fifth place: what does not come out even stays out.
        return ((drawn * part) / whole) as Decimal
      }),
  )
}
