/**
 * Effects: what a document makes of others once customs has granted it. A granted cancellation
 * cancels its list, of which customs sends no reply. The list gets evidence of it, with the time and
 * the text of the reply that granted it, in the same transaction; folding is as ever, so it ends the
 * same in whatever order replies arrive. Only documents of the same sender are acted on.
 */
import { declarations, getDeclaration } from '../catalogue/index.ts'
import { type Act, APP_TYPE, type State } from '../catalogue/message.ts'
import { MADE_RANK } from '../catalogue/statuses.ts'
import { headOfDocument } from '../codec/document.ts'
import type { Evidence } from '../store/evidence.ts'
import { findVersions, type StoredVersion } from '../store/related.ts'
import { findGiven } from '../store/replies.ts'
import type { Trx } from '../store/transaction.ts'
import { targetsOf } from './admission.ts'
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

/** A number to act on that none of the sender's documents bears, or not yet. */
export interface MissingTarget {
  readonly told: Told
  readonly kind: string
  readonly number: string
  readonly name: string
}

export interface Effects {
  readonly evidence: readonly Evidence[]
  readonly missing: readonly MissingTarget[]
}

interface Maker {
  readonly acts: Act & { readonly makes: State }
  readonly done: readonly State[]
}

/** Kinds that make something of others. They name them by a number that customs gave these. */
const makers: ReadonlyMap<string, Maker> = new Map(
  declarations.flatMap(({ code, acts, done }) =>
    acts?.makes === undefined ? [] : [[code, { acts: { ...acts, makes: acts.makes }, done }]],
  ),
)

const NOTHING: Effects = { evidence: [], missing: [] }

interface Aim {
  readonly told: Told
  readonly maker: Maker
  readonly senderId: string
  readonly number: string
}

export const effectsOf = async (
  deps: Pick<FlowDeps, 'sealer'>,
  trx: Trx,
  all: readonly Told[],
): Promise<Effects> => {
  const granted = all.filter(({ kind, saying }) => makers.get(kind)?.done.includes(saying.state))
  if (granted.length === 0) return NOTHING
  const aims = aimsOf(granted, await findVersions(trx, granted))
  const found = await findGiven(
    trx,
    aims.map(({ maker: { acts }, senderId, number }, index) => {
      return { index, kind: acts.on, name: acts.by, number, senderId }
    }),
  )
  const hit = new Set(found.map(({ index }) => index))
  return {
    evidence: found.flatMap((target) => {
      const aim = aims[target.index]
      if (aim === undefined) return []
      const { told, maker } = aim
      const { saying, replyId } = told
      const version = versionAt(target, saying.returnTime)
      const key = `made:${version}:${told.documentId}:${saying.returnTime}:${saying.returnStatus}`
      const event = { lane: target.lane, documentId: target.id, version, key, replyId }
      return [
        {
          ...event,
          state: maker.acts.makes,
          rank: MADE_RANK,
          returnTime: saying.returnTime,
          ...keptText(deps.sealer, saying, () => eventSealContext(event)),
        },
      ]
    }),
    missing: aims.flatMap(({ told, maker: { acts }, number }, index) =>
      hit.has(index) ? [] : [{ told, kind: acts.on, number, name: acts.by }],
    ),
  }
}

/** What each names in the version that was granted; a deletion asks nothing of others. */
const aimsOf = (granted: readonly Told[], versions: readonly StoredVersion[]): readonly Aim[] => {
  const stored = new Map(versions.map((row) => [`${row.id}/${row.version}`, row]))
  return granted.flatMap((told) => {
    const maker = makers.get(told.kind)
    const row = stored.get(`${told.documentId}/${told.version}`)
    if (maker === undefined || row === undefined || row.appType === APP_TYPE.delete) return []
    const entry = getDeclaration(told.kind)
    const head = headOfDocument(entry, row.payload)
    const { senderId } = row
    return targetsOf(entry, row.payload, head).map((number) => ({ told, maker, senderId, number }))
  })
}
