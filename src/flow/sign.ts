/**
 * Sign: messages whose signer has to be called out to. They are leased, signed outside of any
 * transaction, and their bytes are kept once: whoever stores first wins, and only he adds the work of
 * sending. A crash anywhere signs again and never sends other bytes. A queue holds the messages of
 * one enterprise, so that a slow or broken signer holds up nobody else.
 */
import { failureFacts } from '../kernel/failure.ts'
import { LANE_COUNT } from '../kernel/lane.ts'
import {
  SIGN_LEASE_SECONDS,
  SIGN_QUEUES_MAX,
  SIGN_RETRY_MS,
  SIGNATURES_AT_ONCE,
  SIGNER_FAILURES_MAX,
} from '../kernel/limits.ts'
import { SignerFailure } from '../signing/called-out.ts'
import { signMessage, type Unsigned } from '../signing/sign.ts'
import type { Signer } from '../signing/types.ts'
import { findUnsigned, markMessages, storeSigned, type UnsignedMessage } from '../store/messages.ts'
import {
  findSigners,
  findSignQueues,
  lockSignerState,
  type SignerRow,
  saveSignerState,
} from '../store/signers.ts'
import { inTransaction, type Trx } from '../store/transaction.ts'
import { addWork, finishWork, leaseWork, postponeWork, type WorkItem } from '../store/work.ts'
import { sending, signedBytes, unsignedSealContext } from './compose.ts'
import { linksOf } from './links.ts'
import { afterSigning, isSignerNews, type SigningTally, usableSigners } from './signer-pool.ts'
import type { FlowDeps, RunBatch } from './types.ts'

/** Of the enterprise named, or of all that wait; these side by side. */
export const signBatch: RunBatch = async (deps, limit, queue) => {
  const queues = queue === undefined ? await nextQueues(deps) : [queue]
  const counts = await Promise.all(queues.map((id) => signFor(deps, id, limit)))
  return counts.reduce((all, count) => all + count, 0)
}

/** From another one on each time, so that all have their turn where there are too many. */
const nextQueues = async ({ db, clock }: FlowDeps): Promise<readonly string[]> => {
  const found = await findSignQueues(db)
  const turn = found.length > SIGN_QUEUES_MAX ? clock.now().getTime() % found.length : 0
  return [...found.slice(turn), ...found.slice(0, turn)].slice(0, SIGN_QUEUES_MAX)
}

const signFor = async (deps: FlowDeps, enterpriseId: string, limit: number): Promise<number> => {
  const now = deps.clock.now()
  const pool = usableSigners(await findSigners(deps.db, [enterpriseId]), now)
  // Nothing is leased in vain: the messages are due at once when a signer comes back.
  if (pool.length === 0) return 0
  const leased = await inTransaction(deps.db, (trx) =>
    leaseWork(trx, {
      ...{ stage: 'sign', queue: enterpriseId, limit, now, first: now.getTime() % LANE_COUNT },
      until: new Date(now.getTime() + SIGN_LEASE_SECONDS * 1000),
    }),
  )
  if (leased.length === 0) return 0
  const keys = leased.map((work) => ({ lane: work.lane, id: work.subject }))
  const unsigned = await findUnsigned(deps.db, keys)
  const signers = new PoolRun(deps, pool)
  const results = await mapBounded(unsigned, SIGNATURES_AT_ONCE, (message, index) =>
    trySign(deps, signers, message, index),
  )
  const { stored, news } = await inTransaction(deps.db, (trx) =>
    settle(deps, trx, { leased, results, signers }),
  )
  for (const { row, state, problem } of news)
    deps.log.warn('signer-state', {
      ...{ enterprise: row.enterpriseId, keyName: row.keyName, state, problem },
    })
  if (stored > 0) deps.wake('dispatch')
  return leased.length
}

interface Signed {
  readonly message: UnsignedMessage
  /** Undefined when no signer would, or the message cannot be opened. */
  readonly bytes: Uint8Array | undefined
  readonly problem: string | null
}

/** A message that cannot be opened must not keep those leased with it from being settled. */
const trySign = async (
  deps: FlowDeps,
  signers: PoolRun,
  message: UnsignedMessage,
  index: number,
): Promise<Signed> => {
  try {
    const bytes = await signers.sign(textOf(deps, message), index)
    const problem = bytes === undefined ? 'NO_SIGNER' : null
    return { message, bytes, problem }
  } catch (problem) {
    deps.log.error('sign.broken', { copMsgId: message.copMsgId, ...failureFacts(problem) })
    return { message, bytes: undefined, problem: 'INTERNAL' }
  }
}

const textOf = (deps: FlowDeps, { sealed, copMsgId, place }: UnsignedMessage): Unsigned => ({
  canonical: Buffer.from(deps.sealer.open(sealed, unsignedSealContext(copMsgId))).toString('utf8'),
  signatureAt: place.at,
  namespaces: place.namespaces,
})

/**
 * The signers of a pool during one batch. Those of the first priority share the messages; who fails
 * too often in a row is not asked again, and the next in order signs in its place.
 */
class PoolRun {
  readonly #deps: FlowDeps
  readonly #uses: readonly Use[]

  constructor(deps: FlowDeps, pool: readonly SignerRow[]) {
    this.#deps = deps
    this.#uses = pool.map((row) => ({
      ...{ row, opened: undefined, signed: 0, failedSince: 0, problem: null },
      ...{ startedAt: undefined, endedAt: undefined },
    }))
  }

  /** Undefined when none of them signs. */
  async sign(message: Unsigned, index: number): Promise<Uint8Array | undefined> {
    for (const use of this.#inOrder(index)) {
      if (use.failedSince >= SIGNER_FAILURES_MAX) continue
      const bytes = await this.#signWith(use, message)
      if (bytes !== undefined) return bytes
    }
    return undefined
  }

  tallies(): readonly { readonly row: SignerRow; readonly tally: SigningTally }[] {
    return this.#uses
      .filter(({ startedAt }) => startedAt !== undefined)
      .map(({ row, signed, failedSince, problem, startedAt = 0, endedAt = startedAt }) => ({
        row,
        tally: { signed, failedSince, problem, busyMs: endedAt - startedAt },
      }))
  }

  #inOrder(index: number): readonly Use[] {
    const first = this.#uses[0]?.row.priority
    const leading = this.#uses.filter(({ row }) => row.priority === first)
    const turn = index % Math.max(1, leading.length)
    return [
      ...leading.slice(turn),
      ...leading.slice(0, turn),
      ...this.#uses.filter((use) => !leading.includes(use)),
    ]
  }

  async #signWith(use: Use, message: Unsigned): Promise<Uint8Array | undefined> {
    const { clock, log } = this.#deps
    use.startedAt ??= clock.now().getTime()
    try {
      use.opened ??= this.#deps.openSigner(use.row)
      const bytes = await signMessage(message, await use.opened)
      use.signed += 1
      use.failedSince = 0
      return bytes
    } catch (problem) {
      use.failedSince += 1
      use.problem = problem instanceof SignerFailure ? problem.reason : 'INTERNAL'
      const { enterpriseId, keyName } = use.row
      const facts = { enterprise: enterpriseId, keyName, problem: use.problem }
      if (problem instanceof SignerFailure) log.warn('signer-failed', facts)
      else log.error('signer-failed', { ...facts, ...failureFacts(problem) })
      return undefined
    } finally {
      use.endedAt = clock.now().getTime()
    }
  }
}

interface Use {
  readonly row: SignerRow
  opened: Promise<Signer> | undefined
  signed: number
  failedSince: number
  problem: string | null
  startedAt: number | undefined
  endedAt: number | undefined
}

interface Settling {
  readonly leased: readonly WorkItem[]
  readonly results: readonly Signed[]
  readonly signers: PoolRun
}

interface News {
  readonly row: SignerRow
  readonly state: string
  readonly problem: string | null
}

const settle = async (
  deps: FlowDeps,
  trx: Trx,
  { leased, results, signers }: Settling,
): Promise<{ readonly stored: number; readonly news: readonly News[] }> => {
  const now = deps.clock.now()
  const signed = results.flatMap(({ message, bytes }) =>
    bytes === undefined ? [] : [{ ...message, ...signedBytes(deps, message.copMsgId, bytes) }],
  )
  const kept = await storeSigned(trx, signed, now)
  const ours = signed.filter(({ id }) => kept.has(id))
  const linkOf = await linksOf(deps, trx, [...new Set(ours.map(({ senderId }) => senderId))])
  await addWork(
    trx,
    ours.map((message) => sending(message, linkOf(message.senderId, message.kind))),
    now,
  )
  const failed = results.filter(({ bytes }) => bytes === undefined)
  const isFailed = new Set(failed.map(({ message }) => message.id))
  // What is not unsigned any more was signed by somebody else, who added the work of sending.
  await finishWork(
    trx,
    'sign',
    leased.filter(({ subject }) => !isFailed.has(subject)),
  )
  const runAt = new Date(now.getTime() + SIGN_RETRY_MS)
  await postponeWork(
    trx,
    'sign',
    leased.filter(({ subject }) => isFailed.has(subject)).map((work) => ({ ...work, runAt })),
  )
  await markMessages(
    trx,
    failed.map(({ message: { lane, id }, problem }) => ({ lane, id, sent: false, problem })),
    now,
  )
  return { stored: ours.length, news: await judge(trx, signers, now) }
}

/** Brings the signers in line with what the batch met; an untroubled one costs no lock. */
const judge = async (trx: Trx, signers: PoolRun, now: Date): Promise<readonly News[]> => {
  const news: News[] = []
  for (const { row, tally } of signers.tallies()) {
    if (!isSignerNews(row, afterSigning(row, tally, now))) continue
    const held = await lockSignerState(trx, row, now)
    const next = afterSigning(held, tally, now)
    await saveSignerState(trx, row, next)
    if (next.state !== held.state) news.push({ row, state: next.state, problem: next.problem })
  }
  return news
}

/** In the order given, at most `most` under way at once. */
const mapBounded = async <T, R>(
  items: readonly T[],
  most: number,
  run: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = []
  const entries = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await run(item, index)
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  return results
}
