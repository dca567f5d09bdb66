/**
 * Sense of settlement records, judged by themselves and against the lists they are for. Pure; exact
 * decimals and fractions, nothing is rounded but where it says so. 汇发〔2020〕11号 for netted costs.
 */

import { natures, settlementDirections, YUAN } from '../catalogue/settlement.ts'
import { nettingCodes } from '../catalogue/settlement-codes.ts'
import { add, type Decimal, readDecimal, subtract, ZERO } from '../kernel/decimal.ts'
import {
  compare,
  type Fraction,
  fraction,
  halfUp,
  minus,
  NOTHING,
  plus,
  readFraction,
  times,
  WHOLE,
} from '../kernel/fraction.ts'

/** A record as it is reckoned with; amounts in its currency but for `rmb`. */
export interface SettlementFigures {
  readonly nature: string
  readonly direction: keyof typeof settlementDirections
  readonly currency: string
  readonly gross: Decimal
  readonly costs: readonly Decimal[]
  readonly net: Decimal
  /** Decimal text of up to eight places. */
  readonly rate: string
  readonly rmb: Decimal
  readonly lines: readonly Decimal[]
  readonly bopCode: string
}

export type SettlementProblem =
  | 'gross-NOT_POSITIVE'
  | 'costs-NEGATIVE'
  | 'net-DIFFERS'
  | 'net-NEGATIVE'
  | 'gross-LINES_DIFFER'
  | 'amount-NOT_POSITIVE'
  | 'currency-NOT_RMB'
  | 'currency-RMB'
  | 'rate-NOT_ONE'
  | 'rate-NOT_POSITIVE'
  | 'rmb-DIFFERS'
  | 'bopCode-NETTING'
  | 'bopCode-NOT_NETTING'

export interface SettlementVerdict {
  readonly what: SettlementProblem
  /** Both sides, decimal text, where two amounts differ. */
  readonly values?: Readonly<Record<string, Decimal | string>>
  /** Place of the line, or of the cost, it is about. */
  readonly place?: number
}

/** `tolerance` is what `rmb` may differ by, CNY as decimal text. */
export const judgeFigures = (
  record: SettlementFigures,
  tolerance: string,
): readonly SettlementVerdict[] => {
  const { gross, costs, net, lines } = record
  const found: SettlementVerdict[] = []
  if (gross <= ZERO) found.push({ what: 'gross-NOT_POSITIVE' })
  for (const [place, cost] of costs.entries())
    if (cost < ZERO) found.push({ what: 'costs-NEGATIVE', place })
  const expected = subtract(gross, add(...costs))
  if (net < ZERO) found.push({ what: 'net-NEGATIVE' })
  if (net !== expected) found.push({ what: 'net-DIFFERS', values: { net, expected } })
  for (const [place, amount] of lines.entries())
    if (amount <= ZERO) found.push({ what: 'amount-NOT_POSITIVE', place })
  const sum = add(...lines)
  if (sum !== gross) found.push({ what: 'gross-LINES_DIFFER', values: { gross, lines: sum } })
  return [...found, ...judgeMoney(record, tolerance), ...judgeCode(record)]
}

const judgeMoney = (
  { direction, currency, net, rate, rmb }: SettlementFigures,
  tolerance: string,
): readonly SettlementVerdict[] => {
  const found: SettlementVerdict[] = []
  const { rmb: isRmb } = settlementDirections[direction]
  if (isRmb !== (currency === YUAN))
    found.push({ what: isRmb ? 'currency-NOT_RMB' : 'currency-RMB' })
  const factor = readFraction(rate) ?? NOTHING
  if (compare(factor, NOTHING) <= 0) return [...found, { what: 'rate-NOT_POSITIVE' }]
  if (isRmb && compare(factor, WHOLE) !== 0) found.push({ what: 'rate-NOT_ONE' })
  const expected = halfUp(times(fractionOf(net), factor), 2)
  const off = minus(fractionOf(rmb), expected)
  const size = off.above < 0n ? minus(NOTHING, off) : off
  if (compare(size, readFraction(tolerance) ?? NOTHING) > 0)
    found.push({ what: 'rmb-DIFFERS', values: { rmb, expected: decimalOf(expected) } })
  return found
}

/** Whether a rate is off customs' rate by more than a share of it; CNY for one unit, decimal texts. */
export const isFarOff = (rate: string, customs: string, tolerance: string): boolean => {
  const own = readFraction(rate) ?? NOTHING
  const official = readFraction(customs) ?? NOTHING
  const margin = times(official, readFraction(tolerance) ?? NOTHING)
  return compare(own, plus(official, margin)) > 0 || compare(own, minus(official, margin)) < 0
}

/** Which code belongs to netting is not sure enough to refuse anything: both of these warn. */
const judgeCode = ({
  nature,
  costs,
  net,
  bopCode,
}: SettlementFigures): readonly SettlementVerdict[] => {
  const nets = nature === natures.actual && add(...costs) > ZERO
  const expected = net === ZERO ? nettingCodes.without : nettingCodes.with
  if (nets && bopCode !== expected)
    return [{ what: 'bopCode-NETTING', values: { bopCode, expected } }]
  const isNetting = Object.values<string>(nettingCodes).includes(bopCode)
  return !nets && isNetting ? [{ what: 'bopCode-NOT_NETTING' }] : []
}

// ---- against the list ----------------------------------------------------------------------------

export interface Amount {
  /** Three digits. */
  readonly currency: string
  readonly amount: Decimal
}

/** CNY for one unit, decimal text; undefined where none is entered for the month. */
export type RateOf = (currency: string) => string | undefined

export interface Standing {
  /** The list's own currency, CNY where it has several. */
  readonly currency: string
  readonly value: Decimal
  readonly settled: Decimal
  /** The comparison went over rates. */
  readonly converted: boolean
}

/**
 * What of a list is settled, in its own currency where all amounts are in that one, which is exact;
 * else in CNY at the rates of one month for both sides. Undefined where a rate is missing.
 */
export const standingOf = (
  values: readonly Amount[],
  settled: readonly Amount[],
  rateOf: RateOf,
): Standing | undefined => {
  const own = new Set(values.map(({ currency }) => currency))
  const all = new Set([...own, ...settled.map(({ currency }) => currency)])
  const [only = YUAN] = own
  if (all.size <= 1)
    return { currency: only, value: sum(values), settled: sum(settled), converted: false }
  const [value, paid] = [inYuan(values, rateOf), inYuan(settled, rateOf)]
  if (value === undefined || paid === undefined) return undefined
  return { currency: YUAN, value, settled: paid, converted: true }
}

const sum = (amounts: readonly Amount[]): Decimal => add(...amounts.map(({ amount }) => amount))

const inYuan = (amounts: readonly Amount[], rateOf: RateOf): Decimal | undefined => {
  const parts = amounts.map(({ currency, amount }) => {
    const rate = currency === YUAN ? '1' : rateOf(currency)
    const factor = rate === undefined ? undefined : readFraction(rate)
    return factor === undefined ? undefined : times(fractionOf(amount), factor)
  })
  return parts.every((part) => part !== undefined)
    ? decimalOf(halfUp(plus(...parts), 5))
    : undefined
}

/** Share of the value as decimal text; used only where amounts were converted. */
export const isBeyond = ({ value, settled, converted }: Standing, tolerance: string): boolean => {
  const limit = converted
    ? times(fractionOf(value), plus(WHOLE, readFraction(tolerance) ?? NOTHING))
    : fractionOf(value)
  return compare(fractionOf(settled), limit) > 0
}

/** Something of it is left to be settled; a rest that rates alone may explain is none. */
export const isOpen = ({ value, settled, converted }: Standing, tolerance: string): boolean => {
  const rest = fractionOf(subtract(value, settled))
  const least =
    converted && settled > ZERO
      ? times(fractionOf(value), readFraction(tolerance) ?? NOTHING)
      : NOTHING
  return compare(rest, least) > 0
}

// ---- one amount over several lists ---------------------------------------------------------------

/**
 * Splits an amount of fen in proportion to weights, to the fen, so that the parts add up to it: each
 * is rounded down and the last one takes the rest.
 */
export const splitFen = (whole: Decimal, weights: readonly Decimal[]): readonly Decimal[] => {
  const total = add(...weights)
  if (total === ZERO) return weights.map((_, place) => (place === 0 ? whole : ZERO))
  let left: bigint = whole
  return weights.map((weight, place) => {
    const part = place === weights.length - 1 ? left : (((whole / FEN) * weight) / total) * FEN
    left -= part
    return part as Decimal
  })
}

/** A fen in the scale of decimals. */
const FEN = 1_000n

const fractionOf = (value: Decimal): Fraction => fraction(value, DECIMAL_ONE)
const DECIMAL_ONE = 100_000n

/** Of a value that has no more than five places. */
const decimalOf = ({ above, below }: Fraction): Decimal =>
  ((above * DECIMAL_ONE) / below) as Decimal

/** Decimal text that passed the check. */
export const amountOf = (text: string | undefined): Decimal => readDecimal(text ?? '') ?? ZERO
