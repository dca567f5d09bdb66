/**
 * Which corrections of a cause can work for the documents at hand, and which of them is the likeliest.
 * Decided by what the interface tells of refused documents beside their companions: a value is taken
 * only from a document that the reader sees, into one that he sees, and where the two differ.
 */
import type { z } from 'zod'
import { goesUnchanged, keptFieldsOf } from '../../catalogue/cause-changes.ts'
import type { CauseField } from '../../catalogue/cause-fields.ts'
import type { rejectedList } from '../../http/rejection-schemas.ts'
import { type Suggestion, suggestionsFor, targetsOf } from './selection.ts'

type Compared = Pick<z.infer<typeof rejectedList>['documents'][number], 'id' | 'kind' | 'fields'>
type ComparedValue = Compared['fields'][number]['values'][number]

export interface Offers {
  readonly takes: readonly { readonly how: string; readonly suggestion: Suggestion }[]
  /** Kinds of companions that are there and that the reader sees none of. */
  readonly unseen: readonly string[]
  /** Fields of the refused document that the cure forbids to correct. */
  readonly kept: readonly string[]
  /** Chosen beforehand; '' where only the reader can know. */
  readonly how: string
  readonly field: string
}

export interface Refusals {
  readonly cause: string | undefined
  readonly kind: string
  /** As the fold tells them. */
  readonly fields: readonly CauseField[]
  /** How many are refused, of which `documents` are the newest. */
  readonly count: number
  readonly documents: readonly Compared[]
}

export const offersFor = (refusals: Refusals): Offers => {
  const { cause, kind, documents } = refusals
  const suggestions = suggestionsFor(cause, kind)
  const takes = suggestions
    .map((suggestion, index) => ({
      ...{ how: `take-${index}`, suggestion },
      works: documents.reduce((sum, document) => sum + hopeOf(document, suggestion), 0),
    }))
    .filter(({ works }) => works > 0)
    // The sort is stable: of equals, the one that is suggested first.
    .toSorted((a, b) => b.works - a.works)
  const values = documents.flatMap(({ fields }) => fields.flatMap((field) => field.values))
  const seen = new Set(values.flatMap(({ id, kind: of }) => (id === null ? [] : [of])))
  const hidden = values.flatMap(({ kind: of }) => (seen.has(of) ? [] : [of]))
  const isMissed = (of: string) =>
    suggestions.some((suggestion) => suggestion.kind === of || suggestion.from === of)
  const [best] = takes
  return {
    ...{ takes, unseen: [...new Set(hidden)].filter(isMissed), kept: keptFieldsOf(cause, kind) },
    ...(best === undefined ? withoutTake(refusals) : { how: best.how, field: '' }),
  }
}

/** Differs for certain; differs perhaps, where masked values look alike; cannot work. */
const HOPE = { certain: 2, perhaps: 1, none: 0 } as const

const hopeOf = (document: Compared, { kind, field, from, fromField }: Suggestion): number => {
  const values = document.fields.flatMap((each) => each.values)
  const sees = (of: string) =>
    of === document.kind || values.some((value) => value.kind === of && value.id !== null)
  if (!sees(kind)) return HOPE.none
  const hopes = document.fields.map(({ equal, values: sides }) => {
    if (equal) return HOPE.none
    const sources = new Set(shownAt(sides, from, fromField))
    // Companions of one kind that differ among themselves are no source.
    if (sources.size !== 1) return HOPE.none
    const targets = shownAt(sides, kind, field)
    const isCertain =
      targets.length === 0 || sides.length === 2 || targets.some((value) => !sources.has(value))
    return isCertain ? HOPE.certain : HOPE.perhaps
  })
  return Math.max(HOPE.none, ...hopes)
}

/** Values of such a field of documents that the reader sees. */
const shownAt = (sides: readonly ComparedValue[], kind: string, field: string) =>
  sides.flatMap((side) =>
    side.kind === kind && side.id !== null && fieldAt(side.pointer) === field ? [side.value] : [],
  )

/** `/InventoryHead/buyerName` is `buyerName`, `/InventoryList/0/gname` is `InventoryList/gname`. */
const fieldAt = (pointer: string): string => {
  const [, group = '', ...rest] = pointer.split('/')
  const name = rest.at(-1) ?? group
  return rest.length > 1 ? `${group}/${name}` : name
}

/**
 * What is left without a value to take: again as it is, where nothing in the document is wrong or
 * where customs compared others only; else a field of its own, set by hand.
 */
const withoutTake = (refusals: Refusals): Pick<Offers, 'how' | 'field'> => {
  const { cause, kind, fields, count, documents } = refusals
  if (goesUnchanged(cause)) return { how: 'as-is', field: '' }
  const own = fields.flatMap((field) => field[kind] ?? [])
  if (own.length === 0)
    return { how: fields.length > 0 && !isKept(cause, fields) ? 'as-is' : '', field: '' }
  const targets = new Set(targetsOf(kind, cause).map(({ name }) => name))
  const correctable = own.filter((field) => targets.has(field))
  const places = documents.flatMap(({ fields: compared }) =>
    compared.flatMap(({ equal, values }) =>
      values.flatMap((value) =>
        value.kind === kind ? [{ equal, field: fieldAt(value.pointer) }] : [],
      ),
    ),
  )
  const field =
    correctable.find((each) => places.some((place) => place.field === each && !place.equal)) ??
    correctable[0]
  if (field === undefined) return { how: '', field: '' }
  // Documents that say something of their own each need a value of their own.
  const isTable = count > 1 && places.some((place) => place.field === field)
  return { how: isTable ? 'mapping' : 'value', field }
}

/** Whether the cure forbids a correction of any kind of document that the cause is about. */
const isKept = (cause: string | undefined, fields: readonly CauseField[]): boolean =>
  fields.flatMap(Object.keys).some((of) => keptFieldsOf(cause, of).length > 0)
