/**
 * Taking a settlement record out: it settles nothing any more, counts for nothing, and stays to be
 * read with its history. What it left of its lists is open again for lines that wait for it.
 */
import { natures, settlement } from '../catalogue/settlement.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { covers, findPrincipals } from '../store/access.ts'
import { findRuleValues } from '../store/rule-values.ts'
import {
  findLines,
  findReferring,
  type HeldSettlement,
  insertVersions,
  lockById,
  putSettlements,
  replaceLines,
} from '../store/settlements.ts'
import { lookAgain, writeStandings } from '../store/settlements-lists.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { listsHeld, openBooks } from './settlements-books.ts'
import { HEAD, settlementFault } from './settlements-faults.ts'
import { restate } from './settlements-ledger.ts'
import { countedOf, partiesOf } from './settlements-match.ts'
import type { Caller, FlowDeps } from './types.ts'

export type Withdrawn =
  | { readonly kind: 'withdrawn'; readonly id: string; readonly version: number }
  /** There is none that the caller hands in for. */
  | { readonly kind: 'unknown' }
  /** It was withdrawn before. */
  | { readonly kind: 'over' }
  | { readonly kind: 'wrong'; readonly faults: readonly Fault[] }

export const withdrawSettlement = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
  reason: string,
): Promise<Withdrawn> => {
  if (!isId(id)) return { kind: 'unknown' }
  const now = deps.clock.now()
  const principals = await findPrincipals(deps.db, caller.enterpriseId, chinaDay(now), now)
  const ours = principals.filter((one) => covers(one, { kind: settlement.code, zone: null }))
  return inTransaction(deps.db, async (trx): Promise<Withdrawn> => {
    const [held] = await lockById(trx, [{ lane: laneOfId(id), id }])
    const principal = ours.find((one) => one.id === held?.institutionId)
    if (held === undefined || principal === undefined) return { kind: 'unknown' }
    if (held.state === 'withdrawn') return { kind: 'over' }
    const referring = await findReferring(trx, [held])
    const refunds = referring.filter(({ nature }) => nature === natures.refund)
    if (refunds.length > 0) {
      const values = { refunds: String(refunds.length) }
      return { kind: 'wrong', faults: [settlementFault('number-REFUNDED', values)] }
    }
    const faults = await takeOut(deps, trx, held, {
      ...{ reason, submittedBy: caller.enterpriseId, mandateId: principal.mandateId },
    })
    return faults.length > 0
      ? { kind: 'wrong', faults }
      : { kind: 'withdrawn', id: held.id, version: held.version + 1 }
  })
}

interface Saying {
  readonly reason: string
  readonly submittedBy: string
  readonly mandateId: string | null
}

const takeOut = async (
  deps: FlowDeps,
  trx: Trx,
  held: HeldSettlement,
  saying: Saying,
): Promise<readonly Fault[]> => {
  const now = deps.clock.now()
  const lines = await findLines(trx, [held])
  const listIds = listsHeld(lines)
  const books = await openBooks(trx, listIds, await findRuleValues(trx, chinaDay(now)), now)
  books.remove(held.id)
  // Without a refund its list may be settled beyond its value: others took what it gave back.
  const beyond = books.beyond()
  if (beyond.length > 0)
    return beyond.map(({ values }) => settlementFault('amount-OVER', values, `${HEAD}/gross`))
  const row = { ...held, version: held.version + 1, state: 'withdrawn' as const }
  await putSettlements(trx, [row], now)
  await insertVersions(
    trx,
    [
      {
        ...{ lane: row.lane, id: row.id, version: row.version, verb: 'withdrawn' },
        ...{ record: null, contentHash: null, ...saying },
      },
    ],
    now,
  )
  await replaceLines(trx, [row], [], now)
  await writeStandings(trx, books.standings(), now)
  await lookAgain(trx, listIds, now)
  const parties = await partiesOf(trx, [row])
  await restate(trx, [countedOf({ row, lines: [] }, books, parties)], now)
  return []
}
