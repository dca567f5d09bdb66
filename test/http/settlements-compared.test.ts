/**
 * The three-way check where there are too many lists to compare them whenever it is asked: a chore
 * compares month by month, and the answer says since when it holds. Most lists here are rows that no
 * document stands behind.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compareSettlements } from '../../src/flow/settlements-ties.ts'
import { plantManyLists } from '../support/settled-lists.ts'
import { SETTLEMENTS, type Settling, settling } from './settling.ts'

const HOUR_MS = 3_600_000
const [MANY, FEW] = ['202610', '202609']

let world: Settling
let test: Settling['test']
let db: Settling['test']['app']['gateway']['flow']['db']
beforeAll(async () => {
  world = await settling()
  test = world.test
  db = test.app.gateway.flow.db
  await plantManyLists(db, MANY, world.seller)
})
afterAll(() => test.close())

interface Told {
  readonly ties: boolean | null
  readonly tiesAt: string | null
  readonly legs: readonly { readonly leg: string; readonly difference: string }[]
}

const totals = async (month = MANY, key = test.app.operatorKey) =>
  (await test.get(`${SETTLEMENTS}/totals?month=${month}`, key)) as unknown as Told
const offIn = ({ legs }: Told) =>
  legs
    .filter(({ difference }) => difference !== '0')
    .map(({ leg, difference }) => [leg, difference])
/** A turn of the chore, an hour later; gives when it was. */
const turn = async (): Promise<string> => {
  test.clock.advance(HOUR_MS)
  await compareSettlements(test.app.gateway.flow)
  return test.clock.now().toISOString()
}

describe('the check of many lists', () => {
  it('is told for no month that was never compared, and as it was compared last', async () => {
    expect(await totals()).toMatchObject({
      ...{ ties: null, tiesAt: null, pending: null, uncompared: [MANY] },
      untold: {
        zh: expect.stringContaining(MANY),
        en: expect.stringContaining('not compared yet'),
      },
    })
    const at = await turn()
    expect(await totals()).toMatchObject({
      ...{ ties: true, tiesAt: at, pending: 0, uncompared: [], untold: null },
      legs: expect.arrayContaining([expect.objectContaining({ leg: 'open', difference: '0' })]),
    })
    // Nothing changed: there is nothing to compare.
    await turn()
    expect(await totals()).toMatchObject({ tiesAt: at })
  })

  it('is made again when a record of the month comes or is changed', async () => {
    const { orderNo } = await world.exportList('20')
    const record = world.record([[{ orderNo }, '20.00']])
    expect(await world.hand([record])).toMatchObject({ status: 200 })
    const given = await turn()
    expect(await totals()).toMatchObject({ ties: true, tiesAt: given })
    const { SettlementHead } = record
    const moved = { ...record, SettlementHead: { ...SettlementHead, version: '2' } }
    moved.SettlementHead.valueDate = '20260930'
    expect(await world.hand([moved])).toMatchObject({ status: 200 })
    const changed = await turn()
    // The month that it left, and the one that it came to.
    expect(await totals()).toMatchObject({ ties: true, tiesAt: changed })
    const kept = await sql`select month from settlement_tie order by month`.execute(db)
    expect(kept.rows).toEqual([{ month: FEW }, { month: MANY }])
  })

  it('finds what is wrong in the next turn, and tells since when', async () => {
    const before = await totals()
    const spoil = (sign: string) =>
      sql`
        update settled_list set open_amount = open_amount ${sql.raw(sign)} 0.5
        where list_id = (select min(list_id::text)::uuid from settled_list where month = ${MANY}
          and merchant = ${world.seller} and trade_mode = '9610' and parts @> '[{"amount": "1"}]')
      `.execute(db)
    await spoil('-')
    expect(await totals()).toMatchObject({ ties: true, tiesAt: before.tiesAt })
    const found = await turn()
    const told = await totals()
    expect(told).toMatchObject({ ties: false, tiesAt: found })
    expect(offIn(told)).toEqual([['open', '0.5']])
    await spoil('+')
    const mended = await turn()
    expect(await totals()).toMatchObject({ ties: true, tiesAt: mended })
  })

  it('is made again after a day although nothing changed', async () => {
    test.clock.advance(24 * HOUR_MS)
    const later = await turn()
    expect(await totals()).toMatchObject({ ties: true, tiesAt: later })
  })
})

describe('the check of few lists', () => {
  it('is made when it is asked, and of an own sight by what that sees', async () => {
    const now = test.clock.now().toISOString()
    for (const told of [await totals(FEW), await totals(MANY, world.payer)])
      expect(told).toMatchObject({ ties: true, tiesAt: now })
    // All of them are the seller's.
    expect(await totals(MANY, world.sellerKey)).toMatchObject({
      ...{ ties: null, tiesAt: null, pending: null, legs: [], uncompared: [] },
      untold: { en: expect.stringContaining('ask month by month') },
    })
  })
})
