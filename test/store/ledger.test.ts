/** The ledger: entries and their sums in one transaction, and a seal behind which nothing is written. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendEntries, type LedgerEntry, sealLedger } from '../../src/store/ledger.ts'
import { inTransaction } from '../../src/store/transaction.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const NOW = new Date('2026-10-31T15:59:59.500Z')
const entry: LedgerEntry = {
  ...{ lane: 7, subjectId: '0b2c9f7e-0000-4000-8000-000000000001' },
  ...{ scope: 'released', cause: 'state', month: '202610', direction: 'import' },
  ...{ zone: 'CQ-XY', tradeMode: '1210', count: 1 },
  dims: { merchant: '5000000001', country: '116' },
  parts: [
    { currency: '142', chapter: '33', amount: '12.50' },
    { currency: '142', chapter: '33', amount: '0.50' },
    { currency: '502', chapter: '85', amount: '1.00000' },
  ],
}

describe('the ledger', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.close())

  it('adds every entry up by what it counts by, the document once', async () => {
    const taken = { ...entry, count: -1 as const, month: '202609', parts: entry.parts.slice(2) }
    await inTransaction(database.db, (trx) => appendEntries(trx, [entry, taken], NOW))
    const sums = await database.db
      .selectFrom('ledger_sum')
      .select(['recorded', 'dim', 'key', 'month', 'currency', 'count', 'amount'])
      .where('month', '=', '202610')
      .orderBy('dim')
      .orderBy('currency')
      .execute()
    const row = (dim: string, key: string, currency: string, count: string, amount: string) => {
      return { recorded: '202610', dim, key, month: '202610', currency, count, amount }
    }
    expect(sums).toEqual([
      row('', '', '142', '1', '13.00000'),
      row('', '', '502', '0', '1.00000'),
      row('chapter', '33', '142', '1', '13.00000'),
      row('chapter', '85', '502', '1', '1.00000'),
      row('country', '116', '142', '1', '13.00000'),
      row('country', '116', '502', '0', '1.00000'),
      row('merchant', '5000000001', '142', '1', '13.00000'),
      row('merchant', '5000000001', '502', '0', '1.00000'),
    ])
  })

  it('records behind its seal, whatever the clock of the writer says', async () => {
    const sealed = new Date('2026-11-01T00:00:00Z')
    await inTransaction(database.db, (trx) => sealLedger(trx, sealed))
    await inTransaction(database.db, (trx) => sealLedger(trx, NOW))
    await inTransaction(database.db, (trx) => appendEntries(trx, [entry], NOW))
    const { rows } = await sql<{ late: number }>`
      select count(*)::integer as late from ledger_entry
      where recorded_at > ${sealed}`.execute(database.db)
    expect(rows).toEqual([{ late: 1 }])
  })
})
