/**
 * Time. Nothing outside this file and `run/` asks the machine what time it is: a clock is handed
 * in, so that a test moves it. Wire times are China time (UTC+8, no summer time since 1991).
 */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

export const DAY_MS = 86_400_000

const CHINA_OFFSET_MS = 8 * 3_600_000

/** `yyyyMMddHHmmssSSS` in China time, the 17 digits of a reply's `returnTime`. */
export const stamp17 = (at: Date): string => {
  const iso = new Date(at.getTime() + CHINA_OFFSET_MS).toISOString()
  const time = `${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}${iso.slice(20, 23)}`
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}${time}`
}

/** `yyyyMMddHHmmss` in China time, the 14 digits of `appTime`. */
export const stamp14 = (at: Date): string => stamp17(at).slice(0, 14)

/** `yyyyMMdd` in China time. */
export const date8 = (at: Date): string => stamp17(at).slice(0, 8)

/** `yyyy-MM-dd` of a stamp of 8 digits or more; other texts become no day. */
export const dayOfStamp = (digits: string): string =>
  `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`

/** `yyyy-MM-dd` in China time, as SQL reads a date. */
export const chinaDay = (at: Date): string => localDateTime(at).slice(0, 10)

/** `yyyy-MM-ddTHH:mm:ss` in China time without zone: `CreatTime` of the envelope. */
export const localDateTime = (at: Date): string =>
  new Date(at.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 19)

/**
 * Reads 8, 14 or 17 digits of China time; undefined when the moment does not exist (29 February of
 * a common year, hour 24). The year must lie between 1900 and 2999.
 */
export const readStamp = (digits: string): Date | undefined => {
  if (!/^(?:\d{8}|\d{14}|\d{17})$/.test(digits)) return undefined
  // By numbers: every document is asked for several moments, and reading a text costs five times that.
  const part = (from: number, to: number): number => Number(digits.slice(from, to))
  const [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)]
  const [hour, minute, second] = [part(8, 10), part(10, 12), part(12, 14)]
  if (year < 1900 || year > 2999 || hour > 23 || minute > 59 || second > 59) return undefined
  const time = Date.UTC(year, month - 1, day, hour, minute, second, part(14, 17))
  const read = new Date(time)
  // A day that its month does not have comes out as another day.
  if (read.getUTCMonth() !== month - 1 || read.getUTCDate() !== day) return undefined
  return new Date(time - CHINA_OFFSET_MS)
}

/** The day so many days after another, both `yyyy-MM-dd`. */
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10)

/** Saturday or Sunday; takes `yyyy-MM-dd`. */
export const isWeekend = (day: string): boolean =>
  [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
