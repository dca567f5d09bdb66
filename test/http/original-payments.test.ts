/**
 * Handing in original payment data and looking at it: what is taken and refused, versions, masks, who
 * may see it, and that nobody sees the raw texts without leaving a row.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepHouse } from '../../src/flow/housekeeping.ts'
import { type PaymentTest, paymentTest } from '../support/payment-office.ts'
import { originalPayment, paymentOrder } from '../support/payments.ts'
import { bearer, json } from './app.ts'

let test: PaymentTest
beforeAll(async () => {
  test = await paymentTest()
})
afterAll(() => test.close())

const get = (path: string, key = test.platform.key, headers = {}) =>
  test.fetch(`/api/v1/${path}`, { headers: { ...bearer(key), ...headers } })
const accesses = async (key: string) =>
  ((await (await get('access-log', key)).json()) as { accesses: Record<string, string>[] }).accesses

describe('handing in', () => {
  it('judges each payment by itself and points at the faults', async () => {
    const good = originalPayment('H1')
    const bad = originalPayment('H2', { currency: '502' })
    const mixed = await test.handIn([good, bad])
    expect(mixed.status).toBe(207)
    expect(await mixed.json()).toMatchObject({
      ...{ taken: 1, refused: 1 },
      results: [
        { index: 0, version: 1, id: expect.any(String) },
        { index: 1, faults: [{ code: 'PAY179-currency-NOT_ALLOWED', pointer: '/currency' }] },
      ],
    })
    const refused = await test.handIn([bad])
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({
      code: 'PAYMENTS-REFUSED',
      faults: [{ pointer: '/payments/0/currency' }],
    })
  })

  it('takes the same payment again without harm, and another content as a new version', async () => {
    const first = originalPayment('V1')
    const taken = async (payments: readonly unknown[]) =>
      ((await (await test.handIn(payments)).json()) as { results: Record<string, unknown>[] })
        .results
    const [one] = await taken([first])
    const [again] = await taken([first])
    expect(again).toEqual({ index: 0, id: one?.id, version: 1, duplicate: true })
    const second = { ...first, totalAmount: '12.3' }
    const [, two, three] = await taken([first, second, second])
    expect(two).toMatchObject({ version: 2 })
    expect(three).toEqual({ index: 2, id: two?.id, version: 2, duplicate: true })
    const shown = await (await get('original-payments/V1')).json()
    expect(shown).toMatchObject({ payments: [{ version: 2, payment: { totalAmount: '12.3' } }] })
    const { rows } = await sql<{ count: string }>`select count(*) from original_payment
      where pay_transaction_id = 'T-V1'`.execute(test.database.db)
    expect(rows[0]?.count).toBe('2')
  })

  it('gives two requests with the same payment at the same moment one version', async () => {
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => test.handIn([originalPayment('SAME')])),
    )
    const results = await Promise.all(
      answers.map(async (each) => ((await each.json()) as { results: { id: string }[] }).results),
    )
    expect(new Set(results.flat().map(({ id }) => id)).size).toBe(1)
  })

  it('is for the platform itself and for whoever holds its mandate for this', async () => {
    const payment = originalPayment('M1')
    const agent = test.account(test.cast.declarants[0])
    const foreign = await test.handIn([payment], agent.key)
    expect(foreign.status).toBe(422)
    expect(await foreign.json()).toMatchObject({
      faults: [{ code: 'PAY179-ebpCode-FOREIGN_ENTERPRISE' }],
    })
    const given = await test.fetch(
      '/api/v1/mandates',
      json(test.operatorKey, {
        ...{ principalId: test.platform.id, agentId: agent.id, kinds: ['PAY179'] },
        validFrom: '2020-01-01',
      }),
    )
    expect(given.status).toBe(201)
    expect((await test.handIn([payment], agent.key)).status).toBe(200)
    expect((await get('original-payments/M1', agent.key)).status).toBe(200)
  })

  it('asks for payments, and for no more than fit a request', async () => {
    for (const body of [{}, { payments: [] }, { payments: {} }])
      expect(
        (await test.fetch('/api/v1/original-payments', json(test.platform.key, body))).status,
      ).toBe(400)
    expect((await test.handIn(Array.from({ length: 501 }, () => ({})))).status).toBe(413)
  })
})

describe('what is kept', () => {
  it('is sealed: no raw text, account or name lies open in the database or the log', async () => {
    await test.handIn([originalPayment('S1')])
    const { rows } = await sql<{ text: string }>`
      select concat(p::text, o::text) as text from original_payment p
      join original_payment_order o on o.payment_id = p.id`.execute(test.database.db)
    expect(rows.length).toBeGreaterThan(0)
    const open = JSON.stringify(rows) + JSON.stringify(test.logged)
    for (const personal of ['合成甲', 'buyer_name', '6222000000000000001'])
      for (const spelt of [personal, Buffer.from(personal).toString('hex')])
        expect(open).not.toContain(spelt)
  })
})

describe('looking', () => {
  it('shows masks, and the raw texts to who asks for them; only that leaves a row', async () => {
    const handed = originalPayment('L1', { orders: [paymentOrder('L1'), paymentOrder('L2')] })
    await test.handIn([handed])
    const before = await accesses(test.platform.key)
    const masked = await (await get('original-payments/L2')).json()
    expect(masked).toMatchObject({
      ...{ orderNo: 'L2', clear: false },
      payments: [
        {
          payment: {
            ...{ initalRequest: '***', initalResponse: '***', totalAmount: '12.30' },
            orders: [{ orderNo: 'L1', recpAccount: '***', recpName: '***' }, { orderNo: 'L2' }],
          },
        },
      ],
    })
    expect(JSON.stringify(masked)).not.toContain('合成甲')
    expect(await accesses(test.platform.key)).toEqual(before)

    const requestId = '01a203c9-f245-7eb0-b456-cb6014f1154c'
    // Lines of the same moment have no order.
    test.clock.advance(1)
    const clear = await get('original-payments/L2?clear=true', test.platform.key, {
      'x-request-id': requestId,
    })
    expect(await clear.json()).toMatchObject({ clear: true, payments: [{ payment: handed }] })
    const [row, ...others] = await accesses(test.platform.key)
    expect(others).toEqual(before)
    expect(row).toMatchObject({
      ...{ actor: test.platform.id, what: 'viewed', enterpriseId: test.platform.id },
      ...{ orderNo: 'L2', requestId, at: test.clock.now().toISOString() },
    })
    test.clock.advance(1)
    await get('original-payments/L1?clear=true', test.operatorKey)
    expect((await accesses(test.operatorKey))[0]).toMatchObject({
      ...{ actor: 'operator', orderNo: 'L1', enterpriseId: test.platform.id },
    })
  })

  it('of another enterprise is not there, nor in its log, clear or not', async () => {
    await test.handIn([originalPayment('F1')])
    const stranger = test.account(test.cast.carrier).key
    const before = await accesses(test.operatorKey)
    for (const path of ['F1', 'F1?clear=true', 'nothing', '%00'])
      expect((await get(`original-payments/${path}`, stranger)).status).toBe(404)
    expect(await accesses(stranger)).toEqual([])
    expect(await accesses(test.operatorKey)).toEqual(before)
  })

  it('cannot be unwritten: rows of the log are neither changed nor deleted', async () => {
    await get('original-payments/L1?clear=true')
    const { db } = test.database
    await expect(db.updateTable('access_log').set({ actor: 'x' }).execute()).rejects.toThrow(
      /append-only/,
    )
    await expect(db.deleteFrom('access_log').execute()).rejects.toThrow(/append-only/)
  })
})

describe('keeping', () => {
  const DAY = 86_400_000
  const countOf = async (orderNo: string) => (await get(`original-payments/${orderNo}`)).status

  it('lasts the years of the figure in force, from handing in; what is older goes', async () => {
    await test.handIn([originalPayment('K1')])
    test.clock.advance(3 * 365 * DAY)
    await keepHouse(test.gateway.flow)
    expect(await countOf('K1')).toBe(200)
    await test.handIn([originalPayment('K2')])
    await get('original-payments/K1?clear=true')
    const seen = async () => (await accesses(test.platform.key)).map(({ orderNo }) => orderNo)
    test.clock.advance(2 * DAY)
    await keepHouse(test.gateway.flow)
    expect(await countOf('K1')).toBe(404)
    // Who saw any of it is kept as long as anything else, from when he did.
    expect(await seen()).toContain('K1')
    expect(await seen()).not.toContain('L1')
    test.clock.advance(3 * 365 * DAY)
    await test.handIn([originalPayment('K2', { note: 'again' })])
    test.clock.advance(2 * DAY)
    await keepHouse(test.gateway.flow)
    expect(await seen()).toEqual([])
    expect(await countOf('K2')).toBe(200)
    const { rows } = await sql`select from original_payment_order where order_no = 'K1'`.execute(
      test.database.db,
    )
    expect(rows).toEqual([])
  })

  it('lasts for ever where the figure is gone or cannot be read', async () => {
    const { db } = test.database
    const rule = db.updateTable('rule_value').where('name', '=', 'original-payment-years')
    for (const value of ['0', 'three', '']) {
      await rule.set({ value }).execute()
      test.clock.advance(4 * 365 * DAY)
      await keepHouse(test.gateway.flow)
      expect(await countOf('K2')).toBe(200)
    }
    await rule.set({ value: '30' }).execute()
    await keepHouse(test.gateway.flow)
    expect(await countOf('K2')).toBe(200)
  })
})
