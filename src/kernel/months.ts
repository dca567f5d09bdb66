/**
 * Calendar months in China, written `yyyyMM` as totals write them. Pure: no month here depends on
 * where the program runs.
 */
import { DAY_MS, readStamp } from './clock.ts'

/** So many months later, or earlier where `count` is negative; takes and gives `yyyyMM`. */
export const monthAfter = (month: string, count: number): string => {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(4)) - 1 + count
  const year = Math.floor(months / 12)
  return `${String(year).padStart(4, '0')}${String(months - year * 12 + 1).padStart(2, '0')}`
}

/** The moment a month begins in China. Throws for a month that does not exist. */
export const startOfMonth = (month: string): Date => {
  const start = readStamp(`${month}01`)
  if (start === undefined) throw new Error(`no such month: ${month}`)
  return start
}

/** 28 to 31. */
export const daysInMonth = (month: string): number =>
  (startOfMonth(monthAfter(month, 1)).getTime() - startOfMonth(month).getTime()) / DAY_MS

/** The twelve months of a year. */
export const monthsOfYear = (year: number): readonly string[] =>
  Array.from({ length: 12 }, (_, index) => monthAfter(`${year}01`, index))
