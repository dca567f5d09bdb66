/**
 * Effects: what a document makes of others once customs has granted it. A granted cancellation
 * cancels its list, of which customs sends no reply. The list gets evidence of it, with the time and
 * the text of the reply that granted it, in the same transaction; folding is as ever, so it ends the
 * same in whatever order replies arrive. What a return takes off is settled elsewhere
 * (`quota-returns.ts`). A document that reaches none of the lists it names acts on nothing, and is told.
 */
import { getDeclaration } from '../catalogue/index.ts'
import type { State } from '../catalogue/message.ts'
import { MADE_RANK } from '../catalogue/statuses.ts'
import { grouped } from '../kernel/grouped.ts'
import { type ActFacts, findNamedLists, type NamedList } from '../store/acts.ts'
import type { Evidence } from '../store/evidence.ts'
import type { MeantDocument } from '../store/replies.ts'
import type { Trx } from '../store/transaction.ts'
import { actFacts } from './kinds.ts'
import { versionAt } from './meant.ts'
import type { Saying } from './reply-reading.ts'
import { eventSealContext, keptText } from './reply-words.ts'
import type { FlowDeps } from './types.ts'

/** A document of which customs said something, in one single reply. */
export interface Told {
  readonly replyId: string
  readonly position: number
  readonly kind: string
  readonly lane: number
  readonly documentId: string
  readonly version: number
  readonly saying: Saying
}

/** A number to act on that no list within reach bears, or not yet. */
export interface MissingTarget {
  readonly told: Told
  readonly kind: string
  readonly number: string
  readonly name: string
  readonly problem: 'NO_TARGET' | 'OTHER_MERCHANT'
}

export interface Effects {
  readonly evidence: readonly Evidence[]
  readonly missing: readonly MissingTarget[]
}

const factsOf: ReadonlyMap<string, ActFacts> = new Map(actFacts.map((facts) => [facts.kind, facts]))

export const effectsOf = async (
  deps: Pick<FlowDeps, 'sealer'>,
  trx: Trx,
  all: readonly Told[],
): Promise<Effects> => {
  const granted = all.filter(({ kind, saying }) => factsOf.get(kind)?.done.includes(saying.state))
  const effects = { evidence: [] as Evidence[], missing: [] as MissingTarget[] }
  for (const [kind, told] of grouped(granted, (each) => each.kind)) {
    const facts = factsOf.get(kind)
    if (facts === undefined) continue
    const { makes } = getDeclaration(kind).acts ?? {}
    const named = await findNamedLists(
      trx,
      facts,
      told.map(({ lane, documentId, version }, index) => {
        return { index, lane, id: documentId, version }
      }),
    )
    const byDocument = grouped(named, ({ index }) => index)
    for (const [index, each] of told.entries()) {
      for (const [number, lists] of grouped(byDocument.get(index) ?? [], (list) => list.number)) {
        const reached = lists.flatMap((list) => (list.isReached === true ? [list] : []))
        if (reached.length === 0)
          effects.missing.push({ told: each, ...missingOf(facts, number, lists) })
        else if (makes !== undefined)
          effects.evidence.push(...reached.map((list) => madeOf(deps, each, makes, list)))
      }
    }
  }
  return effects
}

const missingOf = ({ on, by }: ActFacts, number: string, lists: readonly NamedList[]) => ({
  ...{ kind: on, number, name: by },
  problem: lists.every(({ isReached }) => isReached === null)
    ? ('NO_TARGET' as const)
    : ('OTHER_MERCHANT' as const),
})

const madeOf = (
  { sealer }: Pick<FlowDeps, 'sealer'>,
  { saying, replyId, documentId }: Told,
  state: State,
  list: MeantDocument,
): Evidence => {
  const { returnTime, returnStatus } = saying
  const version = versionAt(list, returnTime)
  const key = `made:${version}:${documentId}:${returnTime}:${returnStatus}`
  const event = { lane: list.lane, documentId: list.id, version, key, replyId }
  const text = keptText(sealer, saying, () => eventSealContext(event))
  return { ...event, state, rank: MADE_RANK, returnTime, ...text }
}
