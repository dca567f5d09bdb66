/**
 * The stream of documents: NDJSON in, NDJSON out, line by line and in order. It reads a chunk of
 * lines only when the answers before it were taken, stores it in one transaction, and answers; so
 * neither a fast sender nor a slow reader makes it grow, whatever the length of the stream.
 */
import type { Handed, IntakeAnswer } from '../flow/types.ts'
import type { Fault } from '../kernel/fault.ts'
import {
  STREAM_CHUNK_BYTES_MAX,
  STREAM_CHUNK_DOCUMENTS,
  STREAM_LINGER_MS,
} from '../kernel/limits.ts'
import { decodeUtf8, parseJson } from './body.ts'
import { readHanded } from './handed.ts'
import { handedFaults } from './intake-faults.ts'
import { type Line, type LineReader, readLines } from './lines.ts'

export interface StreamOptions {
  /** Stores one chunk. */
  readonly take: (handed: readonly Handed[]) => Promise<IntakeAnswer>
  /** The last line of a stream that broke inside; all answers before it stand. */
  readonly broken: (error: unknown) => Readonly<Record<string, unknown>>
}

export const answerStream = (
  body: ReadableStream<Uint8Array>,
  options: StreamOptions,
): ReadableStream<Uint8Array> => {
  const lines = readLines(body)
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const chunk = await readChunk(lines)
          const answers = await judgeChunk(chunk.lines, options)
          if (answers.length > 0) controller.enqueue(encoder.encode(answers.join('')))
          if (chunk.ended) controller.close()
        } catch (error) {
          controller.enqueue(encoder.encode(toLine(options.broken(error))))
          controller.close()
          await lines.cancel()
        }
      },
      cancel: () => lines.cancel(),
    },
    // Nothing is read ahead of the reader of the answers.
    { highWaterMark: 0 },
  )
}

type WholeLine = Extract<Line, { readonly number: number }>

interface Chunk {
  readonly lines: readonly WholeLine[]
  readonly ended: boolean
}

/** Waits for one line; then takes what follows closely, up to the bounds of a chunk. */
const readChunk = async (source: LineReader): Promise<Chunk> => {
  const lines: WholeLine[] = []
  let bytes = 0
  while (lines.length < STREAM_CHUNK_DOCUMENTS && bytes < STREAM_CHUNK_BYTES_MAX) {
    const line = await source.next(lines.length === 0 ? undefined : STREAM_LINGER_MS)
    if (line.kind === 'end') return { lines, ended: true }
    if (line.kind === 'idle') break
    lines.push(line)
    if (line.kind === 'line') bytes += line.bytes.length
  }
  return { lines, ended: false }
}

/** One answer a line, in the order of the lines. */
const judgeChunk = async (
  lines: readonly WholeLine[],
  options: StreamOptions,
): Promise<readonly string[]> => {
  const read = lines.map(readLine)
  const handed = read.flatMap((item) => (item.kind === 'handed' ? [item.handed] : []))
  const answer =
    handed.length === 0
      ? { kind: 'taken' as const, results: [], replayed: false }
      : await options.take(handed)
  if (answer.kind !== 'taken') throw new Error(`a stream has no idempotency key: ${answer.kind}`)
  let next = 0
  return read.map((item, index) => {
    const line = lines[index]?.number
    if (item.kind === 'refused') return toLine({ line, faults: [item.fault] })
    const { index: _, ...result } = answer.results[next] ?? missingResult(line)
    next += 1
    return toLine({ line, ...result })
  })
}

type LineRead =
  | { readonly kind: 'handed'; readonly handed: Handed }
  | { readonly kind: 'refused'; readonly fault: Fault }

const readLine = (line: WholeLine): LineRead => {
  if (line.kind === 'too-long') return { kind: 'refused', fault: handedFaults.lineTooLong }
  const text = decodeUtf8(line.bytes)
  if (text === undefined) return { kind: 'refused', fault: handedFaults.lineNotUtf8 }
  const parsed = parseJson(text)
  if (parsed.kind === 'not-json') return { kind: 'refused', fault: handedFaults.lineNotJson }
  const read = readHanded(parsed.value)
  if (read.kind !== 'handed') {
    return { kind: 'refused', fault: read.faults[0] ?? handedFaults.notObject }
  }
  const [only] = read.handed
  return only === undefined || read.handed.length > 1
    ? { kind: 'refused', fault: handedFaults.oneEachLine }
    : { kind: 'handed', handed: only }
}

const missingResult = (line: number | undefined): never => {
  throw new Error(`intake gave no result for line ${line}`)
}

const toLine = (answer: Readonly<Record<string, unknown>>): string => `${JSON.stringify(answer)}\n`
