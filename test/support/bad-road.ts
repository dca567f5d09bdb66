/**
 * A bad road between two processes: an HTTP server that passes requests on to another, and does with
 * each of them what the caller decides.
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'

export interface Road {
  readonly url: string
  close(): Promise<void>
}

/** Passes the bytes on; the status of the far side, 502 when there is none. */
export type Pass = (body: Uint8Array) => Promise<number>

/** What becomes of a request; its status is the answer. */
export type Deal = (body: Uint8Array, pass: Pass) => Promise<number>

/** `target` is asked for each request, because it may move. */
export const openRoad = async (target: () => string, deal: Deal): Promise<Road> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const pass = (body: Uint8Array) => passOn(target(), request.headers, body)
      const status = await deal(Buffer.concat(chunks), pass)
      response.writeHead(status).end()
    })
    request.on('error', () => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

const passOn = async (
  url: string,
  {
    host: _,
    connection: __,
    'content-length': ___,
    'transfer-encoding': ____,
    ...headers
  }: IncomingHttpHeaders,
  body: Uint8Array,
): Promise<number> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
  }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.status ?? 502
}
