/** Handing in by JSON and XML: what each document gets back, and what a whole request is refused for. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDeclaration } from '../../src/catalogue/index.ts'
import { writeMessage } from '../../src/codec/write.ts'
import {
  BODY_BYTES_MAX,
  DOCUMENTS_PER_BATCH_MAX,
  FAULTS_PER_DOCUMENT_MAX,
  REFUSED_BYTES_MAX,
} from '../../src/kernel/limits.ts'
import { bearer, json, type TestApp, testApp } from './app.ts'

let test: TestApp
let key = ''
beforeAll(async () => {
  test = await testApp()
  key = test.account(test.cast.platform).key
})
afterAll(() => test.close())

interface Answer {
  readonly code?: string
  readonly taken: number
  readonly refused: number
  readonly faults: readonly { readonly code: string; readonly pointer: string }[]
  readonly results: readonly {
    readonly index: number
    readonly id?: string
    readonly state?: string
    readonly duplicate?: true
    readonly faults?: readonly { readonly code: string; readonly pointer: string }[]
  }[]
}
const answerOf = async (response: Response): Promise<Answer> => (await response.json()) as Answer

const stored = async (): Promise<number> => {
  const { rows } = await sql<{ n: string }>`select count(*) as n from document`.execute(
    test.database.db,
  )
  return Number(rows[0]?.n)
}

const orders = (...numbers: readonly number[]) => numbers.map((n) => test.consignment(n).order)

describe('a JSON batch', () => {
  it('answers 200 with an id for each when all are taken, and the same again for the same', async () => {
    const documents = orders(1, 2, 3)
    const first = await test.fetch('/api/v1/documents', json(key, { kind: 'CEB311', documents }))
    expect(first.status).toBe(200)
    const one = await answerOf(first)
    expect(one).toMatchObject({ taken: 3, refused: 0 })
    expect(new Set(one.results.map((result) => result.id)).size).toBe(3)
    const second = await test.fetch('/api/v1/documents', json(key, { kind: 'CEB311', documents }))
    const two = await answerOf(second)
    expect(two.results.map((result) => result.id)).toEqual(one.results.map((result) => result.id))
    expect(two.results.every((result) => result.duplicate)).toBe(true)
  })

  it('answers 207 with faults beside ids when some are taken', async () => {
    const [good, other] = orders(4, 5)
    const bad = { ...other, OrderHead: { ...other?.OrderHead, acturalPaid: '1e5' } }
    const response = await test.fetch(
      '/api/v1/documents',
      json(key, { kind: 'CEB311', documents: [good, bad] }),
    )
    expect(response.status).toBe(207)
    const answer = await answerOf(response)
    expect(answer).toMatchObject({ taken: 1, refused: 1 })
    expect(answer.results[0]?.id).toBeDefined()
    expect(answer.results[1]?.id).toBeUndefined()
    expect(answer.results[1]?.faults?.[0]?.pointer).toBe('/OrderHead/acturalPaid')
  })

  it('answers 422 with every fault pointed into the body when none is taken', async () => {
    const response = await test.fetch(
      '/api/v1/documents',
      json(key, { kind: 'CEB311', documents: [{}, 5, null] }),
    )
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    const answer = await answerOf(response)
    expect(answer.code).toBe('DOCUMENTS-REFUSED')
    expect(answer.results).toHaveLength(3)
    expect(answer.faults[0]?.pointer).toMatch(/^\/documents\/0/)
  })

  it('names what refuses before what only warns, however many warnings there are', async () => {
    const [order] = orders(8)
    const OrderList = Array.from({ length: 99 }, (_, i) => ({
      ...order?.OrderList[0],
      gnum: String(i + 1),
      unit: 'ZZZ',
      country: 'ZZZ',
      totalPrice: i === 98 ? 'x' : '1',
    }))
    const documents = [{ ...order, OrderList }]
    const response = await test.fetch('/api/v1/documents', json(key, { kind: 'CEB311', documents }))
    expect(response.status).toBe(422)
    const { faults } = await answerOf(response)
    expect(faults).toHaveLength(FAULTS_PER_DOCUMENT_MAX)
    expect(faults[0]?.pointer).toBe('/documents/0/OrderList/98/totalPrice')
    expect(faults[1]?.code).toBe('CEB311-unit-NOT_LISTED')
  })

  it('takes one document without a list', async () => {
    const response = await test.fetch(
      '/api/v1/documents',
      json(key, { kind: 'CEB311', document: orders(6)[0] }),
    )
    expect(response.status).toBe(200)
  })

  it('stores nothing on a dry run and finds the same faults', async () => {
    const before = await stored()
    const [good] = orders(7)
    const response = await test.fetch(
      '/api/v1/documents?dryRun=true',
      json(key, { kind: 'CEB311', documents: [good, {}] }),
    )
    expect(response.status).toBe(207)
    expect(await answerOf(response)).toMatchObject({ taken: 1, refused: 1 })
    expect(await stored()).toBe(before)
  })

  it('does not take another enterprise’s documents', async () => {
    const { key: foreign } = test.account(test.cast.carrier)
    const response = await test.fetch(
      '/api/v1/documents',
      json(foreign, { kind: 'CEB311', documents: orders(8) }),
    )
    expect(response.status).toBe(422)
    expect((await answerOf(response)).results[0]?.faults?.[0]?.code).toMatch(/FOREIGN_ENTERPRISE$/)
  })

  it('is not for the operator to hand in', async () => {
    const body = { kind: 'CEB311', documents: orders(9) }
    expect((await test.fetch('/api/v1/documents', json(test.operatorKey, body))).status).toBe(403)
  })
})

describe('an Idempotency-Key', () => {
  const send = (idempotencyKey: string, body: unknown) =>
    test.fetch('/api/v1/documents', json(key, body, { 'idempotency-key': idempotencyKey }))

  it('gives the first answer again and says so', async () => {
    const body = { kind: 'CEB311', documents: orders(20) }
    const first = await send('key-20', body)
    const again = await send('key-20', body)
    expect(again.status).toBe(first.status)
    expect(await again.json()).toEqual(await first.json())
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(first.headers.get('idempotency-replayed')).toBeNull()
  })

  it('is refused with another body, and stores nothing of it', async () => {
    await send('key-21', { kind: 'CEB311', documents: orders(21) })
    const before = await stored()
    const response = await send('key-21', { kind: 'CEB311', documents: orders(22) })
    expect(response.status).toBe(422)
    expect((await answerOf(response)).code).toBe('IDEMPOTENCY-KEY-REUSED')
    expect(await stored()).toBe(before)
  })

  it('gives a refusal again too', async () => {
    const body = { kind: 'CEB311', documents: [{}] }
    const first = await send('key-22', body)
    const again = await send('key-22', body)
    expect([first.status, again.status]).toEqual([422, 422])
    expect((await answerOf(again)).results).toEqual((await answerOf(first)).results)
  })

  it.each(['', 'has blank', 'é', 'x'.repeat(201)])('must be usable: %j', async (bad) => {
    const response = await send(bad, { kind: 'CEB311', documents: orders(23) })
    expect(response.status).toBe(400)
    expect((await answerOf(response)).code).toBe('IDEMPOTENCY-KEY-WRONG')
  })
})

describe('a request is refused as a whole', () => {
  const post = (body: BodyInit, type = 'application/json', headers = {}) =>
    test.fetch('/api/v1/documents', {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': type, ...headers },
      body,
    })

  it.each([
    ['no JSON', '{"kind":', 'BODY-NOT-JSON'],
    ['a list', '[]', 'BODY-WRONG-SHAPE'],
    ['no kind', '{"documents":[{}]}', 'KIND-UNKNOWN'],
    ['a kind nobody knows', '{"kind":"CEB999","documents":[{}]}', 'KIND-UNKNOWN'],
    ['a kind of customs', '{"kind":"CEB312","documents":[{}]}', 'KIND-UNKNOWN'],
    ['no documents', '{"kind":"CEB311"}', 'BODY-WRONG-SHAPE'],
    ['an empty list', '{"kind":"CEB311","documents":[]}', 'BODY-WRONG-SHAPE'],
    ['both forms', '{"kind":"CEB311","documents":[{}],"document":{}}', 'BODY-WRONG-SHAPE'],
    ['a slip of the pen', '{"kind":"CEB311","documents":[{}],"dryrun":true}', 'BODY-WRONG-SHAPE'],
  ])('for %s', async (_what, body, code) => {
    const response = await post(body)
    expect((await answerOf(response)).code).toBe(code)
  })

  it('for broken UTF-8, a BOM being none', async () => {
    const broken = await post(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]))
    expect((await answerOf(broken)).code).toBe('BODY-NOT-UTF8')
    const text = JSON.stringify({ kind: 'CEB311', documents: orders(30) })
    expect((await post(`\uFEFF${text}`)).status).toBe(200)
  })

  it.each(['text/plain', 'multipart/form-data', 'application/xml', ''])(
    'for the content type %j',
    async (type) => {
      const response = await post('{}', type)
      expect(response.status).toBe(415)
    },
  )

  it('for a compressed body, whose length would be known too late', async () => {
    const response = await post('{}', 'application/json', { 'content-encoding': 'gzip' })
    expect(response.status).toBe(415)
  })

  it('for too many documents', async () => {
    const documents = Array.from({ length: DOCUMENTS_PER_BATCH_MAX + 1 }, () => ({}))
    const response = await post(JSON.stringify({ kind: 'CEB311', documents }))
    expect(response.status).toBe(413)
    expect((await answerOf(response)).code).toBe('BATCH-TOO-LONG')
  })

  it('for a body without end, after a bounded part of it', async () => {
    let given = 0
    const chunk = new Uint8Array(1024 * 1024).fill(0x20)
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        given += chunk.length
        controller.enqueue(chunk)
      },
    })
    const request = new Request('http://gateway.test/api/v1/documents', {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit)
    const response = await test.gateway.app.fetch(request)
    expect(response.status).toBe(413)
    // What the stream itself holds ready comes on top.
    expect(given).toBeLessThan(REFUSED_BYTES_MAX + 4 * chunk.length)
  })

  it('for one byte too many, and not for one less', async () => {
    const exact = (length: number): string => JSON.stringify({ kind: 'CEB999' }).padEnd(length, ' ')
    expect((await post(exact(BODY_BYTES_MAX))).status).toBe(422)
    expect((await post(exact(BODY_BYTES_MAX + 1))).status).toBe(413)
  })

  it('for a length that is announced too long', async () => {
    const response = await test.gateway.app.fetch(
      new Request('http://gateway.test/api/v1/documents', {
        method: 'POST',
        headers: {
          ...bearer(key),
          'content-type': 'application/json',
          'content-length': String(BODY_BYTES_MAX + 1),
        },
        body: '{}',
      }),
    )
    expect(response.status).toBe(413)
  })
})

describe('a message as XML', () => {
  const post = (body: BodyInit, type = 'application/xml') =>
    test.fetch('/api/v1/messages', {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': type },
      body,
    })
  const messageOf = (...numbers: readonly number[]): string => {
    const entry = findDeclaration('CEB311')
    if (entry === undefined) throw new Error('no CEB311')
    return writeMessage(entry, orders(...numbers), {
      guid: '00000000-0000-4000-8000-00000000000A',
      trailer: { transfer: { copCode: '5001960001', copName: '合成', dxpId: 'DXPENT0000000001' } },
    }).canonical
  }

  it('is taken document by document', async () => {
    const response = await post(messageOf(40, 41))
    expect(response.status).toBe(200)
    expect(await answerOf(response)).toMatchObject({ taken: 2, refused: 0 })
  })

  it.each([
    ['no XML at all', 'hello'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]><CEB311Message/>'],
    ['an unknown root', '<CEB999Message/>'],
  ])('is refused for %s', async (_what, body) => {
    const response = await post(body)
    expect(response.status).toBe(422)
    const answer = await answerOf(response)
    expect(answer.code).toBe('MESSAGE-UNREADABLE')
    expect(answer.faults.length).toBeGreaterThan(0)
  })

  it('is refused for more documents than a message holds', async () => {
    const response = await post(messageOf(...Array.from({ length: 101 }, (_, n) => 100 + n)))
    expect(response.status).toBe(422)
  })

  it('is refused in another content type', async () => {
    expect((await post(messageOf(42), 'text/html')).status).toBe(415)
  })

  const samples = fileURLToPath(new URL('../../../shared/conformance/samples/', import.meta.url))
  const isThere = existsSync(samples)
  if (!isThere) console.log('the official samples are not here: their tests are skipped')
  it.skipIf(!isThere).each(['CEB311', 'CEB411', 'CEB511', 'CEB621'])(
    'the official sample of %s is read whole; only its owner is unknown here',
    async (code) => {
      const response = await post(readFileSync(`${samples}${code}Message.xml`))
      const answer = await answerOf(response)
      expect(answer.results.length).toBeGreaterThan(0)
      for (const { faults } of answer.results) {
        expect(faults?.every((fault) => /FOREIGN_ENTERPRISE/.test(fault.code))).toBe(true)
      }
    },
  )
})
