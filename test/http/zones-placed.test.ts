/**
 * Stored lists placed anew by a rule that was loaded later: figures of zones move with them, figures as of
 * before stay, and a check finds nothing wrong; whatever became of a list before, and run twice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepClocks } from '../../src/flow/stage-clocks.ts'
import { type Placed, placeLists } from '../../src/flow/totals-place.ts'
import { checkAll } from '../../src/flow/totals-rebuild.ts'
import { addDecimals } from '../../src/kernel/places.ts'
import { taxBill } from '../support/customs-tells.ts'
import { listNumber } from '../support/export-lists.ts'
import { bearer } from './app.ts'
import { type Settling, settling } from './settling.ts'

const MONTH = '202610'
const [FIRST, SECOND] = ['CQ-XY', 'CQ-JJ']
/** An office that no rule names at first. */
const OFFICE = '8012'
// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = any

let world: Settling
let test: Settling['test']

const show = async (path: string): Promise<Answer> => {
  const answer = await test.app.fetch(path, { headers: bearer(test.app.operatorKey) })
  expect(answer.status, path).toBe(200)
  return answer.json()
}

const loadRules = async (...rows: readonly string[]): Promise<void> => {
  const answer = await test.app.fetch('/api/v1/reference/zone-rules?source=synthetic', {
    method: 'POST',
    headers: { ...bearer(test.app.operatorKey), 'content-type': 'text/csv' },
    body: ['kind,code,zone,validFrom,validTo,confidence', ...rows, ''].join('\n'),
  })
  expect(answer.status, await answer.clone().text()).toBe(200)
}

/** A minute passes before. */
const place = (write: boolean, from = MONTH, to = from): Promise<Placed> => {
  test.clock.advance(60_000)
  return placeLists(test.app.gateway.flow, { from, to, write })
}

const zoneOf = async (zone: string, asOf = '') => {
  const { zones } = await show(`/api/v1/zones?month=${MONTH}${asOf && `&asOf=${asOf}`}`)
  return zones.find(({ code }: Answer) => code === zone)
}

const numbered = (n: number, head: Readonly<Record<string, string>> = {}) => {
  const { InventoryHead, InventoryList } = test.app.consignment(n).list
  const list = { InventoryHead: { ...InventoryHead, customsCode: OFFICE, ...head }, InventoryList }
  const { copNo = '', agentCode = '' } = list.InventoryHead
  return { list, key: { copNo, agentCode, invtNo: listNumber('I', n) } }
}

const amended = ({ InventoryHead, InventoryList }: ReturnType<typeof numbered>['list']) => ({
  InventoryHead: {
    ...{ ...InventoryHead, appType: '2', appTime: '20261020100000' },
    guid: crypto.randomUUID().toUpperCase(),
  },
  InventoryList,
})

let ids: string[] = []
beforeAll(async () => {
  world = await settling()
  test = world.test
  // Released; refused and then released as amended; returned; billed; refused; not answered; of September.
  const made = [1, 2, 3, 4, 5, 6].map((n) => numbered(n))
  const old = numbered(7, { appTime: '20260930120000' })
  const [plain, changed, back, taxed, refused] = made
  const all = [...made, old]
  ids = await test.handIn(
    'CEB621',
    all.map(({ list }) => list),
  )
  const keys = (...of: (typeof plain)[]) => of.flatMap((one) => one?.key ?? [])
  await test.says('CEB621', '120', keys(plain, changed, back, taxed, old))
  await test.says('CEB621', '100', keys(changed, refused))
  await test.handIn(
    'CEB621',
    [changed].flatMap((one) => (one === undefined ? [] : [amended(one.list)])),
  )
  await test.says('CEB621', '800', keys(plain, changed, back, taxed, old))
  const { body } = await test.post(`/api/v1/documents/${ids[2]}/return`, { reason: '买家退货' })
  const { copNo = '', agentCode = '' } = body.document?.InvtRefundHead ?? {}
  await test.settle()
  await test.says('CEB625', '399', [{ copNo, agentCode }])
  const { invtNo = '' } = taxed?.key ?? {}
  const bill = { taxNo: `${invtNo}_0`, status: '1', time: '20261016100000000' }
  await test.tells('CEB816', [taxBill({ invtNo, ...bill })])
  const { orderNo } = await world.exportList('30', { head: { customsCode: OFFICE } })
  await world.hand([world.record([[{ orderNo }, '30.00']])])
  await world.follow()
  // Old enough for the clocks chore to keep it.
  test.clock.advance(15 * 60_000)
  await keepClocks(test.app.gateway.flow)
})
afterAll(() => test.close())

const settledIn = async (zone: string) => {
  const { rows } = await show('/api/v1/totals?scope=settled&by=zone')
  return Number(rows.find(({ key }: Answer) => key === zone)?.amount ?? 0)
}

/** What is told as of a moment as it was told then. */
const kept = ({ declared, released, clearance, returns, refusals, taxes }: Answer) => ({
  ...{ declared: [declared.count, declared.amount], released: [released.count, released.amount] },
  ...{ clearance: [clearance.lists, clearance.medianMinutes], taxes: taxes.total },
  ...{ returns: [returns.lists, returns.amount], refused: refusals.refused },
})

const right = async () =>
  expect(await checkAll(test.app.gateway.flow)).toMatchObject({ corrected: 0, sums: 0 })

describe('a rule loaded later', () => {
  let before: { readonly at: string; readonly undecided: Answer; readonly reasons: Answer }

  it('is told of what it would move, and nothing moves', async () => {
    const told = await show(`/api/v1/zones?month=${MONTH}`)
    const undecided = told.zones.find(({ code }: Answer) => code === '')
    before = { at: told.asOf, undecided, reasons: told.undecided.counts }
    expect(kept(undecided)).toMatchObject({ refused: 2, taxes: '17.94' })
    expect(undecided.released.count).toBe(6)
    expect(undecided.returns.lists).toBe(1)
    expect(await place(false)).toMatchObject({ lists: 7, moved: 0, rows: [] })
    await loadRules(`office,${OFFICE},${FIRST},2026-01-01,,A`)
    const row = {
      ...{ from: { zone: '', because: 'no-rule' }, to: { zone: FIRST, because: null } },
      ...{ by: 'office', lists: 7 },
    }
    expect(await place(false)).toEqual({
      ...{ from: MONTH, to: MONTH, lists: 7, moved: 7, written: false, rows: [row] },
    })
    expect(await zoneOf('')).toEqual(undecided)
    expect((await test.get(`/api/v1/documents/${ids[0]}`)).zone).toBeNull()
  })

  it('moves lists of the months told, with all that is counted of them', async () => {
    expect(await place(true)).toMatchObject({ lists: 7, moved: 7, written: true })
    const { undecided, zones } = await show(`/api/v1/zones?month=${MONTH}`)
    const moved = zones.find(({ code }: Answer) => code === FIRST)
    const left = zones.find(({ code }: Answer) => code === '')
    // Of September is what was declared then; it counts in October.
    expect([left.declared.count, left.released.count]).toEqual([1, 1])
    const { released, ...others } = kept(before.undecided)
    expect(kept(moved)).toMatchObject({
      ...{ taxes: others.taxes, returns: others.returns, refused: others.refused },
      released: [5, expect.any(String)],
    })
    expect(addDecimals([moved.released.amount, left.released.amount])).toBe(released[1])
    expect(moved.taxes).toMatchObject({ bills: 1 })
    expect((await show(moved.taxes.links.lists)).rows).toMatchObject([{ id: ids[3] }])
    expect((await show(moved.returns.links.documents)).total.count).toBe(1)
    const reasons = undecided.counts.flatMap(({ reasons: own }: Answer) => own)
    expect(reasons.map(({ because, count }: Answer) => [because, count])).toEqual([
      ...[0, 1].map(() => ['no-rule', 1]),
    ])
    const { rows } = await show(`/api/v1/totals?by=zone&month=${MONTH}`)
    expect(rows.find(({ key }: Answer) => key === FIRST)).toMatchObject({ count: 5 })
    for (const id of ids.slice(0, 6))
      expect((await test.get(`/api/v1/documents/${id}`)).zone).toBe(FIRST)
    const refused = await test.get(`/api/v1/documents?zone=${FIRST}&state=rejected`)
    expect(refused.documents).toMatchObject([{ id: ids[4] }])
    await right()
  })

  it('leaves figures as of before as they were', async () => {
    const { asOf, zones, undecided } = await show(`/api/v1/zones?month=${MONTH}&asOf=${before.at}`)
    expect(asOf).toBe(before.at)
    const left = zones.find(({ code }: Answer) => code === '')
    expect(kept(left)).toEqual(kept(before.undecided))
    const counts = (of: Answer) =>
      of.flatMap(({ scope, reasons }: Answer) =>
        reasons.map(({ because, count }: Answer) => [scope, because, count]),
      )
    expect(counts(undecided.counts)).toEqual(counts(before.reasons))
    const moved = zones.find(({ code }: Answer) => code === FIRST)
    expect(kept(moved)).toMatchObject({ released: [0, '0'], refused: 0, taxes: '0' })
  })

  it('finds nothing when it is run again, and the other month on request', async () => {
    expect(await place(true)).toMatchObject({ lists: 7, moved: 0, rows: [] })
    expect(await place(true, '202609', MONTH)).toMatchObject({ lists: 8, moved: 1 })
    expect((await zoneOf('')).released.count).toBe(0)
    await right()
  })

  it('is followed by the clocks of what is under way', async () => {
    const { db } = test.app.database
    const zonesOf = async () => {
      const open = db.selectFrom('open_stage').where('document_id', '=', ids[5] ?? '')
      return (await open.select('zone').execute()).map(({ zone }) => zone)
    }
    expect(await zonesOf()).toEqual([''])
    await keepClocks(test.app.gateway.flow)
    expect(await zonesOf()).toEqual([FIRST])
  })

  it('takes settlements with their lists', async () => {
    const [there, nowhere] = [await settledIn(FIRST), await settledIn('')]
    await world.follow()
    expect([await settledIn(FIRST), await settledIn('')]).toEqual([there + 30, nowhere - 30])
  })
})

describe('a list that goes on afterwards', () => {
  it('is counted where it lies, and taken out of there', async () => {
    const { key } = numbered(6)
    await test.says('CEB621', '800', [key])
    expect((await zoneOf(FIRST)).released.count).toBe(7)
    await test.says('CEB621', '100', [key])
    expect((await zoneOf(FIRST)).released.count).toBe(6)
    const { key: plain } = numbered(1)
    await test.says('CEB621', '100', [plain])
    expect((await zoneOf(FIRST)).released.count).toBe(5)
    await right()
  })
})

describe('a run that is broken off', () => {
  it('has moved some, wrongs nothing, and is ended by another', async () => {
    await loadRules(`office,${OFFICE},${SECOND},2026-01-01,,A`)
    const asked = { from: '202609', to: MONTH, write: true }
    let moved = 0
    const broken = placeLists(test.app.gateway.flow, {
      ...asked,
      onStep: ({ done }) => {
        if (done === 32) throw new Error('broken off')
      },
    })
    await expect(broken).rejects.toThrow('broken off')
    await right()
    for (const id of ids)
      if ((await test.get(`/api/v1/documents/${id}`)).zone === SECOND) moved += 1
    expect(moved).toBeGreaterThan(0)
    expect(moved).toBeLessThan(ids.length)
    // The gateway goes on meanwhile: a list is released, another is billed.
    const { key } = numbered(6)
    const { invtNo } = numbered(2).key
    const bill = { taxNo: `${invtNo}_0`, status: '1', time: '20261015120000000' }
    await Promise.all([
      place(true, '202609', MONTH),
      test.says('CEB621', '800', [key]),
      test.tells('CEB816', [taxBill({ invtNo, ...bill })]),
    ])
    for (const id of ids) expect((await test.get(`/api/v1/documents/${id}`)).zone).toBe(SECOND)
    expect(await zoneOf(SECOND)).toMatchObject({ taxes: { bills: 2 } })
    await right()
    await loadRules(`office,${OFFICE},${FIRST},2026-01-01,,A`)
    await place(true, '202609', MONTH)
  })
})

describe('a rule that was wrong', () => {
  it('is mended for stored lists as well, by the strongest sign', async () => {
    const { areaCode } = numbered(1).list.InventoryHead
    await loadRules(`warehouse,${areaCode},${SECOND},2026-10-01,,A`)
    const { rows } = await place(true)
    expect(rows.map(({ to, by }) => [to.zone, by])).toEqual([[SECOND, 'warehouse']])
    expect((await zoneOf(SECOND)).refusals.refused).toBeGreaterThan(0)
    await right()
  })

  it('leaves lists undecided where two zones claim them, and says so', async () => {
    const { areaCode } = numbered(1).list.InventoryHead
    await loadRules(`warehouse,${areaCode},${FIRST},2026-10-02,,A`)
    const { rows } = await place(true)
    expect(rows).toMatchObject([
      {
        from: { zone: SECOND },
        ...{ to: { zone: '', because: 'several-rules' }, by: 'warehouse' },
      },
    ])
    const { undecided } = await show(`/api/v1/zones?month=${MONTH}`)
    const reasons = undecided.counts.flatMap(({ reasons: own }: Answer) => own)
    expect(reasons.map(({ because }: Answer) => because)).toContain('several-rules')
    await right()
    expect(await place(true)).toMatchObject({ moved: 0 })
  })
})
