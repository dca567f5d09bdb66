/**
 * Quotas computed anew from the stored lists: an operator's command, and what a database that was
 * there before quotas were kept needs once. Gives what the transactions of intake and evidence keep.
 */
import { headOfDocument } from '../codec/document.ts'
import { chinaDay } from '../kernel/clock.ts'
import { RECOUNT_PAGE } from '../kernel/quota-limits.ts'
import {
  type HoldFacts,
  leaveHolds,
  type Reservation,
  recountHolds,
  reserve,
  settleHolds,
} from '../store/holds.ts'
import { type CountedDocument, clearHolds, findCounted } from '../store/quota.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { holdFacts } from './kinds.ts'
import { claimOf, quotaAccount, quotaKinds } from './quota.ts'
import { settleReturns } from './quota-returns.ts'
import type { FlowDeps } from './types.ts'

export interface Recounted {
  readonly documents: number
  /** Lists that draw on a quota. */
  readonly holding: number
}

export const recountQuotas = (deps: Pick<FlowDeps, 'db'>): Promise<Recounted> =>
  inTransaction(deps.db, async (trx) => {
    await clearHolds(trx, 'quota')
    let documents = 0
    let holding = 0
    for (const facts of holdFacts.filter(({ kind }) => quotaKinds.has(kind))) {
      let after: CountedDocument | undefined
      for (;;) {
        const page = await findCounted(trx, facts, after, RECOUNT_PAGE)
        holding += await hold(trx, facts, page)
        documents += page.length
        after = page.at(-1)
        if (page.length < RECOUNT_PAGE) break
      }
    }
    await recountHolds(trx, holdFacts)
    return { documents, holding }
  })

const hold = async (
  trx: Trx,
  facts: HoldFacts,
  page: readonly CountedDocument[],
): Promise<number> => {
  const asking = page.flatMap((document): readonly Reservation[] => {
    const ask = askOf(facts, document)
    const { lane, id: documentId, wasRefused } = document
    if (ask === undefined || wasRefused) return []
    return [{ lane, documentId, isNewer: false, mayExceed: true, asks: [ask] }]
  })
  await reserve(trx, asking)
  const leaving = page.filter(({ leaves }) => leaves)
  await leaveHolds(
    trx,
    leaving.map(({ lane, id }) => ({ lane, documentId: id })),
    'quota',
  )
  const { returned } = await settleHolds(
    trx,
    [facts],
    page.map(({ lane, id }) => ({ lane, id, kind: facts.kind })),
  )
  await settleReturns(trx, { answered: [], returned }, null)
  return asking.length
}

const askOf = ({ kind }: HoldFacts, { payload, buyerHash, takenAt }: CountedDocument) => {
  const entry = quotaKinds.get(kind)
  const claim =
    entry === undefined
      ? undefined
      : claimOf(entry, payload, headOfDocument(entry, payload), buyerHash)
  if (claim === undefined) return undefined
  const accountId = quotaAccount(chinaDay(takenAt).slice(0, 4), claim.buyer)
  return { accountId, sort: 'quota' as const, amount: claim.value, limit: null }
}
