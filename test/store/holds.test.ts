/**
 * Holds: what fits is served in order, to the last fen and never beyond, whoever else writes; what a
 * document holds follows from its state alone.
 */
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { holdFacts } from '../../src/flow/kinds.ts'
import { type Decimal, readDecimal, writeDecimal } from '../../src/kernel/decimal.ts'
import { laneOfId, seededIds } from '../../src/kernel/ids.ts'
import { connect } from '../../src/store/connect.ts'
import { changeStock, findHoldAccounts, holdAccountId } from '../../src/store/hold-accounts.ts'
import {
  dropHolds,
  leaveHolds,
  type Reservation,
  recountHolds,
  reserve,
  restoreHolds,
  settleHolds,
  wouldBeShort,
} from '../../src/store/holds.ts'
import type { Db } from '../../src/store/tables.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await testDatabase()
  db = database.db
})
afterAll(() => database.close())

const ids = seededIds('holds')
const dec = (text: string): Decimal => readDecimal(text) as Decimal

/** Accounts of a test, by letter. */
const accountOf = (test: string, letter: string) => holdAccountId('quota', test, letter)

const asking = (
  documentId: string,
  amounts: Readonly<Record<string, string>>,
  limit: string | null,
  more: Partial<Reservation> = {},
): Reservation => ({
  ...{ lane: laneOfId(documentId), documentId, isNewer: false, mayExceed: false },
  asks: Object.entries(amounts).map(([accountId, amount]) => ({
    ...{ accountId, sort: 'quota' as const, amount: dec(amount) },
    limit: limit === null ? null : dec(limit),
  })),
  ...more,
})

const take = (...reservations: readonly Reservation[]) =>
  inTransaction(db, (trx) => reserve(trx, reservations)).then(({ shortages }) =>
    shortages.map(({ documentId, asked, left }) => {
      const index = reservations.findIndex((one) => one.documentId === documentId)
      return `${index}: ${writeDecimal(asked)} of ${writeDecimal(left)}`
    }),
  )

const standing = async (accountId: string) => {
  const found = (await findHoldAccounts(db, [accountId])).get(accountId)
  return found && `${writeDecimal(found.reserved)} + ${writeDecimal(found.committed)}`
}

/** Where a document stands, as evidence would have left it. */
const put = async (id: string, state: string) => {
  await sql`
    insert into document_state (lane, id, kind, sender_id, number, owner, created_at, version, guid,
      app_time, state, rank, updated_at)
    values (${laneOfId(id)}, ${id}, 'CEB621', 'E', ${id}, '', now(), 1, '', '', ${state}, 0, now())
    on conflict (lane, id) do update set state = excluded.state`.execute(db)
  return inTransaction(db, (trx) =>
    settleHolds(trx, holdFacts, [{ lane: laneOfId(id), id, kind: 'CEB621' }]),
  )
}

it('serves a batch in its order, to the last fen, and tells each of the others what is left', async () => {
  const a = accountOf('order', 'a')
  const docs = Array.from({ length: 5 }, () => ids.next())
  const told = await take(
    ...['20000', '6000.01', '6000', '0.01', '0'].map((amount, i) =>
      asking(docs[i] ?? '', { [a]: amount }, '26000'),
    ),
  )
  expect(told).toEqual(['1: 6000.01 of 6000', '3: 0.01 of 0'])
  expect(await standing(a)).toBe('26000 + 0')
})

it('gives a document all its accounts or none', async () => {
  const [a, b] = [accountOf('all', 'a'), accountOf('all', 'b')]
  const [one, two, three] = [ids.next(), ids.next(), ids.next()]
  expect(
    await take(
      asking(one, { [a]: '4', [b]: '10' }, '10'),
      asking(two, { [a]: '4', [b]: '1' }, '10'),
      asking(three, { [a]: '6' }, '10'),
    ),
  ).toEqual(['1: 1 of 0'])
  expect([await standing(a), await standing(b)]).toEqual(['10 + 0', '10 + 0'])
})

it('takes only the difference of a newer version; one that does not fit keeps what it held', async () => {
  const [a, b] = [accountOf('newer', 'a'), accountOf('newer', 'b')]
  const [one, two] = [ids.next(), ids.next()]
  const newer = { isNewer: true }
  await take(asking(one, { [a]: '8' }, '10'), asking(two, { [a]: '2' }, '10'))
  expect(await take(asking(one, { [a]: '8.01' }, '10', newer))).toEqual(['0: 8.01 of 8'])
  expect(await standing(a)).toBe('10 + 0')
  expect(await take(asking(one, { [a]: '7', [b]: '1' }, '10', newer))).toEqual([])
  expect([await standing(a), await standing(b)]).toEqual(['9 + 0', '1 + 0'])
  // What is asked for no more is free again, and less always fits.
  expect(await take(asking(one, { [a]: '6' }, '5', newer))).toEqual([])
  expect([await standing(a), await standing(b)]).toEqual(['8 + 0', '0 + 0'])
})

it('frees what a newer version asks for no more only when that version is taken', async () => {
  const [a, b] = [accountOf('moved', 'a'), accountOf('moved', 'b')]
  const [one, two, three] = [ids.next(), ids.next(), ids.next()]
  const newer = { isNewer: true }
  await take(asking(one, { [a]: '8' }, '10'))
  expect(
    await take(asking(one, { [b]: '11' }, '10', newer), asking(two, { [a]: '5' }, '10')),
  ).toEqual(['0: 11 of 10', '1: 5 of 2'])
  expect([await standing(a), await standing(b)]).toEqual(['8 + 0', '0 + 0'])
  // Taken, it makes room for whoever comes after it, in a preview as well.
  const moved = asking(one, { [b]: '9' }, '10', newer)
  const batch = [moved, asking(two, { [a]: '10' }, '10'), asking(three, { [b]: '2' }, '10')]
  const looked = await wouldBeShort(db, batch)
  expect(looked.map(({ documentId }) => documentId)).toEqual([three])
  expect(await take(...batch)).toEqual(['2: 2 of 1'])
  expect([await standing(a), await standing(b)]).toEqual(['10 + 0', '9 + 0'])
})

it('holds what may exceed, tells it, and is bound by nothing where nobody says a limit', async () => {
  const [a, b] = [accountOf('exceed', 'a'), accountOf('exceed', 'b')]
  expect(await take(asking(ids.next(), { [a]: '12' }, '10', { mayExceed: true }))).toEqual([
    '0: 12 of 10',
  ])
  expect(await standing(a)).toBe('12 + 0')
  expect(await take(asking(ids.next(), { [a]: '1' }, '10'))).toEqual(['0: 1 of 0'])
  expect(await take(asking(ids.next(), { [b]: '1000000' }, null))).toEqual([])
})

it('is bound by a stock of its own, which can be added to', async () => {
  const item = holdAccountId('stock', 'item')
  const add = (by: string) =>
    inTransaction(db, (trx) => changeStock(trx, [{ accountId: item, by: dec(by) }]))
  await add('5')
  await add('2.5')
  const ask = (amount: string) => asking(ids.next(), { [item]: amount }, null)
  expect(await take(ask('7.5'), ask('0.00001'))).toEqual(['1: 0.00001 of 0'])
  expect(writeDecimal((await add('-1')).get(item)?.stock ?? dec('0'))).toBe('6.5')
})

it('follows the state: reserved, used up, free, used up again when customs says so later', async () => {
  const a = accountOf('state', 'a')
  const id = ids.next()
  await take(asking(id, { [a]: '100' }, '100'))
  const after = async (state: string) => {
    await put(id, state)
    return standing(a)
  }
  expect(await after('sent')).toBe('100 + 0')
  expect(await after('rejected')).toBe('0 + 0')
  expect(await after('released')).toBe('0 + 100')
  expect(await after('closed')).toBe('0 + 100')
  expect(await after('cancelled')).toBe('0 + 0')
  expect(await after('stored')).toBe('100 + 0')
})

it('lets a document that is to be deleted hold on until customs has taken that', async () => {
  const a = accountOf('leave', 'a')
  const id = ids.next()
  await take(asking(id, { [a]: '100' }, '100'))
  await put(id, 'stored')
  await inTransaction(db, (trx) => leaveHolds(trx, [{ lane: laneOfId(id), documentId: id }]))
  await put(id, 'sent')
  expect(await standing(a)).toBe('100 + 0')
  await put(id, 'stored')
  expect(await standing(a)).toBe('0 + 0')
  // It had been released before the deletion came: nothing was deleted.
  await put(id, 'released')
  expect(await standing(a)).toBe('0 + 100')
})

const AMOUNTS = fc.integer({ min: 0, max: 900_000 }).map((fen) => `${fen / 100}`)
const STATES = [
  'sent',
  'stored',
  'held',
  'rejected',
  'cancelled',
  'released',
  'closed',
  'sent-back',
]
const DONE = ['released', 'closed']
const REFUSED = ['rejected', 'cancelled', 'sent-back']

it('keeps every account the sum of its documents, whatever happens to them in any order', async () => {
  let run = 0
  const step = fc.oneof(
    fc.record({ what: fc.constant('reserve' as const), doc: fc.nat(5), amount: AMOUNTS }),
    fc.record({
      what: fc.constant('state' as const),
      doc: fc.nat(5),
      state: fc.constantFrom(...STATES),
    }),
    fc.record({ what: fc.constant('restore' as const), doc: fc.nat(5), amount: AMOUNTS }),
    fc.record({ what: fc.constant('drop' as const), doc: fc.nat(5) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      run += 1
      const a = accountOf(`sum ${run}`, 'a')
      const docs = Array.from({ length: 6 }, () => ids.next())
      const model = new Map<number, { asked: bigint; restored: bigint; state: string }>()
      const sumOf = (part: 'reserved' | 'committed') =>
        [...model.values()].reduce((sum, { asked, restored, state }) => {
          if (part === 'committed') return DONE.includes(state) ? sum + asked - restored : sum
          return DONE.includes(state) || REFUSED.includes(state) ? sum : sum + asked
        }, 0n)
      for (const { doc, ...one } of steps) {
        const documentId = docs[doc] ?? ''
        const held = model.get(doc)
        const key = { lane: laneOfId(documentId), documentId }
        if (one.what === 'reserve') {
          if (held !== undefined && DONE.includes(held.state)) continue
          const own =
            held === undefined || REFUSED.includes(held.state) ? 0n : (held.asked as bigint)
          const others = sumOf('reserved') + sumOf('committed') - own
          const fits = dec(one.amount) <= own || others + dec(one.amount) <= dec('26000')
          const told = await take(
            asking(documentId, { [a]: one.amount }, '26000', { isNewer: true }),
          )
          expect(told).toHaveLength(fits ? 0 : 1)
          if (!fits) continue
          model.set(doc, { asked: dec(one.amount), restored: 0n, state: 'ready' })
          await put(documentId, 'ready')
        } else if (held === undefined) continue
        else if (one.what === 'state') {
          held.state = one.state
          await put(documentId, one.state)
        } else if (one.what === 'restore') {
          const amount = dec(one.amount)
          held.restored = amount < held.asked ? amount : held.asked
          await inTransaction(db, (trx) => restoreHolds(trx, [{ ...key, accountId: a, amount }]))
          await put(documentId, held.state)
        } else {
          model.delete(doc)
          await inTransaction(db, (trx) => dropHolds(trx, [key]))
        }
      }
      const found = (await findHoldAccounts(db, [a])).get(a)
      expect(found?.reserved ?? 0n).toBe(sumOf('reserved'))
      expect(found?.committed ?? 0n).toBe(sumOf('committed'))
    }),
    { numRuns: 25 },
  )
  expect(await inTransaction(db, (trx) => recountHolds(trx, holdFacts))).toBe(0)
})

it('never goes beyond, with many writers at once and accounts in any order', async () => {
  const accounts = Array.from({ length: 8 }, (_, i) => accountOf('crowd', String(i)))
  // Enough for some to be refused.
  const [writers, limit] = database.embedded ? [40, '1500'] : [200, '26000']
  const others = Array.from({ length: database.embedded ? 1 : 8 }, () =>
    connect(database.connection),
  )
  try {
    const taken = await Promise.all(
      Array.from({ length: writers }, async (_, n) => {
        const pool = others[n % others.length]?.db ?? db
        const reservations = [n, n * 3 + 1, n * 5 + 2].map((k, i) => {
          const own = { [accounts[k % 8] ?? '']: `${(((n + 1) * (i + 7)) % 900) + 0.37}` }
          return asking(ids.next(), own, limit)
        })
        const { shortages } = await inTransaction(pool, (trx) => reserve(trx, reservations))
        const short = new Set(shortages.map(({ documentId }) => documentId))
        return reservations.filter(({ documentId }) => !short.has(documentId))
      }),
    )
    for (const account of accounts) {
      const sum = taken
        .flat()
        .flatMap(({ asks }) => asks)
        .filter(({ accountId }) => accountId === account)
        .reduce((total, { amount }) => total + amount, 0n)
      const found = (await findHoldAccounts(db, [account])).get(account)
      expect(found?.reserved).toBe(sum)
      expect(sum <= dec(limit)).toBe(true)
    }
    expect(taken.flat().length).toBeLessThan(3 * writers)
  } finally {
    await Promise.all(others.map((other) => other.close()))
  }
  expect(await inTransaction(db, (trx) => recountHolds(trx, holdFacts))).toBe(0)
})
