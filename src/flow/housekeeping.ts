/** What has to be done now and then, by whoever runs: forgetting what nobody can ask for any more. */
import { IDEMPOTENCY_HOURS } from '../kernel/limits.ts'
import { forgetAnswers } from '../store/idempotency.ts'
import type { FlowDeps } from './types.ts'

export const keepHouse = ({ db, clock }: Pick<FlowDeps, 'db' | 'clock'>): Promise<void> =>
  forgetAnswers(db, new Date(clock.now().getTime() - IDEMPOTENCY_HOURS * 3_600_000))
