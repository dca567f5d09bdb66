/**
 * The signers of enterprises as they are looked after and shown: one in quarantine is probed outside
 * of anybody's way, the end of a certificate is announced in steps, and a view tells how each signer
 * stands, how fast it is and when it will have worked off what waits.
 */
import { DAY_MS } from '../kernel/clock.ts'
import { failureFacts } from '../kernel/failure.ts'
import type { Text } from '../kernel/fault.ts'
import { SIGN_TIMEOUT_MS, SIGNER_PROBES_MAX } from '../kernel/limits.ts'
import { SignerFailure } from '../signing/called-out.ts'
import { readCertificate } from '../signing/keys.ts'
import { queueDepths } from '../store/queues.ts'
import {
  findSigners,
  lockSignerState,
  type SignerRow,
  saveSignerState,
  takeDueProbes,
  takeExpiryWarnings,
} from '../store/signers.ts'
import { inTransaction } from '../store/transaction.ts'
import { afterProbe, type Standing, standingOf, usableSigners } from './signer-pool.ts'
import type { FlowDeps } from './types.ts'

/** Days before the end of a certificate at which it is announced, in falling order. */
const WARNING_DAYS = [30, 7, 1] as const
export interface SignerView {
  readonly enterpriseId: string
  readonly keyName: string
  readonly kind: SignerRow['kind']
  readonly algorithm: SignerRow['algorithm']
  /** Common name of the certificate's subject. */
  readonly subject: string
  readonly state: Standing
  /** When it began to stand so. */
  readonly since: string
  /** Failures in a row, and what the last one was. */
  readonly failures: number
  readonly problem: string | null
  /** Signatures a second as measured; null before it signed for the stage that calls out. */
  readonly ratePerSecond: number | null
  readonly notAfter: string
  /** Whole days until the certificate ends; 0 on the last day and after it. */
  readonly daysLeft: number
  /** That the certificate ends soon or has ended; null while there is time. */
  readonly warning: Text | null
  /** Messages of the enterprise that wait for a signature, whoever of its signers will make it. */
  readonly queueDepth: number
  /** Until these are worked off at the measured rate of those in use; null where it is not known. */
  readonly drainSeconds: number | null
}

/** In the order of each enterprise's pool; without those that are retired. */
export const signersView = async (
  deps: Pick<FlowDeps, 'db' | 'clock'>,
  enterpriseIds: readonly string[] | 'all',
): Promise<readonly SignerView[]> => {
  const now = deps.clock.now()
  const rows = await findSigners(deps.db, enterpriseIds)
  const depths = new Map(
    (await queueDepths(deps.db, now)).flatMap(({ stage, queue, depth }) =>
      stage === 'sign' ? [[queue, depth] as const] : [],
    ),
  )
  const pools = new Map<string, SignerRow[]>()
  for (const row of rows) pools.set(row.enterpriseId, [...(pools.get(row.enterpriseId) ?? []), row])
  return rows.map((row) => {
    const queueDepth = depths.get(row.enterpriseId) ?? 0
    const rate = rateOf(usableSigners(pools.get(row.enterpriseId) ?? [], now))
    return signerView(row, { queueDepth, rate, now })
  })
}

/** Of one signer, with what waits for its pool and how fast that is worked off. */
export const signerView = (
  row: SignerRow,
  about: { readonly queueDepth: number; readonly rate: number | null; readonly now: Date },
): SignerView => {
  const { queueDepth, rate, now } = about
  const state = standingOf(row, now)
  const leftMs = row.notAfter.getTime() - now.getTime()
  return {
    enterpriseId: row.enterpriseId,
    keyName: row.keyName,
    kind: row.kind,
    algorithm: row.algorithm,
    subject: readCertificate(row.certificate)?.subject ?? '',
    state,
    since: sinceOf(row, state).toISOString(),
    failures: row.failures,
    problem: row.problem,
    ratePerSecond: row.rate === null ? null : Math.round(row.rate * 100) / 100,
    notAfter: row.notAfter.toISOString(),
    daysLeft: Math.max(0, Math.floor(leftMs / DAY_MS)),
    warning: warningOf(leftMs),
    queueDepth,
    drainSeconds: queueDepth === 0 ? 0 : rate === null ? null : Math.ceil(queueDepth / rate),
  }
}

/** Those of the first priority share the work; without a figure of any of them nothing is known. */
const rateOf = (usable: readonly SignerRow[]): number | null => {
  const rates = usable
    .filter(({ priority }) => priority === usable[0]?.priority)
    .flatMap(({ rate }) => (rate === null || rate <= 0 ? [] : [rate]))
  return rates.length === 0 ? null : rates.reduce((all, rate) => all + rate, 0)
}

const sinceOf = (row: SignerRow, state: Standing): Date => {
  if (state === 'expired') return row.notAfter
  if (state === 'not-yet') return row.createdAt
  // One that was registered before its certificate came into force stands so since then.
  return row.since < row.notBefore ? row.notBefore : row.since
}

const warningOf = (leftMs: number): Text | null => {
  if (leftMs <= 0) return { zh: '证书已过期', en: 'The certificate has ended' }
  const step = WARNING_DAYS.findLast((days) => leftMs <= days * DAY_MS)
  if (step === undefined) return null
  const days = Math.ceil(leftMs / DAY_MS)
  return {
    zh: `证书将在 ${days} 天内到期，请登记新证书`,
    en: `The certificate ends within ${days} day${days === 1 ? '' : 's'}: register its successor`,
  }
}

/**
 * What has to be done for signers now and then: those whose time in quarantine is over are tried, and
 * certificates that end soon are announced, once for each step. Never inside a batch.
 */
export const tendSigners = async (deps: FlowDeps): Promise<void> => {
  await warnOfExpiry(deps)
  const now = deps.clock.now()
  // Longer than a probe may take, so that two gateways do not probe the same one.
  const until = new Date(now.getTime() + 3 * SIGN_TIMEOUT_MS)
  const due = await takeDueProbes(deps.db, now, until, SIGNER_PROBES_MAX)
  const tried = await Promise.all(due.map((row) => probe(deps, row)))
  if (tried.includes('ok')) deps.wake('sign')
}

const PROBE = Buffer.from('<probe></probe>')

/** What it signs is thrown away; that it signs what its certificate verifies is all that counts. */
const probe = async (deps: FlowDeps, row: SignerRow): Promise<'ok' | 'quarantined'> => {
  const problem = await problemOf(deps, row)
  const now = deps.clock.now()
  return inTransaction(deps.db, async (trx) => {
    const held = await lockSignerState(trx, row, now)
    const next = afterProbe(held, problem, now)
    await saveSignerState(trx, row, next)
    const { enterpriseId: enterprise, keyName } = row
    if (next.state !== held.state)
      deps.log.warn('signer-state', { enterprise, keyName, state: next.state, problem })
    return next.state
  })
}

const problemOf = async (deps: FlowDeps, row: SignerRow): Promise<string | null> => {
  try {
    await (await deps.openSigner(row)).sign(PROBE)
    return null
  } catch (problem) {
    if (problem instanceof SignerFailure) return problem.reason
    deps.log.error('signer-failed', { keyName: row.keyName, ...failureFacts(problem) })
    return 'INTERNAL'
  }
}

const warnOfExpiry = async ({
  db,
  clock,
  log,
}: Pick<FlowDeps, 'db' | 'clock' | 'log'>): Promise<void> => {
  for (const { enterpriseId, keyName, notAfter, days } of await takeExpiryWarnings(
    db,
    WARNING_DAYS,
    clock.now(),
  ))
    log.warn('signing-key-ends', {
      ...{ enterprise: enterpriseId, keyName, notAfter: notAfter.toISOString(), days },
    })
}
