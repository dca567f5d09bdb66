/**
 * The file that a request brings: its body, or the file of a multipart form, as a stream. Nothing is
 * collected here, whatever the length of the file.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import Busboy, { type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { bytesOf } from '../codec/sheet/bytes.ts'
import { Unreadable } from '../codec/sheet/faults.ts'
import { FORM_FIELD_BYTES_MAX, FORM_PARTS_MAX, REFUSED_BYTES_MAX } from '../kernel/limits.ts'
import { mediaTypeOf } from './body.ts'

/** Media type of a form with files. */
export const FORM = 'multipart/form-data'

/** The `charset` of a Content-Type; undefined when it names none. */
export const charsetOf = (request: Request): string | undefined =>
  /;\s*charset\s*=\s*([^;]+)/i.exec(request.headers.get('content-type') ?? '')?.[1]

/** Throws Unreadable where a form is broken, has no file or more than one. */
export const fileOf = (request: Request): AsyncIterable<Uint8Array> => {
  const body = request.body === null ? nothing() : uploadOf(request.body)
  return mediaTypeOf(request) === FORM ? fileOfForm(request, body) : body
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/**
 * The body. When reading is given up, a part of what is still coming is read and thrown away: a
 * sender who is still sending hears the answer then, and not a connection that breaks.
 */
async function* uploadOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = bytesOf(stream)
  let length = 0
  let ended = false
  try {
    for (;;) {
      const { done, value } = await source.next()
      if (done === true) {
        ended = true
        return
      }
      length += value.length
      yield value
    }
  } finally {
    while (!ended && length <= REFUSED_BYTES_MAX) {
      const { done, value } = await source.next()
      length += value?.length ?? 0
      ended = done === true
    }
    await source.return(undefined)
  }
}

async function* fileOfForm(
  request: Request,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const form = openForm(request)
  let isSecond = false
  form.on('filesLimit', () => {
    isSecond = true
  })
  const file = new Promise<BusboyFileStream | undefined>((resolve) => {
    form.on('file', (_name, stream) => resolve(stream))
    form.on('finish', () => resolve(undefined))
    form.on('error', () => resolve(undefined))
  })
  const source = Readable.from(body, { objectMode: false })
  const ended = pipeline(source, form).then(
    () => true,
    () => false,
  )
  try {
    const stream = await file
    // A form that breaks inside the file says so on both streams.
    stream?.on('error', () => undefined)
    if (stream !== undefined) yield* stream as AsyncIterable<Uint8Array>
    if (!(await ended)) throw new Unreadable('FORM_BROKEN')
    if (stream === undefined) throw new Unreadable('NO_FILE')
    if (isSecond) throw new Unreadable('MANY_FILES')
  } catch (error) {
    throw error instanceof Unreadable ? error : new Unreadable('FORM_BROKEN')
  } finally {
    source.destroy()
    form.destroy()
    await ended
  }
}

const openForm = (request: Request): BusboyInstance => {
  try {
    return new Busboy({
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      limits: { files: 1, parts: FORM_PARTS_MAX, fieldSize: FORM_FIELD_BYTES_MAX },
    })
  } catch {
    throw new Unreadable('FORM_BROKEN')
  }
}
