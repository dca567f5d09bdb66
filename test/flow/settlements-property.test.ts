/**
 * Whatever is declared, released, amended, cancelled, returned, settled, refunded, withdrawn and
 * restated, in whatever order it arrives: what settlements come to equals a recount of what was handed
 * in, to the fen; and figures as of a moment stay what they were when they were shown.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldLedger } from '../../src/flow/ledger-folding.ts'
import { followSettlements } from '../../src/flow/settlements-follow.ts'
import { checkSettlements, foldSettlements } from '../../src/flow/settlements-kept.ts'
import { openItems, settlementTotals } from '../../src/flow/settlements-totals.ts'
import { type TotalsQuery, totals } from '../../src/flow/totals.ts'
import { checkTotals } from '../../src/flow/totals-rebuild.ts'
import { grouped } from '../../src/kernel/grouped.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import {
  isTooMuch,
  type ListNow,
  listsNow,
  type Matches,
  type OpenSum,
  openLinesNow,
  openListsNow,
  paidOf,
  type Sum,
  settledNow,
  sidesOf,
  suitingOf,
  tiedNow,
  wrongLines,
} from '../support/settlements-recount.ts'
import { SHOWN_YEAR, settlementsShown } from '../support/settlements-shown.ts'
import { type Asked, type Slot, settlementWorld, type World } from '../support/settlements-world.ts'
import { recount, type Sums, units } from '../support/totals-recount.ts'

const RUNS = 8
const EVENTS_MAX = 50
const SEED = Number(process.env.SEED ?? 20261128)
const HOUR_MS = 3_600_000
const MONTHS = ['202608', '202609', '202610', '202611', '202612']

let gateway: TestGateway
let world: World
beforeAll(async () => {
  // An office that never answers: every reply is told by the test.
  gateway = await testGateway({ fault: () => ({ kind: 'sent' }) })
  await gateway.deps.db.updateTable('enterprise').set({ waits_for_companions: false }).execute()
  world = settlementWorld(gateway)
})
afterAll(() => gateway.close())

const slot = fc.nat({ max: 3 })
/** The two that share an order are to be released, and settled, together now and then. */
const shared = fc.constantFrom(0, 0, 1, 2, 3, 3)
const which = fc.nat({ max: 4 })
const fen = fc.integer({ min: 100, max: 30_000 })
const currency = fc.constantFrom('142', '142', '502')
/** Office 8013 is in a zone, 8012 in none. */
const office = fc.constantFrom('8013', '8012')
const ago = fc.nat({ max: 25 })
/** Of value dates, which lie before the clock starts; and of rates, before and after. */
const month = fc.constantFrom('202608', '202609', '202610')
const rateMonth = fc.constantFrom('202609', '202610', '202611', '202612')
const by = fc.constantFrom('order', 'order', 'list', 'own')
/** Of what the list was worth at first, in tenths. */
const tenths = fc.constantFrom(1, 3, 5, 7, 10, 10, 10, 11)
const as = <T extends string>(what: T) => fc.constant(what)
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: as('put'), slot, fen, currency }) },
  {
    weight: 8,
    arbitrary: fc.record({
      ...{ what: as('say'), ago },
      slot: shared,
      // Half of what is said comes before release: what is settled then is reserved.
      status: fc.constantFrom(
        ...['120', '120', '300', '300', '120', '100', '700'],
        ...['800', '800', '800', '800', '899'],
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: as('change'), slot, fen, currency, office }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ what: as('act'), slot, ago },
      verb: fc.constantFrom('cancel' as const, 'return' as const, 'return' as const),
      status: fc.constantFrom('399', '399', '100'),
      qty: fc.constantFrom('1', '2', '3'),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      ...{ what: as('settle'), slot: shared, by, tenths, month, currency },
      more: fc.option(fc.record({ slot, by, tenths }), { freq: 3 }),
      costs: fc.constantFrom(0, 0, 7),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: as('alter'), which, tenths, month }) },
  { weight: 5, arbitrary: fc.record({ what: as('refund'), which, tenths, month }) },
  { weight: 1, arbitrary: fc.record({ what: as('restore'), which }) },
  { weight: 2, arbitrary: fc.record({ what: as('withdraw'), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ what: as('rate'), month: rateMonth },
      rate: fc.integer({ min: 66_000, max: 74_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: as('follow') }) },
  { weight: 2, arbitrary: fc.record({ what: as('work') }) },
  { weight: 2, arbitrary: fc.record({ what: as('look') }) },
)
type Happening = typeof event extends fc.Arbitrary<infer T> ? T : never

/** Slots and records of one run; those of runs before are counted on, and left alone. */
interface Run {
  readonly slots: readonly Slot[]
  readonly numbers: string[]
  readonly looks: Look[]
}

const startRun = (looks: Look[]): Run => {
  const first = world.open('CEB603', 0)
  const slots = [first, world.open('CEB603', 1), world.open('CEB621', 0)]
  return { slots: [...slots, world.open('CEB603', 0, first)], numbers: [], looks }
}

const operator = { enterpriseId: '', operator: true } as const

// ---- what happens --------------------------------------------------------------------------------

const met = new Map<string, number>()
const meet = (what: string): void => {
  met.set(what, (met.get(what) ?? 0) + 1)
}

const happen = async (run: Run, each: Happening): Promise<void> => {
  const at = (n: number): Slot => run.slots[n] ?? never()
  switch (each.what) {
    case 'put':
      return world.put(at(each.slot), each.fen, each.currency)
    case 'say':
      // Customs has heard of it: at the latest by now it was handed in.
      await world.put(at(each.slot), 5_000, '142')
      return world.say(at(each.slot), each.status, each.ago)
    case 'change':
      return world.change(at(each.slot), each.fen, each.currency, each.office)
    case 'act':
      return world.ask(at(each.slot), each.verb, each)
    case 'rate':
      // The second time it is corrected.
      return world.tellRate(each.month, each.rate)
    case 'follow':
      await followSettlements(gateway.deps)
      // What comes next is added to sums that were put together.
      await foldSettlements(gateway.deps)
      return meetReasons(await matchesNow())
    case 'work':
      return gateway.settle()
    case 'look':
      run.looks.push(await look())
      return
    case 'settle':
      return settle(run, each)
    default:
      return again(run, each)
  }
}

const never = (): never => {
  throw new Error('not there')
}

const centsOf = ({ held }: Slot, of: number, money: string): bigint => {
  const [line] = held?.versions[0]?.InventoryList ?? []
  const whole = line === undefined ? 1_000n : units(line.totalPrice) / 1_000n
  const yuan = line?.currency === '502' && money === '142' ? (whole * 71n) / 10n : whole
  const own = line?.currency !== '502' && money === '502' ? (yuan * 10n) / 71n : yuan
  const cents = (own * BigInt(of)) / 10n
  return cents > 0n ? cents : 1n
}

const settle = async (run: Run, each: Happening & { what: 'settle' }): Promise<void> => {
  const of = run.slots[each.slot] ?? never()
  const also = each.more === null ? undefined : run.slots[each.more.slot]
  const lines = [
    { slot: of, by: each.by as 'order', cents: centsOf(of, each.tenths, each.currency) },
    ...(each.more === null || also === undefined || isSameName(of, each.by, also, each.more.by)
      ? []
      : [
          {
            ...{ slot: also, by: each.more.by as 'order' },
            cents: centsOf(also, each.more.tenths, each.currency),
          },
        ]),
  ]
  const number = `PS${String(world.records.size + run.numbers.length).padStart(6, '0')}`
  const inward = of.direction === 'export'
  const isDollar = each.currency === '502'
  await take(run, {
    ...{ number, nature: '1', of: undefined, seller: of.seller, month: each.month, lines },
    currency: isDollar ? '502' : '142',
    direction: inward ? (isDollar ? '1' : '3') : isDollar ? '2' : '4',
    costs: each.costs === 0 ? 0n : 1n,
  })
}

const isSameName = (a: Slot, byA: string, b: Slot, byB: string): boolean =>
  byA === byB && (byA === 'order' ? a.orderNo === b.orderNo : a.n === b.n)

/** Codes that a record may be refused with here, the others being a fault of this test. */
const REFUSALS = [
  ...['amount-OVER', 'amount-SETTLED_BEFORE', 'amount-REFUND_OVER', 'number-REFUNDED'],
  ...['reference-UNKNOWN', 'net-NEGATIVE', 'version-WRONG'],
]

const take = async (run: Run, asked: Asked): Promise<void> => {
  const faults = await world.settle(asked)
  if (faults.length === 0) {
    if (!run.numbers.includes(asked.number)) run.numbers.push(asked.number)
    meet(`taken ${asked.nature}`)
    return
  }
  for (const { code, severity } of faults) {
    if (severity !== 'error') continue
    expect(REFUSALS.map((what) => `SETTLEMENT-${what}`)).toContain(code)
    meet(code)
  }
  const isOver = faults.some(({ code }) => /amount-(OVER|SETTLED_BEFORE)$/.test(code))
  // Nothing was changed by what was refused.
  if (isOver && asked.nature === '1')
    expect(goesBeyond(await listsNow(world), await matchesNow(), asked)).toBe(true)
}

/** Whether a record would settle one of its lists beyond its value, by the recount. */
const goesBeyond = (lists: readonly ListNow[], matches: Matches, asked: Asked): boolean => {
  const own = world.records.get(asked.number)
  const others: Matches = new Map([...matches].filter(([id]) => id !== own?.id))
  return lists.some((list) => {
    const wanted = asked.lines
      .filter((line) => suitingOf(lists, asked, line).includes(list))
      .map(({ cents }) => ({ currency: asked.currency, amount: cents * 1_000n }))
    const sides = sidesOf(world, list, [...paidOf(world, others, list.id), ...wanted])
    return wanted.length > 0 && sides !== undefined && isTooMuch(sides)
  })
}

/** What comes to a record that is there: a change, a refund, a restored flow, a withdrawal. */
const again = async (
  run: Run,
  each: Happening & { what: 'alter' | 'refund' | 'restore' | 'withdraw' },
): Promise<void> => {
  const number = run.numbers[each.which % Math.max(1, run.numbers.length)]
  const record = number === undefined ? undefined : world.records.get(number)
  if (record === undefined) return
  if (each.what === 'withdraw') {
    if (record.state === 'withdrawn') return
    const faults = await world.withdraw(record)
    for (const { code } of faults) meet(`withdrawal ${code}`)
    return
  }
  const other = `PS${String(world.records.size + run.numbers.length).padStart(6, '0')}`
  const of = { nature: '3' as const, of: record.number, number: other, costs: 0n }
  const part = (tenths: number) =>
    record.lines.map((line) => {
      const cents = (line.cents * BigInt(tenths)) / 10n
      return { ...line, cents: cents > 0n ? cents : 1n }
    })
  if (each.what === 'restore') {
    if (record.nature === '1') await take(run, { ...record, ...of, nature: '2' })
  } else if (each.what === 'refund')
    await take(run, { ...record, ...of, month: each.month, lines: part(each.tenths).slice(0, 1) })
  else await take(run, { ...record, month: each.month, lines: part(each.tenths) })
}

// ---- what is shown -------------------------------------------------------------------------------

const matchesNow = async (): Promise<Matches> => {
  const rows = await gateway.deps.db
    .selectFrom('settlement_line')
    .select(['settlement_id as id', 'list_id as listId', 'reserved_id as reservedId', 'reason'])
    .orderBy('settlement_id')
    .orderBy('position')
    .execute()
  return grouped(rows, ({ id }) => id)
}

const QUERIES: readonly Partial<TotalsQuery>[] = [
  ...(['zone', 'month', 'direction', 'mode', 'institution'] as const).map((by) => ({
    ...{ scope: 'settled' as const, by },
  })),
  ...[{ scope: 'policy' as const, by: 'zone' as const }],
  ...[{ scope: 'released' as const, by: 'enterprise' as const }],
]

const shown = (query: Partial<TotalsQuery>) =>
  totals(gateway.deps, { year: 2026, by: 'month', ...query })

const told = async (asOf?: Date) => {
  const answers: { readonly provisional: boolean }[] = []
  for (const query of QUERIES) answers.push(await shown({ ...query, asOf }))
  return [...answers, ...(await settlementsShown(gateway.deps, asOf))]
}

interface Look {
  readonly asOf: Date
  readonly told: Awaited<ReturnType<typeof told>>
}

/** What is shown now and as of now is the same, and stays. */
const look = async (): Promise<Look> => {
  const asOf = gateway.clock.now()
  const live = await told()
  const seen = await told(asOf)
  expect(seen).toEqual(live.map((answer) => ({ ...answer, provisional: false })))
  gateway.clock.advance(1_000)
  return { asOf, told: seen }
}

const signed = (amount: string): bigint =>
  amount.startsWith('-') ? -units(amount.slice(1)) : units(amount)

const PLACES = { month: 0, direction: 1, zone: 2, mode: 3 } as const

const WITHIN = [
  {},
  ...MONTHS.map((each) => ({ month: each })),
  ...(['import', 'export'] as const).map((direction) => ({ direction })),
]

/** Settled totals by every column, alone and within a month and a direction. */
const expectSettled = async (sums: ReadonlyMap<string, Sum>): Promise<void> => {
  for (const by of ['month', 'direction', 'zone', 'mode'] as const)
    for (const query of by === 'zone' ? WITHIN : [{}]) {
      const wanted = new Map<string, Sum>()
      for (const [name, { count, amount }] of sums) {
        const parts = name.split(' ')
        const isAsked = Object.entries(query).every(
          ([column, value]) => parts[PLACES[column as 'month']] === value,
        )
        if (!isAsked) continue
        const key = parts[PLACES[by]] ?? ''
        const held = wanted.get(key) ?? { count: 0, amount: 0n }
        wanted.set(key, { count: held.count + count, amount: held.amount + amount })
      }
      const { rows } = await shown({ scope: 'settled', by, ...query })
      const found = rows.map(({ key, count, amount }) => [key, { count, amount: signed(amount) }])
      const is = new Map(found as [string, Sum][])
      expect({ by, query, rows: [...is].sort() }).toEqual({
        ...{ by, query },
        rows: [...wanted].filter(([, one]) => one.count !== 0 || one.amount !== 0n).sort(),
      })
    }
}

/** Every scope by month: what lists come to, what settlements come to, and both. */
const expectThreeWays = async (sums: ReadonlyMap<string, Sum>): Promise<void> => {
  const lists = world.slots.flatMap(({ held }) => held ?? [])
  const counted = await recount(gateway.deps, { lists, returns: world.returns, settled: [] })
  for (const scope of ['declared', 'released', 'settled', 'policy'] as const)
    for (const at of MONTHS) {
      const of = scope === 'policy' ? 'released' : scope
      const trade = scope === 'settled' ? undefined : counted.get(of)
      const money = [...sums].filter(([name]) => name.startsWith(at))
      const paid = scope === 'settled' || scope === 'policy' ? money : []
      const found = await shown({ scope, month: at })
      const { count, amount } = found.total
      expect({ scope, at, count, amount: signed(amount) }).toEqual({
        ...{ scope, at },
        ...yuanOf(
          trade,
          paid.map(([, one]) => one),
          at,
        ),
      })
    }
}

/** CNY, half up; what has no rate is left out. */
const yuanOf = (trade: Sums | undefined, paid: readonly Sum[], at: string): Sum => {
  let scaled = paid.reduce((sum, { amount }) => sum + amount * 10_000n, 0n)
  let count = paid.reduce((sum, one) => sum + one.count, 0)
  for (const [key, one] of trade ?? []) {
    const [of, money] = key.split(' ')
    if (of !== at) continue
    count += one.count
    scaled += one.amount * (money === '142' ? 10_000n : (world.rates.get(key) ?? 0n))
  }
  const doubled = 2n * scaled + 10_000n
  return { count, amount: doubled / 20_000n - (doubled < 0n && doubled % 20_000n !== 0n ? 1n : 0n) }
}

const expectTied = async (matches: Matches): Promise<void> => {
  const { rows, legs, ties, pending } = await settlementTotals(
    gateway.deps,
    operator,
    SHOWN_YEAR,
    true,
  )
  expect({ pending, off: legs.filter(({ difference }) => difference !== '0') }).toEqual({
    ...{ pending: expect.any(Number), off: [] },
  })
  expect(ties).toBe(true)
  const found = rows.map((row) => [
    `${row.month} ${row.direction} ${row.currency}`,
    {
      ...{ gross: signed(row.gross), costs: signed(row.costs), net: signed(row.net) },
      ...{ rmb: signed(row.rmb), matched: signed(row.matched ?? '') },
      ...{ over: signed(row.over ?? ''), counted: signed(row.counted) },
    },
  ])
  expect(new Map(found as [string, object][])).toEqual(tiedNow(world, matches))
}

const expectOpen = async (lists: readonly ListNow[], matches: Matches): Promise<void> => {
  const found = await openItems(gateway.deps, operator, { of: 'lists' })
  const summed = (groups: typeof found.lists) => {
    const sums = new Map<string, OpenSum>()
    for (const { currency: money, count, amount, withoutRate } of groups ?? []) {
      const held = sums.get(money) ?? { count: 0, amount: 0n, withoutRate: 0 }
      sums.set(money, {
        ...{ count: held.count + count, amount: held.amount + signed(amount) },
        withoutRate: held.withoutRate + withoutRate,
      })
    }
    return sums
  }
  expect(summed(found.lists)).toEqual(openListsNow(world, lists, matches))
  expect(summed(found.lines)).toEqual(openLinesNow(world, matches))
}

const expectRecounted = async (): Promise<void> => {
  // Rates that came late are looked for by the hour.
  for (let round = 0; round < 2; round += 1) {
    gateway.clock.advance(2 * HOUR_MS)
    await followSettlements(gateway.deps)
  }
  const [lists, matches] = [await listsNow(world), await matchesNow()]
  expect(wrongLines(world, lists, matches)).toEqual([])
  const sums = settledNow(world, lists, matches)
  await expectSettled(sums)
  await expectThreeWays(sums)
  await expectTied(matches)
  await expectOpen(lists, matches)
  meetReasons(matches)
}

const meetReasons = (matches: Matches): void => {
  for (const lines of matches.values())
    for (const { listId, reason } of lines) meet(reason ?? (listId === null ? 'none' : 'matched'))
}

/** What a run of all must have met with; another seed may miss some. */
const SEEN = [
  ...[
    'matched',
    'unknown',
    'unreleased',
    'rate',
    'over',
    'original',
    'taken 1',
    'taken 2',
    'taken 3',
  ],
  ...['SETTLEMENT-amount-REFUND_OVER', 'SETTLEMENT-number-REFUNDED'],
]

describe('whatever is settled, in whatever order it arrives', () => {
  it('equals a recount, and figures as of a moment stay', async () => {
    const looks: Look[] = []
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: EVENTS_MAX / 2, maxLength: EVENTS_MAX, size: 'max' }),
        async (events) => {
          const run = startRun(looks)
          for (const each of events) {
            // Two months in all.
            gateway.clock.advance(5 * HOUR_MS)
            await happen(run, each)
          }
          await gateway.settle()
          await expectRecounted()
          expect(await checkTotals(gateway.deps)).toMatchObject({ corrected: 0, sums: 0 })
          expect(await checkSettlements(gateway.deps.db)).toBe(0)
        },
      ),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    )
    looks.push(await look())
    await foldLedger(gateway.deps)
    expect(looks.length).toBeGreaterThan(1)
    for (const { asOf, told: before } of looks) expect(await told(asOf)).toEqual(before)
    if (process.env.SEED === undefined)
      expect([...met.keys()]).toEqual(expect.arrayContaining(SEEN))
  }, 480_000)
})
