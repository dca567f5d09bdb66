/**
 * The digest of a document, by either method of the standard, over parts that follow one another:
 * the bytes before the signature and the bytes after it are digested without being joined.
 */
import { createHash } from 'node:crypto'
import type { FamilyNames } from './algorithms.ts'
import { sm3 } from './sm.ts'

export const digestOf = (
  method: FamilyNames['digest'],
  ...parts: readonly Uint8Array[]
): Uint8Array => {
  if (method === 'sm3') return sm3(...parts)
  const hash = createHash('sha1')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
