/**
 * Cancellations of lists that customs has released already: it refuses them (22007), so they are not
 * taken, unless the enterprise chose to be warned only or hands in regardless because our state may be
 * behind. Nothing is read for other kinds.
 */
import { declarations, findDeclaration, getDeclaration, headOf } from '../catalogue/index.ts'
import { rules } from '../catalogue/rules/index.ts'
import { at } from '../kernel/fault.ts'
import { findDocuments } from '../store/listing.ts'
import { findGiven } from '../store/replies.ts'
import type { Db } from '../store/tables.ts'
import type { Finding } from './findings.ts'

const RULE = 'LIST_RELEASED'

const cancelling: ReadonlySet<string> = new Set(
  declarations.filter(({ acts }) => acts?.verb === 'cancel').map(({ code }) => code),
)

interface Asking {
  readonly kind: string
  readonly senderId: string
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
  const aims = asking.flatMap(({ kind, senderId, targets, regardless }, index) => {
    const acts = !regardless && cancelling.has(kind) ? findDeclaration(kind)?.acts : undefined
    if (acts === undefined) return []
    return targets.map((number) => ({ index, kind: acts.on, name: acts.by, number, senderId }))
  })
  if (aims.length === 0) return []
  const found = await findGiven(db, aims)
  const rows = await findDocuments(db, [...new Set(found.map(({ id }) => id))])
  const released = new Set(
    rows.filter(({ kind, state }) => getDeclaration(kind).done.includes(state)).map(({ id }) => id),
  )
  const hit = new Set(found.filter(({ id }) => released.has(id)).map(({ index }) => index))
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
