/**
 * The chore that brings settlements and lists together after the fact. It follows the ledger, which
 * tells of every declaration, release, return and change of a list, and the rates of customs; lists
 * they bear on are looked at, and records that name them are matched anew. Nothing of it costs a reply of customs: it reads what they left.
 */
import {
  SETTLEMENTS_FOLLOW_ROWS,
  SETTLEMENTS_FOLLOW_STEPS_MAX,
  SETTLEMENTS_LOOK_PAGES_MAX,
  SETTLEMENTS_LOOK_RECORDS_MAX,
  SETTLEMENTS_RATE_LAG_MS,
} from '../kernel/settlement-limits.ts'
import { sealLedger } from '../store/ledger.ts'
import {
  beginRates,
  findConcerned,
  findDueLists,
  followLedger,
  lockFollowed,
  lookAgainByRates,
  noteFollowed,
  refreshLists,
} from '../store/settlements-lists.ts'
import { inTransaction } from '../store/transaction.ts'
import { type MatchDeps, rematch } from './settlements-match.ts'
import { releasedStates } from './settlements-released.ts'

/** Everything the ledger and the rates say up to now, in steps; what is left is for the next time. */
export const followSettlements = async (deps: MatchDeps): Promise<void> => {
  for (let step = 0; step < SETTLEMENTS_FOLLOW_STEPS_MAX; step += 1)
    if ((await follow(deps)) < SETTLEMENTS_FOLLOW_ROWS) break
  for (let step = 0; step < SETTLEMENTS_FOLLOW_STEPS_MAX; step += 1)
    if ((await followRates(deps)) < SETTLEMENTS_FOLLOW_ROWS) break
  for (let step = 0; step < SETTLEMENTS_FOLLOW_STEPS_MAX; step += 1)
    if ((await look(deps)) === 0) return
}

/**
 * Whoever writes at this moment is waited for, so that nothing is recorded later behind what was
 * read; where nothing new was recorded nobody waits.
 */
const follow = async ({ db, clock }: MatchDeps): Promise<number> => {
  const now = clock.now()
  const isNews = await inTransaction(db, async (trx) => {
    const after = await lockFollowed(trx)
    return after !== undefined && (await followLedger(trx, after, now, 1)).rows > 0
  })
  if (!isNews) return 0
  await inTransaction(db, (trx) => sealLedger(trx, now))
  return inTransaction(db, async (trx) => {
    const after = await lockFollowed(trx)
    if (after === undefined) return 0
    const { ids, to, rows } = await followLedger(trx, after, now, SETTLEMENTS_FOLLOW_ROWS)
    await refreshLists(trx, ids, releasedStates, { now, look: true })
    await noteFollowed(trx, to)
    return rows
  })
}

/** A walk goes on where the last run left it; editions that came since are for the next walk. */
const followRates = ({ db, clock }: MatchDeps): Promise<number> => {
  const now = clock.now()
  const upTo = new Date(now.getTime() - SETTLEMENTS_RATE_LAG_MS)
  return inTransaction(db, async (trx) => {
    if ((await lockFollowed(trx)) === undefined) return 0
    await beginRates(trx, upTo)
    return lookAgainByRates(trx, now, SETTLEMENTS_FOLLOW_ROWS)
  })
}

/**
 * Looks at lists that are due; so many that their records fit into one transaction. A single list
 * with more records than that is looked at page by page, the older records first.
 */
const look = async (deps: MatchDeps): Promise<number> => {
  const now = deps.clock.now()
  const limit = SETTLEMENTS_LOOK_RECORDS_MAX
  let ids = await findDueLists(deps.db, now, SETTLEMENTS_FOLLOW_ROWS)
  if (ids.length === 0) return 0
  let records = await findConcerned(deps.db, ids, limit + 1)
  while (records.length > limit && ids.length > 1) {
    ids = ids.slice(0, ids.length >> 1)
    records = await findConcerned(deps.db, ids, limit + 1)
  }
  for (let page = 0; page < SETTLEMENTS_LOOK_PAGES_MAX && records.length > limit; page += 1) {
    const own = records.slice(0, limit)
    await inTransaction(deps.db, (trx) => rematch(deps, trx, own, ids, false))
    records = await findConcerned(deps.db, ids, limit + 1, own.at(-1)?.id)
  }
  await inTransaction(deps.db, (trx) => rematch(deps, trx, records.slice(0, limit), ids, true))
  return ids.length
}
