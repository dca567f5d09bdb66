/**
 * Reads the bytes of one CEB message, ours or anybody's: any prefix, a default namespace or none,
 * byte order mark, declaration, stray blanks. Values stay text (`0012` is `0012`). Nothing is
 * expanded, fetched or guessed: DOCTYPE, foreign entities, other encodings than UTF-8 and broken
 * XML are refused with a code each (`xml-faults.ts`).
 */
import { findMessage } from '../catalogue/index.ts'
import type { Message } from '../catalogue/message.ts'
import { readTree } from './read-tree.ts'
import { scanMessage } from './scan.ts'
import type { ReadResult } from './types.ts'
import { xmlFault } from './xml-faults.ts'
import { decodeXml } from './xml-text.ts'
import { parseXml } from './xml-tree.ts'

/** The entry of a code like `CEB311`, or undefined. */
export type FindMessage = (code: string) => Message | undefined

/** Never throws. The documents of a message are still to be checked. */
export const readMessage = (bytes: Uint8Array, find: FindMessage = findMessage): ReadResult => {
  const decoded = decodeXml(bytes)
  if (decoded.kind === 'fault') return { kind: 'unreadable', faults: [xmlFault(decoded.fault)] }
  const message = scanMessage(decoded.text, find)
  return message === undefined ? readThoroughly(decoded.text, find) : { kind: 'message', message }
}

/** The reader for everything irregular; the quick one must give the same wherever it gives any. */
export const readThoroughly = (text: string, find: FindMessage = findMessage): ReadResult => {
  const parsed = parseXml(text)
  return parsed.kind === 'fault'
    ? { kind: 'unreadable', faults: [xmlFault(parsed.fault)] }
    : readTree(parsed.root, find)
}
