/** Who loaded which reference table when, as it was written down with each load. */
import { sql } from 'kysely'
import type { Db } from './tables.ts'

export interface ReferenceLoad {
  readonly id: string
  readonly name: string
  readonly at: Date
  /** Id of the user, `key` of a program, `cli` of the command line. */
  readonly by: string
  /** Name of that user; null where there is none. */
  readonly byName: string | null
  readonly rows: number
  readonly added: number
  readonly changed: number
  readonly removed: number
}

const COLUMNS = sql`l.id, l.name, l.loaded_at as at, l.loaded_by as by, u."name" as "byName",
  l.rows, l.added, l.changed, l.removed`

/** The last load of each of the tables that were ever loaded. */
export const findLastLoads = async (
  db: Db,
  names: readonly string[],
): Promise<readonly ReferenceLoad[]> => {
  const found = await sql<ReferenceLoad>`
    select ${COLUMNS} from unnest(${[...names]}::text[]) as n(name)
    join lateral (
      select * from reference_load r where r.name = n.name
      order by r.loaded_at desc, r.id desc limit 1
    ) l on true
    left join "user" u on u."id" = l.loaded_by`.execute(db)
  return found.rows
}

/** Newest first, after the load `after`; of one table or of all. */
export const listLoads = async (
  db: Db,
  page: {
    readonly name?: string | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<readonly ReferenceLoad[]> => {
  const { name = null, after = null, limit } = page
  const found = await sql<ReferenceLoad>`
    select ${COLUMNS} from reference_load l left join "user" u on u."id" = l.loaded_by
    where (${name}::text is null or l.name = ${name})
      and (${after}::uuid is null or l.id < ${after}::uuid)
    order by l.id desc limit ${limit}`.execute(db)
  return found.rows
}
