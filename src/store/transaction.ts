/**
 * One transaction, repeated when PostgreSQL broke it off to resolve a deadlock or a serialisation
 * conflict. Batches of different stages may touch the same documents in different order; the
 * database then ends one of them, and doing it again is safe because nothing of it was kept.
 */
import { Transaction } from 'kysely'
import { TRANSACTION_TRIES_MAX } from '../kernel/limits.ts'
import type { Database, Db } from './tables.ts'

export type Trx = Transaction<Database>

/**
 * Thrown inside `inTransaction` when somebody else did at the same moment what this work was about
 * to do: nothing of it is kept, and doing it again finds what the other did.
 */
export class Overtaken extends Error {
  /** As good as a serialization failure. */
  readonly code = '40001'
}

/** SQLSTATE 40P01 deadlock detected, 40001 serialization failure. */
const BROKEN_OFF = new Set(['40P01', '40001'])

/**
 * Inside a transaction that is under way it is a part of that one, which alone is repeated: whoever undoes
 * his part by throwing, and is caught outside of it, may not be joined.
 */
export const inTransaction = async <T>(db: Db, work: (trx: Trx) => Promise<T>): Promise<T> => {
  if (db instanceof Transaction) return work(db)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (problem) {
      const state = problem instanceof Error && 'code' in problem ? problem.code : undefined
      if (attempt >= TRANSACTION_TRIES_MAX || !BROKEN_OFF.has(String(state))) throw problem
    }
  }
}
