/**
 * A sheet at the command line: read, checked and, if wanted, written out again with its faults
 * marked. Nothing is known here of who hands in, so nothing of that is checked.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findDeclaration, getDeclaration } from '../catalogue/index.ts'
import { checkDocument } from '../codec/check.ts'
import { bytesOf } from '../codec/sheet/bytes.ts'
import { markSheets } from '../codec/sheet/mark.ts'
import { readSheets } from '../codec/sheet/read.ts'
import type { IntakeAnswer } from '../flow/types.ts'
import { type SheetBatch, type SheetSummary, takeSheets } from '../http/sheets.ts'
import { stamp14, systemClock } from '../kernel/clock.ts'
import { randomIds } from '../kernel/ids.ts'
import { SHEET_MARKS_MAX } from '../kernel/limits.ts'

/** By its first bytes a workbook of any age, by its name a text with columns. */
export const isSheetFile = async (path: string): Promise<boolean> => {
  if (/\.(?:csv|tsv|xls\w?)$/i.test(path)) return true
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    const head = buffer.subarray(0, bytesRead).toString('hex')
    return head === '504b0304' || head === 'd0cf11e0'
  } finally {
    await file.close()
  }
}

export interface SheetFileOptions {
  /** Kind of sheets whose name does not say one. */
  readonly kind: string | undefined
  /** Where the marked workbook goes. */
  readonly marked: string | undefined
}

/** Throws when the file itself cannot be read. */
export const checkSheetFile = async (
  path: string,
  { kind, marked }: SheetFileOptions,
): Promise<SheetSummary> => {
  const name = basename(path)
  const code = kind ?? /CEB\d{3}/i.exec(name)?.[0].toUpperCase()
  const ids = randomIds(systemClock)
  const reading = await readSheets(createReadStream(path), {
    entry: code === undefined ? undefined : findDeclaration(code),
    name,
    declared: undefined,
    keep: marked !== undefined,
    blanks: { guid: () => ids.next().toUpperCase(), appTime: () => stamp14(systemClock.now()) },
  })
  const marksMax = marked === undefined ? 0 : SHEET_MARKS_MAX
  const taken = await takeSheets(reading, { marksMax, take: judge })
  if (taken.kind === 'key-reused') throw new Error('nothing was kept under a key')
  if (marked !== undefined && reading.canBeMarked()) {
    const workbook = markSheets(reading, taken.marks, taken.summary)
    await pipeline(Readable.from(bytesOf(workbook)), createWriteStream(marked))
  }
  return taken.summary
}

const judge = async ({ handed }: SheetBatch): Promise<IntakeAnswer> => ({
  kind: 'taken',
  replayed: false,
  results: handed.map(({ kind, document, faults = [] }, index) => ({
    index,
    kind,
    faults: [...faults, ...checkDocument(getDeclaration(kind), document).faults],
  })),
})
