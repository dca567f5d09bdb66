/**
 * Check digits of the numbers that name persons and firms: the resident identity number
 * (GB 11643-1999), the unified social credit code (GB 32100-2015) and the organisation code inside
 * it (GB 11714-1997). They tell a slip of the hand, never that somebody exists.
 */
import { readStamp } from './clock.ts'

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const RESIDENT_CHECKS = '10X98765432'

const CREDIT_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** Powers of 3 modulo 31. */
const CREDIT_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

const ORGANISATION_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** The 18th character for the first 17 digits of a resident identity number. */
export const residentIdCheckDigit = (first17: string): string => {
  let sum = 0
  for (let i = 0; i < RESIDENT_WEIGHTS.length; i += 1)
    sum += (first17.charCodeAt(i) - 48) * (RESIDENT_WEIGHTS[i] ?? 0)
  return RESIDENT_CHECKS.charAt(sum % 11)
}

/** 17 digits, and a digit or X; a small `x` is taken for it. */
export const hasResidentIdForm = (text: string): boolean => /^[1-9]\d{16}[\dXx]$/.test(text)

/** Form, date of birth and check digit. */
export const isResidentId = (text: string): boolean =>
  hasResidentIdForm(text) &&
  readStamp(text.slice(6, 14)) !== undefined &&
  residentIdCheckDigit(text) === text.charAt(17).toUpperCase()

/** The 18th character for the first 17 of a credit code; undefined for a character it never has. */
export const creditCodeCheckDigit = (first17: string): string | undefined => {
  const sum = weigh(first17, CREDIT_ALPHABET, CREDIT_WEIGHTS)
  // The outer modulo matters: a sum divisible by 31 has the check digit 0.
  return sum === undefined ? undefined : CREDIT_ALPHABET.charAt((31 - (sum % 31)) % 31)
}

/** 18 characters of the alphabet, the division in digits. */
export const hasCreditCodeForm = (text: string): boolean =>
  /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)

/**
 * Form and check digit. Some codes of the first years fail it although their owners exist
 * (domain rule): a caller that knows the owner otherwise should warn instead of refusing.
 */
export const isCreditCode = (text: string): boolean =>
  hasCreditCodeForm(text) && creditCodeCheckDigit(text) === text.charAt(17)

/** The 9th character for the first 8 of an organisation code (characters 9 to 17 of a credit code). */
export const organisationCodeCheckDigit = (first8: string): string | undefined => {
  const sum = weigh(first8, ORGANISATION_ALPHABET, ORGANISATION_WEIGHTS)
  return sum === undefined ? undefined : '0123456789X'.charAt((11 - (sum % 11)) % 11)
}

/** A customs registration code: division, kinds of area and firm, and a serial that may hold letters. */
export const hasCustomsCodeForm = (text: string): boolean => /^\d{4}[0-9A-Z]{6}$/.test(text)

/** A personal number as it is compared: a resident id may end in a small x. */
export const personNumber = (text: string): string =>
  hasResidentIdForm(text) ? text.toUpperCase() : text

/** Sum of character values times weights; undefined when a character is not of the alphabet. */
const weigh = (text: string, alphabet: string, weights: readonly number[]): number | undefined => {
  let sum = 0
  for (const [i, weight] of weights.entries()) {
    const character = text.charAt(i)
    const value = character === '' ? -1 : alphabet.indexOf(character)
    if (value < 0) return undefined
    sum += value * weight
  }
  return sum
}
