/** What operators learned of codes and texts that nobody published: kept, the latest in force. */
import { sql } from 'kysely'
import type { CodeMeaningTable } from './rejection-rows.ts'
import type { Db } from './tables.ts'

export interface CodeMeaning {
  readonly kind: string
  readonly sort: CodeMeaningTable['sort']
  readonly code: string
  readonly setAt: Date
  /** The signed-in user; null for a key. */
  readonly setBy: string | null
  readonly cause: string
  readonly zh: string
  readonly en: string
  readonly field: string | null
}

export const insertMeaning = async (db: Db, meaning: CodeMeaning): Promise<void> => {
  const { kind, sort, code, cause, zh, en, field } = meaning
  await db
    .insertInto('code_meaning')
    .values({
      ...{ kind, sort, code, cause, zh, en, field },
      ...{ set_at: meaning.setAt, set_by: meaning.setBy },
    })
    // Told twice in one moment: one of them will do.
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Those in force. There are as many as operators told, one by one. */
export const findMeanings = async (db: Db): Promise<readonly CodeMeaning[]> => {
  const found = await sql<CodeMeaning>`
    select distinct on (kind, sort, code) kind, sort, code, set_at as "setAt", set_by as "setBy",
      cause, zh, en, field
    from code_meaning order by kind, sort, code, set_at desc`.execute(db)
  return found.rows
}

/** All that was ever told of one code, the latest first. */
export const findMeaningHistory = async (
  db: Db,
  of: Pick<CodeMeaning, 'kind' | 'sort' | 'code'>,
): Promise<readonly CodeMeaning[]> => {
  const found = await sql<CodeMeaning>`
    select kind, sort, code, set_at as "setAt", set_by as "setBy", cause, zh, en, field
    from code_meaning where kind = ${of.kind} and sort = ${of.sort} and code = ${of.code}
    order by set_at desc`.execute(db)
  return found.rows
}

/** Whether any reply ever bore the code, counted or as the reason of a refusal that stands. */
export const isCodeSeen = async (
  db: Db,
  { kind, sort, code }: Pick<CodeMeaning, 'kind' | 'sort' | 'code'>,
): Promise<boolean> => {
  const source = sort === 'exchange' ? 'exchange' : 'customs'
  const found = await sql<{ seen: boolean }>`
    select exists (
      select 1 from unknown_code where kind = ${kind} and sort = ${sort} and code = ${code}
    ) or exists (
      select 1 from rejection_saying
      where kind = ${kind} and source = ${source}
        and case when ${sort === 'result'} then ${code} = any(result_codes) else code = ${code} end
    ) as seen`.execute(db)
  return found.rows[0]?.seen === true
}
