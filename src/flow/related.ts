/**
 * What stands beside a document: the list beside its cancellation, its return, its delivery, its
 * departure, its summary, and they beside the list. The catalogue says who acts on whom and by which
 * number; each is shown only to who may see it.
 */
import { declarations, getDeclaration, replies } from '../catalogue/index.ts'
import type { Act, AnyDocument, Declaration, FieldRecord } from '../catalogue/message.ts'
import { groupOf, type StateGroup } from '../catalogue/statuses.ts'
import { headOfDocument } from '../codec/document.ts'
import { RELATED_NUMBERS_MAX, RELATED_SHOWN_MAX } from '../kernel/limits.ts'
import {
  findActors,
  findByGiven,
  findNumbered,
  findWaitingFor,
  findWaitingUnder,
  type RelatedDocument,
} from '../store/related.ts'
import type { Db } from '../store/tables.ts'
import { partPrefix, targetsOf } from './admission.ts'
import type { Senders } from './sight.ts'
import type { DocumentSummary } from './types.ts'

export interface RelatedView extends Pick<DocumentSummary, 'id' | 'kind' | 'number' | 'state'> {
  /** What the acting one of the two asks customs to do. */
  readonly verb: Act['verb']
  readonly group: StateGroup
}

/** Of a long document the first `RELATED_NUMBERS_MAX` numbers are followed. */
export const relatedTo = async (
  db: Db,
  senders: Senders,
  row: {
    readonly kind: string
    readonly payload: AnyDocument
    readonly given: readonly (readonly [name: string, number: string])[]
  },
): Promise<readonly RelatedView[]> => {
  const entry = getDeclaration(row.kind)
  const head = headOfDocument(entry, row.payload)
  const found = [
    ...(await actorsOn(db, senders, entry, head, row.given)),
    ...(await actedOn(db, senders, entry, row.payload, head)),
  ]
  return found.slice(0, RELATED_SHOWN_MAX).map(({ document, verb }) => {
    const { id, kind, number, state } = document
    return { id, kind, number, verb, state, group: groupOf(getDeclaration(kind), state) }
  })
}

interface Related {
  readonly verb: Act['verb']
  readonly document: RelatedDocument
}

const actorsOn = async (
  db: Db,
  senders: Senders,
  entry: Declaration,
  head: FieldRecord,
  given: readonly (readonly [string, string])[],
): Promise<readonly Related[]> => {
  const asks = declarations.flatMap(({ code, acts }) => {
    if (acts?.on !== entry.code) return []
    const numbers = given.flatMap(([name, number]) => (name === acts.by ? [number] : []))
    const own = head[acts.by]
    if (own !== undefined && own !== '') numbers.push(own)
    return [...new Set(numbers)].map((number) => ({ kind: code, number }))
  })
  const found = await findActors(db, asks, senders)
  return found.flatMap((document) => {
    const { acts } = getDeclaration(document.kind)
    return acts === undefined ? [] : [{ verb: acts.verb, document }]
  })
}

const actedOn = async (
  db: Db,
  senders: Senders,
  entry: Declaration,
  document: AnyDocument,
  head: FieldRecord,
): Promise<readonly Related[]> => {
  const { acts } = entry
  if (acts === undefined) return []
  const numbers = targetsOf(entry, document, head).slice(0, RELATED_NUMBERS_MAX)
  if (numbers.length === 0) return []
  const found = await findTargets(db, senders, acts, numbers)
  return found.map((each) => ({ verb: acts.verb, document: each }))
}

/** The other is found by its own number, one customs gave it, or one it waits for a companion by. */
const findTargets = (
  db: Db,
  senders: Senders,
  { on, by }: Act,
  numbers: readonly string[],
): Promise<readonly RelatedDocument[]> => {
  const target = getDeclaration(on)
  if (target.key[0] === by) return findNumbered(db, on, numbers, senders)
  if (replies.some((reply) => reply.answers === on && reply.gives?.includes(by)))
    return findByGiven(db, on, by, numbers, senders)
  const need = target.needs?.find((each) => each.via === by || each.on.includes(by))
  if (need?.via === by) return findWaitingUnder(db, on, partPrefix(need.part), numbers, senders)
  const awaited = declarations.find(
    ({ offers, key }) => need !== undefined && offers?.part === need.part && key[0] === by,
  )
  if (awaited === undefined) throw new Error(`nothing leads from ${by} to ${on}`)
  return findWaitingFor(db, on, awaited.code, numbers, senders)
}
