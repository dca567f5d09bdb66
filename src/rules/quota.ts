/**
 * The limits of a person's retail imports: what of a list counts, whether an order above its limit is
 * one single item, and what a return gives back. Pure; CNY as exact decimals.
 */
import type { FieldRecord, Quota } from '../catalogue/message.ts'
import { add, type Decimal, readDecimal, ZERO } from '../kernel/decimal.ts'
import { isReturnInTime, lineNumber, returnWindow, takenBy } from './returns.ts'

/** 1/100 CNY in units of a Decimal. */
const FEN = 1_000n

const toFen = (value: bigint, whole = 1n): Decimal => {
  const unit = FEN * whole
  return (((2n * value + unit) / (2n * unit)) * FEN) as Decimal
}

const read = (text: string | undefined): Decimal => readDecimal(text ?? '') ?? ZERO

/** Price with freight and insurance, half up to the fen: what counts for the order and the year. */
export const dutiableValue = (
  { charges, lines }: Quota,
  head: FieldRecord,
  goods: readonly FieldRecord[],
): Decimal =>
  toFen(
    add(
      ...charges.map((name) => read(head[name])),
      ...goods.map((line) => read(line[lines.amount])),
    ),
  )

/**
 * One line of one piece. The law speaks of a single indivisible item; a set sold as one piece is one,
 * two pieces on one line are not.
 */
export const isSingleItem = ({ lines }: Quota, goods: readonly FieldRecord[]): boolean =>
  goods.length === 1 && read(goods[0]?.[lines.quantity]) === read('1')

/** A return that customs granted; China days, yyyy-MM-dd. */
export interface GrantedReturn {
  readonly appliedOn: string
  readonly grantedOn: string
  readonly lines: readonly FieldRecord[]
}

export interface ReleasedList {
  /** Its dutiable value. */
  readonly value: Decimal
  readonly goods: readonly FieldRecord[]
  readonly releasedOn: string
}

/**
 * What returns give back of a list's value: the share of their goods, all of it when all goods went
 * back; freight and insurance go with the goods. One that was applied for late, or granted when the
 * goods should long have been back, gives nothing. `names`: number and quantity of a returned line.
 */
export const restoredValue = (
  { lines: { amount, number, quantity } }: Quota,
  list: ReleasedList,
  returns: readonly GrantedReturn[],
  days: { readonly apply: number; readonly arrive: number },
  names: { readonly number: string; readonly quantity: string },
): Decimal => {
  const window = returnWindow(list.releasedOn, days)
  const inTime = returns.filter((one) => isReturnInTime(window, one.appliedOn, one.grantedOn))
  const back = takenBy(
    inTime.flatMap(({ lines }) => lines),
    names,
  )
  const parts = list.goods.map((line) => {
    const listed = read(line[quantity])
    const returned = back.get(lineNumber(line[number] ?? '')) ?? ZERO
    return { listed, part: returned < listed ? returned : listed, amount: read(line[amount]) }
  })
  if (parts.every(({ listed, part }) => part === listed)) return list.value
  const total = add(...parts.map((line) => line.amount))
  if (total === 0n) return ZERO
  // The sum of amount × part / listed as one fraction, so that it is rounded once.
  const [above, below] = parts.reduce<readonly [bigint, bigint]>(
    ([over, under], line) =>
      line.listed === 0n
        ? [over, under]
        : [over * line.listed + line.amount * line.part * under, under * line.listed],
    [0n, 1n],
  )
  return toFen(list.value * above, below * total)
}
