import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { httpTransport } from '../../src/wire/http-transport.ts'
import { memoryTransport } from '../../src/wire/memory-transport.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A far side on the loopback that answers as told; gives its address. */
const farSide = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  return `http://127.0.0.1:${portOf(address)}/dxp`
}
const portOf = (address: AddressInfo | string | null): number =>
  address !== null && typeof address === 'object' ? address.port : 0

const transport = (url: string, timeoutMs = 30_000) =>
  httpTransport({ name: 'customs', url, token: 'secret-token', timeoutMs })
const bytes = Buffer.from('<dxp:DxpMsg/>')

describe('the HTTP transport', () => {
  it('posts the bytes with token, type and the id as idempotency key', async () => {
    const seen: unknown[] = []
    const url = await farSide(async (request, response) => {
      const body: Buffer[] = []
      for await (const chunk of request) body.push(Buffer.from(chunk))
      const { authorization, 'content-type': type, 'idempotency-key': key } = request.headers
      seen.push([request.method, request.url, authorization, type, key, Buffer.concat(body)])
      response.writeHead(202).end('taken')
    })
    // A window on a larger buffer, as rows of a database are.
    const larger = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')])
    const sent = await transport(url).send('ID-1', larger.subarray(6, 6 + bytes.length))
    expect(sent).toEqual({ kind: 'sent' })
    expect(seen).toEqual([
      ['POST', '/dxp', 'Bearer secret-token', 'application/xml; charset=utf-8', 'ID-1', bytes],
    ])
  })

  it.each([
    ...[200, 201, 202, 204].map((status) => [status, 'sent'] as const),
    ...[401, 403, 404, 405, 408, 425, 429, 500, 502, 503, 504, 301, 307].map(
      (one) => [one, 'unavailable'] as const,
    ),
    ...[400, 409, 410, 413, 415, 422].map((status) => [status, 'refused'] as const),
  ])('takes the answer %i as %s', async (status, kind) => {
    const url = await farSide((_, response) => response.writeHead(status).end())
    const outcome = await transport(url).send('ID', bytes)
    expect(outcome.kind).toBe(kind)
    if (outcome.kind !== 'sent') expect(outcome.reason).toContain(String(status))
  })

  it('does not follow a redirect, which would take the token along', async () => {
    let visits = 0
    const elsewhere = await farSide((_, response) => {
      visits += 1
      response.writeHead(200).end()
    })
    const url = await farSide((_, response) =>
      response.writeHead(308, { location: elsewhere }).end(),
    )
    expect((await transport(url).send('ID', bytes)).kind).toBe('unavailable')
    expect(visits).toBe(0)
  })

  it('takes silence, a cut connection and a closed port as unavailable', async () => {
    const silent = await farSide(() => undefined)
    expect(await transport(silent, 50).send('ID', bytes)).toEqual({
      kind: 'unavailable',
      reason: 'TimeoutError',
    })
    const cut = await farSide((request) => request.socket.destroy())
    expect((await transport(cut).send('ID', bytes)).kind).toBe('unavailable')
    expect(await transport('http://127.0.0.1:1/').send('ID', bytes)).toMatchObject({
      kind: 'unavailable',
    })
  })

  it('takes an answer that never ends as unavailable, not as sent', async () => {
    const url = await farSide((_, response) => {
      response.writeHead(200, { 'content-length': '10' })
      response.write('half')
    })
    expect((await transport(url, 200).send('ID', bytes)).kind).toBe('unavailable')
  })

  it('never tells the token or the address in a reason', async () => {
    const outcomes = await Promise.all(
      ['http://127.0.0.1:1/', 'not an address', 'ftp://127.0.0.1/'].map((url) =>
        transport(url).send('ID', bytes),
      ),
    )
    for (const outcome of outcomes) {
      expect(outcome.kind).toBe('unavailable')
      expect(JSON.stringify(outcome)).not.toMatch(/secret|127\.0\.0\.1|not an address/)
    }
  })

  it('uses the fetch it is given', async () => {
    const given = httpTransport({
      name: 'customs',
      url: 'https://customs.invalid/',
      token: 't',
      timeoutMs: 1_000,
      fetch: async () => new Response(null, { status: 429 }),
    })
    expect(await given.send('ID', bytes)).toEqual({ kind: 'unavailable', reason: 'HTTP 429' })
  })
})

describe('the transport in memory', () => {
  it('hands over the same bytes and gives back the outcome', async () => {
    const seen: unknown[] = []
    const memory = memoryTransport('simulator', async (id, envelope) => {
      seen.push([id, envelope])
      return { kind: 'refused', reason: 'not ours' }
    })
    expect(await memory.send('ID', bytes)).toEqual({ kind: 'refused', reason: 'not ours' })
    expect(seen).toEqual([['ID', bytes]])
  })

  it('takes a far side that throws as unavailable', async () => {
    const memory = memoryTransport('simulator', async () => {
      throw new Error('down')
    })
    expect((await memory.send('ID', bytes)).kind).toBe('unavailable')
  })
})
