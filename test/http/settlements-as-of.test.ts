/**
 * Figures of settlements as of a moment over HTTP: what was shown then is told again, whatever was settled,
 * refunded, withdrawn, released, renamed or rated since; and every sum opens to the records it counts.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkAll, rebuildAll } from '../../src/flow/totals-rebuild.ts'
import { addDecimals } from '../../src/kernel/places.ts'
import { bearer } from './app.ts'
import { SETTLEMENTS as PATH, type Settling, settling } from './settling.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = any

let world: Settling
let operator: string
beforeAll(async () => {
  world = await settling()
  operator = world.test.app.operatorKey
})
afterAll(() => world.test.close())

const show = async (path: string, key = operator): Promise<Answer> => {
  const answer = await world.test.app.fetch(path, { headers: bearer(key) })
  expect(answer.status, path).toBe(200)
  return answer.json()
}

const VIEWS = [
  '/totals?year=2026',
  '/open?of=lists',
  '/open?of=lines',
  '/registration-line?year=2026',
  '?year=2026',
]

/** Without what is told as of now alone, and without addresses, which name the moment. */
const OF_NOW = ['lists', 'open', 'sums']
const plain = ({ provisional: _, untold: __, pending: ___, ...answer }: Answer) => ({
  ...answer,
  ...(answer.legs === undefined
    ? {}
    : { legs: answer.legs.filter(({ leg }: Answer) => !OF_NOW.includes(leg)) }),
  ...(answer.rows === undefined
    ? {}
    : { rows: answer.rows.map(({ links: ____, ...row }: Answer) => row) }),
})

const showAll = async (asOf?: string): Promise<readonly Answer[]> => {
  const answers = []
  for (const view of VIEWS)
    answers.push(await show(`${PATH}${view}${asOf === undefined ? '' : `&asOf=${asOf}`}`))
  return answers
}

const idOf = ({ body }: Awaited<ReturnType<Settling['hand']>>): string =>
  body.results?.[0]?.id ?? ''

/** A record in dollars that reaches the line of registration with its rate. */
const dollars = (orderNo: string, amount: string, number: string) =>
  world.record([[{ orderNo }, amount]], {
    ...{ number, currency: '502', direction: '1', rate: '7.1' },
  })

describe('settlements as of a moment', () => {
  it('are told as they were shown then, whatever came later', async () => {
    const { exportList, follow, hand, record, tellRate, test, withdraw } = world
    await tellRate('2026-10', '7.1')
    const whole = await exportList('100')
    const waits = await exportList('50', { release: false })
    const left = await exportList('30')
    const settled = record([[{ orderNo: whole.orderNo }, '60.00']])
    await hand([settled])
    await hand([record([[{ orderNo: waits.orderNo }, '50.00']])])
    const unknown = await hand([record([[{ orderNo: 'NOBODY-1' }, '5.00']])])
    await hand([dollars('NOBODY-2', '190000.00', 'USD-1')])
    await follow()
    test.clock.advance(60_000)
    const then = await showAll()
    const [{ asOf }] = then
    test.clock.advance(60_000)

    await hand([
      record([[{ orderNo: whole.orderNo }, '20.00']], {
        ...{ nature: '3', reference: settled.SettlementHead.number },
      }),
    ])
    expect(await withdraw(idOf(unknown))).toMatchObject({ status: 200 })
    await waits.says('800')
    await left.says('100')
    await tellRate('2026-10', '7.3')
    await hand([dollars('NOBODY-3', '20000.00', 'USD-2')])
    // Known late, of a month before.
    await hand([record([[{ orderNo: whole.orderNo }, '7.00']], { valueDate: '20260910' })])
    const rename = (name: string) =>
      test.app.database.db
        .updateTable('enterprise')
        .set({ name })
        .where('customs_code', '=', world.seller)
        .execute()
    await rename('合成更名商户')
    await follow()
    test.clock.advance(600_000)
    await follow()

    const now = await showAll()
    const again = await showAll(asOf)
    expect(again.map(plain)).toEqual(then.map(plain))
    for (const [n, view] of VIEWS.entries()) {
      expect(plain(now[n]), view).not.toEqual({ ...plain(then[n]), asOf: now[n].asOf })
      expect(then[n], view).toMatchObject({ provisional: true })
      expect(again[n], view).toMatchObject({ provisional: false })
    }
    const [totals, , , line] = again
    expect(totals).toMatchObject({
      ...{ ties: true, pending: null, untold: { zh: expect.stringContaining('清单') } },
    })
    expect(totals.legs.map(({ leg }: Answer) => leg)).toEqual(
      expect.arrayContaining(['costs', 'lines', 'ledger']),
    )
    expect(line.sellers).toMatchObject([{ verdict: 'near' }])
    expect(now[3].sellers).toMatchObject([{ verdict: 'above', name: '合成更名商户' }])
    await rename(line.sellers[0].name)
  })

  it('are told within the sight of whoever asks', async () => {
    const { asOf } = await show(`${PATH}/totals?year=2026`, world.payer)
    for (const key of [world.payer, world.sellerKey, world.bank])
      for (const view of VIEWS) {
        const live = await show(`${PATH}${view}`, key)
        expect(plain(await show(`${PATH}${view}&asOf=${asOf}`, key))).toEqual(plain(live))
      }
  })

  it('come page by page', async () => {
    const { asOf, openLines } = await show(`${PATH}/open?of=lines`)
    expect(openLines.length).toBeGreaterThan(1)
    const paged: Answer[] = []
    let cursor = ''
    do {
      const page = await show(`${PATH}/open?of=lines&limit=1&asOf=${asOf}${cursor}`)
      paged.push(...page.openLines)
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor !== '' && paged.length <= openLines.length)
    expect(paged).toEqual(openLines)
  })

  it('are refused of a moment that is still to come', async () => {
    for (const view of VIEWS) {
      const path = `${PATH}${view}&asOf=2999-01-01T00:00:00Z`
      const answer = await world.test.app.fetch(path, { headers: bearer(operator) })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ faults: [{ code: 'QUERY-asOf-FUTURE' }] })
    }
  })

  it('of a moment before matches were kept say so, and tell what is known', async () => {
    const { db } = world.test.app.database
    const live = await show(`${PATH}/totals?year=2026`)
    world.test.clock.advance(60_000)
    // As in a database of before.
    await sql`update settlement_edition_start set at = ${world.test.clock.now()}`.execute(db)
    const [totals, lists, lines, line, records] = await showAll(live.asOf)
    const untold = {
      zh: expect.stringContaining('留存'),
      en: expect.stringContaining('kept since'),
    }
    expect(totals).toMatchObject({ untold, ties: true, pending: null })
    const unmatched = { matched: null, unmatched: null, over: null }
    expect(plain(totals).rows).toEqual(
      plain(live).rows.map((row: Answer) => ({ ...row, ...unmatched })),
    )
    const legs = [...new Set(totals.legs.map(({ leg }: Answer) => leg))]
    expect(legs).toEqual(['costs', 'lines'])
    const nothing = { lists: null, lines: null, openLists: null, openLines: null, next: null }
    expect(lists).toMatchObject({ ...nothing, untold })
    expect(lines).toMatchObject({ ...nothing, untold })
    expect(line.sellers).toHaveLength(1)
    expect(records.settlements.length).toBeGreaterThan(0)
    await sql`update settlement_edition_start set at = 'epoch'`.execute(db)
  })

  it('that a program of before did not keep are found by a check, and kept by a rebuild', async () => {
    const { test } = world
    const { flow } = test.app.gateway
    const { db } = test.app.database
    expect(await checkAll(flow)).toMatchObject({ corrected: 0, sums: 0 })
    const live = (await showAll()).map(plain)
    const [{ openLists }, { openLines }] = [live[1], live[2]]
    const tables = ['settled_list_edition', 'settlement_line_edition']
    for (const table of tables)
      await sql`alter table ${sql.table(table)} disable trigger user`.execute(db)
    const { id } = openLists[0]
    await sql`delete from settled_list_edition where list_id = ${id}::uuid`.execute(db)
    const { settlementId, position } = openLines[0]
    await sql`delete from settlement_line_edition
      where settlement_id = ${settlementId}::uuid and position = ${position}`.execute(db)
    for (const table of tables)
      await sql`alter table ${sql.table(table)} enable trigger user`.execute(db)
    const then = async () => {
      test.clock.advance(60_000)
      return (await showAll(test.clock.now().toISOString())).map(
        ({ asOf: _, tiesAt: __, ...one }) => plain(one),
      )
    }
    const timeless = live.map(({ asOf: _, tiesAt: __, ...one }) => one)
    expect(await then()).not.toEqual(timeless)
    expect(await checkAll(flow)).toMatchObject({ corrected: 0, sums: 2 })
    expect(await rebuildAll(flow)).toMatchObject({ corrected: 0, sums: 2 })
    expect(await checkAll(flow)).toMatchObject({ corrected: 0, sums: 0 })
    expect(await then()).toEqual(timeless)
  })
})

describe('a sum of settlements', () => {
  const countOf = (records: readonly Answer[], nature: string) =>
    records.filter((record) => record.nature === nature).length

  it('opens to the records that it counts, now and as of a moment', async () => {
    const { hand, record, test } = world
    const netted = record([[{ orderNo: 'NOBODY-4' }, '10.00']], { number: 'NET-1' })
    await hand([netted])
    // States the same money again: counts nowhere.
    await hand([record([[{ orderNo: 'NOBODY-4' }, '10.00']], { nature: '2', reference: 'NET-1' })])
    const { asOf } = await show(`${PATH}/totals?year=2026`)
    test.clock.advance(60_000)
    await hand([record([[{ orderNo: 'NOBODY-5' }, '3.00']])])
    for (const query of ['', `&asOf=${asOf}`]) {
      const { rows } = await show(`${PATH}/totals?year=2026${query}`)
      expect(rows.length).toBeGreaterThan(2)
      expect(rows.some(({ refunds }: Answer) => refunds > 0)).toBe(true)
      for (const row of rows) {
        const { settlements } = await show(row.links.records)
        const sum = (name: string) =>
          addDecimals(
            settlements.map((one: Answer) => (one.nature === '3' ? `-${one[name]}` : one[name])),
          )
        expect({
          ...{ count: countOf(settlements, '1'), refunds: countOf(settlements, '3') },
          ...{ gross: sum('gross'), net: sum('net'), rmb: sum('rmb') },
        }).toEqual({
          ...{ count: row.count, refunds: row.refunds },
          ...{ gross: row.gross, net: row.net, rmb: row.rmb },
        })
      }
    }
  })

  it('opens for whoever may see records, and not for a key of the totals', async () => {
    const { key } = await world.test.app.gateway.accounts.createOperatorKey({
      ...{ name: 'committee', scopes: ['totals:read'] },
    })
    const { rows } = await show(`${PATH}/totals?year=2026`, key)
    expect(rows.map(({ links }: Answer) => links.records)).toEqual(rows.map(() => null))
    const [{ institutionId }] = rows
    // Whoever has several enterprises chooses one, and the records open in the same name.
    for (const chosen of ['', `&enterprise=${institutionId}`]) {
      const own = await show(`${PATH}/totals?year=2026${chosen}`, world.payer)
      expect(own.rows.length).toBeGreaterThan(0)
      for (const { links, count, refunds } of own.rows) {
        expect(links.records.endsWith(`&counted=true${chosen}`)).toBe(true)
        const { settlements } = await show(links.records, world.payer)
        expect(settlements).toHaveLength(count + refunds)
      }
    }
  })
})
