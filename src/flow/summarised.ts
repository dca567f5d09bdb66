/** Kinds of lists that a monthly summary names, as the store's statements need them. */
import { declarations, findAct, headOf } from '../catalogue/index.ts'
import { allStates, states } from '../catalogue/statuses.ts'
import type { SummarisedFacts } from '../store/summary.ts'

/** States in which a document asks customs in vain, so that another may ask the same. */
export const refusedStates = allStates.filter((state) => states[state].group === 'refused')

export const summarisedFacts: readonly SummarisedFacts[] = declarations.flatMap((entry) => {
  const { summarised } = entry
  const summary = findAct(entry.code, 'summarise')
  const head = headOf(entry).group
  if (summarised === undefined || summary?.acts === undefined || head === undefined) return []
  const { flag, consolidated, office, agent, merchant } = summarised
  return [
    {
      ...{ kind: entry.code, done: entry.done, head },
      ...{ flag, consolidated, office, agent, merchant },
      ...{ summary: summary.code, by: summary.acts.by, refused: refusedStates },
    },
  ]
})
