/**
 * Takes envelopes that a client of the exchange leaves as files in a folder. A file is claimed by
 * moving it into a folder of this reader (of two readers one moves it), handed on, and removed: its
 * bytes are sealed in the database by then, and a readable copy beside it would undo that. What
 * cannot be an envelope is kept in `bad/`. A reader that died is told by its folder's age.
 */
import { lstat, open, opendir, readdir, rename, rm, rmdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '../kernel/clock.ts'
import { failureFacts } from '../kernel/failure.ts'
import {
  FOLDER_CANDIDATES_MAX,
  FOLDER_CLAIM_MS,
  FOLDER_EMPTY_MS,
  FOLDER_NAME_LENGTH_KEPT,
  FOLDER_POLL_MS,
  FOLDER_RETRY_MS_MAX,
  FOLDER_ROUND_FILES_MAX,
  FOLDER_SETTLE_MS,
  FOLDER_TAKES_MAX,
  REPLY_BYTES_MAX,
} from '../kernel/limits.ts'
import { ensureFolder, errnoOf } from './folder-transport.ts'
import type { Receiver, Take } from './types.ts'

export interface FolderReceiverOptions {
  /** Must be there; `claimed/` and `bad/` are made in it. */
  readonly folder: string
  /** Letters and digits that no other process has. */
  readonly self: string
  readonly clock: Clock
  /** Told of files put aside and of a folder that cannot be read; never of what stands in a file. */
  readonly log: { warn(event: string, facts?: Readonly<Record<string, unknown>>): void }
}

export const folderReceiver = (options: FolderReceiverOptions): Receiver => {
  const stopping = new AbortController()
  const reader = createReader(options)
  let taking: Take = refuseAll
  let running: Promise<void> | undefined
  const run = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      const round = await reader.round((bytes) => taking(bytes), stopping.signal)
      failures = round === 'failed' ? failures + 1 : 0
      const grown = FOLDER_POLL_MS * 2 ** Math.min(failures, 20)
      if (round !== 'more') await sleep(Math.min(FOLDER_RETRY_MS_MAX, grown), stopping.signal)
    }
    await reader.leave()
  }
  return {
    // The folder belongs to this gateway alone: whose the replies are stands in them.
    listen: async (_accounts, take) => {
      taking = take
      running ??= run()
    },
    close: async () => {
      stopping.abort()
      await running
    },
  }
}

const refuseAll: Take = async () => {
  throw new Error('nobody listens')
}

const sleep = (ms: number, signal: AbortSignal): Promise<unknown> =>
  pause(ms, undefined, { signal }).catch(() => undefined)

const CLAIMED = 'claimed'
const BAD = 'bad'

/** A file that went back has this before its name; it comes after all others. */
const RETURNED = /^returned-[0-9A-Za-z]+-\d+-/

interface Found {
  readonly size: number
  readonly mtimeMs: number
}

/** What a file was when it was looked at before, and since when. */
interface Seen extends Found {
  readonly since: number
}

/** `more`: there is more than one round takes. `failed`: pause before the next. */
type Round = 'done' | 'more' | 'failed'

const createReader = ({ folder, self, clock, log }: FolderReceiverOptions) => {
  const own = join(folder, CLAIMED, self)
  let seen = new Map<string, Seen>()
  let numbered = 0
  let trouble = ''

  /** Never the name of a file that is there, and no longer than file systems take. */
  const uniqueName = (prefix: string, name: string): string => {
    numbered += 1
    const origin = name.replace(RETURNED, '').slice(-FOLDER_NAME_LENGTH_KEPT)
    return `${prefix}${self}-${numbered}-${origin}`
  }

  /** Shows that this reader lives; its folder may have been taken for that of a dead one. */
  const beat = async (): Promise<void> => {
    await ensureFolder(join(folder, CLAIMED))
    await ensureFolder(own)
    const now = clock.now()
    await utimes(own, now, now)
  }

  /** Moves a claimed file back, where it waits until all others had their turn. */
  const giveBack = (path: string, name: string): Promise<boolean> =>
    isMoved(path, join(folder, uniqueName('returned-', name)))

  const putAside = async (path: string, name: string, why: string): Promise<void> => {
    await ensureFolder(join(folder, BAD))
    const kept = uniqueName('', name)
    if (await isMoved(path, join(folder, BAD, kept)))
      log.warn('folder.put-aside', { why, file: `${BAD}/${kept}` })
  }

  const lookedAt = (name: string, { size, mtimeMs }: Found): Seen => {
    const before = seen.get(name)
    const isSame = before?.size === size && before.mtimeMs === mtimeMs
    return { size, mtimeMs, since: isSame ? before.since : clock.now().getTime() }
  }

  /** Whole, as far as one can tell; where its time lies ahead of our clock, two looks must agree. */
  const isSettled = ({ size, mtimeMs, since }: Seen): boolean => {
    const now = clock.now().getTime()
    return (
      now - (mtimeMs <= now ? mtimeMs : since) >= (size === 0 ? FOLDER_EMPTY_MS : FOLDER_SETTLE_MS)
    )
  }

  const findSettled = async (): Promise<readonly string[]> => {
    const names: string[] = []
    for await (const { name } of await opendir(folder)) {
      if (isEnvelopeName(name)) names.push(name)
      if (names.length >= FOLDER_CANDIDATES_MAX) break
    }
    const looked = new Map<string, Seen>()
    for (const name of names) {
      const found = await findFile(join(folder, name))
      if (found !== undefined) looked.set(name, lookedAt(name, found))
    }
    seen = looked
    const isReturned = (name: string): number => (RETURNED.test(name) ? 1 : 0)
    return [...looked]
      .flatMap(([name, look]) => (isSettled(look) ? [name] : []))
      .sort((a, b) => isReturned(a) - isReturned(b))
  }

  /** Claims one file and hands it on; false when it was not taken. */
  const takeOne = async (name: string, take: Take): Promise<boolean> => {
    await beat()
    const path = join(own, uniqueName('', name))
    // Another reader was faster.
    if (!(await isMoved(join(folder, name), path))) return true
    const read = await readWhole(path, (found) => isSettled(lookedAt(name, found)))
    if (read.kind === 'changing') return giveBack(path, name)
    if (read.kind === 'bad') {
      await putAside(path, name, read.why)
      return true
    }
    try {
      await take(read.bytes)
    } catch (error) {
      log.warn('folder.not-taken', failureFacts(error))
      await giveBack(path, name)
      return false
    }
    await rm(path, { force: true })
    return true
  }

  /** Files of readers that show no life any more go back. */
  const takeBack = async (): Promise<void> => {
    const oldest = clock.now().getTime() - FOLDER_CLAIM_MS
    for (const other of await readdir(join(folder, CLAIMED))) {
      const theirs = join(folder, CLAIMED, other)
      const found = await lstat(theirs).catch(unlessGone)
      if (other === self || !found?.isDirectory() || found.mtimeMs > oldest) continue
      const names = (await readdir(theirs)).slice(0, FOLDER_ROUND_FILES_MAX)
      for (const name of names) await giveBack(join(theirs, name), name)
      if (names.length > 0) log.warn('folder.taken-back', { files: names.length })
      // Not empty: more for the next round.
      await rmdir(theirs).catch(() => undefined)
    }
  }

  const takeAll = async (names: readonly string[], take: Take, signal: AbortSignal) => {
    const left = [...names]
    let isDone = true
    const work = async (): Promise<void> => {
      for (let name = left.shift(); name !== undefined && isDone; name = left.shift()) {
        if (signal.aborted) return
        // One that fails ends the round for all: most likely nothing can be taken at the moment.
        isDone = (await takeOne(name, take).catch(noteTrouble)) && isDone
      }
    }
    await Promise.all(Array.from({ length: FOLDER_TAKES_MAX }, work))
    return isDone
  }

  const noteTrouble = (error: unknown): false => {
    const facts = failureFacts(error)
    const told = JSON.stringify(facts)
    if (told !== trouble) log.warn('folder.unavailable', facts)
    trouble = told
    return false
  }

  const round = async (take: Take, signal: AbortSignal): Promise<Round> => {
    try {
      await beat()
      await takeBack()
      const settled = await findSettled()
      if (!(await takeAll(settled.slice(0, FOLDER_ROUND_FILES_MAX), take, signal))) return 'failed'
      trouble = ''
      return settled.length > FOLDER_ROUND_FILES_MAX ? 'more' : 'done'
    } catch (error) {
      noteTrouble(error)
      return 'failed'
    }
  }

  /** What is still claimed goes back at once, so that nobody waits for its age. */
  const leave = async (): Promise<void> => {
    try {
      for (const name of await readdir(own)) await giveBack(join(own, name), name)
      await rmdir(own)
    } catch (error) {
      noteTrouble(error)
    }
  }

  return { round, leave }
}

/** Temporary names of clients are hidden or end in something else. */
const isEnvelopeName = (name: string): boolean => /^[^.~].*\.xml$/i.test(name)

/** A plain file; what only points to one could point anywhere. */
const findFile = async (path: string): Promise<Found | undefined> => {
  const found = await lstat(path).catch(unlessGone)
  return found?.isFile() ? found : undefined
}

const unlessGone = (error: unknown): undefined => {
  if (errnoOf(error) !== 'ENOENT') throw error
  return undefined
}

/** False when the file is not there any more, or its writer holds it (on Windows). */
const isMoved = async (from: string, to: string): Promise<boolean> => {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (['ENOENT', 'EBUSY'].includes(errnoOf(error))) return false
    throw error
  }
}

type WholeRead =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'bad'; readonly why: 'EMPTY' | 'TOO-LONG' }
  /** Somebody is still writing it. */
  | { readonly kind: 'changing' }

const readWhole = async (
  path: string,
  isSettled: (found: Found) => boolean,
): Promise<WholeRead> => {
  const file = await open(path, 'r')
  try {
    const before = await file.stat()
    if (!isSettled(before)) return { kind: 'changing' }
    if (before.size === 0) return { kind: 'bad', why: 'EMPTY' }
    if (before.size > REPLY_BYTES_MAX) return { kind: 'bad', why: 'TOO-LONG' }
    const bytes = await file.readFile()
    const after = await file.stat()
    const isSame = after.size === bytes.length && after.mtimeMs === before.mtimeMs
    return isSame ? { kind: 'bytes', bytes } : { kind: 'changing' }
  } finally {
    await file.close()
  }
}
