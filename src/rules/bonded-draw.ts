/**
 * What a list draws from a bonded book. Pure: a line gives up to three quantities, each in a unit of
 * its own; the one in the unit in which the book counts the item is drawn.
 */
import { bondedBook } from '../catalogue/bonded-book.ts'
import type { FieldRecord } from '../catalogue/message.ts'
import { type Decimal, readDecimal } from '../kernel/decimal.ts'

/** The quantity in this unit; undefined when the line gives none in it. */
export const quantityIn = (line: FieldRecord, unit: string): Decimal | undefined => {
  const found = bondedBook.drawnBy.quantities.find((pair) => line[pair.unit] === unit)
  return found === undefined ? undefined : readDecimal(line[found.quantity] ?? '')
}
