/**
 * Sets of rows as parameters. `rowsOf` turns records into one `unnest(…)` with an array per column,
 * so that a batch of any size is one statement with a constant text.
 */
import { type RawBuilder, sql } from 'kysely'

/** SQL types of the columns a set carries, in order. */
export type Columns = Readonly<Record<string, string>>

/**
 * `rows from (unnest($1::smallint[], …)) as alias(lane, …)`; null and undefined become SQL null.
 * Values of a `json` column are JSON texts, null
 * becomes that of JSON; they go as one JSON array, because inside an SQL array
 * every quote of them would have to be escaped here and unescaped there. Bytes go as they are, one
 * after the other, with the length of each: inside an SQL array they would be twice as long.
 */
export const rowsOf = <C extends Columns>(
  alias: string,
  columns: C,
  rows: readonly { readonly [K in keyof C]?: unknown }[],
): RawBuilder<unknown> => {
  const valuesOf = (name: string): readonly unknown[] => rows.map((row) => row[name] ?? null)
  const names = Object.keys(columns)
  const plain = names.filter((name) => !APART.has(columns[name] ?? ''))
  const bytes = names.filter((name) => columns[name] === 'bytea')
  const texts = names.filter((name) => columns[name] === 'json')
  const arrays = plain.map((name) => {
    const type = columns[name] ?? ''
    const values = valuesOf(name)
    return sql`${arrayOf(type, values)}::${sql.raw(`${type}[]`)}`
  })
  const sets = [
    sql`unnest(${sql.join(arrays)})`,
    ...bytes.map((name) => piecesOf(valuesOf(name) as readonly (Uint8Array | null)[])),
    ...texts.map(
      (name) =>
        sql`json_array_elements(${`[${valuesOf(name)
          .map((value) => value ?? 'null')
          .join()}]`}::json)`,
    ),
  ]
  const list = sql.join([...plain, ...bytes, ...texts].map((name) => sql.ref(name)))
  return sql`rows from (${sql.join(sets)}) as ${sql.ref(alias)}(${list})`
}

/** Types whose values are no part of the one `unnest`. */
const APART = new Set(['bytea', 'json'])

/** Types no text of which needs quotes in an array. */
const UNQUOTED = new Set(['smallint', 'integer', 'bigint', 'numeric', 'boolean', 'uuid'])

/** The driver quotes and escapes every item, whatever it is: 3 % of all the gateway does. */
const arrayOf = (type: string, values: readonly unknown[]): unknown => {
  if (UNQUOTED.has(type)) return plainArray(values)
  return type === 'text' ? plainArray(values.map(quoted)) : values
}

const plainArray = (values: readonly unknown[]): string =>
  `{${values.map((value) => value ?? 'NULL').join()}}`

const quoted = (value: unknown): string | null => {
  if (value === null) return null
  const text = String(value)
  return `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`
}

/** Null has the length -1. */
const piecesOf = (values: readonly (Uint8Array | null)[]): RawBuilder<unknown> => {
  const lengths = values.map((value) => value?.length ?? -1)
  const all = Buffer.concat(values.filter((value) => value !== null))
  return sql`bytea_pieces(${all}, ${plainArray(lengths)}::integer[])`
}
