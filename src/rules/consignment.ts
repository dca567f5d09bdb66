/**
 * Compares the documents of a consignment field by field before customs does. Pure: takes the heads
 * of the documents that are there, gives both values wherever at least two of them carry a field.
 */

import type { MatchField } from '../catalogue/match-fields.ts'
import type { FieldRecord } from '../catalogue/message.ts'
import { readDecimal } from '../kernel/decimal.ts'

export interface Comparison {
  readonly field: MatchField
  readonly verdict: 'equal' | 'differs' | 'cannot-tell'
  /** Value by code of the declaration, for those that are there and carry the field. */
  readonly values: Readonly<Record<string, string>>
}

export const compareConsignment = (
  fields: readonly MatchField[],
  heads: ReadonlyMap<string, FieldRecord>,
): readonly Comparison[] =>
  fields.filter(concerns(heads)).map((field) => {
    const values: Record<string, string> = {}
    for (const [kind, name] of Object.entries(field.fields)) {
      const value = heads.get(kind)?.[name]
      if (value !== undefined) values[kind] = value
    }
    const said = Object.values(values)
    if (said.length < 2) return { field, verdict: 'cannot-tell', values }
    const [first = '', ...others] = said
    const equal = others.every((other) => same(field, first, other))
    return { field, verdict: equal ? 'equal' : 'differs', values }
  })

/** Import and export stand in one table; what names none of the kinds that are there says nothing. */
const concerns = (heads: ReadonlyMap<string, FieldRecord>) => (field: MatchField) =>
  Object.keys(field.fields).some((kind) => heads.has(kind))

const same = (field: MatchField, a: string, b: string): boolean =>
  field.as === 'text' ? a === b : readDecimal(a) === readDecimal(b)
