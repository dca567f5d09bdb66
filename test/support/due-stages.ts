/** Stages as a test runs them: those alone that have something due. */
import type { FlowDeps } from '../../src/flow/types.ts'
import type { Stage } from '../../src/store/tables.ts'

/**
 * Runs them in story order and adds up what they did. Asked first, because a claim that finds nothing
 * has looked into all 64 lanes, and again after each, because one makes work for the next.
 */
export const runDueStages = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  order: readonly Stage[],
  run: (stage: Stage) => Promise<number>,
): Promise<number> => {
  const ask = async () => {
    const work = db.selectFrom('work').select('stage').where('run_at', '<=', clock.now())
    return new Set((await work.distinct().execute()).map(({ stage }) => stage))
  }
  let done = 0
  let due = await ask()
  for (const stage of order) {
    if (!due.has(stage)) continue
    done += await run(stage)
    due = await ask()
  }
  return done
}
