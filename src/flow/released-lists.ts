/**
 * Cancellations of lists that customs has released already: it refuses them (22007), so they are not
 * taken, whichever agent of the merchant filed the list (`acts.ts`), unless the enterprise chose to be
 * warned only or hands in regardless because our state may be behind. Nothing is read for other kinds.
 */
import { getDeclaration, headOf } from '../catalogue/index.ts'
import { rules } from '../catalogue/rules/index.ts'
import { at } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { type ActFacts, findReaching } from '../store/acts.ts'
import type { Db } from '../store/tables.ts'
import type { Finding } from './findings.ts'
import { actFacts } from './kinds.ts'

const RULE = 'LIST_RELEASED'

const cancelling: ReadonlyMap<string, ActFacts> = new Map(
  actFacts.flatMap((facts) =>
    getDeclaration(facts.kind).acts?.verb === 'cancel' ? [[facts.kind, facts]] : [],
  ),
)

interface Asking {
  readonly kind: string
  readonly senderId: string
  /** JSON text of what lies open of it. */
  readonly payload: string
  /** Numbers of the lists. */
  readonly targets: readonly string[]
  /** Whoever asks was told already. */
  readonly regardless: boolean
}

/** At the place of each that asks for what customs refuses; empty where none does. */
export const releasedFindings = async (
  db: Db,
  asking: readonly Asking[],
): Promise<readonly (readonly Finding[])[]> => {
  const aims = asking.flatMap(({ kind, senderId, payload, targets, regardless }, index) =>
    regardless || !cancelling.has(kind)
      ? []
      : targets.map((number) => ({ kind, index, senderId, payload, number })),
  )
  if (aims.length === 0) return []
  const hit = new Set<number>()
  // Import and export: a statement each.
  for (const [kind, named] of grouped(aims, (aim) => aim.kind)) {
    const facts = cancelling.get(kind)
    if (facts === undefined) continue
    const reached = await findReaching(db, facts, getDeclaration(facts.on).done, named)
    for (const index of reached) hit.add(index)
  }
  return asking.map(({ kind }, i) => (hit.has(i) ? [finding(kind)] : []))
}

const finding = (kind: string): Finding => {
  const entry = getDeclaration(kind)
  const field = entry.acts?.by ?? ''
  const { customs = '' } = rules[RULE]
  const code =
    entry.direction === 'import' ? { zh: `（${customs}）`, en: ` (${customs})` } : NO_CODE
  const { group } = headOf(entry)
  return {
    ...{ rule: RULE, field, pointer: at(group === undefined ? '' : at('', group), field) },
    text: {
      zh: `清单已放行，海关不再受理撤销${code.zh}`,
      en: `Customs has released the list and takes no cancellation any more${code.en}`,
    },
  }
}

/** Seen in replies to import lists only. */
const NO_CODE = { zh: '', en: '' }
