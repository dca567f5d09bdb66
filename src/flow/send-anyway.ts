/**
 * Sending on a list that its rules hold back, on the word of its sender or of whoever holds his
 * mandate. It is judged once more: what holds it now must all be rules that an enterprise may soften,
 * as if it had switched them for this one list.
 */
import { type RuleCode, rules } from '../catalogue/rules/index.ts'
import { chinaDay } from '../kernel/clock.ts'
import type { Fault } from '../kernel/fault.ts'
import { isId, laneOfId } from '../kernel/ids.ts'
import { eventOf, writeEvidence } from '../store/evidence.ts'
import { findDocuments } from '../store/listing.ts'
import { findSeverities } from '../store/rule-switches.ts'
import { inTransaction } from '../store/transaction.ts'
import { addWork } from '../store/work.ts'
import { anywayKey, heldBack } from './blocking.ts'
import { composing } from './compose.ts'
import { kindFacts } from './kinds.ts'
import { ownStep, readyKey } from './match.ts'
import { sees, visibleSenders } from './sight.ts'
import type { Caller, FlowDeps } from './types.ts'

export type SendAnywayAnswer =
  | { readonly kind: 'not-found' }
  /** Nothing holds it back: it waits for something else, or is on its way. */
  | { readonly kind: 'not-blocked' }
  /** Held by rules that nobody may soften. */
  | { readonly kind: 'not-allowed'; readonly faults: readonly Fault[] }
  | { readonly kind: 'queued'; readonly rules: readonly RuleCode[] }

export const sendAnyway = async (
  deps: FlowDeps,
  caller: Caller,
  id: string,
): Promise<SendAnywayAnswer> => {
  if (!isId(id)) return { kind: 'not-found' }
  const now = deps.clock.now()
  const answer = await inTransaction(deps.db, async (trx): Promise<SendAnywayAnswer> => {
    const [row] = await findDocuments(trx, [id.toLowerCase()])
    if (row === undefined || !sees(await visibleSenders({ ...deps, db: trx }, caller), row))
      return { kind: 'not-found' }
    if (row.state !== 'blocked') return { kind: 'not-blocked' }
    const { senderId } = row
    const severityOf = await findSeverities(trx, [senderId], chinaDay(now))
    const held = (await heldBack(deps, trx, [row], severityOf)).get(row.id) ?? []
    const firm = held.filter((rule) => rules[rule].softer?.includes('warn') !== true)
    if (firm.length > 0) return { kind: 'not-allowed', faults: firm.map(firmFault) }
    const document = { lane: laneOfId(row.id), id: row.id, version: row.version, senderId }
    const ready = ownStep(document, { key: readyKey(row), state: 'ready' })
    const told = ownStep(document, { key: anywayKey(row.version, held), state: 'blocked' })
    const { events } = await writeEvidence(trx, kindFacts, [told, ready], now)
    // A match may have made it ready at the same moment; whoever was first sends it on.
    if (events.has(eventOf(ready))) await addWork(trx, [composing(document)], now)
    return { kind: 'queued', rules: held }
  })
  if (answer.kind === 'queued') {
    deps.log.info('sent-anyway', { by: caller.enterpriseId, document: id, rules: answer.rules })
    deps.wake('compose')
  }
  return answer
}

const firmFault = (rule: RuleCode): Fault => {
  const { zh, en, cure } = rules[rule]
  return { code: `DOCUMENT-${rule}-HELD`, pointer: '', severity: 'error', text: { zh, en }, cure }
}
