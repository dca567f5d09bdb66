/**
 * Refused documents beside their companions: which fields a refusal is about, and what stands there
 * on every side. Personal values are masked; of documents that the caller may not see only that they
 * are there.
 */
import { type CauseField, causeFields, LINE_NUMBER } from '../catalogue/cause-fields.ts'
import type { CauseName } from '../catalogue/causes/index.ts'
import { getDeclaration } from '../catalogue/index.ts'
import type { AnyDocument, Declaration } from '../catalogue/message.ts'
import { isPersonal, maskedValue } from '../codec/changes.ts'
import { headOfDocument, linesOf } from '../codec/document.ts'
import { shapeOf } from '../codec/shape.ts'
import { at } from '../kernel/fault.ts'
import { grouped } from '../kernel/grouped.ts'
import { COMPARED_FIELDS_MAX } from '../kernel/rejection-limits.ts'
import { findParts } from '../store/consignments.ts'
import { type FoundDocument, findDocuments } from '../store/listing.ts'
import { companionsOf } from './companions.ts'
import { whole } from './compose.ts'
import { type Senders, sees } from './sight.ts'
import type { FlowDeps } from './types.ts'

export interface Beside {
  readonly row: FoundDocument
  readonly entry: Declaration
  readonly document: AnyDocument
  readonly isSeen: boolean
}

export interface WithCompanions extends Beside {
  readonly companions: readonly Beside[]
}

/** The documents of each one's consignment under its own number; read in two statements for all. */
export const withCompanions = async (
  deps: FlowDeps,
  senders: Senders,
  rows: readonly FoundDocument[],
): Promise<readonly WithCompanions[]> => {
  const orderNos = [...new Set(rows.flatMap(({ orderNo }) => orderNo ?? []))]
  const named = grouped(await findParts(deps.db, orderNos), ({ thread }) => thread)
  const together = new Map(
    rows.map((row) => {
      const parts = named.get(row.orderNo ?? '') ?? []
      const own = parts.filter(({ id }) => id === row.id)
      return [row.id, companionsOf(own, parts).filter(({ id }) => id !== row.id)] as const
    }),
  )
  const ids = new Set([...together.values()].flatMap((parts) => parts.map(({ id }) => id)))
  const found = await findDocuments(deps.db, [...ids])
  const beside = new Map(found.map((row) => [row.id, besideOf(deps, senders, row)]))
  return rows.map((row) => ({
    ...besideOf(deps, senders, row),
    companions: (together.get(row.id) ?? []).flatMap(({ id }) => beside.get(id) ?? []),
  }))
}

const besideOf = (deps: FlowDeps, senders: Senders, row: FoundDocument): Beside => ({
  ...{ row, entry: getDeclaration(row.kind), document: whole(deps, row) },
  isSeen: sees(senders, row),
})

export interface ComparedValue {
  /** Null for a document that the caller may not see. */
  readonly id: string | null
  readonly kind: string
  readonly pointer: string
  /** Masked where it is personal; null where there is none, or none to be seen. */
  readonly value: string | null
}

export interface ComparedField {
  /** Whether all that is there says the same. */
  readonly equal: boolean
  /** The refused document's own first, where it has the field. */
  readonly values: readonly ComparedValue[]
}

/** Fields of a cause; `field` is one that an operator named instead. */
export const fieldsOf = (
  kind: string,
  cause: CauseName,
  field: string | null,
): readonly CauseField[] => (field === null ? (causeFields[cause] ?? []) : [{ [kind]: field }])

export const compareFields = (
  refused: WithCompanions,
  fields: readonly CauseField[],
): readonly ComparedField[] =>
  fields.flatMap((field) => compareField(refused, field)).slice(0, COMPARED_FIELDS_MAX)

const compareField = (refused: WithCompanions, field: CauseField): readonly ComparedField[] => {
  const sides = [refused, ...refused.companions].flatMap((side) => {
    const path = field[side.row.kind]
    return path === undefined ? [] : [{ side, places: placesIn(side, path) }]
  })
  const numbers = new Set(sides.flatMap(({ places }) => [...places.keys()]))
  return [...numbers].flatMap((number) => {
    const there = sides.flatMap(({ side, places }) => {
      const place = places.get(number)
      return place === undefined ? [] : [{ side, ...place }]
    })
    // A line that one side lacks is a difference too.
    const equal =
      there.length === sides.length && new Set(there.map(({ value }) => value)).size === 1
    if (number !== HEAD && equal) return []
    return [{ equal, values: there.map(({ side, ...place }) => shown(side, place)) }]
  })
}

interface Place {
  readonly pointer: string
  readonly value: string
}

const HEAD = ''

/** By the number of the line; a head field stands under none. */
export const placesIn = (
  { entry, document }: Pick<Beside, 'entry' | 'document'>,
  path: string,
): ReadonlyMap<string, Place> => {
  const [group = '', name] = path.split('/')
  if (name === undefined) {
    const head = shapeOf(entry).head.name
    const value = headOfDocument(entry, document)[path]
    const pointer = at(head === undefined ? '' : at('', head), path)
    return value === undefined ? new Map() : new Map([[HEAD, { pointer, value }]])
  }
  return new Map(
    linesOf(entry, document, group).flatMap((line, i) => {
      const value = line[name]
      if (value === undefined) return []
      const pointer = at(at(at('', group), i), name)
      return [[line[LINE_NUMBER] ?? String(i + 1), { pointer, value }] as const]
    }),
  )
}

const shown = ({ row, entry, isSeen }: Beside, { pointer, value }: Place): ComparedValue => ({
  ...{ id: isSeen ? row.id : null, kind: row.kind, pointer },
  value: !isSeen ? null : isPersonal(entry, pointer) ? maskedValue(value) : value,
})
