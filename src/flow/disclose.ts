/**
 * Disclose: builds, signs and uploads the original payment data that customs asked for. Uploads are
 * leased, because signing and sending talk to others between two transactions. The body is built
 * once and kept before it is sent: a crash, a lost answer or an operator's retry sends the same bytes
 * with the same service time and signature (announcement 2018-179).
 */
import { meaningOfAnswer, UPLOADED } from '../catalogue/upload-answers.ts'
import { headText, listsText, stringToSign } from '../codec/original-payment.ts'
import { failureFacts } from '../kernel/failure.ts'
import { derivedId } from '../kernel/ids.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import { DISCLOSE_ATTEMPTS_MAX, DISCLOSE_BACKOFF_MAX_MS } from '../kernel/payment-limits.ts'
import { SignerFailure } from '../signing/called-out.ts'
import {
  type Disclosure,
  findDisclosures,
  keepBodies,
  type Settlement,
  settleDisclosures,
} from '../store/disclosures.ts'
import { findPaymentsOfOrder, type StoredPayment } from '../store/original-payments.ts'
import { findSigners } from '../store/signers.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { finishWork, leaseWork, postponeWork, type WorkItem } from '../store/work.ts'
import type { FormAnswer, RealTimeData } from '../wire/real-time-data.ts'
import { within } from '../wire/within.ts'
import { noteDeeds } from './access.ts'
import { nextTry, sendingMs, TOO_LATE } from './backoff.ts'
import { bodyContext, messageContext, type OwnProblem } from './disclosure-words.ts'
import { openPayment } from './original-payments.ts'
import { usableSigners } from './signer-pool.ts'
import type { FlowDeps, RunBatch } from './types.ts'

/** Without an address of customs nothing is taken up: uploads wait as they are. */
export const discloseBatch: RunBatch = async (deps, limit) => {
  const { realTimeData } = deps
  if (realTimeData === undefined) return 0
  const leased = await lease(deps, limit)
  if (leased.length === 0) return 0
  const found = await findDisclosures(
    deps.db,
    leased.map(({ lane, subject }) => ({ lane, id: subject })),
  )
  const byId = new Map(found.map((disclosure) => [disclosure.id, disclosure]))
  const attempts = await Promise.all(
    leased.map(async (work): Promise<Attempt> => {
      const disclosure = byId.get(work.subject)
      const outcome = await attempt(deps, realTimeData, disclosure)
      return { work, disclosure, outcome }
    }),
  )
  await settle(deps, attempts)
  return leased.length
}

const lease = (deps: FlowDeps, limit: number): Promise<readonly WorkItem[]> => {
  const now = deps.clock.now()
  return leaseWork(deps.db, {
    ...{ stage: 'disclose', limit, first: now.getTime() % LANE_COUNT, now },
    until: new Date(now.getTime() + deps.leaseSeconds * 1000),
  })
}

interface Attempt {
  readonly work: WorkItem
  readonly disclosure: Disclosure | undefined
  readonly outcome: Outcome
}

type Outcome =
  | Extract<FormAnswer, { kind: 'answered' }>
  /** Tried again, the reason being shown meanwhile. */
  | { readonly kind: 'later'; readonly problem: OwnProblem; readonly reason: string }
  | { readonly kind: 'ended'; readonly problem: OwnProblem }
  /** Somebody else settled it meanwhile. */
  | { readonly kind: 'gone' }

/** One upload that hangs or fails must not keep those leased with it from being settled. */
const attempt = async (
  deps: FlowDeps,
  realTimeData: RealTimeData,
  disclosure: Disclosure | undefined,
): Promise<Outcome> =>
  (await within(sendingMs(deps), () => upload(deps, realTimeData, disclosure))) ?? {
    ...{ kind: 'later', problem: 'UNREACHABLE', reason: TOO_LATE },
  }

const upload = async (
  deps: FlowDeps,
  realTimeData: RealTimeData,
  disclosure: Disclosure | undefined,
): Promise<Outcome> => {
  if (disclosure === undefined || disclosure.state === 'done') return { kind: 'gone' }
  try {
    const body = await bodyOf(deps, disclosure)
    if (typeof body !== 'string') return body
    const answer = await realTimeData.upload(body)
    if (answer.kind === 'answered') return answer
    return { kind: 'later', problem: 'UNREACHABLE', reason: answer.reason }
  } catch (problem) {
    deps.log.error('disclose.broken', { id: disclosure.id, ...failureFacts(problem) })
    return { kind: 'later', problem: 'INTERNAL', reason: 'INTERNAL' }
  }
}

/** The body that is kept; built, signed and kept when there is none yet. */
const bodyOf = async (deps: FlowDeps, disclosure: Disclosure): Promise<string | Outcome> => {
  if (disclosure.sealedBody !== null) return openBody(deps, disclosure.id, disclosure.sealedBody)
  const { orderNo, platformId, id, lane } = disclosure
  const [payment] = await findPaymentsOfOrder(deps.db, orderNo, [platformId], 1)
  if (payment === undefined) return { kind: 'ended', problem: 'NO-PAYMENT' }
  const body = await build(deps, disclosure, payment)
  if (typeof body !== 'string') return body
  const sealedBody = deps.sealer.seal(Buffer.from(body), bodyContext(id))
  const kept = await inTransaction(deps.db, async (trx) => {
    const isKept = (await keepBodies(trx, [{ lane, id, sealedBody }])).has(id)
    // From here on it may leave the house at any time.
    if (isKept) await noteDisclosed(deps, trx, disclosure, payment)
    return isKept
  })
  if (kept) return body
  // Another worker was quicker: what it kept is what counts.
  const [now] = await findDisclosures(deps.db, [{ lane, id }])
  return now?.sealedBody == null ? { kind: 'gone' } : openBody(deps, id, now.sealedBody)
}

const openBody = ({ sealer }: FlowDeps, id: string, sealed: Uint8Array): string =>
  Buffer.from(sealer.open(sealed, bodyContext(id))).toString('utf8')

/** payExInfoStr: head and lists are written once, and the same text is signed and sent. */
const build = async (
  deps: FlowDeps,
  { id, sessionId, platformId }: Disclosure,
  stored: StoredPayment,
): Promise<string | Outcome> => {
  const payment = openPayment(deps, stored)
  const head = headText(derivedId('disclosure', id).toUpperCase(), payment)
  const lists = listsText(payment)
  const serviceTime = String(deps.clock.now().getTime())
  const text = stringToSign({ sessionId, head, lists, serviceTime })
  const signed = await sign(deps, platformId, Buffer.from(text))
  if (typeof signed === 'string') return { kind: 'later', problem: signed, reason: signed }
  return (
    `{"sessionID":${JSON.stringify(sessionId)},"payExchangeInfoHead":${head},` +
    `"payExchangeInfoLists":${lists},"serviceTime":"${serviceTime}",` +
    `"certNo":"${signed.keyName.toLowerCase()}",` +
    `"signValue":"${Buffer.from(signed.value).toString('base64')}"}`
  )
}

interface SignedText {
  readonly keyName: string
  readonly value: Uint8Array
}

/** Outside of any transaction: a signer may be a service or a device somewhere else. */
const sign = async (
  deps: FlowDeps,
  platformId: string,
  bytes: Uint8Array,
): Promise<SignedText | Extract<OwnProblem, 'NO-SIGNING-KEY' | 'SIGNER-AWAY'>> => {
  const near = await deps.signerOf(platformId)
  if (near === undefined) return 'NO-SIGNING-KEY'
  if (near !== 'called-out') return { keyName: near.keyName, value: await near.sign(bytes) }
  for (const row of usableSigners(await findSigners(deps.db, [platformId]), deps.clock.now())) {
    try {
      const signer = await deps.openSigner(row)
      return { keyName: signer.keyName, value: await signer.sign(bytes) }
    } catch (problem) {
      // How it stands is judged by the messages it signs; here the next of the pool is asked.
      const reason = problem instanceof SignerFailure ? problem.reason : 'INTERNAL'
      deps.log.warn('signer-failed', { enterprise: platformId, keyName: row.keyName, reason })
    }
  }
  return 'SIGNER-AWAY'
}

const noteDisclosed = (
  deps: FlowDeps,
  trx: Trx,
  { platformId: enterpriseId, orderNo, requestId }: Disclosure,
  { id: subject }: StoredPayment,
): Promise<void> =>
  noteDeeds(deps, trx, { actor: 'customs', userId: null, keyId: null, requestId }, [
    { what: 'disclosed', enterpriseId, orderNo, subject },
  ])

const settle = async (deps: FlowDeps, attempts: readonly Attempt[]): Promise<void> => {
  const now = deps.clock.now()
  const isRetried = ({ outcome, work }: Attempt): boolean =>
    outcome.kind === 'later' && work.attempts < DISCLOSE_ATTEMPTS_MAX
  const retried = attempts.filter(isRetried)
  const settled = attempts.filter((each) => !isRetried(each))
  await inTransaction(deps.db, async (trx) => {
    await finishWork(
      trx,
      'disclose',
      settled.map(({ work }) => work),
    )
    await postponeWork(
      trx,
      'disclose',
      retried.map(({ work }) => ({ ...work, runAt: nextTry(now, work, DISCLOSE_BACKOFF_MAX_MS) })),
    )
    const settlements = attempts.flatMap((each) => settlementOf(deps, each, isRetried(each)))
    await settleDisclosures(trx, settlements, now)
  })
  for (const { outcome, work } of attempts)
    if (outcome.kind === 'later')
      deps.log.warn('disclose.later', { id: work.subject, reason: outcome.reason })
    else if (outcome.kind === 'answered')
      deps.log.info('disclose.answered', { id: work.subject, code: outcome.code })
}

const settlementOf = (
  { sealer }: FlowDeps,
  { disclosure, outcome }: Attempt,
  isRetried: boolean,
): readonly Settlement[] => {
  if (disclosure === undefined || outcome.kind === 'gone') return []
  const key = { lane: disclosure.lane, id: disclosure.id }
  if (outcome.kind !== 'answered') {
    const state = isRetried ? {} : ({ state: 'ended' } as const)
    return [{ ...key, ...state, code: null, sealedMessage: null, problem: outcome.problem }]
  }
  const { code, message } = outcome
  const sealedMessage =
    message === '' ? null : sealer.seal(Buffer.from(message), messageContext(disclosure.id))
  if (code === UPLOADED) return [{ ...key, state: 'done', code, sealedMessage, problem: null }]
  const { name } = meaningOfAnswer(code, message)
  return [{ ...key, state: 'ended', code, sealedMessage, problem: name }]
}
