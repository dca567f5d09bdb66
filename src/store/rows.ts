/**
 * Sets of rows as parameters. `rowsOf` turns records into one `unnest(…)` with an array per column,
 * so that a batch of any size is one statement with a constant text.
 */
import { type RawBuilder, sql } from 'kysely'

/** SQL types of the columns a set carries, in order. */
export type Columns = Readonly<Record<string, string>>

/** `unnest($1::smallint[], …) as alias(lane, …)`; null and undefined become SQL null. */
export const rowsOf = <C extends Columns>(
  alias: string,
  columns: C,
  rows: readonly { readonly [K in keyof C]?: unknown }[],
): RawBuilder<unknown> => {
  const names = Object.keys(columns)
  const arrays = names.map((name) => {
    const values = rows.map((row) => row[name] ?? null)
    return sql`${values}::${sql.raw(`${columns[name]}[]`)}`
  })
  const list = sql.join(names.map((name) => sql.ref(name)))
  return sql`unnest(${sql.join(arrays)}) as ${sql.ref(alias)}(${list})`
}
