/**
 * The parts of a zipped workbook, read one at a time as streams. Whoever uploads a workbook says in
 * it how long its parts are; that is looked at first and not believed: what comes out is counted as
 * it comes, and its checksum compared at the end.
 */
import {
  BlobReader,
  configure,
  type FileEntry,
  ZipReader,
} from '@zip.js/zip.js/lib/zip-core-native.js'
import {
  SHEET_INFLATED_BYTES_MAX,
  SHEET_PARTS_MAX,
  SHEET_RATIO_FROM_BYTES,
  SHEET_RATIO_MAX,
} from '../../kernel/limits.ts'
import { Unreadable } from './faults.ts'

export interface Parts {
  /** Names in the order of the file, without folders. Asked for, a name may be in any case. */
  readonly names: readonly string[]
  has(name: string): boolean
  /** The name as the file has it; as given where it has none. */
  nameOf(name: string): string
  /** Throws Unreadable when the part is not there, is broken, or is longer than a part may be. */
  read(name: string): AsyncIterable<Uint8Array>
}

// The platform's own inflater does the work; threads of the library's would outlive a request.
configure({ useWebWorkers: false })

/** Throws Unreadable for what is no zip file. */
export const openParts = async (bytes: Blob): Promise<Parts> => {
  const entries = new Map<string, FileEntry>()
  const reader = new ZipReader(new BlobReader(bytes), { checkSignature: true })
  try {
    let count = 0
    for await (const entry of reader.getEntriesGenerator()) {
      count += 1
      if (count > SHEET_PARTS_MAX) throw new Unreadable('TOO_MANY_PARTS')
      if (!entry.directory) entries.set(partKey(entry.filename), entry)
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('BROKEN')
  }
  let inflated = 0
  const grow = (length: number): void => {
    inflated += length
    if (inflated > SHEET_INFLATED_BYTES_MAX) throw new Unreadable('TOO_BIG_INSIDE')
  }
  return {
    names: [...entries.values()].map(({ filename }) => plainName(filename)),
    has: (name) => entries.has(partKey(name)),
    nameOf: (name) => plainName(entries.get(partKey(name))?.filename ?? name),
    read: (name) => {
      const entry = entries.get(partKey(name))
      if (entry === undefined) throw new Unreadable('BROKEN')
      return inflate(entry, grow)
    },
  }
}

/** Some programs write a leading slash, or backslashes. */
const plainName = (name: string): string => name.replaceAll('\\', '/').replace(/^\//, '')
const partKey = (name: string): string => plainName(name).toLowerCase()

/** The bytes of a part. Reading may be given up at any time. */
async function* inflate(
  entry: FileEntry,
  grow: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  if (entry.encrypted) throw new Unreadable('PASSWORD')
  if (entry.uncompressedSize > SHEET_INFLATED_BYTES_MAX) throw new Unreadable('TOO_BIG_INSIDE')
  const lengthMax = Math.max(SHEET_RATIO_FROM_BYTES, entry.compressedSize * SHEET_RATIO_MAX)
  if (entry.uncompressedSize > lengthMax) throw new Unreadable('TOO_COMPRESSED')
  const giveUp = new AbortController()
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const reader = readable.getReader()
  let failed = false
  const ended = entry.getData(writable, { signal: giveUp.signal }).catch(() => {
    failed = true
    // It may fail before it has written anything: nobody else would end the waiting for it.
    reader.cancel().catch(() => undefined)
  })
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.length
      if (length > lengthMax) throw new Unreadable('TOO_COMPRESSED')
      grow(value.length)
      yield value
    }
    await ended
    // A wrong checksum is found out after the last byte.
    if (failed) throw new Unreadable('BROKEN')
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('BROKEN')
  } finally {
    giveUp.abort()
    await reader.cancel().catch(() => undefined)
    await ended
  }
}
