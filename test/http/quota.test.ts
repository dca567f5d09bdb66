/**
 * A buyer's year over HTTP: many lists of one buyer at once never go beyond it, whoever hands them in
 * and however many gateways take them; and the buyer's number is in no address and no line of the log.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recountQuotas } from '../../src/flow/quota-recount.ts'
import { createGateway } from '../../src/run/gateway.ts'
import { connect } from '../../src/store/connect.ts'
import { buyerId, listOf } from '../support/buyers.ts'
import { json, type TestApp, testApp } from './app.ts'

let test: TestApp
beforeAll(async () => {
  test = await testApp()
})
afterAll(() => test.close())

interface Answer {
  readonly results: readonly {
    readonly id?: string
    readonly faults?: readonly { readonly code: string; readonly pointer: string }[]
  }[]
}

let lists = 0
/** A list of one line of one piece. */
const list = (buyer: string, value: string) => {
  lists += 1
  return listOf(test.consignment(lists).list, { buyer, lines: [value] })
}

const key = (): string => test.account(test.cast.declarants[0]).key

const hand = async (...documents: readonly unknown[]) => handTo(test.fetch, ...documents)

const handTo = async (fetch: TestApp['fetch'], ...documents: readonly unknown[]) => {
  const response = await fetch('/api/v1/documents', json(key(), { kind: 'CEB621', documents }))
  return { status: response.status, answer: (await response.json()) as Answer }
}

const ask = async (buyer: string, by = key()) => {
  const response = await test.fetch('/api/v1/quota', json(by, { buyerIdNumber: buyer }))
  expect(response.status).toBe(200)
  return (await response.json()) as {
    readonly committed: string
    readonly reserved: string
    readonly left: string
    readonly documents: readonly { readonly id: string; readonly value: string }[]
    readonly others: { readonly reserved: string }
  }
}

describe('many lists of one buyer at once', () => {
  it('are taken up to the last fen and not beyond', async () => {
    const buyer = buyerId(1)
    const [writers, value] = test.database.embedded ? [30, 1_300] : [200, 260]
    // A second gateway on the same database, with connections of its own.
    const other = connect({ ...test.database.connection, max: 4 })
    const { app } = createGateway({ ...test.gatewayOptions, db: other.db })
    const second: TestApp['fetch'] = async (path, init) =>
      app.fetch(new Request(`http://gateway.test${path}`, init))
    const answers = await Promise.all(
      Array.from({ length: writers }, (_, n) =>
        handTo(
          n % 3 === 0 ? second : test.fetch,
          list(buyer, `${value}${n % 2 === 0 ? '' : '.01'}`),
        ),
      ),
    ).finally(() => other.close())
    const taken = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status === 422)
    expect(taken.length + refused.length).toBe(writers)
    expect(refused.length).toBeGreaterThan(0)
    const told = await ask(buyer)
    const sum = told.documents.reduce(
      (total, one) => total + Math.round(Number(one.value) * 100),
      0,
    )
    expect(told.documents).toHaveLength(taken.length)
    expect((sum / 100).toFixed(2)).toBe(told.reserved)
    expect(sum).toBeLessThanOrEqual(2_600_000)
    expect(Number(told.left)).toBeLessThan(value + 0.01)
    for (const { answer } of refused)
      expect(answer.results[0]?.faults?.[0]).toMatchObject({
        ...{ code: 'CEB621-buyerIdNumber-QUOTA_YEAR', pointer: '/InventoryHead/buyerIdNumber' },
      })
    // What is left is taken to the last fen.
    if (Number(told.left) > 0) {
      expect((await hand(list(buyer, told.left))).status).toBe(200)
      expect((await ask(buyer)).left).toBe('0.00')
    }
    expect((await hand(list(buyer, '0.01'))).status).toBe(422)
  })

  it('in batches that name the same buyers in different order never wait for each other in a ring', async () => {
    const buyers = Array.from({ length: 6 }, (_, i) => buyerId(10 + i))
    const batches = Array.from({ length: 24 }, (_, n) =>
      buyers.map((_, i) => list(buyers[(n % 2 === 0 ? i : 5 - i) % 6] ?? '', '1500.5')),
    )
    const answers = await Promise.all(batches.map((documents) => hand(...documents)))
    const taken = answers.flatMap(({ answer }) =>
      answer.results.filter(({ id }) => id !== undefined),
    )
    // Seventeen times 1,500.50 is 25,508.50.
    expect(taken).toHaveLength(6 * 17)
    for (const buyer of buyers)
      expect(await ask(buyer)).toMatchObject({ reserved: '25508.50', left: '491.50' })
    await recountQuotas(test.gateway.flow)
    for (const buyer of buyers)
      expect(await ask(buyer)).toMatchObject({ reserved: '25508.50', left: '491.50' })
  })
})

describe('the number of a buyer', () => {
  it('is in no address, no answer and no line of the log', async () => {
    const buyer = buyerId(30)
    await hand(list(buyer, '20000'))
    const over = await hand(list(buyer, '7000'))
    expect(over.status).toBe(422)
    const told = await ask(buyer)
    const logged = test.logged.slice(-50)
    expect(JSON.stringify(logged)).toContain('/api/v1/quota')
    expect(JSON.stringify([over, told, logged])).not.toContain(buyer)
  })
})

describe('another enterprise', () => {
  it('learns of a buyer’s lists the sums and nothing else', async () => {
    const buyer = buyerId(31)
    const own = await hand(list(buyer, '1200'))
    expect(await ask(buyer)).toMatchObject({
      documents: [{ id: own.answer.results[0]?.id, value: '1200.00' }],
      others: { reserved: '0.00' },
    })
    expect(await ask(buyer, test.account(test.cast.carrier).key)).toMatchObject({
      ...{ reserved: '1200.00', left: '24800.00', documents: [], more: 0 },
      others: { reserved: '1200.00' },
    })
    expect((await ask(buyer, test.operatorKey)).documents).toHaveLength(1)
  })
})
