/**
 * Lanes. Every high-volume row carries the lane of its own business number as the first column of
 * its key: work is claimed lane by lane, and tables can later be distributed by it.
 */
export const LANE_COUNT = 64

/** All of them, for the few statements that must look everywhere. */
export const everyLane: readonly number[] = Array.from({ length: LANE_COUNT }, (_, lane) => lane)

/** Stable for ever: stored rows depend on it. */
export const laneOf = (number: string): number => {
  const hash = stableHash(number)
  return ((hash >>> 0) ^ (hash >>> 16)) & (LANE_COUNT - 1)
}

/** FNV-1a over UTF-16 code units, a signed 32-bit number; stable for ever, like the lanes. */
export const stableHash = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return hash | 0
}
