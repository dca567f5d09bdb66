/**
 * Codes of replies that nobody published, counted. Written last in a transaction and in the order of
 * the key, so that two batches which meet on a row wait for each other and never in a ring.
 */
import { sql } from 'kysely'
import { UNKNOWN_CODES_MAX } from '../kernel/limits.ts'
import { rowsOf } from './rows.ts'
import type { Db } from './tables.ts'

export interface UnknownCode {
  /** Code of the document answered, or of the message that holds the code. */
  readonly kind: string
  readonly sort: 'status' | 'result' | 'exchange'
  readonly code: string
}

const COLUMNS = { kind: 'text', sort: 'text', code: 'text', replyId: 'uuid' }

/** Each row is one sight of a code. Codes beyond `UNKNOWN_CODES_MAX` are counted under `*`. */
export const countUnknown = async (
  db: Db,
  seen: readonly (UnknownCode & { readonly replyId: string })[],
  now: Date,
): Promise<void> => {
  if (seen.length === 0) return
  await sql`
    with grouped as (
      select s.kind, s.sort, s.code, count(*) as count, max(s."replyId"::text)::uuid as reply,
        u.code is null as fresh
      from ${rowsOf('s', COLUMNS, seen)}
      left join unknown_code u on u.kind = s.kind and u.sort = s.sort and u.code = s.code
      group by 1, 2, 3, u.code
    ),
    placed as (
      select *, (select count(*) from unknown_code)
        + row_number() over (partition by fresh order by kind, sort, code) as place
      from grouped
    ),
    named as (
      select kind, sort, count, reply,
        case when fresh and place > ${UNKNOWN_CODES_MAX} then '*' else code end as code
      from placed
    )
    insert into unknown_code as u (kind, sort, code, first_seen, last_seen, count, last_reply)
    select kind, sort, code, ${now}, ${now}, sum(count), max(reply::text)::uuid
    from named group by 1, 2, 3 order by 1, 2, 3
    on conflict (kind, sort, code) do update set last_seen = greatest(u.last_seen, excluded.last_seen),
      count = u.count + excluded.count, last_reply = excluded.last_reply`.execute(db)
}

export interface CountedCode extends UnknownCode {
  readonly count: number
  readonly firstSeen: Date
  readonly lastSeen: Date
  readonly replyId: string
}

/** All of them, the latest first; there are never many more than `UNKNOWN_CODES_MAX`. */
export const findUnknown = async (db: Db): Promise<readonly CountedCode[]> => {
  const found = await sql<CountedCode>`
    select kind, sort, code, count::float8 as count, first_seen as "firstSeen",
      last_seen as "lastSeen", last_reply as "replyId"
    from unknown_code order by last_seen desc, kind, sort, code`.execute(db)
  return found.rows
}
