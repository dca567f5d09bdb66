/** Which states of a list mean that money for it may be settled. */
import { declarations } from '../catalogue/index.ts'
import { settledLists } from '../catalogue/settlement.ts'

/** States in which a list is released, whatever its kind. */
export const releasedStates: readonly string[] = [
  ...new Set(
    declarations
      .filter(({ code }) => settledLists.kinds.some((kind) => kind === code))
      .flatMap(({ done }) => done),
  ),
]
