/**
 * The shared texts of a workbook: up to millions, each needed whenever a cell names it. As UTF-8 in
 * a few large buffers they take a third of what they would as strings.
 */
import {
  SHEET_CELL_LENGTH_MAX,
  SHEET_STRINGS_BYTES_MAX,
  SHEET_STRINGS_MAX,
} from '../../kernel/limits.ts'
import { Unreadable } from './faults.ts'
import { feedAll, type XmlEvents } from './xml-feed.ts'

export interface StringPool {
  /** Throws Unreadable when there are too many, or they are too long in all. */
  add(text: string): void
  /** undefined when there is no text of this number. */
  get(index: number): string | undefined
}

/** The longest text, 32,767 characters, fits with its length. */
const BLOCK_BYTES = 1024 * 1024
const BLOCK_PLACES = 64 * 1024
const LENGTH_BYTES = 4
/** Texts remembered so that an equal one is kept once; some programs do not share what they could. */
const REMEMBERED = 10_000

export const createStringPool = (): StringPool => {
  const blocks: Buffer[] = []
  const places: Uint32Array[] = []
  const remembered = new Map<string, number>()
  let count = 0
  let used = BLOCK_BYTES
  const blockFor = (length: number): Buffer => {
    const last = blocks.at(-1)
    if (last !== undefined && used + length <= BLOCK_BYTES) return last
    if ((blocks.length + 1) * BLOCK_BYTES > SHEET_STRINGS_BYTES_MAX)
      throw new Unreadable('TOO_MANY_STRINGS')
    const fresh = Buffer.allocUnsafe(BLOCK_BYTES)
    blocks.push(fresh)
    used = 0
    return fresh
  }
  /** Its place among all bytes. */
  const write = (text: string): number => {
    const length = Buffer.byteLength(text)
    const block = blockFor(length + LENGTH_BYTES)
    const place = (blocks.length - 1) * BLOCK_BYTES + used
    block.writeUInt32LE(length, used)
    block.write(text, used + LENGTH_BYTES)
    used += LENGTH_BYTES + length
    return place
  }
  return {
    add: (text) => {
      if (count === SHEET_STRINGS_MAX) throw new Unreadable('TOO_MANY_STRINGS')
      if (count % BLOCK_PLACES === 0) places.push(new Uint32Array(BLOCK_PLACES))
      const place = remembered.get(text) ?? write(text)
      if (remembered.size < REMEMBERED) remembered.set(text, place)
      const at = places[places.length - 1]
      if (at !== undefined) at[count % BLOCK_PLACES] = place
      count += 1
    },
    get: (index) => {
      if (!(index >= 0 && index < count)) return undefined
      const place = places[Math.floor(index / BLOCK_PLACES)]?.[index % BLOCK_PLACES] ?? 0
      const block = blocks[Math.floor(place / BLOCK_BYTES)]
      if (block === undefined) return undefined
      const start = (place % BLOCK_BYTES) + LENGTH_BYTES
      return block.toString('utf8', start, start + block.readUInt32LE(start - LENGTH_BYTES))
    },
  }
}

/** The part with the shared texts. Throws Unreadable. */
export const readStrings = async (bytes: AsyncIterable<Uint8Array>): Promise<StringPool> => {
  const pool = createStringPool()
  await feedAll(
    bytes,
    textEvents('si', (text) => pool.add(text)),
  )
  return pool
}

/** Gives the text of each element: its runs joined, without the reading aids of East Asian texts. */
const textEvents = (element: string, told: (text: string) => void): XmlEvents => {
  let text = ''
  let inText = false
  let inAid = false
  return {
    open: (name) => {
      if (name === element) text = ''
      else if (name === 't') inText = !inAid
      else if (name === 'rPh') inAid = true
    },
    text: (piece) => {
      if (!inText) return
      text += piece
      if (text.length > SHEET_CELL_LENGTH_MAX) throw new Unreadable('CELL_TOO_LONG')
    },
    close: (name) => {
      if (name === 't') inText = false
      else if (name === 'rPh') inAid = false
      else if (name === element) told(unescapeText(text))
    },
  }
}

/** `_x000D_` stands for a character that XML cannot hold (ST_Xstring, §22.9.2.19). */
export const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text
