/**
 * What settlements meet beside the plain case: other currencies, orders of several lists, lists that
 * change their zone or come back, the line of registration, workbooks, mandates, and the commands of
 * the documentation as they stand there.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { serve } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settlement } from '../../src/catalogue/settlement.ts'
import { columnsOf } from '../../src/codec/sheet/columns.ts'
import { workbookOf } from '../support/sheets.ts'
import { bearer, json } from './app.ts'
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
const zonesOf = async () => {
  const { rows } = await test.get('/api/v1/totals?scope=settled&by=zone', test.app.operatorKey)
  return Object.fromEntries(
    (rows as { key: string; amount: string }[]).map(({ key, amount }) => [key, Number(amount)]),
  )
}

describe('a record in another currency than its list', () => {
  it('waits for a rate of the month of release, and is matched when it comes', async () => {
    const { orderNo } = await world.exportList('710')
    const id = idOf(await world.hand([world.record([[{ orderNo }, '100.00']], dollars)]))
    expect(await world.reasonOf(id)).toBe('rate')
    await world.tellRate('2026-10', '7.1')
    await world.follow()
    // It is looked for again by the hour.
    test.clock.advance(3_600_000)
    await world.follow()
    expect(await world.reasonOf(id)).toBeNull()
  })

  it('may go beyond the list by the tolerance, 5 %, and by no fen more', async () => {
    const { orderNo, invtNo } = await world.exportList('710')
    const first = world.record([[{ orderNo }, '100.00']], dollars)
    expect(await world.hand([first])).toMatchObject({
      status: 200,
      body: { results: [{ open: '0' }] },
    })
    // 745.5 CNY in all; 35.50 of it are left.
    const over = await world.hand([world.record([[{ listNo: invtNo }, '35.51']])])
    expect(over.body.faults).toMatchObject([
      { code: 'SETTLEMENT-amount-SETTLED_BEFORE', values: { currency: '142', value: '710' } },
    ])
    expect(await world.hand([world.record([[{ listNo: invtNo }, '35.50']])])).toMatchObject({
      status: 200,
    })
  })
})

describe('an order of several lists', () => {
  it('is open until the record names one of them', async () => {
    const { orderNo, invtNo } = await world.exportList('50')
    await world.exportList('60', { head: { orderNo } })
    const record = world.record([[{ orderNo }, '50.00']])
    const id = idOf(await world.hand([record]))
    expect(await world.reasonOf(id)).toBe('several')
    const named = {
      SettlementHead: { ...record.SettlementHead, version: '2' },
      SettlementList: [{ listNo: invtNo, amount: '50.00' }],
    }
    expect(await world.hand([named])).toMatchObject({ status: 200, body: { results: [{ id }] } })
    expect(await world.reasonOf(id)).toBeNull()
  })
})

describe('a list that changes after it was settled', () => {
  it('takes its settlement to its zone, and figures as of before stay', async () => {
    const { orderNo, list, says } = await world.exportList('30', { head: { customsCode: '8013' } })
    const before = await zonesOf()
    await world.hand([world.record([[{ orderNo }, '30.00']])])
    const placed = await zonesOf()
    const [zone = ''] = Object.keys(placed).filter((key) => placed[key] !== before[key])
    expect(zone).not.toBe('')
    const asOf = test.clock.now().toISOString()
    const path = `/api/v1/totals?scope=settled&by=zone&asOf=${asOf}`
    const shown = await test.get(path, test.app.operatorKey)
    test.clock.advance(60_000)
    const InventoryHead = {
      ...{ ...list.InventoryHead, appType: '2', customsCode: '8012' },
      ...{ guid: crypto.randomUUID().toUpperCase(), appTime: '20261231100000' },
    }
    // Customs takes the release back, and releases another version.
    await says('100')
    await test.handIn('CEB603', [{ ...list, InventoryHead } as never])
    await says('800')
    await world.follow()
    const moved = await zonesOf()
    expect(moved[zone] ?? 0).toBe((placed[zone] ?? 0) - 30)
    expect(moved['']).toBe((placed[''] ?? 0) + 30)
    expect(await test.get(path, test.app.operatorKey)).toEqual(shown)
  })

  it('lets its record be corrected, although it is worth less by now', async () => {
    const { orderNo, list, says } = await world.exportList('40')
    const record = world.record([[{ orderNo }, '40.00']])
    const id = idOf(await world.hand([record]))
    const [line] = list.InventoryList
    const next = {
      InventoryHead: {
        ...{ ...list.InventoryHead, appType: '2', appTime: '20261231100001' },
        guid: crypto.randomUUID().toUpperCase(),
      },
      InventoryList: [{ ...line, price: '10', totalPrice: '10' }],
    }
    await says('100')
    await test.handIn('CEB603', [next as never])
    await says('800')
    await world.follow()
    const change = (version: string, amount: string) => ({
      SettlementHead: {
        ...{ ...record.SettlementHead, version, gross: amount, net: amount, rmb: amount },
      },
      SettlementList: [{ orderNo, amount }],
    })
    expect(codesOf(await world.hand([change('2', '41.00')]))).toEqual(['SETTLEMENT-amount-OVER'])
    expect(await world.hand([change('2', '25.00')])).toMatchObject({ status: 200 })
    expect(await world.reasonOf(id)).toBeNull()
  })

  it('finds a record and its refund as they were when it is released again', async () => {
    const { orderNo, says } = await world.exportList('100')
    const first = world.record([[{ orderNo }, '50.00']])
    const second = world.record([[{ orderNo }, '80.00']])
    expect(codesOf(await world.hand([first, second]))).toEqual(['SETTLEMENT-amount-OVER'])
    const id = idOf(await world.hand([world.record([[{ orderNo }, '50.00']])]))
    const head = { nature: '3', reference: first.SettlementHead.number }
    await world.hand([world.record([[{ orderNo }, '30.00']], head)])
    const last = idOf(await world.hand([world.record([[{ orderNo }, '30.00']])]))
    for (const status of ['100', '800']) {
      await says(status)
      await world.follow()
    }
    expect([await world.reasonOf(id), await world.reasonOf(last)]).toEqual([null, null])
  })
})

describe('the line of registration', () => {
  const verdictOf = async (code: string) => {
    const path = `${SETTLEMENTS}/registration-line?year=2026`
    const { sellers } = await test.get(path, test.app.operatorKey)
    return (sellers as { seller: string; verdict: string; gaps: string[] }[]).find(
      ({ seller }) => seller === code,
    )?.verdict
  }
  const receive = async (code: string, amount: string) => {
    const head = { ...dollars, seller: code }
    const taken = await world.hand([world.record([[{ orderNo: `REG-${code}` }, amount]], head)])
    expect(taken.status).toBe(200)
  }

  it('is told near from above 180,000 USD on, and above from the cent after 200,000', async () => {
    await world.tellRate('2026-10', '7.1')
    const codes = ['5001960901', '5001960902', '5001960903', '5001960904']
    const amounts = ['180000.00', '180000.01', '200000.00', '200000.01']
    for (const [i, code] of codes.entries()) await receive(code, amounts[i] ?? '')
    const verdicts = []
    for (const code of codes) verdicts.push(await verdictOf(code))
    expect(verdicts).toEqual([undefined, 'near', 'near', 'above'])
  })

  it('is not said to be unknown where no rate is missing', async () => {
    // 1,278,000.03 CNY are 180,000.004 USD: as shown, not above 180,000.
    const head = { seller: '5001960905' }
    const lines = [[{ orderNo: 'REG-CNY' }, '1278000.03']] as const
    expect(await world.hand([world.record(lines, head)])).toMatchObject({ status: 200 })
    expect(await verdictOf('5001960905')).toBeUndefined()
  })
})

describe('other ways in', () => {
  it('is a workbook, with faults at their cells', async () => {
    const columns = columnsOf(settlement)
    const good = world.record([
      [{ orderNo: 'BOOK' }, '3.00'],
      [{ orderNo: 'BOOK-2' }, '4.00'],
    ])
    const rows = good.SettlementList.map((line) =>
      columns.map(({ name }) => ({ ...good.SettlementHead, ...line })[name as 'amount'] ?? ''),
    )
    const send = async (all: readonly string[][]) =>
      world.send({
        method: 'POST',
        headers: {
          ...bearer(world.payer),
          'content-type': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        },
        body: await workbookOf([
          { name: 'SETTLEMENT', rows: [columns.map(({ head }) => head), ...all] },
        ]),
      })
    const wrong = rows.map((row) => row.map((cell) => (cell === '4.00' ? '4.01' : cell)))
    const refused = await send(wrong)
    expect(refused.status).toBe(422)
    expect(refused.body.faults).toMatchObject([{ code: 'SETTLEMENT-gross-LINES_DIFFER', row: 2 }])
    expect(await send(rows)).toMatchObject({ status: 200, body: { taken: 1 } })
  })

  it('is an agent with the mandate of the institution, and no other', async () => {
    const record = world.record([[{ orderNo: 'AGENT' }, '5.00']])
    expect(codesOf(await world.hand([record], test.key))).toEqual([
      'SETTLEMENT-institution-FOREIGN_ENTERPRISE',
    ])
    const given = {
      ...{ principalId: test.app.account(test.cast.payer).id, agentId: test.id },
      ...{ kinds: ['SETTLEMENT'], validFrom: '2026-01-01' },
    }
    const made = await test.app.fetch('/api/v1/mandates', json(test.app.operatorKey, given))
    expect(made.status).toBe(201)
    const taken = await world.hand([record], test.key)
    expect(taken).toMatchObject({ status: 200 })
    const view = await test.get(`${SETTLEMENTS}/${idOf(taken)}`, world.payer)
    expect(view.versions).toMatchObject([{ submittedBy: test.id }])
  })

  it('are pages of what is open, and a cursor of the other page is none', async () => {
    await world.hand([
      world.record([
        [{ orderNo: 'PAGE-1' }, '1.00'],
        [{ orderNo: 'PAGE-2' }, '1.00'],
      ]),
    ])
    const path = `${SETTLEMENTS}/open?of=lines&limit=1`
    const { next } = await test.get(path, world.payer)
    expect(await test.get(`${path}&cursor=${next}`, world.payer)).toMatchObject({ status: 200 })
    const id = String(next).split('.')[1]
    for (const query of [
      `of=lists&cursor=${next}`,
      `of=lines&cursor=2026-10-01.${id}`,
      `of=lines&cursor=99999.${id}`,
      `of=lists&cursor=2026-02-30.${id}`,
    ])
      expect(await test.get(`${SETTLEMENTS}/open?${query}`, world.payer)).toMatchObject({
        ...{ status: 400, code: 'QUERY-WRONG' },
      })
  })

  it('are the commands of the documentation, as they stand there', async () => {
    const page = await readFile('docs/settlement.md', 'utf8')
    const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(page) ?? []
    expect(commands).toContain('curl -X POST')
    const server = serve({ fetch: test.app.gateway.app.fetch, port: 0, hostname: '127.0.0.1' })
    try {
      await new Promise<void>((open) =>
        server.listening ? open() : server.once('listening', open),
      )
      const { port } = server.address() as AddressInfo
      const env = { ...process.env, YUGUAN: `http://127.0.0.1:${port}`, KEY: world.payer }
      const quiet = commands.replaceAll('curl ', 'curl -sS --noproxy 127.0.0.1 ')
      const { stdout } = await promisify(execFile)('bash', ['-ec', quiet], { env })
      expect(stdout).toContain('"taken":1,"refused":0')
      expect(stdout).toContain('EO-2026-0002')
      expect(stdout).toContain('"ties":true')
    } finally {
      await new Promise((closed) => server.close(closed))
    }
  })
})
