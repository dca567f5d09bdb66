/**
 * An uploaded file as sheets, whatever it was called or declared as: its first bytes tell a zipped
 * workbook, an old or encrypted one (both are OLE compound files) and text apart.
 */
import { SHEET_BYTES_MAX, SHEET_CSV_BYTES_MAX } from '../../kernel/limits.ts'
import { bytesOf, peek } from './bytes.ts'
import { rowsOfCsv } from './csv.ts'
import type { Encoding } from './encoding.ts'
import { type FileWhat, Unreadable } from './faults.ts'
import type { Tab } from './row.ts'
import { NOTE_MARK, openTabs, openWorkbook, type Workbook } from './workbook.ts'

export interface OpenOptions {
  /** Charset of the Content-Type. */
  readonly declared: Encoding | undefined
  /** Holds a CSV in memory, so that it can be read again. */
  readonly keep: boolean
  /** Name of the only sheet of a CSV. */
  readonly name: string
  /** Warnings of the file or of a sheet. */
  readonly told: (what: FileWhat, tab: string, row: number | undefined) => void
}

export interface Opened {
  readonly tabs: readonly Tab[]
  /** Undefined for a CSV. */
  readonly workbook: Workbook | undefined
}

/** Bytes that tell the format. */
const HEAD_BYTES = 8
const ZIP = [0x50, 0x4b]
const COMPOUND = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]

/** Throws Unreadable. */
export const openSheets = async (
  source: AsyncIterable<Uint8Array>,
  options: OpenOptions,
): Promise<Opened> => {
  const { head, all } = await peek(source, HEAD_BYTES)
  if (head.length === 0) throw new Unreadable('EMPTY')
  const isLike = (mark: readonly number[]): boolean => mark.every((byte, i) => head[i] === byte)
  if (isLike(ZIP)) return openZipped(await collect(all), options)
  if (isLike(COMPOUND)) throw new Unreadable(await compoundFault(await collect(all)))
  if (head.includes(0) && !(head[0] === 0xff && head[1] === 0xfe))
    throw new Unreadable('NOT_A_SHEET')
  return openText(all, options)
}

const openZipped = async (bytes: Blob, { told }: OpenOptions): Promise<Opened> => {
  const workbook = await openWorkbook(bytes)
  const tabs = await openTabs(workbook, ({ name, hidden }) => {
    if (name.startsWith(NOTE_MARK)) return false
    if (hidden) told('TAB_HIDDEN', name, undefined)
    return !hidden
  })
  return { tabs, workbook }
}

const openText = async (
  bytes: AsyncIterable<Uint8Array>,
  { declared, keep, name, told }: OpenOptions,
): Promise<Opened> => {
  const warn = (what: FileWhat, row: number): void => told(what, name, row)
  const read = (from: AsyncIterable<Uint8Array>) => rowsOfCsv(from, { declared, told: warn })
  const tab = { name, typed: false, epoch: 1900 } as const
  if (!keep)
    return {
      workbook: undefined,
      tabs: [{ ...tab, rows: () => read(bounded(bytes, SHEET_CSV_BYTES_MAX)) }],
    }
  const kept = await collect(bytes)
  return { workbook: undefined, tabs: [{ ...tab, rows: () => read(bytesOf(kept.stream())) }] }
}

/** Pieces are put away in lots of this many bytes, so that none of them is held twice for long. */
const LOT_BYTES = 1024 * 1024

/** All of it; throws Unreadable when it is too long. */
const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Blob> => {
  const lots: Blob[] = []
  let lot: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  for await (const piece of bounded(bytes, SHEET_BYTES_MAX)) {
    lot.push(piece as Uint8Array<ArrayBuffer>)
    length += piece.length
    if (length < LOT_BYTES) continue
    lots.push(new Blob(lot))
    lot = []
    length = 0
  }
  return new Blob([...lots, ...lot])
}

async function* bounded(
  bytes: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const piece of bytes) {
    length += piece.length
    if (length > bytesMax) throw new Unreadable('TOO_LONG')
    yield piece
  }
}

/** An encrypted workbook is a compound file with this stream; its name is UTF-16. */
const ENCRYPTED = Buffer.from('EncryptedPackage', 'utf16le')

const compoundFault = async (bytes: Blob): Promise<FileWhat> =>
  Buffer.from(await bytes.arrayBuffer()).includes(ENCRYPTED) ? 'PASSWORD' : 'OLD_WORKBOOK'
