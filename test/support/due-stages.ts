/** Stages as a test runs them: those alone that have something due. */
import { sql } from 'kysely'
import type { FlowDeps } from '../../src/flow/types.ts'
import type { Stage } from '../../src/store/tables.ts'

/**
 * Runs them in story order and adds up what they did. Asked first, because a claim that finds nothing
 * has looked into all 64 lanes, and again after each, because one makes work for the next. A link that is
 * not up is looked after by the stage that sends, also when nothing waits for it.
 */
export const runDueStages = async (
  { db, clock }: Pick<FlowDeps, 'db' | 'clock'>,
  order: readonly Stage[],
  run: (stage: Stage) => Promise<number>,
): Promise<number> => {
  const ask = async () => {
    const work = db.selectFrom('work').select('stage').where('run_at', '<=', clock.now())
    const links = db.selectFrom('link_state').select(sql<Stage>`'dispatch'`.as('stage'))
    const due = await work.union(links.where('state', '<>', 'up')).execute()
    return new Set(due.map(({ stage }) => stage))
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
