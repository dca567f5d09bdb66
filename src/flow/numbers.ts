/**
 * Numbers of documents that the gateway makes itself: a letter, sixteen characters derived from what
 * the document is about, and a count of two digits, so 19 characters, which fit every kind (the
 * shortest takes 20). The same subject gives the same numbers on every machine: two requests that
 * arrive together want the same one, and only one of them gets it.
 */
import { createHash } from 'node:crypto'
import { DERIVED_NUMBER_TRIES_MAX, DERIVED_NUMBERS_MAX } from '../kernel/limits.ts'
import type { Db } from '../store/tables.ts'
import { findNumbersTaken } from '../store/targets.ts'

/** Crockford's alphabet: nothing in it is mistaken for something else when read aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const DERIVED_LENGTH = 16

export const derivedNumber = (
  letter: string,
  subject: readonly string[],
  count: number,
): string => {
  const hash = createHash('sha256').update(JSON.stringify(subject)).digest()
  // 5 of 8 bits each: all characters are equally likely, 80 bits in all.
  const middle = Array.from(
    hash.subarray(0, DERIVED_LENGTH),
    (byte) => ALPHABET[byte & 31] ?? '0',
  ).join('')
  return `${letter}${middle}${String(count).padStart(2, '0')}`
}

/** The first number of the subject that no document of the kind bears; undefined when all are taken. */
export const freeNumber = async (
  db: Db,
  kind: string,
  letter: string,
  subject: readonly string[],
): Promise<string | undefined> => {
  const numbers = Array.from({ length: DERIVED_NUMBERS_MAX }, (_, i) =>
    derivedNumber(letter, subject, i + 1),
  )
  const taken = await findNumbersTaken(db, kind, numbers)
  return numbers.find((number) => !taken.has(number))
}

/**
 * Does what needs a free number, and again when somebody took it meanwhile: `isTaken` tells from the
 * outcome whether that may be so.
 */
export const withFreeNumber = async <T>(
  db: Db,
  wanted: { readonly kind: string; readonly letter: string; readonly subject: readonly string[] },
  attempt: (number: string | undefined) => Promise<T>,
  isRefused: (outcome: T) => boolean,
): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    const number = await freeNumber(db, wanted.kind, wanted.letter, wanted.subject)
    const outcome = await attempt(number)
    if (number === undefined || tries >= DERIVED_NUMBER_TRIES_MAX || !isRefused(outcome))
      return outcome
    const taken = await findNumbersTaken(db, wanted.kind, [number])
    if (!taken.has(number)) return outcome
  }
}
