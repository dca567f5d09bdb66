/**
 * Identifiers. `Ids` is handed in like the clock. Document ids are UUIDv7: sortable by birth, so
 * that packing by id is packing by arrival and index pages fill in order. The six free bits of byte
 * 8 carry the lane, so that a row is found by its id alone.
 */
import { hash, randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

export interface Ids {
  /** A new UUIDv7, lower case; with a lane, one that carries it. */
  next(lane?: number): string
}

/** The lane an id carries; every UUID carries one. */
export const laneOfId = (id: string): number => Number.parseInt(id.slice(19, 21), 16) & 0x3f

/** The same id carrying this lane instead. */
export const idInLane = (id: string, lane: number): string =>
  `${id.slice(0, 19)}${(0x80 | lane).toString(16)}${id.slice(21)}`

/** Whether the text has the form of an id; says nothing about existence. */
export const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text)

const format = (bytes: Uint8Array, version: number): string => {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4)
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** How many random bytes are drawn at once; one system call serves 409 ids. */
const RANDOM_POOL_BYTES = 4096
const RANDOM_PER_ID_BYTES = 10

/** The smallest id that a document born at this moment could have: ids are sorted by birth. None is from before 1970. */
export const firstIdAt = (at: Date): string => {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

export const randomIds = (clock: Clock): Ids => {
  let pool = randomBytes(0)
  let used = 0
  return {
    next: (lane) => {
      if (used + RANDOM_PER_ID_BYTES > pool.length) {
        pool = randomBytes(RANDOM_POOL_BYTES)
        used = 0
      }
      const bytes = new Uint8Array(16)
      let millis = clock.now().getTime()
      for (let i = 5; i >= 0; i -= 1) {
        bytes[i] = millis % 256
        millis = Math.floor(millis / 256)
      }
      bytes.set(pool.subarray(used, used + RANDOM_PER_ID_BYTES), 6)
      used += RANDOM_PER_ID_BYTES
      if (lane !== undefined) bytes[8] = lane
      return format(bytes, 7)
    },
  }
}

/** Ids that repeat from run to run, for golden files and seeded tests; with a clock, sorted by birth. */
export const seededIds = (seed: string, clock?: Clock): Ids => {
  let count = 0
  return {
    next: (lane) => {
      count += 1
      const derived = derivedId(seed, String(count))
      const id =
        clock === undefined
          ? derived
          : `${firstIdAt(clock.now()).slice(0, 14)}7${derived.slice(15)}`
      return lane === undefined ? id : idInLane(id, lane)
    },
  }
}

/** The same parts always give the same id (UUIDv8 over SHA-256), so a repeated step names itself alike. */
export const derivedId = (...parts: readonly string[]): string => {
  const text = parts.map((part) => `${part.length}:${part};`).join('')
  return format(new Uint8Array(hash('sha256', text, 'buffer').subarray(0, 16)), 8)
}
