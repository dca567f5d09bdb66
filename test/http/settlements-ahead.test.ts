/**
 * Money that is settled before its list is released, or known at all: it is reserved, told, counted or
 * not; rates and dates that cannot be; and figures that are compared with each other. Enterprises and
 * numbers are synthetic.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrations } from '../../src/store/migrations.gen.ts'
import { beginRates, lookAgainByRates } from '../../src/store/settlements-lists.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { bearer } from './app.ts'
import { codesOf, SETTLEMENTS, type Settling, settling } from './settling.ts'

let world: Settling
let test: Settling['test']
beforeAll(async () => {
  world = await settling()
  test = world.test
})
afterAll(() => test.close())

const idOf = ({ body }: Awaited<ReturnType<Settling['hand']>>): string =>
  body.results?.[0]?.id ?? ''
const dollars = { direction: '1', currency: '502', rate: '7.1' }
/** An export list that customs has and did not release. */
const declared = async (amount: string, options = {}) => {
  const list = await world.exportList(amount, { release: false, ...options })
  await list.says('120')
  return list
}
const settled = async (): Promise<number> => {
  const { total } = await test.get('/api/v1/totals?scope=settled&year=2026', test.app.operatorKey)
  return Number((total as { amount: string }).amount)
}
const lineOf = async (id: string) => {
  const { lines } = await test.get(`${SETTLEMENTS}/${id}`, world.payer)
  const [line] = lines as { listId?: string; reservedId?: string; reason?: string }[]
  const { listId = null, reservedId = null, reason = null } = line ?? {}
  return { listId, reservedId, reason }
}
const totals = () => test.get(`${SETTLEMENTS}/totals?year=2026`, test.app.operatorKey)
const legsOff = async () =>
  ((await totals()).legs as { leg: string; difference: string }[])
    .filter(({ difference }) => difference !== '0')
    .map(({ leg, difference }) => [leg, difference])

describe('a list that is declared and not released', () => {
  it('is reserved by what is settled of it, and is not settled twice', async () => {
    const { orderNo, list, says } = await declared('100')
    const before = await settled()
    const first = await world.hand([world.record([[{ orderNo }, '70.00']])])
    expect(first).toMatchObject({ status: 200, body: { results: [{ matched: '0', open: '70' }] } })
    expect(await world.reasonOf(idOf(first))).toBe('unreleased')
    const { copNo = '', agentCode = '' } = list.InventoryHead
    const own = { listNo: copNo, agentCode }
    const over = await world.hand([world.record([[own, '30.01']])])
    expect(over.body.faults).toMatchObject([
      {
        code: 'SETTLEMENT-amount-OVER',
        values: { currency: '142', value: '100', settled: '70', wanted: '30.01' },
      },
    ])
    const second = await world.hand([world.record([[own, '30.00']])])
    expect(second).toMatchObject({ status: 200 })
    expect(second.body.results?.[0]?.faults).toBeUndefined()
    const twice = await world.hand([world.record([[{ orderNo }, '100.00']])])
    expect(codesOf(twice)).toEqual(['SETTLEMENT-amount-SETTLED_BEFORE'])
    // What was really received counts, and is told as not matched.
    expect((await settled()) - before).toBe(100)
    await world.withdraw(idOf(second))
    expect(await world.hand([world.record([[{ orderNo }, '30.00']])])).toMatchObject({
      status: 200,
    })
    await says('800')
    await world.follow()
    expect(await world.reasonOf(idOf(first))).toBeNull()
    const open = await test.get(`${SETTLEMENTS}/open?of=lines`, world.payer)
    expect(JSON.stringify(open.openLines)).not.toContain(orderNo)
    expect(await legsOff()).toEqual([])
  })

  it('of twenty writers together is reserved no more than it is worth', async () => {
    const { orderNo } = await declared('100')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.hand([world.record([[{ orderNo }, '30.00']])])),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3)
  })

  it('gives back what is refunded of a reservation', async () => {
    const { orderNo } = await declared('100')
    const whole = world.record([[{ orderNo }, '100.00']])
    expect(await world.hand([whole])).toMatchObject({ status: 200 })
    const back = { nature: '3', reference: whole.SettlementHead.number }
    expect(await world.hand([world.record([[{ orderNo }, '40.00']], back)])).toMatchObject({
      status: 200,
    })
    expect(codesOf(await world.hand([world.record([[{ orderNo }, '40.01']])]))).toEqual([
      'SETTLEMENT-amount-OVER',
    ])
    expect(await world.hand([world.record([[{ orderNo }, '40.00']])])).toMatchObject({
      status: 200,
    })
  })

  it('that shrank keeps the earlier, and what is over does not count until it is resolved', async () => {
    const { orderNo, list, says } = await declared('100')
    const first = await world.hand([world.record([[{ orderNo }, '60.00']])])
    test.clock.advance(1_000)
    const second = await world.hand([world.record([[{ orderNo }, '40.00']])])
    const before = await settled()
    const [line] = list.InventoryList
    const next = {
      InventoryHead: {
        ...{ ...list.InventoryHead, appType: '2', appTime: '20261231100002' },
        guid: crypto.randomUUID().toUpperCase(),
      },
      InventoryList: [{ ...line, price: '70', totalPrice: '70' }],
    }
    await test.handIn('CEB603', [next as never])
    await says('800')
    await world.follow()
    expect(await world.reasonOf(idOf(first))).toBeNull()
    expect(await world.reasonOf(idOf(second))).toBe('over')
    // What is over counts as settled no more, until somebody resolves it.
    expect((await settled()) - before).toBe(-40)
    expect(await legsOff()).toEqual([])
    await world.withdraw(idOf(first))
    await world.follow()
    expect(await world.reasonOf(idOf(second))).toBeNull()
    expect((await settled()) - before).toBe(-60)
  })

  it('keeps what is reserved of it when another list of its order comes', async () => {
    const { id, orderNo, says } = await declared('100')
    const first = idOf(await world.hand([world.record([[{ orderNo }, '60.00']])]))
    const other = await declared('100', { head: { orderNo } })
    await world.follow()
    expect(await lineOf(first)).toEqual({ listId: null, reservedId: id, reason: 'unreleased' })
    // Whoever comes now has to say which of them is meant.
    const second = idOf(await world.hand([world.record([[{ orderNo }, '60.00']])]))
    expect(await world.reasonOf(second)).toBe('several')
    await other.says('800')
    await world.follow()
    expect(await lineOf(first)).toEqual({ listId: null, reservedId: id, reason: 'unreleased' })
    expect(await lineOf(second)).toEqual({ listId: other.id, reservedId: null, reason: null })
    await says('800')
    await world.follow()
    expect(await lineOf(first)).toEqual({ listId: id, reservedId: null, reason: null })
    expect(await legsOff()).toEqual([])
  })

  it('since before declarations were followed is looked at once after the upgrade', async () => {
    const { id, orderNo } = await declared('100')
    const record = idOf(await world.hand([world.record([[{ orderNo }, '60.00']])]))
    await world.follow()
    const { db } = test.app.gateway.flow
    // As it was then: nothing reserved, and no row of the list.
    await sql`update settlement_line set reserved_id = null where reserved_id = ${id}`.execute(db)
    await sql`delete from settled_list where list_id = ${id}`.execute(db)
    await world.follow()
    expect(await lineOf(record)).toEqual({ listId: null, reservedId: null, reason: 'unreleased' })
    const upgrade = migrations.find(({ name }) => name === 'settlement_reservations')?.sql ?? ''
    const [insert = ''] = /insert into settled_list [^;]*;/.exec(upgrade) ?? []
    await sql.raw(insert).execute(db)
    await sql`update settled_list set look_at = ${test.clock.now()} where look_at is not null`.execute(
      db,
    )
    await world.follow()
    expect(await lineOf(record)).toEqual({ listId: null, reservedId: id, reason: 'unreleased' })
    const found = await sql`
      select declared, direction, parts, look_at from settled_list where list_id = ${id}`.execute(
      db,
    )
    expect(found.rows).toEqual([
      {
        ...{ declared: true, direction: 'export', look_at: null },
        parts: [{ currency: '142', amount: '100' }],
      },
    ])
  })

  it('and is refused by customs is none any more', async () => {
    const { orderNo, says } = await declared('100')
    const id = idOf(await world.hand([world.record([[{ orderNo }, '60.00']])]))
    await says('100')
    await world.follow()
    expect(await world.reasonOf(id)).toBe('unknown')
  })
})

describe('an order that customs has no list of', () => {
  it('warns whoever settles it while others wait, and the earlier wins when it comes', async () => {
    const list = await world.exportList('100', { release: false })
    const { orderNo } = list
    const first = await world.hand([world.record([[{ orderNo }, '60.00']])])
    expect(first.body.results?.[0]?.faults).toBeUndefined()
    test.clock.advance(1_000)
    const second = await world.hand([world.record([[{ orderNo }, '60.00']])])
    expect(second).toMatchObject({
      status: 200,
      body: {
        results: [
          {
            faults: [
              {
                ...{ code: 'SETTLEMENT-amount-WAITING_BEFORE', severity: 'warning' },
                ...{ pointer: '/SettlementList/0/orderNo' },
                values: { number: orderNo, currency: '142', waiting: '60' },
              },
            ],
          },
        ],
      },
    })
    await list.says('120')
    await world.follow()
    expect(await world.reasonOf(idOf(first))).toBe('unreleased')
    expect(await world.reasonOf(idOf(second))).toBe('over')
  })
})

describe('a record', () => {
  it('of a day to come is refused', async () => {
    const ahead = world.record([[{ orderNo: 'AHEAD' }, '1.00']], { valueDate: '20261231' })
    const refused = await world.hand([ahead])
    expect(refused.status).toBe(422)
    expect(refused.body.faults).toMatchObject([
      { code: 'SETTLEMENT-valueDate-FUTURE', values: { valueDate: '20261231' } },
    ])
  })

  it('whose rate is far from customs\u2019 rate of its month is taken with a warning', async () => {
    await world.tellRate('2026-10', '7.1')
    const near = await world.hand([
      world.record([[{ orderNo: 'NEAR' }, '1.00']], { ...dollars, rate: '7.81' }),
    ])
    expect(near.body.results?.[0]?.faults).toBeUndefined()
    const far = await world.hand([
      world.record([[{ orderNo: 'FAR' }, '1.00']], { ...dollars, rate: '7.82' }),
    ])
    expect(far).toMatchObject({
      status: 200,
      body: {
        results: [
          {
            faults: [
              {
                ...{ code: 'SETTLEMENT-rate-FAR', severity: 'warning' },
                values: { rate: '7.82', customs: '7.1' },
              },
            ],
          },
        ],
      },
    })
  })
})

describe('a rate that is corrected', () => {
  it('restates what is open of lists that were compared at it', async () => {
    await world.tellRate('2026-10', '7.1')
    const { id, orderNo } = await world.exportList('710')
    await world.hand([world.record([[{ orderNo }, '50.00']], dollars)])
    const open = async () => {
      const { openLists } = await test.get(`${SETTLEMENTS}/open`, world.sellerKey)
      return (openLists as { id: string; open: string }[]).find((list) => list.id === id)?.open
    }
    expect(await open()).toBe('355')
    await world.tellRate('2026-10', '7')
    test.clock.advance(600_000)
    await world.follow()
    expect(await open()).toBe('360')
    expect(await legsOff()).toEqual([])
    // Taken back: the month is loaded without it.
    const loaded = await test.app.fetch(
      '/api/v1/reference/exchange-rates?source=synthetic&replace=true',
      {
        method: 'POST',
        headers: { ...bearer(test.app.operatorKey), 'content-type': 'text/csv' },
        body: 'currency,month,rate,announcedOn\n300,2026-10,8.1,2026-10-01\n',
      },
    )
    expect(await loaded.json()).toMatchObject({ added: 1, removed: 1 })
    test.clock.advance(600_000)
    await world.follow()
    expect(await open()).toBeNull()
    await world.tellRate('2026-10', '7.1')
    test.clock.advance(600_000)
    await world.follow()
    expect(await open()).toBe('355')
  })
})

describe('rates of many lists', () => {
  it('are walked step by step to their end, while what is due is looked at', async () => {
    await world.tellRate('2026-10', '7.1')
    const lists = await Promise.all(Array.from({ length: 5 }, () => world.exportList('710')))
    for (const { orderNo } of lists)
      await world.hand([world.record([[{ orderNo }, '50.00']], dollars)])
    test.clock.advance(600_000)
    await world.follow()
    const { db } = test.app.gateway.flow
    const concerned = await sql<{ count: number }>`
      select count(*)::integer as count from settled_list where by_rate`.execute(db)
    const left = concerned.rows[0]?.count ?? 0
    expect(left).toBeGreaterThanOrEqual(5)
    await world.tellRate('2026-10', '7.2')
    test.clock.advance(600_000)
    const told = test.clock.now()
    const step = () =>
      inTransaction(db, async (trx) => {
        await beginRates(trx, told)
        const walked = await lookAgainByRates(trx, test.clock.now(), 2)
        // The looks of the same run are done with all of them.
        const looked =
          await sql`update settled_list set look_at = null where look_at is not null`.execute(trx)
        expect(looked.numAffectedRows).toBe(BigInt(walked))
        return walked
      })
    const steps: number[] = []
    do steps.push(await step())
    while (steps.at(-1) === 2 && steps.length < 100)
    expect(steps.reduce((sum, walked) => sum + walked, 0)).toBe(left)
    expect(await step()).toBe(0)
    const followed = await sql`select rates_at, rates_to from settlement_follow`.execute(db)
    expect(followed.rows).toEqual([{ rates_at: told, rates_to: null }])
    await sql`update settled_list set look_at = ${told} where by_rate`.execute(db)
    await world.follow()
  })
})

describe('figures that are compared', () => {
  it('tie to the fen, and say where they do not', async () => {
    await world.follow()
    expect(await totals()).toMatchObject({ ties: true })
    const { orderNo } = await world.exportList('20')
    const id = idOf(await world.hand([world.record([[{ orderNo }, '20.00']])]))
    expect(await legsOff()).toEqual([])
    const { db } = test.app.gateway.flow
    const breaking = async (broken: string, mended: string) => {
      await sql.raw(broken).execute(db)
      const told = { ties: (await totals()).ties, off: await legsOff() }
      await sql.raw(mended).execute(db)
      return told
    }
    const line = `update settlement_line set amount = amount`
    expect(
      await breaking(
        `${line} + 0.01 where settlement_id = '${id}'`,
        `${line} - 0.01 where settlement_id = '${id}'`,
      ),
    ).toEqual({
      ties: false,
      off: [
        ['lines', '0.01'],
        ['open', '-0.01'],
      ],
    })
    const sum = (
      amount: string,
    ) => `insert into ledger_sum (recorded, scope, dim, key, month, direction,
      zone, trade_mode, currency, count, amount)
      values ('202610', 'settled', '', '', '202610', 'export', '', '', '142', 0, ${amount})`
    expect(await breaking(sum('1.5'), sum('-1.5'))).toEqual({
      ...{
        ties: false,
        off: [
          ['ledger', '-1.5'],
          ['sums', '-1.5'],
        ],
      },
    })
    expect(await totals()).toMatchObject({ ties: true })
  })
})
