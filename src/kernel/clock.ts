/**
 * Time. Nothing outside this file and `run/` asks the machine what time it is: a clock is handed
 * in, so that a test moves it. Wire times are China time (UTC+8, no summer time since 1991).
 */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

const CHINA_OFFSET_MS = 8 * 3_600_000

/** `yyyyMMddHHmmssSSS` in China time, the 17 digits of a reply's `returnTime`. */
export const stamp17 = (at: Date): string =>
  new Date(at.getTime() + CHINA_OFFSET_MS).toISOString().replace(/[-T:.Z]/g, '')

/** `yyyyMMddHHmmss` in China time, the 14 digits of `appTime`. */
export const stamp14 = (at: Date): string => stamp17(at).slice(0, 14)

/** `yyyyMMdd` in China time. */
export const date8 = (at: Date): string => stamp17(at).slice(0, 8)

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
  const full = digits.padEnd(17, '0')
  const iso = `${full.slice(0, 4)}-${full.slice(4, 6)}-${full.slice(6, 8)}T${full.slice(8, 10)}:${full.slice(10, 12)}:${full.slice(12, 14)}.${full.slice(14)}Z`
  if (iso < '1900' || iso >= '3') return undefined
  const asUtc = new Date(iso)
  if (Number.isNaN(asUtc.getTime())) return undefined
  const real = new Date(asUtc.getTime() - CHINA_OFFSET_MS)
  return stamp17(real) === full ? real : undefined
}

/** The day so many days after another, both `yyyy-MM-dd`. */
export const addDays = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)

/** Saturday or Sunday; takes `yyyy-MM-dd`. */
export const isWeekend = (day: string): boolean =>
  [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())
