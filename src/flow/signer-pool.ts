/**
 * The pool of one enterprise, as rules over rows: which of its signers may be used now and in which
 * order, how one stands, and how it stands after a batch. Pure, as the breaker of a link is; the
 * state lies in the database, so all gateways keep to it and a restart forgets nothing.
 */
import {
  SIGNER_FAILURES_MAX,
  SIGNER_RATE_MEMORY_MS,
  SIGNER_RATE_NOTED_MS,
  SIGNER_RETRY_FIRST_MS,
  SIGNER_RETRY_MAX_MS,
} from '../kernel/limits.ts'
import type { SignerRow, SignerState } from '../store/signers.ts'

export type Standing = 'ok' | 'quarantined' | 'expired' | 'not-yet'

export const standingOf = (
  { state, notBefore, notAfter }: Pick<SignerRow, 'state' | 'notBefore' | 'notAfter'>,
  now: Date,
): Standing => {
  if (notAfter <= now) return 'expired'
  return notBefore > now ? 'not-yet' : state
}

/** Those to use now, in the order of the pool; of a certificate only while it is in force. */
export const usableSigners = (pool: readonly SignerRow[], now: Date): readonly SignerRow[] =>
  pool.filter((row) => standingOf(row, now) === 'ok')

/** Whether the enterprise has any signer in force, be it in quarantine. */
export const hasSignerInForce = (pool: readonly SignerRow[], now: Date): boolean =>
  pool.some((row) => ['ok', 'quarantined'].includes(standingOf(row, now)))

/** What one signer did in one batch. */
export interface SigningTally {
  readonly signed: number
  /** Failures after its last signature, or all where it made none. */
  readonly failedSince: number
  /** Of the last failure; null without one. */
  readonly problem: string | null
  /** From the first request to the last answer. */
  readonly busyMs: number
}

export const afterSigning = (held: SignerState, tally: SigningTally, now: Date): SignerState => {
  const measured = withRate(held, tally, now)
  if (tally.failedSince === 0)
    return tally.signed === 0 ? held : { ...measured, failures: 0, problem: null }
  const failures = (tally.signed > 0 ? 0 : held.failures) + tally.failedSince
  const failing = { ...measured, failures, problem: tally.problem }
  if (held.state === 'ok' && failures < SIGNER_FAILURES_MAX) return failing
  return quarantined(failing, now)
}

/** A quarantined signer after it was tried; `problem` is null when it signed. */
export const afterProbe = (held: SignerState, problem: string | null, now: Date): SignerState =>
  problem === null
    ? { ...held, state: 'ok', since: now, failures: 0, problem: null }
    : quarantined({ ...held, failures: held.failures + 1, problem }, now)

const quarantined = (failing: SignerState, now: Date): SignerState => {
  const tries = Math.max(0, failing.failures - SIGNER_FAILURES_MAX)
  const waitMs = Math.min(SIGNER_RETRY_MAX_MS, SIGNER_RETRY_FIRST_MS * 2 ** Math.min(tries, 20))
  const since = failing.state === 'quarantined' ? failing.since : now
  return { ...failing, state: 'quarantined', since, retryAt: new Date(now.getTime() + waitMs) }
}

/** Whether it is worth a write: the rate of an untroubled signer is noted now and then only. */
export const isSignerNews = (before: SignerState, after: SignerState): boolean =>
  before.state !== after.state ||
  before.failures !== after.failures ||
  (after.rateAt?.getTime() ?? 0) - (before.rateAt?.getTime() ?? 0) >= SIGNER_RATE_NOTED_MS

/** A measured rate counts the more, the longer ago the one before it was. */
const withRate = (held: SignerState, { signed, busyMs }: SigningTally, now: Date): SignerState => {
  if (signed === 0 || busyMs <= 0) return held
  const sample = (signed * 1000) / busyMs
  if (held.rate === null || held.rateAt === null) return { ...held, rate: sample, rateAt: now }
  const kept = Math.exp(-(now.getTime() - held.rateAt.getTime()) / SIGNER_RATE_MEMORY_MS)
  return { ...held, rate: held.rate * kept + sample * (1 - kept), rateAt: now }
}
