/** How the value of a cell is written on paper, by the kind of its column. */
import { inCount, inGrowth, inPercent, inWan, inYuan } from './amounts.ts'
import type { ColumnKind } from './outline.ts'

/** What stands where nothing is known. */
export const UNKNOWN = '–'

export const cellText = (kind: ColumnKind, value: string | null): string => {
  if (value === null) return UNKNOWN
  return value === '' ? '' : WRITE[kind](value)
}

const asItIs = (text: string): string => text

const WRITE: Readonly<Record<ColumnKind, (value: string) => string>> = {
  text: asItIs,
  figure: asItIs,
  count: inCount,
  yuan: inYuan,
  money: inYuan,
  wan: inWan,
  share: inPercent,
  growth: inGrowth,
}
