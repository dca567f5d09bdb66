/**
 * The lines of an NDJSON body, one at a time and no more in memory than is asked for: a line that is
 * too long is skipped to its end and reported, not collected. `next` may give up waiting after a
 * while, so that a sender who waits for answers before he sends on is served.
 */
import { LINE_BYTES_MAX } from '../kernel/limits.ts'
import { concatBytes } from './body.ts'

export type Line =
  /** `number` counts from 1, blank lines included. */
  | { readonly kind: 'line'; readonly number: number; readonly bytes: Uint8Array }
  | { readonly kind: 'too-long'; readonly number: number }
  /** No complete line came within the time given. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'end' }

export interface LineReader {
  /** The next line that is not blank; waits for it without end unless `patienceMs` is given. */
  next(patienceMs?: number): Promise<Line>
  cancel(): Promise<void>
}

const LINE_FEED = 0x0a

export const readLines = (body: ReadableStream<Uint8Array>): LineReader => {
  const reader = body.getReader()
  let pending: ReturnType<typeof reader.read> | undefined
  let chunk: Uint8Array = new Uint8Array(0)
  let start = 0
  let parts: Uint8Array[] = []
  let length = 0
  let skipping = false
  let number = 0
  let ended = false

  const keep = (part: Uint8Array): void => {
    length += part.length
    if (length > LINE_BYTES_MAX) skipping = true
    if (skipping) parts = []
    else if (part.length > 0) parts.push(part)
  }
  const finish = (): Line | undefined => {
    number += 1
    const [only] = parts
    const whole =
      parts.length === 1 && only !== undefined ? only : concatBytes(parts, skipping ? 0 : length)
    const tooLong = skipping
    parts = []
    length = 0
    skipping = false
    if (tooLong) return { kind: 'too-long', number }
    return isBlank(whole) ? undefined : { kind: 'line', number, bytes: whole }
  }
  /** A line that lies complete in memory. */
  const ready = (): Line | undefined => {
    while (start < chunk.length) {
      const end = chunk.indexOf(LINE_FEED, start)
      if (end === -1) {
        keep(chunk.subarray(start))
        start = chunk.length
        return undefined
      }
      keep(chunk.subarray(start, end))
      start = end + 1
      const line = finish()
      if (line !== undefined) return line
    }
    return undefined
  }

  return {
    next: async (patienceMs) => {
      for (;;) {
        const line = ready()
        if (line !== undefined) return line
        if (ended) return { kind: 'end' }
        pending ??= reader.read()
        const read = await (patienceMs === undefined ? pending : within(pending, patienceMs))
        if (read === 'idle') return { kind: 'idle' }
        pending = undefined
        if (read.done) {
          ended = true
          const last = length > 0 ? finish() : undefined
          return last ?? { kind: 'end' }
        }
        chunk = read.value
        start = 0
      }
    },
    cancel: () => reader.cancel(),
  }
}

const within = async <T>(promise: Promise<T>, ms: number): Promise<T | 'idle'> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<'idle'>((resolve) => {
    timer = setTimeout(() => resolve('idle'), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Blank, tab and carriage return, as JSON takes them for white space. */
const isBlank = (bytes: Uint8Array): boolean =>
  bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
