/**
 * A backup of an installation with the embedded database: its whole data folder (database, data key,
 * session secret) as one zip file with the SHA-256 of every file, taken while nobody runs on the
 * folder, so that it is the very files of one moment. Restoring checks every byte beside the place
 * where they shall stand and then renames; what stood there before is kept under another name.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { type FileHandle, link, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { configure, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js/lib/zip-core-native.js'
import { type NewPart, whole, writeZip } from '../codec/sheet/write-zip.ts'
import { stamp14 } from '../kernel/clock.ts'
import type { Text } from '../kernel/fault.ts'
import { BACKUP_FILES_MAX, BACKUP_MANIFEST_BYTES_MAX } from '../kernel/limits.ts'
import { lockFolder } from '../store/embedded-lock.ts'

/** Why it was not done, for the person at the terminal. */
export class BackupRefused extends Error {
  constructor(text: Text) {
    super(`${text.zh} / ${text.en}`)
  }
}

interface Manifest {
  readonly format: typeof FORMAT
  /** The release that made it. */
  readonly program: string
  readonly at: string
  /** All folders, empty ones among them: the database asks for some that are empty. */
  readonly folders: readonly string[]
  readonly files: readonly FileFacts[]
}

interface FileFacts {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

const FORMAT = 'yuguan-backup-1'
const MANIFEST = 'manifest.json'
/** Of the moment only: who holds the folder, a database half made, sockets. */
const isPassing = (name: string): boolean =>
  name === 'holders' || name === 'db.new' || name.startsWith('.s.PGSQL')

export interface BackupDone {
  readonly files: number
  /** Of the data, before it was packed. */
  readonly bytes: number
  /** Of the archive itself, to be kept apart from it. */
  readonly sha256: string
  /** The data key is in it; otherwise it is in the settings, and must be kept from there. */
  readonly hasKey: boolean
}

/** Writes `file`, which must not be there yet. Throws BackupRefused, and when a gateway holds the folder. */
export const backUp = async (
  dataDir: string,
  file: string,
  { program, now }: { readonly program: string; readonly now: Date },
): Promise<BackupDone> => {
  const [from, to] = [resolve(dataDir), resolve(file)]
  if (to.startsWith(`${from}${sep}`)) throw new BackupRefused(refusals.inside)
  if (!(await entriesOf(from)).some(({ name }) => name === 'db'))
    throw new BackupRefused(refusals.nothing(dataDir))
  const lock = await lockFolder(from, '')
  const making = `${to}.${randomBytes(6).toString('hex')}`
  try {
    const { folders, files } = await survey(from)
    const facts: FileFacts[] = []
    async function* parts(): AsyncGenerator<NewPart> {
      for (const name of files) yield { name, content: hashed(join(from, name), name, facts) }
      const manifest: Manifest = {
        ...{ format: FORMAT, program, at: now.toISOString(), folders, files: facts },
      }
      yield { name: MANIFEST, content: whole(JSON.stringify(manifest)) }
    }
    const sha256 = await writeOut(making, (into) => writeZip(parts()).pipeTo(into))
    // A link never replaces an existing file.
    await link(making, to).catch((error: unknown) => {
      throw isCode(error, 'EEXIST') ? new BackupRefused(refusals.there(file)) : error
    })
    await syncPath(dirname(to))
    const bytes = facts.reduce((sum, each) => sum + each.bytes, 0)
    return { files: files.length, bytes, sha256, hasKey: files.includes('data.key') }
  } finally {
    await rm(making, { force: true })
    lock.release()
  }
}

export interface RestoreDone {
  readonly files: number
  readonly bytes: number
  /** When the backup was made, and by which release. */
  readonly at: string
  readonly program: string
  /** Where what stood there before lies now; undefined when nothing did. */
  readonly before: string | undefined
}

/** Throws BackupRefused for what is no whole backup, and for a folder that has data unless forced. */
export const restore = async (
  file: string,
  dataDir: string,
  { force, now }: { readonly force: boolean; readonly now: Date },
): Promise<RestoreDone> => {
  const to = resolve(dataDir)
  const refuseOccupied = async (): Promise<void> => {
    if (!force && (await entriesOf(to)).some(({ name }) => name !== 'holders'))
      throw new BackupRefused(refusals.occupied(dataDir))
  }
  await refuseOccupied()
  // Also of a folder that is not there yet: a gateway that starts meanwhile would fill it.
  const lock = await lockFolder(to, '')
  const making = `${to}.restoring-${randomBytes(6).toString('hex')}`
  try {
    await refuseOccupied()
    await mkdir(making, { recursive: true, mode: 0o700 })
    const manifest = await unpack(file, making)
    const before = await replace(making, to, now)
    const { files, at, program } = manifest
    const bytes = files.reduce((sum, each) => sum + each.bytes, 0)
    return { files: files.length, bytes, at, program, before }
  } finally {
    await rm(making, { recursive: true, force: true })
    lock.release()
  }
}

/** The old folder steps aside and the new one takes its name; a crash between leaves both whole. */
const replace = async (making: string, to: string, now: Date): Promise<string | undefined> => {
  const standing = await entriesOf(to)
  const isEmpty = standing.every(({ name }) => name === 'holders')
  const before = isEmpty ? undefined : `${to}.before-${stamp14(now)}`
  if (before === undefined) await rm(to, { recursive: true, force: true })
  else await rename(to, before)
  await rename(making, to)
  // It was held until now by this command and nobody else.
  if (before !== undefined) await rm(join(before, 'holders'), { recursive: true, force: true })
  await syncPath(dirname(to))
  return before
}

const unpack = async (file: string, into: string): Promise<Manifest> => {
  const source = await open(file, 'r')
  try {
    const parts = await partsOf(source)
    const manifest = await readManifest(parts.get(MANIFEST))
    for (const folder of [...manifest.folders].sort())
      await mkdir(placeIn(into, folder), { recursive: true, mode: 0o700 })
    for (const facts of manifest.files) await unpackFile(parts.get(facts.name), facts, into)
    for (const folder of ['', ...manifest.folders]) await syncPath(placeIn(into, folder))
    return manifest
  } catch (error) {
    throw error instanceof BackupRefused || isSystem(error)
      ? error
      : new BackupRefused(refusals.broken)
  } finally {
    await source.close()
  }
}

const unpackFile = async (
  entry: FileEntry | undefined,
  facts: FileFacts,
  into: string,
): Promise<void> => {
  if (entry === undefined) throw new BackupRefused(refusals.broken)
  const place = placeIn(into, facts.name)
  const sha256 = await writeOut(place, (sink) => entry.getData(sink), facts.bytes)
  if (sha256 !== facts.sha256) throw new BackupRefused(refusals.broken)
}

/** No name leads out of the folder, whoever wrote the archive. */
const placeIn = (folder: string, name: string): string => {
  const path = join(folder, name)
  if (path !== folder && !path.startsWith(`${folder}${sep}`) && name !== '')
    throw new BackupRefused(refusals.broken)
  return path
}

configure({ useWebWorkers: false })

const partsOf = async (source: FileHandle): Promise<ReadonlyMap<string, FileEntry>> => {
  const reader = new ZipReader(new HandleReader(source), { checkSignature: true })
  const parts = new Map<string, FileEntry>()
  for await (const entry of reader.getEntriesGenerator()) {
    if (parts.size > BACKUP_FILES_MAX) throw new BackupRefused(refusals.broken)
    if (!entry.directory) parts.set(entry.filename, entry)
  }
  return parts
}

const readManifest = async (entry: FileEntry | undefined): Promise<Manifest> => {
  if (entry === undefined || entry.uncompressedSize > BACKUP_MANIFEST_BYTES_MAX)
    throw new BackupRefused(refusals.broken)
  const pieces: Uint8Array[] = []
  await entry.getData(
    new WritableStream<Uint8Array>({
      write: (piece) => {
        pieces.push(piece)
      },
    }),
  )
  const manifest: Manifest = JSON.parse(Buffer.concat(pieces).toString('utf8'))
  if (manifest.format !== FORMAT) throw new BackupRefused(refusals.broken)
  return manifest
}

/** A file as the zip reader wants it: any piece, without all of it in memory. */
class HandleReader extends Reader<FileHandle> {
  readonly #handle: FileHandle

  constructor(handle: FileHandle) {
    super(handle)
    this.#handle = handle
  }

  override async init(): Promise<void> {
    await super.init?.()
    this.size = (await this.#handle.stat()).size
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)))
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, index + done)
      if (bytesRead === 0) return bytes.subarray(0, done)
      done += bytesRead
    }
    return bytes
  }
}

/** Names below the folder, with `/` on every system; sorted, so that the same data is the same list. */
const survey = async (
  root: string,
): Promise<{ readonly folders: readonly string[]; readonly files: readonly string[] }> => {
  const folders: string[] = []
  const files: string[] = []
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await entriesOf(folder)) {
      if (folder === root && isPassing(entry.name)) continue
      const path = join(folder, entry.name)
      const name = relative(root, path).split(sep).join('/')
      if (entry.isDirectory()) {
        folders.push(name)
        await visit(path)
      } else if (entry.isFile()) files.push(name)
      if (files.length > BACKUP_FILES_MAX) throw new BackupRefused(refusals.tooMany)
    }
  }
  await visit(root)
  return { folders: folders.sort(), files: files.sort() }
}

/** Nothing for a folder that is not there. */
const entriesOf = async (folder: string): Promise<readonly Dirent[]> => {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
}

async function* hashed(path: string, name: string, facts: FileFacts[]): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'r')
  try {
    for await (const piece of file.createReadStream({ autoClose: false })) {
      hash.update(piece)
      bytes += piece.length
      yield piece
    }
  } finally {
    await file.close()
  }
  facts.push({ name, bytes, sha256: hash.digest('hex') })
}

/** A new file of the owner's alone, on the disk when it resolves; its SHA-256. */
const writeOut = async (
  path: string,
  fill: (sink: WritableStream<Uint8Array>) => Promise<unknown>,
  bytesMax = Number.POSITIVE_INFINITY,
): Promise<string> => {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'wx', 0o600)
  const write = async (piece: Uint8Array): Promise<void> => {
    bytes += piece.length
    if (bytes > bytesMax) throw new BackupRefused(refusals.broken)
    hash.update(piece)
    await file.writeFile(piece)
  }
  try {
    await fill(new WritableStream<Uint8Array>({ write }))
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/** Some systems do not open folders; then the name reaches the disk a little later. */
const syncPath = async (path: string): Promise<void> => {
  const folder = await open(path, 'r').catch(() => undefined)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** The disk is full, the file is not there: said in the system's own words. */
const isSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error

const refusals = {
  nothing: (dataDir: string): Text => ({
    zh: `${dataDir} 中没有内置数据库，无可备份`,
    en: `there is no embedded database in ${dataDir}, so nothing to back up`,
  }),
  there: (file: string): Text => ({
    zh: `文件 ${file} 已存在，不会覆盖`,
    en: `the file ${file} is there already and is not overwritten`,
  }),
  occupied: (dataDir: string): Text => ({
    zh: `${dataDir} 中已有数据，不会覆盖；确要恢复请加 --force，原有数据将改名保留`,
    en: `${dataDir} holds data already and is not overwritten; with --force it steps aside under another name`,
  }),
  inside: {
    zh: '备份文件不能放在数据目录之内',
    en: 'the backup must not lie inside the data folder',
  },
  tooMany: {
    zh: '数据目录中的文件过多',
    en: 'the data folder holds too many files',
  },
  broken: {
    zh: '不是完整的备份文件，或校验和不符；未作任何改动',
    en: 'this is no whole backup, or its checksums do not fit; nothing was changed',
  },
} as const
