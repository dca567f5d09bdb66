/**
 * Zones over HTTP: figures of a month that equal a recount of documents, replies and bills in whatever
 * order these are told, clearance times within their bound, what opens each figure, and who sees what.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLEARANCE_ERROR } from '../../src/catalogue/clearance.ts'
import { keepHouse } from '../../src/flow/housekeeping.ts'
import { foldLedger } from '../../src/flow/ledger-folding.ts'
import { checkAll } from '../../src/flow/totals-rebuild.ts'
import { checkZoneFolds, rebuildZoneFolds } from '../../src/flow/zones-rebuild.ts'
import { addDecimals } from '../../src/kernel/places.ts'
import { taxBill, taxBillStatus } from '../support/customs-tells.ts'
import { listNumber } from '../support/export-lists.ts'
import { bearer } from './app.ts'
import { type Broker, broker } from './broker.ts'

let test: Broker
const MONTH = '202610'
const LISTS = 12
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = any

interface Sent {
  readonly id: string
  readonly key: { readonly copNo: string; readonly agentCode: string; readonly invtNo: string }
  readonly taxNo: string
}
const lists: Sent[] = []

const show = async (path: string, key = test.app.operatorKey): Promise<Answer> => {
  const answer = await test.app.fetch(path, { headers: bearer(key) })
  expect(answer.status, path).toBe(200)
  return answer.json()
}

beforeAll(async () => {
  test = await broker()
  const made = Array.from({ length: LISTS }, (_, n) => test.app.consignment(n + 1).list)
  const ids = await test.handIn('CEB621', made)
  for (const [n, { InventoryHead }] of made.entries()) {
    const { copNo = '', agentCode } = InventoryHead
    const invtNo = listNumber('I', n + 1)
    const key = { copNo, agentCode, invtNo }
    lists.push({ id: ids[n] ?? '', key, taxNo: `${invtNo}_0` })
  }
  const keys = (of: readonly Sent[]) => of.map(({ key }) => key)
  // Two are refused, the others wait longer and longer, and of the last nothing is said before.
  await test.says('CEB621', '120', keys(lists.slice(0, -1)))
  await test.says('CEB621', '100', keys(lists.slice(0, 2)))
  for (let n = 2; n < LISTS; n += 2) {
    test.clock.advance(n * n * 37_000)
    await test.says('CEB621', '800', keys(lists.slice(n, n + 2)))
  }
})
afterAll(() => test.close())

/** What events and documents say, zone by zone. */
const recount = async () => {
  const found = await sql<{ zone: string; minutes: number[]; released: number; refused: number }>`
    select coalesce(d.zone, '') as zone,
      count(*) filter (where s.state = 'released')::integer as released,
      coalesce(sum(r.refused), 0)::integer as refused,
      array_agg(t.seconds / 60 order by t.seconds) filter (where t.seconds is not null) as minutes
    from document_state s
    join document d on d.lane = s.lane and d.id = s.id and d.version = s.version
    cross join lateral (
      select extract(epoch from official_moment(min(e.return_time) filter (where e.state = 'released'))
        - official_moment(min(e.return_time) filter (where e.state = 'stored')))::float8 as seconds
      from event e where e.lane = s.lane and e.document_id = s.id and e.version = s.version
    ) t
    cross join lateral (
      select count(*) as refused from event e
      where e.lane = s.lane and e.document_id = s.id and e.state = 'rejected'
    ) r
    where s.kind = 'CEB621' group by 1 order by 1`.execute(test.app.database.db)
  return found.rows
}

const near = (shown: number, exact: number | undefined) => {
  const off = Math.max((exact ?? 0) * CLEARANCE_ERROR, 1 / 60)
  expect(Math.abs(shown - (exact ?? -1))).toBeLessThanOrEqual(off + 0.005)
}

/** The least value that such a share does not exceed. */
const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.ceil(share * sorted.length) - 1]

const ruled = async () => {
  const shown = await show(`/api/v1/zones?month=${MONTH}`)
  for (const { zone, minutes, released, refused } of await recount()) {
    const own = shown.zones.find((row: Answer) => row.code === zone)
    expect([own.released.count, own.refusals.refused]).toEqual([released, refused])
    expect(own.clearance.lists + own.clearance.unmeasured).toBe(released)
    expect(own.clearance.lists).toBe((minutes ?? []).length)
    if (minutes === null) continue
    near(own.clearance.medianMinutes, percentile(minutes, 0.5))
    near(own.clearance.p95Minutes, percentile(minutes, 0.95))
  }
  return shown
}

describe('zones side by side', () => {
  it('tell what documents and replies come to', async () => {
    const { zones, city } = await ruled()
    expect(city.clearance.unmeasured).toBe(1)
    expect(city.refusals).toMatchObject({ refused: 2, rate: '0.166667' })
    expect(zones.length).toBe(10)
    expect(zones.at(-1)).toMatchObject({ code: '', name: { zh: '未归属' }, facts: null })
    const values = zones.slice(0, -1).map((row: Answer) => Number(row.released.amount))
    expect(values).toEqual([...values].sort((a, b) => b - a))
    expect(zones[0].rank.value).toBe(1)
  })

  it('agree with the totals, and every figure opens', async () => {
    const { zones } = await show(`/api/v1/zones?month=${MONTH}`)
    const totals = await show(`/api/v1/totals?by=zone&month=${MONTH}`)
    for (const { key, count, amount } of totals.rows) {
      const own = zones.find((row: Answer) => row.code === key)
      expect([own.released.count, Number(own.released.amount)]).toEqual([count, Number(amount)])
      const opened = await show(own.released.links.documents, test.app.operatorKey)
      expect(opened.total.count).toBe(count)
    }
  })

  it('count what their links open, every one of a zone, for a key of the totals alone', async () => {
    const key = await test.app.gateway.accounts.createOperatorKey({
      ...{ name: 'committee', scopes: ['totals:read'] },
    })
    const at = (path: string) => show(path, key.key)
    const { zones, undecided } = await at(`/api/v1/zones?month=${MONTH}`)
    const opened = async (link: string) => (await at(link)).total.count
    for (const { links } of zones) {
      const zone = await at(links.zone)
      const trade = [zone, ...zone.byDirection, ...zone.byMode].flatMap((part) => [
        part.declared,
        part.released,
      ])
      for (const { count, links: to } of trade) expect(await opened(to.documents)).toBe(count)
      for (const { lists, unmeasured, links: to } of [
        zone.clearance,
        ...zone.byMode.map((part: Answer) => part.clearance),
      ])
        expect([await opened(to.measured), await opened(to.unmeasured)]).toEqual([
          lists,
          unmeasured,
        ])
      const back = await at(zone.returns.links.documents)
      expect([back.total.count, Number(back.total.amount)]).toEqual([
        zone.returns.lists,
        Number(zone.returns.amount) === 0 ? 0 : -Number(zone.returns.amount),
      ])
      for (const { total, bills, links: to } of [
        zone.taxes,
        ...zone.byMode.map((part: Answer) => part.taxes),
      ]) {
        const billed = await at(to.lists)
        expect([billed.total, billed.bills]).toEqual([total, bills])
        const counted = billed.rows.reduce((sum: number, row: Answer) => sum + row.bills, 0)
        expect(counted).toBe(bills)
      }
      for (const { enterprises, links: to } of zone.enterprises) {
        const { rows } = await at(to.enterprises)
        const active = rows.filter((row: Answer) => row.key !== '' && row.count > 0)
        expect(active.length).toBe(enterprises)
      }
      // What does not open says why.
      expect(zone.stock.links.books).toBeNull()
      expect(zone.unopened.map((why: Answer) => why.figure)).toEqual([
        ...['refusals', 'queue', 'stock'],
      ])
    }
    for (const { reasons } of undecided.counts)
      for (const { count, links } of reasons) expect(await opened(links.documents)).toBe(count)
  })
})

const taxesOf = async (zone: string) =>
  (await show(`/api/v1/zones?month=${MONTH}`)).zones.find((row: Answer) => row.code === zone).taxes

const said = (vat: string) => ({ customsTax: '1.10', consumptionTax: '2.20', valueAddedTax: vat })
const NOTHING = { bills: 0, duty: '0', consumptionTax: '0', vat: '0', total: '0' }

describe('what is told later', () => {
  it('a bill counts in its month as it was told last, and a void one no more', async () => {
    const { zone } = await test.get(`/api/v1/documents/${lists[2]?.id}`)
    const [{ key, taxNo } = { key: { invtNo: '' }, taxNo: '' }] = lists.slice(2)
    const { invtNo } = key
    const bill = (time: string, vat: string) =>
      taxBill({ invtNo, taxNo, status: '1', time, amounts: said(vat) })
    await test.tells('CEB816', [bill('20261016100000000', '36.04')])
    const standing = {
      bills: 1,
      duty: '1.1',
      consumptionTax: '2.2',
      vat: '36.04',
      total: '39.34',
    }
    expect(await taxesOf(String(zone))).toMatchObject(standing)
    // Of an earlier moment, and of another month: it changes nothing.
    await test.tells('CEB816', [bill('20260930100000000', '99')])
    expect(await taxesOf(String(zone))).toMatchObject(standing)
    await test.tells('CEB818', [
      taxBillStatus({ invtNo, taxNo, status: '3', time: '20261016100100000' }),
    ])
    expect(await taxesOf(String(zone))).toMatchObject(NOTHING)
    expect(await rebuildZoneFolds(test.app.gateway.flow)).toEqual({ refusals: 0, taxes: 0 })
  })

  it('a first word that comes late gives a clearance time, and changes no count', async () => {
    const before = (await ruled()).city
    const [last] = lists.slice(-1)
    // Told after the release, of a moment before it.
    await test.saysAt('CEB621', '120', [last?.key ?? {}], '20261015110000000')
    const { city } = await ruled()
    expect(city.clearance).toMatchObject({ lists: before.clearance.lists + 1, unmeasured: 0 })
    expect(city.released).toEqual(before.released)
  })

  it('a granted return counts its list and what is taken off, and a refused one no more', async () => {
    const { id } = lists[4] ?? { id: '' }
    const { zone } = await test.get(`/api/v1/documents/${id}`)
    const rowOf = async () => (await ruled()).zones.find((row: Answer) => row.code === String(zone))
    const before = await rowOf()
    expect(before.returns).toMatchObject({ lists: 0, amount: '0' })
    const { body } = await test.post(`/api/v1/documents/${id}/return`, { reason: '买家退货' })
    const { copNo = '', agentCode = '' } = body.document?.InvtRefundHead ?? {}
    await test.settle()
    await test.says('CEB625', '399', [{ copNo, agentCode }])
    const { returns, released } = await rowOf()
    expect(returns).toMatchObject({ lists: 1, missing: [] })
    expect(Number(returns.amount)).toBeGreaterThan(0)
    expect(addDecimals([released.amount, returns.amount])).toBe(before.released.amount)
    await test.says('CEB625', '100', [{ copNo, agentCode }])
    expect((await rowOf()).returns).toEqual(before.returns)
  })

  it('rows put together say the same, and so does a rebuild', async () => {
    const { db } = test.app.database
    await billed(4, '20261016110000000', '8')
    const before = await show(`/api/v1/zones?month=${MONTH}`)
    await keepHouse(test.app.gateway.flow)
    expect(await foldLedger(test.app.gateway.flow)).toBeGreaterThan(0)
    expect(await show(`/api/v1/zones?month=${MONTH}`)).toEqual(before)
    const billedAs = () => show(`/api/v1/totals/billed?month=${MONTH}`)
    const billedBefore = await billedAs()
    const [astray] = billedBefore.rows
    await sql`update refusal_sum set count = count + 3`.execute(db)
    await sql`
      insert into tax_sum (month, zone, trade_mode, bills, duty, consumption, vat)
      values ('202610', '', '1210', 1, 1, 0, 0)`.execute(db)
    // Of lists billed one is not found by its place, and one is found where nothing was billed.
    await sql`delete from billed_list where document_id = ${astray.id}::uuid`.execute(db)
    await sql`
      insert into billed_list (month, zone, trade_mode, document_id)
      values ('202609', '', '1210', ${lists[3]?.id}::uuid)`.execute(db)
    expect((await billedAs()).rows).not.toEqual(billedBefore.rows)
    const found = await checkZoneFolds(test.app.gateway.flow)
    expect(found.refusals).toBeGreaterThan(0)
    expect(found.taxes).toBe(3)
    expect(await checkZoneFolds(test.app.gateway.flow)).toEqual(found)
    expect(await checkAll(test.app.gateway.flow)).toMatchObject({
      ...{ corrected: 0, sums: found.refusals + found.taxes },
    })
    expect((await rebuildZoneFolds(test.app.gateway.flow)).refusals).toBeGreaterThan(0)
    expect(await show(`/api/v1/zones?month=${MONTH}`)).toEqual(before)
    expect(await billedAs()).toEqual(billedBefore)
    expect(await rebuildZoneFolds(test.app.gateway.flow)).toEqual({ refusals: 0, taxes: 0 })
    expect(await checkAll(test.app.gateway.flow)).toMatchObject({ corrected: 0, sums: 0 })
    await voided(4)
  })
})

const billed = (n: number, time: string, vat: string) => {
  const { key, taxNo } = lists[n] ?? { key: { invtNo: '' }, taxNo: '' }
  const { invtNo } = key
  return test.tells('CEB816', [taxBill({ invtNo, taxNo, status: '1', time, amounts: said(vat) })])
}

const voided = (n: number) => {
  const { key, taxNo } = lists[n] ?? { key: { invtNo: '' }, taxNo: '' }
  const { invtNo } = key
  return test.tells('CEB818', [
    taxBillStatus({ invtNo, taxNo, status: '3', time: '20261016120000000' }),
  ])
}

/** Where pages of one list each lead. */
const pagesOf = async (first: string) => {
  const ids: string[] = []
  for (let path: string | undefined = first; path !== undefined; ) {
    const page: Answer = await show(path)
    ids.push(...page.rows.map((row: Answer) => row.id))
    path = page.links.next
  }
  return ids
}

describe('lists billed', () => {
  const all = `/api/v1/totals/billed?month=${MONTH}&limit=1`
  const idsOf = (...of: readonly number[]) => of.map((n) => lists[n]?.id ?? '').sort()

  it('are told page by page, each once, in the month and place of their bills', async () => {
    for (const n of [6, 8, 9]) await billed(n, '20261016110000000', '10')
    await billed(10, '20260930110000000', '10')
    expect(await pagesOf(all)).toEqual(idsOf(6, 8, 9))
    expect(await pagesOf('/api/v1/totals/billed?month=202609&limit=1')).toEqual(idsOf(10))
    const { zones } = await show(`/api/v1/zones?month=${MONTH}`)
    const byZone = zones.map(({ taxes }: Answer) => pagesOf(`${taxes.links.lists}&limit=1`))
    expect((await Promise.all(byZone)).flat().sort()).toEqual(idsOf(6, 8, 9))
  })

  it('go with the last of their bills, and move with its month', async () => {
    await voided(8)
    await billed(10, '20261015110000000', '10')
    expect(await pagesOf(all)).toEqual(idsOf(6, 9, 10))
    expect(await pagesOf('/api/v1/totals/billed?month=202609&limit=1')).toEqual([])
    const { rows } = await sql<{ id: string; month: string }>`
      select document_id as id, month from billed_list order by 1`.execute(test.app.database.db)
    expect(rows).toHaveLength(3)
  })
})

describe('as of a moment', () => {
  it('what was shown is told again, whatever was told since', async () => {
    test.clock.advance(60_000)
    const told = await show(`/api/v1/zones?month=${MONTH}`)
    expect(told.provisional).toBe(true)
    const zone = told.zones.find((row: Answer) => row.released.count > 0)
    const one = await show(zone.links.zone)
    test.clock.advance(60_000)
    const [, , , , , last] = lists
    await test.says('CEB621', '100', [last?.key ?? {}])
    await billed(3, '20261015090000000', '77')
    const path = `/api/v1/zones?month=${MONTH}`
    expect((await show(path)).city.released.count).toBe(told.city.released.count - 1)
    const again = await show(`${path}&asOf=${told.asOf}`)
    expect(again.provisional).toBe(false)
    expect(again.untold).toMatchObject({ zh: expect.stringContaining('税款') })
    const ledger = ({ declared, released, clearance, enterprises, returns }: Answer) => ({
      ...{
        declared: [declared.count, declared.amount],
        released: [released.count, released.amount],
      },
      clearance: [clearance.medianMinutes, clearance.p95Minutes, clearance.unmeasured],
      enterprises: enterprises.map((figure: Answer) => figure.enterprises),
      returns: [returns.lists, returns.amount],
    })
    expect(again.zones.map(ledger)).toEqual(told.zones.map(ledger))
    expect(ledger(again.city)).toEqual(ledger(told.city))
    expect(again.city).toMatchObject({ refusals: told.city.refusals, queue: null })
    expect((await show(path)).city.refusals.refused).toBe(told.city.refusals.refused + 1)
    expect(Number(told.city.taxes.total)).toBeGreaterThan(0)
    expect((await show(path)).city.taxes.total).not.toBe(told.city.taxes.total)
    const known = { bills: null, duty: null, consumptionTax: null, vat: null }
    for (const [n, { taxes, refusals }] of [...again.zones, again.city].entries()) {
      const before = [...told.zones, told.city][n]
      const { total, compared } = before.taxes
      expect(taxes).toEqual({ scope: 'billed', ...known, total, compared, links: { lists: null } })
      expect(refusals).toEqual(before.refusals)
    }
    const oneAgain = await show(`/api/v1/zones/${zone.code}?month=${MONTH}&asOf=${one.asOf}`)
    expect(ledger(oneAgain)).toEqual(ledger(one))
    expect(oneAgain.byMode.map((part: Answer) => part.clearance.lists)).toEqual(
      one.byMode.map((part: Answer) => part.clearance.lists),
    )
    expect(oneAgain.refusals).toEqual({ ...one.refusals, causes: null, others: null })
    expect(oneAgain.byMode.map((part: Answer) => part.taxes)).toEqual(one.byMode.map(() => null))
    // Links keep the moment.
    expect((await show(oneAgain.released.links.documents)).total.count).toBe(one.released.count)
    const headers = bearer(test.app.operatorKey)
    const future = await test.app.fetch('/api/v1/zones?asOf=2999-01-01T00:00:00Z', { headers })
    expect(future.status).toBe(400)
  })

  it('zones are called what they were called then', async () => {
    const { db } = test.app.database
    const path = `/api/v1/zones?month=${MONTH}`
    const then = await show(path)
    test.clock.advance(60_000)
    const [{ code, name }] = then.zones.filter((row: Answer) => row.code !== '')
    const renamed = { zh: '合成更名区', en: 'Renamed zone (synthetic)' }
    await db.updateTable('zone').set(renamed).where('code', '=', code).execute()
    const nameIn = ({ zones }: Answer) => zones.find((row: Answer) => row.code === code).name
    expect(nameIn(await show(path))).toEqual(renamed)
    expect(nameIn(await show(`${path}&asOf=${then.asOf}`))).toEqual(name)
    expect((await show(`/api/v1/zones/${code}?month=${MONTH}&asOf=${then.asOf}`)).name).toEqual(
      name,
    )
    const targetOf = (query: string) => show(`/api/v1/targets?zone=${code}${query}`)
    expect((await targetOf('')).zone).toEqual({ code, ...renamed })
    expect((await targetOf(`&asOf=${then.asOf}`)).zone).toEqual({ code, ...name })
    await db.updateTable('zone').set(name).where('code', '=', code).execute()
  })

  it('taxes and refusals are not told from before it was kept when they were learnt', async () => {
    const { db } = test.app.database
    const { asOf } = await show(`/api/v1/zones?month=${MONTH}`)
    test.clock.advance(60_000)
    // As in a database of before.
    await sql`update zone_entry_start set at = ${test.clock.now()}`.execute(db)
    const { city, untold } = await show(`/api/v1/zones?month=${MONTH}&asOf=${asOf}`)
    expect(city).toMatchObject({ taxes: null, refusals: null })
    expect(untold).toMatchObject({ zh: expect.stringContaining('才留存') })
    await sql`update zone_entry_start set at = 'epoch'`.execute(db)
    expect((await show(`/api/v1/zones?month=${MONTH}&asOf=${asOf}`)).city.taxes).not.toBeNull()
  })
})

describe('one zone', () => {
  it('says by direction, mode and cause what it says in all, and what it is compared with', async () => {
    const { zones } = await show(`/api/v1/zones?month=${MONTH}`)
    const row = zones.find((each: Answer) => each.refusals.refused > 0)
    const shown = await show(row.links.zone)
    expect(shown).toMatchObject({ rank: row.rank, released: row.released, taxes: row.taxes })
    const [inward, outward] = shown.byDirection
    expect([inward.released.count, outward.released.count]).toEqual([row.released.count, 0])
    expect(shown.byMode.map((each: Answer) => each.declared.count)).toEqual([row.declared.count])
    expect(shown.refusals.causes.map((each: Answer) => each.count)).toEqual([row.refusals.refused])
    expect(shown.refusals.causes.map((each: Answer) => each.rate)).toEqual([row.refusals.rate])
    expect(shown.released.compared.amount).toEqual({
      lastMonth: { month: '202609', base: '0', growth: null },
      lastYear: { month: '202510', base: '0', growth: null },
    })
    const next = await show(`/api/v1/zones/${row.code}?month=2026-11`)
    const before = { month: MONTH, growth: null }
    expect(next).toMatchObject({
      released: { compared: { count: { lastMonth: { base: String(row.released.count) } } } },
      taxes: { compared: { total: { lastMonth: { ...before, base: row.taxes.total } } } },
      returns: { compared: { lists: { lastMonth: { base: String(row.returns.lists) } } } },
      refusals: { compared: { rate: { lastMonth: { ...before, base: row.refusals.rate } } } },
    })
    const minutes = (of: number | null) => (of === null ? null : String(of))
    expect(next.clearance.compared.medianMinutes.lastMonth.base).toBe(
      minutes(row.clearance.medianMinutes),
    )
    expect(next.clearance.compared.p95Minutes.lastMonth.base).toBe(
      minutes(row.clearance.p95Minutes),
    )
    expect(
      next.enterprises.map((figure: Answer) => figure.compared.enterprises.lastMonth.base),
    ).toEqual(row.enterprises.map((figure: Answer) => String(figure.enterprises)))
  })

  it('is for the operator and whom he gave a key: few enterprises may stand behind it', async () => {
    for (const path of ['/api/v1/zones/CQ-XY', `/api/v1/zones?month=${MONTH}`]) {
      expect((await test.app.fetch(path)).status).toBe(403)
      expect((await test.app.fetch(path, { headers: bearer(test.key) })).status).toBe(403)
    }
    const { stock } = await show('/api/v1/zones/CQ-XY')
    expect(stock).toMatchObject({ value: null, units: [] })
  })

  it('is refused where there is none, and the undecided are one', async () => {
    const headers = bearer(test.app.operatorKey)
    expect((await test.app.fetch('/api/v1/zones/CQ-NONE', { headers })).status).toBe(404)
    const shown = await show('/api/v1/zones/undecided?month=2026-10')
    expect(shown).toMatchObject({ code: '', rank: { value: null, clearance: null } })
    expect(
      (await show(shown.undecided.links.rules, test.app.operatorKey)).rows.length,
    ).toBeGreaterThan(0)
  })
})
