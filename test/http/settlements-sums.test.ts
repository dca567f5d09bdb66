/**
 * Sums of settlements over HTTP: whoever sees everything is told the same out of sums as out of the records
 * themselves, whatever was settled, changed, refunded and withdrawn, and however many do it at once; a check
 * finds what is wrong of them, and a rebuild mends it.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldSettlements } from '../../src/flow/settlements-kept.ts'
import { checkAll, rebuildAll } from '../../src/flow/totals-rebuild.ts'
import { migrations } from '../../src/store/migrations.gen.ts'
import { SETTLEMENTS as PATH, type Settling, settling } from './settling.ts'

let world: Settling
beforeAll(async () => {
  world = await settling()
})
afterAll(() => world.test.close())

type Figures = Readonly<Record<string, unknown>>

const figure = async (view: string, asOf: string | undefined): Promise<Figures> => {
  const moment = asOf === undefined ? '' : `&asOf=${asOf}`
  const answer = await world.test.get(`${PATH}${view}${moment}`, world.test.app.operatorKey)
  const { rows, lists, lines, sellers } = answer as Figures
  // The addresses of records name the moment.
  return {
    rows: (rows as Figures[] | undefined)?.map(({ links: _, ...row }) => row),
    lists,
    lines,
    sellers,
  }
}

const VIEWS = ['/totals?year=2026', '/open?of=lists', '/registration-line?year=2026'] as const

/** As of a moment the records of then are gone through, now the sums are read. */
const figures = async (asOf?: string): Promise<readonly Figures[]> => {
  const told: Figures[] = []
  for (const view of VIEWS) told.push(await figure(view, asOf))
  return told
}

/** The figures, which are the same out of the sums as out of the records, put together or not. */
const expectSame = async (): Promise<readonly Figures[]> => {
  const { clock, app } = world.test
  clock.advance(60_000)
  const recounted = await figures(clock.now().toISOString())
  expect(await figures()).toEqual(recounted)
  await foldSettlements(app.gateway.flow)
  expect(await figures()).toEqual(recounted)
  expect(await checkAll(app.gateway.flow)).toMatchObject({ corrected: 0, sums: 0 })
  return recounted
}

const TABLES = ['settlement_sum', 'settlement_seller_sum', 'settlement_open_sum'] as const

const rowsOf = async (table: (typeof TABLES)[number]): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from ${sql.table(table)}`.execute(world.test.app.database.db)
  return rows[0]?.count ?? 0
}

const idOf = ({ body }: Awaited<ReturnType<Settling['hand']>>): string =>
  body.results?.[0]?.id ?? ''

describe('sums of settlements', () => {
  it('are what records and lists come to, whatever becomes of them', async () => {
    const { exportList, follow, hand, record, tellRate, withdraw } = world
    await tellRate('2026-10', '7.1')
    const [whole, part] = [await exportList('100'), await exportList('50')]
    const waits = await exportList('40', { release: false })
    await follow()
    await expectSame()

    const settled = record([[{ orderNo: whole.orderNo }, '60.00']])
    await hand([settled, record([[{ orderNo: waits.orderNo }, '40.00']])])
    const dollars = { currency: '502', direction: '1', rate: '7.1' }
    const unknown = record([[{ orderNo: 'NOBODY-1' }, '190000.00']], dollars)
    const withdrawn = await hand([unknown])
    await hand([record([[{ orderNo: 'NOBODY-2' }, '5.00']], { valueDate: '20260910' })])
    const before = await expectSame()

    const { number } = settled.SettlementHead
    // Another month, and more of the list.
    await hand([
      record([[{ orderNo: whole.orderNo }, '70.00']], {
        ...{ number, version: '2', valueDate: '20260930' },
      }),
    ])
    const back = { nature: '3', reference: number, valueDate: '20261011' }
    await hand([record([[{ orderNo: whole.orderNo }, '20.00']], back)])
    await hand([record([[{ orderNo: part.orderNo }, '50.00']])])
    expect(await withdraw(idOf(withdrawn))).toMatchObject({ status: 200 })
    await waits.says('800')
    await whole.says('100')
    await tellRate('2026-10', '7.3')
    await follow()
    world.test.clock.advance(3_600_000)
    await follow()
    expect(await expectSame()).not.toEqual(before)
  })

  it('are exact with many writers at once, none of whom waits for a row of theirs', async () => {
    const { hand, record } = world
    const rowOf = ([totals]: readonly Figures[]) =>
      (totals?.rows as Figures[] | undefined)?.find(
        ({ month, direction }) => month === '202610' && direction === '3',
      )
    const before = rowOf(await figures())
    const { flow } = world.test.app.gateway
    const writing = Promise.all(
      Array.from({ length: 20 }, (_, n) => hand([record([[{ orderNo: `MANY-${n}` }, '7.00']])])),
    )
    // Rows are put together meanwhile.
    await Promise.all([foldSettlements(flow), foldSettlements(flow)])
    const answers = await writing
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const after = rowOf(await expectSame())
    expect(Number(after?.count)).toBe(Number(before?.count) + 20)
    expect(Number(after?.gross)).toBe(Number(before?.gross) + 140)
  })

  it('are exact where a refund is withdrawn while its original is changed', async () => {
    const { hand, record, withdraw, test, payer } = world
    for (let round = 0; round < 5; round += 1) {
      const lines = [[{ orderNo: `BACK-${round}` }, '9.00']] as const
      const original = record(lines)
      const { number } = original.SettlementHead
      await hand([original])
      const refund = idOf(
        await hand([
          record([[{ orderNo: `BACK-${round}` }, '2.00']], { nature: '3', reference: number }),
        ]),
      )
      await Promise.all([
        hand([record(lines, { number, version: '2', valueDate: '20261009' })]),
        withdraw(refund),
      ])
      const { state, lines: left } = await test.get(`${PATH}/${refund}`, payer)
      expect({ state, left }).toEqual({ state: 'withdrawn', left: [] })
    }
    await expectSame()
  })

  it('are put together: of a key one row is left, and of what is nothing none', async () => {
    const { flow } = world.test.app.gateway
    await foldSettlements(flow)
    const before = await Promise.all(TABLES.map(rowsOf))
    const taken = await world.hand([
      world.record([[{ orderNo: 'GONE' }, '3.00']], { valueDate: '20260115' }),
    ])
    await foldSettlements(flow)
    expect(await Promise.all(TABLES.map(rowsOf))).toEqual(before.map((rows) => rows + 1))
    await world.withdraw(idOf(taken))
    await foldSettlements(flow)
    expect(await Promise.all(TABLES.map(rowsOf))).toEqual(before)
  })

  it('that are damaged are found by a check, and mended by a rebuild', async () => {
    const { flow } = world.test.app.gateway
    const { db } = world.test.app.database
    const whole = await figures()
    const one = (table: (typeof TABLES)[number]) => sql`(select max(id) from ${sql.table(table)})`
    await sql`update settlement_sum set gross = gross + 1 where id = ${one('settlement_sum')}`.execute(
      db,
    )
    await sql`delete from settlement_seller_sum where id = ${one('settlement_seller_sum')}`.execute(
      db,
    )
    for (const what of ['lists', 'lines'])
      await sql`
        insert into settlement_open_sum (what, day, direction, currency, count, amount, gaps)
        values (${what}, '2026-03-01', 'x', '142', 1, 0, 0)`.execute(db)
    expect(await figures()).not.toEqual(whole)
    expect(await checkAll(flow)).toMatchObject({ corrected: 0, sums: 4 })
    expect(await rebuildAll(flow)).toMatchObject({ corrected: 0, sums: 4 })
    expect(await checkAll(flow)).toMatchObject({ corrected: 0, sums: 0 })
    expect(await figures()).toEqual(whole)
    await expectSame()
  })

  it('lack what a program of before settled, until a rebuild', async () => {
    const { flow } = world.test.app.gateway
    const { db } = world.test.app.database
    const whole = await figures()
    // As it leaves a record: there, and counted nowhere.
    await sql`
      with gone as (
        delete from settlement_counted where count = 1 and month = '202610' and gross = 7
        returning *
      )
      insert into settlement_sum (month, institution_id, direction, currency, count, refunds, gross, costs,
        net, lines, matched, over, rmb, counted)
      select month, institution_id, direction, currency, -count(*), 0, -sum(gross), -sum(costs), -sum(net),
        -sum(lines), -sum(matched), -sum(over), -sum(rmb), -sum(counted)
      from gone group by 1, 2, 3, 4`.execute(db)
    expect(await checkAll(flow)).toMatchObject({ sums: 22 })
    expect(await rebuildAll(flow)).toMatchObject({ sums: 22 })
    expect(await figures()).toEqual(whole)
    await expectSame()
  })

  it('are counted once by the upgrade', async () => {
    const { db } = world.test.app.database
    const whole = await figures()
    const upgrade = migrations.find(({ name }) => name === 'settlement_sums')?.sql ?? ''
    for (const table of ['settlement_counted', ...TABLES])
      await sql`delete from ${sql.table(table)}`.execute(db)
    for (const [insert] of upgrade.matchAll(/^insert into [^;]*;/gm))
      await sql.raw(insert).execute(db)
    expect(await figures()).toEqual(whole)
    await expectSame()
  })
})
