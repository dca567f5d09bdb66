/**
 * Match: a list waits until its order, payment and waybill are accepted. Handing a list in and
 * accepting a companion both leave a match row for the order number; whichever transaction commits
 * last is evaluated after it, so no list is forgotten between the two. A list whose consignment
 * breaks a rule that holds is not made ready but stays `blocked`; the next news of its consignment
 * has it judged again.
 */
import { chinaDay } from '../kernel/clock.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import { findReady, type ReadyDocument } from '../store/consignments.ts'
import { type Evidence, writeEvidence } from '../store/evidence.ts'
import {
  findRuleEditions,
  findRuleSwitches,
  type RuleEdition,
  severitiesOf,
} from '../store/rule-switches.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { addWork, claimWork } from '../store/work.ts'
import { blockedKey, heldBack, watchedOf } from './blocking.ts'
import { composing } from './compose.ts'
import { kindFacts } from './kinds.ts'
import { OWN_RANK } from './status.ts'
import type { FlowDeps, RunBatch } from './types.ts'

export const matchBatch: RunBatch = async (deps, limit) => {
  const now = deps.clock.now()
  const done = await inTransaction(deps.db, async (trx) => {
    const first = now.getTime() % LANE_COUNT
    const claimed = await claimWork(trx, { stage: 'match', limit, first, now })
    if (claimed.length === 0) return { claimed: 0, ready: 0, blocked: 0 }
    const editions = await findRuleEditions(trx, chinaDay(now))
    const subjects = [...new Set(claimed.map((work) => work.subject))]
    const complete = await findReady(trx, subjects, watchedOf(editions))
    const held = await judge(deps, trx, complete, editions)
    const evidence = complete.map((document): Evidence => {
      const rules = held.get(document.id)
      return rules === undefined
        ? ownStep(document, { key: readyKey(document), state: 'ready' })
        : ownStep(document, { key: blockedKey(document.version, rules), state: 'blocked' })
    })
    const { news } = await writeEvidence(trx, kindFacts, evidence, now)
    // Two workers may find the same list ready; the one whose event was new sends it on.
    const ready = complete.filter(({ id }) => news.has(id) && !held.has(id))
    await addWork(trx, ready.map(composing), now)
    return { claimed: claimed.length, ready: ready.length, blocked: held.size }
  })
  if (done.ready > 0) deps.wake('compose')
  if (done.blocked > 0) deps.log.info('match.blocked', { lists: done.blocked })
  return done.claimed
}

/** Nearly all agree by their marks, and nothing more is asked of them. */
const judge = async (
  deps: FlowDeps,
  trx: Trx,
  complete: readonly ReadyDocument[],
  editions: readonly RuleEdition[],
): ReturnType<typeof heldBack> => {
  const doubtful = complete.filter(({ agrees }) => !agrees)
  if (doubtful.length === 0) return new Map()
  const senders = [...new Set(doubtful.map(({ senderId }) => senderId))]
  const severityOf = severitiesOf(editions, await findRuleSwitches(trx, senders))
  return heldBack(deps, trx, doubtful, severityOf)
}

type Ready = Pick<ReadyDocument, 'lane' | 'id' | 'version' | 'senderId'>

/** The same for whoever makes it ready, so that it is sent on once. */
export const readyKey = ({ version }: Pick<Ready, 'version'>): string => `ready:${version}`

export const ownStep = (
  { lane, id, version }: Omit<Ready, 'senderId'>,
  { key, state }: { readonly key: string; readonly state: 'ready' | 'blocked' },
): Evidence => ({
  ...{ lane, documentId: id, version, key, state },
  ...{ rank: OWN_RANK[state], returnTime: '' },
})
