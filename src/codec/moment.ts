/**
 * Whether 8, 14 or 17 digits are a real moment: the same answer as the kernel's `readStamp`, but by
 * arithmetic on the digits. A document carries two or three moments and `readStamp` makes a Date of
 * each, which alone would take a third of the time a check may take.
 */
const LAST_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const YEAR_MIN = 1900
const YEAR_MAX = 2999

/** True for yyyyMMdd, yyyyMMddHHmmss or yyyyMMddHHmmssSSS that exists, years 1900 to 2999. */
export const isMoment = (text: string, length: 8 | 14 | 17): boolean => {
  if (text.length !== length) return false
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) return false
  }
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  if (year < YEAR_MIN || year > YEAR_MAX) return false
  const month = twoDigits(text, 4)
  const day = twoDigits(text, 6)
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day < 1 || day > (leap ? 29 : (LAST_DAYS[month - 1] ?? 0))) return false
  return (
    length === 8 ||
    (twoDigits(text, 8) < 24 && twoDigits(text, 10) < 60 && twoDigits(text, 12) < 60)
  )
}

const twoDigits = (text: string, from: number): number =>
  (text.charCodeAt(from) - 48) * 10 + text.charCodeAt(from + 1) - 48
