/** What has to be done now and then, by whoever runs: forgetting what nobody can ask for any more. */
import { IDEMPOTENCY_HOURS, PACE_KEPT_HOURS } from '../kernel/limits.ts'
import { forgetAnswers } from '../store/idempotency.ts'
import { forgetSent } from '../store/links.ts'
import type { FlowDeps } from './types.ts'

export const keepHouse = async ({ db, clock }: Pick<FlowDeps, 'db' | 'clock'>): Promise<void> => {
  const hoursAgo = (hours: number) => new Date(clock.now().getTime() - hours * HOUR_MS)
  await forgetAnswers(db, hoursAgo(IDEMPOTENCY_HOURS))
  await forgetSent(db, hoursAgo(PACE_KEPT_HOURS))
}

const HOUR_MS = 3_600_000
