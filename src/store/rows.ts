/**
 * Sets of rows as parameters. `rowsOf` turns records into one `unnest(…)` with an array per column,
 * so that a batch of any size is one statement with a constant text.
 */
import { type RawBuilder, sql } from 'kysely'

/** SQL types of the columns a set carries, in order. */
export type Columns = Readonly<Record<string, string>>

/**
 * `rows from (unnest($1::smallint[], …)) as alias(lane, …)`; null and undefined become SQL null.
 * Values of a `json` column are JSON texts; they go as one JSON array, because inside an SQL array
 * every quote of them would have to be escaped here and unescaped there.
 */
export const rowsOf = <C extends Columns>(
  alias: string,
  columns: C,
  rows: readonly { readonly [K in keyof C]?: unknown }[],
): RawBuilder<unknown> => {
  const valuesOf = (name: string): readonly unknown[] => rows.map((row) => row[name] ?? null)
  const names = Object.keys(columns)
  const plain = names.filter((name) => columns[name] !== 'json')
  const texts = names.filter((name) => columns[name] === 'json')
  const arrays = plain.map((name) => sql`${valuesOf(name)}::${sql.raw(`${columns[name]}[]`)}`)
  const sets = [
    sql`unnest(${sql.join(arrays)})`,
    ...texts.map((name) => sql`json_array_elements(${`[${valuesOf(name).join()}]`}::json)`),
  ]
  const list = sql.join([...plain, ...texts].map((name) => sql.ref(name)))
  return sql`rows from (${sql.join(sets)}) as ${sql.ref(alias)}(${list})`
}
