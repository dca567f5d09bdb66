/** The stream of documents: one answer a line, in order, with bounded memory on both sides. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LINE_BYTES_MAX, STREAM_CHUNK_DOCUMENTS } from '../../src/kernel/limits.ts'
import { bearer, type TestApp, testApp } from './app.ts'

let test: TestApp
let key = ''
beforeAll(async () => {
  test = await testApp()
  key = test.account(test.cast.platform).key
})
afterAll(() => test.close())

interface LineAnswer {
  readonly line: number
  readonly id?: string
  readonly state?: string
  readonly faults?: readonly { readonly code: string }[]
}

const line = (n: number): string =>
  JSON.stringify({ kind: 'CEB311', document: test.consignment(n).order })

const send = (body: BodyInit, query = '', headers: Record<string, string> = {}) =>
  test.gateway.app.fetch(
    new Request(`http://gateway.test/api/v1/documents${query}`, {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'application/x-ndjson', ...headers },
      body,
      duplex: 'half',
    } as RequestInit),
  )

const answers = async (response: Response): Promise<readonly LineAnswer[]> =>
  (await response.text())
    .trimEnd()
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as LineAnswer)

const encoder = new TextEncoder()

describe('each line of a stream', () => {
  it('gets its answer, whatever the chunks it came in', async () => {
    const bytes = encoder.encode(`${[1, 2, 3].map(line).join('\n')}\n`)
    const pieces = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let i = 0; i < bytes.length; i += 997) controller.enqueue(bytes.slice(i, i + 997))
        controller.close()
      },
    })
    const got = await answers(await send(pieces))
    expect(got.map((answer) => answer.line)).toEqual([1, 2, 3])
    expect(got.every((answer) => answer.id !== undefined)).toBe(true)
  })

  it('is judged by itself: bad ones are told by number and harm no other', async () => {
    const parts = [
      encoder.encode(`${line(10)}\r\n\n  \n{"kind":\n`),
      new Uint8Array([0x22, 0xc3, 0x28, 0x22, 0x0a]),
      encoder.encode(`{"kind":"CEB999","document":{}}\n`),
      encoder.encode(`{"kind":"CEB311","documents":[{},{}]}\n`),
      encoder.encode(`${' '.repeat(LINE_BYTES_MAX)}"${'x'.repeat(LINE_BYTES_MAX)}"\n`),
      encoder.encode(`{"kind":"CEB311","document":{}}\n${line(11)}`),
    ]
    const got = await answers(await send(new Blob(parts)))
    expect(got.map(({ line: number, faults }) => [number, faults?.[0]?.code])).toEqual([
      [1, undefined],
      [4, 'INTAKE-line-NOT_JSON'],
      [5, 'INTAKE-line-NOT_UTF8'],
      [6, 'INTAKE-kind-UNKNOWN'],
      [7, 'INTAKE-line-MANY'],
      [8, 'INTAKE-line-TOO_LONG'],
      [9, expect.stringMatching(/^CEB311-/)],
      [10, undefined],
    ])
  })

  it('stores nothing on a dry run', async () => {
    const got = await answers(await send(`${line(20)}\n`, '?dryRun=true'))
    expect(got[0]?.faults).toBeUndefined()
    const found = await test.fetch(`/api/v1/documents?q=${test.consignment(20).orderNo}`, {
      headers: bearer(key),
    })
    expect(await found.json()).toEqual({ documents: [], next: null })
  })
})

describe('a stream', () => {
  it('answers an empty body with no line', async () => {
    const response = await send('')
    expect(response.status).toBe(200)
    expect(await answers(response)).toEqual([])
  })

  it('takes no Idempotency-Key: document numbers prevent doubles', async () => {
    expect((await send(`${line(30)}\n`, '', { 'idempotency-key': 'x' })).status).toBe(400)
    const body = `${line(30)}\n`
    const first = await answers(await send(body))
    const again = await answers(await send(body))
    expect(again[0]?.id).toBe(first[0]?.id)
  })

  it('answers a sender who waits for the answer before he sends on', async () => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given
      },
    })
    const response = await send(body)
    const reader = response.body?.getReader()
    if (reader === undefined) throw new Error('no body')
    for (const n of [40, 41, 42]) {
      controller?.enqueue(encoder.encode(`${line(n)}\n`))
      const { value } = await reader.read()
      const answer = JSON.parse(new TextDecoder().decode(value)) as LineAnswer
      expect(answer.id).toBeDefined()
    }
    controller?.close()
    expect((await reader.read()).done).toBe(true)
  })

  it('reads no further than its answers are read, however long it is', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          given += 1
          controller.enqueue(encoder.encode('{"kind":"CEB311","document":{}}\n'))
        },
      },
      { highWaterMark: 0 },
    )
    const response = await send(endless)
    const reader = response.body?.getReader()
    if (reader === undefined) throw new Error('no body')
    for (let chunk = 1; chunk <= 5; chunk += 1) {
      await reader.read()
      expect(given).toBeLessThanOrEqual((chunk + 1) * STREAM_CHUNK_DOCUMENTS)
    }
    const before = given
    await test.fetch('/readyz')
    expect(given).toBeLessThanOrEqual(before + 1)
    await reader.cancel()
  })

  it('that goes away is let go of', async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(encoder.encode(`${line(50)}\n`)),
      cancel: () => {
        cancelled = true
      },
    })
    const response = await send(body)
    const reader = response.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    expect(cancelled).toBe(true)
  })

  it('that breaks inside ends with a problem, and what was answered stays', async () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          sent += 1
          if (sent === 1) controller.enqueue(encoder.encode(`${line(60)}\n`))
          else controller.error(new Error('the sender is gone'))
        },
      },
      { highWaterMark: 0 },
    )
    const text = await (await send(body)).text()
    const lines = text
      .trimEnd()
      .split('\n')
      .map((part) => JSON.parse(part) as unknown)
    expect(lines.at(-1)).toMatchObject({ problem: { code: 'INTERNAL', status: 500 } })
    expect(text).not.toContain('the sender is gone')
  })
})
