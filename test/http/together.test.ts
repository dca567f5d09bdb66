/** Documents of several kinds in one body, and those that are taken together: all of them or none. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { movingClock, START } from '../support/gateway.ts'
import { mandated } from '../web/seller/cast.ts'
import { json, type TestApp, testApp } from './app.ts'

interface Told {
  readonly code: string
  readonly pointer: string
}
interface Answer {
  readonly code?: string
  readonly taken: number
  readonly refused: number
  readonly faults: readonly Told[]
  readonly results: readonly {
    readonly index: number
    readonly kind: string
    readonly id?: string
    readonly state?: string
    readonly duplicate?: true
    readonly faults?: readonly Told[]
  }[]
}

const PATH = '/api/v1/documents?together=true'
const clock = movingClock(START)
let test: TestApp
let key = ''
beforeAll(async () => {
  test = await testApp({ clock })
  await mandated(test)
  key = test.account(test.cast.platform).key
})
afterAll(() => test.close())

/** The four of a consignment, each with its kind; `spoil` changes one of them. */
const whole = (n: number, spoil: Readonly<Record<string, object>> = {}) => {
  const { order, payment, waybill, list } = test.consignment(n)
  const good = { CEB311: order, CEB411: payment, CEB511: waybill, CEB621: list }
  return {
    documents: Object.entries(good).map(([kind, document]) => ({
      kind,
      document: spoil[kind] ?? document,
    })),
  }
}
/** Its amount is no number. */
const spoiltOrder = (n: number) => {
  const { order } = test.consignment(n)
  return { CEB311: { ...order, OrderHead: { ...order.OrderHead, acturalPaid: '1e5' } } }
}

const send = async (
  body: unknown,
  path = PATH,
  headers: Record<string, string> = {},
): Promise<{ readonly response: Response; readonly answer: Answer }> => {
  const response = await test.fetch(path, json(key, body, headers))
  return { response, answer: (await response.json()) as Answer }
}

const stored = async (): Promise<number> => {
  const { rows } = await sql<{ n: string }>`select count(*) as n from document`.execute(
    test.database.db,
  )
  return Number(rows[0]?.n)
}
const codesOf = (answer: Answer): readonly string[][] =>
  answer.results.map(({ faults = [] }) => faults.map(({ code }) => code))

describe('documents that are taken together', () => {
  it('are all stored when all are good, and are the same again', async () => {
    const before = await stored()
    const first = await send(whole(1))
    expect(first.response.status, JSON.stringify(first.answer)).toBe(200)
    expect(first.answer).toMatchObject({ taken: 4, refused: 0 })
    expect(first.answer.results.map(({ kind }) => kind)).toEqual(
      whole(1).documents.map(({ kind }) => kind),
    )
    expect(await stored()).toBe(before + 4)
    const again = await send(whole(1))
    expect(again.answer.results.every(({ duplicate }) => duplicate)).toBe(true)
    expect(again.answer.results.map(({ id }) => id)).toEqual(
      first.answer.results.map(({ id }) => id),
    )
  })

  it('are none of them stored beside one that is refused, and each is told why', async () => {
    const before = await stored()
    const { response, answer } = await send(whole(2, spoiltOrder(2)))
    expect(response.status).toBe(422)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(answer).toMatchObject({ code: 'DOCUMENTS-REFUSED', taken: 0, refused: 4 })
    expect(answer.results[0]?.faults?.[0]?.pointer).toBe('/OrderHead/acturalPaid')
    expect(codesOf(answer).slice(1)).toEqual([
      ['CEB411-OTHERS_REFUSED'],
      ['CEB511-OTHERS_REFUSED'],
      ['CEB621-OTHERS_REFUSED'],
    ])
    expect(answer.results.some(({ id, state }) => id !== undefined || state !== undefined)).toBe(
      false,
    )
    expect(answer.faults[0]?.pointer).toBe('/documents/0/document/OrderHead/acturalPaid')
    expect(answer.faults[1]?.pointer).toBe('/documents/1/document')
    expect(await stored()).toBe(before)
  })

  it('tell all faults of all of them at once', async () => {
    const { response, answer } = await send(whole(3, { CEB311: {}, CEB511: {} }))
    expect(response.status).toBe(422)
    const [order = [], payment, waybill = []] = codesOf(answer)
    expect(order.every((code) => code.startsWith('CEB311-'))).toBe(true)
    expect(payment).toEqual(['CEB411-OTHERS_REFUSED'])
    expect(waybill.every((code) => /^CEB511-.*MISSING/.test(code))).toBe(true)
  })

  it('are none of them stored when one does not fit what is held', async () => {
    const { list } = test.consignment(4)
    expect((await send(whole(4))).response.status).toBe(200)
    const changed = {
      ...list,
      InventoryHead: {
        ...list.InventoryHead,
        note: '另一内容',
        guid: 'F'.repeat(8) + list.InventoryHead.guid.slice(8),
      },
    }
    const before = await stored()
    clock.advance(60_000)
    const { payment, waybill } = test.consignment(5)
    const { response, answer } = await send({
      documents: [
        { kind: 'CEB411', document: payment },
        { kind: 'CEB511', document: waybill },
        { kind: 'CEB621', document: changed },
      ],
    })
    expect(response.status).toBe(422)
    expect(codesOf(answer).map(([code]) => code)).toEqual([
      'CEB411-OTHERS_REFUSED',
      'CEB511-OTHERS_REFUSED',
      'CEB621-appTime-STALE_APP_TIME',
    ])
    expect(answer.results.map(({ id }) => id)).toEqual([undefined, undefined, undefined])
    expect(await stored()).toBe(before)
  })

  it('may be of one kind', async () => {
    const before = await stored()
    const { response, answer } = await send({
      kind: 'CEB311',
      documents: [test.consignment(6).order, {}],
    })
    expect(response.status).toBe(422)
    expect(codesOf(answer)[0]).toEqual(['CEB311-OTHERS_REFUSED'])
    expect(await stored()).toBe(before)
  })

  it('are checked without being stored', async () => {
    const before = await stored()
    const path = `${PATH}&dryRun=true`
    expect((await send(whole(7), path)).response.status).toBe(200)
    const wrong = await send(whole(7, spoiltOrder(7)), path)
    expect(wrong.response.status).toBe(422)
    expect(codesOf(wrong.answer)[3]).toEqual(['CEB621-OTHERS_REFUSED'])
    expect(await stored()).toBe(before)
  })

  it('get the same answer to the same Idempotency-Key, which a refusal does not use up', async () => {
    const headers = { 'idempotency-key': 'whole-8' }
    expect((await send(whole(8, spoiltOrder(8)), PATH, headers)).response.status).toBe(422)
    const first = await send(whole(8), PATH, headers)
    expect(first.response.status).toBe(200)
    const again = await send(whole(8), PATH, headers)
    expect(again.response.headers.get('idempotency-replayed')).toBe('true')
    expect(again.answer).toEqual(first.answer)
    const other = await send(whole(8, spoiltOrder(8)), PATH, headers)
    expect(other.answer.code).toBe('IDEMPOTENCY-KEY-REUSED')
  })

  it('are no stream', async () => {
    const response = await test.fetch(PATH, {
      ...json(key, '{}'),
      headers: { ...json(key, '').headers, 'content-type': 'application/x-ndjson' },
    })
    expect(response.status).toBe(400)
    expect(((await response.json()) as Answer).faults[0]?.code).toBe('INTAKE-together-STREAM')
  })
})

describe('a body of several kinds', () => {
  it('is judged document by document unless they go together', async () => {
    const { response, answer } = await send(whole(9, spoiltOrder(9)), '/api/v1/documents')
    expect(response.status).toBe(207)
    expect(answer).toMatchObject({ taken: 3, refused: 1 })
  })

  it.each([
    ['a kind that nobody knows', { kind: 'CEB999', document: {} }, 422, '/documents/1/kind'],
    ['no kind', { document: {} }, 422, '/documents/1/kind'],
    ['something else', 5, 400, '/documents/1'],
    ['no document', { kind: 'CEB311' }, 400, '/documents/1/documents'],
    ['a member more', { kind: 'CEB311', document: {}, more: 1 }, 400, '/documents/1'],
    ['a batch', { kind: 'CEB311', documents: [{}] }, 400, '/documents/1/documents'],
  ])('is refused as a whole where an item has %s', async (_what, item, status, pointer) => {
    const { response, answer } = await send({
      documents: [{ kind: 'CEB311', document: test.consignment(10).order }, item],
    })
    expect(response.status).toBe(status)
    expect(answer.faults.map((fault) => fault.pointer)).toEqual([pointer])
  })
})
