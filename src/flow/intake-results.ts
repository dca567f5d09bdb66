/** What becomes of a document of a batch, as it is told to whoever handed it in. */
import { getDeclaration, headOf } from '../catalogue/index.ts'
import { type Fault, refuses } from '../kernel/fault.ts'
import type { Draft } from './admission.ts'
import { intakeFault } from './intake-faults.ts'
import type { DocumentResult } from './types.ts'

interface Judged {
  readonly index: number
  readonly draft: Pick<Draft, 'kind' | 'state'>
  readonly warnings: readonly Fault[]
}

/** What a document means beside the one held under its key. */
export type Verdict =
  | 'same'
  | 'newer'
  | 'ALREADY_RELEASED'
  | 'STALE_APP_TIME'
  | 'DUPLICATE_KEY'
  | 'CHANGED_MEANWHILE'

/** What is told of a document that was taken. */
export const told = (item: Judged, facts: Partial<DocumentResult>): DocumentResult => ({
  index: item.index,
  kind: item.draft.kind,
  state: item.draft.state,
  ...facts,
  ...(item.warnings.length > 0 ? { faults: item.warnings } : {}),
})

/** Head field each refusal is about, where it is about one. */
const FIELD = { STALE_APP_TIME: 'appTime', DUPLICATE_KEY: 'appType' } as const

/** What is told of one that was not. */
export const refused = (
  item: Judged,
  what: Exclude<Verdict, 'same' | 'newer'> | 'TOO_MANY_VERSIONS',
): DocumentResult => {
  const { kind } = item.draft
  const group = headOf(getDeclaration(kind)).group
  const place =
    what === 'STALE_APP_TIME' || what === 'DUPLICATE_KEY'
      ? { group, field: FIELD[what] }
      : undefined
  return {
    index: item.index,
    kind,
    faults: [intakeFault(kind, what, place), ...item.warnings],
  }
}

/** To documents that are not refused. */
export const addWarnings = (
  results: DocumentResult[],
  warnings: ReadonlyMap<number, readonly Fault[]>,
): void => {
  for (const [index, found] of warnings) {
    const result = results[index]
    if (result !== undefined && found.length > 0 && !refuses(result.faults ?? []))
      results[index] = { ...result, faults: [...(result.faults ?? []), ...found] }
  }
}

export const isRefused = ({ faults }: DocumentResult): boolean => refuses(faults ?? [])

/** All or none: beside one that is refused nothing is taken, and the good ones are told why. */
export const keptBack = (results: readonly DocumentResult[]): readonly DocumentResult[] => {
  if (!results.some(isRefused)) return results
  return results.map(({ index, kind, faults = [] }) => ({
    ...{ index, kind },
    faults: refuses(faults) ? faults : [intakeFault(kind, 'OTHERS_REFUSED'), ...faults],
  }))
}
