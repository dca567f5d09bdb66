/** A zip file as a stream, made of parts that may be streams themselves. */
import { ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js'

export interface NewPart {
  readonly name: string
  readonly content: AsyncIterable<string | Uint8Array>
}

/** The same parts always give the same bytes; zip files tell no time before 1980. */
const MADE_AT = new Date(Date.UTC(1980, 0, 1, 12))

export const writeZip = (parts: AsyncIterable<NewPart>): ReadableStream<Uint8Array> => {
  let fail: (error: unknown) => void = () => undefined
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => {
      fail = (error) => controller.error(error)
    },
  })
  const giveUp = new AbortController()
  const write = async (): Promise<void> => {
    const zip = new ZipWriter(writable, { extendedTimestamp: false, signal: giveUp.signal })
    for await (const { name, content } of parts)
      await zip.add(name, { readable: streamOf(content) }, { lastModDate: MADE_AT })
    await zip.close()
  }
  // Whoever reads hears of a failure; whoever stops reading ends the writing.
  write().catch((error: unknown) => {
    giveUp.abort()
    fail(error)
  })
  return readable
}

/** A part that is known as a whole. */
export async function* whole(text: string): AsyncGenerator<string> {
  yield text
}

const streamOf = (content: AsyncIterable<string | Uint8Array>): ReadableStream<Uint8Array> => {
  const source = content[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await source.next()
        if (done === true) controller.close()
        else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
      },
      cancel: async () => {
        await source.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
