/**
 * Settlement records over HTTP: lists released by customs, records that settle them, and what follows
 * for lists, totals and the ledger. Enterprises and numbers are synthetic.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settlement } from '../../src/catalogue/settlement.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { csvOf } from '../support/sheets.ts'
import { bearer } from './app.ts'
import type { Broker } from './broker.ts'
import {
  BANK,
  codesOf,
  type NamedLine as Line,
  SETTLEMENTS as PATH,
  type Settling,
  settling,
} from './settling.ts'

let test: Broker
let payer = ''
let seller = ''
let sellerKey = ''
let bank = ''
let send: Settling['send']
let hand: Settling['hand']
let withdraw: Settling['withdraw']
let record: Settling['record']
let exportList: Settling['exportList']
let follow: Settling['follow']

beforeAll(async () => {
  const world = await settling()
  ;({ test, payer, seller, sellerKey, bank } = world)
  ;({ send, hand, withdraw, record, exportList, follow } = world)
})
afterAll(() => test.close())

const settledTotal = async () => {
  const body = await test.get(
    '/api/v1/totals?scope=settled&year=2026&by=month',
    test.app.operatorKey,
  )
  return body.total as { amount: string; count: number }
}

describe('a settlement record', () => {
  it('nets costs abroad: 100,000 USD with 12,000 of costs is 88,000 moved', async () => {
    const lines: readonly Line[] = [[{ orderNo: 'USD-1' }, '100000.00']]
    const netted = record(lines, {
      ...{ direction: '1', currency: '502', storage: '5000.00', logistics: '4000.00' },
      ...{ tax: '2000.00', platform: '1000.00', net: '88000.00', rate: '7.1', bopCode: '999999' },
    })
    const before = await settledTotal()
    const taken = await hand([netted])
    expect(taken).toMatchObject({ status: 200, body: { results: [{ open: '100000' }] } })
    const of = netted.SettlementHead.number
    const restored = record(lines, {
      ...{ nature: '2', reference: of, direction: '1', currency: '502', rate: '7.1' },
    })
    const costs = record([[{ orderNo: 'USD-1' }, '12000.00']], {
      ...{ nature: '2', reference: of, direction: '2', currency: '502', rate: '7.1' },
    })
    expect(await hand([restored, costs])).toMatchObject({ status: 200 })
    const after = await settledTotal()
    expect(Number(after.amount) - Number(before.amount)).toBe(624_800)
    expect(after.count - before.count).toBe(1)
    const wrong = record(lines, { ...netted.SettlementHead, number: 'ST-X', net: '88000.01' })
    expect((await hand([wrong])).body.faults).toMatchObject([
      {
        code: 'SETTLEMENT-net-DIFFERS',
        pointer: '/settlements/0/SettlementHead/net',
        values: { net: '88000.01', expected: '88000' },
      },
      { code: 'SETTLEMENT-rmb-DIFFERS' },
    ])
    const sums = await test.get(`${PATH}/totals?month=202610`, payer)
    expect(sums).toMatchObject({ status: 200, ties: true })
    expect(sums.rows).toContainEqual(
      expect.objectContaining({ currency: '502', gross: '100000', costs: '12000', net: '88000' }),
    )
  })

  it('tells all its faults at once', async () => {
    const bad = record(
      [
        [{}, '1.00'],
        [{ orderNo: 'A' }, '2.00'],
        [{ orderNo: 'A' }, '2.00'],
      ],
      {
        ...{ gross: '9.00', net: '9.00', rmb: '9.00', bopCode: '000000', rate: '2' },
      },
    )
    const { status, body } = await hand([bad])
    expect(status).toBe(422)
    expect(body.faults?.map(({ code }) => code).toSorted()).toEqual([
      'SETTLEMENT-bopCode-UNKNOWN',
      'SETTLEMENT-gross-LINES_DIFFER',
      'SETTLEMENT-orderNo-MISSING',
      'SETTLEMENT-orderNo-REPEATED',
      'SETTLEMENT-rate-NOT_ONE',
      'SETTLEMENT-rmb-DIFFERS',
    ])
  })

  it('settles a released list in parts, and never beyond it or twice', async () => {
    const { orderNo, invtNo } = await exportList('100')
    const part = record([[{ orderNo }, '60.00']])
    expect(await hand([part])).toMatchObject({
      status: 200,
      body: { results: [{ matched: '60' }] },
    })
    expect(await hand([part])).toMatchObject({ body: { results: [{ duplicate: true }] } })
    const over = await hand([record([[{ listNo: invtNo }, '40.01']])])
    expect(over.body.faults).toMatchObject([
      {
        code: 'SETTLEMENT-amount-OVER',
        values: { currency: '142', value: '100', settled: '60', wanted: '40.01' },
      },
    ])
    expect(await hand([record([[{ listNo: invtNo }, '40.00']])])).toMatchObject({ status: 200 })
    const byBank = { institution: BANK.customsCode }
    const twice = await hand([record([[{ orderNo }, '0.01']], byBank)], bank)
    expect(codesOf(twice)).toEqual(['SETTLEMENT-amount-SETTLED_BEFORE'])
  })

  it('is matched when its list is released, and no more when customs takes the release back', async () => {
    const { orderNo, says } = await exportList('50', { release: false })
    const { body } = await hand([record([[{ orderNo }, '50.00']])])
    expect(body.results).toMatchObject([{ matched: '0', open: '50' }])
    const id = body.results?.[0]?.id ?? ''
    const reason = async () =>
      ((await test.get(`${PATH}/${id}`, payer)).lines as { reason: string | null }[])[0]?.reason
    await follow()
    expect(await reason()).toBe('unknown')
    await says('800')
    await follow()
    expect(await reason()).toBeNull()
    const open = await test.get(`${PATH}/open?of=lines`, payer)
    expect(JSON.stringify(open.openLines)).not.toContain(orderNo)
    await says('100')
    await follow()
    expect(await reason()).toBe('unknown')
  })

  it('is changed and withdrawn with its history, and refunded', async () => {
    const { orderNo } = await exportList('100')
    const one = record([[{ orderNo }, '80.00']])
    const before = await settledTotal()
    const { body } = await hand([one])
    const id = body.results?.[0]?.id ?? ''
    const refund = record([[{ orderNo }, '30.00']], {
      ...{ nature: '3', reference: one.SettlementHead.number },
    })
    expect(
      codesOf(
        await hand([
          record([[{ orderNo }, '80.01']], {
            ...refund.SettlementHead,
            number: 'RF-X',
            gross: '80.01',
            net: '80.01',
            rmb: '80.01',
          }),
        ]),
      ),
    ).toEqual(['SETTLEMENT-amount-REFUND_OVER'])
    const refunded = await hand([refund])
    expect(refunded).toMatchObject({ status: 200 })
    expect(Number((await settledTotal()).amount) - Number(before.amount)).toBe(50)
    expect((await withdraw(id)).body.faults).toMatchObject([{ code: 'SETTLEMENT-number-REFUNDED' }])
    expect(await withdraw(refunded.body.results?.[0]?.id ?? '')).toMatchObject({ status: 200 })
    const less = { ...record([[{ orderNo }, '20.00']]).SettlementHead }
    const head = { ...less, number: one.SettlementHead.number }
    const changed = { SettlementHead: head, SettlementList: [{ orderNo, amount: '20.00' }] }
    expect(codesOf(await hand([changed]))).toEqual(['SETTLEMENT-number-USED'])
    const next = { ...changed, SettlementHead: { ...head, version: '2' } }
    expect(await hand([next])).toMatchObject({ status: 200, body: { results: [{ id }] } })
    expect(Number((await settledTotal()).amount) - Number(before.amount)).toBe(20)
    expect(await withdraw(id)).toMatchObject({ status: 200 })
    expect(await withdraw(id)).toMatchObject({ status: 409 })
    expect(await settledTotal()).toEqual(before)
    const view = await test.get(`${PATH}/${id}`, payer)
    expect((view.versions as { verb: string }[]).map(({ verb }) => verb)).toEqual([
      ...['withdrawn', 'changed', 'given'],
    ])
  })

  it('is seen by its institution, its seller and the operator, and is not there for others', async () => {
    const { body } = await hand([record([[{ orderNo: 'SEEN' }, '1.00']])])
    const id = body.results?.[0]?.id ?? ''
    const stranger = test.app.account(test.cast.carrier).key
    const asked = (by: string) => test.app.fetch(`${PATH}/${id}`, { headers: bearer(by) })
    for (const by of [payer, sellerKey, test.app.operatorKey])
      expect((await asked(by)).status).toBe(200)
    for (const by of [stranger, bank]) expect((await asked(by)).status).toBe(404)
    expect((await withdraw(id, sellerKey)).status).toBe(404)
    for (const path of ['', '/open?of=lines', '/totals?year=2026'])
      expect(JSON.stringify(await test.get(`${PATH}${path}`, stranger))).not.toMatch(
        /ST0|SEEN|"142"/,
      )
    const foreign = await hand([record([[{ orderNo: 'SEEN' }, '1.00']])], bank)
    expect(codesOf(foreign)).toEqual(['SETTLEMENT-institution-FOREIGN_ENTERPRISE'])
  })

  it('shows figures, and no record, to a key of the operator for the totals', async () => {
    const { key } = await test.app.gateway.accounts.createOperatorKey({
      ...{ name: 'committee', scopes: ['totals:read'] },
    })
    for (const path of ['/totals?year=2026', '/registration-line?year=2026']) {
      const told = await test.get(`${PATH}${path}`, key)
      expect(told).toMatchObject({ status: 200 })
      // But for where records open, which are not told to it.
      const figures = ({ asOf: _, rows = [], ...more }: Record<string, unknown>) => ({
        ...more,
        rows: (rows as { links: unknown }[]).map(({ links: __, ...row }) => row),
      })
      const all = await test.get(`${PATH}${path}`, test.app.operatorKey)
      expect(figures(told)).toEqual(figures(all))
    }
    expect(await test.get(PATH, key)).toMatchObject({ status: 403 })
  })

  it('shows sellers by the line of registration, and what rates are missing', async () => {
    const line = await test.get(`${PATH}/registration-line?year=2026`, test.app.operatorKey)
    expect(line).toMatchObject({ basis: 'gross', line: { value: '200000' } })
    expect(line.sellers).toMatchObject([{ seller, gaps: ['502 202610'], verdict: 'unknown' }])
  })

  it('comes as a sheet, with faults at their cells', async () => {
    const columns = columnsOf(settlement)
    const good = record([
      [{ orderNo: 'SHEET' }, '3.00'],
      [{ orderNo: 'SHEET-2' }, '4.00'],
    ])
    const rows = good.SettlementList.map((line) =>
      columns.map(({ name }) => ({ ...good.SettlementHead, ...line })[name as 'amount'] ?? ''),
    )
    const sheet = (all: readonly (readonly string[])[]) =>
      send({
        method: 'POST',
        headers: { ...bearer(payer), 'content-type': 'text/csv' },
        body: new Uint8Array(
          Buffer.from(csvOf([columns.map(({ head }) => head), ...all] as never)),
        ),
      })
    expect(await sheet(rows)).toMatchObject({ status: 200, body: { taken: 1 } })
    const wrong = rows.map((row) => row.map((cell) => (cell === '4.00' ? '4.01' : cell)))
    const { status, body } = await sheet(wrong)
    expect(status).toBe(422)
    expect(body.faults).toMatchObject([{ code: 'SETTLEMENT-gross-LINES_DIFFER', row: 2 }])
    const template = await test.app.fetch('/api/v1/sheets/SETTLEMENT.xlsx')
    expect(template.status).toBe(200)
  })

  it('of fifty writers on one list together settles no more than it is worth', async () => {
    const { orderNo } = await exportList('100')
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => hand([record([[{ orderNo }, '7.00']])])),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(14)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(36)
    const open = await test.get(`${PATH}/open`, sellerKey)
    expect(open.openLists).toContainEqual(expect.objectContaining({ currency: '142', open: '2' }))
  })
})
