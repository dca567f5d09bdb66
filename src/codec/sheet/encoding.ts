/**
 * The text of a CSV from its bytes: UTF-8 or GB18030 (with it GBK and GB2312), or UTF-16 behind its
 * mark. Excel for Chinese Windows writes GB18030 and says so nowhere, and uploads are declared as
 * whatever is usual, so the bytes decide: Chinese in GB18030 is as good as never valid UTF-8.
 */
import { LINE_BYTES_MAX, SHEET_ENCODING_BYTES } from '../../kernel/limits.ts'
import { peek } from './bytes.ts'
import { type FileWhat, Unreadable } from './faults.ts'

export type Encoding = 'utf-8' | 'gb18030'

export interface TextTold {
  /** Warnings, at the line where they arise. */
  readonly told: (what: FileWhat) => void
  /** From the Content-Type; undefined when it says nothing. */
  readonly declared: Encoding | undefined
}

/** The encoding that a charset names; undefined for one we do not take on trust. */
export const encodingOf = (charset: string | undefined): Encoding | undefined => {
  const name = (charset ?? '').trim().replace(/^"|"$/g, '').toLowerCase()
  if (/^utf-?8$/.test(name)) return 'utf-8'
  return /^(?:gb18030|gbk|gb2312|gb_2312-80|cp936|x-gbk)$/.test(name) ? 'gb18030' : undefined
}

/**
 * Pieces of text, each of whole lines. Throws Unreadable after the last line that could be read.
 */
export async function* textOf(
  bytes: AsyncIterable<Uint8Array>,
  options: TextTold,
): AsyncGenerator<string> {
  const { head, all } = await peek(bytes, MARK_BYTES)
  if (startsWith(head, UTF16_MARK)) return yield* utf16Of(all)
  let encoding: Encoding | undefined = startsWith(head, UTF8_MARK) ? 'utf-8' : undefined
  let sample: Uint8Array[] = []
  let sampled = 0
  for await (const block of wholeLines(all)) {
    if (encoding !== undefined) {
      yield* decodeLines(block, encoding)
    } else if (sampled === 0 && isAscii(block)) {
      yield ascii(block)
    } else {
      sample.push(block)
      sampled += block.length
      if (sampled < SHEET_ENCODING_BYTES) continue
      encoding = decide(Buffer.concat(sample), options)
      for (const part of sample) yield* decodeLines(part, encoding)
      sample = []
    }
  }
  if (sample.length === 0) return
  encoding = decide(Buffer.concat(sample), options)
  for (const part of sample) yield* decodeLines(part, encoding)
}

const MARK_BYTES = 3
const UTF8_MARK = [0xef, 0xbb, 0xbf]
const UTF16_MARK = [0xff, 0xfe]
const LINE_FEED = 0x0a

const startsWith = (bytes: Uint8Array, mark: readonly number[]): boolean =>
  mark.every((byte, i) => bytes[i] === byte)

const isAscii = (bytes: Uint8Array): boolean => bytes.every((byte) => byte < 0x80)
const ascii = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** Blocks that end with a line feed, which no character of either encoding contains. */
async function* wholeLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0)
  for await (const piece of bytes) {
    const end = piece.lastIndexOf(LINE_FEED) + 1
    if (end > 0) {
      const head = piece.subarray(0, end)
      yield rest.length === 0 ? head : Buffer.concat([rest, head])
      rest = piece.slice(end)
    } else rest = Buffer.concat([rest, piece])
    if (rest.length > LINE_BYTES_MAX) throw new Unreadable('CELL_TOO_LONG')
  }
  if (rest.length > 0) yield rest
}

const decide = (sample: Uint8Array, { declared, told }: TextTold): Encoding => {
  const utf8 = decodeWhole(sample, 'utf-8')
  const isGb = decodeWhole(sample, 'gb18030') !== undefined
  // A few Chinese words in GB18030 may pass for Greek or Cyrillic in UTF-8.
  if (utf8 !== undefined && (declared !== 'gb18030' || !isGb || hasChinese(utf8))) return 'utf-8'
  // One broken byte does not make UTF-8 another encoding: its other lines are still Chinese.
  if (linesOf(sample).some((line) => hasChinese(decodeWhole(line, 'utf-8') ?? ''))) return 'utf-8'
  if (declared === 'utf-8' && isGb) told('ENCODING_DECLARED')
  return 'gb18030'
}

const hasChinese = (text: string): boolean => /[\u2e80-\uffff]/.test(text)

const decodeWhole = (bytes: Uint8Array, encoding: Encoding): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The text of whole lines; before it throws it gives the lines that can be read. */
function* decodeLines(block: Uint8Array, encoding: Encoding): Generator<string> {
  const whole = decodeWhole(block, encoding)
  if (whole !== undefined) return yield whole
  for (const bytes of linesOf(block)) {
    const line = decodeWhole(bytes, encoding)
    if (line === undefined)
      throw new Unreadable(encoding === 'utf-8' ? 'ENCODING_MIXED' : 'ENCODING')
    yield line
  }
}

/** Each with its line feed. */
const linesOf = (block: Uint8Array): readonly Uint8Array[] => {
  const lines: Uint8Array[] = []
  for (let start = 0; start < block.length; ) {
    const end = block.indexOf(LINE_FEED, start) + 1 || block.length
    lines.push(block.subarray(start, end))
    start = end
  }
  return lines
}

/** "Unicode text" of spreadsheet programs. */
async function* utf16Of(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-16le', { fatal: true })
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true })
    } catch {
      throw new Unreadable('ENCODING')
    }
  }
  for await (const piece of bytes) yield decode(piece)
  yield decode()
}
