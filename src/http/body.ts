/**
 * Reading request bodies within bounds. The bound is enforced while reading, so a body of any length
 * costs at most `bytesMax` bytes of memory. Text is UTF-8 and nothing else: a byte
 * sequence that is not is refused, never replaced.
 */
import { REFUSED_BYTES_MAX } from '../kernel/limits.ts'
import type { ProblemCode } from './problems.ts'

export type BytesRead =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly code: ProblemCode }

export type JsonRead =
  | { readonly kind: 'json'; readonly value: unknown; readonly bytes: Uint8Array }
  | { readonly kind: 'problem'; readonly code: ProblemCode }

/** The media type in lower case without its parameters; '' when there is none. */
export const mediaTypeOf = (request: Request): string =>
  (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

/** Whether the body came compressed: its true length would be known too late. */
export const isEncoded = (request: Request): boolean => {
  const encoding = request.headers.get('content-encoding')
  return encoding !== null && encoding.toLowerCase() !== 'identity'
}

/** The whole body, or BODY-TOO-LARGE; nothing beyond `bytesMax` is ever kept. */
export const readBytes = async (request: Request, bytesMax: number): Promise<BytesRead> => {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > REFUSED_BYTES_MAX) return tooLarge
  if (request.body === null) return { kind: 'bytes', bytes: new Uint8Array(0) }
  const reader = request.body.getReader()
  let chunks: Uint8Array[] = []
  let length = 0
  while (length <= REFUSED_BYTES_MAX) {
    const { done, value } = await reader.read()
    if (done) {
      reader.releaseLock()
      return length > bytesMax || declared > bytesMax ? tooLarge : wholeOf(chunks, length)
    }
    length += value.length
    if (length > bytesMax) chunks = []
    else chunks.push(value)
  }
  await reader.cancel()
  reader.releaseLock()
  return tooLarge
}

const wholeOf = (chunks: readonly Uint8Array[], length: number): BytesRead => {
  const [only] = chunks
  const bytes = chunks.length === 1 && only !== undefined ? only : concatBytes(chunks, length)
  return { kind: 'bytes', bytes }
}

export const concatBytes = (chunks: readonly Uint8Array[], length: number): Uint8Array => {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}

export const readJson = async (request: Request, bytesMax: number): Promise<JsonRead> => {
  const read = await readBytes(request, bytesMax)
  if (read.kind === 'problem') return read
  const text = decodeUtf8(read.bytes)
  if (text === undefined) return { kind: 'problem', code: 'BODY-NOT-UTF8' }
  const parsed = parseJson(text)
  return parsed.kind === 'json'
    ? { kind: 'json', value: parsed.value, bytes: read.bytes }
    : { kind: 'problem', code: 'BODY-NOT-JSON' }
}

/** Text of UTF-8 bytes, a BOM left out; undefined when they are not UTF-8. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export const parseJson = (
  text: string,
): { readonly kind: 'json'; readonly value: unknown } | { readonly kind: 'not-json' } => {
  try {
    const value: unknown = JSON.parse(text)
    return { kind: 'json', value }
  } catch {
    return { kind: 'not-json' }
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const tooLarge: BytesRead = { kind: 'problem', code: 'BODY-TOO-LARGE' }
