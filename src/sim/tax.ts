/**
 * Tax of a retail import list inside the limits: duty nil, consumption tax and VAT at 70 %, each
 * rounded half up to the fen on every line; freight and insurance are shared out by value, the last
 * line takes the rest. The rates are those of the synthetic goods, for other goods the usual VAT:
 * enough for plausible bills, no assessment.
 */
import { goodsTable } from './goods.ts'

export interface TaxedLine {
  /** Ten digits. */
  readonly gcode: string
  /** Price of the whole line. */
  readonly fen: number
}

export interface LineTax {
  /** Price with its share of freight and insurance. */
  readonly baseFen: number
  readonly vatFen: number
  readonly consumptionFen: number
}

/** Takes the lines of one list and what freight and insurance cost it. */
export const taxLines = (lines: readonly TaxedLine[], costsFen: number): readonly LineTax[] => {
  const goodsFen = lines.reduce((sum, line) => sum + line.fen, 0)
  let left = costsFen
  return lines.map(({ gcode, fen }, i) => {
    const share =
      i === lines.length - 1 ? left : Math.floor((costsFen * fen) / Math.max(goodsFen, 1))
    left -= share
    const { vat, consumption } = rates.get(gcode) ?? USUAL
    const base = (fen + share) * 7
    const divisor = (100 - consumption) * 10
    return {
      baseFen: fen + share,
      vatFen: halfUp(base * vat, divisor),
      consumptionFen: halfUp(base * consumption, divisor),
    }
  })
}

/** Per cent. */
interface Rates {
  readonly vat: number
  readonly consumption: number
}

const USUAL: Rates = { vat: 13, consumption: 0 }

const rates: ReadonlyMap<string, Rates> = new Map(goodsTable.map((goods) => [goods.hs, goods]))

const halfUp = (dividend: number, divisor: number): number =>
  Math.floor((2 * dividend + divisor) / (2 * divisor))
