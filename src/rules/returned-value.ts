/**
 * What granted returns take off what a list counts: of each line its share of the value by quantity,
 * in the month of the grant, never more than the line has. Pure. What a line has lost after each return
 * is rounded as a whole, so that a line that went back in parts has lost exactly its value.
 */
import type { FieldRecord, Trade } from '../catalogue/message.ts'
import { type Decimal, readDecimal, subtract, ZERO } from '../kernel/decimal.ts'
import { amountOf, type CountedPart, partsOf } from './counts.ts'
import { lineNumber, takenBy } from './returns.ts'

export interface GrantedGoods {
  /** 17 digits of customs' time. */
  readonly grantedAt: string
  readonly lines: readonly FieldRecord[]
}

export interface TakenOff {
  /** yyyyMM */
  readonly month: string
  /** Negative. */
  readonly parts: readonly CountedPart[]
}

/** By month; months in which nothing is taken off are left out. */
export const takenOff = (
  trade: Trade,
  listed: readonly FieldRecord[],
  returns: readonly GrantedGoods[],
  names: { readonly number: string; readonly quantity: string },
): readonly TakenOff[] => {
  const ordered = [...returns].sort((a, b) =>
    a.grantedAt < b.grantedAt ? -1 : a.grantedAt > b.grantedAt ? 1 : 0,
  )
  const months = [...new Set(ordered.map(monthOf))]
  return months.flatMap((month) => {
    const until = takenBy(linesOf(ordered.filter((one) => monthOf(one) <= month)), names)
    const before = takenBy(linesOf(ordered.filter((one) => monthOf(one) < month)), names)
    const lines = listed.flatMap((line) => {
      const number = lineNumber(line[names.number] ?? '')
      const lost = (back: ReadonlyMap<string, Decimal>): Decimal =>
        shareOf(
          amountOf(trade, line),
          back.get(number) ?? ZERO,
          readDecimal(line[names.quantity] ?? '') ?? ZERO,
        )
      const amount = subtract(lost(before), lost(until))
      return amount === ZERO ? [] : [{ line, amount }]
    })
    return lines.length === 0 ? [] : [{ month, parts: partsOf(trade, lines) }]
  })
}

const monthOf = ({ grantedAt }: GrantedGoods): string => grantedAt.slice(0, 6)

const linesOf = (returns: readonly GrantedGoods[]): readonly FieldRecord[] =>
  returns.flatMap(({ lines }) => lines)

/** `value × part / whole`, half up to the fifth place; all of it from the whole on. */
const shareOf = (value: Decimal, part: Decimal, whole: Decimal): Decimal => {
  if (part <= ZERO || whole <= ZERO) return ZERO
  if (part >= whole) return value
  return ((2n * value * part + whole) / (2n * whole)) as Decimal
}
