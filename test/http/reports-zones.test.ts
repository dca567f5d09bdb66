/**
 * Taxes and refusals of zones in a monthly report: as the zones tell them, the same as of a moment whatever
 * is told later, and said to be untold as of a moment from which they were not kept. All of it is synthetic.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkAll, rebuildAll } from '../../src/flow/totals-rebuild.ts'
import type { Report, ZoneIndicators } from '../../src/reports/model.ts'
import { outlineOf } from '../../src/reports/outline.ts'
import { shareLedger } from '../../src/store/ledger.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { taxBill, taxBillStatus } from '../support/customs-tells.ts'
import { listNumber } from '../support/export-lists.ts'
import { bearer, json } from './app.ts'
import { type Broker, broker } from './broker.ts'

let test: Broker
let keys: { readonly copNo: string; readonly agentCode: string; readonly invtNo: string }[] = []
let then: Report

const draft = async (asOf?: string): Promise<Report> => {
  const body = json(test.app.operatorKey, { month: '2026-10', ...(asOf ? { asOf } : {}) })
  const answer = await test.app.fetch('/api/v1/reports?dryRun=true', body)
  expect(answer.status).toBe(200)
  return (await answer.json()) as Report
}
const zonesOf = ({ figures }: Report): readonly ZoneIndicators[] => figures.zones ?? []
const sums = (report: Report) => ({
  taxes: zonesOf(report).reduce((sum, { tax }) => sum + Number(tax), 0),
  refused: zonesOf(report).reduce((sum, { refusedShare }) => sum + Number(refusedShare), 0),
})

beforeAll(async () => {
  test = await broker()
  const made = Array.from({ length: 6 }, (_, n) => test.app.consignment(n + 1).list)
  await test.handIn('CEB621', made)
  keys = made.map(({ InventoryHead: { copNo = '', agentCode } }, n) => {
    return { copNo, agentCode, invtNo: listNumber('I', n + 1) }
  })
  await test.says('CEB621', '120', keys)
  await test.says('CEB621', '100', keys.slice(0, 1))
  await test.says('CEB621', '800', keys.slice(2, 4))
  await bill(2, '20261015090000000', '36.04')
  test.clock.advance(1_000)
  then = await draft()
})
afterAll(() => test.close())

const bill = async (n: number, time: string, vat: string) => {
  const invtNo = keys[n]?.invtNo ?? ''
  const amounts = { valueAddedTax: vat }
  await test.tells('CEB816', [
    taxBill({ invtNo, taxNo: `${invtNo}_0`, status: '1', time, amounts }),
  ])
}

it('are those of the zones', async () => {
  expect(sums(then).refused).toBeGreaterThan(0)
  expect(sums(then).taxes).toBeGreaterThan(30)
  const answer = await test.app.fetch('/api/v1/zones?month=202610', {
    headers: bearer(test.app.operatorKey),
  })
  const { zones } = (await answer.json()) as {
    zones: { code: string; taxes: { total: string }; refusals: { rate: string | null } }[]
  }
  for (const { key, tax, refusedShare } of zonesOf(then)) {
    const own = zones.find(({ code }) => code === key)
    expect([Number(own?.taxes.total), own?.refusals.rate]).toEqual([Number(tax), refusedShare])
  }
})

it('stay what they were as of a moment, whatever is billed, voided or refused later', async () => {
  test.clock.advance(1_000)
  await bill(3, '20261015091000000', '50')
  await test.says('CEB621', '100', keys.slice(4, 6))
  const { invtNo = '' } = keys[2] ?? {}
  await test.tells('CEB818', [
    taxBillStatus({ invtNo, taxNo: `${invtNo}_0`, status: '3', time: '20261015092000000' }),
  ])
  test.clock.advance(1_000)
  const again = await draft(then.figures.asOf)
  expect(JSON.stringify(again)).toBe(JSON.stringify(then))
  const now = sums(await draft())
  expect(now.taxes).not.toBe(sums(then).taxes)
  expect(now.refused).toBeGreaterThan(sums(then).refused)
})

it('are mended by a rebuild without touching the past', async () => {
  const { flow } = test.app.gateway
  const right = sums(await draft())
  expect(await checkAll(flow)).toMatchObject({ corrected: 0, sums: 0 })
  test.clock.advance(1_000)
  await sql`
    insert into zone_entry (recorded_at, month, zone, refusals, taxes)
    values (${test.clock.now()}, '202610', '', 0, 7), (${test.clock.now()}, '202609', '', 3, 0)`.execute(
    test.app.database.db,
  )
  expect(await checkAll(flow)).toMatchObject({ sums: 2 })
  test.clock.advance(1_000)
  expect(await rebuildAll(flow)).toMatchObject({ corrected: 0, sums: 2 })
  expect(await checkAll(flow)).toMatchObject({ sums: 0 })
  test.clock.advance(1_000)
  expect(sums(await draft())).toEqual(right)
  expect(await draft(then.figures.asOf)).toEqual(then)
})

/** The embedded database is one connection, which cannot wait for itself. */
const server = process.env.SUITE === 'postgresql'
it.skipIf(!server)('are looked at by a rebuild without a writer waiting', async () => {
  await inTransaction(test.app.database.db, async (trx) => {
    await shareLedger(trx)
    expect(await rebuildAll(test.app.gateway.flow)).toMatchObject({ corrected: 0, sums: 0 })
  })
})

it('are said to be untold as of a moment from which they were not kept', async () => {
  // As in a database of before they were.
  const since = new Date(Date.parse(then.figures.asOf) + 1)
  await sql`update zone_entry_start set at = ${since}`.execute(test.app.database.db)
  const early = await draft(then.figures.asOf)
  for (const { tax, refusedShare } of zonesOf(early))
    expect([tax, refusedShare]).toEqual([null, null])
  const text = JSON.stringify(outlineOf(early, 'zh'))
  expect(text).toContain('无法如实回溯，因此未列：税款（元）、退单率')
  expect(JSON.stringify(outlineOf(then, 'zh'))).not.toContain('因此未列')
})
