/** Sealing while others write: what was shown as of a moment is never added to afterwards. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { laneOfId } from '../../src/kernel/ids.ts'
import { connect } from '../../src/store/connect.ts'
import { sealLedger } from '../../src/store/ledger.ts'
import { correctSums, countWrongSums, findLedgerMonths } from '../../src/store/ledger-checks.ts'
import { correctEntries } from '../../src/store/ledger-corrections.ts'
import { foldSums } from '../../src/store/ledger-folds.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { append, entryOf } from '../support/ledger-entries.ts'

/** Over all months; `look` counts what is wrong, and may put it right. */
const overMonths = async (look: typeof countWrongSums): Promise<number> => {
  let wrong = 0
  for (const month of await findLedgerMonths(database.db))
    wrong += await inTransaction(database.db, (trx) => look(trx, month))
  return wrong
}

const WRITERS = 4
const WRITES = 12
const SEALS = 8
const START = Date.parse('2026-10-31T15:59:50Z')

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

it('holds while writers, whose clocks differ, and foldings go on', async () => {
  const { db, close } = connect({ ...database.connection, max: WRITERS + 2 })
  const countedBy = async (at: Date): Promise<string> => {
    const found = await sql<{ count: string }>`
      select count(*) as count from ledger_entry where recorded_at <= ${at}`.execute(db)
    return found.rows[0]?.count ?? ''
  }
  try {
    const shown: { at: Date; count: string }[] = []
    const write = async (writer: number) => {
      for (let n = 0; n < WRITES; n += 1)
        // Every writer's clock is behind the seals that follow.
        await append(db, new Date(START + n * 1_000 - writer * 700), { subjectId: randomUUID() })
    }
    const seal = async () => {
      for (let n = 0; n < SEALS; n += 1) {
        const at = new Date(START + n * 1_500)
        await inTransaction(db, (trx) => sealLedger(trx, at))
        shown.push({ at, count: await countedBy(at) })
        await inTransaction(db, (trx) => foldSums(trx, 1_000))
      }
    }
    await Promise.all([...Array.from({ length: WRITERS }, (_, i) => write(i)), seal()])
    for (const { at, count } of shown) expect(await countedBy(at)).toBe(count)
    expect(await overMonths(countWrongSums)).toBe(0)
    const sums = await db
      .selectFrom('ledger_entry')
      .select((row) => row.fn.sum('count').as('count'))
      .executeTakeFirst()
    expect(Number(sums?.count)).toBe(WRITERS * WRITES)
    await sql`delete from ledger_fold where recorded < '202611'`.execute(db)
    expect(await overMonths(correctSums)).toBeGreaterThan(0)
    expect(await overMonths(countWrongSums)).toBe(0)
  } finally {
    await close()
  }
})

it('corrects a subject once, and writes nothing when told again', async () => {
  const { db } = database
  const subjectId = randomUUID()
  const { scope: _, cause: __, ...wanted } = entryOf({ subjectId, month: '202609' })
  await append(db, new Date(START), { subjectId })
  const correct = () =>
    inTransaction(db, (trx) =>
      correctEntries(
        trx,
        { cause: 'state', scope: 'released' },
        [{ lane: laneOfId(subjectId), id: subjectId }],
        [wanted],
        new Date(START),
      ),
    )
  expect(await correct()).toBe(2)
  expect(await correct()).toBe(0)
  expect(await overMonths(countWrongSums)).toBe(0)
})
