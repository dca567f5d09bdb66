/**
 * Match: a list waits until its order, payment and waybill are accepted. Handing a list in and
 * accepting a companion both leave a match row for the order number; whichever transaction commits
 * last is evaluated after it, so no list is forgotten between the two.
 */
import { LANE_COUNT } from '../kernel/lane.ts'
import { findReady } from '../store/consignments.ts'
import { type Evidence, writeEvidence } from '../store/evidence.ts'
import { inTransaction } from '../store/transaction.ts'
import { addWork, claimWork, partyOf } from '../store/work.ts'
import { kindFacts } from './kinds.ts'
import { OWN_RANK } from './status.ts'
import type { RunBatch } from './types.ts'

export const matchBatch: RunBatch = async (deps, limit) => {
  const now = deps.clock.now()
  const done = await inTransaction(deps.db, async (trx) => {
    const first = now.getTime() % LANE_COUNT
    const claimed = await claimWork(trx, { stage: 'match', limit, first, now })
    const ready = await findReady(trx, [...new Set(claimed.map((work) => work.subject))])
    const evidence = ready.map(
      (document): Evidence => ({
        lane: document.lane,
        documentId: document.id,
        version: document.version,
        key: `ready:${document.version}`,
        state: 'ready',
        rank: OWN_RANK.ready,
        returnTime: '',
      }),
    )
    const { news } = await writeEvidence(trx, kindFacts, evidence, now)
    // Two workers may find the same list ready; the one whose event was new sends it on.
    const work = ready
      .filter((document) => news.has(document.id))
      .map((document) => ({
        lane: document.lane,
        stage: 'compose' as const,
        subject: document.id,
        version: document.version,
        party: partyOf(document.senderId),
      }))
    await addWork(trx, work, now)
    return { claimed: claimed.length, ready: work.length }
  })
  if (done.ready > 0) deps.wake('compose')
  return done.claimed
}
