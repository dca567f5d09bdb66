/**
 * Sends envelopes as files into a folder that a client of the exchange watches: one envelope per
 * file, `<MsgType>_<CopMsgId>.xml`. A file is written under another name, brought to the disk, and
 * only then gets its own, so that no reader meets half of one. Source: practice of file clients,
 * envelope-and-signing §8.
 */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../kernel/clock.ts'
import { FOLDER_ID_LENGTH_MAX, FOLDER_LEFT_OVER_MS, FOLDER_TYPE_BYTES } from '../kernel/limits.ts'
import type { SendOutcome, Transport } from './types.ts'

export interface FolderTransportOptions {
  readonly name: string
  /** Must be there: a folder made here could lie under the place where a share is missing. */
  readonly folder: string
  /** Letters and digits that no other process has; names what is not finished yet. */
  readonly self: string
  readonly clock: Clock
}

export const folderTransport = ({
  name,
  folder,
  self,
  clock,
}: FolderTransportOptions): Transport => {
  let writes = 0
  let stalled = 0
  let isSwept = false

  /** Brings bytes to the disk under a name that nobody takes, and does with it what is told. */
  const write = async (bytes: Uint8Array, then: (path: string) => Promise<void>): Promise<void> => {
    if (!isSwept) await sweep(folder, clock)
    isSwept = true
    writes += 1
    const path = join(folder, `${UNFINISHED}${self}-${writes}.tmp`)
    const file = await open(path, 'wx')
    try {
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await then(path)
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined)
      throw error
    }
  }

  /**
   * A share that is gone may hold a write for hours, and with it one of the few threads that all files
   * and names of the process share: while one hangs that was given up, no other is begun.
   */
  const watched = async (
    givenUp: AbortSignal | undefined,
    act: () => Promise<void>,
  ): Promise<SendOutcome> => {
    if (stalled > 0) return { kind: 'unavailable', reason: 'STALLED' }
    let hangs = 0
    const note = (): void => {
      hangs = 1
      stalled += 1
    }
    givenUp?.addEventListener('abort', note, { once: true })
    try {
      return await outcomeOf(act)
    } finally {
      givenUp?.removeEventListener('abort', note)
      stalled -= hangs
    }
  }

  return {
    name,
    send: async (copMsgId, envelope, givenUp) => {
      const to = fileNameOf(copMsgId, envelope)
      if (to === undefined) return { kind: 'refused', reason: 'FILE-NAME' }
      return watched(givenUp, async () => {
        await write(envelope, (path) => rename(path, join(folder, to)))
        await syncFolder(folder)
      })
    },
    probe: (givenUp) => watched(givenUp, () => write(Buffer.from('probe'), (path) => rm(path))),
  }
}

/** Hidden, and no name that ends as envelopes do: neither we nor a usual client take it. */
const UNFINISHED = '.yuguan-'

/** The errno of a failed step, such as ENOSPC: the disk may have room again, the share be back. */
const outcomeOf = async (act: () => Promise<void>): Promise<SendOutcome> => {
  try {
    await act()
    return { kind: 'sent' }
  } catch (error) {
    return { kind: 'unavailable', reason: errnoOf(error) }
  }
}

/** `ENOSPC`, `EACCES` …: what failed, without the path. Throws on again what is no such failure. */
export const errnoOf = (error: unknown): string => {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}

/**
 * The name of an envelope's file; undefined for an id that a name should not be made of. Customs
 * takes any id of 255 characters, ours are UUIDs: whatever else comes here would only climb out of
 * the folder.
 */
const fileNameOf = (copMsgId: string, envelope: Uint8Array): string | undefined =>
  copMsgId.length <= FOLDER_ID_LENGTH_MAX && /^[0-9A-Za-z][0-9A-Za-z_-]*$/.test(copMsgId)
    ? `${messageTypeOf(envelope)}_${copMsgId}.xml`
    : undefined

/** Read off the head of the envelope: it stands before the data, and only serves whoever looks. */
const messageTypeOf = (envelope: Uint8Array): string => {
  const head = Buffer.from(envelope.subarray(0, FOLDER_TYPE_BYTES)).toString('latin1')
  return /<(?:\w+:)?MsgType>([0-9A-Za-z]{1,30})</.exec(head)?.[1] ?? 'DxpMsg'
}

/** What a writer that died left half written. */
const sweep = async (folder: string, clock: Clock): Promise<void> => {
  const oldest = clock.now().getTime() - FOLDER_LEFT_OVER_MS
  for (const name of await readdir(folder)) {
    if (!name.startsWith(UNFINISHED)) continue
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined && found.mtimeMs < oldest) await rm(path, { force: true })
  }
}

/** A new name lasts only when its folder is on the disk too; some systems do not let it be asked. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r').catch(unlessUnknown)
  if (handle === undefined) return
  try {
    await handle.sync().catch(unlessUnknown)
  } finally {
    await handle.close()
  }
}

const unlessUnknown = (error: unknown): undefined => {
  if (!['EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'].includes(errnoOf(error))) throw error
  return undefined
}

/** Makes a folder in one that must be there. */
export const ensureFolder = async (path: string): Promise<void> => {
  await mkdir(path).catch((error: unknown) => {
    if (errnoOf(error) !== 'EEXIST') throw error
  })
}
