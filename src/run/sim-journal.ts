/**
 * The journal file of `yuguan sim`: opens it, plays it again to a fresh office, cuts off a record
 * that was being written when the process ended, and from then on adds to it. Records that are added
 * while the disk is busy share the next `fdatasync`, so that many posts at once cost one.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Text } from '../kernel/fault.ts'
import { createCustoms } from '../sim/customs.ts'
import {
  headRecord,
  type JournaledCustoms,
  type JournalFile,
  type JournalHead,
  type JournalRecord,
  journalClock,
  journaled,
  readHead,
  readRecord,
} from '../sim/journal.ts'
import type { CustomsOptions } from '../sim/types.ts'
import { type ConfigProblem, tellProblems } from './config.ts'

export interface JournaledOffice {
  readonly office: JournaledCustoms
  /** Calls of earlier processes that were played again. */
  readonly replayed: number
  /** Bytes cut off the end: a record that nobody was told of. */
  readonly cut: number
  /** Resolves with the reason when the journal can be kept no longer: the process should end. */
  readonly broken: Promise<Error>
  close(): Promise<void>
}

export interface JournalSettings {
  readonly path: string
  readonly head: JournalHead
  /** The seed was chosen by somebody; otherwise that of the journal goes on. */
  readonly isSeedFixed: boolean
  readonly clock: CustomsOptions['clock']
}

/** Throws for a journal that was begun with other settings, or is damaged before its end. */
export const openJournaledOffice = async (settings: JournalSettings): Promise<JournaledOffice> => {
  const handle = await open(settings.path, 'a+', PRIVATE)
  try {
    return await beginOrGoOn(handle, settings)
  } catch (problem) {
    await handle.close()
    throw problem
  }
}

const beginOrGoOn = async (
  handle: FileHandle,
  settings: JournalSettings,
): Promise<JournaledOffice> => {
  const { path, clock: source } = settings
  const { file, broken } = journalFile(handle)
  const clock = journalClock()
  const begin = (head: JournalHead): JournaledCustoms =>
    journaled(createCustoms({ ...head, clock }), { clock, source, file })
  let office: JournaledCustoms | undefined
  let replayed = -1
  const { end, size } = await eachRecord(handle, path, (record) => {
    if (office === undefined) office = begin(headOf(settings, record))
    else office.replay(record)
    replayed += 1
  })
  if (end < size) await handle.truncate(end)
  if (office === undefined) {
    file.append(headRecord(settings.head, source.now().getTime()))
    office = begin(settings.head)
    replayed = 0
    await keepName(path)
  }
  office.resume()
  await file.kept()
  return {
    ...{ office, replayed, cut: size - end, broken },
    close: async () => {
      await file.kept()
      await handle.close()
    },
  }
}

/** Messages hold personal data: nobody else reads them. */
const PRIVATE = 0o600

/** A new file lasts when its folder knows its name for good. */
const keepName = async (path: string): Promise<void> => {
  const folder = await open(dirname(path))
  await folder.sync()
  await folder.close()
}

const headOf = ({ path, head, isSeedFixed }: JournalSettings, record: JournalRecord) => {
  const begun = readHead(record)
  if (begun === undefined)
    throw new Error(`${path}: 不是本版本的日志文件 / not a journal of this edition`)
  const asked: JournalHead = isSeedFixed ? head : { ...head, seed: begun.seed }
  const problems = (Object.keys(SETTINGS) as (keyof JournalHead)[]).flatMap((name) =>
    JSON.stringify(asked[name]) === JSON.stringify(begun[name])
      ? []
      : [{ name: SETTINGS[name], text: otherSetting } satisfies ConfigProblem],
  )
  if (problems.length > 0) throw new Error(tellProblems(problems))
  return begun
}

/** Which setting decides what. */
const SETTINGS: Readonly<Record<keyof JournalHead, string>> = {
  seed: 'SEED',
  pace: 'PACE',
  verify: 'VERIFY',
  addresses: 'CUSTOMS_IMPORT_ADDRESS, CUSTOMS_EXPORT_ADDRESS',
  others: 'CUSTOMS_IMPORT_ADDRESS, CUSTOMS_EXPORT_ADDRESS',
  taxBills: 'TAX_BILLS',
  remember: 'REMEMBER',
}

const otherSetting: Text = {
  zh: '与 JOURNAL 开始时不同；恢复原值或换新的日志文件',
  en: 'differs from when JOURNAL was begun; set it back or begin a new journal',
}

/** Every whole record from the beginning; where the last one ends, and how long the file is. */
const eachRecord = async (
  handle: FileHandle,
  path: string,
  take: (record: JournalRecord) => void,
): Promise<{ readonly end: number; readonly size: number }> => {
  const { size } = await handle.stat()
  let end = 0
  let rest: Buffer = Buffer.alloc(0)
  const stream = handle.createReadStream({ start: 0, autoClose: false, highWaterMark: CHUNK_BYTES })
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk])
    for (let read = readRecord(rest); read.kind !== 'torn'; read = readRecord(rest)) {
      if (read.kind === 'damaged') {
        // What the system had written of a record may be in any order: the last one is cut off.
        if (end + read.length >= size) return { end, size }
        throw new Error(`${path}: 第 ${end} 字节起损坏 / damaged from byte ${end} on`)
      }
      take(read.record)
      end += read.length
      rest = rest.subarray(read.length)
    }
  }
  return { end, size }
}

const CHUNK_BYTES = 1024 * 1024

const journalFile = (handle: FileHandle) => {
  let pending: Uint8Array[] = []
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let tellBroken: (error: Error) => void = () => undefined
  const broken = new Promise<Error>((resolve) => {
    tellBroken = resolve
  })
  const flush = async (): Promise<void> => {
    if (next !== undefined) writing = next
    next = undefined
    const records = pending
    pending = []
    await handle.appendFile(Buffer.concat(records))
    await handle.datasync()
  }
  const kept = (): Promise<void> => {
    if (pending.length === 0) return writing
    // Whatever is added until the disk is free again goes with it.
    next ??= writing.then(flush)
    return next
  }
  const file: JournalFile = {
    append: (record) => {
      pending.push(record)
      kept().catch(tellBroken)
    },
    kept,
  }
  return { file, broken }
}
