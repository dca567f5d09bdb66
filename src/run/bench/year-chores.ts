/**
 * What the chores of a gateway would have done by now for a year that was written at once: the sums are
 * put together, what is under way is listed, and the tables have statistics.
 */
import { sql } from 'kysely'
import { foldLedger } from '../../flow/ledger-folding.ts'
import { keepClocks } from '../../flow/stage-clocks.ts'
import { CLOCKS_AGES_SECONDS } from '../../kernel/clock-limits.ts'
import { findLookTime } from '../../store/stage-clocks.ts'
import type { Db } from '../../store/tables.ts'

/** Far more rounds than the days that are looked at take. */
const CLOCK_ROUNDS_MAX = 1_000
const [YOUNGEST_SECONDS] = CLOCKS_AGES_SECONDS
const MINUTE_MS = 60_000

export const catchUp = async (db: Db): Promise<void> => {
  await foldLedger({ db }, Number.POSITIVE_INFINITY)
  const now = new Date()
  const looked = now.getTime() - YOUNGEST_SECONDS * 1000 - MINUTE_MS
  for (let round = 0; round < CLOCK_ROUNDS_MAX; round += 1) {
    await keepClocks({ db, clock: { now: () => now } })
    if (((await findLookTime(db))?.getTime() ?? 0) >= looked) break
  }
  await sql`vacuum analyze`.execute(db)
}
