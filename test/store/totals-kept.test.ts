/**
 * Figures that are kept, of totals and of zones, are what the sums come to, however much is put together
 * and whatever becomes of rates; where they cannot be read, the sums are.
 */
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CountedRole } from '../../src/catalogue/message.ts'
import { foldLedger } from '../../src/flow/ledger-folding.ts'
import { rebuild } from '../../src/flow/totals-rebuild.ts'
import { foldSums } from '../../src/store/ledger-folds.ts'
import { seedReference } from '../../src/store/reference.ts'
import { findAddedUp, findKept, findTotals } from '../../src/store/totals.ts'
import type { TotalsAsked } from '../../src/store/totals-asked.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import {
  findActive,
  findSource,
  findSummedCells,
  type ZoneSource,
} from '../../src/store/zone-figures.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { append, type Counted } from '../support/ledger-entries.ts'

const RUNS = 6
const STEPS = 14
const NOW = new Date('2026-12-20T04:00:00Z')

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await seedReference(database.db)
})
afterAll(() => database.close())

const month = fc.constantFrom('202511', '202512', '202601', '202611', '202612')
const zone = fc.constantFrom('CQ-XY', 'CQ-LLGY', '')
const merchant = fc.constantFrom('5000000001', '5000000002', '5000000003')
const country = fc.constantFrom('116', '502')
const chapter = fc.constantFrom('33', '61')
const direction = fc.constantFrom('import' as const, 'export' as const)
const tradeMode = fc.constantFrom('1210', '9610')
const currency = fc.constantFrom('142', '502', '303')
const amount = fc.integer({ min: -9_999_999, max: 9_999_999 }).map((n) => (n / 1_000).toFixed(3))
const part = fc.record({ currency, chapter, amount })

const counted = fc.record({
  ...{ month, zone, direction, tradeMode, count: fc.constant(1 as const) },
  scope: fc.constantFrom('declared' as const, 'released' as const, 'settled' as const),
  dims: fc.record(
    {
      ...{ merchant, country, clearance: fc.constantFrom('001', '020') },
      ...{ undecided: fc.constant('no-rule'), returned: fc.constant('granted') },
    },
    { requiredKeys: [] },
  ),
  parts: fc.array(part, { minLength: 1, maxLength: 2 }),
})

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('count' as const),
      lists: fc.array(counted, { minLength: 1, maxLength: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('take-out' as const), which: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ what: fc.constant('rate' as const), month, currency: fc.constantFrom('502', '303') },
      // 0 takes it away.
      rate: fc.nat({ max: 90_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('put-together' as const), rows: fc.nat(40) }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('chore' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

const question: fc.Arbitrary<TotalsAsked> = fc.record({
  now: fc.constant(NOW),
  year: fc.constantFrom(2025, 2026),
  scopes: fc.constantFrom(
    ['released'] as const,
    ['declared'] as const,
    ['released', 'settled'] as const,
  ),
  by: fc.constantFrom(
    ...(['zone', 'trade_mode', 'month', 'direction', 'merchant', 'country', 'chapter'] as const),
  ),
  where: fc.oneof(
    fc.constant({}),
    fc.record({ zone }, { noNullPrototype: true }),
    fc.record({ zone, month }, { noNullPrototype: true }),
    fc.record(
      { month, zone, direction, trade_mode: tradeMode },
      { requiredKeys: [], noNullPrototype: true },
    ),
  ),
  of: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    fc.record({ merchant }, { noNullPrototype: true }),
    fc.record({ chapter }, { noNullPrototype: true }),
  ),
})

const negated = ({ subjectId: _, parts = [], ...entry }: Counted): Counted => ({
  ...{ ...entry, subjectId: randomUUID(), count: -1 as const },
  parts: parts.map((one) => ({ ...one, amount: String(-Number(one.amount)) })),
})

const take = async (each: Step, told: Counted[]): Promise<void> => {
  const { db } = database
  switch (each.what) {
    case 'count': {
      const entries = each.lists.map((one) => ({ ...one, subjectId: randomUUID() }))
      told.push(...entries)
      return append(db, NOW, ...entries)
    }
    case 'take-out': {
      const [gone] = told.splice(each.which % Math.max(1, told.length), 1)
      return gone && append(db, NOW, negated(gone))
    }
    case 'rate': {
      const of = `${each.month.slice(0, 4)}-${each.month.slice(4)}`
      await sql`
        delete from exchange_rate where currency = ${each.currency} and month = ${of}`.execute(db)
      if (each.rate > 0)
        await sql`
          insert into exchange_rate (currency, month, rate, announced_on, source)
          values (${each.currency}, ${of}, ${each.rate / 10_000}, '2026-01-01', 'synthetic')`.execute(
          db,
        )
      return
    }
    case 'put-together':
      await inTransaction(db, (trx) => foldSums(trx, each.rows + 1))
      return
    case 'chore':
      await foldLedger({ db })
  }
}

const MONTHS = ['202612', '202611', '202512']
const ROLES: readonly CountedRole[] = ['merchant']
const zoneFigures = async (source: ZoneSource, place?: string) => {
  const { db } = database
  const asked = { months: MONTHS, zone: place }
  const byPlace = <T extends { readonly zone: string; readonly month?: string }>(
    rows: readonly T[],
  ) => [...rows].sort((a, b) => `${a.month}${a.zone}`.localeCompare(`${b.month}${b.zone}`))
  const { clearance, returns, ...told } = await findSummedCells(db, source, asked)
  return {
    ...{ ...told, clearance: byPlace(clearance), returns: byPlace(returns) },
    active: await findActive(db, source, MONTHS, ROLES, place),
  }
}

it('are what the sums come to, whatever is told, put together, or known of rates', async () => {
  const { db } = database
  const told: Counted[] = []
  let kept = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(step, question, question), { minLength: STEPS, maxLength: STEPS }),
      async (steps) => {
        for (const [each, ...questions] of steps) {
          await take(each, told)
          for (const asked of questions) {
            const expected = await findAddedUp(db, asked)
            expect(await findTotals(db, asked)).toEqual(expected)
            const own = await findKept(db, asked)
            if (own !== undefined) {
              expect(own).toEqual(expected)
              if (own.rows.length > 0) kept += 1
            }
          }
          const isKept = (await findSource(db, MONTHS)) === 'kept'
          if (each.what === 'chore') expect(isKept).toBe(true)
          if (!isKept) continue
          for (const place of [undefined, 'CQ-XY'])
            expect(await zoneFigures('kept', place)).toEqual(await zoneFigures('sums', place))
        }
      },
    ),
    { numRuns: RUNS, seed: Number(process.env.SEED ?? 20261129), endOnFailure: true },
  )
  // Most questions are answered by what is kept, or nothing was compared.
  expect(kept).toBeGreaterThan(RUNS * 2)
}, 240_000)

const ASKED: TotalsAsked = {
  ...{ now: NOW, year: 2026, scopes: ['released'], by: 'merchant', where: {}, of: {} },
}

it('are not read while a rate is not the one they are kept at, and made anew by the chore', async () => {
  const { db } = database
  await foldLedger({ db })
  expect(await findKept(db, ASKED)).toBeDefined()
  await take({ what: 'rate', month: '202611', currency: '502', rate: 12_345 }, [])
  expect(await findKept(db, ASKED)).toBeUndefined()
  expect(await findKept(db, { ...ASKED, year: 2025 })).toBeDefined()
  const expected = await findAddedUp(db, ASKED)
  expect(await findTotals(db, ASKED)).toEqual(expected)
  await foldLedger({ db })
  expect(await findKept(db, ASKED)).toEqual(expected)
})

it('are put right by a rebuild, of a month and of a year', async () => {
  const { db } = database
  await foldLedger({ db })
  const expected = await findAddedUp(db, ASKED)
  await sql`
    update ledger_total set amount = amount + 1
    where period in ('202611', '2025') and dim = 'merchant' and zone = '*'`.execute(db)
  await sql`delete from ledger_total where period = '2026' and dim = 'country'`.execute(db)
  expect(await findKept(db, ASKED)).toBeDefined()
  const found = await rebuild({ db, clock: { now: () => NOW } })
  expect(found.sums).toBeGreaterThan(2)
  expect(await findKept(db, ASKED)).toEqual(expected)
  expect(await rebuild({ db, clock: { now: () => NOW } })).toMatchObject({ sums: 0 })
})

it('of a past moment are the same whichever end of its month they are reckoned from', async () => {
  const { db } = database
  const moments = ['02T00:00:00', '10T12:00:00', '18T12:00:00', '31T15:59:59.999'].map(
    (at) => new Date(`2026-10-${at}Z`),
  )
  let told = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(counted, { minLength: 8, maxLength: 8 }),
      fc.array(question, { minLength: 12, maxLength: 12 }),
      async (lists, questions) => {
        for (const [i, one] of lists.entries()) {
          const at = moments[i % moments.length] ?? NOW
          await append(db, at, { ...one, subjectId: randomUUID() })
        }
        for (const asOf of moments)
          for (const each of questions) {
            const [near, far] = [asOf, new Date('2027-12-31T00:00:00Z')]
            const asked = { ...each, asOf }
            // The first reckons backwards in the whole month, since nothing would lie behind it.
            const found = await findTotals(db, { ...asked, now: near })
            expect(found).toEqual(await findTotals(db, { ...asked, now: far }))
            if (found.rows.length > 0) told += 1
          }
      },
    ),
    { numRuns: 3, seed: Number(process.env.SEED ?? 20261129), endOnFailure: true },
  )
  // Else nothing was compared.
  expect(told).toBeGreaterThan(30)
}, 120_000)
