/**
 * A buyer's year: what is taken in and what is refused, to the fen; what becomes of it when customs
 * answers, in whatever order; and that counting all lists again gives the same.
 */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APP_TYPE } from '../../src/catalogue/message.ts'
import { act } from '../../src/flow/actions.ts'
import { takeDocuments } from '../../src/flow/intake.ts'
import { recountQuotas } from '../../src/flow/quota-recount.ts'
import { buyerQuota } from '../../src/flow/quota-view.ts'
import { takeReply } from '../../src/flow/receive.ts'
import { setRuleSwitches } from '../../src/store/rule-switches.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { buyerId, type ListSettings, listOf } from '../support/buyers.ts'
import { customsSays } from '../support/customs-says.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  // An office that never answers: every reply is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  const { db } = gateway.deps
  await db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
})
afterAll(() => gateway.close())

let buyers = 0
const newBuyer = (): string => {
  buyers += 1
  return buyerId(buyers)
}

let lists = 0
type Made = ReturnType<typeof makeList>
const makeList = (settings: ListSettings) => {
  lists += 1
  const list = listOf(gateway.consignment(lists).list, settings)
  const { copNo = '', agentCode } = list.InventoryHead
  return { list, copNo, agentCode, invtNo: `80122026I${String(lists).padStart(9, '0')}` }
}

/** Another version of it. */
const changed = (made: Made, settings: ListSettings, appType: string, minute: number): Made => {
  const list = listOf(made.list, settings)
  const head = {
    ...list.InventoryHead,
    ...{ appType, appTime: `202612311${String(minute).padStart(3, '0')}00` },
    guid: list.InventoryHead.guid.replace(/^.{4}/, String(minute).padStart(4, '0')),
  }
  return { ...made, list: { ...list, InventoryHead: head } }
}

interface Taken {
  readonly id: string | undefined
  readonly codes: readonly string[]
  readonly texts: readonly string[]
}

const hand = async (made: Made, dryRun = false): Promise<Taken> => {
  const handed = { kind: 'CEB621', document: made.list }
  const caller = { enterpriseId: made.agentCode }
  const answer = await takeDocuments(gateway.deps, caller, [handed], { dryRun })
  if (answer.kind !== 'taken') throw new Error(answer.kind)
  const [result] = answer.results
  const faults = (result?.faults ?? []).filter(({ code }) => code.includes('QUOTA'))
  return {
    id: result?.id,
    codes: faults.map(({ code, severity }) => `${severity} ${code}`),
    texts: faults.map(({ text }) => text.zh),
  }
}

/** Hands a list in that must be taken. */
const put = async (settings: ListSettings) => {
  const made = makeList(settings)
  const taken = await hand(made)
  if (taken.id === undefined) throw new Error(JSON.stringify(taken))
  return { ...made, id: taken.id }
}

const receiver = (agentCode: string): string =>
  gateway.cast.all.find((one) => one.customsCode === agentCode)?.dxpId ?? ''

const say = async (
  { copNo, agentCode, invtNo }: Pick<Made, 'copNo' | 'agentCode' | 'invtNo'>,
  status: string,
  time: string,
  kind = 'CEB621',
) => {
  const about = [{ copNo, agentCode, invtNo }]
  const bytes = customsSays({ kind, status, time, about, receiver: receiver(agentCode) })
  await takeReply(gateway.deps, bytes)
}

const operator = { enterpriseId: '', operator: true }
const ask = async (buyer: string, caller: Parameters<typeof buyerQuota>[1] = operator) =>
  buyerQuota(gateway.deps, caller, { buyerIdNumber: buyer })

/** `used + held, left` */
const year = async (buyer: string): Promise<string> => {
  const { committed, reserved, left } = await ask(buyer)
  return `${committed} + ${reserved}, ${left}`
}

const rows = async () =>
  (
    await sql<{ row: string }>`
      select h::text as row from hold h where h.asked <> 0 union all
      select a::text from hold_account a where a.reserved <> 0 or a.committed <> 0
      order by 1`.execute(gateway.deps.db)
  ).rows.map(({ row }) => row)

const expectSameAgain = async () => {
  const before = await rows()
  await recountQuotas(gateway.deps)
  // What was refused and then deleted holds nothing, whether a row says so or not.
  expect(await rows()).toEqual(before)
}

describe('at intake', () => {
  it('takes a list to the last fen of the year and not beyond, and tells what is left', async () => {
    const buyer = newBuyer()
    for (const value of ['4500', '5000', '5000', '5000', '5000'])
      await put({ buyer, lines: [value] })
    expect(await year(buyer)).toBe('0.00 + 24500.00, 1500.00')
    const over = await hand(makeList({ buyer, lines: ['2000'] }))
    expect(over.codes).toEqual(['error CEB621-buyerIdNumber-QUOTA_YEAR'])
    expect(over.texts[0]).toContain('剩余 1500.00 元，本清单占用 2000.00 元')
    expect(over.texts[0]).toContain('以海关为准')
    expect(over.texts.join()).not.toContain(buyer)
    expect((await hand(makeList({ buyer, lines: ['1500.01'] }))).id).toBeUndefined()
    await put({ buyer, lines: ['1000', '450'], freight: '40', insuredFee: '10' })
    expect(await year(buyer)).toBe('0.00 + 26000.00, 0.00')
    expect((await hand(makeList({ buyer, lines: ['0.01'] }))).codes).toHaveLength(1)
    expect(await year(buyer)).toBe('0.00 + 26000.00, 0.00')
  })

  it('lets one single item exceed the order, fully taxed, and nothing else', async () => {
    const buyer = newBuyer()
    const at = (lines: readonly string[], more: Partial<ListSettings> = {}) =>
      hand(makeList({ buyer, lines, ...more }))
    expect(await at(['2500', '2500'])).toMatchObject({ codes: [], id: expect.any(String) })
    expect((await at(['2600', '2600'])).codes).toEqual(['error CEB621-InventoryList-QUOTA_ORDER'])
    expect((await at(['5200'], { qty: '2' })).codes).toEqual([
      'error CEB621-InventoryList-QUOTA_ORDER',
    ])
    expect(await at(['6800'], { freight: '80', insuredFee: '20' })).toMatchObject({
      ...{ codes: ['warning CEB621-InventoryList-QUOTA_FULL_TAX'], id: expect.any(String) },
    })
    expect(await year(buyer)).toBe('0.00 + 11900.00, 14100.00')
  })

  it('asks for the year first, then for the order', async () => {
    const buyer = newBuyer()
    await put({ buyer, lines: ['24000'] })
    const told = await hand(makeList({ buyer, lines: ['3000', '3000'] }))
    expect(told.codes).toEqual([
      'error CEB621-buyerIdNumber-QUOTA_YEAR',
      'error CEB621-InventoryList-QUOTA_ORDER',
    ])
  })

  it('serves a batch in its order, and a dry run tells the same and keeps nothing', async () => {
    const buyer = newBuyer()
    const first = makeList({ buyer, lines: ['20000'] })
    const { agentCode, agentName } = first.list.InventoryHead
    const handed = ['5000', '6000', '1500', '1000'].map((value) => ({
      kind: 'CEB621',
      document: makeList({ buyer, lines: [value], head: { agentCode, agentName } }).list,
    }))
    await hand(first)
    const caller = { enterpriseId: first.agentCode }
    const told = async (dryRun: boolean) => {
      const answer = await takeDocuments(gateway.deps, caller, handed, { dryRun })
      if (answer.kind !== 'taken') throw new Error(answer.kind)
      return answer.results.map(({ faults }) => (faults ?? []).map(({ code }) => code))
    }
    const dry = await told(true)
    expect(await year(buyer)).toBe('0.00 + 20000.00, 6000.00')
    expect(await told(false)).toEqual(dry)
    expect(dry).toEqual([
      [],
      ['CEB621-buyerIdNumber-QUOTA_YEAR', 'CEB621-InventoryList-QUOTA_FULL_TAX'],
      ['CEB621-buyerIdNumber-QUOTA_YEAR'],
      [],
    ])
    expect(await year(buyer)).toBe('0.00 + 26000.00, 0.00')
  })

  it('knows a buyer by an id number with a small letter, and nobody by another mode of trade', async () => {
    const buyer = '11010519491231002X'
    await put({ buyer, lines: ['100'] })
    await put({ buyer: buyer.toLowerCase(), lines: ['200'] })
    expect(await year(buyer)).toBe('0.00 + 300.00, 25700.00')
    const other = await hand(makeList({ buyer, lines: ['50'], head: { tradeMode: '9710' } }))
    expect(other.codes).toEqual([])
    expect(await year(buyer)).toBe('0.00 + 300.00, 25700.00')
  })

  it('only warns an enterprise that chose so, and counts the list all the same', async () => {
    const buyer = newBuyer()
    const made = makeList({ buyer, lines: ['26000.01'] })
    expect((await hand(made)).id).toBeUndefined()
    const soften = (severity: 'warn' | null) =>
      inTransaction(gateway.deps.db, (trx) =>
        setRuleSwitches(trx, made.agentCode, [{ rule: 'QUOTA_YEAR', severity }], {
          ...{ setBy: null, now: gateway.clock.now() },
        }),
      )
    await soften('warn')
    expect(await hand(made)).toMatchObject({
      codes: [
        'warning CEB621-buyerIdNumber-QUOTA_YEAR',
        'warning CEB621-InventoryList-QUOTA_FULL_TAX',
      ],
      id: expect.any(String),
    })
    await soften(null)
    expect(await year(buyer)).toBe('0.00 + 26000.01, 0.00')
  })

  it('takes the difference of a change, moves with its buyer, and leaves what does not fit alone', async () => {
    const [buyer, other] = [newBuyer(), newBuyer()]
    const made = await put({ buyer, lines: ['20000'] })
    await put({ buyer, lines: ['5000'] })
    expect((await hand(changed(made, { buyer, lines: ['21000.01'] }, '2', 1))).codes[0]).toBe(
      'error CEB621-buyerIdNumber-QUOTA_YEAR',
    )
    expect(await year(buyer)).toBe('0.00 + 25000.00, 1000.00')
    expect((await hand(changed(made, { buyer, lines: ['21000'] }, '2', 2))).id).toBe(made.id)
    expect(await year(buyer)).toBe('0.00 + 26000.00, 0.00')
    expect((await hand(changed(made, { buyer: other, lines: ['9000'] }, '2', 3))).id).toBe(made.id)
    expect(await year(buyer)).toBe('0.00 + 5000.00, 21000.00')
    expect(await year(other)).toBe('0.00 + 9000.00, 17000.00')
    // The same again holds nothing twice.
    expect((await hand(changed(made, { buyer: other, lines: ['9000'] }, '2', 3))).id).toBe(made.id)
    expect(await year(other)).toBe('0.00 + 9000.00, 17000.00')
  })
})

const at = (day: string, clock = '1101'): string => `${day.replaceAll('-', '')}${clock}00000`
const TODAY = '2026-10-15'

describe('what customs says', () => {
  it('uses up what is released, gives back what is refused, and takes again what was refused too soon', async () => {
    const buyer = newBuyer()
    const [one, two] = [await put({ buyer, lines: ['100'] }), await put({ buyer, lines: ['30'] })]
    await gateway.settle()
    await say(one, '120', at(TODAY))
    await say(two, '120', at(TODAY))
    await say(one, '800', at(TODAY, '1110'))
    await say(two, '100', at(TODAY, '1110'))
    await gateway.settle()
    expect(await year(buyer)).toBe('100.00 + 0.00, 25900.00')
    await say(two, '800', at(TODAY, '1120'))
    await gateway.settle()
    expect(await year(buyer)).toBe('130.00 + 0.00, 25870.00')
  })

  it('gives back by cancellation and by deletion, seen by customs or not', async () => {
    const buyer = newBuyer()
    const [one, two, three] = [
      await put({ buyer, lines: ['100'] }),
      await put({ buyer, lines: ['30'] }),
      await put({ buyer, lines: ['5'] }),
    ]
    await hand(changed(three, { buyer, lines: ['5'] }, APP_TYPE.delete, 4))
    await gateway.settle()
    expect(await year(buyer)).toBe('0.00 + 130.00, 25870.00')
    for (const list of [one, two]) await say(list, '120', at(TODAY))
    await gateway.settle()
    gateway.clock.advance(60_000)
    const cancelled = await act(gateway.deps, { enterpriseId: one.agentCode }, 'cancel', one.id, {
      reason: '合成撤单',
    })
    if (cancelled.kind !== 'handed-in') throw new Error(JSON.stringify(cancelled))
    const copNo = Object(cancelled.document).copNo
    await hand(changed(two, { buyer, lines: ['30'] }, APP_TYPE.delete, 5))
    await gateway.settle()
    expect(await year(buyer)).toBe('0.00 + 130.00, 25870.00')
    gateway.clock.advance(60_000)
    await say({ ...one, copNo }, '399', at(TODAY, '1200'), 'CEB623')
    await say(two, '120', at(TODAY, '1200'))
    await gateway.settle()
    expect(await year(buyer)).toBe('0.00 + 0.00, 26000.00')
    await expectSameAgain()
  })
})

/** A released list of 300: two pieces of 100 on one line, one of 80 on another, and 20 of freight. */
const released = async (buyer: string, day: string) => {
  const made = makeList({ buyer, lines: ['200', '80'], freight: '20' })
  const [first, second] = made.list.InventoryList
  const goods = [{ ...first, qty: '2', price: '100' }, second]
  const taken = await hand({ ...made, list: Object({ ...made.list, InventoryList: goods }) })
  if (taken.id === undefined) throw new Error(JSON.stringify(taken))
  await gateway.settle()
  await say(made, '120', at(day))
  await say(made, '800', at(day, '1110'))
  await gateway.settle()
  return { ...made, id: taken.id }
}

const giveBack = async (
  { id, agentCode, ...list }: Made & { readonly id: string },
  lines?: readonly { readonly gnum: string; readonly qty: string }[],
) => {
  const asked = lines === undefined ? {} : { lines }
  const answer = await act(gateway.deps, { enterpriseId: agentCode }, 'return', id, {
    ...{ reason: '合成退货', force: true, ...asked },
  })
  if (answer.kind !== 'handed-in' || answer.results[0]?.id === undefined)
    throw new Error(JSON.stringify(answer))
  await gateway.settle()
  return { ...list, agentCode, copNo: String(Object(answer.document).InvtRefundHead.copNo) }
}

const DAY_MS = 86_400_000
const dayAfter = (days: number): string =>
  new Date(Date.parse(TODAY) + days * DAY_MS).toISOString().slice(0, 10)

describe('returns', () => {
  it('in time give back their share, all of it when everything went back', async () => {
    const buyer = newBuyer()
    const list = await released(buyer, TODAY)
    expect(await year(buyer)).toBe('300.00 + 0.00, 25700.00')
    const some = await giveBack(list, [{ gnum: '1', qty: '1' }])
    expect(await year(buyer)).toBe('300.00 + 0.00, 25700.00')
    await say(some, '399', at(TODAY, '1500'), 'CEB625')
    await gateway.settle()
    // 100 of 280 of goods, and as much of 300: 107.142857…
    expect(await year(buyer)).toBe('192.86 + 0.00, 25807.14')
    const rest = await giveBack(list, [
      { gnum: '1', qty: '1' },
      { gnum: '2', qty: '1' },
    ])
    await say(rest, '399', at(TODAY, '1600'), 'CEB625')
    await say(rest, '399', at(TODAY, '1600'), 'CEB625')
    await gateway.settle()
    expect(await year(buyer)).toBe('0.00 + 0.00, 26000.00')
    await expectSameAgain()
  })

  it('refused give back nothing, and those granted before the release was known wait for it', async () => {
    const buyer = newBuyer()
    const made = await put({ buyer, lines: ['70'] })
    await gateway.settle()
    await say(made, '120', at(TODAY))
    await gateway.settle()
    const back = await giveBack(made)
    await say(back, '399', at(TODAY, '1500'), 'CEB625')
    await gateway.settle()
    expect(await year(buyer)).toBe('0.00 + 70.00, 25930.00')
    await say(made, '800', at(TODAY, '1110'))
    await gateway.settle()
    expect(await year(buyer)).toBe('0.00 + 0.00, 26000.00')
    await say(back, '100', at(TODAY, '1600'), 'CEB625')
    await gateway.settle()
    expect(await year(buyer)).toBe('70.00 + 0.00, 25930.00')
    await expectSameAgain()
  })

  it('that are late give back nothing: applied for on day 31, or the goods back on day 46', async () => {
    const buyer = newBuyer()
    const lists = [
      await released(buyer, TODAY),
      await released(buyer, TODAY),
      await released(buyer, TODAY),
    ] as const
    const day30 = new Date(`${dayAfter(30)}T03:00:00Z`)
    gateway.clock.set(day30)
    const [first, second] = [await giveBack(lists[0]), await giveBack(lists[1])]
    gateway.clock.advance(DAY_MS)
    const third = await giveBack(lists[2])
    gateway.clock.set(new Date(`${dayAfter(46)}T03:00:00Z`))
    for (const [back, day] of [
      [first, 45],
      [second, 46],
      [third, 40],
    ] as const)
      await say(back, '399', at(dayAfter(day)), 'CEB625')
    await gateway.settle()
    // Only the first is in time.
    expect(await year(buyer)).toBe('600.00 + 0.00, 25400.00')
    await expectSameAgain()
  })
})

it('tells an enterprise of its own lists, and of all others the sums', async () => {
  const buyer = newBuyer()
  const own = await put({ buyer, lines: ['100'] })
  let other = await put({ buyer, lines: ['30'] })
  while (other.agentCode === own.agentCode) other = await put({ buyer, lines: ['30'] })
  const told = await ask(buyer, { enterpriseId: own.agentCode })
  const mine = told.documents.map(({ id }) => id)
  expect(mine).toContain(own.id)
  expect(mine).not.toContain(other.id)
  expect(told).toMatchObject({ year: 2026, limit: '26000.00', committed: '0.00', more: 0 })
  expect(Number(told.others.reserved)).toBeGreaterThan(0)
  const sum = told.documents.reduce((total, { reserved }) => total + Number(reserved), 0)
  expect(sum + Number(told.others.reserved)).toBe(Number(told.reserved))
  expect(JSON.stringify(told)).not.toContain(buyer)
  expect(await ask(newBuyer())).toMatchObject({ reserved: '0.00', left: '26000.00', documents: [] })
})

describe('whatever happens, in whatever order it is told', () => {
  const event = fc.oneof(
    fc.record({ what: fc.constant('hand' as const), value: fc.integer({ min: 1, max: 900_000 }) }),
    fc.record({
      ...{ what: fc.constant('change' as const), list: fc.nat(7) },
      ...{ value: fc.integer({ min: 1, max: 900_000 }), appType: fc.constantFrom('1', '2', '3') },
    }),
    fc.record({
      ...{ what: fc.constant('say' as const), list: fc.nat(7) },
      ...{ status: fc.constantFrom('120', '300', '100', '800', '899', '700'), minute: fc.nat(59) },
    }),
    fc.record({ what: fc.constant('cancel' as const), list: fc.nat(7) }),
    fc.record({ what: fc.constant('return' as const), list: fc.nat(7) }),
    fc.record({
      ...{ what: fc.constant('grant' as const), asked: fc.nat(7) },
      ...{ status: fc.constantFrom('120', '399', '100'), minute: fc.nat(59) },
    }),
    fc.record({ what: fc.constant('work' as const) }),
  )

  it('accounts equal what all lists come to when they are counted again', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 25 }), async (events) => {
        const buyer = newBuyer()
        const made: (Made & { readonly id: string })[] = []
        const asked: { readonly kind: string; readonly of: Omit<Made, 'list'> }[] = []
        let minute = 100
        for (const each of events) {
          minute += 1
          if (each.what === 'work') await gateway.settle()
          else if (each.what === 'hand') {
            const one = makeList({ buyer, lines: [`${each.value / 100}`] })
            const { id } = await hand(one)
            if (id !== undefined) made.push({ ...one, id })
          } else if (each.what === 'grant') {
            const ask = asked[each.asked % Math.max(1, asked.length)]
            const time = at(TODAY, `12${String(each.minute).padStart(2, '0')}`)
            if (ask !== undefined)
              await say({ ...ask.of, list: Object({}) } as Made, each.status, time, ask.kind)
          } else {
            const list = made[each.list % Math.max(1, made.length)]
            if (list === undefined) continue
            if (each.what === 'change')
              await hand(
                changed(list, { buyer, lines: [`${each.value / 100}`] }, each.appType, minute),
              )
            else if (each.what === 'say')
              await say(list, each.status, at(TODAY, `11${String(each.minute).padStart(2, '0')}`))
            else {
              const caller = { enterpriseId: list.agentCode }
              const request = { reason: '合成', force: true, fields: { invtNo: list.invtNo } }
              const answer = await act(gateway.deps, caller, each.what, list.id, request)
              if (answer.kind !== 'handed-in' || answer.results[0]?.id === undefined) continue
              const document = Object(answer.document)
              const { copNo } = document.InvtRefundHead ?? document
              const kind = each.what === 'cancel' ? 'CEB623' : 'CEB625'
              asked.push({ kind, of: { ...list, copNo } })
            }
          }
        }
        await gateway.settle()
        const told = await ask(buyer)
        const sum = (part: 'committed' | 'reserved') =>
          told.documents.reduce((total, document) => total + Number(document[part]), 0).toFixed(2)
        expect([sum('committed'), sum('reserved')]).toEqual([told.committed, told.reserved])
        for (const { restored, committed, reserved, value } of told.documents) {
          if (committed !== '0.00') seen.add('used up')
          if (reserved !== '0.00') seen.add('reserved')
          if (restored === value) seen.add('returned')
          if (Number(committed) + Number(reserved) === 0) seen.add('free')
        }
        await expectSameAgain()
      }),
      { numRuns: 25, seed: Number(process.env.SEED ?? 20261128) },
    )
    expect([...seen].sort()).toEqual(['free', 'reserved', 'returned', 'used up'])
  })
})

it('begins anew with the calendar year in China', async () => {
  const buyer = newBuyer()
  gateway.clock.set(new Date('2026-12-31T15:59:59Z'))
  await put({ buyer, lines: ['26000'] })
  expect((await hand(makeList({ buyer, lines: ['1'] }))).id).toBeUndefined()
  gateway.clock.set(new Date('2026-12-31T16:00:00Z'))
  await put({ buyer, lines: ['25999'] })
  expect(await ask(buyer)).toMatchObject({ year: 2027, reserved: '25999.00', left: '1.00' })
  const last = await buyerQuota(gateway.deps, operator, { buyerIdNumber: buyer, year: 2026 })
  expect(last).toMatchObject({ limit: '26000.00', reserved: '26000.00', left: '0.00' })
  await expectSameAgain()
})
